//! `dist/`: everything that the bridge serves, and a manifest of it.
//!
//! ```text
//! dist/                  all of static/ (index.html, styles, icons)
//!   tokens.css           design tokens of the Digital Agency as CSS variables
//!   fonts/               a style sheet a family, their slices in fonts/files/
//!   languages/           words of the languages that a page fetches when one is chosen
//!   print/               font of printed pages and its licence; for the bridge, not for the pages
//!   models/              what `cargo xtask models` prepared, and `card-front.net` of `cargo xtask card-front`
//!   voice/               clips of `cargo xtask voice`, named by their content, and which sentence each speaks
//!   kiosk_web.js, kiosk_web_bg.wasm        patient screens
//!   worker.js            starts the face worker in the build that suits the browser
//!   worker-builds.js     which builds there are, and their folders
//!   worker/<hash>/       kiosk_worker.js, kiosk_worker_bg.wasm: one build; never changes under its name
//!   manifest.json        name, size and hash of every file above
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::{card_front, compress, files, font, voice};

/// The folder that the bridge serves.
pub(crate) const FOLDER: &str = "dist";

const MANIFEST: &str = "dist/manifest.json";
const BUILDS: &str = "target/web/worker-builds.js";
const TOKENS: &str = "node_modules/@digital-go-jp/design-tokens/dist/tokens.css";
const FONTS: &str = "node_modules/@fontsource-variable";
/// That of the pages, and those of the languages that are fetched (`kiosk-web/languages`). Browsers fetch the slices that they need.
const FAMILIES: [&str; 5] =
    ["noto-sans-jp", "noto-sans", "noto-sans-sc", "noto-sans-tc", "noto-sans-kr"];
const LANGUAGES: &str = "kiosk-web/languages";

/// One served file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Size in bytes as it is on disk.
    pub(crate) raw: u64,
    /// Size in bytes after brotli, where that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) brotli: Option<u64>,
    /// SHA-256 in hexadecimal.
    pub(crate) sha256: String,
}

/// Path inside `dist/` and where the file comes from.
type Plan = BTreeMap<PathBuf, PathBuf>;

/// A build of the face worker: its name in `worker.js`, and the folder with its files.
pub(crate) type Worker = (&'static str, PathBuf);

/// Brings `dist/` in step with its sources: copies what changed, removes what is gone, writes the manifest.
///
/// # Errors
/// When a source is missing or the disk is full.
pub(crate) fn assemble(shell: &Path, workers: &[Worker], packed: bool) -> Result<()> {
    let plan = plan(shell, workers)?;
    for (name, source) in &plan {
        copy_if_newer(source, &Path::new(FOLDER).join(name))?;
    }
    remove_stale(&plan, packed)?;
    if packed {
        let worth: Vec<PathBuf> = plan
            .keys()
            .filter(|name| compress::is_compressible(name))
            .map(|name| Path::new(FOLDER).join(name))
            .collect();
        compress::compress(&worth)?;
    }
    write_manifest(&plan)
}

/// Reads the manifest of the last [`assemble`].
///
/// # Errors
/// When there is none yet.
pub(crate) fn manifest() -> Result<BTreeMap<String, Entry>> {
    serde_json::from_slice(&files::read(Path::new(MANIFEST))?)
        .context("dist/manifest.json is damaged: run `cargo xtask web`")
}

fn plan(shell: &Path, workers: &[Worker]) -> Result<Plan> {
    let mut plan = Plan::new();
    add_folder(&mut plan, Path::new("static"), Path::new(""))?;
    add_folder(&mut plan, Path::new("models/files"), Path::new("models"))?;
    plan.retain(|name, _| !name.starts_with("models/raw"));
    // Without it the page asks for the numbers to be typed.
    if Path::new(card_front::MODEL).exists() {
        plan.insert("models/card-front.net".into(), card_front::MODEL.into());
    }
    add_folder(&mut plan, Path::new(font::FOLDER), Path::new("print"))?;
    // None where the programs that speak are missing: the pages sound tones only.
    add_folder(&mut plan, Path::new(voice::SERVED), Path::new("voice"))?;
    plan.insert("tokens.css".into(), TOKENS.into());
    for family in FAMILIES {
        add_font(&mut plan, family)?;
    }
    add_folder(&mut plan, Path::new(LANGUAGES), Path::new("languages"))?;
    for source in files::walk(Path::new("kiosk-web/worker"))? {
        if source.extension().is_some_and(|extension| extension == "js") {
            plan.insert(source.file_name().expect("a file has a name").into(), source);
        }
    }
    add_folder(&mut plan, shell, Path::new(""))?;
    add_workers(&mut plan, workers)?;
    // Editors and half-written files.
    plan.retain(|_, source| {
        !source.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
    });
    Ok(plan)
}

/// Its upright cut, in slices.
fn add_font(plan: &mut Plan, family: &str) -> Result<()> {
    let folder = Path::new(FONTS).join(family);
    let style = files::read_text(&folder.join("index.css"))?;
    for slice in style.split("url(./files/").skip(1) {
        let name = slice.split(')').next().unwrap_or_default();
        plan.insert(Path::new("fonts/files").join(name), folder.join("files").join(name));
    }
    plan.insert(format!("fonts/{family}.css").into(), folder.join("index.css"));
    plan.insert(format!("fonts/LICENSE-{family}").into(), folder.join("LICENSE"));
    Ok(())
}

fn add_folder(plan: &mut Plan, folder: &Path, under: &Path) -> Result<()> {
    for source in files::walk(folder)? {
        let inside = source.strip_prefix(folder).expect("walk stays inside its folder");
        plan.insert(under.join(inside), source);
    }
    Ok(())
}

/// Each build in a folder that is named by its content, and a script that tells the names.
fn add_workers(plan: &mut Plan, workers: &[Worker]) -> Result<()> {
    let mut builds = BTreeMap::new();
    for (name, folder) in workers {
        let mut content = Vec::new();
        for file in files::walk(folder)? {
            content.extend(files::read(&file)?);
        }
        let under = format!("worker/{}", &files::sha256(&content)[..16]);
        add_folder(plan, folder, Path::new(&under))?;
        builds.insert(name, format!("/{under}/"));
    }
    let script = format!("export const BUILDS = {};\n", serde_json::to_string_pretty(&builds)?);
    files::write_if_changed(Path::new(BUILDS), script.as_bytes())?;
    plan.insert("worker-builds.js".into(), BUILDS.into());
    Ok(())
}

fn copy_if_newer(source: &Path, target: &Path) -> Result<()> {
    let from = fs::metadata(source)
        .with_context(|| format!("{} is missing: run `cargo xtask setup`", source.display()))?;
    if let Ok(to) = fs::metadata(target)
        && to.len() == from.len()
        && to.modified()? >= from.modified()?
    {
        return Ok(());
    }
    files::write_atomically(target, &files::read(source)?)
}

fn remove_stale(plan: &Plan, packed: bool) -> Result<()> {
    for file in files::walk(Path::new(FOLDER))? {
        let name = file.strip_prefix(FOLDER).expect("walk stays inside its folder");
        let is_packed_form =
            name.extension().is_some_and(|extension| extension == "br" || extension == "gz");
        let known = plan.contains_key(name) || name == Path::new("manifest.json");
        let kept_packed = packed && is_packed_form && plan.contains_key(&name.with_extension(""));
        if !known && !kept_packed {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}

fn write_manifest(plan: &Plan) -> Result<()> {
    let mut entries = BTreeMap::new();
    for name in plan.keys() {
        let file = Path::new(FOLDER).join(name);
        let bytes = files::read(&file)?;
        let brotli = fs::metadata(format!("{}.br", file.display())).ok().map(|data| data.len());
        let entry = Entry { raw: bytes.len() as u64, brotli, sha256: files::sha256(&bytes) };
        entries.insert(name.to_string_lossy().into_owned(), entry);
    }
    files::write_if_changed(Path::new(MANIFEST), &serde_json::to_vec_pretty(&entries)?)
}
