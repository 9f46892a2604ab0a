//! The file of the settings that were changed at the staff pages. It appears under its name complete, or as it was before.

use super::SettingsError;
use super::setting::Setting;
use super::values::Values;
use crate::checks::Sentence;
use protocol::settings::Key;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

/// Its name, in the data folder.
pub const FILE: &str = "settings.json";
/// Next to it while it is written.
const NEW: &str = "settings.json.new";
/// How the file is written; another number is another version of the program.
const FORM: u32 = 1;
/// Longest one in bytes.
pub const LONGEST: u64 = 256 * 1024;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    form: u32,
    /// Grows with every change, from 0 where there is no file.
    pub(super) version: u64,
    settings: Vec<Setting>,
}

impl Default for Document {
    fn default() -> Self {
        Self { form: FORM, version: 0, settings: Vec::new() }
    }
}

impl Document {
    /// Nothing is changed where there is no file.
    pub(super) fn read(file: &Path) -> Result<Self, SettingsError> {
        let mut text = String::new();
        let read = File::open(file).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
        let wrong = |why: String| SettingsError::Form(file.into(), why);
        match read {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                return Err(wrong("it is no text".into()));
            }
            Err(error) => return Err(SettingsError::File(file.into(), error)),
            Ok(_) => {}
        }
        let document: Self =
            serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if document.form != FORM {
            let form = document.form;
            return Err(wrong(format!("another version of the program wrote it (form {form})")));
        }
        let keys: Vec<_> = document.settings.iter().map(Setting::key).collect();
        let twice = keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key));
        if twice { Err(wrong("a setting is in it twice".into())) } else { Ok(document) }
    }

    /// What counts: its settings, and those of `start` that are not in it.
    pub(super) fn over(&self, start: &Values) -> Values {
        let mut values = start.clone();
        for setting in &self.settings {
            values.set(setting.clone());
        }
        values
    }

    /// The first value that cannot be, and what is expected.
    pub(super) fn trouble(&self) -> Option<(Key, Sentence)> {
        self.settings.iter().find_map(|setting| Some((setting.key(), setting.trouble()?)))
    }

    /// Whether it was changed at the pages.
    pub(super) fn has(&self, key: Key) -> bool {
        self.settings.iter().any(|setting| setting.key() == key)
    }

    /// The next version, with these and without those.
    pub(super) fn with(&self, set: Vec<Setting>, reset: &[Key]) -> Self {
        let mut next = Self { version: self.version + 1, ..self.clone() };
        let named: Vec<_> = set.iter().map(Setting::key).collect();
        next.settings.retain(|it| !reset.contains(&it.key()) && !named.contains(&it.key()));
        for setting in set {
            // Whoever names one twice means the last.
            next.settings.retain(|it| it.key() != setting.key());
            next.settings.push(setting);
        }
        next.settings.sort_by_key(Setting::key);
        next
    }

    /// Puts it in the place of the one before, and returns when it would outlive a loss of power.
    pub(super) fn write(&self, file: &Path) -> std::io::Result<()> {
        let new = file.with_file_name(NEW);
        let text = serde_json::to_string_pretty(self)? + "\n";
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
        let mut out = options.open(&new)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        std::fs::rename(&new, file)?;
        #[cfg(unix)]
        if let Some(folder) = file.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}
