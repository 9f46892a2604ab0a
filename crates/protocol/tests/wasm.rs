//! The browser reads what the bridge writes, and the other way round: the golden lines under wasm.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a golden line that cannot be read is the failure")]

use protocol::{FromBridge, FromKiosk};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen_test::wasm_bindgen_test;

/// Every line is read and written back unchanged; gives the number of lines.
fn check<T: Serialize + DeserializeOwned>(snapshot: &str) -> usize {
    let lines = snapshot.lines().filter(|line| line.starts_with('{'));
    lines
        .map(|line| {
            let message: T = serde_json::from_str(line).unwrap();
            assert_eq!(serde_json::to_string(&message).unwrap(), line);
        })
        .count()
}

#[wasm_bindgen_test]
fn golden_lines() {
    assert!(check::<FromBridge>(include_str!("snapshots/golden__from_bridge.snap")) > 20);
    assert!(check::<FromKiosk>(include_str!("snapshots/golden__from_kiosk.snap")) > 10);
}
