//! `restore`: puts a backup in the place of a store, and says what staff have to look at afterwards.

use super::place;
use crate::config::Config;
use crate::settings::FILE;
use crate::store::{FolderLock, Restored, Sqlite, StoreError};
use anyhow::{Context as _, Result};
use jiff::Timestamp;
use std::path::Path;
use std::process::ExitCode;

/// Restores the store of patients, or of practice.
///
/// # Errors
/// Why nothing was restored, and what to do.
pub fn run(config: &Config, file: &Path, practice: bool, now: Timestamp) -> Result<ExitCode> {
    let lock = FolderLock::take(&config.data).map_err(|error| match error {
        StoreError::InUse { .. } => anyhow::Error::from(error).context(super::STOP_FIRST),
        other => other.into(),
    })?;
    let (folder, practice) = place(config, practice);
    let restored = Sqlite::restore(&folder, file, practice, now, &lock)
        .with_context(|| format!("cannot restore {}", file.display()))?;
    for line in lines(&restored) {
        println!("{line}");
    }
    if config.upstream.is_some() && !practice {
        println!(
            "--  施設のデータベースにバックアップより後の記録があれば、この受付機は送れません（/health の refused）。新しい名前（[store] の bridge）を付けてください / where the site's database has lines of after the backup, it refuses this bridge (see /health): give it another name (`bridge` in [store]). Visits and consents of after the backup are there, under the old one"
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn lines(restored: &Restored) -> Vec<String> {
    let Restored { audit, made_at, aside, settings, waiting, by_hand, left_behind, number } =
        restored;
    let mut lines = vec![format!(
        "OK  {made_at} のバックアップ（監査 {} 行）に戻しました。受付を始めてください / restored as of {made_at}, {} lines of the audit: start the kiosk",
        audit.lines, audit.lines
    )];
    if let Some(aside) = aside {
        let aside = aside.display();
        lines.push(format!("    それまでの記録: {aside} / the store that was there: {aside}"));
    }
    lines.extend(settings_line(*settings, aside.as_deref()).map(str::to_owned));
    if let Some(number) = number {
        lines.push(format!(
            "    今日の受付番号は {} から続きます / today's reception numbers go on from {}",
            number + 1,
            number + 1
        ));
    }
    if waiting + by_hand > 0 {
        lines.push(format!(
            "--  {} 件の結果が受付一覧に出ます。バックアップの後で取り込み・入力が済んでいないか、レセコンで確かめてください / {} results will stand on the staff board: look in the receipt computer whether they were taken or entered after the backup",
            waiting + by_hand,
            waiting + by_hand
        ));
    }
    if !left_behind.is_empty() {
        lines.push(format!(
            "--  届いていない結果が、それまでの記録にだけあります（来院 {left_behind:?}）。資格を確認し直してください / results of visits {left_behind:?} had not reached the receipt computer and are in the store that was put aside only: check these qualifications again"
        ));
    }
    lines.push("    バックアップの後の来院と同意は、この記録にはありません / visits and consents of after the backup are not in this store".into());
    lines
}

/// What became of the file of settings. The folder of practice has none, and most sites have changed nothing.
fn settings_line(settings: Option<bool>, aside: Option<&Path>) -> Option<&'static str> {
    match settings {
        Some(true) => Some(
            "    設定画面で変えた設定（settings.json）も、バックアップのときに戻りました / the settings that were changed at the staff pages are those of the backup, too",
        ),
        Some(false) => aside.filter(|aside| aside.join(FILE).exists()).map(|_| {
            "    バックアップのときは設定画面で何も変えていませんでした。今の設定（settings.json）も、それまでの記録と同じところに移しました / nothing had been changed at the staff pages by then: settings.json lies with the store that was there"
        }),
        None => Some(
            "    設定画面で変えた設定（settings.json）は、このバックアップには入っていないため、今のままです / this backup was written by a version that did not keep the settings of the staff pages: they are as they were",
        ),
    }
}
