//! The fallback navigator: from "the card did not do" to a visit that can be claimed.

use super::away;
use super::case::Case;
use super::closing::{self, Ending};
use super::items;
use super::owner::Whose;
use super::parked::{self, Unanswered};
use super::shared::Shared;
use super::state::State;
use crate::consent::LimitAnswer;
use crate::documents::Document;
use crate::effect::{Record, Request};
use crate::eligibility::{Asked, Eligibility};
use crate::event::{Action, StatementTrouble};
use crate::fallback::{Way, Why, ways};
use crate::gateway::{GatewayTrouble, Question, Reach};
use crate::number::{FieldError, TypedNumbers};
use crate::statement::TypedStatement;
use crate::view::{Outcome, Screen};

/// Where in the navigator.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Page {
    Ways(Vec<Way>),
    TypingNumbers {
        document: Document,
        problem: Option<FieldError>,
    },
    AskingLimit {
        document: Document,
    },
    QueryingNumbers {
        document: Document,
        limit: Option<LimitAnswer>,
        effect: crate::EffectId,
    },
    /// The insurance that the clinic knows is asked about.
    QueryingKnown {
        effect: crate::EffectId,
    },
    TypingStatement {
        problem: Option<FieldError>,
    },
    MakingStatement {
        effect: crate::EffectId,
    },
    StatementReady,
}

pub(super) fn open(shared: &Shared, case: Case) -> State {
    ways_page(shared, Box::new(case))
}

fn ways_page(shared: &Shared, case: Box<Case>) -> State {
    let page = Page::Ways(ways(case.card_was_shown(), shared.today()));
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
        Page::QueryingNumbers { .. }
        | Page::QueryingKnown { .. }
        | Page::MakingStatement { .. } => Screen::Waiting,
        Page::TypingStatement { problem } => Screen::Statement { problem: *problem },
        Page::StatementReady => Screen::StatementReady,
    }
}

/// `Err` gives the state back unchanged.
pub(super) fn act(
    shared: &mut Shared,
    case: Box<Case>,
    page: Page,
    action: Action,
) -> Result<State, State> {
    match (page, action) {
        (page, Action::Stop) if awaits(&page).is_none() => Ok(stop(shared, *case)),
        (Page::Ways(_), Action::Back) if case.has_way_back() => Ok(back(shared, *case)),
        (Page::Ways(ways), Action::Take(way)) if ways.contains(&way) => Ok(take(shared, case, way)),
        (
            Page::TypingNumbers { .. } | Page::AskingLimit { .. } | Page::TypingStatement { .. },
            Action::Back,
        ) => Ok(ways_page(shared, case)),
        (Page::TypingNumbers { document, .. }, Action::Numbers(typed)) => {
            Ok(check_numbers(shared, case, document, &typed))
        }
        (Page::AskingLimit { document }, Action::LimitCertificate { agreed }) => {
            let answer = LimitAnswer { agreed, at: shared.now.wall };
            Ok(query(shared, case, document, Some(answer)))
        }
        (Page::TypingStatement { .. }, Action::Statement(typed)) => {
            Ok(check_statement(shared, case, &typed))
        }
        (Page::StatementReady, Action::Continue) => Ok(by_hand(shared, *case, Way::Statement)),
        (page, _) => Err(State::Fallback { case, page }),
    }
}

fn back(shared: &mut Shared, case: Case) -> State {
    if let Some(person) = case.person {
        let before = match case.why {
            Why::NotRegistered => State::Application { person },
            Why::NoNumbers(_) => return items::ask_again(shared, person),
            _ => State::Choosing { person, notice: None },
        };
        return away::resume(shared, before);
    }
    shared.record(case.visit, Record::Ended(Outcome::Stopped));
    shared.request(Request::ForgetPerson);
    shared.rest()
}

/// 「やめる」: what is known goes to the staff, so that whoever showed a card is not lost.
pub(super) fn stop(shared: &mut Shared, case: Case) -> State {
    if case.why == Why::NoCard { back(shared, case) } else { by_hand(shared, case, Way::Desk) }
}

fn take(shared: &mut Shared, case: Box<Case>, way: Way) -> State {
    shared.record(case.visit, Record::WayTaken(way));
    match way {
        Way::Document(document) => {
            State::Fallback { case, page: Page::TypingNumbers { document, problem: None } }
        }
        Way::Statement => State::Fallback { case, page: Page::TypingStatement { problem: None } },
        Way::Oral | Way::Desk => by_hand(shared, *case, way),
    }
}

fn check_numbers(
    shared: &mut Shared,
    mut case: Box<Case>,
    document: Document,
    typed: &TypedNumbers,
) -> State {
    let checked = typed.check(shared.today());
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
                query(shared, case, document, None)
            }
        }
    }
}

fn query(
    shared: &mut Shared,
    mut case: Box<Case>,
    document: Document,
    limit: Option<LimitAnswer>,
) -> State {
    let Some(numbers) = case.numbers.clone() else {
        return ways_page(shared, case);
    };
    case.limit = limit.map(|answer| answer.agreed);
    let limit_certificate = case.limit == Some(true);
    let effect = shared.ask(Question::QueryNumbers { numbers, limit_certificate });
    State::Fallback { case, page: Page::QueryingNumbers { document, limit, effect } }
}

/// The answer to the numbers of a document.
pub(super) fn numbers_queried(
    shared: &mut Shared,
    case: Box<Case>,
    (document, limit): (Document, Option<LimitAnswer>),
    found: Result<Eligibility, GatewayTrouble>,
) -> State {
    answered(shared, case, (Way::Document(document), limit), found)
}

/// The answer to numbers. `way`: how the person goes on without one.
fn answered(
    shared: &mut Shared,
    mut case: Box<Case>,
    (way, limit): (Way, Option<LimitAnswer>),
    found: Result<Eligibility, GatewayTrouble>,
) -> State {
    let eligibility = match found {
        Ok(eligibility) => eligibility,
        Err(trouble) => {
            if trouble == GatewayTrouble::AboutAnother {
                shared.record(case.visit, Record::AnswerAboutAnother);
                case.whose = Whose::SomebodyElses;
            } else if parked::may_pass(trouble) {
                go_on_asking(shared, &case, limit, None);
            }
            // The numbers are good enough to claim with; staff look them up later.
            return by_hand(shared, *case, way);
        }
    };
    let asked = Asked::Numbers { limit_certificate: limit };
    if let Outcome::NotConfirmed(validity) = case.take(shared, asked, Box::new(eligibility)) {
        case.why = Why::NotConfirmed(validity);
        return ways_page(shared, case);
    }
    let ending = Ending::of(shared, *case, Outcome::Confirmed);
    closing::close(shared, ending)
}

/// The answer to the numbers that the clinic knows.
pub(super) fn known_queried(
    shared: &mut Shared,
    mut case: Box<Case>,
    found: Result<Eligibility, GatewayTrouble>,
) -> State {
    if let Err(trouble) = &found {
        case.why = Why::Unanswered(*trouble);
    }
    answered(shared, case, (Way::Desk, None), found)
}

/// Numbers are all that a terminal can be asked by, so their question goes on in the background, unless one of this visit does already.
/// `in_flight`: it is still with the terminal.
fn go_on_asking(
    shared: &mut Shared,
    case: &Case,
    limit: Option<LimitAnswer>,
    in_flight: Option<crate::EffectId>,
) {
    if shared.config.reach != Reach::Numbers || shared.parked.holds(case.visit) {
        return;
    }
    if let Some(question) = Unanswered::numbers(case, limit, in_flight) {
        parked::park(shared, question);
    }
}

fn check_statement(shared: &mut Shared, mut case: Box<Case>, typed: &TypedStatement) -> State {
    let checked = typed.check(shared.today());
    match checked.and_then(|statement| case.is_owners(statement.birth).map(|()| statement)) {
        Err(problem) => {
            let page = Page::TypingStatement { problem: Some(problem) };
            State::Fallback { case, page }
        }
        Ok(statement) => {
            let statement = Box::new(statement);
            case.statement = Some(statement.clone());
            let effect = shared.request(Request::MakeStatement { statement });
            State::Fallback { case, page: Page::MakingStatement { effect } }
        }
    }
}

/// Without a page to print the staff copy the answers onto the paper form.
pub(super) fn statement_made(
    shared: &mut Shared,
    case: Box<Case>,
    made: Result<(), StatementTrouble>,
) -> State {
    match made {
        Ok(()) => State::Fallback { case, page: Page::StatementReady },
        Err(StatementTrouble::NotPrintable) => by_hand(shared, *case, Way::Statement),
    }
}

/// Staff go on from here.
pub(super) fn by_hand(shared: &mut Shared, mut case: Case, way: Way) -> State {
    let why = case.why;
    case.oral = way == Way::Oral;
    parked::keep(shared, &case);
    let ending = Ending::of(shared, case, Outcome::ByHand { why, way });
    closing::close(shared, ending)
}

/// The person went away from the navigator: what is known goes to the staff.
pub(super) fn overdue(shared: &mut Shared, mut case: Case, page: &Page) -> State {
    match page {
        Page::QueryingNumbers { document, limit, effect } => {
            go_on_asking(shared, &case, *limit, Some(*effect));
            by_hand(shared, case, Way::Document(*document))
        }
        Page::QueryingKnown { effect } => {
            case.why = Why::Unanswered(GatewayTrouble::Late);
            go_on_asking(shared, &case, None, Some(*effect));
            by_hand(shared, case, Way::Desk)
        }
        Page::MakingStatement { .. } | Page::StatementReady => {
            by_hand(shared, case, Way::Statement)
        }
        _ if case.why == Why::NoCard => {
            shared.record(case.visit, Record::Ended(Outcome::TimedOut));
            shared.request(Request::ForgetPerson);
            shared.rest()
        }
        _ => by_hand(shared, case, Way::Desk),
    }
}

/// The system's answer came while the person was in the navigator.
pub(super) fn answered_late(
    shared: &mut Shared,
    mut case: Box<Case>,
    page: Page,
    eligibility: Box<Eligibility>,
) -> State {
    if let Outcome::NotConfirmed(validity) = case.take(shared, Asked::Card, eligibility) {
        case.why = Why::NotConfirmed(validity);
        // Whoever is typing goes on typing; the list of ways tells the news.
        return match page {
            Page::Ways(_) => ways_page(shared, case),
            page => State::Fallback { case, page },
        };
    }
    let ending = Ending::of(shared, *case, Outcome::Confirmed);
    closing::close(shared, ending)
}

/// The answer that a page waits for; the other pages wait for the person.
pub(super) fn awaits(page: &Page) -> Option<crate::EffectId> {
    match page {
        Page::QueryingNumbers { effect, .. }
        | Page::QueryingKnown { effect }
        | Page::MakingStatement { effect } => Some(*effect),
        _ => None,
    }
}
