//! Everything that is not a picture on the screen: one file per thing outside the page.

pub(crate) mod aloud;
pub(crate) mod announce;
pub(crate) mod awake;
pub(crate) mod bridge;
pub(crate) mod camera;
pub(crate) mod card_front;
pub(crate) mod crash;
pub(crate) mod face;
pub(crate) mod field;
mod film;
pub(crate) mod furigana;
pub(crate) mod height;
pub(crate) mod js;
pub(crate) mod listen;
pub(crate) mod page;
pub(crate) mod rows;
pub(crate) mod save;
pub(crate) mod sheet;
pub(crate) mod sight;
pub(crate) mod sound;
pub(crate) mod stream;
pub(crate) mod tongues;
pub(crate) mod touch;
pub(crate) mod used;
pub(crate) mod voice;
pub(crate) mod watch;
mod worker;
