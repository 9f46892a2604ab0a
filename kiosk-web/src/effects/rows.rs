//! The lines of the board under the keyboard.

use super::page::document;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::HtmlElement;

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

fn focus_on(line: &HtmlElement) -> bool {
    let focused: Result<(), JsValue> = line.focus();
    focused.is_ok()
}
