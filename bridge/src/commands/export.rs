//! `export`: everything that is kept about one visit or one day, as JSON.

use super::{person, place};
use crate::config::{Config, Person};
use crate::private;
use crate::store::{Sqlite, StoreError};
use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// Prints it, or writes it to a new file.
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
    let Some(out) = out else {
        println!("{text}");
        return Ok(ExitCode::SUCCESS);
    };
    let shown = out.display();
    let written = private::options().create_new(true).write(true).open(out).and_then(|mut file| {
        writeln!(file, "{text}")?;
        file.sync_all()
    });
    written.map_err(StoreError::from).with_context(|| format!("cannot write {shown}"))?;
    println!("OK  {shown}");
    Ok(ExitCode::SUCCESS)
}
