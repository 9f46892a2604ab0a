//! An SVG file, piece by piece. It has no text that a font would be needed for: every character is drawn.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What is drawn so far.
pub(crate) struct Drawing {
    /// Outlines of the characters that were used, in units of the font, by number of the glyph.
    outlines: BTreeMap<u32, String>,
    body: String,
}

impl Drawing {
    pub(crate) fn new() -> Self {
        Self { outlines: BTreeMap::new(), body: String::new() }
    }

    /// Text as drawn characters: each with its number, its place, and its outline the first time. The text itself goes
    /// with it as a label, which helping programs read.
    pub(crate) fn text(
        &mut self,
        text: &str,
        scale: f32,
        glyphs: impl Iterator<Item = (u32, (f32, f32))>,
        outline: impl Fn(u32) -> String,
    ) {
        let _ = write!(self.body, "<g aria-label=\"{}\">", escaped(text));
        for (glyph, (x, y)) in glyphs {
            self.outlines.entry(glyph).or_insert_with(|| outline(glyph));
            let _ = write!(
                self.body,
                "<use href=\"#g{glyph}\" transform=\"matrix({scale:.5} 0 0 -{scale:.5} {x:.2} {y:.2})\"/>"
            );
        }
        self.body.push_str("</g>\n");
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: (f32, f32), to: (f32, f32)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        let _ = writeln!(
            self.body,
            "<path fill=\"none\" stroke=\"#000\" stroke-width=\"0.5\" d=\"M{x1:.2} {y1:.2}L{x2:.2} {y2:.2}\"/>"
        );
    }

    /// The border of a box.
    pub(crate) fn frame(&mut self, left: f32, top: f32, right: f32, bottom: f32) {
        let _ = writeln!(
            self.body,
            "<path fill=\"none\" stroke=\"#000\" stroke-width=\"0.5\" d=\"M{left:.2} {top:.2}H{right:.2}V{bottom:.2}H{left:.2}Z\"/>"
        );
    }

    /// An ellipse round its centre.
    pub(crate) fn ellipse(&mut self, (x, y): (f32, f32), rx: f32, ry: f32) {
        let _ = writeln!(
            self.body,
            "<ellipse fill=\"none\" stroke=\"#000\" stroke-width=\"1.2\" cx=\"{x:.2}\" cy=\"{y:.2}\" rx=\"{rx:.2}\" ry=\"{ry:.2}\"/>"
        );
    }

    /// The file: `width` × `height` points, on white paper.
    pub(crate) fn finish(&self, title: &str, (width, height): (f32, f32)) -> String {
        let mut file = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:lang=\"ja\" width=\"{width}pt\" height=\"{height}pt\" viewBox=\"0 0 {width} {height}\">\n<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<defs>\n",
            escaped(title)
        );
        for (glyph, outline) in &self.outlines {
            let _ = writeln!(file, "<path id=\"g{glyph}\" d=\"{outline}\"/>");
        }
        let _ = write!(file, "</defs>\n{}</svg>\n", self.body);
        file
    }
}

/// What may stand in an attribute. Characters that XML does not have are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}
