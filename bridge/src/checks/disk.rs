//! Room on the disk of the data folder.

use super::Finding;
use std::path::Path;

/// Below this, in MiB, a busy day may fill it: then nobody could check in.
const TOO_LITTLE: u64 = 512;
/// Below this somebody should look after it, before it is urgent.
const LITTLE: u64 = 2048;

pub(crate) fn disk(data: &Path) -> Finding {
    judge(free_mib(data))
}

fn judge(free: Option<u64>) -> Finding {
    let Some(free) = free else {
        return Finding::unknown("空きを調べられません", "how much room is left is not known");
    };
    let (ja, en) = (format!("空き {free} MiB"), format!("{free} MiB free"));
    if free < TOO_LITTLE {
        let (ja, en) = (
            format!("{ja}。要らないファイルを消してください"),
            format!("{en}: delete what is not needed"),
        );
        Finding::wrong(ja, en)
    } else if free < LITTLE {
        let (ja, en) = (format!("{ja}。そろそろ空けてください"), format!("{en}: make room soon"));
        Finding::note(ja, en)
    } else {
        Finding::fine(ja, en)
    }
}

/// What the disk of `folder` still takes.
#[cfg(unix)]
pub(crate) fn free_mib(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize) / (1024 * 1024))
}

#[cfg(not(unix))]
pub(crate) fn free_mib(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_nearly_full_is_wrong_and_an_unknown_one_is_not_well() {
        assert!(matches!(judge(Some(511)), Finding::Wrong(_)));
        assert!(matches!(judge(Some(512)), Finding::Note(_)));
        assert!(matches!(judge(Some(2048)), Finding::Fine(_)));
        assert!(matches!(judge(None), Finding::Unknown(_)));
    }
}
