//! Children of one element, taken by name in any order; what is left over is kept.

use crate::error::ParseError;
use crate::tree::{Content, Element};

pub(crate) struct Fields(Vec<Element>);

impl Fields {
    /// The children of `element`; it may be empty, but may not hold text.
    pub(crate) fn of(element: Element) -> Result<Self, ParseError> {
        let name = element.name().to_owned();
        match element.into_content() {
            Content::Children(children) => Ok(Self(children)),
            Content::Text(text) if text.trim_ascii().is_empty() => Ok(Self(Vec::new())),
            Content::Text(_) => Err(value(name, "child elements")),
        }
    }

    /// Takes the child of that name.
    pub(crate) fn element(&mut self, name: &str) -> Result<Option<Element>, ParseError> {
        let mut found = self.0.extract_if(.., |child| child.name() == name);
        let first = found.next();
        if found.next().is_some() {
            return Err(ParseError::Repeated { element: name.to_owned() });
        }
        Ok(first)
    }

    /// Takes the text of that child without the blanks around it; `None` if missing or empty.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, ParseError> {
        let text = self.verbatim(name)?.unwrap_or_default();
        let text = text.trim_ascii();
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    fn verbatim(&mut self, name: &str) -> Result<Option<String>, ParseError> {
        match self.element(name)?.map(Element::into_content) {
            None => Ok(None),
            Some(Content::Text(text)) => Ok(Some(text)),
            Some(Content::Children(_)) => Err(value(name, "text")),
        }
    }

    /// Takes text of at most `most` characters.
    pub(crate) fn short(&mut self, name: &str, most: Short) -> Result<Option<String>, ParseError> {
        match self.text(name)? {
            Some(text) if text.chars().count() > most.characters() => {
                Err(value(name, most.expected()))
            }
            text => Ok(text),
        }
    }

    /// Takes a value that `read` understands.
    pub(crate) fn value<T>(
        &mut self,
        name: &str,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ParseError> {
        let text = self.text(name)?;
        // A value of full-width blanks is none, either.
        let text = text.filter(|text| !text.trim().is_empty());
        text.map(|text| read(&text).ok_or_else(|| value(name, expected))).transpose()
    }

    /// Puts an element back, to be kept as it is.
    pub(crate) fn keep(&mut self, element: Element) {
        self.0.push(element);
    }

    /// What was not taken.
    pub(crate) fn rest(self) -> Vec<Element> {
        self.0
    }
}

/// Longest text of a field.
#[derive(Clone, Copy)]
pub(crate) enum Short {
    /// 記号 and 番号.
    Number,
    /// Names and other lines.
    Line,
}

impl Short {
    pub(crate) fn characters(self) -> usize {
        match self {
            Self::Number => 20,
            Self::Line => 400,
        }
    }

    pub(crate) fn expected(self) -> &'static str {
        match self {
            Self::Number => "at most 20 characters",
            Self::Line => "at most 400 characters",
        }
    }
}

pub(crate) fn value(element: impl Into<String>, expected: &'static str) -> ParseError {
    ParseError::Value { element: element.into(), expected }
}

/// Refuses an absent value.
pub(crate) fn required<T>(found: Option<T>, element: &str) -> Result<T, ParseError> {
    found.ok_or_else(|| ParseError::Missing { element: element.to_owned() })
}
