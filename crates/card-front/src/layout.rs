//! Where things stand on a card front, in millimetres from its upper left corner (ID-1, ISO/IEC 7810).
//!
//! Measured from nothing but what municipalities publish as pictures: treat places as approximate; the reader searches
//! around them.

/// Width and height of an ID-1 card.
pub const CARD_MM: (f32, f32) = (85.6, 53.98);
/// Pixels per millimetre of the straightened card.
pub const SCALE: f32 = 12.0;

/// A field: left, top, width and height of the region in which it is looked for, and height of its digits.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Left.
    pub x: f32,
    /// Top.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// Height of a digit.
    pub digit: f32,
}

/// `昭和59年5月12日生`.
pub const BIRTH: Field = Field { x: 32.0, y: 21.4, width: 32.0, height: 5.2, digit: 2.3 };
/// `2034年5月12日まで有効`.
pub const EXPIRY: Field = Field { x: 32.0, y: 28.4, width: 38.0, height: 5.2, digit: 2.3 };
/// Four digits below the photo.
pub const CODE: Field = Field { x: 8.0, y: 46.0, width: 14.0, height: 5.2, digit: 2.3 };
