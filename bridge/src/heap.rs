//! One heap for all threads. The C library of GNU/Linux gives threads up to eight heaps a core, and what each kiosk needs for a
//! moment then stays in all of them: measured, a kiosk in use costs four times as much memory.

/// `mallopt(3)`: how many heaps there are. The library reads it once, before the program begins.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const HEAPS: &str = "MALLOC_ARENA_MAX";

/// Begins the program anew, as the same process, with one heap; does nothing where somebody has said how many there are, and on
/// other systems. To be called before threads are started.
pub fn share() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if std::env::var_os(HEAPS).is_none() {
        let error = with_one();
        tracing::warn!(%error, "the program needs more memory than it could: set {HEAPS}=1");
    }
}

/// Returns only when that is not possible.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn with_one() -> std::io::Error {
    use std::os::unix::process::CommandExt as _;
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return error,
    };
    let mut said = std::env::args_os();
    let mut again = std::process::Command::new(program);
    if let Some(name) = said.next() {
        again.arg0(name);
    }
    again.args(said).env(HEAPS, "1").exec()
}
