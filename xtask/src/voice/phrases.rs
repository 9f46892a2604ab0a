//! Which sentences of the locale files are spoken.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use crate::files;

/// Sentence by key, such as `idle.title`.
pub(super) type Texts = BTreeMap<String, String>;

/// Highest number of a row: each has a clip of its own.
const MOST: u16 = 999;

/// What the manifest says about sentences.
#[derive(Deserialize)]
pub(super) struct Phrases {
    /// Keys; `*` stands for any name.
    pub(super) spoken: Vec<String>,
    /// By the key of a sentence with one value: the name of the value and all that it may be.
    pub(super) values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// The sentences of one language.
///
/// # Errors
/// When the file is missing or damaged.
pub(super) fn texts(file: &Path) -> Result<Texts> {
    let json: Value = serde_json::from_slice(&files::read(file)?)
        .with_context(|| format!("{} is damaged", file.display()))?;
    let mut texts = Texts::new();
    flatten(&json, String::new(), &mut texts);
    Ok(texts)
}

fn flatten(json: &Value, key: String, texts: &mut Texts) {
    match json {
        Value::Object(parts) => {
            for (name, part) in parts {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                flatten(part, key, texts);
            }
        }
        Value::String(text) => {
            texts.insert(key, text.clone());
        }
        _ => {}
    }
}

impl Phrases {
    /// Every spoken sentence, each once.
    ///
    /// # Errors
    /// When a key or a value is not there, or a sentence with a value is named without its values.
    pub(super) fn sentences(&self, texts: &Texts) -> Result<BTreeSet<String>> {
        let mut sentences = BTreeSet::new();
        for pattern in &self.spoken {
            for (key, text) in matching(texts, pattern)? {
                // Those that a `*` covers besides.
                if !has_value(text) {
                    sentences.insert(text.clone());
                } else if key == pattern {
                    bail!(
                        "the sentence {key} has a value: name what it may be under [phrases.values]"
                    );
                }
            }
        }
        for (key, values) in &self.values {
            let (_, text) = matching(texts, key)?[0];
            for (name, choices) in values {
                for choice in choices {
                    for value in resolve(texts, choice)? {
                        let whole = text.replace(&format!("{{{{ {name} }}}}"), &value);
                        if whole == *text || has_value(&whole) {
                            bail!("the sentence {key} has not just the value {name}");
                        }
                        sentences.insert(whole);
                    }
                }
            }
        }
        Ok(sentences)
    }
}

fn has_value(text: &str) -> bool {
    text.contains("{{")
}

/// `=key` stands for the sentences of that key, `1..99` for all numbers from 1 to 99, anything else for itself.
fn resolve(texts: &Texts, choice: &str) -> Result<Vec<String>> {
    if let Some(pattern) = choice.strip_prefix('=') {
        return Ok(matching(texts, pattern)?.into_iter().map(|(_, text)| text.clone()).collect());
    }
    let ends = choice.split_once("..").map(|(first, last)| (first.parse(), last.parse()));
    let Some((Ok(first), Ok(last))) = ends else { return Ok(vec![choice.to_owned()]) };
    if first > last || last > MOST {
        bail!("{choice} is no row of numbers up to {MOST}");
    }
    Ok((first..=last).map(|number: u16| number.to_string()).collect())
}

/// Never empty.
fn matching<'a>(texts: &'a Texts, pattern: &str) -> Result<Vec<(&'a String, &'a String)>> {
    let found: Vec<_> = texts.iter().filter(|(key, _)| matches(key, pattern)).collect();
    if found.is_empty() {
        bail!("no sentence has the key {pattern}");
    }
    Ok(found)
}

/// Name by name; a name may hold one `*`.
fn matches(key: &str, pattern: &str) -> bool {
    let (keys, patterns) = (key.split('.'), pattern.split('.'));
    keys.clone().count() == patterns.clone().count()
        && keys.zip(patterns).all(|(key, pattern)| match pattern.split_once('*') {
            None => key == pattern,
            Some((start, end)) => {
                key.len() >= start.len() + end.len() && key.starts_with(start) && key.ends_with(end)
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Texts {
        [("a.title", "T"), ("a.note", "N"), ("a.left", "{{ left }} left"), ("b.title", "U")]
            .map(|(key, text)| (key.to_owned(), text.to_owned()))
            .into()
    }

    fn phrases(spoken: &[&str], values: &[(&str, &str, &[&str])]) -> Phrases {
        let owned = |text: &&str| (*text).to_owned();
        let values = values.iter().map(|(key, name, choices)| {
            let choices = choices.iter().map(owned).collect();
            ((*key).to_owned(), BTreeMap::from([((*name).to_owned(), choices)]))
        });
        Phrases { spoken: spoken.iter().map(owned).collect(), values: values.collect() }
    }

    #[test]
    fn keys_stars_and_values_become_sentences() {
        let wanted =
            phrases(&["*.title", "a.*"], &[("a.left", "left", &["1", "8..10", "=b.title"])]);
        let found: Vec<String> = wanted.sentences(&texts()).unwrap().into_iter().collect();
        assert_eq!(found, ["1 left", "10 left", "8 left", "9 left", "N", "T", "U", "U left"]);
    }

    #[test]
    fn a_key_that_is_gone_or_a_value_that_is_open_is_refused() {
        let refusal = |spoken: &[&str], values: &[(&str, &str, &[&str])]| {
            phrases(spoken, values).sentences(&texts()).unwrap_err().to_string()
        };
        assert!(refusal(&["a.tilte"], &[]).contains("no sentence has the key a.tilte"));
        assert!(refusal(&["a.left"], &[]).contains("has a value"));
        assert!(refusal(&[], &[("a.left", "right", &["1"])]).contains("not just the value right"));
        assert!(refusal(&[], &[("a.left", "left", &["=c.*"])]).contains("c.*"));
        assert!(refusal(&[], &[("a.left", "left", &["9..1"])]).contains("no row"));
    }
}
