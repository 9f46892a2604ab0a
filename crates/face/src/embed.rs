//! A face as 512 numbers, and how near two of them are.

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::align::{Aligned, SIDE};
use crate::models::{EngineError, Net};
use crate::warp::{Pixel, mirror};

/// Numbers in an embedding.
pub const LENGTH: usize = 512;

/// A face as 512 numbers of unit length. Biometric data: never printed, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Embedding(Box<[f32; LENGTH]>);

impl Embedding {
    /// Scales the sum of some 512-number vectors to unit length; `None` when it has no direction.
    pub(crate) fn from_sum<'a>(vectors: impl IntoIterator<Item = &'a [f32]>) -> Option<Self> {
        let mut sum = Self(Box::new([0.0; LENGTH]));
        for vector in vectors {
            sum.0.iter_mut().zip(vector).for_each(|(total, value)| *total += value);
        }
        let norm = sum.0.iter().map(|value| value * value).sum::<f32>().sqrt();
        if !(norm.is_finite() && norm > 1e-6) {
            return None;
        }
        sum.0.iter_mut().for_each(|value| *value /= norm);
        Some(sum)
    }

    /// The mean direction of several embeddings; `None` for none, or when they cancel out.
    pub fn mean<'a>(embeddings: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        Self::from_sum(embeddings.into_iter().map(|embedding| embedding.0.as_slice()))
    }

    /// Cosine of the angle between two faces, −1..=1; larger is more alike.
    pub fn cosine(&self, other: &Self) -> f32 {
        self.0.iter().zip(other.0.iter()).map(|(a, b)| a * b).sum::<f32>().clamp(-1.0, 1.0)
    }
}

impl std::fmt::Debug for Embedding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Embedding(hidden)")
    }
}

/// What the model sees: blue, green, red, (px − 127) ÷ 128.
pub(crate) fn input(face: &Aligned) -> Vec<Pixel> {
    let normal = |value: f32| (value - 127.0) / 128.0;
    let pixels = face.pixels().iter();
    pixels.map(|[r, g, b, _]| [normal(*b), normal(*g), normal(*r), 0.0]).collect()
}

/// Which way round a face is embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// As it is and mirrored, averaged.
    Both,
    /// As it is.
    Straight,
    /// Mirrored.
    Mirrored,
}

/// Embeds the face: 112×112 f32 BGR, (px − 127) ÷ 128.
///
/// `None` when the result has no direction.
pub(crate) fn embed(
    net: &Net,
    face: &Aligned,
    sides: Sides,
) -> Result<Option<Embedding>, EngineError> {
    let mut face = input(face);
    let mut embeddings = Vec::with_capacity(2);
    let run = |face: &[Pixel], embeddings: &mut Vec<Embedding>| -> Result<(), EngineError> {
        let mut outputs = net.see(face)?;
        embeddings.extend(Embedding::from_sum([outputs[0].as_slice()]));
        outputs[0].zeroize();
        Ok(())
    };
    let mut result = Ok(());
    if sides != Sides::Mirrored {
        result = run(&face, &mut embeddings);
    }
    if sides != Sides::Straight && result.is_ok() {
        mirror(&mut face, SIDE);
        result = run(&face, &mut embeddings);
    }
    face.zeroize();
    result?;
    Ok(Embedding::mean(&embeddings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_length_and_hidden() {
        let mut vector = [0.0; LENGTH];
        (vector[0], vector[1]) = (3.0, 4.0);
        let embedding = Embedding::from_sum([vector.as_slice()]).unwrap();
        assert!((embedding.cosine(&embedding) - 1.0).abs() < 1e-6);
        assert_eq!(format!("{embedding:?}"), "Embedding(hidden)");
        assert!(Embedding::from_sum([[0.0; LENGTH].as_slice()]).is_none());
        assert!(Embedding::mean([]).is_none());
    }
}
