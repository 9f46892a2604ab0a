//! Whom a bridge asks about patients, and the folders and lines of its configuration that go with it.

use std::path::Path;

use anyhow::Result;

/// The institution, where the bridge asks somebody else than the simulator.
pub const INSTITUTION: &str = "9999999999";
/// Folder of the terminal, beside the data folder.
pub(crate) const TERMINAL: &str = "OQS";

/// Whom a bridge asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Asks {
    /// The simulator inside it.
    #[default]
    Simulator,
    /// A terminal, whose folders lie beside its own.
    Terminal,
    /// Nobody: an official reader stands beside the kiosk, which has none, and leaves its files in a folder beside its own.
    Reader,
}

impl Asks {
    /// Makes the folders of a terminal or a reader, and gives the lines of a configuration file that name them.
    pub(crate) fn lines(self, folders: &Path) -> Result<String> {
        let folder = folders.join(TERMINAL);
        let (kind, named) = match self {
            Self::Simulator => return Ok(String::new()),
            Self::Terminal => ("folder", folder.clone()),
            Self::Reader => ("beside", folder.join("face")),
        };
        for name in ["req", "res", "face"] {
            std::fs::create_dir_all(folder.join(name))?;
        }
        let named = named.display().to_string();
        Ok(format!(
            "institution = \"{INSTITUTION}\"\n[gateway]\nkind = \"{kind}\"\nfolder = {named:?}\n"
        ))
    }
}
