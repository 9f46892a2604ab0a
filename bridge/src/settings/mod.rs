//! What managers decide at the staff pages. The configuration file says where each setting begins; one that was changed at the
//! pages counts more, until it is reset there.
//!
//! `setting.rs` has the one table of settings, `bounds.rs` what each may be, `equipment.rs` what a kiosk uses, `document.rs` the file in the data folder, `hours.rs` what follows from opening hours.

mod bounds;
mod document;
mod equipment;
mod hours;
mod setting;
mod time;
mod values;
mod wire;

pub use document::{FILE, LONGEST};
pub use equipment::{CamerasOf, ReaderOf};
pub use hours::{Hours, Span};
pub use setting::{Rule, Setting, TABLE, When, rule};
pub use time::ClockTime;
pub use values::Values;

use crate::checks::Sentence;
use crate::config::Config;
use document::Document;
use protocol::settings::{Entry, Key, Origin};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// A file of settings that cannot be used. Nothing else is used in its place: a site would open with rules that nobody chose.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The disk.
    #[error("cannot read {0}: {1}")]
    File(PathBuf, std::io::Error),
    /// Not as this version of the program writes it.
    #[error(
        "{0} cannot be used: {1}; mend it, bring back a copy, or take it away to begin with the values of the configuration file"
    )]
    Form(PathBuf, String),
}

/// Why settings were not changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Somebody else was faster.
    #[error("Somebody has changed the settings since: look again.")]
    Stale,
    /// A value cannot be.
    #[error("{0:?}: {1}")]
    Wrong(Key, Sentence),
    /// The disk.
    #[error("The disk does not take it now: try again.")]
    Disk(#[from] std::io::Error),
}

/// A setting that has another value now, for the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its name in the file.
    pub word: &'static str,
    /// What counted before.
    pub old: serde_json::Value,
    /// What counts from now on.
    pub new: serde_json::Value,
}

/// See the module.
pub struct Settings {
    file: PathBuf,
    /// What counts where nothing was changed at the pages.
    start: Values,
    /// What counted when the bridge was started.
    begun: Values,
    kept: Mutex<Document>,
    now: watch::Sender<Arc<Values>>,
}

impl Settings {
    /// Reads the file in the data folder; without one everything is as the configuration says.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn open(config: &Config) -> Result<Self, SettingsError> {
        let (file, start) = (config.data.join(FILE), Values::start(config));
        let kept = Document::read(&file)?;
        let values = kept.over(&start);
        if let Some((key, said)) = kept.trouble().or_else(|| values.trouble(&start)) {
            let word = rule(key).word;
            return Err(SettingsError::Form(file, format!("`{word}`: {}", said.en)));
        }
        let (begun, kept) = (values.clone(), Mutex::new(kept));
        Ok(Self { file, start, begun, kept, now: watch::channel(Arc::new(values)).0 })
    }

    /// What counts now.
    pub fn now(&self) -> Arc<Values> {
        Arc::clone(&self.now.borrow())
    }

    /// Tells of every change.
    pub fn changes(&self) -> watch::Receiver<Arc<Values>> {
        self.now.subscribe()
    }

    /// Those that were changed at the pages, by their words in the file.
    pub fn changed(&self) -> Vec<&'static str> {
        let kept = self.kept();
        TABLE.iter().filter(|rule| kept.has(rule.key)).map(|rule| rule.word).collect()
    }

    /// Its file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The version, and every setting in the order of the table.
    pub fn look(&self) -> (u64, Vec<Entry>) {
        let kept = self.kept();
        let values = self.now();
        let entry = |rule: &Rule| Entry {
            setting: values.get(rule.key).to_wire(),
            origin: if kept.has(rule.key) { Origin::Page } else { Origin::Start },
            bounds: rule.bounds.clone().map(std::ops::RangeInclusive::into_inner),
            waits: rule.when == When::Start && values.get(rule.key) != self.begun.get(rule.key),
        };
        (kept.version, TABLE.iter().map(entry).collect())
    }

    /// Changes all of it or nothing: on the disk first. Gives what has another value now. Blocks.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn change(
        &self,
        seen: u64,
        set: Vec<Setting>,
        reset: &[Key],
    ) -> Result<Vec<Changed>, Refusal> {
        let mut kept = self.kept();
        if kept.version != seen {
            return Err(Refusal::Stale);
        }
        let next = kept.with(set, reset);
        let (before, after) = (self.now(), next.over(&self.start));
        let trouble = next.trouble().or_else(|| after.trouble(&self.start));
        if let Some((key, said)) = trouble.or_else(|| after.unsupervised()) {
            return Err(Refusal::Wrong(key, said));
        }
        next.write(&self.file)?;
        *kept = next;
        let changed = TABLE.iter().filter_map(|rule| {
            let (old, new) = (before.get(rule.key), after.get(rule.key));
            let changed = Changed { word: rule.word, old: old.value(), new: new.value() };
            (old != new).then_some(changed)
        });
        let changed = changed.collect();
        self.now.send_replace(Arc::new(after));
        Ok(changed)
    }

    fn kept(&self) -> MutexGuard<'_, Document> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
