//! What the bridge needs to know of the face models: their hash and operating point.

use checkin::identity::FaceRule;
use serde::Deserialize;
use std::path::Path;

/// Written beside the models when they are prepared.
pub const FILE: &str = "prepared.json";

/// Why face matching is not available.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    /// The file is not there.
    #[error("{FILE} is missing: run `cargo xtask models`")]
    Missing,
    /// The file is not as expected.
    #[error("{FILE} is damaged: run `cargo xtask models` again ({0})")]
    Damaged(String),
}

/// The fields that are read here; the worker reads the others.
#[derive(Deserialize)]
struct Prepared {
    model_hash: String,
    threshold: f32,
    min_liveness: f32,
}

/// Reads the operating point.
///
/// # Errors
/// [`ModelsError`].
pub fn load(folder: &Path) -> Result<FaceRule, ModelsError> {
    let text = std::fs::read_to_string(folder.join(FILE)).map_err(|_| ModelsError::Missing)?;
    let prepared: Prepared =
        serde_json::from_str(&text).map_err(|error| ModelsError::Damaged(error.to_string()))?;
    let in_range =
        (-1.0..=1.0).contains(&prepared.threshold) && (0.0..=1.0).contains(&prepared.min_liveness);
    let is_hash = prepared.model_hash.len() == 64
        && prepared.model_hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !in_range || !is_hash {
        return Err(ModelsError::Damaged("a value is out of range".into()));
    }
    Ok(FaceRule {
        threshold: prepared.threshold,
        min_liveness: prepared.min_liveness,
        model_hash: prepared.model_hash,
    })
}

/// A rule that no claim can satisfy, for a kiosk without models.
pub fn never() -> FaceRule {
    FaceRule { threshold: f32::INFINITY, min_liveness: f32::INFINITY, model_hash: "none".into() }
}
