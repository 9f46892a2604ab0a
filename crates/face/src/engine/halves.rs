//! One picture computed in two halves, beside each other where a second thread stands by.

use std::ops::Range;

use super::image::Image;
use crate::beside;

/// Multiplications below which two threads only wait for each other.
const WORTH: usize = 20_000;
/// Halves begin at a multiple of so many pixels.
const TILE: usize = 4;

/// Some pixels, in the order of their places, and the piece of the buffer that they lie in.
pub(super) struct Half<'a> {
    /// First and last of the list of places.
    pub(super) pixels: Range<usize>,
    /// What is written.
    pub(super) buffer: &'a mut [f32],
    /// Where `buffer` begins in the whole.
    pub(super) begins: usize,
}

/// Does `work` for all pixels, which lie in `buffer` at rising `places` and cost so many multiplications each.
pub(super) fn in_halves(
    places: &[usize],
    each: usize,
    buffer: &mut [f32],
    work: impl Fn(Half<'_>) + Sync,
) {
    let all = places.len();
    let middle = (all / 2).next_multiple_of(TILE);
    if !beside::is_worth_it(all * each, WORTH) || middle >= all {
        return work(Half { pixels: 0..all, buffer, begins: 0 });
    }
    let begins = places[middle];
    let (first, second) = buffer.split_at_mut(begins);
    beside::both(
        || work(Half { pixels: 0..middle, buffer: first, begins: 0 }),
        || work(Half { pixels: middle..all, buffer: second, begins }),
    );
}

/// Does `work` for all rows of a picture; it gets rows, a piece of the buffer, and where that begins in the whole.
pub(super) fn rows_in_halves(
    image: &Image,
    buffer: &mut [f32],
    work: impl Fn(Range<usize>, &mut [f32], usize) + Sync,
) {
    let (all, middle) = (image.height, image.height / 2);
    if !beside::is_worth_it(image.len(), WORTH) || middle == 0 {
        return work(0..all, buffer, 0);
    }
    let begins = image.at(middle, 0);
    let (first, second) = buffer.split_at_mut(begins);
    beside::both(|| work(0..middle, first, 0), || work(middle..all, second, begins));
}

/// Does `work` for all rows of a list, given so many numbers a row in and out.
pub(super) fn list_in_halves(
    width: usize,
    input: &[f32],
    output: &mut [f32],
    work: impl Fn(&[f32], &mut [f32]) + Sync,
) {
    let middle = output.len() / width / 2 * width;
    // Each number costs an exponential function.
    if !beside::is_worth_it(output.len() * 16, WORTH) || middle == 0 {
        return work(input, output);
    }
    let (first, second) = output.split_at_mut(middle);
    beside::both(|| work(&input[..middle], first), || work(&input[middle..], second));
}
