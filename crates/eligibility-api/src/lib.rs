//! How a question to the eligibility system and its reply travel over HTTP: one JSON object each way, on one path. The interface
//! is this project's own, because that of the national system is not public; an answer about a qualification carries the same
//! `XmlMsg` as the files of a 資格確認端末 (crate `oqs`), so that nothing is named twice.
//!
//! Pure: no sockets, no clock. Both ends use it, so they cannot differ.

mod question;
mod reply;

pub use question::{UnreadableQuestion, read_question, write_question};
pub use reply::{UnreadableReply, read_reply, status_of, write_reply};

/// Where questions are put, by `POST`.
pub const PATH: &str = "/v1/question";
/// Where whoever may ask is told whether the service is there, by `GET`: 204.
pub const READY: &str = "/v1/ready";
/// Header: names one question. Whoever asks again with the same key gets the reply of the first time, and nothing happens twice.
/// 1 to 64 ASCII letters, digits and hyphens.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Header: so many milliseconds whoever asks still waits. A question that comes to its turn later is not carried out.
pub const TIME_LEFT: &str = "time-left-ms";
/// Largest question in bytes; a real one has a few hundred.
pub const MAX_QUESTION: usize = 16 * 1024;
/// Largest reply in bytes: one `XmlMsg`, and what JSON adds to it at most.
pub const MAX_REPLY: usize = 2 * oqs::MAX_BYTES;
