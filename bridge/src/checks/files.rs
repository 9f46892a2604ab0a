//! Files and folders: what was installed, and what the site has set up.

use super::{Finding, Sentence};
use crate::config::Config;
use crate::tls::Certificates;
use jiff::Timestamp;
use std::path::Path;

/// The certificate of the site's network.
pub(crate) fn network(config: &Config, now: Timestamp) -> Finding {
    let Some(network) = &config.network else {
        return Finding::note(
            "この受付機の画面だけで開きます",
            "the staff pages open on this computer only",
        );
    };
    match Certificates::load(&network.certificate, &network.key) {
        Err(error) => Finding::wrong("証明書を確認してください", error.to_string()),
        Ok(certificates) => {
            let days = certificates.days(now);
            let (ja, en) =
                (format!("証明書はあと {days} 日"), format!("the certificate ends in {days} days"));
            let renew =
                Sentence::new(format!("{ja}。新しくしてください"), format!("{en}: renew it"));
            match days {
                ..0 => Finding::Wrong(renew),
                0..30 => Finding::Note(renew),
                _ => Finding::fine(ja, en),
            }
        }
    }
}

pub(crate) fn models(folder: &Path) -> Finding {
    match crate::models::load(folder) {
        Ok(rule) => Finding::Fine(format!("{:.12}…", rule.model_hash).into()),
        Err(error) => {
            Finding::note("顔認証なしで動きます", format!("works without face matching; {error}"))
        }
    }
}

pub(crate) fn pages(dist: &Path) -> Finding {
    if dist.join("index.html").is_file() {
        Finding::Fine(dist.display().to_string().into())
    } else {
        Finding::wrong(
            "画面がありません。cargo xtask web を実行してください",
            format!("no index.html in {}: run cargo xtask web", dist.display()),
        )
    }
}

/// The folder of the receipt computer: a file is made in it and removed. `own`: the bridge makes it at its start.
pub(crate) fn results(folder: &Path, own: bool) -> Finding {
    let shown = folder.display();
    if own && !folder.exists() {
        return Finding::note(
            format!("起動のときに作られます: {shown}"),
            format!("made at the start: {shown}"),
        );
    }
    let probe = folder.join(".uketsuke-doctor");
    match std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) => Finding::Fine(shown.to_string().into()),
        Err(error) => Finding::wrong(
            format!("{shown} に書き込めません。共有と権限を確認してください"),
            format!("{shown} is not writable: check the share and its rights ({error})"),
        ),
    }
}

pub(crate) fn passcode(config: &Config) -> Finding {
    if config.passcode_hash.is_some() {
        Finding::fine("設定済み", "set")
    } else {
        Finding::note(
            "未設定。目視確認は使えません",
            "not set: 目視 is off. Make one with: uketsuke-bridge passcode",
        )
    }
}

pub(crate) fn roots(config: &Config) -> Finding {
    let more = config.trusted_roots.len();
    match card::Anchors::load(&config.trusted_roots) {
        Ok(_) => {
            Finding::fine(format!("内蔵と追加 {more} 件"), format!("built in, and {more} more"))
        }
        Err(error) => Finding::wrong("ルート証明書のファイルを確認してください", error.to_string()),
    }
}
