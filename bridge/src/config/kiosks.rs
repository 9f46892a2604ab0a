//! The kiosks of a site: the first one is described by the flat options, further ones by `[[kiosk]]` tables of the file.

use super::ConfigError;
use super::options::KioskOptions;
use crate::reader::ReaderChoice;
use protocol::CAMERA_CHARS;
use std::fmt;

/// More than any site has, and than one computer has readers for.
const MOST: usize = 500;
/// Longest name of a kiosk in an address.
const LONGEST: usize = 32;

/// What a kiosk is called in addresses: 1 to 32 of `a`–`z`, `0`–`9` and `-`, so that it is written in one way only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KioskName(String);

impl KioskName {
    /// The kiosk of the flat options, which also answers without its name.
    pub fn first() -> Self {
        Self("first".into())
    }

    /// `None` for everything that is no name.
    pub fn parse(text: &str) -> Option<Self> {
        let safe = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        let fits = (1..=LONGEST).contains(&text.len()) && text.bytes().all(safe);
        fits.then(|| Self(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KioskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One kiosk, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KioskConfig {
    /// In addresses: `/k/NAME`.
    pub name: KioskName,
    /// For staff.
    pub title: String,
    /// Its reader, and no other kiosk's.
    pub reader: ReaderChoice,
    /// Label of the camera that looks at the card on the reader.
    pub card_camera: Option<String>,
    /// Label of the camera that looks at the person.
    pub face_camera: Option<String>,
}

/// Checks all of them, the first one first. `reader` is what counts where a kiosk names none.
///
/// # Errors
/// [`ConfigError`] names the kiosk, unless it is the first one, and the option.
pub(super) fn kiosks(
    first: KioskOptions,
    further: Vec<KioskOptions>,
    reader: &str,
) -> Result<Vec<KioskConfig>, ConfigError> {
    if further.len() >= MOST {
        return Err(ConfigError::Value("kiosk", "write at most 499 tables"));
    }
    let mut kiosks = vec![checked(KioskName::first(), "受付".into(), first, reader)?];
    for options in further {
        let expected =
            "write 1 to 32 of a–z, 0–9 and -: it is part of an address (kiosk_name is for staff)";
        let name = KioskName::parse(&options.name)
            .ok_or_else(|| ConfigError::Kiosk(options.name.clone(), "name", expected))?;
        kiosks.push(checked(name, options.name.clone(), options, reader)?);
    }
    apart(&kiosks)?;
    Ok(kiosks)
}

fn checked(
    name: KioskName,
    default_title: String,
    options: KioskOptions,
    reader: &str,
) -> Result<KioskConfig, ConfigError> {
    let wrong = |option, expected| wrong(&name, option, expected);
    let title = options.kiosk_name.unwrap_or(default_title);
    let is_title = (1..=40).contains(&title.chars().count());
    if !is_title || title.contains(char::is_control) {
        return Err(wrong("kiosk_name", "write 1 to 40 characters"));
    }
    for (option, camera) in
        [("card_camera", &options.card_camera), ("face_camera", &options.face_camera)]
    {
        if !camera.iter().all(|label| is_label(label)) {
            return Err(wrong(
                option,
                "write a piece of the camera's name as the browser shows it",
            ));
        }
    }
    let reader = reader_of(options.reader.as_deref().unwrap_or(reader))
        .ok_or_else(|| wrong("reader", "write auto, practice, none or a piece of its name"))?;
    let KioskOptions { card_camera, face_camera, .. } = options;
    Ok(KioskConfig { name, title, reader, card_camera, face_camera })
}

/// `auto`, `practice`, `none`, or a piece of a reader's name; `None`: it is nothing of that.
pub(crate) fn reader_of(word: &str) -> Option<ReaderChoice> {
    match word {
        "auto" => Some(ReaderChoice::Auto),
        "practice" => Some(ReaderChoice::Practice),
        "none" => Some(ReaderChoice::None),
        part => is_label(part).then(|| ReaderChoice::Named(part.into())),
    }
}

/// Whether it may be the name of a reader or a camera, or a piece of one: [`CAMERA_CHARS`] at most.
pub(crate) fn is_label(label: &str) -> bool {
    (1..=CAMERA_CHARS).contains(&label.chars().count()) && !label.contains(char::is_control)
}

/// Each has a name and a reader of its own.
///
/// # Errors
/// [`ConfigError`] names the kiosk that has another one's.
pub(crate) fn apart(kiosks: &[KioskConfig]) -> Result<(), ConfigError> {
    for (at, kiosk) in kiosks.iter().enumerate() {
        let others = || kiosks[..at].iter();
        if others().any(|other| other.name == kiosk.name) {
            let expected = "another kiosk has this name, and `first` is the one outside of the tables: give each its own";
            return Err(ConfigError::Kiosk(kiosk.name.to_string(), "name", expected));
        }
        let named = matches!(kiosk.reader, ReaderChoice::Named(_));
        if named && others().any(|other| other.reader == kiosk.reader) {
            return Err(wrong(
                &kiosk.name,
                "reader",
                "another kiosk has this reader: give each its own",
            ));
        }
    }
    let at_readers = || {
        kiosks
            .iter()
            .filter(|kiosk| !matches!(kiosk.reader, ReaderChoice::Practice | ReaderChoice::None))
    };
    match at_readers().find(|kiosk| kiosk.reader == ReaderChoice::Auto) {
        Some(kiosk) if at_readers().count() > 1 => Err(wrong(
            &kiosk.name,
            "reader",
            "auto is for a single kiosk: name the reader of each as `doctor` prints it, or write practice or none",
        )),
        _ => Ok(()),
    }
}

fn wrong(name: &KioskName, option: &'static str, expected: &'static str) -> ConfigError {
    if *name == KioskName::first() {
        ConfigError::Value(option, expected)
    } else {
        ConfigError::Kiosk(name.to_string(), option, expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(name: &str, reader: &str) -> KioskOptions {
        let (name, reader) = (name.to_owned(), Some(reader.to_owned()));
        KioskOptions { name, reader, ..KioskOptions::default() }
    }

    #[track_caller]
    fn refused(first: KioskOptions, further: &[KioskOptions], said: &str) {
        let error = kiosks(first, further.to_vec(), "auto").unwrap_err().to_string();
        assert!(error.starts_with(said), "{error}");
    }

    #[test]
    fn each_kiosk_has_a_name_and_a_reader_of_its_own() {
        let all =
            kiosks(at("", "ACS 00"), vec![at("lane-2", "ACS 01"), at("p", "practice")], "auto");
        let all = all.unwrap();
        let names: Vec<_> = all.iter().map(|kiosk| (kiosk.name.as_str(), &*kiosk.title)).collect();
        assert_eq!(names, [("first", "受付"), ("lane-2", "lane-2"), ("p", "p")]);
        let two = [at("a", "practice"), at("b", "practice")];
        let three = kiosks(at("", "auto"), two.to_vec(), "auto").unwrap();
        assert_eq!(three.len(), 3, "no reader is shared");
        let unsaid = KioskOptions { name: "a".into(), ..KioskOptions::default() };
        let without = kiosks(at("", "none"), vec![unsaid], "none").unwrap();
        assert!(without.iter().all(|kiosk| kiosk.reader == ReaderChoice::None));
        refused(
            at("", "1"),
            &[at("a", "2"), at("a", "3")],
            "kiosk `a`, option `name`: another kiosk has this name",
        );
        refused(at("", "1"), &[at("first", "2")], "kiosk `first`, option `name`: another");
        refused(at("", "1"), &[at("a", "1")], "kiosk `a`, option `reader`: another kiosk has this");
        refused(at("", "auto"), &[at("a", "1")], "option `reader`: auto is for a single kiosk");
        refused(at("", "1"), &[at("a", "auto")], "kiosk `a`, option `reader`: auto is for");
    }

    #[test]
    fn a_name_is_safe_in_an_address() {
        let long = "x".repeat(33);
        for name in ["", "窓口2", "Lane", "a/b", "a.b", "a b", "%61", &long] {
            let said = format!("kiosk `{name}`, option `name`: write 1 to 32 of");
            refused(at("", "1"), &[at(name, "2")], &said);
        }
        let many: Vec<_> = (0..MOST).map(|at_| at(&format!("k{at_}"), "practice")).collect();
        refused(at("", "1"), &many, "option `kiosk`: write at most 499 tables");
    }
}
