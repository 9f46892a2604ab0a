//! One browser crate: compiled for wasm32, then given its JavaScript by wasm-bindgen.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::command::run;
use crate::progress::step;
use crate::{files, rustup, wasm_opt};

/// Separate from native builds, so that neither waits for the other. Profiles keep the two crates apart inside.
pub(crate) const TARGET_DIR: &str = "target/wasm";

/// A crate that becomes one wasm file.
pub(crate) struct Module {
    /// Package in the workspace.
    pub(crate) package: &'static str,
    /// Cargo profile.
    pub(crate) profile: &'static str,
    /// Code generation flags of this crate and its dependencies.
    pub(crate) rustflags: &'static [&'static str],
    /// Cargo features.
    pub(crate) features: &'static [&'static str],
    /// Name of the files: `<name>.js` and `<name>_bg.wasm`.
    pub(crate) name: &'static str,
    /// Folder in `target/web` that they go to.
    pub(crate) folder: &'static str,
    /// Whether the standard library is compiled with these flags, too.
    pub(crate) own_std: bool,
    /// Whether the functions that the benchmark calls are in it.
    pub(crate) measures: bool,
}

/// Patient screens.
pub(crate) const SHELL: Module = Module {
    package: "kiosk-web",
    profile: "wasm-ui",
    rustflags: &[],
    features: &[],
    name: "kiosk_web",
    folder: "kiosk_web",
    own_std: false,
    measures: false,
};

/// Face worker: its convolutions are written in vectors of four, which need SIMD to be on when they are compiled.
pub(crate) const WORKER: Module = Module {
    package: "kiosk-worker",
    profile: "wasm-worker",
    rustflags: &["-Ctarget-feature=+simd128,+relaxed-simd"],
    features: &[],
    name: "kiosk_worker",
    folder: "kiosk_worker",
    own_std: false,
    measures: false,
};

/// Face worker for browsers without relaxed SIMD. Builds of one crate with other flags overwrite each other's result
/// within a profile, so that each has its own.
pub(crate) const WORKER_PLAIN: Module = Module {
    profile: "wasm-worker-plain",
    rustflags: &["-Ctarget-feature=+simd128"],
    folder: "kiosk_worker_plain",
    ..WORKER
};

/// Face worker with a second thread. Memory is shared, so that it is imported and has a limit (256 MiB; a pair uses 40);
/// the exports are what wasm-bindgen needs to give every thread its stack and its own variables.
pub(crate) const WORKER_THREADS: Module = Module {
    profile: "wasm-worker-threads",
    rustflags: &[
        "-Ctarget-feature=+atomics,+bulk-memory,+mutable-globals,+simd128,+relaxed-simd",
        "-Clink-arg=--shared-memory",
        "-Clink-arg=--import-memory",
        "-Clink-arg=--max-memory=268435456",
        "-Clink-arg=--export=__wasm_init_tls",
        "-Clink-arg=--export=__tls_size",
        "-Clink-arg=--export=__tls_align",
        "-Clink-arg=--export=__tls_base",
    ],
    features: &["threads"],
    folder: "kiosk_worker_threads",
    own_std: true,
    ..WORKER
};

/// Every build of the face worker, with its name in `worker.js`.
pub(crate) const WORKERS: [(&str, Module); 3] =
    [("threads", WORKER_THREADS), ("relaxed", WORKER), ("plain", WORKER_PLAIN)];

impl Module {
    /// The same module with the functions that the benchmark calls, in a folder beside its own.
    pub(crate) const fn measuring(self) -> Self {
        Self { measures: true, ..self }
    }

    /// Compiles, and runs wasm-bindgen when the wasm changed. Gives the folder with the finished files.
    ///
    /// # Errors
    /// Those of the compiler, of wasm-bindgen and of the disk.
    pub(crate) fn build(&self, optimise: bool) -> Result<PathBuf> {
        step(&format!("compile {} for the browser", self.package), || self.compile())?;
        let wasm = files::read(&self.artefact()?)?;
        // The wasm names the wasm-bindgen that it was made for, so its hash changes with the version too.
        let stamp = format!("{} optimised {optimise}", files::sha256(&wasm));
        let suffix = if self.measures { "_measure" } else { "" };
        let folder = PathBuf::from(format!("target/web/{}{suffix}", self.folder));
        let stamp_file = folder.with_extension("stamp");
        if files::has_stamp(&stamp_file, &stamp) {
            return Ok(folder);
        }
        step(&format!("bind {} to JavaScript", self.package), || self.bind(wasm, &folder))?;
        if optimise {
            let file = folder.join(format!("{}_bg.wasm", self.name));
            step(&format!("optimise {}", self.package), || wasm_opt::optimise(&file))?;
        }
        files::write_atomically(&stamp_file, stamp.as_bytes())?;
        Ok(folder)
    }

    fn compile(&self) -> Result<()> {
        let mut cargo =
            if self.own_std { rustup::std_cargo("build") } else { rustup::wasm_cargo("build") };
        cargo.args([
            "--package",
            self.package,
            "--profile",
            self.profile,
            "--target-dir",
            TARGET_DIR,
        ]);
        for feature in self.features.iter().chain(self.measures.then_some(&"measure")) {
            cargo.args(["--features", feature]);
        }
        if !self.rustflags.is_empty() {
            // Joined with those of the configuration file, which an environment variable would replace.
            cargo.arg("--config").arg(format!(
                "target.{}.rustflags={:?}",
                rustup::TARGET,
                self.rustflags
            ));
        }
        run(cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS"))
    }

    /// The compiled file: of a binary (`kiosk-web.wasm`) or of a `cdylib` (`kiosk_web.wasm`).
    fn artefact(&self) -> Result<PathBuf> {
        let folder = Path::new(TARGET_DIR).join(rustup::TARGET).join(self.profile);
        let names = [self.package.to_owned(), self.package.replace('-', "_")];
        let modified = |path: &PathBuf| fs::metadata(path).and_then(|data| data.modified()).ok();
        let newest = names
            .iter()
            .map(|name| folder.join(format!("{name}.wasm")))
            .filter(|path| path.exists())
            .max_by_key(modified);
        newest.with_context(|| {
            format!(
                "{} gave no wasm file: it must be a binary or have crate-type cdylib",
                self.package
            )
        })
    }

    fn bind(&self, wasm: Vec<u8>, folder: &Path) -> Result<()> {
        files::remove_folder(folder)?;
        files::create_folder(folder)?;
        let mut bindgen = Bindgen::new();
        bindgen.input_bytes(self.name, wasm).out_name(self.name).web(true)?.typescript(false);
        if let Err(error) = bindgen.generate(folder) {
            bail!("wasm-bindgen refused {}: {error:#}", self.package);
        }
        Ok(())
    }
}
