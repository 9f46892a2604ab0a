//! Messages between the kiosk page and its workers. There are two of these, from one script: one compares faces and lives
//! as long as the page; the other reads the front of a card and ends with that step. Face models and pictures stay in
//! them, so that the page stays small and never stutters.
//!
//! Start at [`ToWorker`] and [`FromWorker`]. A message is one line of JSON ([`text`]). What is large – the photo of a card,
//! the pixels of a frame – goes beside it and is transferred, never copied through text (`envelope`, with the feature
//! `browser`). The worker wipes what it was given so, once it has its own copy.
//!
//! Messages are handled strictly in the order of their arrival. The page keeps at most one frame in flight; a newer picture
//! takes the place of an older one that was not sent. A worker that does not answer in time is ended by the page, and
//! another one takes over from `Load`.
//!
//! The worker is `new Worker("/worker.js", { type: "module" })`: it takes the best of its builds that the browser can run,
//! `threads` (two threads, relaxed SIMD; the page must be isolated from other origins), `relaxed`, `plain`. A build that
//! does not start gives way to the next. `?at-most=relaxed` leaves `threads` out.

#[cfg(feature = "browser")]
pub mod envelope;
mod from_worker;
pub mod text;
mod to_worker;

pub use from_worker::{Analysis, CardNumbers, CardSeen, Failure, FromWorker, Hint, Verdict};
pub use text::NotUnderstood;
pub use to_worker::{Day, FrameSize, MAX_FRAME_BYTES, MAX_LABEL_CHARS, ToWorker};
