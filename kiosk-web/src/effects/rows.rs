//! The lines of the board under the keyboard.

use super::js;
use super::page::{document, window};
use crate::model::lines::Tops;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlElement};

const LINES: &str = "[data-test=row-open]";

/// Where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The line above.
    Before,
    /// The one below.
    Next,
    /// The top one.
    First,
    /// The last one.
    Last,
}

/// Moves the focus from the line on which it is; `false`: it is on none, and stays.
pub(crate) fn go(step: Step) -> bool {
    let Ok(lines) = document().query_selector_all(LINES) else { return false };
    let lines: Vec<HtmlElement> =
        (0..lines.length()).filter_map(|at| lines.get(at)?.dyn_into().ok()).collect();
    let is_active =
        |line: &HtmlElement| Some(line.as_ref()) == document().active_element().as_ref();
    let Some(at) = lines.iter().position(is_active) else { return false };
    let last = lines.len() - 1;
    let to = match step {
        Step::Before => at.saturating_sub(1),
        Step::Next => (at + 1).min(last),
        Step::First => 0,
        Step::Last => last,
    };
    focus_on(&lines[to])
}

/// Moves the focus to the line of a visit.
pub(crate) fn focus(visit: u64) -> bool {
    let line = document().query_selector(&format!("[data-visit='{visit}'] {LINES}"));
    line.ok().flatten().and_then(|line| line.dyn_into().ok()).is_some_and(|line| focus_on(&line))
}

/// What of which line the keyboard is on: lines that are built anew or lie elsewhere lose it.
pub(crate) fn focused() -> Option<(u64, String)> {
    let active = document().active_element()?;
    let visit = active.closest("[data-visit]").ok()??.get_attribute("data-visit")?.parse().ok()?;
    Some((visit, active.get_attribute("data-test")?))
}

/// Gives the keyboard back where it was, or to the line, unless it is somewhere by now. The page stays where it is scrolled to.
pub(crate) fn give_back(visit: u64, part: &str) {
    let nowhere = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    if !nowhere {
        return;
    }
    let found = |part: &str| {
        let selector = format!("[data-visit='{visit}'] [data-test='{part}']");
        document().query_selector(&selector).ok().flatten()
    };
    if let Some(element) = found(part).or_else(|| found("row-open"))
        && let Ok(focus) = js::get(&element, "focus").dyn_into::<js_sys::Function>()
    {
        let still = js::object(&[("preventScroll", JsValue::TRUE)]);
        let _: Result<JsValue, JsValue> = focus.call1(&element, &still);
    }
}

/// Where the lines lie now, those of rows that cannot be read too.
pub(crate) fn tops() -> Tops {
    let scrolled = window().scroll_y().unwrap_or_default();
    let mut tops = Tops::new();
    for name in ["data-visit", "data-unread"] {
        let Ok(lines) = document().query_selector_all(&format!("[{name}]")) else { continue };
        for at in 0..lines.length() {
            let line = lines.get(at).and_then(|line| line.dyn_into::<Element>().ok());
            let id = |line: &Element| line.get_attribute(name)?.parse().ok();
            if let Some((id, line)) = line.and_then(|line| Some((id(&line)?, line))) {
                tops.insert(id, line.get_bounding_client_rect().top() + scrolled);
            }
        }
    }
    tops
}

fn focus_on(line: &HtmlElement) -> bool {
    let focused: Result<(), JsValue> = line.focus();
    focused.is_ok()
}
