//! Turns `locales/*.json` into typed keys: a missing or misspelt one does not compile.

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};
use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

/// The language in which a page begins.
const FIRST: &str = "ja";

/// Each file of the folder is a language, by its name.
fn languages(folder: &str) -> Result<Vec<String>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={folder}");
    let mut names = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|kind| kind == "json")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            names.push(name.to_owned());
        }
    }
    // Those that are read in Japan by people who read Japanese come first.
    names.sort_by_key(|name| (!name.starts_with(FIRST), name.clone()));
    Ok(names)
}

/// The languages that pages fetch: tag and own name, as a list of pairs.
fn fetched() -> Result<String, Box<dyn Error>> {
    let mut pairs = String::from("&[");
    for tag in languages("languages")? {
        let text = std::fs::read_to_string(format!("languages/{tag}.json"))?;
        let words: serde_json::Value = serde_json::from_str(&text)?;
        let name = words["header"]["own_name"].as_str().ok_or("a language without its name")?;
        write!(pairs, "({tag:?}, {name:?}),")?;
    }
    Ok(pairs + "]")
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    std::fs::write(out.join("languages.rs"), fetched()?)?;
    let out = out.join("i18n");
    // Sentences with values are wanted as text, not only as views.
    let options = ParseOptions::new().interpolate_display(true);
    let mut config = Config::new(FIRST)?.parse_options(options);
    for language in languages("locales")?.iter().filter(|language| *language != FIRST) {
        config = config.add_locale(language)?;
    }
    let translations = TranslationsInfos::parse(config)?;
    translations.emit_diagnostics();
    translations.rerun_if_locales_changed();
    translations.generate_i18n_module(out)?;
    Ok(())
}
