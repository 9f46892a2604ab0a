//! State × event, complete: what every event does in every state. Events that mean nothing in a
//! state are dropped and stay out of its list.

use crate::kiosk::*;
use checkin::card::{CardProblem, Doubt, TriesLeft};
use checkin::consent::Topic;
use checkin::documents::Document;
use checkin::eligibility::Validity;
use checkin::event::*;
use checkin::fallback::Way;
use checkin::gateway::*;
use checkin::identity::{Method, VisualReason};
use checkin::items::{ItemsProblem, ItemsWay};
use checkin::patient::Found;
use checkin::reception::ReceptionNumber;
use checkin::secret::{ItemsPin, Passcode, Pin};
use checkin::{Action, Answer, Event, ReaderEvent, Request};
use std::fmt::Write as _;

mod states;

pub(crate) use states::states;

const CERTIFICATE: Document = Document::EligibilityCertificate;

fn take(document: Document) -> Action {
    Action::Take(Way::Document(document))
}

fn pin() -> Action {
    Action::Pin(Pin::parse("1234").unwrap())
}

fn visual() -> Action {
    let reason = VisualReason::CannotOperate;
    Action::Visual { passcode: Passcode::parse("0000").unwrap(), reason }
}

fn items_pin() -> Action {
    Action::ItemsPin(ItemsPin::parse("5678").unwrap())
}

pub(crate) enum Happening {
    Reader(ReaderEvent),
    /// To the newest open request, whatever it was: a wrong kind of answer must be dropped too.
    Answer(Answer),
    Act(Action),
    Deadlines(u8),
    /// Staff end the visit that is there.
    EndedByStaff,
    Shutdown,
}

impl Happening {
    pub(crate) fn happen(self, kiosk: &mut Kiosk) {
        match self {
            Self::Reader(event) => {
                kiosk.reader(event);
            }
            Self::Answer(answer) => {
                if let Some((id, _)) = kiosk.open.last().cloned() {
                    kiosk.event(Event::Answered { id, answer });
                }
            }
            Self::Act(action) => {
                kiosk.act(action);
            }
            Self::Shutdown => {
                kiosk.event(Event::Shutdown);
            }
            Self::EndedByStaff => {
                if let Some(visit) = kiosk.visit.visit() {
                    kiosk.event(Event::StaffEnded { visit });
                }
            }
            Self::Deadlines(n) => {
                for _ in 0..n {
                    if let Some(due) = kiosk.visit.deadline() {
                        kiosk.advance(due.since(kiosk.now.monotonic));
                    }
                }
            }
        }
    }
}

fn readers() -> Vec<(&'static str, Happening)> {
    use ReaderEvent::*;
    let events = [
        ("reader ready", Ready),
        ("reader gone", Gone),
        ("service down", ServiceDown),
        ("card placed", CardPlaced),
        ("card removed", CardRemoved),
    ];
    events.into_iter().map(|(name, event)| (name, Happening::Reader(event))).collect()
}

fn answers() -> Vec<(&'static str, Happening)> {
    use Answer::*;
    let expired = || card_until("2020-02-17T23:59:59+09:00");
    let wrong_pin = |left| Signed(Err(PinProblem::WrongPin(TriesLeft::Count(left))));
    let wrong_items_pin = |left| ItemsRead(Err(ItemsProblem::WrongPin(TriesLeft::Count(left))));
    let wrong_code = PhotoProblem::WrongCode(TriesLeft::Count(9));
    let few_tries = PhotoProblem::TooFewTries(TriesLeft::Count(5));
    let answers = [
        ("inspected", Inspected(Ok(card()))),
        ("inspected: no", Inspected(Err(CardProblem::Unreadable))),
        ("inspected: expired", Inspected(Ok(expired()))),
        ("looked up", Replied(Reply::LookedUp(Ok(Registration::Registered)))),
        ("looked up: not yet", Replied(Reply::LookedUp(Ok(Registration::NotYet)))),
        ("looked up: down", Replied(Reply::LookedUp(Err(GatewayTrouble::Down)))),
        ("looked up: unknown", Replied(Reply::LookedUp(Err(GatewayTrouble::UnknownCertificate)))),
        ("photo read", PhotoRead(Ok(None.into()))),
        ("photo: wrong code", PhotoRead(Err(wrong_code))),
        ("photo: few tries", PhotoRead(Err(few_tries))),
        ("photo: not verified", PhotoRead(Err(PhotoProblem::NotVerified(Doubt::Photo)))),
        ("photo: not genuine", PhotoRead(Err(PhotoProblem::NotGenuine(Doubt::Chip)))),
        ("photo: failed", PhotoRead(Err(PhotoProblem::CardFailed))),
        ("signed", Signed(Ok(()))),
        ("signed: wrong, 2 left", wrong_pin(2)),
        ("signed: wrong, 1 left", wrong_pin(1)),
        ("signed: locked", wrong_pin(0)),
        ("signed: bad signature", Signed(Err(PinProblem::BadSignature))),
        ("signed: failed", Signed(Err(PinProblem::CardFailed))),
        ("items counted", ItemsCounted(Some(items_tries(3, 10)))),
        ("items counted: no", ItemsCounted(None)),
        ("items read", ItemsRead(Ok(owner()))),
        ("items: wrong code", ItemsRead(Err(ItemsProblem::WrongCode(TriesLeft::Count(9))))),
        ("items: few tries", ItemsRead(Err(ItemsProblem::CodeTriesLow))),
        ("items: wrong pin, 2 left", wrong_items_pin(2)),
        ("items: wrong pin, 1 left", wrong_items_pin(1)),
        ("items: not verified", ItemsRead(Err(ItemsProblem::NotVerified))),
        ("items: not genuine", ItemsRead(Err(ItemsProblem::NotGenuine(Doubt::Record)))),
        ("items: failed", ItemsRead(Err(ItemsProblem::CardFailed))),
        ("patient found", PatientFound(known(true))),
        ("patient without numbers", PatientFound(known(false))),
        ("patient not in list", PatientFound(Found::Nobody)),
        ("patient unsure", PatientFound(Found::Unsure)),
        ("passcode", PasscodeChecked(Ok(()))),
        ("passcode: wrong", PasscodeChecked(Err(PasscodeProblem::Wrong))),
        ("opened", Replied(Reply::Opened(Ok(opened())))),
        ("opened: nothing applies", Replied(Reply::Opened(Ok(Opened::default())))),
        ("opened: down", Replied(Reply::Opened(Err(GatewayTrouble::Down)))),
        ("queried: valid", Replied(Reply::Queried(Ok(eligibility(Validity::Valid))))),
        ("queried: invalid", Replied(Reply::Queried(Ok(eligibility(Validity::Invalid))))),
        ("queried: late", Replied(Reply::Queried(Err(GatewayTrouble::Late)))),
        ("delivered", Delivered(Ok(()))),
        ("delivered: queued", Delivered(Err(DeliveryTrouble::Queued))),
        ("numbered", Numbered(Some(ReceptionNumber(5)))),
        ("withdrawn", Replied(Reply::Withdrawn(Ok(())))),
        ("withdrawn: down", Replied(Reply::Withdrawn(Err(GatewayTrouble::Down)))),
        ("statement made", StatementMade(Ok(()))),
        ("statement: not printable", StatementMade(Err(StatementTrouble::NotPrintable))),
    ];
    answers.into_iter().map(|(name, answer)| (name, Happening::Answer(answer))).collect()
}

fn acts() -> Vec<(&'static str, Happening)> {
    use Action::*;
    let mut impossible = code();
    impossible.month = 13;
    let acts = [
        ("stop", Stop),
        ("continue", Continue),
        ("choose face", Choose(Method::Face)),
        ("choose pin", Choose(Method::Pin)),
        ("choose visual", Choose(Method::Visual)),
        ("show card", ShowCard),
        ("code", Code(code())),
        ("code: impossible", Code(impossible)),
        ("reference", Reference(Ok(()))),
        ("reference: no face", Reference(Err(ReferenceProblem::NoFace))),
        ("face: matched", claim(1, 0.9)),
        ("face: missed", claim(1, 0.1)),
        ("face: nobody", no_face(1)),
        ("camera missing", CameraMissing),
        ("items by code", ChooseItems(ItemsWay::Code)),
        ("items by pin", ChooseItems(ItemsWay::Pin)),
        ("items pin", items_pin()),
        ("insist on pin", InsistOnPin),
        ("pin", pin()),
        ("visual", visual()),
        ("visual by account", VisualByAccount { reason: VisualReason::CannotOperate }),
        ("not confirmed", NotConfirmed),
        ("consent all", ConsentAll(Overall::All)),
        ("consent none", ConsentAll(Overall::None)),
        ("consent choose", ConsentAll(Overall::Choose)),
        ("consent one: operation", ConsentOne { topic: Topic::Operation, agreed: true }),
        ("other ways", OtherWays),
        ("back", Back),
        ("take: certificate", take(CERTIFICATE)),
        ("take: oral", Take(Way::Oral)),
        ("take: statement", Take(Way::Statement)),
        ("take: desk", Take(Way::Desk)),
        ("numbers", Numbers(numbers())),
        ("limit certificate", LimitCertificate { agreed: true }),
        ("statement", Statement(Box::new(statement()))),
        ("destination", Destination(1)),
        ("withdraw: operation", Withdraw(Topic::Operation)),
    ];
    acts.into_iter().map(|(name, action)| (name, Happening::Act(action))).collect()
}

pub(crate) fn events() -> Vec<(&'static str, Happening)> {
    let deadlines = vec![
        ("shutdown", Happening::Shutdown),
        ("deadline", Happening::Deadlines(1)),
        ("two deadlines", Happening::Deadlines(2)),
        ("ended by staff", Happening::EndedByStaff),
    ];
    [readers(), answers(), acts(), deadlines].into_iter().flatten().collect()
}

fn effects(asked: &[Request]) -> String {
    let names = asked.iter().map(|request| match request {
        Request::Record { record, .. } => format!("Record:{}", name_of(record)),
        Request::Ask(question) => name_of(question),
        other => name_of(other),
    });
    names.collect::<Vec<_>>().join(", ")
}

#[test]
fn every_event_in_every_state() {
    let mut table = String::new();
    for (state, reach) in states() {
        writeln!(table, "\n{state}").unwrap();
        for (event, happening) in events() {
            let mut kiosk = Kiosk::new();
            reach(&mut kiosk);
            let before = kiosk.visit.view();
            kiosk.asked.clear();
            happening.happen(&mut kiosk);
            let after = kiosk.visit.view();
            if after == before && kiosk.asked.is_empty() {
                continue;
            }
            let asks = if after.asks_presence { " (asks presence)" } else { "" };
            let screen = screen_name(&after.screen);
            let effects = effects(&kiosk.asked);
            let line = format!("  {event} -> {screen}{asks} {effects}");
            writeln!(table, "{}", line.trim_end()).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}
