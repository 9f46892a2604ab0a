//! What the programs that take our files demand of them, as tables of named rules, checked on what the program really writes: for
//! every persona and every case, in both encodings. The files are read by the declaration and the elements alone, as a program that
//! knows nothing of this project reads them.

mod cases;
mod face;
mod request;

use oqs::MAX_BYTES;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Whose files they are.
const INSTITUTION: &str = "1310000001";
/// When they are written: the day in Japan is another one than that of UTC.
const NOW: &str = "2026-11-29T08:30:15+09:00";
/// That day.
const TODAY: &str = "20261129";

/// A file as it lies in a folder.
#[derive(Clone)]
struct Written {
    name: String,
    bytes: Vec<u8>,
}

/// One demand.
struct Rule {
    what: &'static str,
    holds: fn(&Taken) -> bool,
    /// Breaks this rule and no other one in a file that keeps all.
    breaks: fn(&mut Written),
}

/// A file as a receiver takes it in.
struct Taken {
    name: String,
    /// It is in the encoding that it declares.
    is_as_declared: bool,
    size: usize,
    text: String,
    /// Paths and texts of all elements without children; of the others with an empty text.
    elements: Vec<(String, String)>,
}

impl Written {
    /// Puts `to` in the place of the first `from`.
    fn put(&mut self, from: &str, to: &str) {
        let at = self.bytes.windows(from.len()).position(|piece| piece == from.as_bytes());
        let at = at.unwrap_or_else(|| panic!("{from} is not in the file"));
        self.bytes.splice(at..at + from.len(), to.bytes());
    }

    fn rename(&mut self, from: &str, to: &str) {
        assert!(self.name.contains(from), "{from} is not in {}", self.name);
        self.name = self.name.replacen(from, to, 1);
    }

    fn taken(&self) -> Taken {
        let declared = |name: &str| {
            let declaration =
                format!("<?xml version=\"1.0\" encoding=\"{name}\" standalone=\"no\"?>");
            self.bytes.starts_with(declaration.as_bytes())
        };
        let encoding = match (declared("UTF-8"), declared("Shift_JIS")) {
            (true, _) => Some(encoding_rs::UTF_8),
            (_, true) => Some(encoding_rs::SHIFT_JIS),
            _ => None,
        };
        let strict = encoding.and_then(|encoding| {
            encoding.decode_without_bom_handling_and_without_replacement(&self.bytes)
        });
        let is_as_declared = strict.is_some();
        let text = strict.unwrap_or_else(|| String::from_utf8_lossy(&self.bytes)).into_owned();
        let (name, size) = (self.name.clone(), self.bytes.len());
        Taken { name, is_as_declared, size, elements: elements(&text), text }
    }

    /// The rules that it breaks.
    fn broken(&self, rules: &[Rule]) -> Vec<&'static str> {
        let taken = self.taken();
        rules.iter().filter(|rule| !(rule.holds)(&taken)).map(|rule| rule.what).collect()
    }
}

fn elements(text: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(text);
    let (mut found, mut path) = (Vec::<(String, String)>::new(), Vec::<String>::new());
    let mut is_leaf = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                path.push(start.name().0.to_owned());
                found.push((path.join("/"), String::new()));
                is_leaf = true;
            }
            Event::End(_) => {
                path.pop();
                is_leaf = false;
            }
            Event::Text(text) if is_leaf => found.last_mut().unwrap().1.push_str(&text),
            Event::Eof => break,
            _ => {}
        }
    }
    // What stands in front of a first child is no text.
    found.iter_mut().filter(|(_, text)| text.starts_with('\n')).for_each(|(_, text)| text.clear());
    found
}

impl Taken {
    /// Whether the name begins so and is that of an XML file.
    fn is_called(&self, start: &str) -> bool {
        self.name.strip_prefix(start).is_some_and(|rest| rest.strip_suffix(".xml").is_some())
    }

    /// Paths and texts of the elements whose path ends so.
    fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let all = self.elements.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        all.filter(move |(path, _)| path.ends_with(end))
    }

    /// The texts of the elements of this name.
    fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = move |path: &str| path.rsplit('/').next() == Some(name);
        self.elements.iter().filter(move |(path, _)| named(path)).map(|(_, text)| text.as_str())
    }

    /// Exactly one element of this name, and its text is right.
    fn one(&self, name: &str, right: fn(&str) -> bool) -> bool {
        let texts: Vec<_> = self.texts(name).collect();
        matches!(texts[..], [text] if right(text))
    }

    /// Every element of this name has a right text; there may be none.
    fn each(&self, name: &str, right: fn(&str) -> bool) -> bool {
        self.texts(name).all(right)
    }

    /// Every element `within` has one of this name with a right text.
    fn in_each(&self, within: &str, name: &str, right: fn(&str) -> bool) -> bool {
        let texts: Vec<_> = self.texts(name).collect();
        texts.len() == self.texts(within).count() && texts.into_iter().all(right)
    }
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_day(text: &str) -> bool {
    digits(text, 8)
}

/// 保険者番号: 8 characters, blanks in front.
fn is_insurer(text: &str) -> bool {
    text.len() == 8
        && matches!(text.trim_start().len(), 6 | 8)
        && digits(text.trim_start(), text.trim_start().len())
}

/// 記号 or 番号.
fn is_short(text: &str) -> bool {
    (1..=20).contains(&text.chars().count()) && !text.trim().is_empty()
}

/// What holds for every file of the interface (domain-facts B3).
const ALL_FILES: &[Rule] = &[
    Rule {
        what: "in the encoding that it declares",
        holds: |file| file.is_as_declared,
        breaks: |file| file.put("encoding=\"UTF-8\"", "encoding=\"UTF-16\""),
    },
    Rule {
        what: "no DTD",
        holds: |file| !file.text.contains("<!"),
        breaks: |file| file.put("<XmlMsg>", "<!DOCTYPE XmlMsg><XmlMsg>"),
    },
    Rule {
        what: "4 MiB at most",
        holds: |file| file.size <= MAX_BYTES,
        breaks: |file| file.put("</XmlMsg>", &format!("{}</XmlMsg>", " ".repeat(MAX_BYTES))),
    },
    Rule {
        what: "MedicalInstitutionCode of 10 digits, the institution's",
        holds: |file| file.one("MedicalInstitutionCode", |text| text == INSTITUTION),
        breaks: |file| file.put(">1310000001<", ">131000001<"),
    },
];

/// Every rule complains about what breaks it, and no other one does.
#[track_caller]
fn each_can_fail(rules: &[Rule], whole: &Written) {
    assert_eq!(whole.broken(rules), Vec::<&str>::new());
    for rule in rules {
        let mut file = whole.clone();
        (rule.breaks)(&mut file);
        assert_eq!(file.broken(rules), [rule.what]);
    }
}
