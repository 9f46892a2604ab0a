//! Reads 照合番号B from pictures of a card front: birth date with its era, year of expiry, security code.
//!
//! Start at [`Reader::read`], one frame in, at most one reading out; give the readings to a [`Vote`], which accepts only
//! what several frames agree on. Pure: no camera, no files, no clock; the same natively and in the browser. Pictures and
//! readings are wiped when dropped.
//!
//! A frame goes through [`find`] (four corners), [`warp`] (the card seen straight on), [`line`] (the glyphs of a field) and
//! [`net`] (which digit a glyph is). The weights are not part of the source: they are trained on drawn card fronts, see the
//! feature `render`.

pub mod find;
pub mod grey;
pub mod layout;
pub mod line;
pub mod net;
mod read;
mod refine;
#[cfg(feature = "render")]
pub mod render;
mod vote;
pub mod warp;

pub use read::{Reader, Reading};
pub use vote::Vote;
