//! Fetching the models and preparing the pipeline.

use std::collections::BTreeMap;

use face::models::{MAX_MODEL_BYTES, file_name};
use face::{Models, Pipeline, Role};
use js_sys::{ArrayBuffer, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;
use worker_messages::Failure;

use crate::answer::scope;

/// Written beside the models when they are prepared.
const PREPARED: &str = "prepared.json";
/// Its largest size in bytes.
const MAX_PREPARED_BYTES: usize = 64 * 1024;

/// The fields of `prepared.json` that are read here; the bridge reads the others.
#[derive(Deserialize)]
struct Prepared {
    model_hash: String,
    /// By the name of their role.
    files: BTreeMap<String, PreparedFile>,
}

/// One model.
#[derive(Deserialize)]
struct PreparedFile {
    sha256: String,
}

/// Fetches all four files of a folder, checks the hash, loads.
pub(crate) async fn load(folder: &str) -> Result<Pipeline, Failure> {
    let prepared = fetch(&format!("{folder}{PREPARED}"), MAX_PREPARED_BYTES).await?;
    let prepared: Prepared =
        serde_json::from_slice(&prepared).map_err(|_| Failure::ModelUnusable)?;
    // All at once: the browser fetches them side by side.
    let mut fetching = Vec::with_capacity(Role::ALL.len());
    for role in Role::ALL {
        let file = prepared.files.get(role.name()).ok_or(Failure::ModelMissing)?;
        // With the hash the browser keeps the file for good, and never uses an old one.
        fetching.push(start(&format!("{folder}{}?v={}", file_name(role), file.sha256))?);
    }
    let mut files = Vec::with_capacity(fetching.len());
    for response in fetching {
        files.push(finish(response, MAX_MODEL_BYTES).await?);
    }
    let [detector, landmark, embedding, liveness] =
        [0, 1, 2, 3].map(|index: usize| files[index].as_slice());
    let models = Models { detector, landmark, embedding, liveness };
    if face::model_hash(&models) != prepared.model_hash {
        return Err(Failure::ModelHashDiffers);
    }
    Pipeline::load(&models).map_err(|_| Failure::ModelUnusable)
}

/// Fetches one file of our own origin with at most `most` bytes.
pub(crate) async fn fetch(url: &str, most: usize) -> Result<Vec<u8>, Failure> {
    finish(start(url)?, most).await
}

/// Starts one request; only addresses of our own origin are asked.
fn start(url: &str) -> Result<JsFuture, Failure> {
    let scope = scope().ok_or(Failure::NotAWorker)?;
    let origin = scope.location().origin();
    let full = web_sys::Url::new_with_base(url, &scope.location().href())
        .map_err(|_| Failure::ModelMissing)?;
    if full.origin() != origin {
        return Err(Failure::ModelOfAnotherOrigin);
    }
    Ok(JsFuture::from(scope.fetch_with_str(&full.href())))
}

async fn finish(response: JsFuture, most: usize) -> Result<Vec<u8>, Failure> {
    let missing = |_: JsValue| Failure::ModelMissing;
    let response: Response = response.await.map_err(missing)?.dyn_into().map_err(missing)?;
    if !response.ok() {
        return Err(Failure::ModelMissing);
    }
    let body: ArrayBuffer = JsFuture::from(response.array_buffer().map_err(missing)?)
        .await
        .map_err(missing)?
        .dyn_into()
        .map_err(missing)?;
    if body.byte_length() as usize > most {
        return Err(Failure::ModelUnusable);
    }
    Ok(Uint8Array::new(&body).to_vec())
}
