//! What is known about a person on the way through the navigator.

use super::closing;
use super::owner::{self, Known, Whose};
use super::person::Person;
use super::shared::Shared;
use crate::birth::Birth;
use crate::consent::ConsentAnswer;
use crate::documents::{Document, Paper};
use crate::effect::{Record, VisitId};
use crate::eligibility::{Asked, Eligibility, Qualification, Validity};
use crate::fallback::{NoNumbers, Why};
use crate::number::{Field, FieldError, FieldProblem, Numbers};
use crate::share::Payment;
use crate::statement::Statement;
use crate::view::Outcome;
use jiff::civil::Date;

/// What is known about a person on the way through the navigator.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Case {
    pub(super) visit: VisitId,
    pub(super) why: Why,
    /// Why the navigator was opened at first. A later answer changes `why`, but not what was shown.
    opened: Why,
    /// What is known about the person of the card, when one was recognised.
    pub(super) person: Option<Box<Person>>,
    pub(super) consents: Vec<ConsentAnswer>,
    /// The system's answer: a lost qualification is what the second claim route needs.
    pub(super) eligibility: Option<Box<Eligibility>>,
    /// To which question.
    pub(super) asked: Asked,
    pub(super) numbers: Option<Box<Numbers>>,
    /// Where they were typed from.
    pub(super) document: Option<Document>,
    /// Whether 限度額適用認定証 may be shown, where that was asked.
    pub(super) limit: Option<bool>,
    pub(super) statement: Option<Box<Statement>>,
    /// What was known about the card's owner, where the way through the card is over.
    pub(super) known: Known,
    /// The person asked the staff to ask whether anything has changed.
    pub(super) oral: bool,
    /// Whom the last answer was about.
    pub(super) whose: Whose,
}

impl Case {
    pub(super) fn new(visit: VisitId, why: Why) -> Self {
        Self {
            visit,
            why,
            opened: why,
            person: None,
            consents: Vec::new(),
            eligibility: None,
            asked: Asked::Card,
            numbers: None,
            document: None,
            limit: None,
            statement: None,
            known: Known::default(),
            oral: false,
            whose: Whose::default(),
        }
    }

    /// The best that is known about the person's birth: chip, then what was typed.
    pub(super) fn known(&self) -> Known {
        let typed = self.numbers.as_ref().map(|numbers| numbers.birth);
        let typed = typed.or(self.statement.as_ref().map(|statement| statement.birth));
        self.person.as_deref().map_or(self.known, Known::of).or(typed)
    }

    /// The document that staff have to look at; none where the card itself was confirmed.
    pub(super) fn paper(&self, outcome: Outcome, today: Date) -> Option<Paper> {
        let by_card = outcome == Outcome::Confirmed && self.asked == Asked::Card;
        let numbers = self.numbers.as_ref().filter(|_| !by_card)?;
        Some(Paper::new(self.document?, numbers.birth, today))
    }

    /// A typed birth date must be that of the card's owner, where the chip told it.
    pub(super) fn is_owners(&self, typed: Birth) -> Result<(), FieldError> {
        let proved = self.person.as_deref().and_then(|person| Known::of(person).birth);
        if proved.is_none_or(|birth| Qualification::is_born_on(typed, birth)) {
            Ok(())
        } else {
            Err(FieldError { field: Field::BirthDate, problem: FieldProblem::NotOfCard })
        }
    }

    /// With what was typed before the person went.
    pub(super) fn with_typed(self, typed: Typed) -> Self {
        let Typed { numbers, document, statement, oral } = typed;
        Self { numbers, document, statement, oral, ..self }
    }

    /// What the person typed and asked for.
    pub(super) fn typed(&self) -> Typed {
        Typed {
            numbers: self.numbers.clone(),
            document: self.document,
            statement: self.statement.clone(),
            oral: self.oral,
        }
    }

    /// Takes an answer in, the only way in; gives what it means. One about somebody else is neither
    /// shown nor handed on.
    pub(super) fn take(
        &mut self,
        shared: &mut Shared,
        asked: Asked,
        found: Box<Eligibility>,
    ) -> Outcome {
        self.whose = self.known().judge(&owner::births(&found));
        if self.whose == Whose::SomebodyElses {
            shared.record(self.visit, Record::AnswerAboutAnother);
            return Outcome::NotConfirmed(Validity::NoneFound);
        }
        let outcome = closing::outcome_of(&found, shared.today());
        // What the card's own answer said about a past qualification is worth more than what typed
        // numbers led to, unless they are confirmed.
        if asked == Asked::Card || outcome == Outcome::Confirmed || self.eligibility.is_none() {
            self.eligibility = Some(found);
            self.asked = asked;
        }
        outcome
    }

    /// Whether the numbers were typed; else they are those that the clinic knows.
    pub(super) fn numbers_typed(&self) -> bool {
        self.numbers.is_some() && self.document.is_some()
    }

    /// Whether numbers that the clinic knows were asked with.
    pub(super) fn numbers_known(&self) -> bool {
        self.numbers.is_some() && self.document.is_none()
    }

    /// Whether something lies or lay on the reader.
    pub(super) fn came_with_card(&self) -> bool {
        self.opened != Why::NoCard
    }

    /// Why the navigator was opened at first.
    pub(super) fn opened(&self) -> Why {
        self.opened
    }

    /// Whether a My Number Card was shown.
    pub(super) fn card_was_shown(&self) -> bool {
        self.opened.card_was_shown()
    }

    /// What may be said about paying: a document that counts by itself is as good as the card.
    pub(super) fn payment(&self) -> Payment {
        if self.numbers.is_some() { Payment::AsAlways } else { self.opened.payment() }
    }

    /// Whether the question before can be asked again.
    pub(super) fn has_way_back(&self) -> bool {
        match self.why {
            Why::NotIdentified | Why::NotRegistered | Why::NoNumbers(NoNumbers::ItemsUnread) => {
                self.person.is_some()
            }
            Why::NoCard => true,
            _ => false,
        }
    }
}

/// What a person typed and asked for; it waits with a question that goes on in the background.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Typed {
    numbers: Option<Box<Numbers>>,
    document: Option<Document>,
    statement: Option<Box<Statement>>,
    oral: bool,
}
