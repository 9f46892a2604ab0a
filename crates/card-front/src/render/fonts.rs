//! Fonts of the Debian packages `fonts-noto-cjk`, `fonts-droid-fallback`, `fonts-liberation` and `fonts-dejavu-core`.

use ab_glyph::{Font, FontVec, Glyph, PxScale, ScaleFont as _, point};

use crate::grey::Grey;

const JAPANESE: [&str; 4] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
];
const LATIN: [&str; 3] = [
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
];

/// No font to draw with.
#[derive(Debug, thiserror::Error)]
#[error("no Japanese font: install fonts-noto-cjk")]
pub struct FontError;

/// What is installed.
pub struct Fonts {
    japanese: Vec<FontVec>,
    latin: Vec<FontVec>,
}

/// A pair: one for Japanese, one for digits.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    japanese: &'a FontVec,
    digits: &'a FontVec,
}

impl Fonts {
    /// Loads what is there.
    ///
    /// # Errors
    /// [`FontError`] without any Japanese font.
    pub fn load() -> Result<Self, FontError> {
        let read = |paths: &[&str]| -> Vec<FontVec> {
            let bytes = paths.iter().filter_map(|path| std::fs::read(path).ok());
            bytes.filter_map(|bytes| FontVec::try_from_vec_and_index(bytes, 0).ok()).collect()
        };
        let fonts = Self { japanese: read(&JAPANESE), latin: read(&LATIN) };
        if fonts.japanese.is_empty() { Err(FontError) } else { Ok(fonts) }
    }

    /// One of the pairs.
    pub fn pair(&self, choice: usize) -> Pair<'_> {
        let japanese = &self.japanese[choice % self.japanese.len()];
        // Half of the pairs take the digits of the Japanese font.
        let latin = choice / self.japanese.len();
        let digits = match self.latin.get(latin % (2 * self.latin.len().max(1))) {
            Some(font) => font,
            // The fallback font has no digits of its own.
            None if japanese.glyph_id('0').0 == 0 => &self.japanese[0],
            None => japanese,
        };
        Pair { japanese, digits }
    }
}

impl Pair<'_> {
    /// Draws a line; `height` is that of a digit in pixels, `base` the base line. Comes back with left and right edge of
    /// the ink of each character.
    pub fn draw(
        &self,
        on: &mut Grey,
        text: &str,
        from: (f32, f32),
        height: f32,
        ink: f32,
    ) -> Vec<(char, f32, f32)> {
        let mut x = from.0;
        let mut drawn = Vec::new();
        for character in text.chars() {
            let font = if character.is_ascii() { self.digits } else { self.japanese };
            // Digits are about 0.73 of the font's size high in all of these.
            let scale = PxScale::from(height / 0.73 * units(font));
            let id = font.glyph_id(character);
            let glyph: Glyph = id.with_scale_and_position(scale, point(x, from.1));
            let advance = font.as_scaled(scale).h_advance(id);
            let (mut left, mut right) = (x, x + advance);
            if let Some(outline) = font.outline_glyph(glyph) {
                let bounds = outline.px_bounds();
                (left, right) = (bounds.min.x, bounds.max.x);
                outline.draw(|dx, dy, cover| {
                    blend(on, bounds.min.x + small(dx), bounds.min.y + small(dy), cover, ink);
                });
            }
            drawn.push((character, left, right));
            x += advance;
        }
        drawn
    }
}

/// `ab_glyph` scales by ascent and descent; this makes it the em.
fn units(font: &FontVec) -> f32 {
    let em = font.units_per_em().unwrap_or(1000.0);
    font.height_unscaled() / em
}

#[expect(clippy::cast_precision_loss, reason = "pixels")]
fn small(value: u32) -> f32 {
    value as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels inside the picture"
)]
fn blend(on: &mut Grey, x: f32, y: f32, cover: f32, ink: f32) {
    if x < 0.0 || y < 0.0 || x as usize >= on.width || y as usize >= on.height {
        return;
    }
    let at = y as usize * on.width + x as usize;
    let before = f32::from(on.data[at]);
    on.data[at] = (before + (ink - before) * cover.min(1.0)) as u8;
}
