//! Many people asked about at once (domain-facts B2): `OQSmuquc01` asks and is given a number, `OQSmuquc02` fetches the answers under
//! it. How far that is lies in a file that names nobody, so that it goes on where it was after the program ended: nothing is asked
//! twice, and the file of the answers is handed on once.

use super::answer::{Said, said};
use super::{POLL, SETTLED, Terminal, names};
use crate::store::{Held, hold};
use checkin::number::Numbers;
use jiff::Timestamp;
use jiff::civil::Date;
use oqs::{
    ExchangeName, FolderError, Found, Kind, Message, NameError, ParseErrorKind, Segment,
    WriteError, to_xml,
};
use serde::{Deserialize, Serialize};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// People that one question takes: far fewer elements than a file may have.
pub(crate) const MOST: usize = 1_000;

/// Somebody to ask about: their chart number comes back with the answer.
pub(crate) struct Person {
    pub(crate) chart: String,
    pub(crate) numbers: Numbers,
}

/// Why there is no answer yet. Repeats no value of a file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BulkError {
    #[error("{0}")]
    Folder(#[from] FolderError),
    #[error("{0}")]
    Write(#[from] WriteError),
    #[error("{0}")]
    Name(#[from] NameError),
    #[error("the file that says how far the question is cannot be used: {0}")]
    Progress(std::io::Error),
    #[error(
        "it is being asked already (process {0}): wait until that has ended, or stop it, and run the same again / すでに照会中です（プロセス {0}）。終わってからもう一度実行してください"
    )]
    Busy(String),
    #[error("the terminal answered with the error {0:?}: nothing was asked")]
    Refused(String),
    #[error("the terminal's answer cannot be read: {0}")]
    Unreadable(String),
    #[error("the terminal gave no number (ReceptionNumber) for the question")]
    NoNumber,
    #[error("the terminal has not answered in time; run the same again, and it goes on")]
    Late,
}

/// What became of it.
pub(crate) struct Told {
    /// Chart numbers and what was said about each, in the order in which was asked.
    pub(crate) people: Vec<(String, Said)>,
    /// The receipt computer's file.
    pub(crate) file: ExchangeName,
}

/// On the disk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Progress {
    /// The part of the names that is ours.
    own: String,
    /// The day for which is asked.
    #[serde(with = "as_text")]
    day: Date,
    /// The request was written.
    asked: bool,
    /// What the terminal gave for it.
    number: Option<String>,
    /// The file of the answers is about to get its name in the receipt computer's folder.
    handed: bool,
}

/// A day as text: 2026-11-30.
mod as_text {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
    pub(super) fn serialize<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(day)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Date, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One bulk question.
pub(crate) struct Bulk<'a> {
    pub(crate) terminal: &'a Terminal,
    /// Where it is kept how far it is.
    pub(crate) progress: PathBuf,
    /// The receipt computer's folder.
    pub(crate) results: &'a Path,
    /// Between two questions whether the answers are ready.
    pub(crate) again: Duration,
    /// Until when is waited.
    pub(crate) until: Instant,
}

impl Bulk<'_> {
    /// Asks about these people for that day, or goes on with what was asked for it. Only one may be at it. Blocks.
    ///
    /// # Errors
    /// [`BulkError`].
    pub(crate) fn ask(&self, people: &[Person], day: Date) -> Result<Told, BulkError> {
        // Two at once would ask the same twice and write over each other how far they are.
        let lock = self.progress.with_extension("lock");
        let _ours = match hold(&lock).map_err(BulkError::Progress)? {
            Held::Ours(file) => file,
            Held::By(process) => return Err(BulkError::Busy(process)),
        };
        let asked = self.go_on(people, self.begun(day)?);
        let is_over = matches!(
            asked,
            Err(BulkError::Refused(_) | BulkError::Unreadable(_) | BulkError::NoNumber)
        );
        if is_over {
            // The next try asks anew. The terminal's answer stays, for whoever wants to look at it.
            std::fs::remove_file(&self.progress).map_err(BulkError::Progress)?;
        }
        asked
    }

    fn go_on(&self, people: &[Person], mut progress: Progress) -> Result<Told, BulkError> {
        let (ask, fetch) = (
            ExchangeName::new(Kind::BulkRequest, &progress.own)?,
            ExchangeName::new(Kind::BulkFetch, &progress.own)?,
        );
        if !progress.asked {
            self.put(&ask, &self.question(&progress, people)?)?;
            progress.asked = true;
            self.keep(&progress)?;
        }
        if progress.number.is_none() {
            let (_, receipt) = self.answer(&ask)?;
            let number = receipt.reception_number().ok_or(BulkError::NoNumber)?;
            progress.number = Some(number.to_owned());
            self.keep(&progress)?;
            self.taken(&ask)?;
        }
        let number = progress.number.clone().unwrap_or_default();
        let (bytes, message) = loop {
            let institution = self.terminal.institution.clone();
            let fetching = Message::of_fetch(institution, &progress.own, &number)?;
            self.put(&fetch, &to_xml(&fetching, self.terminal.encoding)?.bytes)?;
            match self.answer(&fetch) {
                Ok(found) => break found,
                Err(Waits::Processing) => {
                    self.taken(&fetch)?;
                    self.pause(self.again)?;
                }
                Err(Waits::Ends(error)) => return Err(error),
            }
        };
        let file = fetch.answer().ok_or(NameError::Exchange)?;
        self.hand_over(&mut progress, &file, &bytes)?;
        let people = people.iter().map(|one| (one.chart.clone(), said(&message, one))).collect();
        self.taken(&fetch)?;
        std::fs::remove_file(&self.progress).map_err(BulkError::Progress)?;
        Ok(Told { people, file })
    }

    fn question(&self, progress: &Progress, people: &[Person]) -> Result<Vec<u8>, BulkError> {
        let people = people.iter().map(|one| (one.chart.as_str(), &one.numbers));
        let institution = self.terminal.institution.clone();
        let message = Message::of_many(institution, &progress.own, people, progress.day)?;
        Ok(to_xml(&message, self.terminal.encoding)?.bytes)
    }

    /// What is under way for that day, or a new one: what was under way for another day is given up.
    fn begun(&self, day: Date) -> Result<Progress, BulkError> {
        let kept = match std::fs::read(&self.progress) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(BulkError::Progress(error)),
            // A damaged one is given up, too.
            Ok(bytes) => serde_json::from_slice::<Progress>(&bytes).ok(),
        };
        if let Some(kept) = kept {
            if kept.day == day {
                return Ok(kept);
            }
            for kind in [Kind::BulkRequest, Kind::BulkFetch] {
                let question = ExchangeName::new(kind, &kept.own)?;
                oqs::remove(&self.terminal.req(), &question)?;
                self.taken(&question)?;
            }
        }
        let own = names::new(Kind::BulkRequest, Timestamp::now()).own().to_owned();
        let fresh = Progress { own, day, asked: false, number: None, handed: false };
        self.keep(&fresh)?;
        Ok(fresh)
    }

    /// Complete under its name, or as it was.
    fn keep(&self, progress: &Progress) -> Result<(), BulkError> {
        let text = serde_json::to_vec(progress).expect("text and numbers become JSON");
        let fresh = self.progress.with_extension("new");
        let kept = || {
            let options = &mut crate::private::options();
            let mut file = options.write(true).create(true).truncate(true).open(&fresh)?;
            file.write_all(&text)?;
            file.sync_all()?;
            std::fs::rename(&fresh, &self.progress)
        };
        kept().map_err(BulkError::Progress)
    }

    /// Into `req`, unless it lies there or its answer does.
    fn put(&self, question: &ExchangeName, bytes: &[u8]) -> Result<(), BulkError> {
        let answer = question.answer().ok_or(NameError::Exchange)?;
        if oqs::look(&self.terminal.res(), &answer)? == Found::File {
            return Ok(());
        }
        match oqs::put(&self.terminal.req(), question, bytes) {
            Ok(()) | Err(FolderError::NameTaken) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits for the answer, whole and readable; it stays where it is.
    fn answer(&self, question: &ExchangeName) -> Result<(Vec<u8>, Message), Waits> {
        let name = question.answer().ok_or(NameError::Exchange)?;
        let mut before: Option<(Vec<u8>, Instant)> = None;
        loop {
            let now = oqs::read(&self.terminal.res(), &name)?;
            match (&before, now) {
                (Some((same, since)), Some(bytes)) if *same == bytes => {
                    if since.elapsed() >= SETTLED
                        && let Some(message) = whole(&bytes, question.own())?
                    {
                        return Ok((bytes, message));
                    }
                }
                (_, Some(bytes)) => before = Some((bytes, Instant::now())),
                (_, None) => before = None,
            }
            self.pause(POLL)?;
        }
    }

    fn pause(&self, time: Duration) -> Result<(), BulkError> {
        if Instant::now() + time > self.until {
            return Err(BulkError::Late);
        }
        std::thread::sleep(time);
        Ok(())
    }

    /// The answer to this question is needed no more.
    fn taken(&self, question: &ExchangeName) -> Result<(), BulkError> {
        let answer = question.answer().ok_or(NameError::Exchange)?;
        Ok(oqs::remove(&self.terminal.res(), &answer)?)
    }

    /// As it was received, and once: after a crash, one that is gone was taken by the receipt computer.
    fn hand_over(
        &self,
        progress: &mut Progress,
        file: &ExchangeName,
        bytes: &[u8],
    ) -> Result<(), BulkError> {
        if !progress.handed {
            oqs::stage(self.results, file, bytes)?;
            progress.handed = true;
            self.keep(progress)?;
        }
        if oqs::look(self.results, file)? == Found::Part {
            oqs::place(self.results, file)?;
        }
        Ok(())
    }
}

/// Why an answer is not there.
enum Waits {
    /// The terminal is still at it.
    Processing,
    Ends(BulkError),
}

impl From<BulkError> for Waits {
    fn from(error: BulkError) -> Self {
        Self::Ends(error)
    }
}

impl From<FolderError> for Waits {
    fn from(error: FolderError) -> Self {
        Self::Ends(error.into())
    }
}

impl From<NameError> for Waits {
    fn from(error: NameError) -> Self {
        Self::Ends(error.into())
    }
}

impl From<Waits> for BulkError {
    /// A number is given at once, or later.
    fn from(waits: Waits) -> Self {
        match waits {
            Waits::Processing => Self::Late,
            Waits::Ends(error) => error,
        }
    }
}

/// `None`: half a file.
fn whole(bytes: &[u8], own: &str) -> Result<Option<Message>, Waits> {
    let message = match oqs::parse(bytes) {
        Err(error) if error.kind == ParseErrorKind::EndsEarly => return Ok(None),
        Err(error) => return Err(BulkError::Unreadable(error.to_string()).into()),
        Ok(message) => message,
    };
    let header = message.header.as_ref();
    if header.and_then(|header| header.file_identifier.as_deref()).is_some_and(|of| of != own) {
        let other = "it answers another question".to_owned();
        return Err(BulkError::Unreadable(other).into());
    }
    match header.and_then(|header| header.segment) {
        None | Some(Segment::Done) => Ok(Some(message)),
        Some(Segment::Processing) => Err(Waits::Processing),
        Some(_) => {
            let code = header.and_then(|header| header.error_code.as_deref()).unwrap_or_default();
            Err(BulkError::Refused(code.to_owned()).into())
        }
    }
}

#[cfg(test)]
mod tests;
