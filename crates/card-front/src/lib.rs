//! Reads 照合番号B from pictures of a card front: birth date with its era, year of expiry, security code.
//!
//! Start at [`Reader::look`], one frame in, at most one sighting out; give the sightings to a [`Vote`], which accepts only
//! what several frames from different poses agree on. Pure: no camera, no files, no clock; the same natively and in the
//! browser. Pictures and readings are wiped when dropped.
//!
//! A frame goes through [`find`] (four corners), [`warp`] (the card seen straight on), [`line`] (lines and their pieces),
//! [`net`] (which character a piece is) and is searched for two dates and a code. The weights are not part of the source:
//! they are trained on drawn card fronts, see the feature `render`.

pub mod find;
mod glyph;
pub mod grey;
pub mod layout;
pub mod line;
pub mod net;
mod read;
mod reading;
mod refine;
#[cfg(feature = "render")]
pub mod render;
mod text;
mod vote;
pub mod warp;

pub use read::{Look, Reader, Sighting};
pub use reading::{Day, Reading};
pub use vote::Vote;
