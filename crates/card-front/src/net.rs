//! A small network: one hidden layer, softmax. Input are grey patches, dark on light, scaled to −1…1.

use crate::grey::Grey;

/// Width and height of a glyph patch.
pub const GLYPH: (usize, usize) = (16, 20);
/// Width and height of an era patch: two characters.
pub const ERA: (usize, usize) = (36, 18);
/// Classes of glyphs: ten digits, then 年 月 日 元, and everything else.
pub const GLYPH_CLASSES: usize = 15;
/// Classes of eras: 明治 大正 昭和 平成 令和.
pub const ERA_CLASSES: usize = checkin::era::Era::JAPANESE.len();
/// Most neurons of a layer; a larger file is not a model.
const MOST: usize = 4096;

/// Weights, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Net {
    /// Numbers of inputs, hidden neurons and outputs.
    pub shape: [usize; 3],
    /// `hidden` rows of `inputs` weights and a bias.
    pub first: Vec<f32>,
    /// `outputs` rows of `hidden` weights and a bias.
    pub second: Vec<f32>,
}

/// Bytes that are not a model of this reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a card-front model: train it again")]
pub struct ModelError;

impl Net {
    /// Outputs, their sum being 1, and the activity of the hidden layer.
    pub fn forward(&self, input: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let [inputs, hidden, _] = self.shape;
        let rows = |weights: &[f32], width: usize, from: &[f32]| -> Vec<f32> {
            let row = |row: &[f32]| row[width] + dot(&row[..width], from);
            weights.chunks_exact(width + 1).map(row).collect()
        };
        let mut middle = rows(&self.first, inputs, input);
        for value in &mut middle {
            *value = value.max(0.05 * *value);
        }
        let mut out = rows(&self.second, hidden, &middle);
        let most = out.iter().copied().fold(f32::MIN, f32::max);
        for value in &mut out {
            *value = (*value - most).exp();
        }
        let sum: f32 = out.iter().sum();
        for value in &mut out {
            *value /= sum;
        }
        (out, middle)
    }

    /// The mean probabilities over several pictures of the same thing.
    #[expect(clippy::cast_precision_loss, reason = "a few pictures")]
    pub fn mean(&self, inputs: &[Vec<f32>]) -> Vec<f32> {
        let mut sum = vec![0.0; self.shape[2]];
        for input in inputs {
            let (out, _) = self.forward(input);
            sum.iter_mut().zip(out).for_each(|(sum, part)| *sum += part / inputs.len() as f32);
        }
        sum
    }

    /// Divides what the last layer says by `temperature`, so that probabilities mean what they say.
    pub fn cool(&mut self, temperature: f32) {
        self.second.iter_mut().for_each(|weight| *weight /= temperature);
    }

    /// As bytes: three big-endian `u16`, then little-endian `f32`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let shape = self.shape.map(|n| u16::try_from(n).unwrap_or(0).to_be_bytes()).concat();
        let weights = self.first.iter().chain(&self.second).flat_map(|w| w.to_le_bytes());
        shape.into_iter().chain(weights).collect()
    }

    /// Reads one network; what follows it comes back.
    ///
    /// # Errors
    /// [`ModelError`] for anything but what [`Net::to_bytes`] writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, &[u8]), ModelError> {
        let (head, rest) = bytes.split_at_checked(6).ok_or(ModelError)?;
        let size = |at: usize| usize::from(u16::from_be_bytes([head[at], head[at + 1]]));
        let shape = [size(0), size(2), size(4)];
        if shape.iter().any(|n| !(1..=MOST).contains(n)) {
            return Err(ModelError);
        }
        let (first, second) = (shape[1] * (shape[0] + 1), shape[2] * (shape[1] + 1));
        let (weights, rest) = rest.split_at_checked(4 * (first + second)).ok_or(ModelError)?;
        let mut weights: Vec<f32> =
            weights.chunks_exact(4).map(|w| f32::from_le_bytes([w[0], w[1], w[2], w[3]])).collect();
        if weights.iter().any(|weight| !weight.is_finite()) {
            return Err(ModelError);
        }
        let second = weights.split_off(first);
        Ok((Self { shape, first: weights, second }, rest))
    }
}

/// Eight sums side by side, which the compiler turns into vectors; one after the other would be several times slower.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let (ones, others) = (one.chunks_exact(8), other.chunks_exact(8));
    let rest: f32 = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| a * b).sum();
    let mut sums = [0.0f32; 8];
    for (one, other) in ones.zip(others) {
        for (sum, (a, b)) in sums.iter_mut().zip(one.iter().zip(other)) {
            *sum += a * b;
        }
    }
    rest + sums.iter().sum::<f32>()
}

/// The likeliest class.
pub fn likeliest(probabilities: &[f32]) -> usize {
    let best = |a: &usize, b: &usize| probabilities[*a].total_cmp(&probabilities[*b]);
    (0..probabilities.len()).max_by(best).unwrap_or(0)
}

/// A region of a picture as input, its contrast stretched. Box: left, top, width, height in pixels.
#[expect(clippy::cast_precision_loss, reason = "small patches")]
pub fn patch(picture: &Grey, area: (f32, f32, f32, f32), size: (usize, usize)) -> Vec<f32> {
    let (left, top, width, height) = area;
    let mut values = Vec::with_capacity(size.0 * size.1);
    for y in 0..size.1 {
        for x in 0..size.0 {
            let u = left + (x as f32 + 0.5) / size.0 as f32 * width - 0.5;
            let v = top + (y as f32 + 0.5) / size.1 as f32 * height - 0.5;
            values.push(picture.sample(u, v));
        }
    }
    let low = values.iter().copied().fold(f32::MAX, f32::min);
    let high = values.iter().copied().fold(f32::MIN, f32::max);
    let span = (high - low).max(12.0);
    for value in &mut values {
        *value = 2.0 * (*value - low) / span - 1.0;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_come_back_from_their_bytes_and_others_are_refused() {
        let net = Net { shape: [2, 3, 2], first: vec![0.5; 9], second: vec![-0.25; 8] };
        let bytes = net.to_bytes();
        assert_eq!(Net::from_bytes(&bytes), Ok((net.clone(), &[][..])));
        assert_eq!(Net::from_bytes(&bytes[..bytes.len() - 1]), Err(ModelError));
        assert_eq!(Net::from_bytes(&[0; 6]), Err(ModelError));
        let mut endless = net;
        endless.first[0] = f32::NAN;
        assert_eq!(Net::from_bytes(&endless.to_bytes()), Err(ModelError));
        let (out, _) = endless.forward(&[1.0, 2.0]);
        assert_eq!(out.len(), 2);
    }
}
