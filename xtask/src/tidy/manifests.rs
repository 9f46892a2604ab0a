//! Versions stand in one place, and what a manifest names is used where it says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use toml::{Table, Value};

use super::Problem;
use crate::files;

/// Identifiers of the sources of one package.
#[derive(Default)]
struct Words {
    /// Of the program.
    program: BTreeSet<String>,
    /// Of its build script.
    build: BTreeSet<String>,
    /// Of these and everything that only tests compile.
    all: BTreeSet<String>,
}

pub(super) fn check() -> Result<Vec<Problem>> {
    let root: Table = files::read_text(Path::new("Cargo.toml"))?.parse()?;
    let offered = root.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    let offered = offered.and_then(Value::as_table).context("Cargo.toml names no versions")?;
    let mut problems = Vec::new();
    let mut taken = BTreeSet::new();
    for member in files::members()? {
        let folder = Path::new(&member);
        let manifest: Table = files::read_text(&folder.join("Cargo.toml"))?.parse()?;
        let words = words(folder)?;
        for (section, dependencies) in sections(&manifest) {
            taken.extend(dependencies.keys().cloned());
            let told =
                dependencies.iter().filter_map(|(name, value)| judge(section, name, value, &words));
            problems.extend(told.map(|told| format!("{member}/Cargo.toml: {told}")));
        }
    }
    let unused = offered.keys().filter(|name| !taken.contains(*name));
    problems.extend(unused.map(|name| format!("Cargo.toml: nobody takes {name}: remove it")));
    Ok(problems)
}

/// Every table of dependencies of a manifest, with its name, those of single targets included.
fn sections(manifest: &Table) -> Vec<(&'static str, &Table)> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    let places: Vec<&Table> = std::iter::once(manifest).chain(targets).collect();
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .into_iter()
        .flat_map(|name| places.iter().map(move |place| (name, place.get(name))))
        .filter_map(|(name, table)| Some((name, table?.as_table()?)))
        .collect()
}

fn judge(section: &str, name: &str, value: &Value, words: &Words) -> Option<String> {
    let is_from_root = value.get("workspace").and_then(Value::as_bool) == Some(true);
    let is_itself = value.get("path").and_then(Value::as_str) == Some(".");
    if !is_from_root && !is_itself {
        return Some(format!("{name} has a version of its own: write it into the one Cargo.toml"));
    }
    let word = name.replace('-', "_");
    let (program, all) = (words.program.contains(&word), words.all.contains(&word));
    match section {
        "dependencies" if !program && all => Some(format!("only tests use {name}: move it there")),
        "dependencies" if !program => Some(format!("{name} is not used: remove it")),
        "build-dependencies" if !words.build.contains(&word) => {
            Some(format!("build.rs does not use {name}: remove it"))
        }
        "dev-dependencies" if !all => Some(format!("no test uses {name}: remove it")),
        _ => None,
    }
}

fn words(folder: &Path) -> Result<Words> {
    let mut words = Words::default();
    let build = folder.join("build.rs");
    if build.exists() {
        words.build = identifiers(&files::read_text(&build)?);
    }
    for file in sources(&folder.join("src"))? {
        let text = files::read_text(&file)?;
        words.all.extend(identifiers(&text));
        if file.file_name().is_none_or(|name| name != "tests.rs") {
            words.program.extend(identifiers(before_tests(&text)));
        }
    }
    for tests in ["tests", "examples", "benches"] {
        for file in sources(&folder.join(tests))? {
            words.all.extend(identifiers(&files::read_text(&file)?));
        }
    }
    Ok(words)
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = if folder.exists() { files::walk(folder)? } else { Vec::new() };
    found.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    Ok(found)
}

/// Tests stand at the end of a file.
fn before_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

/// Of the code: what comments say does not count.
fn identifiers(text: &str) -> BTreeSet<String> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split(|character| !is_part(character)))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Problems of one package with this manifest and this source.
    fn problems(manifest: &str, source: &str) -> Vec<String> {
        let words = Words {
            program: identifiers(before_tests(source)),
            build: BTreeSet::new(),
            all: identifiers(source),
        };
        let manifest: Table = manifest.parse().unwrap();
        let judged = sections(&manifest).into_iter().flat_map(|(section, dependencies)| {
            dependencies.iter().filter_map(|(name, value)| judge(section, name, value, &words))
        });
        judged.collect()
    }

    #[test]
    fn what_is_used_where_it_stands_is_no_problem() {
        let manifest = "[dependencies]\na-b.workspace = true\n\
            [target.'cfg(unix)'.dev-dependencies]\nc = { workspace = true }\nme = { path = \".\" }";
        let source = "use a_b::A;\n#[cfg(test)]\nmod tests {\n c::d(me::f());\n}";
        assert_eq!(problems(manifest, source), Vec::<String>::new());
    }

    #[test]
    fn versions_and_what_is_not_used_are_told() {
        let told = problems("[dependencies]\na = \"1\"", "a::b()");
        assert!(told[0].contains("a version of its own"), "{told:?}");
        let comment = "// a::b()\n";
        let told = problems("[dependencies]\na.workspace = true", comment);
        assert_eq!(told, ["a is not used: remove it"]);
        let told = problems("[target.x.dev-dependencies]\na.workspace = true", comment);
        assert_eq!(told, ["no test uses a: remove it"]);
        let told = problems("[build-dependencies]\na.workspace = true", "a::b()");
        assert_eq!(told, ["build.rs does not use a: remove it"]);
        let test = "#[cfg(test)]\nmod tests {\n a::b();\n}";
        let told = problems("[dependencies]\na.workspace = true", test);
        assert_eq!(told, ["only tests use a: move it there"]);
    }
}
