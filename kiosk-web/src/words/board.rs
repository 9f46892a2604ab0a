//! Sentences of the staff board.

use crate::i18n::Locale;
use crate::model::board::day_and_clock;
use leptos_i18n::td_string;
use protocol::screen::{Outcome, PasscodeProblem};
use protocol::staff::{Alarm, Note, PaperItem, Route, SendTo};

/// What was wrong with the facility's passcode.
pub(crate) fn passcode_problem(locale: Locale, problem: PasscodeProblem) -> String {
    match problem {
        PasscodeProblem::Wrong => td_string!(locale, staff.wrong).to_owned(),
        PasscodeProblem::Throttled { wait_s: wait } => td_string!(locale, staff.throttled, wait),
        PasscodeProblem::NotSet => td_string!(locale, staff.not_set).to_owned(),
    }
}

/// What is wrong with the kiosk itself: what it means, and what to do.
pub(crate) fn alarm(locale: Locale, alarm: &Alarm) -> String {
    match alarm {
        Alarm::RecordsWait { count } => td_string!(locale, board.alarm_records_wait, count),
        Alarm::RecordsLost { count } => td_string!(locale, board.alarm_records_lost, count),
        Alarm::ResultsWait { count, since } => {
            let since = day_and_clock(since);
            td_string!(locale, board.alarm_results_wait, count, since)
        }
        Alarm::ClockWrong => td_string!(locale, board.alarm_clock_wrong).to_owned(),
        Alarm::LogInsRefused { count } => {
            td_string!(locale, account.alarm_log_ins_refused, count)
        }
    }
}

/// How a visit ended, in the words of the eligibility terminal and of claims.
pub(crate) fn staff_outcome(locale: Locale, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Confirmed => td_string!(locale, board.ended.confirmed),
        Outcome::Invalid => td_string!(locale, board.ended.invalid),
        Outcome::InvalidNewerExists => td_string!(locale, board.ended.invalid_newer_exists),
        Outcome::NoneFound => td_string!(locale, board.ended.none_found),
        Outcome::MoreThanOne => td_string!(locale, board.ended.more_than_one),
        Outcome::SystemDown => td_string!(locale, board.ended.system_down),
        Outcome::SystemLate => td_string!(locale, board.ended.system_late),
        Outcome::UnknownCertificate => td_string!(locale, board.ended.unknown_certificate),
        Outcome::Stopped => td_string!(locale, board.ended.stopped),
        Outcome::TimedOut => td_string!(locale, board.ended.timed_out),
        Outcome::CardRefused => td_string!(locale, board.ended.card_refused),
        Outcome::CardTaken => td_string!(locale, board.ended.card_taken),
        Outcome::ReaderLost => td_string!(locale, board.ended.reader_lost),
        Outcome::NumbersTyped => td_string!(locale, board.ended.numbers_typed),
        Outcome::Oral => td_string!(locale, board.ended.oral),
        Outcome::StatementMade => td_string!(locale, board.ended.statement_made),
        Outcome::AtDesk => td_string!(locale, board.ended.at_desk),
    }
}

/// Way to claim.
pub(crate) fn route(locale: Locale, route: Route) -> &'static str {
    match route {
        Route::Current => td_string!(locale, board.route_current),
        Route::Past => td_string!(locale, board.route_past),
        Route::Unknown => td_string!(locale, board.route_unknown),
        Route::Undecided => td_string!(locale, board.route_undecided),
    }
}

/// One thing to look at on a document.
pub(crate) fn paper_item(locale: Locale, item: PaperItem) -> &'static str {
    match item {
        PaperItem::Card => td_string!(locale, board.item_card),
        PaperItem::Share => td_string!(locale, board.item_share),
        PaperItem::ValidUntil => td_string!(locale, board.item_valid_until),
        PaperItem::ShareFrom => td_string!(locale, board.item_share_from),
    }
}

/// Where a claim on unknown numbers goes.
pub(crate) fn send_to(locale: Locale, to: SendTo) -> &'static str {
    match to {
        SendTo::PaymentFund => td_string!(locale, board.send_payment_fund),
        SendTo::Federation => td_string!(locale, board.send_federation),
        SendTo::Either => td_string!(locale, board.send_either),
    }
}

/// What to do besides.
pub(crate) fn note(locale: Locale, note: Note) -> &'static str {
    match note {
        Note::CardNotVerified => td_string!(locale, board.note_card_not_verified),
        Note::AskWhetherChanged => td_string!(locale, board.note_ask_whether_changed),
        Note::AskForCard => td_string!(locale, board.note_ask_for_card),
        Note::AskSystemAgain => td_string!(locale, board.note_ask_system_again),
        Note::AskNewNumber => td_string!(locale, board.note_ask_new_number),
        Note::AskWhich => td_string!(locale, board.note_ask_which),
        Note::AnswerAboutAnother => td_string!(locale, board.note_answer_about_another),
        Note::CompareBirth => td_string!(locale, board.note_compare_birth),
        Note::Contradictory => td_string!(locale, board.note_contradictory),
        Note::CompareWithPaper => td_string!(locale, board.note_compare_with_paper),
        Note::MedicalAssistance => td_string!(locale, board.note_medical_assistance),
        Note::StatementNeeded => td_string!(locale, board.note_statement_needed),
        Note::KeepStatement => td_string!(locale, board.note_keep_statement),
    }
}
