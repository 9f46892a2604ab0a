//! 被保険者資格申立書 as one A4 page to print and sign.
//!
//! Start at [`pdf`]. The layout is this project's own and the page says so: the official form is not
//! public to us, its fields are (see [`checkin::statement`]).

mod face;
mod form;
mod sheet;

use checkin::statement::Statement;

/// A printable page.
#[derive(Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file: PDF 1.7, one page, the font embedded as a subset.
    pub bytes: Vec<u8>,
    /// Characters that the font lacks, each once with its variation selector, in the order in which
    /// they were met. `〓` stands in their places; the person writes them in by hand.
    pub missing: Vec<String>,
}

impl std::fmt::Debug for Pdf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pdf {{ {} bytes, {} missing }}", self.bytes.len(), self.missing.len())
    }
}

/// Why no page was made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// Not a font, or one that lacks the characters of the form itself.
    #[error("the font for printing cannot be used: {0}")]
    Font(&'static str),
    /// The page could not be written.
    #[error("the page could not be written: {0}")]
    Write(String),
}

/// Draws the page. `font` is a TrueType or OpenType file with Japanese glyphs (not a collection),
/// `facility` the name of the institution that takes the statement (at most 60 characters are
/// printed; may be empty).
///
/// # Errors
/// [`PdfError`]. Characters of the person that the font lacks are no error, but reported.
pub fn pdf(statement: &Statement, facility: &str, font: &[u8]) -> Result<Pdf, PdfError> {
    let face = face::Face::new(font)?;
    let facility: String = facility.chars().filter(|c| !c.is_control()).take(60).collect();
    let form = form::Form::new(statement, &facility);
    sheet::draw(&form, &face)
}
