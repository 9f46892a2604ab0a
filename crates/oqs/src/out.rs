//! A document in the making, in the form of the terminal's own files.

use crate::encoding::Encoding;
use crate::error::WriteError;

/// A text in which `●` stands for what the encoding lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Name of its element.
    pub element: String,
    /// Its characters that the encoding lacks, each once.
    pub characters: Vec<char>,
}

/// See the module.
pub(crate) struct Out {
    pub(crate) text: String,
    pub(crate) lost: Vec<Lost>,
    encoding: Encoding,
    depth: usize,
    /// How many 医療券 are open: 0 or 1.
    tickets: usize,
}

/// Elements that hold numbers.
const NUMBERS: [&str; 4] =
    ["InsuredCardSymbol", "InsuredIdentificationNumber", "PostNumber", "ReferenceNumber"];

impl Out {
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self { text: String::new(), lost: Vec::new(), encoding, depth: 0, tickets: 0 }
    }

    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// An element around what `write` writes.
    pub(crate) fn inside(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut Self) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let ticket = usize::from(name == "MedicalTicketInfo");
        let start = self.text.len();
        self.line(&["<", name, ">"]);
        let empty = self.text.len();
        self.depth += 1;
        self.tickets += ticket;
        write(self)?;
        self.tickets -= ticket;
        self.depth -= 1;
        if self.text.len() == empty {
            self.text.truncate(start);
            self.line(&["<", name, "/>"]);
        } else {
            self.line(&["</", name, ">"]);
        }
        Ok(())
    }

    /// An element with a text.
    pub(crate) fn leaf(&mut self, name: &str, text: &str) -> Result<(), WriteError> {
        self.lose(name, text)?;
        if text.is_empty() {
            self.line(&["<", name, "/>"]);
        } else {
            self.line(&["<", name, ">", &escaped(text), "</", name, ">"]);
        }
        Ok(())
    }

    fn line(&mut self, pieces: &[&str]) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("    ", self.depth));
        self.text.extend(pieces.iter().copied());
    }

    /// Finds what the encoding lacks. A name may arrive with ●; a claim on a number with ● is another
    /// one's, or nobody's. What is in a 医療券 may be a number, and a lost digit is one anywhere.
    fn lose(&mut self, name: &str, text: &str) -> Result<(), WriteError> {
        let characters = self.encoding.lacks(text);
        if characters.is_empty() {
            return Ok(());
        }
        let digit = characters.iter().any(|character| character.is_numeric());
        if self.tickets > 0 || digit || NUMBERS.contains(&name) {
            let expected = "only characters that Shift_JIS has";
            return Err(WriteError::Value { element: name.to_owned(), expected });
        }
        self.lost.push(Lost { element: name.to_owned(), characters });
        Ok(())
    }
}

/// A bare carriage return would be read back as a line feed (XML 1.0 section 2.11).
fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).replace('\r', "&#13;")
}
