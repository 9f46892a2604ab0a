//! Fonts to draw with: TrueType files of one folder, which `cargo xtask card-front` fetches and verifies.

use std::path::Path;

use ab_glyph::{Font, FontVec, Glyph, PxScale, ScaleFont as _, point};

use crate::grey::Grey;

/// No font to draw with.
#[derive(Debug, thiserror::Error)]
#[error("no Japanese font in {0}: run `cargo xtask card-front`")]
pub struct FontError(String);

/// The fonts of a folder.
pub struct Fonts {
    fonts: Vec<(String, FontVec)>,
    /// Which font for Japanese, which for digits.
    pairs: Vec<(usize, usize)>,
}

/// A pair: one for Japanese, one for digits.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    japanese: &'a FontVec,
    digits: &'a FontVec,
}

impl Fonts {
    /// Loads those whose file name `wanted` takes, in the order of their names.
    ///
    /// # Errors
    /// [`FontError`] without any Japanese font.
    pub fn load(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Self, FontError> {
        let mut fonts = Vec::new();
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let bytes = std::fs::read(entry.path()).unwrap_or_default();
            if let Ok(font) = FontVec::try_from_vec(bytes)
                && wanted(&name)
            {
                fonts.push((name, font));
            }
        }
        fonts.sort_by(|one, other| one.0.cmp(&other.0));
        let mut pairs = Vec::new();
        let is_japanese = |(_, font): &(String, FontVec)| font.glyph_id('昭').0 != 0;
        for (japanese, _) in fonts.iter().enumerate().filter(|(_, font)| is_japanese(font)) {
            // Digits are mostly of the same font.
            pairs.extend([(japanese, japanese), (japanese, japanese)]);
            let latin = fonts.iter().enumerate().filter(|(_, font)| !is_japanese(font));
            pairs.extend(latin.map(|(digits, _)| (japanese, digits)));
        }
        if pairs.is_empty() {
            return Err(FontError(folder.display().to_string()));
        }
        Ok(Self { fonts, pairs })
    }

    /// One of the pairs.
    pub fn pair(&self, choice: usize) -> Pair<'_> {
        let (japanese, digits) = self.pairs[choice % self.pairs.len()];
        Pair { japanese: &self.fonts[japanese].1, digits: &self.fonts[digits].1 }
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
