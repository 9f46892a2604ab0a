//! Which numbers.

use super::{ClaimNote, ClaimNumbers, NumberSource, Route, Situation};
use crate::eligibility::{Eligibility, Qualification, Validity};
use crate::number::Numbers;

/// The numbers found, or `None` for unknown ones.
#[derive(Default)]
pub(super) struct Choice {
    pub(super) on: Option<(Route, NumberSource, ClaimNumbers)>,
    /// Share of the qualification that was chosen.
    pub(super) share_percent: Option<u8>,
    pub(super) notes: Vec<ClaimNote>,
}

impl Choice {
    fn answered(route: Route, q: &Qualification) -> Self {
        let on = Some((route, NumberSource::Answer, q.into()));
        Self { on, share_percent: q.share_percent, notes: Vec::new() }
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
    let Some(first) = answer.qualifications.first() else {
        return Choice::typed(situation.numbers);
    };
    if !first.holds_on(situation.today) {
        return past_or_typed(situation, answer);
    }
    let differs = situation.numbers.is_some_and(|numbers| !same(first, numbers));
    let assistance = answer.validity == Validity::ValidUnregistered;
    Choice::answered(Route::Current, first)
        .note(differs, ClaimNote::CompareWithPaper)
        .note(assistance, ClaimNote::MedicalAssistance)
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
        Some(newest) if newer.is_none() => Choice::answered(Route::Past, newest),
        _ => Choice::typed(newer),
    }
}

/// The one that the person shows; else the newest that holds; else the newest.
fn several(situation: &Situation<'_>, answer: &Eligibility) -> Choice {
    let mut all = answer.qualifications.iter();
    let shown = situation.numbers.and_then(|n| all.clone().find(|q| same(q, n)));
    if let Some(shown) = shown {
        let holds = shown.holds_on(situation.today);
        return Choice::answered(if holds { Route::Current } else { Route::Past }, shown);
    }
    let choice = match all.clone().find(|q| q.holds_on(situation.today)) {
        Some(holds) => Choice::answered(Route::Current, holds),
        None => match all.next() {
            Some(newest) => Choice::answered(Route::Past, newest),
            None => Choice::typed(situation.numbers),
        },
    };
    let differs = situation.numbers.is_some();
    choice.note(differs, ClaimNote::CompareWithPaper).note(!differs, ClaimNote::AskWhich)
}

/// The same insurance. 枝番 is left out: older papers do not show it. Full and half width count as
/// the same, as the system may answer 記号 in either.
fn same(q: &Qualification, numbers: &Numbers) -> bool {
    use crate::text::half_width;
    q.insurer_number == numbers.insurer_number
        && half_width(&q.symbol) == numbers.symbol
        && half_width(&q.number) == numbers.number
}
