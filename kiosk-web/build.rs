//! Turns `locales/*.json` into typed keys: a missing or misspelt one does not compile.

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};
use std::error::Error;
use std::path::PathBuf;

/// The language in which a page begins.
const FIRST: &str = "ja";

/// Each file of `locales/` is a language, by its name.
fn languages() -> Result<Vec<String>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let mut names = Vec::new();
    for file in std::fs::read_dir("locales")? {
        let path = file?.path();
        if path.extension().is_some_and(|kind| kind == "json")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?).join("i18n");
    // Sentences with values are wanted as text, not only as views.
    let options = ParseOptions::new().interpolate_display(true);
    let mut config = Config::new(FIRST)?.parse_options(options);
    for language in languages()?.iter().filter(|language| *language != FIRST) {
        config = config.add_locale(language)?;
    }
    let translations = TranslationsInfos::parse(config)?;
    translations.emit_diagnostics();
    translations.rerun_if_locales_changed();
    translations.generate_i18n_module(out)?;
    Ok(())
}
