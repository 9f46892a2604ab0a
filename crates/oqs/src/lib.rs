//! XML of the folder interface between the eligibility terminal (資格確認端末) and the receipt
//! computer (レセコン), result of a card check-in: [`parse`], [`to_xml`], [`FileName`] and
//! [`stage`].
//!
//! Field names follow the terminal's own files. The official interface description is not public;
//! whatever this crate does not know is kept and written back ([`Element`]).

mod codes;
mod encoding;
mod error;
mod fields;
mod file;
mod folder;
mod name;
mod read;
mod tree;
mod write;

pub use encoding::Encoding;
pub use error::{FaceError, ParseError, WriteError};
pub use file::{Consent, ConsentItem, Header, Reference, ResultFile, ResultOfQualification};
pub use folder::{FolderError, Found, holds, identity, look, parts, place, stage, unstage};
pub use name::{FileName, InstitutionCode, NameError, ScoreTable};
pub use read::parse;
pub use tree::{Content, Element};
pub use write::{Lost, Xml, to_xml};

/// Largest file that is read or written, in bytes (4 MiB).
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Deepest nesting that is read; the interface itself uses 7.
pub const MAX_DEPTH: usize = 16;
/// Most elements in a file.
pub const MAX_ELEMENTS: usize = 20_000;
/// Most `ResultOfQualificationConfirmation` in a file.
pub const MAX_RESULTS: usize = 16;
