//! Where the list and its key lie, and how they get there: the list appears under its name complete, or not at all.

use super::sealed::{Key, Unsealed, seal, unseal};
use crate::private;
use patients::{List, MAX_BYTES};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use zeroize::Zeroizing;

/// A list is never longer than the largest export and what encryption adds.
const MAX_SEALED: u64 = MAX_BYTES as u64 + 1024;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    list: PathBuf,
    key: PathBuf,
}

/// Why a list cannot be opened or kept. Each names the file and says what to do, and nothing of the list.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// A file.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// There is a list and no key.
    #[error("the key of the patient list is not at {0}: bring it back, or import the list again")]
    NoKey(PathBuf),
    /// The key file holds something else.
    #[error(
        "{0} is no key of a patient list: bring it back, or remove it and import the list again"
    )]
    KeyForm(PathBuf),
    /// The list was encrypted with another key.
    #[error(
        "the patient list {0} was encrypted with another key: bring that back, or import the list again"
    )]
    ForeignKey(PathBuf),
    /// It is not as it was written.
    #[error("the patient list {0} is damaged: import it again")]
    Damaged(PathBuf),
}

/// What the files are like, as far as a look tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) list: Option<(SystemTime, u64, u64)>,
    key: Option<(SystemTime, u64, u64)>,
}

/// A list that is written, under another name.
#[derive(Debug)]
pub struct Prepared {
    fresh: PathBuf,
    list: PathBuf,
}

impl Place {
    /// In the folder of a store; `key`: where the site wants the key.
    pub fn new(folder: &Path, key: Option<&Path>) -> Self {
        let key = key.map_or_else(|| folder.join("patients.key"), Path::to_owned);
        Self { list: folder.join("patients.list"), key }
    }

    /// The file of the list.
    pub fn list(&self) -> &Path {
        &self.list
    }

    /// The file of the key.
    pub fn key(&self) -> &Path {
        &self.key
    }

    pub(super) fn stamp(&self) -> Stamp {
        Stamp { list: stamp(&self.list), key: stamp(&self.key) }
    }

    /// When the list was imported; `None`: there is none.
    pub fn imported(&self) -> Option<SystemTime> {
        stamp(&self.list).map(|(at, ..)| at)
    }

    /// The list; `None`: there is none.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn load(&self) -> Result<Option<List>, ListError> {
        let Some(mut sealed) = self.read(&self.list, MAX_SEALED)? else { return Ok(None) };
        let key = self.existing_key()?.ok_or_else(|| ListError::NoKey(self.key.clone()))?;
        let damaged = || ListError::Damaged(self.list.clone());
        match unseal(&key, &mut sealed) {
            Ok(bytes) => List::from_bytes(bytes).map(Some).map_err(|_| damaged()),
            Err(Unsealed::ForeignKey) => Err(ListError::ForeignKey(self.list.clone())),
            Err(Unsealed::Damaged) => Err(damaged()),
        }
    }

    /// Writes a list beside the one that is there, encrypted. The first one makes the key.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn prepare(&self, list: &List) -> Result<Prepared, ListError> {
        let key = match self.existing_key()? {
            Some(key) => key,
            None => self.new_key()?,
        };
        let sealed = seal(&key, list.to_bytes());
        let fresh = self.list.with_extension(format!("list.{:016x}", rand::random::<u64>()));
        // Gone with it where it is not put.
        let prepared = Prepared { fresh, list: self.list.clone() };
        write(&prepared.fresh, &sealed).map_err(|error| file(&self.list, error))?;
        Ok(prepared)
    }

    /// Deletes the list; the key stays for the next one. `false`: there was none.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn erase(&self) -> Result<bool, ListError> {
        match fs::remove_file(&self.list).and_then(|()| sync_folder(&self.list)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(file(&self.list, error)),
        }
    }

    fn existing_key(&self) -> Result<Option<Key>, ListError> {
        let Some(text) = self.read(&self.key, 256)? else { return Ok(None) };
        let key = Key::parse(&text);
        key.map(Some).ok_or_else(|| ListError::KeyForm(self.key.clone()))
    }

    fn new_key(&self) -> Result<Key, ListError> {
        let key = Key::random();
        write(&self.key, key.text().as_bytes()).map_err(|error| file(&self.key, error))?;
        Ok(key)
    }

    /// `None`: it is not there.
    fn read(&self, path: &Path, most: u64) -> Result<Option<Zeroizing<Vec<u8>>>, ListError> {
        let opened = match File::open(path) {
            Ok(opened) => opened,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(file(path, error)),
        };
        let mut bytes = Zeroizing::new(Vec::new());
        opened.take(most + 1).read_to_end(&mut bytes).map_err(|error| file(path, error))?;
        if bytes.len() as u64 > most {
            let is_key = path == self.key;
            let path = path.to_owned();
            return Err(if is_key { ListError::KeyForm(path) } else { ListError::Damaged(path) });
        }
        Ok(Some(bytes))
    }
}

impl Prepared {
    /// Puts it in the place of the one before.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn put(self) -> Result<(), ListError> {
        fs::rename(&self.fresh, &self.list)
            .and_then(|()| sync_folder(&self.list))
            .map_err(|error| file(&self.list, error))
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // There is none any more when it was put.
        let _ = fs::remove_file(&self.fresh);
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64, u64)> {
    let about = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let which = std::os::unix::fs::MetadataExt::ino(&about);
    #[cfg(not(unix))]
    let which = 0;
    Some((about.modified().ok()?, about.len(), which))
}

/// A new file, for the bridge's user only, on the disk when this returns.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = private::options().create_new(true).write(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    sync_folder(path)
}

/// A name is on the disk when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn file(path: &Path, error: io::Error) -> ListError {
    ListError::File(path.to_owned(), error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;
    use patients::{Mapping, read};

    fn list() -> List {
        let rows = "患者番号,氏名,生年月日,性別\n4711,練習　花子,1980/2/17,2\n";
        read(rows.as_bytes(), &Mapping::default(), Date::constant(2026, 11, 29)).unwrap().list
    }

    fn files(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_list_is_kept_encrypted_for_its_owner_only_and_comes_back() {
        let (data, disk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let place = Place::new(data.path(), Some(&disk.path().join("stick/key")));
        assert!(place.load().unwrap().is_none() && place.imported().is_none());
        // What is not put leaves nothing behind but the key.
        drop(place.prepare(&list()).unwrap());
        assert!(place.load().unwrap().is_none() && files(data.path()).is_empty());
        place.prepare(&list()).unwrap().put().unwrap();
        assert_eq!(files(data.path()), ["patients.list"]);
        assert_eq!(place.load().unwrap().unwrap().len(), 1);
        let bytes = fs::read(place.list()).unwrap();
        let holds = |needle: &str| bytes.windows(needle.len()).any(|at| at == needle.as_bytes());
        assert!(!holds("練習") && !holds("4711") && !holds("19800217"));
        #[cfg(unix)]
        for path in [place.list(), place.key()] {
            let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(path).unwrap());
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
        assert!(place.erase().unwrap() && !place.erase().unwrap());
    }

    #[test]
    fn what_cannot_be_opened_says_why_and_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path(), None);
        place.prepare(&list()).unwrap().put().unwrap();
        let whole = fs::read(place.list()).unwrap();
        let said = |place: &Place| place.load().err().unwrap().to_string();
        for at in [0, 9, 20, 30, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(place.list(), &bytes).unwrap();
            assert!(said(&place).contains("again"), "{at}: {}", said(&place));
        }
        for cut in [0, 8, 40, whole.len() - 1] {
            fs::write(place.list(), &whole[..cut]).unwrap();
            assert!(said(&place).contains("damaged"), "{cut}");
        }
        fs::write(place.list(), &whole).unwrap();
        let key = fs::read(place.key()).unwrap();
        fs::write(place.key(), "0".repeat(64)).unwrap();
        assert!(said(&place).contains("another key"));
        for no_key in ["", "x", &"0".repeat(300)] {
            fs::write(place.key(), no_key).unwrap();
            assert!(said(&place).contains("is no key"));
            assert!(place.prepare(&list()).is_err(), "it is never written over");
        }
        fs::remove_file(place.key()).unwrap();
        assert!(said(&place).contains("bring it back"));
        fs::write(place.key(), key).unwrap();
        assert_eq!(place.load().unwrap().unwrap().len(), 1);
    }
}
