//! Elements that this crate does not interpret: they are kept and written back.

use crate::cursor::{Cursor, Step, is_blank};
use crate::error::{ParseError, ParseErrorKind, WriteError};
use crate::out::Out;

/// One element with what is in it. The interface has no attributes; those that serialisers add to
/// the root are skipped.
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
        Self { name: name.into(), content: Content::Children(children) }
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

    /// Its children, none if it holds text.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        match &self.content {
            Content::Children(children) => children,
            Content::Text(_) => &[],
        }
    }

    /// Reads a document of one element.
    pub(crate) fn of(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(text);
        let name = cursor.child()?.ok_or_else(|| cursor.here(ParseErrorKind::EndsEarly))?;
        Self::read(name, &mut cursor)
    }

    /// Reads the element whose start was just passed.
    pub(crate) fn read(name: &str, cursor: &mut Cursor<'_>) -> Result<Self, ParseError> {
        let (mut text, mut children) = (String::new(), Vec::new());
        loop {
            match cursor.step()? {
                Step::Text(more) => text.push_str(&more),
                Step::Start(child) => children.push(Self::read(child, cursor)?),
                Step::End | Step::Eof if children.is_empty() => return Ok(Self::text(name, text)),
                Step::End | Step::Eof if is_blank(&text) => {
                    return Ok(Self::parent(name, children));
                }
                Step::End | Step::Eof => {
                    return Err(cursor.here(ParseErrorKind::Xml { what: "text beside elements" }));
                }
            }
        }
    }

    pub(crate) fn write(&self, out: &mut Out) -> Result<(), WriteError> {
        match &self.content {
            Content::Text(text) => out.leaf(&self.name, text),
            Content::Children(children) => {
                out.inside(&self.name, |out| children.iter().try_for_each(|one| one.write(out)))
            }
        }
    }
}
