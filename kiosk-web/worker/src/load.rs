//! Fetching the models and preparing the pipeline.

use face::models::MAX_MODEL_BYTES;
use face::{Models, Pipeline};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::answer::scope;

/// Fetches all four files, checks the hash, loads. The error is the `reason` of `failed`.
pub(crate) async fn load(urls: [String; 4], expected: &str) -> Result<Pipeline, &'static str> {
    let [detector, landmark, embedding, liveness] = urls;
    // All at once: the browser fetches them side by side.
    let fetching = [start(&detector)?, start(&landmark)?, start(&embedding)?, start(&liveness)?];
    let mut files = Vec::with_capacity(fetching.len());
    for response in fetching {
        files.push(finish(response, MAX_MODEL_BYTES).await?);
    }
    let [detector, landmark, embedding, liveness] =
        [0, 1, 2, 3].map(|index: usize| files[index].as_slice());
    let models = Models { detector, landmark, embedding, liveness };
    if face::model_hash(&models) != expected {
        return Err("model_hash_differs");
    }
    Pipeline::load(&models).map_err(|_| "model_unusable")
}

/// Fetches one file of our own origin with at most `most` bytes.
pub(crate) async fn fetch(url: &str, most: usize) -> Result<Vec<u8>, &'static str> {
    finish(start(url)?, most).await
}

/// Starts one request; only addresses of our own origin are asked.
fn start(url: &str) -> Result<JsFuture, &'static str> {
    let scope = scope().ok_or("not_a_worker")?;
    let origin = scope.location().origin();
    let full =
        web_sys::Url::new_with_base(url, &scope.location().href()).map_err(|_| "model_missing")?;
    if full.origin() != origin {
        return Err("model_of_another_origin");
    }
    Ok(JsFuture::from(scope.fetch_with_str(&full.href())))
}

async fn finish(response: JsFuture, most: usize) -> Result<Vec<u8>, &'static str> {
    let missing = |_: JsValue| "model_missing";
    let response: Response = response.await.map_err(missing)?.dyn_into().map_err(missing)?;
    if !response.ok() {
        return Err("model_missing");
    }
    let body: ArrayBuffer = JsFuture::from(response.array_buffer().map_err(missing)?)
        .await
        .map_err(missing)?
        .dyn_into()
        .map_err(missing)?;
    if body.byte_length() as usize > most {
        return Err("model_unusable");
    }
    Ok(Uint8Array::new(&body).to_vec())
}
