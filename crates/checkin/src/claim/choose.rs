//! Which numbers.

use super::{ClaimNote, ClaimNumbers, NumberSource, Route, Situation};
use crate::eligibility::{Eligibility, Qualification, Validity};
use crate::number::{Numbers, same_number, same_symbol};

/// The numbers found, or `None` for unknown ones.
#[derive(Clone, Default)]
pub(super) struct Choice {
    pub(super) on: Option<(Route, NumberSource, ClaimNumbers)>,
    /// Share that the system answered for today, of the qualification that was chosen.
    pub(super) share_percent: Option<u8>,
    /// Its plain ratio, which confirms the only share of an age.
    pub(super) plain_percent: Option<u8>,
    pub(super) notes: Vec<ClaimNote>,
}

impl Choice {
    fn answered(route: Route, q: &Qualification, situation: &Situation<'_>) -> Self {
        let assistance = situation
            .eligibility
            .is_some_and(|answer| answer.has_medical_assistance(situation.today));
        let nothing = (assistance && route == Route::Current).then_some(0);
        let share_percent = nothing.or(q.answered_share(situation.today));
        let on = Some((route, NumberSource::Answer, q.into()));
        let notes = Vec::new();
        Self { on, share_percent, plain_percent: q.share_percent, notes }
            .note(nothing.is_some(), ClaimNote::MedicalAssistance)
    }

    fn typed(numbers: Option<&Numbers>) -> Self {
        let on = numbers.map(|numbers| (Route::Current, NumberSource::Typed, numbers.into()));
        Self { on, ..Self::default() }
    }

    fn note(mut self, applies: bool, note: ClaimNote) -> Self {
        if applies {
            self.notes.push(note);
        }
        self
    }
}

pub(super) fn choose(situation: &Situation<'_>) -> Choice {
    let Some(answer) = situation.eligibility else {
        return Choice::typed(situation.numbers).note(true, ClaimNote::AskSystemAgain);
    };
    if situation.birth.is_some_and(|birth| !answer.is_of(birth)) {
        return Choice::typed(situation.numbers).note(true, ClaimNote::AnswerAboutAnother);
    }
    let choice = match answer.validity {
        Validity::Valid | Validity::ValidUnregistered => valid(situation, answer),
        Validity::Invalid | Validity::InvalidNewerExists => invalid(situation, answer),
        Validity::MoreThanOne => several(situation, answer),
        Validity::NoneFound => Choice::typed(situation.numbers),
    };
    choice.note(answer.is_contradictory(situation.today), ClaimNote::Contradictory)
}

/// The answer counts, whatever was typed. One that contradicts its own dates is a past one, unless
/// the person shows another number.
fn valid(situation: &Situation<'_>, answer: &Eligibility) -> Choice {
    let holding = answer.holding(situation.today);
    let Some(first) = holding.first() else {
        return past_or_typed(situation, answer);
    };
    let shown = |numbers| holding.iter().any(|q| same(q, numbers));
    let differs = situation.numbers.is_some_and(|numbers| !shown(numbers));
    Choice::answered(Route::Current, first, situation).note(differs, ClaimNote::CompareWithPaper)
}

fn invalid(situation: &Situation<'_>, answer: &Eligibility) -> Choice {
    let choice = past_or_typed(situation, answer);
    let newer = answer.validity == Validity::InvalidNewerExists;
    let shown = matches!(choice.on, Some((Route::Current, ..)));
    choice.note(newer && !shown, ClaimNote::AskNewNumber)
}

/// A number that the system did not answer as lost is the newer one.
fn past_or_typed(situation: &Situation<'_>, answer: &Eligibility) -> Choice {
    let newer =
        situation.numbers.filter(|numbers| !answer.qualifications.iter().any(|q| same(q, numbers)));
    match answer.qualifications.first() {
        Some(newest) if newer.is_none() => Choice::answered(Route::Past, newest, situation),
        _ => Choice::typed(newer),
    }
}

/// The one that the person shows; else the newest that holds; else the newest.
fn several(situation: &Situation<'_>, answer: &Eligibility) -> Choice {
    let mut all = answer.qualifications.iter();
    let shown = situation.numbers.and_then(|n| all.clone().find(|q| same(q, n)));
    if let Some(shown) = shown {
        let holds = shown.holds_on(situation.today);
        let route = if holds { Route::Current } else { Route::Past };
        return Choice::answered(route, shown, situation);
    }
    let holding = answer.holding(situation.today);
    let choice = match holding.first() {
        Some(holds) => Choice::answered(Route::Current, holds, situation),
        None => match all.next() {
            Some(newest) => Choice::answered(Route::Past, newest, situation),
            None => Choice::typed(situation.numbers),
        },
    };
    let differs = situation.numbers.is_some();
    // Beside one insurance, 医療扶助 is no second one to choose from.
    let insurances = answer.qualifications.iter().filter(|q| q.is_insurance()).count();
    let beside = answer.qualifications.len() > insurances;
    let one = insurances == 1 && beside && holding.iter().any(|q| q.is_insurance());
    choice.note(differs, ClaimNote::CompareWithPaper).note(!differs && !one, ClaimNote::AskWhich)
}

/// The same insurance, however it is written. 枝番 is left out: older papers do not show it.
fn same(q: &Qualification, numbers: &Numbers) -> bool {
    q.insurer_number == numbers.insurer_number
        && same_symbol(&q.symbol, &numbers.symbol)
        && same_number(&q.number, &numbers.number)
}
