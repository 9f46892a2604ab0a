//! Walks through a document, one element or text at a time, within bounds; knows where it is.

use crate::error::{ParseError, ParseErrorKind, Place};
use crate::{MAX_DEPTH, MAX_ELEMENTS};
use quick_xml::Reader;
use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::borrow::Cow;

/// What comes next.
pub(crate) enum Step<'x> {
    Start(&'x str),
    Text(Cow<'x, str>),
    End,
    Eof,
}

/// See the module.
pub(crate) struct Cursor<'x> {
    reader: Reader<&'x [u8]>,
    text: &'x str,
    /// Open elements, each with the place of its `<`.
    open: Vec<(&'x str, usize)>,
    /// Where the element began that was closed last.
    closed: usize,
    elements: usize,
}

impl<'x> Cursor<'x> {
    /// At the beginning of a document.
    pub(crate) fn new(text: &'x str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        reader.config_mut().expand_empty_elements = true;
        Self { reader, text, open: Vec::with_capacity(8), closed: 0, elements: 0 }
    }

    /// Goes on.
    pub(crate) fn step(&mut self) -> Result<Step<'x>, ParseError> {
        loop {
            let at = self.position();
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.broken(&error, at)),
            };
            return Ok(match event {
                Event::Start(start) | Event::Empty(start) => Step::Start(self.enter(&start)?),
                Event::End(_) => {
                    self.closed = self.open.pop().map_or(at, |(_, at)| at);
                    Step::End
                }
                Event::Text(text) => self.checked(text.xml10_content(), at)?,
                Event::CData(text) => self.checked(text.xml10_content(), at)?,
                Event::GeneralRef(reference) => {
                    let Some(character) = resolve(&reference) else {
                        return Err(self.xml("unknown entity", at));
                    };
                    self.checked(Cow::Owned(character.to_string()), at)?
                }
                Event::Decl(_) if at > 0 => {
                    return Err(self.xml("XML declaration inside the document", at));
                }
                Event::Decl(declaration) => match declaration.version() {
                    Ok(version) if version == "1.0" => continue,
                    _ => return Err(self.xml("expected XML version 1.0", at)),
                },
                Event::DocType(_) => return Err(self.wrong(ParseErrorKind::Dtd, at)),
                Event::Comment(_) | Event::PI(_) => continue,
                Event::Eof if self.open.is_empty() => Step::Eof,
                Event::Eof => return Err(self.wrong(ParseErrorKind::EndsEarly, at)),
            });
        }
    }

    /// The next child of the element that is open; `None` behind its last one.
    pub(crate) fn child(&mut self) -> Result<Option<&'x str>, ParseError> {
        loop {
            let at = self.position();
            match self.step()? {
                Step::Start(name) => return Ok(Some(name)),
                Step::End | Step::Eof => return Ok(None),
                Step::Text(text) if is_blank(&text) => {}
                Step::Text(_) => return Err(self.xml("text beside elements", at)),
            }
        }
    }

    /// The text of the element that is open, up to its end.
    pub(crate) fn text(&mut self, element: &str) -> Result<Cow<'x, str>, ParseError> {
        let mut text = Cow::Borrowed("");
        loop {
            match self.step()? {
                Step::Text(more) if text.is_empty() => text = more,
                Step::Text(more) => text.to_mut().push_str(&more),
                Step::End | Step::Eof => return Ok(text),
                Step::Start(_) => {
                    self.open.pop();
                    self.step_out();
                    return Err(self.value(element, "text"));
                }
            }
        }
    }

    /// The element that was closed last does not hold what it may.
    pub(crate) fn value(&self, element: &str, expected: &'static str) -> ParseError {
        self.last(element, ParseErrorKind::Value { element: element.to_owned(), expected })
    }

    /// The element that was closed last occurred before.
    pub(crate) fn repeated(&self, element: &str) -> ParseError {
        self.last(element, ParseErrorKind::Repeated { element: element.to_owned() })
    }

    /// Something is wrong here.
    pub(crate) fn here(&self, kind: ParseErrorKind) -> ParseError {
        self.wrong(kind, self.position())
    }

    fn step_out(&mut self) {
        self.closed = self.open.pop().map_or(0, |(_, at)| at);
    }

    fn last(&self, element: &str, kind: ParseErrorKind) -> ParseError {
        let mut error = self.wrong(kind, self.closed);
        if !error.at.path.is_empty() {
            error.at.path.push('/');
        }
        error.at.path.push_str(element);
        error
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn enter(&mut self, start: &BytesStart<'_>) -> Result<&'x str, ParseError> {
        // The event borrows from the document: its name lies there.
        let name = start.name();
        let from = name.0.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        let name = self.text.get(from..from.saturating_add(name.0.len())).unwrap_or_default();
        let at = from.saturating_sub(1);
        if self.open.len() >= MAX_DEPTH {
            return Err(self.wrong(ParseErrorKind::TooDeep, at));
        }
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(self.wrong(ParseErrorKind::TooManyElements, at));
        }
        let bare = start.attributes_raw().trim_ascii().is_empty();
        if !bare && start.attributes().any(|attribute| attribute.is_err()) {
            return Err(self.xml("malformed attribute", at));
        }
        if !is_name(name) {
            let what = "element names are ASCII letters, digits, `_`, `-`, `.` and `:`";
            return Err(self.xml(what, at));
        }
        self.open.push((name, at));
        Ok(name)
    }

    fn checked(&self, text: Cow<'x, str>, at: usize) -> Result<Step<'x>, ParseError> {
        if is_xml(&text) {
            Ok(Step::Text(text))
        } else {
            Err(self.xml("a control character that XML does not allow", at))
        }
    }

    fn xml(&self, what: &'static str, at: usize) -> ParseError {
        self.wrong(ParseErrorKind::Xml { what }, at)
    }

    fn wrong(&self, kind: ParseErrorKind, at: usize) -> ParseError {
        let names: Vec<_> = self.open.iter().map(|(name, _)| *name).collect();
        let mut end = at.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        ParseError { kind, at: Place { line, column, path: names.join("/") } }
    }

    /// The parser's own messages repeat parts of the file, so they are not passed on.
    fn broken(&self, error: &quick_xml::Error, at: usize) -> ParseError {
        use quick_xml::Error;
        let left = self.text.get(at..).unwrap_or_default();
        let what = match error {
            Error::Syntax(SyntaxError::InvalidBangMarkup) if left.len() > "<![CDATA[".len() => {
                "unknown markup behind `<!`"
            }
            // It looks for an end up to the end of the document.
            Error::Syntax(_) => return self.wrong(ParseErrorKind::EndsEarly, self.text.len()),
            Error::IllFormed(IllFormedError::UnclosedReference) if !left.contains(['<', ';']) => {
                return self.wrong(ParseErrorKind::EndsEarly, self.text.len());
            }
            Error::IllFormed(IllFormedError::UnclosedReference) | Error::Escape(_) => {
                "malformed entity"
            }
            Error::IllFormed(_) => "start and end tags do not match",
            Error::InvalidAttr(_) => "malformed attribute",
            _ => "malformed text",
        };
        self.xml(what, at)
    }
}

pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// Whether XML 1.0 allows the characters (section 2.2, production 2).
pub(crate) fn is_xml(text: &str) -> bool {
    text.bytes().all(|byte| byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r'))
        && !text.contains(['\u{FFFE}', '\u{FFFF}'])
}

pub(crate) fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    name.len() <= 100
        && bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte))
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
