//! `patients`: the clinic's patient list, as the receipt computer exports it.

use super::ask::{self, Asked};
use super::place;
use crate::config::Config;
use crate::patients::Place;
use crate::store::{Deed, FolderLock, Sqlite};
use anyhow::{Context as _, Result, bail};
use checkin::time::in_japan;
use clap::Subcommand;
use jiff::Timestamp;
use patients::{MAX_BYTES, Mapping, Read};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zeroize::Zeroizing;

/// What to do with the patient list.
#[derive(Clone, Debug, Subcommand)]
pub enum PatientsCommand {
    /// Say what would be imported, and which rows are wrong
    Check {
        /// CSV as the receipt computer exports it
        file: PathBuf,
        /// TOML that says which column is what
        #[arg(long, value_name = "FILE")]
        mapping: Option<PathBuf>,
    },
    /// Replace the list, also while the kiosk runs
    Import {
        /// CSV as the receipt computer exports it
        file: PathBuf,
        /// TOML that says which column is what
        #[arg(long, value_name = "FILE")]
        mapping: Option<PathBuf>,
        /// The list of practice
        #[arg(long)]
        practice: bool,
    },
    /// Ask the clinic's 資格確認端末 about everybody with an appointment on a day, also while the kiosk runs
    Ask {
        /// today, tomorrow, or a day in Japan as 2026-11-30
        #[arg(long, default_value = "tomorrow", value_name = "DAY")]
        day: Asked,
        /// Give up after so many minutes; the same command then goes on where it was
        #[arg(long, default_value_t = 30, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=720))]
        wait_minutes: u16,
    },
    /// Delete the list, or one patient from it, also while the kiosk runs
    Erase {
        /// Only the patient with this chart number
        #[arg(long, value_name = "NUMBER")]
        chart: Option<String>,
        /// The list of practice
        #[arg(long)]
        practice: bool,
    },
}

/// Does it, and prints what was done.
///
/// # Errors
/// Why nothing was done, and what to do.
pub fn run(config: &Config, what: &PatientsCommand, now: Timestamp) -> Result<ExitCode> {
    match what {
        PatientsCommand::Check { file, mapping } => {
            let read = read(file, mapping.as_deref(), now)?;
            tell(&read);
            println!("--  まだ取り込んでいません / nothing was imported: this was a check");
            Ok(if read.refused > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
        }
        PatientsCommand::Import { file, mapping, practice } => {
            let read = read(file, mapping.as_deref(), now)?;
            tell(&read);
            import(config, &read, *practice, now)
        }
        PatientsCommand::Ask { day, wait_minutes } => ask::run(config, *day, *wait_minutes, now),
        PatientsCommand::Erase { chart, practice } => {
            erase(config, chart.as_deref(), *practice, now)
        }
    }
}

fn read(file: &Path, mapping: Option<&Path>, now: Timestamp) -> Result<Read> {
    let mapping = match mapping {
        Some(mapping) => {
            let shown = mapping.display();
            let text = String::from_utf8(bytes(mapping, 64 * 1024)?.to_vec())
                .with_context(|| format!("{shown} is not UTF-8"))?;
            Mapping::parse(&text).with_context(|| format!("{shown}"))?
        }
        None => Mapping::default(),
    };
    let today = in_japan(now).date();
    let bytes = bytes(file, MAX_BYTES)?;
    patients::read(&bytes, &mapping, today).with_context(|| format!("{}", file.display()))
}

/// One byte more than allowed tells that there are more.
fn bytes(file: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>> {
    let cannot = || format!("cannot read {} / 読めません", file.display());
    let mut bytes = Zeroizing::new(Vec::new());
    let opened = File::open(file).with_context(cannot)?;
    opened.take(most as u64 + 1).read_to_end(&mut bytes).with_context(cannot)?;
    Ok(bytes)
}

fn tell(read: &Read) {
    let Read { list, wrong, refused, left_out, columns } = read;
    let columns: Vec<_> = columns.iter().map(|column| column.usual()).collect();
    println!("--  列 / columns: {}", columns.join(", "));
    for one in wrong {
        println!("--  {one}");
    }
    if refused + left_out > wrong.len() {
        println!("--  … ほかにもあります / and more: {refused} + {left_out}");
    }
    println!(
        "--  {} 人（保険あり {} 人）、読めない行 {refused}、省いた項目 {left_out} / {} patients, {} with an insurance; {refused} wrong rows, {left_out} facts left out",
        list.len(),
        list.insured(),
        list.len(),
        list.insured()
    );
}

fn import(config: &Config, read: &Read, practice: bool, now: Timestamp) -> Result<ExitCode> {
    let (patients, refused) = (read.list.len(), read.refused);
    if patients <= refused {
        bail!(
            "more rows are wrong than right: nothing was imported. Look at the columns, and say them in a mapping (--mapping) / 読めない行の方が多いため、取り込みませんでした。列を確かめ、対応表（--mapping）を書いてください"
        );
    }
    let (folder, kept) = list(config, practice);
    let fresh = kept.prepare(&read.list)?;
    audit(config, &folder, practice, Deed::PatientsImported { patients, refused }, now)?;
    fresh.put()?;
    println!(
        "OK  {patients} 人を取り込みました。それまでのリストは残りません。動いている受付は数秒で使い始めます / imported {patients} patients in the place of the list before; a kiosk that runs takes it within seconds\n    鍵 / key: {}",
        kept.key().display()
    );
    Ok(ExitCode::SUCCESS)
}

fn erase(config: &Config, chart: Option<&str>, practice: bool, now: Timestamp) -> Result<ExitCode> {
    let (folder, kept) = list(config, practice);
    let Some(chart) = chart else {
        if kept.imported().is_none() {
            bail!("there is no patient list / 患者リストはありません");
        }
        // What cannot be opened can be deleted all the same.
        let patients = kept.load().ok().flatten().map(|list| list.len());
        audit(config, &folder, practice, Deed::PatientsErased { patients }, now)?;
        kept.erase()?;
        println!(
            "OK  患者リストを消しました。レセコンの書き出しファイルは、別に消してください / the patient list was deleted: delete the exported file yourself"
        );
        return Ok(ExitCode::SUCCESS);
    };
    let left = kept.load()?.and_then(|list| list.without(chart));
    let Some(left) = left else {
        bail!(
            "nobody in the patient list has that chart number / その患者番号はリストにありません"
        );
    };
    let fresh = kept.prepare(&left)?;
    audit(config, &folder, practice, Deed::PatientsErased { patients: Some(1) }, now)?;
    fresh.put()?;
    println!(
        "OK  1 人をリストから消しました。レセコンから次に取り込むと、また入ります / deleted one patient from the list: the next import brings the person back unless the receipt computer has not"
    );
    Ok(ExitCode::SUCCESS)
}

/// The folder of the store, and where its list lies.
pub(super) fn list(config: &Config, practice: bool) -> (PathBuf, Place) {
    let (folder, _) = place(config, practice);
    let place = config.patient_list(&folder);
    (folder, place)
}

/// Into the audit of the store, which is made where there is none yet.
pub(super) fn audit(
    config: &Config,
    folder: &Path,
    practice: bool,
    deed: Deed,
    now: Timestamp,
) -> Result<()> {
    let audited = || -> Result<()> {
        if !Sqlite::file(folder).exists() {
            let _lock = FolderLock::take(&config.data)?;
            Sqlite::open(folder, practice || config.accept_practice_cards)?;
        }
        Ok(Sqlite::note(folder, deed, now)?)
    };
    audited().context(
        "nothing was done, because the audit cannot say it / 監査に書けないため、何もしていません",
    )
}
