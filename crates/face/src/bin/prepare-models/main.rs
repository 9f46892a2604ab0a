//! `prepare-models MANIFEST RAW_DIR OUT_DIR`: turns the downloaded ONNX files into the ones that the kiosk loads.
//!
//! Input shapes become fixed, the engine simplifies the model, and what is left is written down as a [`face::graph`].
//! That is compared with the original on random input, and only then put in place. `prepared.json` in the output folder names every file, its hash and the model hash.

mod check;
mod convert;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use face::{Models, Role, model_hash};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tract_onnx::prelude::*;

/// The part of the manifest that preparation needs.
#[derive(Deserialize)]
struct Manifest {
    model: Vec<Model>,
    operating_point: OperatingPoint,
}

#[derive(Deserialize)]
struct OperatingPoint {
    threshold: f32,
    preprocessing: String,
    model_hash: String,
}

#[derive(Deserialize)]
struct Model {
    role: String,
    file: String,
    prepared: String,
    sha256: String,
    input: [usize; 4],
}

/// `prepared.json`.
#[derive(Serialize)]
struct Prepared {
    model_hash: String,
    preprocessing: &'static str,
    threshold: f32,
    /// The other half of the operating point, for the bridge.
    min_liveness: f32,
    /// By role.
    files: BTreeMap<&'static str, PreparedFile>,
}

#[derive(Serialize)]
struct PreparedFile {
    file: String,
    bytes: usize,
    sha256: String,
}

fn main() -> Result<()> {
    let [manifest, raw, out] = arguments()?;
    let manifest: Manifest = toml::from_str(
        &fs::read_to_string(&manifest).with_context(|| manifest.display().to_string())?,
    )?;
    ensure!(
        manifest.model.len() == Role::ALL.len(),
        "the manifest must name {} models",
        Role::ALL.len()
    );
    let point = &manifest.operating_point;
    ensure!(
        (point.threshold - face::decide::MATCH_THRESHOLD).abs() < 1e-6
            && point.preprocessing == face::models::PREPROCESSING_VERSION,
        "the operating point in the manifest differs from the one in crates/face: change both together"
    );
    fs::create_dir_all(&out)?;
    let (mut files, mut prepared) = (BTreeMap::new(), Vec::new());
    for role in Role::ALL {
        let model = manifest.model.iter().find(|model| model.role == role.name());
        let model =
            model.with_context(|| format!("the manifest names no {} model", role.name()))?;
        let bytes =
            prepare(role, model, &raw).with_context(|| format!("preparing {}", model.file))?;
        put(&out.join(&model.prepared), &bytes)?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        files.insert(
            role.name(),
            PreparedFile { file: model.prepared.clone(), bytes: bytes.len(), sha256 },
        );
        prepared.push(bytes);
    }
    let [detector, landmark, embedding, liveness] =
        [0, 1, 2, 3].map(|index: usize| prepared[index].as_slice());
    let model_hash = model_hash(&Models { detector, landmark, embedding, liveness });
    ensure!(
        point.model_hash == model_hash,
        "the operating point was measured with models of hash {}, these are {model_hash}: measure again",
        point.model_hash
    );
    let summary = Prepared {
        model_hash,
        preprocessing: face::models::PREPROCESSING_VERSION,
        threshold: point.threshold,
        min_liveness: face::liveness::LIVENESS_FLOOR,
        files,
    };
    put(&out.join("prepared.json"), &serde_json::to_vec_pretty(&summary)?)
}

fn arguments() -> Result<[PathBuf; 3]> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    arguments.try_into().ok().context("usage: prepare-models MANIFEST RAW_DIR OUT_DIR")
}

/// One model: verified, rewritten, compared with its original.
fn prepare(role: Role, model: &Model, raw: &Path) -> Result<Vec<u8>> {
    ensure!(
        model.input == role.input_shape(),
        "the pipeline expects input {:?}",
        role.input_shape()
    );
    let original =
        fs::read(raw.join(&model.file)).context("not there: run `cargo xtask models`")?;
    let hash = hex::encode(Sha256::digest(&original));
    ensure!(hash == model.sha256, "its sha256 is {hash}, not the one in the manifest");
    let simplified = onnx()
        .model_for_read(&mut std::io::Cursor::new(&original))?
        .with_input_fact(0, f32::fact(model.input).into())?
        .into_typed()?
        .into_decluttered()?;
    let bytes = convert::convert(&simplified)?;
    check::agree(&original, &bytes, &model.input)?;
    Ok(bytes)
}

/// Writes beside the target and renames, so that a reader never sees half a file.
fn put(target: &Path, bytes: &[u8]) -> Result<()> {
    let part = target.with_extension("part");
    fs::write(&part, bytes)
        .and_then(|()| fs::rename(&part, target))
        .with_context(|| target.display().to_string())
}
