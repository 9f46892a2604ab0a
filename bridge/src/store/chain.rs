//! The hash chain of the audit, and its check; whatever engine keeps the lines.

use super::StoreError;
use super::head::{self, At};
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

/// Visit and topic of a consent.
type About = (i64, String);

/// The answer, and when it was given; lines of older versions do not say.
type Given = (bool, Option<String>);

/// Looks at all lines of an audit, then at the table of consents.
pub(super) struct Check {
    previous: [u8; 32],
    count: i64,
    /// What the lines say, and the table has not said yet.
    told: BTreeMap<About, Given>,
}

impl Default for Check {
    fn default() -> Self {
        Self { previous: START, count: 0, told: BTreeMap::new() }
    }
}

impl Check {
    /// The next line, by its number.
    pub(super) fn line(&mut self, seq: i64, line: &str, hash: [u8; 32]) -> Result<(), StoreError> {
        self.count += 1;
        if seq != self.count || next(&self.previous, seq, line) != hash {
            return Err(StoreError::ChainBroken(self.count));
        }
        self.previous = hash;
        if let Some((about, answer)) = consent(line) {
            self.told.entry(about).or_insert(answer);
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

    /// Gives the number of lines.
    pub(super) fn end(self) -> Result<u64, StoreError> {
        match self.told.into_keys().next() {
            Some((visit, _)) => Err(StoreError::ConsentsDiffer(visit)),
            None => Ok(self.count.unsigned_abs()),
        }
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

/// What a line says about a consent.
fn consent(line: &str) -> Option<(About, Given)> {
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
