//! Characters to glyphs, one by one: Japanese in horizontal lines needs no shaping.

use crate::PdfError;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::charmap::MapVariant;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};

/// Stands for a character that the font lacks (ゲタ).
const GETA: char = '〓';

pub(crate) struct Face<'a> {
    pub(crate) font: Font,
    file: FontRef<'a>,
    metrics: GlyphMetrics<'a>,
    geta: skrifa::GlyphId,
    units_per_em: f32,
}

/// A text ready to be placed.
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    pub(crate) missing: Vec<String>,
}

impl<'a> Face<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, PdfError> {
        let unreadable = PdfError::Font("it is not a TrueType or OpenType font");
        let Ok(file) = FontRef::new(bytes) else { return Err(unreadable) };
        let Some(font) = Font::new(bytes.to_vec().into(), 0) else { return Err(unreadable) };
        let Some(geta) = file.charmap().map(GETA) else {
            return Err(PdfError::Font("it has no Japanese glyphs"));
        };
        let metrics = file.glyph_metrics(Size::unscaled(), LocationRef::default());
        let units_per_em = font.units_per_em();
        Ok(Self { font, file, metrics, geta, units_per_em })
    }

    /// Glyphs of a text in order. A variation selector chooses the form of the character before it.
    pub(crate) fn run(&self, text: &str) -> Run {
        let mut run = Run { text: text.to_owned(), glyphs: Vec::new(), missing: Vec::new() };
        let mut characters = text.char_indices().peekable();
        while let Some((start, character)) = characters.next() {
            let selector = characters.next_if(|(_, next)| is_selector(*next));
            let end = characters.peek().map_or(text.len(), |(next, _)| *next);
            let wanted = self.glyph(character, selector.map(|(_, selector)| selector));
            if wanted.is_none() {
                run.missing.push(text[start..end].to_owned());
            }
            let glyph = wanted.unwrap_or(self.geta);
            let advance = self.metrics.advance_width(glyph).unwrap_or(self.units_per_em);
            run.glyphs.push(KrillaGlyph::new(
                GlyphId::new(glyph.to_u32()),
                advance / self.units_per_em,
                0.0,
                0.0,
                0.0,
                start..end,
                None,
            ));
        }
        run
    }

    fn glyph(&self, character: char, selector: Option<char>) -> Option<skrifa::GlyphId> {
        let charmap = self.file.charmap();
        let Some(selector) = selector else { return charmap.map(character) };
        match charmap.map_variant(character, selector)? {
            MapVariant::UseDefault => charmap.map(character),
            MapVariant::Variant(glyph) => Some(glyph),
        }
    }
}

impl Run {
    /// Width in points at a font size in points.
    pub(crate) fn width(&self, size: f32) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.x_advance * size).sum()
    }
}

/// Variation Selectors and Variation Selectors Supplement of Unicode.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}
