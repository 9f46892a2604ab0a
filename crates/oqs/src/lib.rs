//! XML of the folder interface between the eligibility terminal (資格確認端末) and the receipt
//! computer (レセコン): [`parse`], [`to_xml`], [`Message`], [`Kind`], [`FileName`], [`ExchangeName`] and [`stage`].
//!
//! Field names follow the terminal's own files. The official interface description is not public;
//! whatever this crate does not know is kept in its place and written back ([`Kept`]).

mod answer;
mod certificates;
mod codec;
mod codes;
mod consent;
mod cursor;
mod element;
mod encoding;
mod error;
mod exchange;
mod folder;
mod kind;
mod meaning;
mod message;
mod name;
mod out;
mod record;
mod reference;
mod registration;
mod request;
mod values;

pub use codec::{Xml, parse, parse_with_encoding, to_xml};
pub use codes::{
    Answer, Class, Code, InsuredKind, Preschool, Prescription, ReasonOfLoss, Reference, Segment,
    Sex, Status, Validity,
};
pub use consent::{Consent, ConsentItem, Consents};
pub use element::{Content, Element};
pub use encoding::Encoding;
pub use error::{NoAnswer, ParseError, ParseErrorKind, Place, WriteError};
pub use exchange::ExchangeName;
pub use folder::{
    FolderError, Found, Named, holds, identity, look, parts, place, put, read, remove, stage,
    unstage,
};
pub use kind::{Kind, Problem};
pub use meaning::{japanese, meaning};
pub use message::{
    Body, BulkUnit, ElderlyRecipient, Header, LimitCertificate, MedicalTicket, Message,
    PublicExpense, Registration, ResultList, ResultOfQualification, SearchInfo, SpecificDisease,
    SpecificDiseases, known,
};
pub use name::{FileName, InstitutionCode, NameError, ScoreTable};
pub use out::Lost;
pub use record::{Kept, Known};
pub use values::{
    Branch, CharacterCode, Day, InsurerNumber, Line, Moment, Percent, ReferenceNumber, Short, Text,
};

/// Largest file that is read or written, in bytes (4 MiB).
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Deepest nesting that is read; the interface itself uses 7.
pub const MAX_DEPTH: usize = 16;
/// Most elements in a file; a bulk result of 1,000 people has about 50,000.
pub const MAX_ELEMENTS: usize = 100_000;
/// Most qualifications of one person.
pub const MAX_RESULTS: usize = 16;
