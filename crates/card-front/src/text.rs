//! Dates and the code among the glyphs of a line.

use std::ops::Range;

use crate::glyph::{DAY, FIRST, Glyph, MONTH, YEAR};
use crate::line::{Piece, Print};

/// Ink in a gap that is taken for noise.
const BLANK: f32 = 0.04;

/// Width of 年, 月 or 日 in hundredths of its height beyond which it has swallowed a digit beside it: they are printed at most
/// 108 wide, and the narrowest digit with its gap adds 30.
const WIDEST: usize = 115;

/// A date in a line, as places of its digits. The year is empty for 元年.
pub(crate) struct Date {
    pub(crate) year: Range<usize>,
    pub(crate) month: Range<usize>,
    pub(crate) day: Range<usize>,
    /// Height of its digits in pixels.
    pub(crate) height: usize,
}

impl Date {
    /// Where it begins, its era not counted.
    pub(crate) fn start(&self, line: &[Glyph]) -> usize {
        let first = self.year.start;
        if self.year.is_empty() && first > 0 && line[first - 1].class == FIRST {
            first - 1
        } else {
            first
        }
    }
}

/// Every `…年…月…日` of a line whose gaps are blank.
pub(crate) fn dates(line: &[Glyph], print: &Print) -> Vec<Date> {
    (0..line.len()).filter_map(|at| date(line, at, print)).collect()
}

/// The date whose 年 stands at `at`.
fn date(line: &[Glyph], at: usize, print: &Print) -> Option<Date> {
    if line[at].class != YEAR {
        return None;
    }
    let first = at > 0 && line[at - 1].class == FIRST;
    let year = if first { at..at } else { run_before(line, at) };
    let month = run_after(line, at + 1);
    let day = run_after(line, month.end + 1);
    let is = |place: usize, class: usize| line.get(place).is_some_and(|g| g.class == class);
    let alone = |place: usize| 100 * line[place].piece.width <= WIDEST * line[place].piece.height;
    let whole =
        is(month.end, MONTH) && is(day.end, DAY) && [at, month.end, day.end].into_iter().all(alone);
    let counted = (first || matches!(year.len(), 1 | 2 | 4))
        && (1..=2).contains(&month.len())
        && (1..=2).contains(&day.len());
    if !whole || !counted {
        return None;
    }
    let height = height(line[month.clone()].iter().chain(&line[day.clone()]))?;
    let start = if first { at - 1 } else { year.start };
    // Nothing may be missing in between: a digit that glare took away would leave a gap.
    let tight = (start..day.end).all(|place| {
        let (one, next) = (line[place], line[place + 1]);
        let gap = gap(one.piece, next.piece);
        // A single digit may stand where two could.
        let padded = !one.is_digit() && next.is_digit();
        10 * gap <= if padded { 17 * height } else { 6 * height }
            && is_blank(print, one.piece, next.piece)
    });
    tight.then_some(Date { year, month, day, height })
}

/// Whether the columns between two neighbours are blank.
pub(crate) fn is_blank(print: &Print, one: Piece, next: Piece) -> bool {
    let like = if one.height < next.height { one } else { next };
    next.x < one.right() + 6 || print.ink_between(one.right() + 2, next.x - 2, like) < BLANK
}

/// The four digits that stand by themselves; `None` unless there is exactly one such group.
pub(crate) fn code(lines: &[Vec<Glyph>], print: &Print) -> Option<[[f32; 10]; 4]> {
    let mut found = None;
    for line in lines {
        let mut at = 0;
        while at < line.len() {
            let end = (at..line.len()).find(|place| !line[*place].is_digit());
            let run = at..end.unwrap_or(line.len());
            at = run.end + 1;
            for group in groups(line, run) {
                if group.len() == 4 && stands_alone(line, &group, print) {
                    if found.is_some() {
                        return None;
                    }
                    found = Some(group.map(|place| line[place].digits).collect::<Vec<_>>());
                }
            }
        }
    }
    found?.try_into().ok()
}

/// Parts a run of digits where the gaps are wide.
fn groups(line: &[Glyph], run: Range<usize>) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for place in run {
        let height = line[place].piece.height;
        match groups.last_mut() {
            Some(group) if gap(line[place - 1].piece, line[place].piece) < height => {
                group.end = place + 1;
            }
            _ => groups.push(place..place + 1),
        }
    }
    groups
}

/// Equal height, equal steps, and nothing on either side.
fn stands_alone(line: &[Glyph], group: &Range<usize>, print: &Print) -> bool {
    let pieces: Vec<Piece> = line[group.clone()].iter().map(|glyph| glyph.piece).collect();
    let heights = pieces.iter().map(|piece| piece.height);
    let (least, most) = (heights.clone().min().unwrap_or(1), heights.max().unwrap_or(1));
    let steps: Vec<usize> = pieces
        .windows(2)
        .map(|two| (2 * two[1].x + two[1].width).saturating_sub(2 * two[0].x + two[0].width))
        .collect();
    let (short, long) =
        (steps.iter().min().copied().unwrap_or(1), steps.iter().max().copied().unwrap_or(1));
    let (left, right) = (pieces[0], pieces[pieces.len() - 1]);
    let before = left.x.saturating_sub(most);
    10 * most <= 13 * least
        && 10 * long <= 15 * short
        && print.ink_between(before, left.x.saturating_sub(2), left) < BLANK
        && print.ink_between(right.right() + 2, right.right() + most, right) < BLANK
}

fn run_before(line: &[Glyph], end: usize) -> Range<usize> {
    let start = (0..end).rev().take_while(|place| line[*place].is_digit()).last();
    start.unwrap_or(end)..end
}

fn run_after(line: &[Glyph], start: usize) -> Range<usize> {
    let start = start.min(line.len());
    let length = line[start..].iter().take_while(|glyph| glyph.is_digit()).count();
    start..start + length
}

fn height<'a>(glyphs: impl Iterator<Item = &'a Glyph>) -> Option<usize> {
    let mut heights: Vec<usize> = glyphs.map(|glyph| glyph.piece.height).collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).copied()
}

fn gap(one: Piece, next: Piece) -> usize {
    next.x.saturating_sub(one.right())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grey::Grey;

    /// Glyphs in a row: class, width; all 24 high, 3 apart.
    fn row(glyphs: &[(usize, usize)]) -> Vec<Glyph> {
        let mut x = 10;
        let place = |(class, width): &(usize, usize)| {
            let piece = Piece { x, y: 20, width: *width, height: 24 };
            x += width + 3;
            Glyph { piece, class: *class, digits: [0.0; 10] }
        };
        glyphs.iter().map(place).collect()
    }

    /// 24年3月10日, whose 年 is so wide; with `swallowed` it has taken in the 4.
    fn found(year_width: usize, swallowed: bool) -> Option<Vec<usize>> {
        let mut glyphs = vec![(2, 12), (4, 12), (YEAR, year_width), (3, 12), (MONTH, 20)];
        glyphs.extend([(1, 6), (0, 12), (DAY, 20)]);
        if swallowed {
            glyphs.remove(1);
        }
        let print = Print::find(&Grey::filled(400, 64, 200), 22);
        let dates = dates(&row(&glyphs), &print);
        dates
            .first()
            .map(|date| [&date.year, &date.month, &date.day].map(ExactSizeIterator::len).to_vec())
    }

    #[test]
    fn a_character_that_swallowed_a_digit_is_no_year() {
        assert_eq!(found(24, false), Some(vec![2, 1, 2]));
        assert_eq!(found(26, false), Some(vec![2, 1, 2]), "the widest that is printed");
        assert_eq!(found(37, true), None);
        assert_eq!(found(31, true), None, "it was a 1");
    }
}
