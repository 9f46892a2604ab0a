//! Files that nobody may read but the user as whom the bridge runs.

use std::fs::OpenOptions;

/// To open one with; it gets these rights (0600, where the system has such) when it is made, before anything is in it.
pub(crate) fn options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "elsewhere the folder's rights count"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
