//! `backup`: copies a store while a bridge uses it.

use super::{NOT_IN_ORDER, audit::tampered, place};
use crate::config::Config;
use crate::store::{Audit, Sqlite};
use anyhow::Result;
use jiff::Timestamp;
use std::path::Path;
use std::process::ExitCode;

/// Copies the store of patients, or of practice, to a new file.
///
/// # Errors
/// Why there is no backup, and what to do.
pub fn run(config: &Config, file: &Path, practice: bool, now: Timestamp) -> Result<ExitCode> {
    let (folder, _) = place(config, practice);
    let shown = file.display();
    match Sqlite::backup(&folder, file, now)? {
        Ok(Audit { lines, last, head, .. }) => {
            let last = last.map_or(0, |(line, _)| line);
            println!(
                "OK  {shown}: バックアップを作り、読み直して確かめました（監査 {lines} 行） / written and read again: {lines} lines of the audit\n    head {last} {head}\n    患者の情報を含みます。記録フォルダーと同じように守ってください / it names people: guard it like the data folder"
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            println!(
                "NG  {shown}: バックアップは作りましたが、監査に問題があります / written, but the audit in it is not in order, as in the store: {error}"
            );
            Ok(if tampered(&error) { NOT_IN_ORDER.into() } else { ExitCode::FAILURE })
        }
    }
}
