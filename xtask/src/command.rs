//! Running other programs with errors that name the program and what it was for.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The cargo that started this program, or the one on the path.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.stdin(Stdio::null());
    command
}

/// `program` with `args`, without standard input: nothing here may wait for an answer.
pub(crate) fn command<S: AsRef<OsStr>>(
    program: &str,
    args: impl IntoIterator<Item = S>,
) -> Command {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null());
    command
}

/// Runs a preparation to the end. Its output goes to standard error: standard output belongs to results.
///
/// # Errors
/// When the program is missing or ends with a failure.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    show(command.stdout(std::io::stderr()))
}

/// Runs to the end, its output going where ours goes.
///
/// # Errors
/// When the program is missing or ends with a failure.
pub(crate) fn show(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| cannot_start(command))?;
    if status.success() {
        return Ok(());
    }
    bail!("`{}` failed ({status}); its own message is above", line(command))
}

/// Runs to the end and gives its standard output.
///
/// # Errors
/// When the program is missing or ends with a failure; carries the last lines of its standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| cannot_start(command))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let mut tail: Vec<&str> =
        stderr.lines().rev().filter(|line| !line.trim().is_empty()).take(6).collect();
    tail.reverse();
    bail!("`{}` failed ({}): {}", line(command), output.status, tail.join(" | "))
}

/// Whether the program starts and succeeds; its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether a program of this name can be started at all.
pub(crate) fn exists(program: &str) -> bool {
    let started =
        command(program, ["--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    !matches!(started, Err(error) if error.kind() == ErrorKind::NotFound)
}

/// The command as a person would type it.
fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn cannot_start(command: &Command) -> String {
    format!(
        "cannot start `{}`: is it installed and on the path?",
        command.get_program().to_string_lossy()
    )
}
