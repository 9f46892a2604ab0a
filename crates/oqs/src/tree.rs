//! A small XML tree: elements with either text or children, no attributes (the interface has
//! none; those that serialisers add to the root are skipped).

use crate::error::ParseError;
use crate::{MAX_DEPTH, MAX_ELEMENTS};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// One element. Made by the reader, kept for the writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    name: String,
    content: Content,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text, may be empty; as in the file, blanks included.
    Text(String),
    /// At least one child; blanks between children are dropped.
    Children(Vec<Element>),
}

impl Element {
    pub(crate) fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), content: Content::Text(text.into()) }
    }

    pub(crate) fn parent(name: impl Into<String>, children: Vec<Self>) -> Self {
        let content = if children.is_empty() {
            Content::Text(String::new())
        } else {
            Content::Children(children)
        };
        Self { name: name.into(), content }
    }

    /// Its name: ASCII letters, digits, `_`, `-`, `.`, `:`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it holds.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    pub(crate) fn into_content(self) -> Content {
        self.content
    }
}

/// Whether XML 1.0 allows the character (section 2.2, production 2).
pub(crate) fn is_xml_char(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// An element whose end tag has not come yet.
struct Open {
    name: String,
    text: String,
    children: Vec<Element>,
}

/// Collects elements until the root is closed.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Element>,
    elements: usize,
}

/// Reads a document and returns its root.
pub(crate) fn read(text: &str) -> Result<Element, ParseError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut builder = Builder::default();
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|error| ParseError::Xml {
            position: reader.error_position(),
            what: describe(&error),
        })?;
        if matches!(event, Event::Eof) {
            return builder.finish(at);
        }
        builder.take(&event, at)?;
    }
}

impl Builder {
    fn take(&mut self, event: &Event<'_>, at: u64) -> Result<(), ParseError> {
        match event {
            Event::Start(start) => self.start(start, at),
            Event::Empty(start) => {
                self.start(start, at)?;
                self.end(at)
            }
            Event::End(_) => self.end(at),
            Event::Text(text) => self.text(&text.xml10_content(), at),
            Event::CData(text) => self.text(&text.xml10_content(), at),
            Event::GeneralRef(reference) => {
                let character = resolve(reference).ok_or(wrong(at, "unknown entity"))?;
                self.text(character.encode_utf8(&mut [0; 4]), at)
            }
            Event::Decl(_) if at > 0 => Err(wrong(at, "XML declaration inside the document")),
            Event::Decl(declaration) => match declaration.version() {
                Ok(version) if version == "1.0" => Ok(()),
                _ => Err(wrong(at, "expected XML version 1.0")),
            },
            Event::DocType(_) => Err(ParseError::Dtd),
            Event::Comment(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, at: u64) -> Result<(), ParseError> {
        if self.root.is_some() {
            return Err(wrong(at, "content after the end of the root element"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(ParseError::TooDeep);
        }
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(ParseError::TooManyElements);
        }
        if start.attributes().any(|attribute| attribute.is_err()) {
            return Err(wrong(at, "malformed attribute"));
        }
        let name = start.name().as_ref().to_owned();
        if !is_name(&name) {
            return Err(wrong(
                at,
                "element names are ASCII letters, digits, `_`, `-`, `.` and `:`",
            ));
        }
        self.open.push(Open { name, text: String::new(), children: Vec::new() });
        Ok(())
    }

    fn end(&mut self, at: u64) -> Result<(), ParseError> {
        let done = self.open.pop().ok_or(wrong(at, "end tag without start tag"))?;
        let element = if done.children.is_empty() {
            Element::text(done.name, done.text)
        } else if is_blank(&done.text) {
            Element::parent(done.name, done.children)
        } else {
            return Err(wrong(at, "text beside elements"));
        };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, at: u64) -> Result<(), ParseError> {
        if !text.chars().all(is_xml_char) {
            return Err(wrong(at, "a control character that XML does not allow"));
        }
        match self.open.last_mut() {
            Some(open) => open.text.push_str(text),
            None if is_blank(text) => {}
            None => return Err(wrong(at, "text outside of the root element")),
        }
        Ok(())
    }

    fn finish(self, at: u64) -> Result<Element, ParseError> {
        if !self.open.is_empty() {
            return Err(wrong(at, "the file ends before its end tags"));
        }
        self.root.ok_or(wrong(at, "no root element"))
    }
}

fn wrong(position: u64, what: &'static str) -> ParseError {
    ParseError::Xml { position, what }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_whitespace())
}

pub(crate) fn is_name(name: &str) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.len() <= 100
        && name.starts_with(first)
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.:".contains(c))
}

/// Character references and the five predefined entities (XML 1.0 section 4.6).
fn resolve(reference: &BytesRef<'_>) -> Option<char> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Some(character),
        Ok(None) => match &**reference {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        },
        Err(_) => None,
    }
}

/// The parser's own messages repeat parts of the file, so they are not passed on.
fn describe(error: &quick_xml::Error) -> &'static str {
    use quick_xml::Error;
    match error {
        Error::Syntax(_) => "a tag, comment or section is not closed",
        Error::IllFormed(_) => "start and end tags do not match",
        Error::InvalidAttr(_) => "malformed attribute",
        Error::Escape(_) => "malformed entity",
        _ => "malformed text",
    }
}
