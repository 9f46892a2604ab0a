//! `audit verify`: proves that the audit is as it was written, while a bridge may be using it.

use super::NOT_IN_ORDER;
use crate::config::{AuditCommand, Config};
use crate::ledger::Ledgers;
use crate::store::{Audit, Sqlite, StoreError};
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Prints what was found of each store.
///
/// # Errors
/// When there is nothing to look at.
pub fn run(config: &Config, what: &AuditCommand) -> Result<ExitCode> {
    let AuditCommand::Verify { file, json } = what;
    let found = match file {
        Some(file) => vec![(file.clone(), backup(file))],
        None => stores(config),
    };
    if found.is_empty() {
        let data = config.data.display();
        bail!(
            "there is no store in {data}: say where with --data / 記録がありません。--data で場所を指定してください"
        );
    }
    for (file, audit) in &found {
        if *json {
            println!("{}", as_json(file, audit));
        } else {
            println!("{}", as_text(file, audit));
        }
    }
    Ok(status(found.iter().map(|(_, audit)| audit)).into())
}

/// The exit status for all of them: evidence in one is not hidden by another that cannot be read.
fn status<'a>(found: impl Iterator<Item = &'a Found>) -> u8 {
    let worst = found.map(|audit| match audit {
        Ok(_) => 0,
        Err(error) if tampered(error) => NOT_IN_ORDER,
        Err(_) => 1,
    });
    worst.max().unwrap_or(0)
}

type Found = Result<Audit, StoreError>;

fn stores(config: &Config) -> Vec<(PathBuf, Found)> {
    let folders = Ledgers::folders(&config.data).into_iter();
    let there = folders.filter(|folder| Sqlite::file(folder).exists());
    there.map(|folder| (Sqlite::file(&folder), Sqlite::verify(&folder))).collect()
}

fn backup(file: &Path) -> Found {
    // SQLite would say only that it cannot open it.
    std::fs::File::open(file)?;
    Sqlite::verify_backup(file)
}

/// The audit was read, and is not what was written.
pub(crate) fn tampered(error: &StoreError) -> bool {
    word(error).is_some()
}

/// What is wrong with an audit, in one word; `None`: it could not be read.
fn word(error: &StoreError) -> Option<&'static str> {
    match error {
        StoreError::ChainBroken(_) => Some("line_changed"),
        StoreError::Cut(_) => Some("cut_or_rewritten"),
        StoreError::HeadMissing => Some("head_missing"),
        StoreError::Beheaded(_) => Some("beginning_missing"),
        StoreError::ConsentsDiffer(_) => Some("consents_differ"),
        _ => None,
    }
}

fn as_text(file: &Path, audit: &Found) -> String {
    let file = file.display();
    let audit = match audit {
        Ok(audit) => audit,
        Err(error) => return format!("NG  {file}: ファイルはそのまま残してください / {error}"),
    };
    let Audit { lines, first, last, head, deleted } = audit;
    let Some(((first, from), (last, to))) = first.as_ref().zip(last.as_ref()) else {
        return format!("OK  {file}: まだ 1 行もありません / no lines yet");
    };
    let mut text = format!(
        "OK  {file}: 監査 {lines} 行（{first} 行目 {from} から {last} 行目 {to} まで）、改変なし、同意と一致 / audit intact: {lines} lines, from line {first} of {from} to line {last} of {to}, consents as in it\n    head {last} {head}"
    );
    if let Some((through, at)) = deleted {
        let _ = write!(
            text,
            "\n    {through} 行目までは保存期間が過ぎたため {at} に削除 / lines up to {through} had their time and were deleted at {at}"
        );
    }
    text
}

fn as_json(file: &Path, audit: &Found) -> Value {
    let line = |(number, at): &(i64, String)| json!({ "line": number, "at": at });
    let mut found = json!({ "file": file.display().to_string(), "in_order": audit.is_ok() });
    let details = match audit {
        Ok(Audit { lines, first, last, head, deleted }) => json!({
            "lines": lines, "first": first.as_ref().map(line), "last": last.as_ref().map(line),
            "head": head, "deleted_through": deleted.as_ref().map(line) }),
        Err(error) => {
            let at = match error {
                StoreError::ChainBroken(line)
                | StoreError::Cut(line)
                | StoreError::Beheaded(line) => Some(line),
                _ => None,
            };
            let trouble = word(error).unwrap_or("unreadable");
            json!({ "trouble": trouble, "line": at, "message": error.to_string() })
        }
    };
    if let (Value::Object(found), Value::Object(details)) = (&mut found, details) {
        found.extend(details);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audit_that_was_changed_is_told_whatever_is_wrong_with_another() {
        let changed: Found = Err(StoreError::ChainBroken(2));
        let unreadable: Found = Err(StoreError::NoBackup);
        assert_eq!(status([&changed, &unreadable].into_iter()), 3);
        assert_eq!(status([&unreadable, &changed].into_iter()), 3);
        assert_eq!(status([&unreadable].into_iter()), 1);
        assert_eq!(status([].into_iter()), 0);
    }
}
