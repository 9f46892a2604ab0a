//! One audit line as JSON, and the short words that columns use.

use super::head::At;
use super::{AccountDeed, Actor, Deed, Which, WhyLocked};
use crate::settings::Changed;
use crate::words::Word as _;
use checkin::card::Doubt;
use checkin::consent::ConsentSkipped;
use checkin::ended::Ended;
use checkin::fallback::Way;
use checkin::identity::{FaceFinding, FaceVerdict, Method, VisualReason};
use checkin::items::Sought;
use checkin::time::rfc3339;
use checkin::view::Outcome;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(super) fn of(visit: VisitId, at: Timestamp, record: &Record, by: Option<&Actor>) -> String {
    let (what, detail) = parts(record);
    signed(json!({ "at": rfc3339(at), "visit": visit.0, "what": what, "detail": detail }), by)
}

/// Lines of nobody's act have no `by`, as all lines of older versions.
fn signed(mut line: Value, by: Option<&Actor>) -> String {
    if let Some(by) = by {
        line["by"] = match by {
            Actor::Account { id, name } => json!({ "account": id, "name": name }),
            Actor::PasscodeAtBoard => json!({ "passcode": "board" }),
            Actor::PasscodeAtKiosk { kiosk } => json!({ "passcode": "kiosk", "name": kiosk }),
            Actor::Command => json!({ "command": true }),
        };
    }
    line.to_string()
}

/// What of a line says that the clock was accepted.
pub(super) const CLOCK_ACCEPTED: &str = "clock_accepted";

/// What of a line says that the lines up to one were deleted because their time was over.
pub(super) const DELETED: &str = "audit_deleted";

/// The line that goes in the place of those up to `through`, of which the newest was of that time.
pub(super) fn of_deletion(at: Timestamp, through: At, newest: Timestamp) -> String {
    let detail =
        json!({ "through": through.0, "hash": hex::encode(through.1), "newest": rfc3339(newest) });
    json!({ "at": rfc3339(at), "visit": null, "what": DELETED, "detail": detail }).to_string()
}

/// The rows of the board, those of them with a result that nobody entered, and the waiting files that were erased of a visit.
pub(super) fn of_erasure(
    visit: VisitId,
    at: Timestamp,
    (rows, unentered, files): (usize, i64, usize),
    by: Option<&Actor>,
) -> String {
    let detail = json!({ "rows": rows, "unentered": unentered, "files": files });
    signed(json!({ "at": rfc3339(at), "visit": visit.0, "what": "erased", "detail": detail }), by)
}

/// The same about no visit.
pub(super) fn of_deed(at: Timestamp, deed: &Deed, by: Option<&Actor>) -> String {
    let (what, detail) = match deed {
        Deed::BoardOpened => ("board_opened", Value::Null),
        Deed::BoardRefused { wait_s } => ("board_refused", json!({ "wait_s": wait_s })),
        Deed::LogInRefused { account, from, wait_s } => {
            ("log_in_refused", json!({ "account": account, "from": from, "wait_s": wait_s }))
        }
        Deed::Account { id, change } => ("account", account(id, change)),
        Deed::SelfTested { faults } => ("self_tested", json!({ "faults": faults })),
        Deed::SettingChanged(Changed { word, old, new }) => {
            ("setting_changed", json!({ "setting": word, "old": old, "new": new }))
        }
        Deed::BoardLocked(why) => ("board_locked", json!({ "why": why_locked(*why) })),
        Deed::Restored { lines, head, aside } => {
            let end = |(seq, hash): &At| json!({ "line": seq, "hash": hex::encode(hash) });
            let aside = aside.as_ref().map(end);
            ("restored", json!({ "backup": end(&(*lines, *head)), "aside": aside }))
        }
        Deed::Exported { of, visits, rows, files } => {
            let of = match of {
                Which::Visit(visit) => json!({ "visit": visit.0 }),
                Which::Day(day) => json!({ "day": day.to_string() }),
            };
            let detail = json!({ "of": of, "visits": visits, "rows": rows, "files": files });
            ("exported", detail)
        }
        Deed::PatientsImported { patients, refused } => {
            ("patients_imported", json!({ "patients": patients, "refused": refused }))
        }
        Deed::PatientsAsked { patients, confirmed } => {
            ("patients_asked", json!({ "patients": patients, "confirmed": confirmed }))
        }
        Deed::ChartRegistered { visit, outcome } => {
            ("chart_registered", json!({ "visit": visit.0, "outcome": outcome.word() }))
        }
        Deed::PatientsErased { patients } => ("patients_erased", json!({ "patients": patients })),
        Deed::ClockAccepted { newest } => (CLOCK_ACCEPTED, json!({ "newest": rfc3339(*newest) })),
    };
    signed(json!({ "at": rfc3339(at), "visit": null, "what": what, "detail": detail }), by)
}

fn account(id: &str, change: &AccountDeed) -> Value {
    let mut detail = json!({ "account": id });
    detail["change"] = match change {
        AccountDeed::Made { name, role } => {
            detail["name"] = json!(name);
            detail["role"] = json!(role.word());
            "made"
        }
        AccountDeed::Invited => "invited",
        AccountDeed::Joined => "joined",
        AccountDeed::Closed => "closed",
        AccountDeed::Opened => "opened",
        AccountDeed::RoleSet(role) => {
            detail["role"] = json!(role.word());
            "role_set"
        }
        AccountDeed::PasswordSet => "password_set",
        AccountDeed::AuthenticatorSet => "authenticator_set",
        AccountDeed::RecoveryUsed => "recovery_used",
    }
    .into();
    detail
}

fn why_locked(why: WhyLocked) -> &'static str {
    match why {
        WhyLocked::Unused => "unused",
        WhyLocked::Asked => "asked",
        WhyLocked::DayOver => "day_over",
        WhyLocked::Replaced => "replaced",
        WhyLocked::ReaderChanged => "reader_changed",
        WhyLocked::AccountChanged => "account_changed",
    }
}

fn parts(record: &Record) -> (&'static str, Value) {
    match record {
        Record::Started => ("started", Value::Null),
        Record::CardDoubted(doubt) => ("card_doubted", json!({ "why": doubt_word(*doubt) })),
        Record::FaceAttempt { claim, verdict } => {
            let (score, liveness) = match claim.finding {
                FaceFinding::Compared { score, liveness } => (Some(score), Some(liveness)),
                FaceFinding::NoFace => (None, None),
            };
            let verdict = match verdict {
                FaceVerdict::Matched => "matched",
                FaceVerdict::Missed => "missed",
                FaceVerdict::NotSeen => "not_seen",
                FaceVerdict::Refused => "refused",
            };
            let model_hash = claim.model_hash.chars().take(64).collect::<String>();
            let detail = json!({ "attempt": claim.attempt, "score": score, "liveness": liveness,
                "model_hash": model_hash, "verdict": verdict });
            ("face_attempt", detail)
        }
        Record::PinRefused { tries_left } => ("pin_refused", json!({ "tries_left": tries_left })),
        Record::ItemsPinRefused { tries_left } => {
            ("items_pin_refused", json!({ "tries_left": tries_left }))
        }
        Record::PatientSought(sought) => {
            let found = match sought {
                Sought::Known => "known",
                Sought::WithoutNumbers => "without_numbers",
                Sought::Nobody => "nobody",
                Sought::Unsure => "unsure",
            };
            ("patient_sought", json!({ "found": found }))
        }
        Record::PasscodeRefused => ("passcode_refused", Value::Null),
        Record::PhotoShown => ("photo_shown", Value::Null),
        Record::NotConfirmed => ("not_confirmed", Value::Null),
        Record::Identified { method: by, reason: why } => {
            ("identified", json!({ "method": method(*by), "reason": why.map(reason) }))
        }
        Record::Registered => ("registered", Value::Null),
        Record::Consent(answer) => {
            let detail = json!({ "topic": answer.topic.key(), "agreed": answer.agreed,
                "given_at": rfc3339(answer.at) });
            ("consent", detail)
        }
        Record::ConsentSkipped(why) => {
            let why = match why {
                ConsentSkipped::CertificateInGrace => "certificate_in_grace",
                ConsentSkipped::NoTopicApplies => "no_topic_applies",
            };
            ("consent_skipped", json!({ "why": why }))
        }
        Record::ConsentWithdrawn(about) => ("consent_withdrawn", json!({ "topic": about.key() })),
        Record::EnteredByHand => ("entered_by_hand", Value::Null),
        Record::NameCompleted => ("name_completed", Value::Null),
        Record::PaperSeen => ("paper_seen", Value::Null),
        Record::Called { to, times } => ("called", json!({ "to": to, "times": times })),
        Record::Noted => ("noted", Value::Null),
        Record::PatientChosen { listed } => ("patient_chosen", json!({ "listed": listed })),
        Record::NoteTakenAway => ("note_taken_away", Value::Null),
        Record::CallTakenBack => ("call_taken_back", Value::Null),
        Record::StaffDone => ("staff_done", Value::Null),
        Record::DoneTakenBack => ("done_taken_back", Value::Null),
        Record::KnownNumberEntered => ("known_number_entered", Value::Null),
        Record::Parked => ("parked", Value::Null),
        Record::AnsweredLate(found) => {
            ("answered_late", json!({ "outcome": outcome(Outcome::NotConfirmed(*found)) }))
        }
        Record::AnsweredBeside { joined } => ("answered_beside", json!({ "joined": joined })),
        Record::GaveUp => ("gave_up", Value::Null),
        Record::AnswerAboutAnother => ("answer_about_another", Value::Null),
        Record::WayTaken(taken) => ("way_taken", json!({ "way": way(*taken) })),
        Record::StaffTyped(form) => ("staff_typed", json!({ "form": way(*form) })),
        Record::StatementOpened => ("statement_opened", Value::Null),
        Record::EndedByStaff => ("ended_by_staff", Value::Null),
        Record::Ended(end) => ("ended", json!({ "outcome": outcome(*end) })),
    }
}

fn doubt_word(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Certificate => "certificate",
        Doubt::Root => "root",
        Doubt::CertificateKey => "certificate_key",
        Doubt::Form => "form",
        Doubt::Issuer => "issuer",
        Doubt::Record => "record",
        Doubt::Chip => "chip",
        Doubt::Photo => "photo",
        Doubt::Hierarchy => "hierarchy",
        Doubt::BirthDate => "birth_date",
        Doubt::ExpiryYear => "expiry_year",
        Doubt::CertificateDates => "certificate_dates",
    }
}

pub(super) fn method(method: Method) -> &'static str {
    match method {
        Method::Face => "face",
        Method::Pin => "pin",
        Method::Visual => "visual",
    }
}

pub(super) fn reason(reason: VisualReason) -> &'static str {
    match reason {
        VisualReason::FaceNotMatched => "face_not_matched",
        VisualReason::PinUnavailable => "pin_unavailable",
        VisualReason::CannotOperate => "cannot_operate",
        VisualReason::EquipmentTrouble => "equipment_trouble",
    }
}

/// As it is told, but with the document whose numbers were typed.
pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::ByHand { way: by, .. } => way(by),
        end => Ended::of(end).word(),
    }
}

fn way(way: Way) -> &'static str {
    match way {
        Way::Document(document) => document.word(),
        Way::Oral => "oral",
        Way::Statement => "statement",
        Way::Desk => "desk",
    }
}
