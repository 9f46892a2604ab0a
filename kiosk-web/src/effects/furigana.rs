//! Readings over the words of やさしい日本語 (furigana). Its sentences have them behind each word, 置《お》く; the page shows them as
//! ruby, in an element beside the text that the screen owns and may change at any time.

use super::page::document;
use crate::words::{HasReadings, Piece, pieces};
use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, MutationObserver, MutationObserverInit, Node};

/// Every element whose own text may have readings.
const PLACES: &str = "header *, main *, [role=status], [role=alert]";
/// Where a screen reader finds words that nobody sees.
const LABELS: [&str; 3] = ["aria-label", "alt", "title"];
/// On an element with readings: the text that it stands for.
const OF: &str = "furiganaOf";

/// Keeps readings above their words, for as long as the page lives.
pub(crate) fn write_above() {
    let look = Closure::<dyn FnMut()>::new(|| {
        let done = look();
        debug_assert!(done.is_ok(), "the page has changed under our hands: {done:?}");
    });
    let begin = || -> Result<(), JsValue> {
        let observer = MutationObserver::new(look.as_ref().unchecked_ref())?;
        let all = MutationObserverInit::new();
        all.set_child_list(true);
        all.set_character_data(true);
        all.set_subtree(true);
        let body = document().body().ok_or(JsValue::NULL)?;
        observer.observe_with_options(&body, &all)
    };
    match begin() {
        Ok(()) => look.forget(),
        Err(error) => leptos::logging::error!("no readings above words: {error:?}"),
    }
}

fn look() -> Result<(), JsValue> {
    forget_stale()?;
    for element in elements(PLACES)? {
        let children = element.child_nodes();
        for at in (0..children.length()).rev() {
            let Some(text) = children.get(at).filter(|it| it.node_type() == Node::TEXT_NODE) else {
                continue;
            };
            let words = text.node_value().unwrap_or_default();
            if words.has_readings() {
                let above = above(&words)?;
                Reflect::set(&above, &OF.into(), &text)?;
                element.insert_before(&above, Some(&text))?;
                text.set_node_value(None);
            }
        }
    }
    for label in LABELS {
        for element in elements(&format!("[{label}*='《']"))? {
            let plain = pieces(&element.get_attribute(label).unwrap_or_default())
                .iter()
                .map(|piece| piece.words)
                .collect::<String>();
            element.set_attribute(label, &plain)?;
        }
    }
    Ok(())
}

/// Those whose text says something else by now, or is gone.
fn forget_stale() -> Result<(), JsValue> {
    for above in elements(".furigana")? {
        let of = Reflect::get(&above, &OF.into())?;
        let next = above.next_sibling();
        let stands = next.is_some_and(|next| {
            JsValue::from(&next) == of && next.node_value().unwrap_or_default().is_empty()
        });
        if !stands {
            above.remove();
        }
    }
    Ok(())
}

/// The sentence with its readings.
fn above(words: &str) -> Result<Element, JsValue> {
    let all = document().create_element("span")?;
    all.set_class_name("furigana");
    for Piece { words, reading } in pieces(words) {
        let Some(reading) = reading else {
            all.append_with_str_1(words)?;
            continue;
        };
        let (ruby, over) = (document().create_element("ruby")?, document().create_element("rt")?);
        ruby.append_with_str_1(words)?;
        over.append_with_str_1(reading)?;
        ruby.append_child(&over)?;
        all.append_child(&ruby)?;
    }
    Ok(all)
}

fn elements(selector: &str) -> Result<Vec<Element>, JsValue> {
    let found = document().query_selector_all(selector)?;
    Ok((0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<Element>().ok()).collect())
}
