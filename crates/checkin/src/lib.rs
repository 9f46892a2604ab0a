//! The visit of one patient at one kiosk: state machine and domain rules.
//!
//! Start at [`Visits`]: `handle(now, event)`, then drain `poll_effect()`, then read `view()` and
//! `deadline()`. Time is passed in ([`Now`]); nothing here reads a clock, talks to a card, a
//! network or a file, or is serialisable. Every rule about certificates, consents, tries and
//! identity lives in this crate and nowhere else.

pub mod birth;
pub mod card;
pub mod certificate;
pub mod circle;
pub mod claim;
pub mod code_b;
pub mod consent;
pub mod deadlines;
pub mod documents;
pub mod effect;
pub mod eligibility;
pub mod ended;
pub mod era;
pub mod event;
pub mod fallback;
pub mod gateway;
pub mod identity;
pub mod items;
pub mod limit;
pub mod number;
pub mod patient;
pub mod reception;
pub mod secret;
pub mod share;
pub mod statement;
mod text;
pub mod time;
pub mod view;
mod visit;

pub use deadlines::ACTS_AFTER_MS;
pub use effect::{Effect, EffectId, Record, Request, VisitId};
pub use event::{Action, Answer, Event, ReaderEvent, Revision};
pub use gateway::{Question, Reply};
pub use time::{Millis, Now};
pub use view::{Screen, View};
pub use visit::{Config, Patience, VisitIds, Visits};
