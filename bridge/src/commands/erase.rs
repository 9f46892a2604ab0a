//! `erase`: deletes what names the person of a visit, when that person asks for it before its time is over.

use super::{person, place};
use crate::config::{Config, Person};
use crate::store::{Actor, FolderLock, Op, Sqlite, Store as _, StoreError, ToErase, Which};
use anyhow::{Result, bail};
use jiff::Timestamp;
use std::process::ExitCode;

/// Erases it. `unentered`: also a result that the receipt computer has not got.
///
/// # Errors
/// While a kiosk runs, where nothing is kept that names the person, or where a result would be lost.
pub fn run(config: &Config, of: &Person, unentered: bool, now: Timestamp) -> Result<ExitCode> {
    let _lock = FolderLock::take(&config.data).map_err(|error| match error {
        StoreError::InUse { .. } => anyhow::Error::from(error).context(super::STOP_FIRST),
        other => other.into(),
    })?;
    let (folder, practice) = place(config, of.practice);
    let Which::Visit(visit) = person(&folder, of)? else {
        bail!(
            "a day is not erased: say which visit, with --number or --visit / --number か --visit で、どの受付かを指定してください"
        );
    };
    let ToErase { rows, unentered: by_hand, files, perhaps_there } =
        Sqlite::to_erase(&folder, visit)?;
    if rows + files == 0 {
        bail!(
            "nothing that names the person of visit {} is kept (any more) / 氏名などの記録はもうありません",
            visit.0
        );
    }
    if by_hand + files > 0 && !unentered {
        bail!(
            "the result of visit {} has not reached the receipt computer: enter it first, or lose it with --unentered / レセコンに届いていない結果があります。先に入力するか、失ってよければ --unentered を付けてください",
            visit.0
        );
    }
    let store = Sqlite::open(&folder, practice)?;
    store.commit(&[Op::Erase { visit, at: now, by: Some(Actor::Command) }])?;
    println!(
        "OK  受付 {} の氏名などを消しました（一覧 {rows} 行、結果ファイル {files} 件）。消したことは監査に残ります / erased of visit {}: {rows} rows of the board, {files} waiting files; that it was done is in the audit",
        visit.0, visit.0
    );
    if perhaps_there > 0 {
        println!(
            "--  結果フォルダーとレセコンに同じ結果がないか確かめてください / its file may be in the result folder or in the receipt computer: look there"
        );
    }
    if config.upstream.is_some() && !practice {
        println!(
            "    施設のデータベースからは、受付を始めてつながったときに消えます。PostgreSQL の WAL とバックアップには残ります / it goes from the site's database when the kiosk runs and is connected, and stays in PostgreSQL's WAL and backups"
        );
    }
    println!(
        "    バックアップと before-restore- のフォルダーには残っています / it is still in backups and in before-restore- folders, if there are any"
    );
    Ok(ExitCode::SUCCESS)
}
