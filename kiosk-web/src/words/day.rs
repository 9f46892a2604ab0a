//! Words of the day view. What the audit calls by a word of its own has the name that staff know it by.

use super::{method, paper_name, reason, staff_outcome, way};
use crate::i18n::Locale;
use leptos_i18n::td_string;
use protocol::action::VisualReason;
use protocol::day::{Counted, Step};
use protocol::screen::{Document, Method, Outcome, Way};
use serde::de::DeserializeOwned;

/// Name of a table.
pub(crate) fn counted(locale: Locale, of: Counted) -> &'static str {
    match of {
        Counted::Hour => td_string!(locale, day.hour),
        Counted::Kiosk => td_string!(locale, day.kiosk),
        Counted::Outcome => td_string!(locale, day.outcome),
        Counted::Way => td_string!(locale, day.way),
        Counted::VisualReason => td_string!(locale, day.visual_reason),
        Counted::Fallback => td_string!(locale, day.fallback),
        Counted::Trouble => td_string!(locale, day.trouble),
    }
}

/// What is timed.
pub(crate) fn timed(locale: Locale, step: Step) -> &'static str {
    match step {
        Step::Whole => td_string!(locale, day.step_whole),
        Step::Identify => td_string!(locale, day.step_identify),
        Step::Consent => td_string!(locale, day.step_consent),
        Step::Answer => td_string!(locale, day.step_answer),
        Step::CallWait => td_string!(locale, day.step_call_wait),
        Step::Desk => td_string!(locale, day.step_desk),
    }
}

/// Name of what a line of a table counts; the audit's own word where there is no name for it.
pub(crate) fn key(locale: Locale, of: Counted, key: &str) -> String {
    let named = match of {
        Counted::Hour => return td_string!(locale, day.at_hour, hour = key),
        Counted::Kiosk if key.is_empty() => Some(td_string!(locale, day.kiosk_unknown)),
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

fn taken(locale: Locale, key: &str) -> Option<&'static str> {
    word::<Document>(key)
        .map(|document| paper_name(locale, document))
        .or_else(|| word::<Way>(key).map(|taken| way(locale, taken)))
}

fn trouble(locale: Locale, key: &str) -> Option<&'static str> {
    Some(match key {
        "card_doubted" => td_string!(locale, day.card_doubted),
        "face_attempt" => td_string!(locale, day.face_missed),
        "pin_refused" => td_string!(locale, day.pin_refused),
        "passcode_refused" => td_string!(locale, day.passcode_refused),
        "not_confirmed" => td_string!(locale, day.not_confirmed),
        "board_refused" | "log_in_refused" => td_string!(locale, day.board_refused),
        "parked" => td_string!(locale, day.parked),
        "gave_up" => td_string!(locale, day.gave_up),
        "answer_about_another" => td_string!(locale, day.answer_about_another),
        "entered_by_hand" => td_string!(locale, day.entered_by_hand),
        _ => return None,
    })
}

fn word<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_value(key.into()).ok()
}
