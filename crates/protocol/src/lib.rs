//! Messages between the kiosk page and the bridge, one WebSocket per kiosk.
//!
//! Start at [`FromKiosk`] and [`FromBridge`]; the card photo is the only binary frame
//! ([`photo`]); the practice tray has its own small HTTP interface ([`practice`]). Wire types are
//! apart from the domain types of `checkin`, so that a change of the rules is not a change of the
//! wire. `docs/protocol.md` describes everything here for people who write another client.

pub mod account;
pub mod action;
pub mod call;
pub mod day;
mod marks;
mod name;
pub mod photo;
pub mod practice;
#[macro_use]
pub mod screen;
mod secret;
pub mod self_test;
pub mod settings;
pub mod staff;

use serde::{Deserialize, Serialize};

pub use action::Action;
pub use name::Name;
pub use screen::{Screen, View};
pub use secret::Redacted;

/// Version of everything in this crate. Both sides send it first; a mismatch is a screen.
pub const PROTOCOL_VERSION: u32 = 8;

/// Largest text frame in either direction, in bytes.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;

/// The bridge drops acts of a hand on a question that has not been up for so long, in milliseconds: the
/// second tap of a double tap. A page takes none before, either.
pub const ACTS_AFTER_MS: u32 = 700;
/// How long 「操作を続けますか」 stays before the visit ends, in milliseconds.
pub const ASKING_MS: u32 = 30_000;

/// While nothing else is to be said, the bridge says `alive` so often, in milliseconds, and the page
/// answers with the same.
pub const ALIVE_MS: u32 = 3_000;

/// So long either side may be silent, in milliseconds. Then the page shows that it is offline and nothing
/// of the person, and the bridge ends the connection.
pub const SILENCE_MS: u32 = 10_000;

/// Cameras that a page tells of, at most.
pub const CAMERAS: usize = 16;
/// Longest name of a camera, in characters.
pub const CAMERA_CHARS: usize = 120;

/// Kiosk → bridge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromKiosk {
    /// First message of every connection.
    Hello {
        /// [`PROTOCOL_VERSION`] of the page.
        version: u32,
        /// The per-boot token that the bridge put into the page.
        token: Redacted,
    },
    /// The person or staff member did something.
    Act {
        /// `revision` of the view they were looking at; an older one is dropped.
        seen: u64,
        /// What they did.
        action: Action,
    },
    /// The cameras at this kiosk, by the names that the browser gives them, for those who choose one at the staff pages. Said after
    /// `welcome` and when they change, once the browser names them; [`CAMERAS`] at most.
    Cameras {
        /// Each of [`CAMERA_CHARS`] at most.
        labels: Vec<String>,
    },
    /// Answer to `alive`: this page draws and listens. A page that is frozen does not say so, although its
    /// browser goes on answering pings.
    Alive,
}

/// Bridge → kiosk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromBridge {
    /// Answer to a good `hello`; a `view` follows at once. Said again, while nobody is at the kiosk, when something of it has changed.
    Welcome {
        /// [`PROTOCOL_VERSION`] of the bridge.
        version: u32,
        /// Name of this kiosk or lane, for staff.
        kiosk: String,
        /// Label of the camera that looks at the card on the reader; `None` = the card is shown to the kiosk's camera.
        card_camera: Option<String>,
        /// Label of the camera that looks at the person; `None` = any that is neither infrared nor the card camera.
        face_camera: Option<String>,
        /// Name of the institution, for the person who wants to know where they are; `None` = not told.
        institution_name: Option<Name>,
        /// What it is, for the sentences that name it; `None` = not known.
        institution_kind: Option<InstitutionKind>,
        /// Cards are laid down here; otherwise on the official reader beside the kiosk, and this one has none.
        own_reader: bool,
    },
    /// What to show. Sent after `welcome` and after every change.
    View(View),
    /// The bridge is there; answer with `alive`. Said every [`ALIVE_MS`].
    Alive,
    /// Forget everything personal: reference, frames, typed text.
    Forget,
    /// Staff have typed at their board for the person: to be put into the form that is up, and the person told.
    Typed {
        /// `question` of the view that has the form; on any other one nothing is put in.
        question: u64,
        /// What they typed.
        typed: staff::Typed,
    },
    /// Another page took this kiosk over: show it and stay silent.
    TakenOver,
    /// The bridge stops; reconnect until it is back.
    Goodbye,
    /// The last message was not accepted.
    Refused {
        /// Why, for programs.
        code: ErrorCode,
        /// What to do, for the person who writes a client. English.
        detail: String,
    },
}

/// What an institution is, by the 点数表 of its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstitutionKind {
    /// 医科: a hospital or a doctor's practice.
    Medical,
    /// 歯科: 点数表 3 of the 医療機関コード.
    Dental,
    /// 調剤: 点数表 4 of the 医療機関コード.
    Pharmacy,
}

/// Why a message was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not JSON, not one of the messages, or a field is wrong.
    Malformed,
    /// Well-formed, but a type that this version does not know.
    Unsupported,
    /// `hello` was not the first message.
    HelloFirst,
    /// The two versions differ: reload the page.
    VersionMismatch,
    /// The token is not the one of this boot: reload the page.
    BadToken,
    /// Frame larger than [`MAX_TEXT_BYTES`], or binary.
    TooLarge,
    /// More messages per second than a person can cause.
    TooMany,
}
