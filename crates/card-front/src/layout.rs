//! Where things stand on a card front, in millimetres from its upper left corner (ID-1, ISO/IEC 7810).
//!
//! No official drawing is public. The regions are wide, and within them the reader looks for what a line says, not for where
//! it stands: birth date and expiry may be on one line or on two.

/// Width and height of an ID-1 card.
pub const CARD_MM: (f32, f32) = (85.6, 53.98);
/// Pixels per millimetre of the straightened card.
pub const SCALE: f32 = 12.0;
/// Height of a digit as it is usually printed; 0.7 to 1.4 of it is read.
pub const DIGIT: f32 = 1.9;

/// A region in which lines are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    /// Left.
    pub x: f32,
    /// Top.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// `昭和59年5月12日生 2034年5月12日まで有効`, right of the photo.
pub const DATES: Region = Region { x: 22.0, y: 13.0, width: 62.5, height: 20.0 };
/// Four digits below the photo, beside or under the number of the card.
pub const CODE: Region = Region { x: 2.0, y: 42.0, width: 30.0, height: 11.0 };
