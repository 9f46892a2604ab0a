//! Which field of a refused message is wrong.

use protocol::FromKiosk;
use serde_json::{Map, Value};

/// The path of a field whose value does not fit (`action.birth.year`); `None` when the text is no JSON object, or
/// nothing is wrong but what is missing. Serde itself does not tell: a message is read before its type is known.
pub(super) fn field(text: &str) -> Option<String> {
    let Ok(Value::Object(message)) = serde_json::from_str(text) else { return None };
    find(&message, &["type", "action"], &|probe| Value::Object(probe))
}

/// Each field is tried alone, beside the `tags` that say what kind of object this is; `whole` puts the object back into its
/// message.
fn find(
    object: &Map<String, Value>,
    tags: &[&str],
    whole: &dyn Fn(Map<String, Value>) -> Value,
) -> Option<String> {
    let tag = tags.first().and_then(|tag| object.get_key_value(*tag));
    let kind: Map<String, Value> =
        tag.map(|(name, value)| (name.clone(), value.clone())).into_iter().collect();
    // An unknown kind is the tag's fault, not that of the fields.
    if let Some((name, _)) = tag
        && does_not_fit(whole(kind.clone()))
    {
        return Some(name.clone());
    }
    let alone = |name: &String, value: Value| {
        let mut probe = kind.clone();
        probe.insert(name.clone(), value);
        whole(probe)
    };
    let others = object.iter().filter(|(name, _)| !kind.contains_key(*name));
    for (name, value) in others {
        if !does_not_fit(alone(name, value.clone())) {
            continue;
        }
        let inside = value.as_object().and_then(|inner| {
            let tags = tags.get(1..).unwrap_or_default();
            find(inner, tags, &|probe| alone(name, Value::Object(probe)))
        });
        return Some(inside.map_or_else(|| name.clone(), |inside| format!("{name}.{inside}")));
    }
    None
}

/// Whether a value is wrong, and not only something missing.
fn does_not_fit(message: Value) -> bool {
    let read = serde_json::from_value::<FromKiosk>(message);
    read.is_err_and(|error| !error.to_string().starts_with("missing field"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_field_is_named_by_its_path() {
        let act = |action: &str| format!(r#"{{"type":"act","seen":1,"action":{action}}}"#);
        let numbers = |birth: &str| {
            act(&format!(
                r#"{{"action":"numbers","insurer_number":"1","symbol":"","number":"1","branch":"","birth":{birth}}}"#
            ))
        };
        for (message, expected) in [
            (r#"{"type":"hello","version":"4","token":"a"}"#.to_owned(), "version"),
            (r#"{"type":4821}"#.to_owned(), "type"),
            (r#"{"type":"dance","seen":"x"}"#.to_owned(), "type"),
            (r#"{"type":"act","seen":-1,"action":{"action":"stop"}}"#.to_owned(), "seen"),
            (act("5"), "action"),
            (act(r#"{"action":"dance"}"#), "action.action"),
            (act(r#"{"action":"pin","pin":4821}"#), "action.pin"),
            (act(r#"{"action":"choose","method":"iris"}"#), "action.method"),
            (act(r#"{"action":"destination","index":300}"#), "action.index"),
            (act(r#"{"action":"limit_certificate","agreed":"yes"}"#), "action.agreed"),
            (numbers(r#""19600512""#), "action.birth"),
            (numbers(r#"{"era":"showa","year":55,"month":"5","day":"5"}"#), "action.birth.year"),
            (numbers(r#"{"era":"edo","year":"55","month":"5","day":"5"}"#), "action.birth.era"),
            (
                act(r#"{"action":"statement","form":{"since":{"era":"reiwa","year":null}}}"#),
                "action.form.since.year",
            ),
        ] {
            assert_eq!(field(&message).as_deref(), Some(expected), "{message}");
        }
        for nothing in ["", "[]", r#"{"type":"hello"}"#, r#"{"type":"alive"}"#] {
            assert_eq!(field(nothing), None, "{nothing}");
        }
    }
}
