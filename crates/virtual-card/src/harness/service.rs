//! The daemon itself: which socket it has, and who may run it.
//!
//! pcscd is built with one path for its socket, so that there is one daemon per machine; its clients take another path from
//! the environment. Where that variable is set, the daemon runs in a mount namespace of its own in which the folder of its
//! fixed path is the folder of that socket. Then nothing else on the machine sees the readers of the tests, and the tests see
//! no reader of the machine.

use std::{
    fs::File,
    io,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{HarnessError, POLL};

/// Environment variable from which every PC/SC program takes the path of the daemon's socket (pcsc-lite).
const SOCKET_VARIABLE: &str = "PCSCLITE_CSOCK_NAME";

/// Where the daemon has its socket.
const FOLDER: &str = "/run/pcscd";
const SOCKET: &str = "pcscd.comm";
const LOCK: &str = "uketsuke-pcscd.lock";
/// All tests of a run have their turn, also on a slow machine; a test that hangs has deadlines of its own.
const LOCK_DEADLINE: Duration = Duration::from_hours(1);
/// `$1` over the daemon's folder, then the daemon in place of the shell, so that its process number is the child's.
const PRIVATE: &str = "mount --bind \"$1\" \"$2\" && shift 2 && exec \"$@\"";

/// A daemon that can be started.
#[derive(Debug)]
pub(super) struct Service {
    program: &'static str,
    socket: PathBuf,
    /// Folder of the socket, if it is not the machine's.
    private: Option<PathBuf>,
}

fn namespace() -> Command {
    let mut unshare = Command::new("unshare");
    unshare.args(["--mount", "--propagation", "private", "--"]);
    unshare
}

impl Service {
    /// With the socket that the programs of this environment look for.
    pub(super) fn from_environment() -> Result<Self, HarnessError> {
        let program =
            ["/usr/sbin/pcscd", "/usr/bin/pcscd"].into_iter().find(|path| Path::new(path).exists());
        let program = program.ok_or(HarnessError::Missing { what: "pcscd", package: "pcscd" })?;
        let machines = Path::new(FOLDER).join(SOCKET);
        let socket =
            std::env::var_os(SOCKET_VARIABLE).map_or_else(|| machines.clone(), PathBuf::from);
        let private = if socket == machines { None } else { socket.parent().map(Path::to_owned) };
        Ok(Self { program, socket, private })
    }

    /// Waits until no other test program has a daemon at this socket.
    pub(super) fn lock(&self) -> Result<File, HarnessError> {
        let folder = self.private.clone().unwrap_or_else(std::env::temp_dir);
        let file = File::options().create(true).append(true).open(folder.join(LOCK))?;
        let deadline = Instant::now() + LOCK_DEADLINE;
        while let Err(error) = file.try_lock() {
            match error {
                std::fs::TryLockError::WouldBlock if Instant::now() < deadline => {
                    thread::sleep(POLL);
                }
                std::fs::TryLockError::WouldBlock => return Err(HarnessError::Busy),
                std::fs::TryLockError::Error(error) => return Err(error.into()),
            }
        }
        if UnixStream::connect(&self.socket).is_ok() {
            return Err(HarnessError::AlreadyRunning);
        }
        Ok(file)
    }

    /// Starts it with the readers of a folder.
    pub(super) fn spawn(&self, readers: &Path, log: &File) -> io::Result<Child> {
        let mut command = match &self.private {
            None => Command::new(self.program),
            Some(folder) => {
                std::fs::create_dir_all(FOLDER)?;
                let mut command = namespace();
                command.args(["sh", "-c", PRIVATE, "sh"]).arg(folder);
                command.arg(FOLDER).arg(self.program);
                command
            }
        };
        command
            .args(["--foreground", "--config"])
            .arg(readers)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log.try_clone()?)
            .spawn()
    }
}
