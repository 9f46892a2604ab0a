//! The hash chain of the audit, and its check; whatever engine keeps the lines.

use super::StoreError;
use super::head::{self, At};
use super::line::{self, DELETED};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Hash before the first line.
pub(super) const START: [u8; 32] = [0; 32];

/// SHA-256 over the hash before, the number of the line (8 bytes, big-endian) and its text.
pub(super) fn next(previous: &[u8; 32], seq: i64, line: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update(previous)
        .chain_update(seq.to_be_bytes())
        .chain_update(line)
        .finalize()
        .into()
}

/// An audit that is as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Lines that are held.
    pub lines: u64,
    /// Number and time of the first of them.
    pub first: Option<(i64, String)>,
    /// Number and time of the last one.
    pub last: Option<(i64, String)>,
    /// Hash of the last one, in hex.
    pub head: String,
    /// Older lines were deleted because their time was over: the number of the last of those, and when it was done.
    pub deleted: Option<(i64, String)>,
}

/// Visit and topic of a consent.
type About = (i64, String);

/// The answer, and when it was given; lines of older versions do not say.
type Given = (bool, Option<String>);

/// Lines that are looked at for the newest time. While the clock is before it nobody is served, so that far fewer follow.
pub(super) const LATEST: i64 = 10_000;

/// The latest time of a line since the clock was accepted last. Not simply that of the last line: staff may do things while the
/// clock is wrong, and their lines have its time.
#[derive(Default)]
pub(super) struct Newest(Option<Timestamp>);

impl Newest {
    /// The line before; `false`: no other one counts.
    pub(super) fn goes_on(&mut self, line: &str) -> bool {
        let Ok(line) = serde_json::from_str::<Value>(line) else { return true };
        self.0 = self.0.max(line["at"].as_str().and_then(|at| at.parse().ok()));
        line["what"] != line::CLOCK_ACCEPTED
    }

    /// The time.
    pub(super) fn time(self) -> Option<Timestamp> {
        self.0
    }
}

/// Looks at all lines of an audit, then at the table of consents.
pub(super) struct Check {
    /// The last line that was deleted in its time.
    start: At,
    /// When that was done, as a line of the chain itself says.
    deleted: Option<String>,
    /// The line before.
    at: At,
    first: Option<(i64, String)>,
    last: String,
    /// What the lines say, and the table has not said yet.
    told: BTreeMap<About, Given>,
}

impl Check {
    /// Of lines that begin behind `start`.
    pub(super) fn behind(start: At) -> Self {
        let (last, told) = (String::new(), BTreeMap::new());
        Self { start, deleted: None, at: start, first: None, last, told }
    }

    /// The next line, by its number.
    pub(super) fn line(&mut self, seq: i64, line: &str, hash: [u8; 32]) -> Result<(), StoreError> {
        let expected = self.at.0 + 1;
        if seq != expected || next(&self.at.1, seq, line) != hash {
            return Err(StoreError::ChainBroken(expected));
        }
        self.at = (seq, hash);
        if self.first.is_none() {
            self.first = Some((seq, time(line)));
        }
        line.clone_into(&mut self.last);
        if let Some((about, answer)) = consent(line) {
            self.told.entry(about).or_insert(answer);
        }
        if deletion(line) == Some(self.start) {
            self.deleted = Some(time(line));
        }
        Ok(())
    }

    /// A row of the table of consents.
    pub(super) fn consent(
        &mut self,
        visit: i64,
        topic: String,
        agreed: bool,
        given_at: &str,
    ) -> Result<(), StoreError> {
        let same = self
            .told
            .remove(&(visit, topic))
            .is_some_and(|(answer, at)| answer == agreed && at.is_none_or(|at| at == given_at));
        if same { Ok(()) } else { Err(StoreError::ConsentsDiffer(visit)) }
    }

    /// What was found, when nothing is wrong.
    pub(super) fn end(self) -> Result<Audit, StoreError> {
        let (through, (seq, hash)) = (self.start.0, self.at);
        if through > 0 && self.deleted.is_none() {
            return Err(StoreError::Beheaded(through));
        }
        if let Some((visit, _)) = self.told.into_keys().next() {
            return Err(StoreError::ConsentsDiffer(visit));
        }
        Ok(Audit {
            lines: (seq - through).unsigned_abs(),
            last: self.first.is_some().then(|| (seq, time(&self.last))),
            first: self.first,
            head: hex::encode(hash),
            deleted: self.deleted.map(|at| (through, at)),
        })
    }
}

/// What heads tell that were noted once and that the audit does not hold.
pub(super) fn heads(not_held: &[At]) -> Result<(), StoreError> {
    match not_held.first() {
        Some(&head::MISSING) => Err(StoreError::HeadMissing),
        Some((seq, _)) => Err(StoreError::Cut(*seq)),
        None => Ok(()),
    }
}

/// The time that a line says; empty when it says none.
fn time(line: &str) -> String {
    let line = serde_json::from_str::<Value>(line).unwrap_or_default();
    line["at"].as_str().unwrap_or_default().to_owned()
}

/// The last line that was deleted in its time, where a line says so.
fn deletion(line: &str) -> Option<At> {
    if !line.contains(DELETED) {
        return None;
    }
    let line: Value = serde_json::from_str(line).ok()?;
    (line["what"] == DELETED).then_some(())?;
    let hash = hex::decode(line["detail"]["hash"].as_str()?).ok()?;
    Some((line["detail"]["through"].as_i64()?, hash.try_into().ok()?))
}

/// What a line says about a consent.
pub(super) fn consent(line: &str) -> Option<(About, Given)> {
    // Most lines are about something else.
    if !line.contains("\"consent\"") {
        return None;
    }
    let line: Value = serde_json::from_str(line).ok()?;
    (line["what"] == "consent").then_some(())?;
    let detail = &line["detail"];
    let about = (line["visit"].as_i64()?, detail["topic"].as_str()?.to_owned());
    Some((about, (detail["agreed"].as_bool()?, detail["given_at"].as_str().map(str::to_owned))))
}
