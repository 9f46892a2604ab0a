//! Sentences of the staff board.

use crate::i18n::Locale;
use crate::model::refusal::Reason;
use crate::model::rows::Todo;
use crate::model::waits::Cause;
use crate::words::time;
use leptos_i18n::td_string;
use protocol::screen::{Fault, Outcome, PasscodeProblem};
use protocol::staff::{Alarm, KioskState, Need, Note, PaperItem, Route, SendTo, Step};

/// What was wrong with the facility's passcode.
pub(crate) fn passcode_problem(locale: Locale, problem: PasscodeProblem) -> String {
    match problem {
        PasscodeProblem::Wrong => td_string!(locale, staff.wrong).to_owned(),
        PasscodeProblem::Throttled { wait_s: wait } => td_string!(locale, staff.throttled, wait),
        PasscodeProblem::NotSet => td_string!(locale, staff.not_set).to_owned(),
    }
}

/// Why something was not done that staff asked for.
pub(crate) fn refusal(locale: Locale, reason: Reason) -> &'static str {
    match reason {
        Reason::WrongPasscode => td_string!(locale, board.wrong),
        Reason::WrongLogIn => td_string!(locale, account.wrong),
        Reason::WrongInvitation => td_string!(locale, account.wrong_invitation),
        Reason::WrongPassword => td_string!(locale, account.wrong_password),
        Reason::WrongCode => td_string!(locale, account.wrong_code),
        Reason::WrongProof => td_string!(locale, account.wrong_proof),
        Reason::Stale => td_string!(locale, settings.stale),
        Reason::Forbidden => td_string!(locale, account.forbidden),
        Reason::NotSet => td_string!(locale, board.not_set),
        Reason::Taken => td_string!(locale, account.taken),
        Reason::LastManager => td_string!(locale, account.last_manager),
        Reason::Weak => td_string!(locale, account.weak),
        Reason::Name => td_string!(locale, account.bad_name),
        Reason::Throttled => td_string!(locale, account.throttled),
        Reason::Failed => td_string!(locale, account.failed),
    }
}

/// What is wrong with the kiosk itself: what it means, and what to do.
pub(crate) fn alarm(locale: Locale, alarm: &Alarm) -> String {
    match alarm {
        Alarm::RecordsWait { count } => td_string!(locale, board.alarm_records_wait, count),
        Alarm::RecordsLost { count } => td_string!(locale, board.alarm_records_lost, count),
        Alarm::ResultsWait { count, since } => {
            // As the language writes it: a date with hyphens breaks at them.
            let since = time(locale, since);
            td_string!(locale, board.alarm_results_wait, count, since)
        }
        Alarm::ClockWrong => td_string!(locale, board.alarm_clock_wrong).to_owned(),
        Alarm::DatabaseAway { count, since } => {
            let since = time(locale, since);
            td_string!(locale, board.alarm_database_away, count, since)
        }
        Alarm::TerminalAway => td_string!(locale, board.alarm_terminal_away).to_owned(),
        Alarm::SelfTest { count, since } => {
            let since = time(locale, since);
            td_string!(locale, self_test.alarm, count, since)
        }
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
        Note::PatientNotInList => td_string!(locale, board.note_patient_not_in_list),
        Note::PatientWithoutNumbers => {
            td_string!(locale, board.note_patient_without_numbers)
        }
        Note::PatientUnsure => td_string!(locale, board.note_patient_unsure),
        Note::AtReaderOnly => td_string!(locale, board.note_at_reader_only),
        Note::AtReaderUnsure => td_string!(locale, board.note_at_reader_unsure),
    }
}

/// What is to be done about a visit, in one or two words.
pub(crate) fn todo(locale: Locale, todo: Todo) -> &'static str {
    match todo {
        Todo::ByHand => td_string!(locale, board.todo.by_hand),
        Todo::Paper => td_string!(locale, board.todo.paper),
        Todo::Ask => td_string!(locale, board.todo.ask),
        Todo::Sign => td_string!(locale, board.todo.sign),
        Todo::Desk => td_string!(locale, board.todo.desk),
    }
}

/// What a kiosk needs staff for.
pub(crate) fn cause(locale: Locale, cause: Cause) -> &'static str {
    match cause {
        Cause::Needs(Need::Eye) => td_string!(locale, board.need.eye),
        Cause::Needs(Need::CardLeft) => td_string!(locale, board.need.card_left),
        Cause::Needs(Need::Reader) => td_string!(locale, board.need.reader),
        Cause::Out(fault) => out_of_service(locale, fault),
    }
}

fn out_of_service(locale: Locale, fault: Fault) -> &'static str {
    match fault {
        Fault::ReaderMissing => td_string!(locale, board.out.reader_missing),
        Fault::ServiceDown => td_string!(locale, board.out.service_down),
        Fault::Starting => td_string!(locale, board.out.starting),
        Fault::RecordsNotKept => td_string!(locale, board.out.records_not_kept),
        Fault::ClockWrong => td_string!(locale, board.out.clock_wrong),
    }
}

/// How far a kiosk is.
pub(crate) fn kiosk_state(locale: Locale, state: &KioskState) -> &'static str {
    match state {
        KioskState::Idle => td_string!(locale, board.kiosk_idle),
        KioskState::OutOfService { fault, .. } => out_of_service(locale, *fault),
        KioskState::InUse { step, needs, .. } => match needs {
            Some(needs) => cause(locale, Cause::Needs(needs.what)),
            None => visit_step(locale, *step),
        },
    }
}

fn visit_step(locale: Locale, step: Step) -> &'static str {
    match step {
        Step::Card => td_string!(locale, board.step.card),
        Step::Method => td_string!(locale, board.step.method),
        Step::Face => td_string!(locale, board.step.face),
        Step::Pin => td_string!(locale, board.step.pin),
        Step::Eye => td_string!(locale, board.step.eye),
        Step::Consent => td_string!(locale, board.step.consent),
        Step::Eligibility => td_string!(locale, board.step.eligibility),
        Step::OtherWays => td_string!(locale, board.step.other_ways),
        Step::Numbers => td_string!(locale, board.step.numbers),
        Step::Statement => td_string!(locale, board.step.statement),
        Step::Destination => td_string!(locale, board.step.destination),
        Step::Result => td_string!(locale, board.step.result),
        Step::TakeCard => td_string!(locale, board.step.take_card),
    }
}

/// Way to claim, for a column.
pub(crate) fn route_short(locale: Locale, route: Route) -> &'static str {
    match route {
        Route::Current => td_string!(locale, board.short.current),
        Route::Past => td_string!(locale, board.short.past),
        Route::Unknown => td_string!(locale, board.short.unknown),
        Route::Undecided => td_string!(locale, board.short.undecided),
    }
}

/// How a visit ended, for a column; the whole sentence stands behind the row.
pub(crate) fn outcome_short(locale: Locale, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Confirmed => td_string!(locale, board.short.confirmed),
        Outcome::Invalid => td_string!(locale, board.short.invalid),
        Outcome::InvalidNewerExists => td_string!(locale, board.short.invalid_newer_exists),
        Outcome::NoneFound => td_string!(locale, board.short.none_found),
        Outcome::MoreThanOne => td_string!(locale, board.short.more_than_one),
        Outcome::SystemDown => td_string!(locale, board.short.system_down),
        Outcome::SystemLate => td_string!(locale, board.short.system_late),
        Outcome::UnknownCertificate => td_string!(locale, board.short.unknown_certificate),
        Outcome::Stopped => td_string!(locale, board.short.stopped),
        Outcome::TimedOut => td_string!(locale, board.short.timed_out),
        Outcome::CardRefused => td_string!(locale, board.short.card_refused),
        Outcome::CardTaken => td_string!(locale, board.short.card_taken),
        Outcome::ReaderLost => td_string!(locale, board.short.reader_lost),
        Outcome::NumbersTyped => td_string!(locale, board.short.numbers_typed),
        Outcome::Oral => td_string!(locale, board.short.oral),
        Outcome::StatementMade => td_string!(locale, board.short.statement_made),
        Outcome::AtDesk => td_string!(locale, board.short.at_desk),
    }
}
