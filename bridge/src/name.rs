//! What the site calls something, in its languages: as the configuration, the file of settings and the audit write it.

use protocol::Name as Wire;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Languages at most: more than any page of this program has.
const LANGUAGES: usize = 20;
/// Longest one in any language, in characters; each use has its own bounds below that.
const LONGEST: usize = 80;
/// Stands between the Japanese name and the English one where both are written on one line.
const BETWEEN: &str = " / ";

/// See the module: the name in Japanese, and in other languages by their tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Name {
    /// In Japanese.
    pub ja: String,
    others: BTreeMap<String, String>,
}

impl Name {
    /// `内科`, or `内科 / Internal medicine`. `None`: it is no name.
    pub fn parse(line: &str) -> Option<Self> {
        let line = line.trim();
        let (ja, en) = match line.split_once(BETWEEN) {
            Some((ja, en)) => (ja.trim(), Some(en.trim())),
            None => (line, None),
        };
        let others = en.map(|en| ("en".to_owned(), en.to_owned())).into_iter().collect();
        Self::new(ja.into(), others)
    }

    fn new(ja: String, others: BTreeMap<String, String>) -> Option<Self> {
        let is_name = |name: &String| {
            (1..=LONGEST).contains(&name.chars().count())
                && !name.contains(char::is_control)
                && name == name.trim()
        };
        let fits = others.len() < LANGUAGES
            && others.iter().all(|(tag, name)| is_tag(tag) && is_name(name));
        (fits && is_name(&ja)).then_some(Self { ja, others })
    }

    /// As it came from a page. White space around it, and languages that were left empty, are left out. `None`: it is no name.
    pub fn from_wire(Wire { ja, others }: Wire) -> Option<Self> {
        let trimmed = |(tag, name): (String, String)| (tag, name.trim().to_owned());
        let others = others.into_iter().map(trimmed).filter(|(_, name)| !name.is_empty());
        Self::new(ja.trim().into(), others.collect())
    }

    /// The same, for a page.
    pub fn to_wire(&self) -> Wire {
        Wire { ja: self.ja.clone(), others: self.others.clone() }
    }

    /// In English, where the site has said it.
    pub fn en(&self) -> Option<&str> {
        self.others.get("en").map(String::as_str)
    }

    /// Whether it has so many characters at most, in Japanese and in every other language.
    pub fn fits(&self, ja: usize, others: usize) -> bool {
        let within = |name: &String, most| name.chars().count() <= most;
        within(&self.ja, ja) && self.others.values().all(|name| within(name, others))
    }
}

/// Tag of another language than Japanese: what the names of locales look like, `en`, `zh-Hans`, `pt-BR`.
fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().is_some_and(|part| {
        (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    let further = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    language && tag != "ja" && parts.all(further) && tag.len() <= 20
}

impl TryFrom<BTreeMap<String, String>> for Name {
    type Error = &'static str;

    fn try_from(mut names: BTreeMap<String, String>) -> Result<Self, Self::Error> {
        let ja = names.remove("ja").ok_or("a name needs `ja`")?;
        Self::new(ja, names).ok_or("a name has 1 to 80 characters in each language")
    }
}

impl From<Name> for BTreeMap<String, String> {
    fn from(Name { ja, mut others }: Name) -> Self {
        others.insert("ja".into(), ja);
        others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_one_name_or_two() {
        let name = Name::parse(" 内科 / Internal medicine ").unwrap();
        assert_eq!((name.ja.as_str(), name.en()), ("内科", Some("Internal medicine")));
        assert_eq!(Name::parse("内科").unwrap().en(), None);
        assert!(name.fits(2, 17) && !name.fits(1, 17) && !name.fits(2, 16));
        let long = "長".repeat(81);
        for wrong in ["", " ", "内\n科", &long] {
            assert!(Name::parse(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn the_file_and_the_page_have_the_same_and_only_languages() {
        let text = r#"{"en":"Internal medicine","ja":"内科","zh-Hans":"内科"}"#;
        let name: Name = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), text);
        assert_eq!(Name::from_wire(name.to_wire()), Some(name));
        for wrong in [r#"{"en":"x"}"#, r#"{"ja":"内科","EN":"x"}"#, r#"{"ja":"内科","en":""}"#]
        {
            assert!(serde_json::from_str::<Name>(wrong).is_err(), "{wrong}");
        }
        let empty =
            Wire { others: [("en".into(), " ".into())].into(), ..Wire::in_japanese(" 内科") };
        assert_eq!(Name::from_wire(empty), Name::parse("内科"));
    }
}
