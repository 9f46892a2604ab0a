//! The pipeline in wasm gives what it gives natively: every stage, on the same portraits.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "face/golden.rs"]
mod golden;

use face::{Models, Pipeline};
use wasm_bindgen_test::wasm_bindgen_test;

macro_rules! model {
    ($role:literal) => {
        include_bytes!(concat!("../../../models/files/", $role, ".graph"))
    };
}

macro_rules! portrait {
    ($name:literal) => {
        include_bytes!(concat!("../../../target/test-data/portraits/", $name, ".jpg"))
    };
}

#[wasm_bindgen_test]
fn every_stage_as_native() {
    let models = Models {
        detector: model!("detector"),
        landmark: model!("landmark"),
        embedding: model!("embedding"),
        liveness: model!("liveness"),
    };
    let pipeline = Pipeline::load(&models).unwrap();
    let portraits: [&[u8]; 4] =
        [portrait!("obama"), portrait!("obama2"), portrait!("obama3"), portrait!("biden")];
    golden::check(&pipeline, portraits);
}
