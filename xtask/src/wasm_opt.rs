//! Optional last pass over the wasm files, with binaryen from npm (Debian's is too old to read what rustc writes).

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::command::{command, run};
use crate::download::{self, Member};
use crate::files;

const VERSION: &str = "132.0.0";
const ARCHIVE_SHA256: &str = "6543555fb29bb92548f325c7dc18e9ab7dbb1215edda25993d1e3f71d85b8618";
const PROGRAM_SHA256: &str = "608c021fa3f2c68cdc26f06a1454341089a0e689abb71cbe5a23ef7300e7f3e3";
const MODULE_SHA256: &str = "58b55392b5778941e1e96892a70edc12e2d7bb8541289b237fbddc9926ed51bd";

/// Named one by one: "all features" makes an encoding that Chromium refuses.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
    "--enable-relaxed-simd",
];

/// Makes one wasm file smaller and faster, in place.
///
/// # Errors
/// When binaryen cannot be fetched or refuses the file, which then stays as it was.
pub(crate) fn optimise(file: &Path) -> Result<()> {
    let program = install()?;
    let smaller = file.with_extension("optimised");
    let mut optimise = command("node", [program.as_os_str()]);
    optimise.args(FEATURES).arg("-O3").arg(file).arg("-o").arg(&smaller);
    run(&mut optimise)?;
    std::fs::rename(&smaller, file).with_context(|| format!("cannot replace {}", file.display()))
}

fn install() -> Result<PathBuf> {
    let folder = PathBuf::from(format!("target/tools/binaryen-{VERSION}"));
    let program = folder.join("bin/wasm-opt");
    if program.exists() {
        return Ok(program);
    }
    let archive = download::npm_package("binaryen", VERSION, ARCHIVE_SHA256)?;
    let wanted = [
        Member::new("package/bin/package.json", MODULE_SHA256),
        Member::new("package/bin/wasm-opt", PROGRAM_SHA256),
    ];
    let found = download::extract("binaryen", &archive, &wanted)?;
    for (path, bytes) in found {
        files::write_atomically(&folder.join(path.trim_start_matches("package/")), &bytes)?;
    }
    Ok(program)
}
