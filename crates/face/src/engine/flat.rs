//! Plain lists of numbers: what is left to do with boxes and scores.

use super::halves::list_in_halves;
use super::image::Image;

/// What is done.
#[derive(Debug, Clone)]
pub(super) enum Flat {
    /// Pixel by pixel without padding.
    Of(Image),
    /// Joins lists of so many numbers a row, row by row.
    Join(Vec<usize>),
    /// Of rows of so many numbers, those from the second on, up to the third.
    Cut([usize; 3]),
    /// Sum, element by element.
    Add(Option<Operand>),
    /// First minus second.
    Sub(Option<Operand>),
    /// Product, element by element.
    Mul(Option<Operand>),
    /// eˣ.
    Exp,
    /// Of each row of so many numbers, each as a part of the whole after eˣ.
    Softmax(usize),
}

/// The constant half of an operation of two lists.
#[derive(Debug, Clone)]
pub(super) struct Operand {
    /// As many numbers as the list, or a part of it that is used over and over.
    pub(super) values: Vec<f32>,
    /// Whether it is the first.
    pub(super) first: bool,
}

impl Flat {
    /// Computes the list.
    pub(super) fn run(&self, buffers: &[Vec<f32>], inputs: &[usize], output: &mut [f32]) {
        let first = buffers[inputs[0]].as_slice();
        match self {
            Self::Of(image) => {
                for (at, pixel) in output.chunks_exact_mut(image.channels).enumerate() {
                    let from = image.at(at / image.width, at % image.width);
                    pixel.copy_from_slice(&first[from..][..image.channels]);
                }
            }
            Self::Join(widths) => join(widths, buffers, inputs, output),
            Self::Cut([width, start, end]) => {
                let rows = output.chunks_exact_mut(end - start).zip(first.chunks_exact(*width));
                rows.for_each(|(to, from)| to.copy_from_slice(&from[*start..*end]));
            }
            Self::Add(operand) => both(operand.as_ref(), buffers, inputs, output, |a, b| a + b),
            Self::Sub(operand) => both(operand.as_ref(), buffers, inputs, output, |a, b| a - b),
            Self::Mul(operand) => both(operand.as_ref(), buffers, inputs, output, |a, b| a * b),
            Self::Exp => list_in_halves(1, first, output, |first, output| {
                output.iter_mut().zip(first).for_each(|(to, from)| *to = from.exp());
            }),
            Self::Softmax(width) => {
                list_in_halves(*width, first, output, |first, output| {
                    let rows = output.chunks_exact_mut(*width).zip(first.chunks_exact(*width));
                    rows.for_each(|(to, from)| softmax(from, to));
                });
            }
        }
    }
}

/// Each number as a part of the whole after eˣ.
fn softmax(from: &[f32], to: &mut [f32]) {
    let highest = from.iter().copied().fold(f32::MIN, f32::max);
    to.iter_mut().zip(from).for_each(|(to, from)| *to = (from - highest).exp());
    let sum: f32 = to.iter().sum();
    for value in to.iter_mut() {
        *value /= sum;
    }
}

fn join(widths: &[usize], buffers: &[Vec<f32>], inputs: &[usize], output: &mut [f32]) {
    let all: usize = widths.iter().sum();
    for (row, output) in output.chunks_exact_mut(all).enumerate() {
        let mut at = 0;
        for (width, input) in widths.iter().zip(inputs) {
            output[at..at + width].copy_from_slice(&buffers[*input][row * width..][..*width]);
            at += width;
        }
    }
}

fn both(
    operand: Option<&Operand>,
    buffers: &[Vec<f32>],
    inputs: &[usize],
    output: &mut [f32],
    work: impl Fn(f32, f32) -> f32,
) {
    let first = buffers[inputs[0]].iter();
    match operand {
        None => {
            let second = &buffers[inputs[1]];
            let pairs = output.iter_mut().zip(first).zip(second);
            pairs.for_each(|((to, a), b)| *to = work(*a, *b));
        }
        Some(Operand { values, first: constant_first }) => {
            let work = |a: f32, b: f32| if *constant_first { work(b, a) } else { work(a, b) };
            if let [value] = values[..] {
                return output.iter_mut().zip(first).for_each(|(to, a)| *to = work(*a, value));
            }
            let rows = output.chunks_mut(values.len()).zip(first.as_slice().chunks(values.len()));
            for (to, from) in rows {
                let pairs = to.iter_mut().zip(from).zip(values);
                pairs.for_each(|((to, a), b)| *to = work(*a, *b));
            }
        }
    }
}
