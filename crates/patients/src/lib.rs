//! The clinic's patient list: read from what a receipt computer exports ([`read()`]), and searched for the person at the kiosk
//! ([`List`]). Pure: no files, no clock. Nothing in here is printed with a person in it: errors name row and column only.

mod appointment;
mod birth;
mod column;
pub mod compare;
mod decode;
mod fits;
mod letters;
mod list;
mod patient;
mod read;
mod row;
mod stored;
mod variants;

pub use column::{Column, Mapping, MappingError};
pub use fits::Fits;
pub use list::List;
pub use patient::{Insurance, Patient, Text};
pub use read::{
    MAX_BYTES, MAX_COLUMNS, MAX_FIELD_BYTES, MAX_ROWS, MOST_TOLD, Read, ReadError, RowError, read,
};
pub use row::Problem;
pub use stored::StoredError;
