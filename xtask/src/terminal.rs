//! `cargo xtask run --with-terminal`: the folder service beside the bridge, in folders that go away with it.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::command::{cargo, run as run_command};
use crate::progress::step;
use crate::run::built;

/// With which staff enter the board of this rehearsal.
const PASSCODE: &str = "0000";
/// No computer has a reader of this name: the kiosk serves patients with documents, and does not practise.
const NO_READER: &str = "no reader";

/// The folder service, and where everything of this rehearsal lies.
pub(crate) struct Terminal {
    /// To be ended with the bridge.
    pub(crate) process: Child,
    folder: PathBuf,
}

impl Terminal {
    /// Builds and starts it.
    ///
    /// # Errors
    /// When it cannot be built or started.
    pub(crate) fn start() -> Result<Self> {
        let mut build = cargo();
        build.args(["build", "--package", "eligibility-terminal"]);
        step("build the folder service", || run_command(&mut build))?;
        let folder = std::env::temp_dir().join(format!("uketsuke-{}", std::process::id()));
        std::fs::create_dir(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let mut service = Command::new(built("debug", "eligibility-terminal"));
        // A group of its own: Ctrl-C reaches this program only.
        let service = service.arg(oqs(&folder)).stdin(Stdio::null()).process_group(0).spawn();
        let process = service.context("cannot start the folder service that was just built")?;
        Ok(Self { process, folder })
    }

    /// What the bridge is told. `own`: what was passed on by hand, which counts more.
    pub(crate) fn arguments(&self, own: &[String]) -> Result<Vec<String>> {
        let (data, oqs) = (self.folder.join("data"), oqs(&self.folder));
        let hash = passcode_hash()?;
        let all = [
            ("--data", data.display().to_string()),
            ("--gateway", "folder".to_owned()),
            ("--gateway-folder", oqs.display().to_string()),
            ("--institution", "9999999999".to_owned()),
            ("--passcode-hash", hash),
            ("--reader", NO_READER.to_owned()),
        ];
        let given = |flag: &str| {
            own.iter().any(|word| word == flag || word.starts_with(&format!("{flag}=")))
        };
        let missing = all.into_iter().filter(|(flag, _)| !given(flag));
        Ok(missing.flat_map(|(flag, value)| [flag.to_owned(), value]).collect())
    }

    /// What can be tried.
    pub(crate) fn announce(&self) {
        println!(
            "   A stand-in for the clinic's 資格確認端末 answers in {}",
            oqs(&self.folder).display()
        );
        println!("   Everybody in it is invented. Choose a 資格確認書 on the screen, and type:");
        println!(
            "       保険者番号 01130012  記号 2113  番号 1048  枝番 01  生年月日 昭和59年5月12日"
        );
        println!("   Result files: {}", self.folder.join("data/face").display());
        println!("   Passcode for staff: {PASSCODE}");
        println!("   With a card reader, add: -- --reader auto");
        println!("  ────────────────────────────────────────────────\n");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It has ended, unless the bridge did not start.
        let _ = self.process.kill();
        let _ = self.process.wait();
        // What stays lies in the folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn oqs(folder: &Path) -> PathBuf {
    folder.join("OQS")
}

/// As the bridge's own command prints it.
fn passcode_hash() -> Result<String> {
    let mut program = Command::new(built("debug", "uketsuke-bridge"));
    let mut child = program
        .arg("passcode")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the bridge that was just built")?;
    let mut input = child.stdin.take().context("the bridge has no standard input")?;
    input.write_all(PASSCODE.as_bytes())?;
    drop(input);
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "the bridge makes no hash of a passcode");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
