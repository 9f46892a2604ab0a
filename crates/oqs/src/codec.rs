//! From bytes to [`Message`], and back.

use crate::MAX_BYTES;
use crate::cursor::{Cursor, Step, is_blank};
use crate::element::Element;
use crate::encoding::{Encoding, decode};
use crate::error::{ParseError, ParseErrorKind, WriteError};
use crate::message::Message;
use crate::out::{Lost, Out};
use crate::record::{read_record, write_record};
use std::fmt::Write as _;

/// A written file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Xml {
    /// The file's content, at most [`MAX_BYTES`].
    pub bytes: Vec<u8>,
    /// Texts that the encoding cannot hold whole, in the order of the file. Empty for UTF-8.
    pub lost: Vec<Lost>,
}

/// Reads any file of the interface. Encoding by byte order mark or XML declaration; children in any
/// order; blanks in tags, around values and in front of the file, and any padding of `InsurerNumber` are
/// dropped; what is not known is kept. Whether it is whole for its purpose: [`Message::check`].
///
/// # Errors
/// [`ParseError`] names the element, where it is and what was expected, never the value. A file that is
/// right as far as it goes gives [`ParseErrorKind::EndsEarly`].
pub fn parse(bytes: &[u8]) -> Result<Message, ParseError> {
    parse_with_encoding(bytes).map(|(message, _)| message)
}

/// The same, with the encoding in which the file is written.
///
/// # Errors
/// As [`parse`].
pub fn parse_with_encoding(bytes: &[u8]) -> Result<(Message, Encoding), ParseError> {
    if bytes.len() > MAX_BYTES {
        return Err(ParseError::whole(ParseErrorKind::TooLarge { bytes: bytes.len() }));
    }
    let (text, encoding) = decode(bytes)?;
    let mut cursor = Cursor::new(&text);
    root(&mut cursor)?;
    let message: Message = read_record(&mut cursor)?;
    end(&mut cursor)?;
    for (there, element) in
        [(message.header.is_some(), "MessageHeader"), (message.body.is_some(), "MessageBody")]
    {
        if !there {
            return Err(cursor.here(ParseErrorKind::Missing { element }));
        }
    }
    Ok((message, encoding))
}

fn root(cursor: &mut Cursor<'_>) -> Result<(), ParseError> {
    loop {
        match cursor.step()? {
            Step::Start("XmlMsg") => return Ok(()),
            Step::Start(_) => {
                return Err(cursor.here(ParseErrorKind::Missing { element: "XmlMsg" }));
            }
            Step::Text(text) if is_blank(&text) => {}
            Step::Text(_) | Step::End => {
                let what = "text outside of the root element";
                return Err(cursor.here(ParseErrorKind::Xml { what }));
            }
            Step::Eof => return Err(cursor.here(ParseErrorKind::EndsEarly)),
        }
    }
}

fn end(cursor: &mut Cursor<'_>) -> Result<(), ParseError> {
    loop {
        match cursor.step()? {
            Step::Eof => return Ok(()),
            Step::Text(text) if is_blank(&text) => {}
            _ => {
                let what = "content after the end of the root element";
                return Err(cursor.here(ParseErrorKind::Xml { what }));
            }
        }
    }
}

impl Message {
    /// All of it as elements without types, in the order in which it is written.
    ///
    /// # Errors
    /// [`WriteError`]; a message that was read has none.
    pub fn to_element(&self) -> Result<Element, WriteError> {
        let mut out = Out::new(Encoding::Utf8);
        write_record(self, "XmlMsg", &mut out)?;
        Ok(Element::of(&out.text).expect("what is written here can be read"))
    }
}

/// Writes a file: `InsurerNumber` padded with blanks to 8 characters, times in Japan, empty elements left
/// out, children in the order in which they were read, and otherwise in that of the interface.
///
/// # Errors
/// [`WriteError`] names the element whose value the encoding cannot hold.
pub fn to_xml(message: &Message, encoding: Encoding) -> Result<Xml, WriteError> {
    let mut out = Out::new(encoding);
    let label = encoding.label();
    // Nothing can fail that writes into a text.
    let _ = write!(out.text, "<?xml version=\"1.0\" encoding=\"{label}\" standalone=\"no\"?>");
    write_record(message, "XmlMsg", &mut out)?;
    out.text.push('\n');
    let (bytes, _) = encoding.encode(&out.text);
    if bytes.len() > MAX_BYTES {
        return Err(WriteError::TooLarge { bytes: bytes.len() });
    }
    Ok(Xml { bytes, lost: out.lost })
}
