//! Golden cosines between portraits, for native code and wasm alike.

use face::{Embedding, Frame, Pipeline};

/// Cosine of obama with obama2 and with biden, native x86-64, prepared models of the manifest.
const GOLDEN: [f32; 2] = [0.767_06, -0.023_46];

/// Kernels add in another order on every target; decisions are made in hundredths.
const TOLERANCE: f32 = 2e-3;

/// `portraits`: JPEG files of obama, obama2 and biden.
pub(crate) fn check(pipeline: &Pipeline, portraits: [&[u8]; 3]) {
    let [card, same, other] = portraits.map(|jpeg| embed(pipeline, jpeg));
    let found = [card.cosine(&same), card.cosine(&other)];
    for (found, golden) in found.into_iter().zip(GOLDEN) {
        assert!((found - golden).abs() < TOLERANCE, "{found} instead of {golden}");
    }
}

fn embed(pipeline: &Pipeline, jpeg: &[u8]) -> Embedding {
    let picture = image::load_from_memory(jpeg).unwrap().thumbnail(640, 640).to_rgba8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    pipeline.enrol_picture(Frame::new(&picture, width, height).unwrap()).unwrap()
}
