//! `export`: everything that is kept about one visit or one day, as JSON.

use super::{person, place};
use crate::config::{Config, Person};
use crate::private;
use crate::store::Sqlite;
use anyhow::{Context as _, Result, anyhow, bail};
use jiff::Timestamp;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::ExitCode;

/// Prints it, or writes it to a new file. That it was done is in the audit before.
///
/// # Errors
/// When nothing is kept of it, or it cannot be written.
pub fn run(config: &Config, of: &Person, out: Option<&Path>, now: Timestamp) -> Result<ExitCode> {
    let (folder, _) = place(config, of.practice);
    let which = person(&folder, of)?;
    let Some(told) = Sqlite::export(&folder, which, now)? else {
        bail!(
            "nothing is kept of it (any more) / 記録はありません（保存期間が過ぎたか、番号が違います）"
        );
    };
    let text = serde_json::to_string_pretty(&told).map_err(std::io::Error::from)?;
    let audited = || {
        Sqlite::exported(&folder, which, &told, now).context(
            "nothing is told of what the audit cannot say / 監査に書けないため、開示していません",
        )
    };
    let Some(out) = out else {
        audited()?;
        println!("{text}");
        return Ok(ExitCode::SUCCESS);
    };
    let shown = out.display();
    let mut file =
        private::options().create_new(true).write(true).open(out).map_err(|error| {
            match error.kind() {
                ErrorKind::AlreadyExists => anyhow!(
                    "{shown} is there already: nothing is written over, choose a new name / すでにあります。別の名前にしてください"
                ),
                _ => anyhow!("cannot write {shown}: {error} / 書き込めません"),
            }
        })?;
    let written = audited().and_then(|()| {
        let written = writeln!(file, "{text}").and_then(|()| file.sync_all());
        written.with_context(|| format!("cannot write {shown} / 書き込めません"))
    });
    if let Err(error) = written {
        // Half of it looks like all of it.
        let _ = std::fs::remove_file(out);
        return Err(error);
    }
    println!("OK  {shown}");
    Ok(ExitCode::SUCCESS)
}
