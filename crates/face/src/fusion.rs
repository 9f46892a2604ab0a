//! The frames of one attempt as one face.

use crate::embed::Embedding;

/// The best so many frames are fused.
pub const FUSED_FRAMES: usize = 5;

/// A frame kept for fusion.
struct Kept {
    grade: f32,
    embedding: Embedding,
}

/// The best frames of one attempt, averaged.
///
/// Embeddings are averaged before they are compared, so that more frames make the comparison better, not merely more
/// often: taking the highest single score instead would raise the false match rate with every frame.
#[derive(Default)]
pub struct Fusion {
    kept: Vec<Kept>,
    passed: usize,
}

impl Fusion {
    /// Takes the face of one frame and how good that frame is among others, 0..=1.
    pub fn add(&mut self, embedding: Embedding, grade: f32) {
        self.passed += 1;
        self.kept.push(Kept { grade, embedding });
        self.kept.sort_by(|a, b| b.grade.total_cmp(&a.grade));
        self.kept.truncate(FUSED_FRAMES);
    }

    /// Frames so far.
    pub fn frames(&self) -> usize {
        self.passed
    }

    /// The mean face of the best [`FUSED_FRAMES`] frames; `None` without one.
    pub fn face(&self) -> Option<Embedding> {
        Embedding::mean(self.kept.iter().map(|kept| &kept.embedding))
    }
}
