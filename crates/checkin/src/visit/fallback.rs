//! The fallback navigator: from "the card did not do" to a visit that can be claimed.

use super::away;
use super::closing::{self, Ending};
use super::desk::Desk;
use super::owner::{self, Known, Whose};
use super::parked;
use super::session::Session;
use super::state::State;
use crate::birth::Birth;
use crate::consent::{ConsentAnswer, LimitAnswer};
use crate::documents::{Document, Paper};
use crate::effect::{Record, Request, VisitId};
use crate::eligibility::{Asked, Eligibility, Qualification, Validity};
use crate::event::{Action, GatewayTrouble, StatementTrouble};
use crate::fallback::{Way, Why, ways};
use crate::number::{Field, FieldError, FieldProblem, Numbers, TypedNumbers};
use crate::share::Payment;
use crate::statement::{Statement, TypedStatement};
use crate::view::{Outcome, Screen};
use jiff::civil::Date;

/// What is known about a person on the way through the navigator.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Case {
    pub(super) visit: VisitId,
    pub(super) why: Why,
    /// Why the navigator was opened at first. A later answer changes `why`, but not what was shown.
    opened: Why,
    /// The card's session, when one was begun.
    pub(super) session: Option<Box<Session>>,
    pub(super) consents: Vec<ConsentAnswer>,
    /// The system's answer: a lost qualification is what the second claim route needs.
    pub(super) eligibility: Option<Box<Eligibility>>,
    /// To which question.
    pub(super) asked: Asked,
    pub(super) numbers: Option<Box<Numbers>>,
    /// Where they were typed from.
    document: Option<Document>,
    /// Whether 限度額適用認定証 may be shown, where that was asked.
    pub(super) limit: Option<bool>,
    pub(super) statement: Option<Box<Statement>>,
    /// What was known about the card's owner, where the session is over.
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
            session: None,
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
        self.session.as_deref().map_or(self.known, Known::of).or(typed)
    }

    /// The document that staff have to look at; none where the card itself was confirmed.
    pub(super) fn paper(&self, outcome: Outcome, today: Date) -> Option<Paper> {
        let by_card = outcome == Outcome::Confirmed && self.asked == Asked::Card;
        let numbers = self.numbers.as_ref().filter(|_| !by_card)?;
        Some(Paper::new(self.document?, numbers.birth, today))
    }

    /// A typed birth date must be that of the card's owner, where the chip told it.
    fn is_owners(&self, typed: Birth) -> Result<(), FieldError> {
        let proved = self.session.as_deref().and_then(|session| session.proved);
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
        desk: &mut Desk,
        asked: Asked,
        found: Box<Eligibility>,
    ) -> Outcome {
        self.whose = self.known().judge(&owner::births(&found));
        if self.whose == Whose::SomebodyElses {
            desk.record(self.visit, Record::AnswerAboutAnother);
            return Outcome::NotConfirmed(Validity::NoneFound);
        }
        let outcome = closing::outcome_of(&found, desk.today());
        // What the card's own answer said about a past qualification is worth more than what typed
        // numbers led to, unless they are confirmed.
        if asked == Asked::Card || outcome == Outcome::Confirmed || self.eligibility.is_none() {
            self.eligibility = Some(found);
            self.asked = asked;
        }
        outcome
    }

    /// Whether something lies or lay on the reader.
    pub(super) fn came_with_card(&self) -> bool {
        self.opened != Why::NoCard
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
            Why::NotIdentified | Why::NotRegistered => self.session.is_some(),
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

/// Where in the navigator.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Page {
    Ways(Vec<Way>),
    TypingNumbers { document: Document, problem: Option<FieldError> },
    AskingLimit { document: Document },
    QueryingNumbers { document: Document, limit: Option<LimitAnswer>, effect: crate::EffectId },
    TypingStatement { problem: Option<FieldError> },
    MakingStatement { effect: crate::EffectId },
    StatementReady,
}

pub(super) fn open(desk: &Desk, case: Case) -> State {
    ways_page(desk, Box::new(case))
}

fn ways_page(desk: &Desk, case: Box<Case>) -> State {
    let page = Page::Ways(ways(case.card_was_shown(), desk.today()));
    State::Fallback { case, page }
}

pub(super) fn screen(case: &Case, page: &Page) -> Screen {
    match page {
        Page::Ways(ways) => Screen::Fallback {
            why: case.why,
            ways: ways.clone(),
            back: case.has_way_back(),
            payment: case.payment(),
        },
        Page::TypingNumbers { document, problem } => {
            Screen::Numbers { document: *document, problem: *problem }
        }
        Page::AskingLimit { .. } => Screen::LimitCertificate,
        Page::QueryingNumbers { .. } | Page::MakingStatement { .. } => Screen::Waiting,
        Page::TypingStatement { problem } => Screen::Statement { problem: *problem },
        Page::StatementReady => Screen::StatementReady,
    }
}

/// `Err` gives the state back unchanged.
pub(super) fn act(
    desk: &mut Desk,
    case: Box<Case>,
    page: Page,
    action: Action,
) -> Result<State, State> {
    match (page, action) {
        (page, Action::Stop) if awaits(&page).is_none() => Ok(stop(desk, *case)),
        (Page::Ways(_), Action::Back) if case.has_way_back() => Ok(back(desk, *case)),
        (Page::Ways(ways), Action::Take(way)) if ways.contains(&way) => Ok(take(desk, case, way)),
        (
            Page::TypingNumbers { .. } | Page::AskingLimit { .. } | Page::TypingStatement { .. },
            Action::Back,
        ) => Ok(ways_page(desk, case)),
        (Page::TypingNumbers { document, .. }, Action::Numbers(typed)) => {
            Ok(check_numbers(desk, case, document, &typed))
        }
        (Page::AskingLimit { document }, Action::LimitCertificate { agreed }) => {
            let answer = LimitAnswer { agreed, at: desk.now.wall };
            Ok(query(desk, case, document, Some(answer)))
        }
        (Page::TypingStatement { .. }, Action::Statement(typed)) => {
            Ok(check_statement(desk, case, &typed))
        }
        (Page::StatementReady, Action::Continue) => Ok(by_hand(desk, *case, Way::Statement)),
        (page, _) => Err(State::Fallback { case, page }),
    }
}

fn back(desk: &mut Desk, case: Case) -> State {
    if let Some(session) = case.session {
        let before = match case.why {
            Why::NotRegistered => State::Application { session },
            _ => State::Choosing { session, notice: None },
        };
        return away::resume(desk, before);
    }
    desk.record(case.visit, Record::Ended(Outcome::Stopped));
    desk.request(Request::ForgetPerson);
    desk.rest()
}

/// 「やめる」: what is known goes to the staff, so that whoever showed a card is not lost.
fn stop(desk: &mut Desk, case: Case) -> State {
    if case.why == Why::NoCard { back(desk, case) } else { by_hand(desk, case, Way::Desk) }
}

fn take(desk: &mut Desk, case: Box<Case>, way: Way) -> State {
    desk.record(case.visit, Record::WayTaken(way));
    match way {
        Way::Document(document) => {
            State::Fallback { case, page: Page::TypingNumbers { document, problem: None } }
        }
        Way::Statement => State::Fallback { case, page: Page::TypingStatement { problem: None } },
        Way::Oral | Way::Desk => by_hand(desk, *case, way),
    }
}

fn check_numbers(
    desk: &mut Desk,
    mut case: Box<Case>,
    document: Document,
    typed: &TypedNumbers,
) -> State {
    let checked = typed.check(desk.today());
    match checked.and_then(|numbers| case.is_owners(numbers.birth).map(|()| numbers)) {
        Err(problem) => {
            let page = Page::TypingNumbers { document, problem: Some(problem) };
            State::Fallback { case, page }
        }
        Ok(numbers) => {
            case.numbers = Some(Box::new(numbers));
            case.document = Some(document);
            if document == Document::EligibilityCertificate {
                State::Fallback { case, page: Page::AskingLimit { document } }
            } else {
                query(desk, case, document, None)
            }
        }
    }
}

fn query(
    desk: &mut Desk,
    mut case: Box<Case>,
    document: Document,
    limit: Option<LimitAnswer>,
) -> State {
    let Some(numbers) = case.numbers.clone() else {
        return ways_page(desk, case);
    };
    case.limit = limit.map(|answer| answer.agreed);
    let limit_certificate = case.limit == Some(true);
    let effect = desk.request(Request::QueryNumbers { numbers, limit_certificate });
    State::Fallback { case, page: Page::QueryingNumbers { document, limit, effect } }
}

/// The answer to the numbers of a document.
pub(super) fn numbers_queried(
    desk: &mut Desk,
    mut case: Box<Case>,
    (document, limit): (Document, Option<LimitAnswer>),
    found: Result<Eligibility, GatewayTrouble>,
) -> State {
    let Ok(eligibility) = found else {
        // The numbers are good enough to claim with; staff look them up later.
        return by_hand(desk, *case, Way::Document(document));
    };
    let asked = Asked::Numbers { limit_certificate: limit };
    if let Outcome::NotConfirmed(validity) = case.take(desk, asked, Box::new(eligibility)) {
        case.why = Why::NotConfirmed(validity);
        return ways_page(desk, case);
    }
    let ending = Ending::of(desk, *case, Outcome::Confirmed);
    closing::close(desk, ending)
}

fn check_statement(desk: &mut Desk, mut case: Box<Case>, typed: &TypedStatement) -> State {
    let checked = typed.check(desk.today());
    match checked.and_then(|statement| case.is_owners(statement.birth).map(|()| statement)) {
        Err(problem) => {
            let page = Page::TypingStatement { problem: Some(problem) };
            State::Fallback { case, page }
        }
        Ok(statement) => {
            let statement = Box::new(statement);
            case.statement = Some(statement.clone());
            let effect = desk.request(Request::MakeStatement { statement });
            State::Fallback { case, page: Page::MakingStatement { effect } }
        }
    }
}

/// Without a page to print the staff copy the answers onto the paper form.
pub(super) fn statement_made(
    desk: &mut Desk,
    case: Box<Case>,
    made: Result<(), StatementTrouble>,
) -> State {
    match made {
        Ok(()) => State::Fallback { case, page: Page::StatementReady },
        Err(StatementTrouble::NotPrintable) => by_hand(desk, *case, Way::Statement),
    }
}

/// Staff go on from here.
pub(super) fn by_hand(desk: &mut Desk, mut case: Case, way: Way) -> State {
    let why = case.why;
    case.oral = way == Way::Oral;
    parked::keep(desk, &case);
    let ending = Ending::of(desk, case, Outcome::ByHand { why, way });
    closing::close(desk, ending)
}

/// The person went away from the navigator: what is known goes to the staff.
pub(super) fn overdue(desk: &mut Desk, case: Case, page: &Page) -> State {
    match page {
        Page::QueryingNumbers { document, .. } => by_hand(desk, case, Way::Document(*document)),
        Page::MakingStatement { .. } | Page::StatementReady => by_hand(desk, case, Way::Statement),
        _ if case.why == Why::NoCard => {
            desk.record(case.visit, Record::Ended(Outcome::TimedOut));
            desk.request(Request::ForgetPerson);
            desk.rest()
        }
        _ => by_hand(desk, case, Way::Desk),
    }
}

/// The system's answer came while the person was in the navigator.
pub(super) fn answered_late(
    desk: &mut Desk,
    mut case: Box<Case>,
    page: Page,
    eligibility: Box<Eligibility>,
) -> State {
    if let Outcome::NotConfirmed(validity) = case.take(desk, Asked::Card, eligibility) {
        case.why = Why::NotConfirmed(validity);
        // Whoever is typing goes on typing; the list of ways tells the news.
        return match page {
            Page::Ways(_) => ways_page(desk, case),
            page => State::Fallback { case, page },
        };
    }
    let ending = Ending::of(desk, *case, Outcome::Confirmed);
    closing::close(desk, ending)
}

/// Only the first three ask; the rest wait for machines or for the printer.
pub(super) fn awaits(page: &Page) -> Option<crate::EffectId> {
    match page {
        Page::QueryingNumbers { effect, .. } | Page::MakingStatement { effect } => Some(*effect),
        _ => None,
    }
}
