//! The 1-bit PNG pictures of printed text on the card face.
//!
//! Real cards carry the printed name and address as pictures. There is no Japanese typeface here, so a practice card
//! shows one box per character; the security code is drawn in real digits.

/// Rows of 3×5 digits, three bits each.
const DIGITS: [[u8; 5]; 10] = [
    [7, 5, 5, 5, 7],
    [2, 6, 2, 2, 7],
    [7, 1, 7, 4, 7],
    [7, 1, 7, 1, 7],
    [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7],
    [7, 4, 7, 5, 7],
    [7, 1, 1, 1, 1],
    [7, 5, 7, 5, 7],
    [7, 5, 7, 1, 7],
];

/// A black-on-white picture, one bool per pixel.
struct Bitmap {
    width: usize,
    ink: Vec<bool>,
}

impl Bitmap {
    fn new(width: usize, height: usize) -> Self {
        Self { width, ink: vec![false; width * height] }
    }

    fn dot(&mut self, x: usize, y: usize) {
        if x < self.width
            && let Some(pixel) = self.ink.get_mut(y * self.width + x)
        {
            *pixel = true;
        }
    }

    fn png(&self) -> Vec<u8> {
        let height = self.ink.len() / self.width;
        let side = |n: usize| u32::try_from(n).expect("a picture of a few hundred pixels");
        // A set bit is white; rows are padded to whole bytes.
        let rows = self.ink.chunks(self.width).flat_map(|row| {
            row.chunks(8).map(|bits| {
                bits.iter()
                    .enumerate()
                    .fold(0u8, |byte, (i, ink)| byte | (u8::from(!ink) << (7 - i)))
            })
        });
        let rows: Vec<u8> = rows.collect();
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, side(self.width), side(height));
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&rows));
        written.expect("writing a PNG to memory cannot fail");
        out
    }
}

/// One 12-pixel box per character, spaces left open, cut at the right edge.
pub(crate) fn text_boxes(text: &str, width: usize, height: usize) -> Vec<u8> {
    let mut bitmap = Bitmap::new(width, height);
    for (i, _) in text.chars().enumerate().filter(|(_, c)| !c.is_whitespace()) {
        for step in 1..11 {
            for (x, y) in [(step, 1), (step, 10), (1, step), (10, step)] {
                bitmap.dot(12 * i + x, y);
            }
        }
    }
    bitmap.png()
}

/// Digits of 3×5 pixels in cells of 6×12: four of them make the 24×12 picture of the security code.
pub(crate) fn digits(text: &str) -> Vec<u8> {
    let mut bitmap = Bitmap::new(24, 12);
    let values = text.bytes().filter(u8::is_ascii_digit).map(|b| usize::from(b - b'0'));
    for (i, value) in values.enumerate() {
        for (y, row) in DIGITS[value].iter().enumerate() {
            for x in (0..3).filter(|x| row >> (2 - x) & 1 == 1) {
                bitmap.dot(6 * i + 1 + x, 3 + y);
            }
        }
    }
    bitmap.png()
}
