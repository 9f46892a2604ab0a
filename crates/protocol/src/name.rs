//! A name that the site gave to something, in its languages.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the site calls something: always in Japanese, and in other languages where it said so. An object whose keys are the tags of
/// the languages (BCP 47): `{"ja":"内科","en":"Internal medicine"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// In Japanese.
    pub ja: String,
    /// In other languages, by their tags.
    #[serde(flatten)]
    pub others: BTreeMap<String, String>,
}

impl Name {
    /// Of something that has a name in Japanese only.
    #[must_use]
    pub fn in_japanese(ja: &str) -> Self {
        Self { ja: ja.into(), others: BTreeMap::new() }
    }

    /// For readers of the language with this tag: the name, and the tag of the language that it is in. Without one of its own it is the
    /// Japanese name, which is what stands on the door.
    #[must_use]
    pub fn for_readers_of<'a>(&'a self, language: &'a str) -> (&'a str, &'a str) {
        self.others.get(language).map_or((&self.ja, "ja"), |name| (name, language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_no_name_of_their_own_reads_the_japanese_one() {
        let name: Name = serde_json::from_str(r#"{"ja":"内科","en":"Internal medicine"}"#).unwrap();
        assert_eq!(name.for_readers_of("en"), ("Internal medicine", "en"));
        assert_eq!(name.for_readers_of("ja"), ("内科", "ja"));
        assert_eq!(name.for_readers_of("vi"), ("内科", "ja"));
        assert!(serde_json::from_str::<Name>(r#"{"en":"Internal medicine"}"#).is_err());
        assert!(serde_json::from_str::<Name>(r#"{"ja":"内科","en":7}"#).is_err());
    }
}
