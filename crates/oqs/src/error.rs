//! What can be wrong with a file. No message repeats a value: files are full of personal data.

use crate::{MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, MAX_RESULTS};

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Larger than [`MAX_BYTES`].
    #[error("the file has {bytes} bytes; a result file has at most {MAX_BYTES}")]
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
    /// Not well-formed XML 1.0.
    #[error("not well-formed XML near character {position}: {what}")]
    Xml {
        /// Byte offset in the decoded text.
        position: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// A document type definition, which could expand without bound.
    #[error("the file has a DTD (<!DOCTYPE ...>); result files have none")]
    Dtd,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("elements are nested deeper than {MAX_DEPTH}")]
    TooDeep,
    /// More than [`MAX_ELEMENTS`].
    #[error("the file has more than {MAX_ELEMENTS} elements")]
    TooManyElements,
    /// More than [`MAX_RESULTS`].
    #[error("the file has more than {MAX_RESULTS} qualifications")]
    TooManyResults,
    /// The terminal reports an error instead of a result (`SegmentOfResult` 9 or
    /// `ProcessingResultStatus` 2).
    #[error("the terminal reports an error instead of a result (code {code:?})")]
    Terminal {
        /// `ErrorCode` or `ProcessingResultCode`, may be empty.
        code: String,
    },
    /// `SegmentOfResult` 2.
    #[error("the terminal is still processing; read the file again later")]
    StillProcessing,
    /// A required element is missing or empty.
    #[error("<{element}> is missing or empty")]
    Missing {
        /// Its name.
        element: String,
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

/// What the programs that take a result file from the folder `face` demand, and this one lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaceError {
    /// An element that must be there.
    #[error("receipt computers take no result without <{0}>")]
    Missing(&'static str),
    /// They take files with one qualification.
    #[error("receipt computers take files with one qualification; this one has {0}")]
    Several(usize),
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
    #[error("the file would have {bytes} bytes; a result file has at most {MAX_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}
