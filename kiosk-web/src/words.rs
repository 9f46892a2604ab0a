//! Words of the current language, and sentences for what the wire names.

mod board;
mod call;
mod day;
mod self_test;
mod visit;

use crate::i18n::Locale;
use crate::model::date::Moment;
use crate::model::hint::Cue;
use crate::model::shown::Step;
use leptos::prelude::*;
use leptos_i18n::td_string;
use protocol::action::{Era, VisualReason};
use protocol::screen::{CertificateAlert, Method, MethodNotice, Topic, WhyNot};
use protocol::{InstitutionKind, Name};
use worker_messages::Hint;

pub(crate) use board::*;
pub(crate) use call::*;
pub(crate) use day::*;
pub(crate) use self_test::*;
pub(crate) use visit::*;

/// The language of the page.
#[derive(Clone, Copy)]
pub(crate) struct Language(pub(crate) RwSignal<Locale>);

/// The language, from anywhere below the root.
pub(crate) fn language() -> Language {
    expect_context()
}

/// What the site calls something, for readers of this language, and the tag of the language that it is in.
pub(crate) fn named(locale: Locale, name: &Name) -> (String, String) {
    let (name, language) = name.for_readers_of(leptos_i18n::Locale::as_str(locale));
    (name.to_owned(), language.to_owned())
}

/// `move || text` of a key in the current language, with the names of its values after it.
macro_rules! say {
    ($($key:tt)*) => {{
        let language = $crate::words::language();
        move || String::from(leptos_i18n::td_string!(language.0.get(), $($key)*))
    }};
}
pub(crate) use say;

/// `2027年2月17日`, or nothing when the bridge sent something else.
pub(crate) fn date(locale: Locale, text: &str) -> String {
    let Some(moment) = Moment::parse(text) else { return String::new() };
    let (year, era, month, day) = (moment.year, moment.reiwa_year(), moment.month, moment.day);
    td_string!(locale, date.era_full, year, era, month, day)
}

/// `1984年5月12日` of `1984-05-12`; a month or day that the register does not know is 0.
pub(crate) fn birth(locale: Locale, text: &str) -> String {
    let mut parts =
        text.splitn(3, '-').map(|part| part.strip_prefix('0').unwrap_or(part).to_owned());
    let [Some(year), Some(month), Some(day)] = [parts.next(), parts.next(), parts.next()] else {
        return text.to_owned();
    };
    td_string!(locale, board.eye_birth, year, month, day)
}

/// `2月17日 14:05`.
pub(crate) fn time(locale: Locale, text: &str) -> String {
    let Some(moment) = Moment::parse(text) else { return String::new() };
    let (month, day, hour, minute) = (moment.month, moment.day, moment.hour, moment.minute_text());
    td_string!(locale, date.time, month, day, hour, minute)
}

/// Name of a step of the visit.
pub(crate) fn step(locale: Locale, step: Step) -> &'static str {
    match step {
        Step::Card => td_string!(locale, common.step_card),
        Step::Identity => td_string!(locale, common.step_identity),
        Step::Consent => td_string!(locale, common.step_consent),
        Step::Result => td_string!(locale, common.step_result),
        Step::Take => td_string!(locale, common.step_take),
    }
}

/// Name of a method.
pub(crate) fn method(locale: Locale, method: Method) -> &'static str {
    match method {
        Method::Face => td_string!(locale, method.face),
        Method::Pin => td_string!(locale, method.pin),
        Method::Visual => td_string!(locale, method.visual),
    }
}

/// What a method asks of the person.
pub(crate) fn method_note(locale: Locale, method: Method) -> &'static str {
    match method {
        Method::Face => td_string!(locale, method.face_note),
        Method::Pin => td_string!(locale, method.pin_note),
        Method::Visual => td_string!(locale, method.visual_note),
    }
}

/// Why a method cannot be chosen.
pub(crate) fn why_not(locale: Locale, why: WhyNot) -> &'static str {
    match why {
        WhyNot::CardHasNoPin => td_string!(locale, why_not.card_has_no_pin),
        WhyNot::PinLocked => td_string!(locale, why_not.pin_locked),
        WhyNot::CodeTriesLow => td_string!(locale, why_not.code_tries_low),
        WhyNot::PhotoUnreadable => td_string!(locale, why_not.photo_unreadable),
        WhyNot::FaceAttemptsUsed => td_string!(locale, why_not.face_attempts_used),
        WhyNot::CameraMissing => td_string!(locale, why_not.camera_missing),
        WhyNot::PasscodeNotSet => td_string!(locale, why_not.passcode_not_set),
        WhyNot::NotConfirmed => td_string!(locale, why_not.not_confirmed),
        WhyNot::PinTriesLow => td_string!(locale, items.pin_tries_low),
    }
}

/// What happened before the method screen came back.
pub(crate) fn notice(locale: Locale, notice: MethodNotice) -> String {
    match notice {
        MethodNotice::FaceMissed { attempts_left: 0 } => {
            td_string!(locale, notice.face_missed_last).to_owned()
        }
        MethodNotice::FaceMissed { attempts_left: left } => {
            td_string!(locale, notice.face_missed, left)
        }
        MethodNotice::FaceNotSeen => td_string!(locale, notice.face_not_seen).to_owned(),
        MethodNotice::PhotoUnreadable => td_string!(locale, notice.photo_unreadable).to_owned(),
        MethodNotice::CameraMissing => td_string!(locale, notice.camera_missing).to_owned(),
        MethodNotice::CodeTriesLow => td_string!(locale, notice.code_tries_low).to_owned(),
        MethodNotice::PinLocked => td_string!(locale, notice.pin_locked).to_owned(),
        MethodNotice::CardFailed => td_string!(locale, notice.card_failed).to_owned(),
        MethodNotice::NotConfirmed => td_string!(locale, notice.not_confirmed).to_owned(),
    }
}

/// Title and sentence of an expiry alert.
pub(crate) fn alert(locale: Locale, alert: &CertificateAlert) -> (&'static str, String) {
    match alert {
        CertificateAlert::Expiring { until } => (
            td_string!(locale, alert.expiring_title),
            td_string!(locale, alert.expiring, date = date(locale, until)),
        ),
        CertificateAlert::Grace { until } => (
            td_string!(locale, alert.grace_title),
            td_string!(locale, alert.grace, date = date(locale, until)),
        ),
    }
}

/// Name of a birth era.
pub(crate) fn era(locale: Locale, era: Era) -> &'static str {
    match era {
        Era::Meiji => td_string!(locale, code.meiji),
        Era::Taisho => td_string!(locale, code.taisho),
        Era::Showa => td_string!(locale, code.showa),
        Era::Heisei => td_string!(locale, code.heisei),
        Era::Reiwa => td_string!(locale, code.reiwa),
        Era::Gregorian => td_string!(locale, code.gregorian),
    }
}

/// Why staff confirm by eye.
pub(crate) fn reason(locale: Locale, reason: VisualReason) -> &'static str {
    match reason {
        VisualReason::FaceNotMatched => td_string!(locale, staff.face_not_matched),
        VisualReason::PinUnavailable => td_string!(locale, staff.pin_unavailable),
        VisualReason::CannotOperate => td_string!(locale, staff.cannot_operate),
        VisualReason::EquipmentTrouble => td_string!(locale, staff.equipment_trouble),
    }
}

/// Name of a consent topic.
pub(crate) fn topic(locale: Locale, topic: Topic) -> &'static str {
    match topic {
        Topic::Operation => td_string!(locale, topic.operation),
        Topic::TreatmentAndMedicine => td_string!(locale, topic.treatment_and_medicine),
        Topic::HealthCheckups => td_string!(locale, topic.health_checkups),
        Topic::SpecificDiseases => td_string!(locale, topic.specific_diseases),
    }
}

/// What a consent topic contains.
pub(crate) fn topic_note(locale: Locale, topic: Topic) -> &'static str {
    match topic {
        Topic::Operation => td_string!(locale, topic.operation_note),
        Topic::TreatmentAndMedicine => td_string!(locale, topic.treatment_and_medicine_note),
        Topic::HealthCheckups => td_string!(locale, topic.health_checkups_note),
        Topic::SpecificDiseases => td_string!(locale, topic.specific_diseases_note),
    }
}

/// The institution, as a place.
pub(crate) fn here(locale: Locale, kind: Option<InstitutionKind>) -> &'static str {
    match kind {
        None => td_string!(locale, consent.here.any),
        Some(InstitutionKind::Medical | InstitutionKind::Dental) => {
            td_string!(locale, consent.here.institution)
        }
        Some(InstitutionKind::Pharmacy) => td_string!(locale, consent.here.pharmacy),
    }
}

/// Who of the institution looks at the records.
pub(crate) fn who_looks(locale: Locale, kind: Option<InstitutionKind>) -> &'static str {
    match kind {
        None => td_string!(locale, consent.who_any),
        Some(InstitutionKind::Medical) => td_string!(locale, consent.who_medical),
        Some(InstitutionKind::Dental) => td_string!(locale, consent.who_dental),
        Some(InstitutionKind::Pharmacy) => td_string!(locale, consent.who_pharmacy),
    }
}

/// What to do before the camera; what is asked is numbered.
pub(crate) fn cue(locale: Locale, cue: Cue) -> String {
    let Some(hint) = cue.hint else {
        return td_string!(locale, face.hint.preparing).to_owned();
    };
    let mut words = self::hint(locale, hint).to_owned();
    if cue.further && hint.is_asked() {
        words = td_string!(locale, face.further, what = words);
    }
    match (hint, cue.done) {
        (hint, false) if hint.is_asked() => td_string!(locale, face.first, what = words),
        (hint, true) if hint.is_asked() => td_string!(locale, face.second, what = words),
        (Hint::Turned, true) => td_string!(locale, face.back).to_owned(),
        _ => words,
    }
}

fn hint(locale: Locale, hint: Hint) -> &'static str {
    match hint {
        Hint::HoldStill => td_string!(locale, face.hint.hold_still),
        Hint::NoFace => td_string!(locale, face.hint.no_face),
        Hint::TooFar => td_string!(locale, face.hint.too_far),
        Hint::TooClose => td_string!(locale, face.hint.too_close),
        Hint::OffCentre => td_string!(locale, face.hint.off_centre),
        Hint::TooDark => td_string!(locale, face.hint.too_dark),
        Hint::SeveralFaces => td_string!(locale, face.hint.several_faces),
        Hint::Turned => td_string!(locale, face.hint.turned),
        Hint::Tilted => td_string!(locale, face.hint.tilted),
        Hint::BackLit => td_string!(locale, face.hint.back_lit),
        Hint::Blurred => td_string!(locale, face.hint.blurred),
        Hint::EyesCovered => td_string!(locale, face.hint.eyes_covered),
        Hint::MouthCovered => td_string!(locale, face.hint.mouth_covered),
        Hint::TurnLeft => td_string!(locale, face.hint.turn_left),
        Hint::TurnRight => td_string!(locale, face.hint.turn_right),
        Hint::LookUp => td_string!(locale, face.hint.look_up),
        Hint::LookDown => td_string!(locale, face.hint.look_down),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_date_is_read_as_the_register_has_it() {
        assert_eq!(birth(Locale::ja, "1984-05-12"), "1984年5月12日");
        assert_eq!(birth(Locale::en, "1984-05-12"), "1984-5-12");
        assert_eq!(birth(Locale::ja, "1945-00-00"), "1945年0月0日");
        assert_eq!(birth(Locale::ja, "unknown"), "unknown");
    }
}
