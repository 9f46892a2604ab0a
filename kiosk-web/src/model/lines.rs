//! Whether the lines of the board have moved: what is pressed then may be meant for the line that lay there before.

use std::collections::BTreeMap;

/// Where each line begins, by its visit, in pixels from the top of the page.
pub(crate) type Tops = BTreeMap<u64, f64>;

/// Less is a matter of rounding.
const PIXEL: f64 = 1.0;

/// Whether a line lies elsewhere than before, or is gone. Lines that came below the others move nothing.
pub(crate) fn have_moved(before: &Tops, now: &Tops) -> bool {
    let lies_there =
        |(id, top): (&u64, &f64)| now.get(id).is_some_and(|now: &f64| (now - top).abs() < PIXEL);
    !before.iter().all(lies_there)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tops(of: &[(u64, f64)]) -> Tops {
        of.iter().copied().collect()
    }

    #[test]
    fn a_line_that_comes_down_moves_the_others_and_one_below_them_does_not() {
        let before = tops(&[(2, 100.0), (1, 148.0)]);
        assert!(!have_moved(&before, &before));
        assert!(!have_moved(&before, &tops(&[(2, 100.4), (1, 148.0), (9, 196.0)])));
        // The first one is done: the tick of the next person lies where its own lay.
        assert!(have_moved(&before, &tops(&[(1, 100.0), (2, 148.0)])));
        assert!(have_moved(&before, &tops(&[(1, 100.0)])), "it is gone");
        assert!(have_moved(&before, &tops(&[(2, 152.0), (1, 200.0)])), "a bar came above");
        assert!(!have_moved(&Tops::new(), &before), "nothing lay there");
    }
}
