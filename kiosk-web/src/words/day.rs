//! Words of the day view. What the audit calls by a word of its own has the name that staff know it by.

use super::{method, paper_name, reason, staff_outcome, way};
use crate::words::{Tongue, text};
use protocol::action::VisualReason;
use protocol::day::{Counted, Step};
use protocol::screen::{Document, Method, Outcome, Way};
use serde::de::DeserializeOwned;

/// Name of a table.
pub(crate) fn counted(locale: Tongue, of: Counted) -> &'static str {
    match of {
        Counted::Hour => text!(locale, day.hour),
        Counted::Kiosk => text!(locale, day.kiosk),
        Counted::Outcome => text!(locale, day.outcome),
        Counted::Way => text!(locale, day.way),
        Counted::VisualReason => text!(locale, day.visual_reason),
        Counted::Fallback => text!(locale, day.fallback),
        Counted::Trouble => text!(locale, day.trouble),
    }
}

/// What is timed.
pub(crate) fn timed(locale: Tongue, step: Step) -> &'static str {
    match step {
        Step::Whole => text!(locale, day.step_whole),
        Step::Identify => text!(locale, day.step_identify),
        Step::Consent => text!(locale, day.step_consent),
        Step::Answer => text!(locale, day.step_answer),
        Step::CallWait => text!(locale, day.step_call_wait),
        Step::Desk => text!(locale, day.step_desk),
    }
}

/// Name of what a line of a table counts; the audit's own word where there is no name for it.
pub(crate) fn key(locale: Tongue, of: Counted, key: &str) -> String {
    let named = match of {
        Counted::Hour => return text!(locale, day.at_hour, hour = key),
        Counted::Kiosk if key.is_empty() => Some(text!(locale, day.kiosk_unknown)),
        Counted::Kiosk => None,
        Counted::Outcome => word::<Outcome>(key)
            .map(|outcome| staff_outcome(locale, outcome))
            .or_else(|| taken(locale, key)),
        Counted::Way => word::<Method>(key).map(|by| method(locale, by)),
        Counted::VisualReason => word::<VisualReason>(key).map(|why| reason(locale, why)),
        Counted::Fallback => taken(locale, key),
        Counted::Trouble => trouble(locale, key),
    };
    named.map_or_else(|| key.to_owned(), str::to_owned)
}

fn taken(locale: Tongue, key: &str) -> Option<&'static str> {
    word::<Document>(key)
        .map(|document| paper_name(locale, document))
        .or_else(|| word::<Way>(key).map(|taken| way(locale, taken)))
}

fn trouble(locale: Tongue, key: &str) -> Option<&'static str> {
    Some(match key {
        "card_doubted" => text!(locale, day.card_doubted),
        "face_attempt" => text!(locale, day.face_missed),
        "pin_refused" => text!(locale, day.pin_refused),
        "passcode_refused" => text!(locale, day.passcode_refused),
        "not_confirmed" => text!(locale, day.not_confirmed),
        "board_refused" | "log_in_refused" => text!(locale, day.board_refused),
        "parked" => text!(locale, day.parked),
        "gave_up" => text!(locale, day.gave_up),
        "answer_about_another" => text!(locale, day.answer_about_another),
        "entered_by_hand" => text!(locale, day.entered_by_hand),
        _ => return None,
    })
}

fn word<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_value(key.into()).ok()
}
