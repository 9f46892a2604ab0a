//! Characters to glyphs, one by one: Japanese in horizontal lines needs no shaping.

use crate::FontError;
use skrifa::charmap::MapVariant;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use std::fmt::Write as _;
use std::ops::Range;

/// Stands for a character that the font lacks (ゲタ).
const GETA: char = '〓';

pub(crate) struct Face<'a> {
    file: FontRef<'a>,
    metrics: GlyphMetrics<'a>,
    geta: GlyphId,
    pub(crate) units_per_em: f32,
}

/// A character ready to be placed.
pub(crate) struct Glyph {
    /// Its number in the font.
    pub(crate) id: u32,
    /// Its width in font sizes.
    pub(crate) advance: f32,
    /// Where it stands in the text, in bytes.
    pub(crate) range: Range<usize>,
}

/// A text ready to be placed.
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) missing: Vec<String>,
}

impl<'a> Face<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, FontError> {
        let file =
            FontRef::new(bytes).map_err(|_| FontError("it is not a TrueType or OpenType font"))?;
        let geta = file.charmap().map(GETA).ok_or(FontError("it has no Japanese glyphs"))?;
        let metrics = file.glyph_metrics(Size::unscaled(), LocationRef::default());
        let units = file.metrics(Size::unscaled(), LocationRef::default()).units_per_em;
        if units == 0 || file.outline_glyphs().get(geta).is_none() {
            return Err(FontError("its glyphs have no outlines"));
        }
        Ok(Self { file, metrics, geta, units_per_em: f32::from(units) })
    }

    /// The outline of a glyph as the data of an SVG path, in units of the font; empty for a blank.
    pub(crate) fn outline(&self, glyph: u32) -> String {
        let mut path = Path(String::new());
        if let Some(outline) = self.file.outline_glyphs().get(GlyphId::new(glyph)) {
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            // A damaged outline leaves a gap that the person sees and fills in.
            let _ = outline.draw(settings, &mut path);
        }
        path.0
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
            run.glyphs.push(Glyph {
                id: glyph.to_u32(),
                advance: advance / self.units_per_em,
                range: start..end,
            });
        }
        run
    }

    fn glyph(&self, character: char, selector: Option<char>) -> Option<GlyphId> {
        let charmap = self.file.charmap();
        let Some(selector) = selector else { return charmap.map(character) };
        match charmap.map_variant(character, selector)? {
            MapVariant::UseDefault => charmap.map(character),
            MapVariant::Variant(glyph) => Some(glyph),
        }
    }
}

struct Path(String);

impl OutlinePen for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.0, "M{x} {y}");
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.0, "L{x} {y}");
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let _ = write!(self.0, "Q{cx} {cy} {x} {y}");
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let _ = write!(self.0, "C{cx0} {cy0} {cx1} {cy1} {x} {y}");
    }

    fn close(&mut self) {
        self.0.push('Z');
    }
}

impl Run {
    /// Width in points at a font size in points.
    pub(crate) fn width(&self, size: f32) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.advance * size).sum()
    }
}

/// Variation Selectors and Variation Selectors Supplement of Unicode.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}
