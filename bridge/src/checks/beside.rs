//! The folder in which the official reader beside the kiosk leaves its files.

use super::Finding;
use crate::config::{Config, GatewayChoice};
use crate::gateway::beside::names;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

/// Clocks of two computers differ by less than this, unless somebody has to set one.
const CLOCKS: SignedDuration = SignedDuration::from_mins(5);

/// `None`: no official reader stands there. It is looked into only: the files are another program's.
pub(crate) fn beside(config: &Config, now: Timestamp) -> Option<Finding> {
    let GatewayChoice::Beside(folder) = &config.gateway else { return None };
    Some(looked(folder, now))
}

fn looked(folder: &Path, now: Timestamp) -> Finding {
    let shown = folder.display();
    let names = match names(folder) {
        Ok(names) => names,
        Err(error) => {
            return Finding::wrong(
                format!(
                    "顔認証付きカードリーダーの結果フォルダー {shown} を読めません。資格確認端末の電源、共有と権限を確認してください"
                ),
                format!(
                    "the folder of the official reader, {shown}, cannot be read: check that the eligibility terminal is on, the share and its rights ({error})"
                ),
            );
        }
    };
    if names.iter().any(|name| name.at() > now + CLOCKS) {
        return Finding::wrong(
            "顔認証付きカードリーダーの結果が、未来の時刻になっています。この端末と資格確認端末の時計を合わせてください",
            "a result of the official reader is of a time to come: set the clocks of this computer and of the eligibility terminal",
        );
    }
    Finding::Fine(shown.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{GatewayKind, GatewayOptions, Options};

    #[test]
    fn a_folder_that_is_away_and_clocks_that_differ_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let face = folder.path().join("face");
        let options = Options {
            data: Some(folder.path().join("data")),
            gateway: GatewayOptions {
                kind: Some(GatewayKind::Beside),
                folder: Some(face.clone()),
                ..GatewayOptions::default()
            },
            ..Options::default()
        };
        let config = Config::from_options(options.clone()).unwrap();
        let now: Timestamp = "2026-11-29T10:00:00+09:00".parse().unwrap();
        let look = || beside(&config, now).unwrap();
        assert!(matches!(look(), Finding::Wrong(said) if said.en.contains("cannot be read")));
        std::fs::create_dir(&face).unwrap();
        assert!(matches!(look(), Finding::Fine(_)));
        let put = |time: &str| {
            let name = format!("OQSsiquc01res_face_1312345678aaaaaaaaaaaaaaaaaaaa_{time}.xml");
            std::fs::write(face.join(name), "").unwrap();
        };
        put("20261129100400");
        assert!(matches!(look(), Finding::Fine(_)));
        put("20261129100600");
        assert!(matches!(look(), Finding::Wrong(said) if said.en.contains("clocks")));
        assert!(beside(&Config::from_options(Options::default()).unwrap(), now).is_none());
        let twice = Options { result_folder: Some(face), ..options };
        let error = Config::from_options(twice).unwrap_err().to_string();
        assert!(error.starts_with("option `result_folder`: the official reader hands"), "{error}");
    }
}
