//! Sentences of the staff board.

use crate::model::refusal::Reason;
use crate::model::rows::Todo;
use crate::model::waits::Cause;
use crate::words::{Tongue, text, time};
use protocol::screen::{Fault, Outcome, PasscodeProblem};
use protocol::staff::{Alarm, KioskState, Need, Note, PaperItem, Route, SendTo, Step};

/// What was wrong with the facility's passcode.
pub(crate) fn passcode_problem(locale: Tongue, problem: PasscodeProblem) -> String {
    match problem {
        PasscodeProblem::Wrong => text!(locale, staff.wrong).to_owned(),
        PasscodeProblem::Throttled { wait_s: wait } => text!(locale, staff.throttled, wait),
        PasscodeProblem::NotSet => text!(locale, staff.not_set).to_owned(),
    }
}

/// Why something was not done that staff asked for.
pub(crate) fn refusal(locale: Tongue, reason: Reason) -> &'static str {
    match reason {
        Reason::WrongPasscode => text!(locale, board.wrong),
        Reason::WrongLogIn => text!(locale, account.wrong),
        Reason::WrongInvitation => text!(locale, account.wrong_invitation),
        Reason::WrongPassword => text!(locale, account.wrong_password),
        Reason::WrongCode => text!(locale, account.wrong_code),
        Reason::WrongProof => text!(locale, account.wrong_proof),
        Reason::Stale => text!(locale, settings.stale),
        Reason::Forbidden => text!(locale, account.forbidden),
        Reason::NotSet => text!(locale, board.not_set),
        Reason::Taken => text!(locale, account.taken),
        Reason::LastManager => text!(locale, account.last_manager),
        Reason::Weak => text!(locale, account.weak),
        Reason::Name => text!(locale, account.bad_name),
        Reason::Throttled => text!(locale, account.throttled),
        Reason::Failed => text!(locale, account.failed),
    }
}

/// What is wrong with the kiosk itself: what it means, and what to do.
pub(crate) fn alarm(locale: Tongue, alarm: &Alarm) -> String {
    match alarm {
        Alarm::RecordsWait { count } => text!(locale, board.alarm_records_wait, count),
        Alarm::RecordsLost { count } => text!(locale, board.alarm_records_lost, count),
        Alarm::ResultsWait { count, since } => {
            // As the language writes it: a date with hyphens breaks at them.
            let since = time(locale, since);
            text!(locale, board.alarm_results_wait, count, since)
        }
        Alarm::ClockWrong => text!(locale, board.alarm_clock_wrong).to_owned(),
        Alarm::DatabaseAway { count, since } => {
            let since = time(locale, since);
            text!(locale, board.alarm_database_away, count, since)
        }
        Alarm::TerminalAway => text!(locale, board.alarm_terminal_away).to_owned(),
        Alarm::SelfTest { count, since } => {
            let since = time(locale, since);
            text!(locale, self_test.alarm, count, since)
        }
        Alarm::LogInsRefused { count } => {
            text!(locale, account.alarm_log_ins_refused, count)
        }
    }
}

/// How a visit ended, in the words of the eligibility terminal and of claims.
pub(crate) fn staff_outcome(locale: Tongue, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Confirmed => text!(locale, board.ended.confirmed),
        Outcome::Invalid => text!(locale, board.ended.invalid),
        Outcome::InvalidNewerExists => text!(locale, board.ended.invalid_newer_exists),
        Outcome::NoneFound => text!(locale, board.ended.none_found),
        Outcome::MoreThanOne => text!(locale, board.ended.more_than_one),
        Outcome::SystemDown => text!(locale, board.ended.system_down),
        Outcome::SystemLate => text!(locale, board.ended.system_late),
        Outcome::UnknownCertificate => text!(locale, board.ended.unknown_certificate),
        Outcome::Stopped => text!(locale, board.ended.stopped),
        Outcome::TimedOut => text!(locale, board.ended.timed_out),
        Outcome::CardRefused => text!(locale, board.ended.card_refused),
        Outcome::CardTaken => text!(locale, board.ended.card_taken),
        Outcome::ReaderLost => text!(locale, board.ended.reader_lost),
        Outcome::NumbersTyped => text!(locale, board.ended.numbers_typed),
        Outcome::Oral => text!(locale, board.ended.oral),
        Outcome::StatementMade => text!(locale, board.ended.statement_made),
        Outcome::AtDesk => text!(locale, board.ended.at_desk),
    }
}

/// Way to claim.
pub(crate) fn route(locale: Tongue, route: Route) -> &'static str {
    match route {
        Route::Current => text!(locale, board.route_current),
        Route::Past => text!(locale, board.route_past),
        Route::Unknown => text!(locale, board.route_unknown),
        Route::Undecided => text!(locale, board.route_undecided),
    }
}

/// One thing to look at on a document.
pub(crate) fn paper_item(locale: Tongue, item: PaperItem) -> &'static str {
    match item {
        PaperItem::Card => text!(locale, board.item_card),
        PaperItem::Share => text!(locale, board.item_share),
        PaperItem::ValidUntil => text!(locale, board.item_valid_until),
        PaperItem::ShareFrom => text!(locale, board.item_share_from),
    }
}

/// Where a claim on unknown numbers goes.
pub(crate) fn send_to(locale: Tongue, to: SendTo) -> &'static str {
    match to {
        SendTo::PaymentFund => text!(locale, board.send_payment_fund),
        SendTo::Federation => text!(locale, board.send_federation),
        SendTo::Either => text!(locale, board.send_either),
    }
}

/// What to do besides.
pub(crate) fn note(locale: Tongue, note: Note) -> &'static str {
    match note {
        Note::CardNotVerified => text!(locale, board.note_card_not_verified),
        Note::AskWhetherChanged => text!(locale, board.note_ask_whether_changed),
        Note::AskForCard => text!(locale, board.note_ask_for_card),
        Note::AskSystemAgain => text!(locale, board.note_ask_system_again),
        Note::AskNewNumber => text!(locale, board.note_ask_new_number),
        Note::AskWhich => text!(locale, board.note_ask_which),
        Note::AnswerAboutAnother => text!(locale, board.note_answer_about_another),
        Note::CompareBirth => text!(locale, board.note_compare_birth),
        Note::Contradictory => text!(locale, board.note_contradictory),
        Note::CompareWithPaper => text!(locale, board.note_compare_with_paper),
        Note::MedicalAssistance => text!(locale, board.note_medical_assistance),
        Note::StatementNeeded => text!(locale, board.note_statement_needed),
        Note::KeepStatement => text!(locale, board.note_keep_statement),
        Note::PatientNotInList => text!(locale, board.note_patient_not_in_list),
        Note::PatientWithoutNumbers => {
            text!(locale, board.note_patient_without_numbers)
        }
        Note::PatientUnsure => text!(locale, board.note_patient_unsure),
        Note::AtReaderOnly => text!(locale, board.note_at_reader_only),
        Note::AtReaderUnsure => text!(locale, board.note_at_reader_unsure),
    }
}

/// What is to be done about a visit, in one or two words.
pub(crate) fn todo(locale: Tongue, todo: Todo) -> &'static str {
    match todo {
        Todo::ByHand => text!(locale, board.todo.by_hand),
        Todo::Paper => text!(locale, board.todo.paper),
        Todo::Ask => text!(locale, board.todo.ask),
        Todo::Sign => text!(locale, board.todo.sign),
        Todo::Desk => text!(locale, board.todo.desk),
    }
}

/// What a kiosk needs staff for.
pub(crate) fn cause(locale: Tongue, cause: Cause) -> &'static str {
    match cause {
        Cause::Needs(Need::Eye) => text!(locale, board.need.eye),
        Cause::Needs(Need::CardLeft) => text!(locale, board.need.card_left),
        Cause::Needs(Need::Reader) => text!(locale, board.need.reader),
        Cause::Out(fault) => out_of_service(locale, fault),
    }
}

fn out_of_service(locale: Tongue, fault: Fault) -> &'static str {
    match fault {
        Fault::ReaderMissing => text!(locale, board.out.reader_missing),
        Fault::ServiceDown => text!(locale, board.out.service_down),
        Fault::Starting => text!(locale, board.out.starting),
        Fault::RecordsNotKept => text!(locale, board.out.records_not_kept),
        Fault::ClockWrong => text!(locale, board.out.clock_wrong),
    }
}

/// How far a kiosk is.
pub(crate) fn kiosk_state(locale: Tongue, state: &KioskState) -> &'static str {
    match state {
        KioskState::Idle => text!(locale, board.kiosk_idle),
        KioskState::OutOfService { fault, .. } => out_of_service(locale, *fault),
        KioskState::InUse { step, needs, .. } => match needs {
            Some(needs) => cause(locale, Cause::Needs(needs.what)),
            None => visit_step(locale, *step),
        },
    }
}

fn visit_step(locale: Tongue, step: Step) -> &'static str {
    match step {
        Step::Card => text!(locale, board.step.card),
        Step::Method => text!(locale, board.step.method),
        Step::Face => text!(locale, board.step.face),
        Step::Pin => text!(locale, board.step.pin),
        Step::Eye => text!(locale, board.step.eye),
        Step::Consent => text!(locale, board.step.consent),
        Step::Eligibility => text!(locale, board.step.eligibility),
        Step::OtherWays => text!(locale, board.step.other_ways),
        Step::Numbers => text!(locale, board.step.numbers),
        Step::Statement => text!(locale, board.step.statement),
        Step::Destination => text!(locale, board.step.destination),
        Step::Result => text!(locale, board.step.result),
        Step::TakeCard => text!(locale, board.step.take_card),
    }
}

/// Way to claim, for a column.
pub(crate) fn route_short(locale: Tongue, route: Route) -> &'static str {
    match route {
        Route::Current => text!(locale, board.short.current),
        Route::Past => text!(locale, board.short.past),
        Route::Unknown => text!(locale, board.short.unknown),
        Route::Undecided => text!(locale, board.short.undecided),
    }
}

/// How a visit ended, for a column; the whole sentence stands behind the row.
pub(crate) fn outcome_short(locale: Tongue, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Confirmed => text!(locale, board.short.confirmed),
        Outcome::Invalid => text!(locale, board.short.invalid),
        Outcome::InvalidNewerExists => text!(locale, board.short.invalid_newer_exists),
        Outcome::NoneFound => text!(locale, board.short.none_found),
        Outcome::MoreThanOne => text!(locale, board.short.more_than_one),
        Outcome::SystemDown => text!(locale, board.short.system_down),
        Outcome::SystemLate => text!(locale, board.short.system_late),
        Outcome::UnknownCertificate => text!(locale, board.short.unknown_certificate),
        Outcome::Stopped => text!(locale, board.short.stopped),
        Outcome::TimedOut => text!(locale, board.short.timed_out),
        Outcome::CardRefused => text!(locale, board.short.card_refused),
        Outcome::CardTaken => text!(locale, board.short.card_taken),
        Outcome::ReaderLost => text!(locale, board.short.reader_lost),
        Outcome::NumbersTyped => text!(locale, board.short.numbers_typed),
        Outcome::Oral => text!(locale, board.short.oral),
        Outcome::StatementMade => text!(locale, board.short.statement_made),
        Outcome::AtDesk => text!(locale, board.short.at_desk),
    }
}
