//! Words of the current language, and sentences for what the wire names.

mod board;
mod call;
mod day;
mod reading;
mod self_test;
mod tongue;
mod visit;

use crate::model::date::Moment;
use crate::model::hint::Cue;
use crate::model::shown::Step;
use leptos::prelude::*;
use protocol::action::{Era, VisualReason};
use protocol::screen::{CertificateAlert, Method, MethodNotice, Topic, WhyNot};
use protocol::{InstitutionKind, Name};
use worker_messages::Hint;

pub(crate) use board::*;
pub(crate) use call::*;
pub(crate) use day::*;
pub(crate) use reading::{HasReadings, Piece, pieces};
pub(crate) use self_test::*;
pub(crate) use tongue::{Catalogue, FETCHED, Tongue, fill, text};
pub(crate) use visit::*;

/// The language of the page.
#[derive(Clone, Copy)]
pub(crate) struct Language(pub(crate) RwSignal<Tongue>);

/// The language, from anywhere below the root.
pub(crate) fn language() -> Language {
    expect_context()
}

/// What the site calls something, for readers of this language, and the tag of the language that it is in.
pub(crate) fn named(locale: Tongue, name: &Name) -> (String, String) {
    let (name, language) = name.for_readers_of(locale.tag());
    (name.to_owned(), language.to_owned())
}

/// `move || text` of a key in the current language, with the names of its values after it.
macro_rules! say {
    ($($key:tt)*) => {{
        let language = $crate::words::language();
        move || String::from($crate::words::text!(language.0.get(), $($key)*))
    }};
}
pub(crate) use say;

/// `2027年2月17日`, or nothing when the bridge sent something else.
pub(crate) fn date(locale: Tongue, text: &str) -> String {
    let Some(moment) = Moment::parse(text) else { return String::new() };
    let (year, era, month, day) = (moment.year, moment.reiwa_year(), moment.month, moment.day);
    text!(locale, date.era_full, year, era, month, day)
}

/// `1984年5月12日` of `1984-05-12`; a month or day that the register does not know is 0.
pub(crate) fn birth(locale: Tongue, text: &str) -> String {
    let mut parts =
        text.splitn(3, '-').map(|part| part.strip_prefix('0').unwrap_or(part).to_owned());
    let [Some(year), Some(month), Some(day)] = [parts.next(), parts.next(), parts.next()] else {
        return text.to_owned();
    };
    text!(locale, board.eye_birth, year, month, day)
}

/// `2月17日 14:05`.
pub(crate) fn time(locale: Tongue, text: &str) -> String {
    let Some(moment) = Moment::parse(text) else { return String::new() };
    let (month, day, hour, minute) = (moment.month, moment.day, moment.hour, moment.minute_text());
    text!(locale, date.time, month, day, hour, minute)
}

/// Name of a step of the visit.
pub(crate) fn step(locale: Tongue, step: Step) -> &'static str {
    match step {
        Step::Card => text!(locale, common.step_card),
        Step::Identity => text!(locale, common.step_identity),
        Step::Consent => text!(locale, common.step_consent),
        Step::Result => text!(locale, common.step_result),
        Step::Take => text!(locale, common.step_take),
    }
}

/// Name of a method.
pub(crate) fn method(locale: Tongue, method: Method) -> &'static str {
    match method {
        Method::Face => text!(locale, method.face),
        Method::Pin => text!(locale, method.pin),
        Method::Visual => text!(locale, method.visual),
    }
}

/// What a method asks of the person.
pub(crate) fn method_note(locale: Tongue, method: Method) -> &'static str {
    match method {
        Method::Face => text!(locale, method.face_note),
        Method::Pin => text!(locale, method.pin_note),
        Method::Visual => text!(locale, method.visual_note),
    }
}

/// Why a method cannot be chosen.
pub(crate) fn why_not(locale: Tongue, why: WhyNot) -> &'static str {
    match why {
        WhyNot::CardHasNoPin => text!(locale, why_not.card_has_no_pin),
        WhyNot::PinLocked => text!(locale, why_not.pin_locked),
        WhyNot::CodeTriesLow => text!(locale, why_not.code_tries_low),
        WhyNot::PhotoUnreadable => text!(locale, why_not.photo_unreadable),
        WhyNot::FaceAttemptsUsed => text!(locale, why_not.face_attempts_used),
        WhyNot::CameraMissing => text!(locale, why_not.camera_missing),
        WhyNot::PasscodeNotSet => text!(locale, why_not.passcode_not_set),
        WhyNot::NotConfirmed => text!(locale, why_not.not_confirmed),
        WhyNot::PinTriesLow => text!(locale, items.pin_tries_low),
    }
}

/// What happened before the method screen came back.
pub(crate) fn notice(locale: Tongue, notice: MethodNotice) -> String {
    match notice {
        MethodNotice::FaceMissed { attempts_left: 0 } => {
            text!(locale, notice.face_missed_last).to_owned()
        }
        MethodNotice::FaceMissed { attempts_left: left } => {
            text!(locale, notice.face_missed, left)
        }
        MethodNotice::FaceNotSeen => text!(locale, notice.face_not_seen).to_owned(),
        MethodNotice::PhotoUnreadable => text!(locale, notice.photo_unreadable).to_owned(),
        MethodNotice::CameraMissing => text!(locale, notice.camera_missing).to_owned(),
        MethodNotice::CodeTriesLow => text!(locale, notice.code_tries_low).to_owned(),
        MethodNotice::PinLocked => text!(locale, notice.pin_locked).to_owned(),
        MethodNotice::CardFailed => text!(locale, notice.card_failed).to_owned(),
        MethodNotice::NotConfirmed => text!(locale, notice.not_confirmed).to_owned(),
    }
}

/// Title and sentence of an expiry alert.
pub(crate) fn alert(locale: Tongue, alert: &CertificateAlert) -> (&'static str, String) {
    match alert {
        CertificateAlert::Expiring { until } => (
            text!(locale, alert.expiring_title),
            text!(locale, alert.expiring, date = date(locale, until)),
        ),
        CertificateAlert::Grace { until } => (
            text!(locale, alert.grace_title),
            text!(locale, alert.grace, date = date(locale, until)),
        ),
    }
}

/// Name of a birth era.
pub(crate) fn era(locale: Tongue, era: Era) -> &'static str {
    match era {
        Era::Meiji => text!(locale, code.meiji),
        Era::Taisho => text!(locale, code.taisho),
        Era::Showa => text!(locale, code.showa),
        Era::Heisei => text!(locale, code.heisei),
        Era::Reiwa => text!(locale, code.reiwa),
        Era::Gregorian => text!(locale, code.gregorian),
    }
}

/// Why staff confirm by eye.
pub(crate) fn reason(locale: Tongue, reason: VisualReason) -> &'static str {
    match reason {
        VisualReason::FaceNotMatched => text!(locale, staff.face_not_matched),
        VisualReason::PinUnavailable => text!(locale, staff.pin_unavailable),
        VisualReason::CannotOperate => text!(locale, staff.cannot_operate),
        VisualReason::EquipmentTrouble => text!(locale, staff.equipment_trouble),
    }
}

/// Name of a consent topic.
pub(crate) fn topic(locale: Tongue, topic: Topic) -> &'static str {
    match topic {
        Topic::Operation => text!(locale, topic.operation),
        Topic::TreatmentAndMedicine => text!(locale, topic.treatment_and_medicine),
        Topic::HealthCheckups => text!(locale, topic.health_checkups),
        Topic::SpecificDiseases => text!(locale, topic.specific_diseases),
    }
}

/// What a consent topic contains.
pub(crate) fn topic_note(locale: Tongue, topic: Topic) -> &'static str {
    match topic {
        Topic::Operation => text!(locale, topic.operation_note),
        Topic::TreatmentAndMedicine => text!(locale, topic.treatment_and_medicine_note),
        Topic::HealthCheckups => text!(locale, topic.health_checkups_note),
        Topic::SpecificDiseases => text!(locale, topic.specific_diseases_note),
    }
}

/// The institution, as a place.
pub(crate) fn here(locale: Tongue, kind: Option<InstitutionKind>) -> &'static str {
    match kind {
        None => text!(locale, consent.here.any),
        Some(InstitutionKind::Medical | InstitutionKind::Dental) => {
            text!(locale, consent.here.institution)
        }
        Some(InstitutionKind::Pharmacy) => text!(locale, consent.here.pharmacy),
    }
}

/// Who of the institution looks at the records.
pub(crate) fn who_looks(locale: Tongue, kind: Option<InstitutionKind>) -> &'static str {
    match kind {
        None => text!(locale, consent.who_any),
        Some(InstitutionKind::Medical) => text!(locale, consent.who_medical),
        Some(InstitutionKind::Dental) => text!(locale, consent.who_dental),
        Some(InstitutionKind::Pharmacy) => text!(locale, consent.who_pharmacy),
    }
}

/// What to do before the camera; what is asked is numbered.
pub(crate) fn cue(locale: Tongue, cue: Cue) -> String {
    let Some(hint) = cue.hint else {
        return text!(locale, face.hint.preparing).to_owned();
    };
    let mut words = self::hint(locale, hint).to_owned();
    if cue.further && hint.is_asked() {
        words = text!(locale, face.further, what = words);
    }
    match (hint, cue.done) {
        (hint, false) if hint.is_asked() => text!(locale, face.first, what = words),
        (hint, true) if hint.is_asked() => text!(locale, face.second, what = words),
        (Hint::Turned, true) => text!(locale, face.back).to_owned(),
        _ => words,
    }
}

fn hint(locale: Tongue, hint: Hint) -> &'static str {
    match hint {
        Hint::HoldStill => text!(locale, face.hint.hold_still),
        Hint::NoFace => text!(locale, face.hint.no_face),
        Hint::TooFar => text!(locale, face.hint.too_far),
        Hint::TooClose => text!(locale, face.hint.too_close),
        Hint::OffCentre => text!(locale, face.hint.off_centre),
        Hint::TooDark => text!(locale, face.hint.too_dark),
        Hint::SeveralFaces => text!(locale, face.hint.several_faces),
        Hint::Turned => text!(locale, face.hint.turned),
        Hint::Tilted => text!(locale, face.hint.tilted),
        Hint::BackLit => text!(locale, face.hint.back_lit),
        Hint::Blurred => text!(locale, face.hint.blurred),
        Hint::EyesCovered => text!(locale, face.hint.eyes_covered),
        Hint::MouthCovered => text!(locale, face.hint.mouth_covered),
        Hint::TurnLeft => text!(locale, face.hint.turn_left),
        Hint::TurnRight => text!(locale, face.hint.turn_right),
        Hint::LookUp => text!(locale, face.hint.look_up),
        Hint::LookDown => text!(locale, face.hint.look_down),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_date_is_read_as_the_register_has_it() {
        assert_eq!(birth(Tongue::JA, "1984-05-12"), "1984年5月12日");
        assert_eq!(birth(Tongue::EN, "1984-05-12"), "1984-5-12");
        assert_eq!(birth(Tongue::JA, "1945-00-00"), "1945年0月0日");
        assert_eq!(birth(Tongue::JA, "unknown"), "unknown");
    }
}
