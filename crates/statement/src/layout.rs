//! Where everything stands on the page. All lengths are points (1/72 inch) from the top left.

use crate::Sheet;
use crate::drawing::Drawing;
use crate::face::{Face, Run};
use crate::form::{
    AS_ALWAYS, BY_HAND, Form, INTRODUCTION, NOTES, PRACTICE, PROXY, Row, SIGN_HERE, SIGNATURE,
    TITLE, Value,
};

/// A4.
const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 50.0;
const RIGHT: f32 = PAGE.0 - MARGIN;
/// Where the values of the table begin.
const VALUES: f32 = MARGIN + 142.0;
/// Between a border and its text.
const PADDING: f32 = 6.0;
/// Height of a line in font sizes.
const LEADING: f32 = 1.45;
/// Of everything around the table.
const SIZE: f32 = 10.5;
/// Of the table: the largest that lets the page hold everything.
const TABLE_SIZES: [f32; 7] = [11.5, 10.5, 9.5, 8.5, 7.5, 7.0, 6.5];
/// The table and what stands above it end here at the latest.
const TABLE_END: f32 = 640.0;

/// Draws the form.
pub(crate) fn draw(form: &Form, face: &Face<'_>) -> Sheet {
    let mut page = Page { drawing: Drawing::new(), face, missing: Vec::new() };
    let top = page.head(form);
    let bottom = page.table(&form.rows, top);
    page.foot(bottom);
    Sheet { svg: page.drawing.finish(TITLE, PAGE), missing: page.missing }
}

struct Page<'a, 'b> {
    drawing: Drawing,
    face: &'a Face<'b>,
    missing: Vec<String>,
}

impl Page<'_, '_> {
    /// Date, facility, title and introduction. Gives the height at which the table begins.
    fn head(&mut self, form: &Form) -> f32 {
        let date = self.face.run(&form.date);
        self.place(&date, RIGHT - date.width(SIZE), MARGIN + 8.0, SIZE);
        if form.practice {
            let run = self.face.run(PRACTICE);
            self.frame(
                MARGIN,
                MARGIN - 12.0,
                MARGIN + run.width(SIZE) + 2.0 * PADDING,
                MARGIN + 14.0,
            );
            self.place(&run, MARGIN + PADDING, MARGIN + 5.0, SIZE);
        }
        let facility = match form.institution.as_str() {
            "" => "　　　　　　　　　　　　　　御中".to_owned(),
            name => format!("{name}　御中"),
        };
        let mut y = self.paragraph(&facility, MARGIN, MARGIN + 28.0, SIZE);
        let title = self.face.run(TITLE);
        y += 20.0;
        self.place(&title, (PAGE.0 - title.width(20.0)) / 2.0, y, 20.0);
        self.paragraph(INTRODUCTION, MARGIN, y + 28.0, SIZE) - SIZE * 0.4
    }

    fn table(&mut self, rows: &[Row], top: f32) -> f32 {
        let fits = |size: &&f32| {
            top + rows.iter().map(|row| self.height(row, **size)).sum::<f32>() <= TABLE_END
        };
        let size = *TABLE_SIZES.iter().find(fits).unwrap_or(&TABLE_SIZES[TABLE_SIZES.len() - 1]);
        let mut y = top;
        for row in rows {
            let below = y + self.height(row, size);
            self.frame(MARGIN, y, RIGHT, below);
            self.line((VALUES, y), (VALUES, below));
            let baseline = y + PADDING + size;
            let label = self.face.run(row.label);
            self.place(&label, MARGIN + PADDING, baseline, size.min(SIZE));
            self.value(&row.value, baseline, size);
            y = below;
        }
        y
    }

    fn height(&self, row: &Row, size: f32) -> f32 {
        let lines = match &row.value {
            Value::Text(text) => self.wrap(text, size, RIGHT - VALUES - 2.0 * PADDING).len(),
            Value::Choice { options, listed: true, .. } => options.len(),
            Value::Choice { .. } => 1,
        };
        let lines = f32::from(u16::try_from(lines.max(1)).unwrap_or(u16::MAX));
        (lines - 1.0) * size * LEADING + size * 1.2 + 2.0 * PADDING
    }

    fn value(&mut self, value: &Value, baseline: f32, size: f32) {
        let left = VALUES + PADDING;
        match value {
            Value::Text(text) => {
                let mut y = baseline;
                for line in self.wrap(text, size, RIGHT - left - PADDING) {
                    let run = self.face.run(&line);
                    self.place(&run, left, y, size);
                    y += size * LEADING;
                }
            }
            Value::Choice { options, chosen, listed: true } => {
                self.list(options, *chosen, left, baseline, size);
            }
            Value::Choice { options, chosen, listed: false } => {
                let mut x = left + size * 0.5;
                for (index, option) in options.iter().enumerate() {
                    let run = self.face.run(option);
                    let width = run.width(size);
                    self.place(&run, x, baseline, size);
                    if *chosen == Some(index) {
                        let centre = (x + width / 2.0, baseline - size * 0.37);
                        self.ellipse(centre, width / 2.0 + size * 0.5, size * 0.8);
                    }
                    x += width + size * 1.5;
                }
            }
        }
    }

    /// Numbered choices one below the other, the number of the chosen one in a circle.
    fn list(&mut self, options: &[&str], chosen: Option<usize>, x: f32, first: f32, size: f32) {
        let mut y = first;
        for (index, option) in options.iter().enumerate() {
            let number = self.face.run(&(index + 1).to_string());
            self.place(&number, x + size * 0.5, y, size);
            if chosen == Some(index) {
                let centre = (x + size * 0.5 + number.width(size) / 2.0, y - size * 0.37);
                self.ellipse(centre, size * 0.66, size * 0.66);
            }
            let option = self.face.run(option);
            self.place(&option, x + size * 1.8, y, size);
            y += size * LEADING;
        }
    }

    /// Signature and notes.
    fn foot(&mut self, top: f32) {
        let run = self.face.run(SIGNATURE);
        self.place(&run, MARGIN, top + 24.0, SIZE);
        // Room for large handwriting.
        for (text, y) in [(SIGN_HERE, top + 64.0), (PROXY, top + 100.0)] {
            let run = self.face.run(text);
            let left = if text == SIGN_HERE { RIGHT - 300.0 } else { MARGIN };
            self.place(&run, left, y, SIZE);
            self.line((left + run.width(SIZE) + PADDING, y + 4.0), (RIGHT, y + 4.0));
        }
        let mut y = top + 124.0;
        if !self.missing.is_empty() {
            y = self.paragraph(BY_HAND, MARGIN, y, SIZE);
        }
        y = self.paragraph(AS_ALWAYS, MARGIN, y, SIZE);
        for note in NOTES {
            y = self.paragraph(&format!("・{note}"), MARGIN, y, 8.5);
        }
    }

    /// Wrapped text from margin to margin; gives the baseline after the last line.
    fn paragraph(&mut self, text: &str, left: f32, first: f32, size: f32) -> f32 {
        let mut y = first;
        for line in self.wrap(text, size, RIGHT - left) {
            let run = self.face.run(&line);
            self.place(&run, left, y, size);
            y += size * LEADING;
        }
        y
    }

    /// Lines of at most `width`: broken between any two characters, but never before a closing
    /// mark, which may stand in the margin instead.
    fn wrap(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let run = self.face.run(text);
        let (mut lines, mut start, mut used) = (Vec::new(), 0, 0.0);
        for glyph in &run.glyphs {
            let advance = glyph.advance * size;
            let hangs = text[glyph.range.clone()].starts_with(['。', '、', '）', '」', 'ー']);
            if used + advance > width && !hangs {
                lines.push(text[start..glyph.range.start].to_owned());
                (start, used) = (glyph.range.start, 0.0);
            }
            used += advance;
        }
        lines.push(text[start..].to_owned());
        lines
    }

    fn place(&mut self, run: &Run, x: f32, baseline: f32, size: f32) {
        for missing in &run.missing {
            if !self.missing.contains(missing) {
                self.missing.push(missing.clone());
            }
        }
        let mut pen = x;
        let places = run.glyphs.iter().map(|glyph| {
            let at = pen;
            pen += glyph.advance * size;
            (glyph.id, (at, baseline))
        });
        let scale = size / self.face.units_per_em;
        self.drawing.text(&run.text, scale, places, |glyph| self.face.outline(glyph));
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32)) {
        self.drawing.line(from, to);
    }

    fn frame(&mut self, left: f32, top: f32, right: f32, bottom: f32) {
        self.drawing.frame(left, top, right, bottom);
    }

    fn ellipse(&mut self, centre: (f32, f32), rx: f32, ry: f32) {
        self.drawing.ellipse(centre, rx, ry);
    }
}
