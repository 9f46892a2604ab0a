//! `oqs`: looks at files between eligibility terminal (資格確認端末) and receipt computer (レセコン).
//!
//! Exit codes: 0 everything is right; 1 a file can be read, but programs that take it need something else;
//! 2 it cannot be read, or something else went wrong.

mod request;
mod show;

use anyhow::{Context as _, Result, ensure};
use clap::{Parser, Subcommand, ValueEnum};
use oqs::{Encoding, Kind, Message};
use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Checks, shows and converts files between eligibility terminal (資格確認端末) and receipt computer (レセコン)
#[derive(Parser)]
#[command(name = "oqs", version)]
struct Options {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Tell whether files can be read, and what programs that take them would miss
    Check {
        /// Files; the kind is told by the name, else by what is in it
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Print what is in a file; what tells about a person is masked
    Show {
        /// The file
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// Print what tells about a person, too
        #[arg(long)]
        personal: bool,
    },
    /// Write a file again, in the form and order of this program, in another encoding
    Convert {
        /// The file
        file: PathBuf,
        /// Encoding
        #[arg(long, value_enum)]
        to: To,
        /// The new file; nothing is overwritten
        output: PathBuf,
    },
    /// Write a request about one person (`OQSsiquc01req`)
    NewRequest(request::Options),
}

#[derive(Clone, Copy, ValueEnum)]
enum To {
    /// UTF-8
    Utf8,
    /// Code page 932
    ShiftJis,
}

fn main() -> ExitCode {
    match run(&Options::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}

/// `false`: something is missing.
fn run(task: &Task) -> Result<bool> {
    match task {
        Task::Check { files } => check(files),
        Task::Show { file, json, personal } => {
            let (message, _) = read(file)?;
            let shown = if *json {
                serde_json::to_string_pretty(&show::json(&message, *personal)?)?
            } else {
                show::text(&message, *personal)?
            };
            println!("{}", shown.trim_end());
            Ok(true)
        }
        Task::Convert { file, to, output } => {
            let (message, _) = read(file)?;
            let encoding = match to {
                To::Utf8 => Encoding::Utf8,
                To::ShiftJis => Encoding::ShiftJis,
            };
            write(&message, encoding, output)
        }
        Task::NewRequest(options) => write(&options.message()?, Encoding::ShiftJis, &options.file),
    }
}

fn check(files: &[PathBuf]) -> Result<bool> {
    let (mut unread, mut fine) = (0, true);
    for file in files {
        let (message, encoding) = match read(file) {
            Ok(read) => read,
            Err(error) => {
                eprintln!("{error:#}");
                unread += 1;
                continue;
            }
        };
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let kind = Kind::of_name(&name).unwrap_or_else(|| message.kind());
        let problems = message.check(kind);
        for problem in &problems {
            println!("{}: {problem}", file.display());
        }
        fine &= problems.is_empty();
        if problems.is_empty() {
            let prefix = kind.prefix().trim_end_matches('_');
            println!("{}: ok ({prefix}, {})", file.display(), encoding.label());
        }
    }
    ensure!(unread == 0, "files that cannot be read: {unread} of {}", files.len());
    Ok(fine)
}

fn read(file: &Path) -> Result<(Message, Encoding)> {
    let shown = || file.display().to_string();
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(file).with_context(shown)?;
    // One byte more than the largest: then it is refused with its reason.
    opened.take(oqs::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).with_context(shown)?;
    oqs::parse_with_encoding(&bytes).with_context(shown)
}

fn write(message: &Message, encoding: Encoding, file: &Path) -> Result<bool> {
    let xml = oqs::to_xml(message, encoding)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // It names a person.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    let mut opened = options.open(file).with_context(|| file.display().to_string())?;
    opened.write_all(&xml.bytes).with_context(|| file.display().to_string())?;
    for lost in &xml.lost {
        eprintln!("{}: <{}> lost characters; ● stands for them", file.display(), lost.element);
    }
    Ok(xml.lost.is_empty())
}
