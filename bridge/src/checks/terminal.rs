//! The folders of the clinic's 資格確認端末.

use super::Finding;
use crate::config::{Config, GatewayChoice};
use crate::gateway::folder::{UNTAKEN, is_untaken};
use std::path::Path;

/// `None`: patients are asked about elsewhere. A file is made in both folders and removed: requests are written into the one, answers
/// that were taken are removed from the other.
pub(crate) fn terminal(config: &Config) -> Option<Finding> {
    let GatewayChoice::Folder(terminal) = &config.gateway else { return None };
    let (req, res) = (terminal.req(), terminal.res());
    let wrong = [&req, &res].into_iter().find_map(|folder| unusable(folder));
    Some(wrong.or_else(|| untaken(&req)).unwrap_or_else(|| {
        let folder = terminal.folder.display();
        Finding::Fine(folder.to_string().into())
    }))
}

fn unusable(folder: &Path) -> Option<Finding> {
    let probe = folder.join(".uketsuke-doctor");
    let tried = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    let error = tried.err()?;
    let shown = folder.display();
    Some(Finding::wrong(
        format!(
            "資格確認端末のフォルダー {shown} を使えません。端末の電源、共有と権限を確認してください"
        ),
        format!(
            "the folder of the eligibility terminal, {shown}, cannot be used: check that the terminal is on, the share and its rights ({error})"
        ),
    ))
}

/// Requests of any program count: the terminal takes all of them.
fn untaken(req: &Path) -> Option<Finding> {
    let entries = std::fs::read_dir(req).ok()?.flatten();
    let count = entries.filter(|entry| is_untaken(&entry.path())).count();
    let minutes = UNTAKEN.as_secs() / 60;
    (count > 0).then(|| {
        Finding::wrong(
            format!("資格確認端末が照会を{minutes}分以上受け取っていません（{count}件）。端末のアプリが動いているか確認してください"),
            format!("the eligibility terminal has left {count} requests where they are for more than {minutes} minute: check that its program runs"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{GatewayKind, GatewayOptions, Options};
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_terminal_that_takes_no_requests_is_told_in_one_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            data: Some(folder.path().join("data")),
            institution: Some("1312345678".into()),
            gateway: GatewayOptions {
                kind: Some(GatewayKind::Folder),
                folder: Some(folder.path().into()),
                ..GatewayOptions::default()
            },
            ..Options::default()
        };
        let config = Config::from_options(options).unwrap();
        let look = || terminal(&config).unwrap();
        assert!(matches!(look(), Finding::Wrong(said) if said.en.contains("cannot be used")));
        let req = folder.path().join("req");
        std::fs::create_dir(&req).unwrap();
        std::fs::create_dir(folder.path().join("res")).unwrap();
        assert!(matches!(look(), Finding::Fine(_)));
        for name in ["OQSsiquc01req_1.xml.part", "notes.txt", "OQSsiquc01req_1.xml"] {
            let path = req.join(name);
            std::fs::write(&path, "").unwrap();
            assert!(matches!(look(), Finding::Fine(_)), "{name} has just come");
            let before = SystemTime::now() - UNTAKEN - Duration::from_secs(1);
            let file = std::fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(before).unwrap();
        }
        assert!(
            matches!(look(), Finding::Wrong(said) if said.en.contains("left 1 requests") && said.ja.contains("1件"))
        );
        assert!(terminal(&Config::from_options(Options::default()).unwrap()).is_none());
    }
}
