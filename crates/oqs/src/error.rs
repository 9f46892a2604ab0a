//! What can be wrong with a file. No message repeats a value: files are full of personal data.

use crate::{MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS};
use std::fmt;

/// Why a file cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}{kind}")]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// Where it begins.
    pub at: Place,
}

impl ParseError {
    /// Of the file as a whole.
    pub(crate) fn whole(kind: ParseErrorKind) -> Self {
        Self { kind, at: Place::default() }
    }
}

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// From 1; 0 for the file as a whole.
    pub line: usize,
    /// In characters, from 1; 0 for the file as a whole.
    pub column: usize,
    /// Names of the elements around it, from `XmlMsg` on, with `/` between them; may be empty.
    pub path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, path } = self;
        match (line, path.is_empty()) {
            (0, _) => Ok(()),
            (_, true) => write!(f, "line {line}, column {column}: "),
            (_, false) => write!(f, "line {line}, column {column}, in {path}: "),
        }
    }
}

/// Kinds of [`ParseError`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    /// Larger than [`MAX_BYTES`].
    #[error("the file has {bytes} bytes; a file of this interface has at most {MAX_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The XML declaration names an encoding that the interface does not use.
    #[error("the XML declaration names an unsupported encoding; expected UTF-8 or Shift_JIS")]
    Encoding,
    /// Bytes that do not exist in the declared encoding.
    #[error("the bytes are not {declared}, which the XML declaration names")]
    Undecodable {
        /// The declared encoding.
        declared: &'static str,
    },
    /// All that is there is right, and more is missing: perhaps it is still being written.
    #[error("the file ends early: it may still be in the making; read it again later")]
    EndsEarly,
    /// Not well-formed XML 1.0.
    #[error("not well-formed XML: {what}")]
    Xml {
        /// What is wrong.
        what: &'static str,
    },
    /// A document type definition, which could expand without bound.
    #[error("the file has a DTD (<!DOCTYPE ...>); files of this interface have none")]
    Dtd,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("elements are nested deeper than {MAX_DEPTH}")]
    TooDeep,
    /// More than [`MAX_ELEMENTS`].
    #[error("the file has more than {MAX_ELEMENTS} elements")]
    TooManyElements,
    /// An element without which it is no file of this interface.
    #[error("<{element}> is missing")]
    Missing {
        /// Its name.
        element: &'static str,
    },
    /// An element that may occur once occurs again beside itself.
    #[error("<{element}> occurs more than once in the same place")]
    Repeated {
        /// Its name.
        element: String,
    },
    /// An element holds something else than it may.
    #[error("<{element}> is not valid: expected {expected}")]
    Value {
        /// Its name.
        element: String,
        /// What it may hold.
        expected: &'static str,
    },
}

/// Why a file that can be read holds no answer about a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// `SegmentOfResult` 2.
    #[error("the terminal is still processing; read the file again later")]
    StillProcessing,
    /// The terminal reports an error instead (`SegmentOfResult` 9 or `ProcessingResultStatus` 2).
    #[error("the terminal reports an error instead of a result (code {code:?})")]
    Terminal {
        /// `ErrorCode` or `ProcessingResultCode`, may be empty.
        code: String,
    },
    /// An element without which it is no answer.
    #[error("<{0}> is missing or empty")]
    Missing(&'static str),
    /// A code whose meaning is not known here.
    #[error("<{0}> has a code that is not known here")]
    Unknown(&'static str),
    /// More qualifications than a person can have (`MAX_RESULTS`).
    #[error("the file has {0} qualifications of one person")]
    TooMany(usize),
    /// Answers about several people (`OQSmuquc02res`).
    #[error("the file has answers about several people; take them one by one")]
    Several,
}

/// Why a result cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A value that the element cannot hold.
    #[error("<{element}> cannot be written: expected {expected}")]
    Value {
        /// Name of the element.
        element: String,
        /// What it may hold.
        expected: &'static str,
    },
    /// Larger than [`MAX_BYTES`].
    #[error("the file would have {bytes} bytes; a file of this interface has at most {MAX_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}
