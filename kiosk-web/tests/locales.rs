//! What the words of the languages may and may not say.

#![expect(clippy::unwrap_used, reason = "a test may fail on the spot")]

use std::collections::BTreeMap;

const JA: &str = include_str!("../locales/ja.json");
const EN: &str = include_str!("../locales/en.json");

/// Sentence by key, such as `idle.title`.
fn texts(json: &str) -> BTreeMap<String, String> {
    fn flatten(value: &serde_json::Value, key: &str, texts: &mut BTreeMap<String, String>) {
        match value {
            serde_json::Value::Object(parts) => {
                for (name, part) in parts {
                    flatten(part, &format!("{key}.{name}"), texts);
                }
            }
            serde_json::Value::String(text) => {
                texts.insert(key.trim_start_matches('.').to_owned(), text.clone());
            }
            other => panic!("{key} is no text: {other}"),
        }
    }
    let mut all = BTreeMap::new();
    flatten(&serde_json::from_str(json).unwrap(), "", &mut all);
    assert!(all.len() > 300, "only {} sentences", all.len());
    all
}

#[track_caller]
fn never(json: &str, retired: &[&str]) {
    for (key, text) in texts(json) {
        for words in retired {
            assert!(!text.contains(words), "{key} says 「{words}」: {text}");
        }
    }
}

#[test]
fn no_sentence_promises_or_claims_what_is_not_so() {
    // The end of an eligibility check is not the clinic's reception; a statement is with its person until it is handed over; a
    // qualification that is called invalid is no loss of insurance.
    never(JA, &["受付が終わりました", "申立書を受け取りました", "資格は今は使えません"]);
    never(EN, &["Check-in is complete", "We have your statement", "We know who you are"]);
}

#[test]
fn staff_read_the_words_of_their_trade() {
    never(JA, &["写す", "写しました", "写せません"]);
    let ja = texts(JA);
    assert_eq!(ja["board.remarks"], "摘要欄");
    assert_eq!(ja["board.route_current"], "① 現在の被保険者番号で請求");
}

#[test]
fn english_has_no_plurals_in_brackets() {
    never(EN, &["(s)", "time(s)"]);
}

#[test]
fn papers_are_named_in_english_as_they_name_themselves() {
    let en = texts(EN);
    for (key, paper) in [
        ("ways.qualification_notice", "資格情報のお知らせ"),
        ("ways.eligibility_certificate", "資格確認書"),
        ("numbers.title_qualification_notice", "資格情報のお知らせ"),
        ("numbers.title_eligibility_certificate", "資格確認書"),
        ("outcome.show_1", "資格情報のお知らせ"),
        ("outcome.show_2", "資格確認書"),
    ] {
        assert!(en[key].contains(paper), "{key}: {}", en[key]);
    }
}

#[test]
fn one_may_refuse_to_register_in_as_many_words_as_one_agrees() {
    let ja = texts(JA);
    assert_eq!(
        (ja["application.agree"].as_str(), ja["application.refuse"].as_str()),
        ("登録する", "登録しない")
    );
    assert!(ja["application.right"].contains("資格確認書"));
    assert!(ja["consent.paper"].contains("紙の受療証"), "who refuses brings the paper");
}

/// Of staff, of the practice page, of the call display; and what is told where a language does not come.
const NOT_OF_PATIENTS: [&str; 9] =
    ["tray", "marks", "call", "day", "board", "account", "self_test", "settings", "languages"];

/// The names of the values in a sentence, sorted.
fn values(text: &str) -> Vec<&str> {
    let mut names: Vec<_> = text
        .split("{{")
        .skip(1)
        .map(|rest| rest.split_once("}}").expect("a name that ends").0.trim())
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn every_fetched_language_has_each_sentence_of_a_patient_with_its_values() {
    let en = texts(EN);
    let of_patients =
        |key: &String| !NOT_OF_PATIENTS.iter().any(|part| key.starts_with(&format!("{part}.")));
    let wanted: Vec<&String> = en.keys().filter(|key| of_patients(key)).collect();
    let mut seen = 0;
    for file in std::fs::read_dir("languages").unwrap() {
        let path = file.unwrap().path();
        let theirs = texts(&std::fs::read_to_string(&path).unwrap());
        let keys: Vec<&String> = theirs.keys().collect();
        assert_eq!(keys, wanted, "{}", path.display());
        for (key, text) in &theirs {
            assert!(!text.trim().is_empty(), "{}: {key} is empty", path.display());
            assert_eq!(values(text), values(&en[key]), "{}: {key}: {text}", path.display());
        }
        seen += 1;
    }
    assert_eq!(seen, 10, "a language is missing");
}
