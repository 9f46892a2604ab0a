//! In a JavaScript engine: the golden lines, and messages as they are posted.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a golden line that cannot be read is the failure")]

use js_sys::{JSON, Object, Reflect, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use worker_messages::envelope::{pack, unpack};
use worker_messages::text::{MAX_BYTES, read, write};
use worker_messages::{FromWorker, NotUnderstood, ToWorker};

/// Every line is read and written back unchanged; gives the number of lines.
fn check<T: Serialize + DeserializeOwned>(snapshot: &str) -> usize {
    let lines = snapshot.lines().filter(|line| line.starts_with('{'));
    lines.map(|line| assert_eq!(*write(&read::<T>(line).unwrap()), line)).count()
}

#[wasm_bindgen_test]
fn golden_lines() {
    assert!(check::<ToWorker>(include_str!("snapshots/golden__to_worker.snap")) > 5);
    assert!(check::<FromWorker>(include_str!("snapshots/golden__from_worker.snap")) > 30);
}

#[wasm_bindgen_test]
fn what_is_attached_goes_beside_the_text() {
    let photo = Uint8Array::from([1, 2, 3].as_slice()).buffer();
    let posted = pack(&ToWorker::Reference, Some(&photo));
    let (message, attached) = unpack::<ToWorker>(&posted).unwrap();
    assert_eq!(message, ToWorker::Reference);
    assert!(Object::is(&attached, &photo), "the very same buffer");
    let (message, attached) = unpack(&pack(&ToWorker::Forget, None)).unwrap();
    assert_eq!((message, attached), (ToWorker::Forget, JsValue::UNDEFINED));
}

#[wasm_bindgen_test]
fn whatever_else_is_posted_is_refused() {
    for bad in ["null", "1", "\"forget\"", "{}", "[]", "{\"message\":1}", "{\"message\":\"{}\"}"] {
        let value = JSON::parse(bad).unwrap();
        assert_eq!(unpack::<ToWorker>(&value), Err(NotUnderstood), "{bad}");
    }
    assert_eq!(unpack::<ToWorker>(&JsValue::UNDEFINED), Err(NotUnderstood));
    let long = pack(&ToWorker::Forget, None);
    let text = write(&ToWorker::Forget).to_string() + &" ".repeat(MAX_BYTES);
    Reflect::set(&long, &"message".into(), &text.into()).unwrap();
    assert_eq!(unpack::<ToWorker>(&long), Err(NotUnderstood));
    assert!(long.is_instance_of::<Object>());
}
