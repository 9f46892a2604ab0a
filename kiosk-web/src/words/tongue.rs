//! Languages: Japanese and English are in the program, checked when it is compiled; each other one is a file of `languages/` that
//! is fetched when somebody chooses it, so that nobody waits for what they do not read. What such a file does not have, words of
//! the staff pages, is in English.

use crate::i18n::Locale;
use std::collections::HashMap;
use std::fmt;

/// `(tag, own name)` of each file of `languages/`.
pub(crate) const FETCHED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// A language whose words are here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tongue {
    /// One that is in the program.
    Own(Locale),
    /// One that was fetched; kept while the page lives.
    Fetched(&'static Catalogue),
}

impl Tongue {
    /// 日本語.
    pub(crate) const JA: Self = Self::Own(Locale::ja);
    /// English.
    pub(crate) const EN: Self = Self::Own(Locale::en);
    /// Those in the program.
    pub(crate) const OWN: [Self; 2] = [Self::JA, Self::EN];

    /// For browsers and screen readers (BCP 47), and by which a [`protocol::Name`] is kept.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Own(locale) => leptos_i18n::Locale::as_str(locale),
            // やさしい日本語 has no tag of its own.
            Self::Fetched(catalogue) => catalogue.tag.trim_end_matches("-easy"),
        }
    }

    /// The name of its file; that of a language in the program is its tag.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Own(_) => self.tag(),
            Self::Fetched(catalogue) => catalogue.tag,
        }
    }

    /// The language in the program that stands in for what is missing.
    pub(crate) const fn base(self) -> Locale {
        match self {
            Self::Own(locale) => locale,
            Self::Fetched(_) => Locale::en,
        }
    }

    /// The sentence of a fetched language, by its key with a dot before each part.
    pub(crate) fn fetched(self, key: &str) -> Option<&'static str> {
        match self {
            Self::Own(_) => None,
            Self::Fetched(catalogue) => catalogue.texts.get(key).copied(),
        }
    }
}

impl fmt::Debug for Tongue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.file())
    }
}

/// The words of a language that was fetched.
pub(crate) struct Catalogue {
    tag: &'static str,
    texts: HashMap<String, &'static str>,
}

impl PartialEq for Catalogue {
    fn eq(&self, other: &Self) -> bool {
        self.tag == other.tag
    }
}

impl Eq for Catalogue {}

impl Catalogue {
    /// From a file of `languages/`. Its words stay while the page lives; a page that lives for a day needs each language once.
    ///
    /// # Errors
    /// When it is not as expected.
    pub(crate) fn read(tag: &'static str, json: &str) -> Result<Self, serde_json::Error> {
        let mut texts = HashMap::new();
        gather(&serde_json::from_str(json)?, String::new(), &mut texts);
        Ok(Self { tag, texts })
    }
}

fn gather(value: &serde_json::Value, key: String, texts: &mut HashMap<String, &'static str>) {
    match value {
        serde_json::Value::Object(parts) => {
            for (name, part) in parts {
                gather(part, format!("{key}.{name}"), texts);
            }
        }
        serde_json::Value::String(text) => {
            texts.insert(key, String::leak(text.clone()));
        }
        // The tests refuse anything else.
        _ => {}
    }
}

/// Puts values where the sentence has their names: `{{ name }}`.
pub(crate) fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        filled.push_str(before);
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name.trim()) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The text of a key in a language: `&'static str`, or a `String` where values are named behind the key.
macro_rules! text {
    ($tongue:expr, $first:ident $(. $part:ident)* $(,)?) => {{
        let tongue: $crate::words::Tongue = $tongue;
        match tongue.fetched(concat!(".", stringify!($first) $(, ".", stringify!($part))*)) {
            Some(text) => text,
            None => leptos_i18n::td_string!(tongue.base(), $first $(. $part)*),
        }
    }};
    ($tongue:expr, $first:ident $(. $part:ident)*, $($name:ident $(= $value:expr)?),+ $(,)?) => {{
        let tongue: $crate::words::Tongue = $tongue;
        match tongue.fetched(concat!(".", stringify!($first) $(, ".", stringify!($part))*)) {
            Some(template) => $crate::words::fill(
                template,
                &[$((stringify!($name), $crate::words::text!(@value $name $(= $value)?))),+],
            ),
            None => leptos_i18n::td_string!(tongue.base(), $first $(. $part)*, $($name $(= $value)?),+),
        }
    }};
    (@value $name:ident) => { $name.to_string() };
    (@value $name:ident = $value:expr) => { ($value).to_string() };
}
pub(crate) use text;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_where_the_sentence_has_their_names() {
        let values = [("left", "2".to_owned()), ("of", "3".to_owned())];
        assert_eq!(fill("Còn {{ left }}/{{of}} lần", &values), "Còn 2/3 lần");
        assert_eq!(fill("{{ of }} {{ left }} {{ of }}", &values), "3 2 3");
        assert_eq!(fill("nothing {{ else }}.", &values), "nothing .");
        assert_eq!(fill("half {{ left", &values), "half {{ left");
    }

    #[test]
    fn a_fetched_language_speaks_for_itself_and_english_for_the_rest() {
        let json = r#"{ "idle": { "title": "카드" }, "pin": { "entered": "{{ count }}자리" } }"#;
        let tongue = Tongue::Fetched(Box::leak(Box::new(Catalogue::read("ko", json).unwrap())));
        assert_eq!(text!(tongue, idle.title), "카드");
        let count = 3;
        assert_eq!(text!(tongue, pin.entered, count), "3자리");
        assert_eq!(text!(tongue, idle.lead), text!(Tongue::EN, idle.lead));
        assert_eq!((tongue.tag(), Tongue::JA.tag()), ("ko", "ja"));
        let easy = Tongue::Fetched(Box::leak(Box::new(Catalogue::read("ja-easy", "{}").unwrap())));
        assert_eq!((easy.tag(), easy.file()), ("ja", "ja-easy"));
        assert!(Catalogue::read("ko", "{").is_err());
    }
}
