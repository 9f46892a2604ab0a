//! 被保険者資格申立書 as one A4 page to print and sign: a picture of vectors (SVG), so that a kiosk shows and prints it
//! without the tools that browsers put around documents, saving among them.
//!
//! Start at [`sheet`]. The layout is this project's own and the page says so: the official form is not
//! public to us, its fields are (see [`checkin::statement`]).

mod drawing;
mod face;
mod form;
mod layout;

use checkin::statement::Statement;

/// A printable page.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The file: SVG of one A4 page, every character drawn, no font and no reference to anything.
    pub svg: String,
    /// Characters that the font lacks, each once with its variation selector, in the order in which
    /// they were met. `〓` stands in their places; the person writes them in by hand.
    pub missing: Vec<String>,
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sheet {{ {} bytes, {} missing }}", self.svg.len(), self.missing.len())
    }
}

/// The font for printing cannot be used, and why.
#[derive(Debug, thiserror::Error)]
#[error("the font for printing cannot be used: {0}")]
pub struct FontError(&'static str);

/// Who takes the statement, and whether it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading<'a> {
    /// Name of the institution; at most 60 characters are printed; may be empty.
    pub institution: &'a str,
    /// Made while practising: the page says so above everything else.
    pub practice: bool,
}

/// Draws the page. `font` is a TrueType or OpenType file with Japanese glyphs (not a collection).
///
/// # Errors
/// [`FontError`]: not a font, or one that lacks the characters of the form itself. Characters of the
/// person that it lacks are no error, but reported.
pub fn sheet(statement: &Statement, heading: Heading<'_>, font: &[u8]) -> Result<Sheet, FontError> {
    let face = face::Face::new(font)?;
    let institution = heading.institution.chars().filter(|c| !c.is_control()).take(60).collect();
    let form = form::Form::new(statement, institution, heading.practice);
    Ok(layout::draw(&form, &face))
}
