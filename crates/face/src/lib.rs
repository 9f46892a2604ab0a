//! Face pipeline of the kiosk: a picture in, a comparison score out.
//!
//! Start at [`Pipeline`]: [`Pipeline::enrol`] turns the card photo into an [`Embedding`], [`Pipeline::analyse`] turns one
//! camera frame into an [`Analysis`], and an [`Attempt`] collects analyses until it can give a [`Verdict`].
//! Every threshold and the rule that uses them stand in [`decide`].
//!
//! The crate is pure: no files, no clock, no browser. It runs the same natively and in WebAssembly; the caller brings the
//! bytes of the four prepared models ([`Models`]) and the time of each frame.
//!
//! Stages, in order: [`jp2`] or [`frame`] → [`detect`] → [`landmarks`] → [`quality`] → [`liveness`] → [`align`] → [`embed`] → [`decide`].
//! Every stage reads the picture through [`warp::crop`], so that colour order and normalisation are written once per stage.

pub mod align;
mod beside;
pub mod challenge;
pub mod decide;
pub mod detect;
#[cfg(feature = "drawn")]
pub mod drawn;
pub mod embed;
pub mod engine;
pub mod frame;
pub mod fusion;
pub mod graph;
pub mod jp2;
pub mod landmarks;
pub mod liveness;
pub mod models;
pub mod patches;
pub mod pipeline;
pub mod presence;
pub mod quality;
pub mod screen;
pub mod source;
pub mod track;
pub mod warp;

pub use challenge::Challenge;
pub use decide::{Attempt, Instruction, Policy, Verdict};
pub use detect::FaceBox;
pub use embed::Embedding;
pub use frame::{Frame, FrameError};
pub use jp2::PhotoError;
pub use models::{EngineError, Models, Role, model_hash};
pub use pipeline::{Analysis, Depth, EnrolError, Pipeline};
pub use quality::Hint;
pub use track::Track;
