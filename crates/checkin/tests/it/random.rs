//! Random visits: whatever happens, the visit stays answerable and forgets the person.

use crate::kiosk::*;
use checkin::card::{CardProblem, TriesLeft};
use checkin::consent::Topic;
use checkin::documents::Document;
use checkin::eligibility::Validity;
use checkin::event::*;
use checkin::fallback::Way;
use checkin::identity::{Method, VisualReason};
use checkin::reception::ReceptionNumber;
use checkin::secret::{Passcode, Pin};
use checkin::{Action, Answer, Config, Event, ReaderEvent, Record, Request, Screen};
use proptest::prelude::*;

/// One thing that may happen, from any side and at any time.
#[derive(Clone, Debug)]
enum Happening {
    Reader(ReaderEvent),
    Act(Action),
    ActOnOldView(Action),
    /// Answer the n-th open request with this kind of luck.
    Answer(usize, u8),
    /// The same answer a second time.
    Duplicate(usize, u8),
    /// The request is lost.
    Lose(usize),
    Wait(u64),
    ClockJump(i64),
}

fn action() -> impl Strategy<Value = Action> {
    let method = prop::sample::select(vec![Method::Face, Method::Pin, Method::Visual]);
    let overall = prop::sample::select(vec![Overall::All, Overall::None, Overall::Choose]);
    prop_oneof![
        1 => Just(Action::Present),
        1 => Just(Action::Stop),
        4 => Just(Action::Continue),
        8 => method.prop_map(Action::Choose),
        4 => Just(Action::Code(code())),
        3 => Just(Action::Reference(Ok(()))),
        1 => Just(Action::Reference(Err(ReferenceProblem::NoFace))),
        4 => (1..4u8, -1.0..1.0f32).prop_map(|(attempt, score)| claim(attempt, score)),
        1 => (1..4u8).prop_map(no_face),
        1 => Just(Action::CameraMissing),
        1 => Just(Action::InsistOnPin),
        4 => Just(Action::Pin(Pin::parse("1234").unwrap())),
        3 => Just(Action::Visual {
            passcode: Passcode::parse("0000").unwrap(),
            reason: VisualReason::FaceNotMatched,
        }),
        2 => Just(Action::OtherWays),
        1 => Just(Action::Back),
        1 => Just(Action::Take(Way::Desk)),
        2 => Just(Action::Take(Way::Document(Document::EligibilityCertificate))),
        1 => Just(Action::Take(Way::Statement)),
        2 => Just(Action::Numbers(numbers())),
        2 => any::<bool>().prop_map(|agreed| Action::LimitCertificate { agreed }),
        2 => Just(Action::Statement(Box::new(statement()))),
        2 => (0..4u8).prop_map(Action::Destination),
        2 => (0..4usize).prop_map(|n| Action::Withdraw(Topic::ALL[n])),
        4 => overall.prop_map(Action::ConsentAll),
        4 => (0..4usize, any::<bool>())
            .prop_map(|(n, agreed)| Action::ConsentOne { topic: Topic::ALL[n], agreed }),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    use ReaderEvent::*;
    let reader = prop_oneof![
        4 => Just(CardPlaced), 1 => Just(CardRemoved), 1 => Just(Ready),
        1 => Just(Gone), 1 => Just(ServiceDown)
    ];
    prop_oneof![
        2 => reader.prop_map(Happening::Reader),
        8 => action().prop_map(Happening::Act),
        1 => action().prop_map(Happening::ActOnOldView),
        10 => (0..4usize, 0..8u8).prop_map(|(n, luck)| Happening::Answer(n, luck)),
        1 => (0..4usize, 0..8u8).prop_map(|(n, luck)| Happening::Duplicate(n, luck)),
        1 => (0..4usize).prop_map(Happening::Lose),
        2 => (0..70_000u64).prop_map(Happening::Wait),
        1 => (-90_000_000..90_000_000i64).prop_map(Happening::ClockJump),
    ]
}

/// The answer a shell might give: mostly good, sometimes each kind of bad.
fn answer_to(request: &Request, luck: u8) -> Answer {
    let good = luck < 5;
    let tries = TriesLeft::Count(luck % 3);
    match request {
        Request::Inspect if good => Answer::Inspected(Ok(card())),
        Request::Inspect if luck == 5 => {
            Answer::Inspected(Ok(card_until("2026-10-31T23:59:59+09:00")))
        }
        Request::Inspect => Answer::Inspected(Err(CardProblem::NotMyNumber)),
        Request::ReadPhoto { .. } if good => Answer::PhotoRead(Ok(())),
        Request::ReadPhoto { .. } => Answer::PhotoRead(Err(PhotoProblem::WrongCode(tries))),
        Request::Sign { .. } if luck < 3 => Answer::Signed(Ok(())),
        Request::Sign { .. } => Answer::Signed(Err(PinProblem::WrongPin(tries))),
        Request::CheckPasscode { .. } if good => Answer::PasscodeChecked(Ok(())),
        Request::CheckPasscode { .. } => {
            Answer::PasscodeChecked(Err(PasscodeProblem::Throttled { wait_s: 30 }))
        }
        Request::LookUp { .. } if luck < 4 => Answer::LookedUp(Ok(Registration::Registered)),
        Request::LookUp { .. } if luck == 4 => Answer::LookedUp(Ok(Registration::NotYet)),
        Request::LookUp { .. } => Answer::LookedUp(Err(GatewayTrouble::Down)),
        Request::Open { .. } if good => {
            Answer::Opened(Ok(Topic::ALL[..usize::from(luck)].to_vec()))
        }
        Request::Open { .. } => Answer::Opened(Err(GatewayTrouble::Late)),
        Request::Query { .. } | Request::QueryNumbers { .. } if good => {
            Answer::Queried(Ok(eligibility(Validity::Valid)))
        }
        Request::Query { .. } if luck == 5 => {
            Answer::Queried(Ok(eligibility(Validity::MoreThanOne)))
        }
        Request::Query { .. } => Answer::Queried(Err(GatewayTrouble::Late)),
        Request::Deliver { .. } if good => Answer::Delivered(Ok(())),
        Request::Deliver { .. } => Answer::Delivered(Err(DeliveryTrouble::Queued)),
        Request::QueryNumbers { .. } => Answer::Queried(Err(GatewayTrouble::Down)),
        Request::TakeNumber { .. } => Answer::Numbered(good.then_some(ReceptionNumber(3))),
        Request::Withdraw { .. } if good => Answer::Withdrawn(Ok(())),
        Request::Withdraw { .. } => Answer::Withdrawn(Err(GatewayTrouble::Late)),
        Request::MakeStatement { .. } if good => Answer::StatementMade(Ok(())),
        Request::MakeStatement { .. } => Answer::StatementMade(Err(StatementTrouble::NotPrintable)),
        Request::ReleaseCard
        | Request::ForgetPerson
        | Request::Announce { .. }
        | Request::Unpark { .. }
        | Request::Record { .. } => unreachable!("not answered"),
    }
}

fn happen(kiosk: &mut Kiosk, what: Happening) {
    match what {
        Happening::Reader(event) => {
            kiosk.reader(event);
        }
        Happening::Act(action) => {
            kiosk.act(action);
        }
        Happening::ActOnOldView(action) => {
            let mut seen = kiosk.visit.view().revision;
            seen.0 = seen.0.wrapping_sub(1);
            kiosk.event(Event::Acted { seen, action });
        }
        Happening::Answer(n, luck) | Happening::Duplicate(n, luck) if n < kiosk.open.len() => {
            let (id, request) = kiosk.open.remove(n);
            let answer = answer_to(&request, luck);
            kiosk.event(Event::Answered { id, answer: answer.clone() });
            if matches!(what, Happening::Duplicate(..)) {
                kiosk.event(Event::Answered { id, answer });
            }
        }
        Happening::Lose(n) if n < kiosk.open.len() => {
            // The card thread always answers; everything else may be lost.
            if !kiosk.open[n].1.is_card_command() {
                kiosk.open.remove(n);
            }
        }
        Happening::Answer(..) | Happening::Duplicate(..) | Happening::Lose(_) => {}
        Happening::Wait(ms) => {
            kiosk.advance(ms);
        }
        Happening::ClockJump(s) => {
            kiosk.now.wall += jiff::SignedDuration::from_secs(s);
            kiosk.event(Event::Tick);
        }
    }
}

fn check_always(kiosk: &Kiosk) {
    let in_flight = kiosk.open.iter().filter(|(_, request)| request.is_card_command()).count();
    assert!(in_flight <= 1, "two card commands at once");
    let view = kiosk.visit.view();
    match view.screen {
        // A visit whose answer is late is kept; everything else is forgotten.
        Screen::Idle | Screen::OutOfService(_) if kiosk.visit.parked() == 0 => {
            assert_eq!(kiosk.visit.deadline(), None);
            let shown = format!("{:?}", kiosk.visit);
            for personal in ["serial", "診療", "Session", "CardFacts", "Qualification"] {
                assert!(!shown.contains(personal), "{personal} left in {shown}");
            }
        }
        _ => assert!(kiosk.visit.deadline().is_some(), "{:?} waits forever", view.screen),
    }
}

/// Consents in the records and in the query are exactly those that were given.
fn check_consents(kiosk: &Kiosk, agreed_by_person: usize) {
    let recorded = kiosk.records();
    let agreed = recorded.iter().filter(|r| matches!(r, Record::Consent(c) if c.agreed)).count();
    assert!(agreed <= agreed_by_person, "{agreed} recorded, {agreed_by_person} given");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn always_comes_back_to_idle(story in prop::collection::vec(happening(), 1..60)) {
        let mut kiosk = Kiosk::with(Config { destinations: 3, ..config() });
        let mut agreed_by_person = 0;
        for what in story {
            if let Happening::Act(Action::ConsentAll(Overall::All)) = &what
                && let Screen::ConsentAll { topics } = kiosk.screen() {
                agreed_by_person += topics.len();
            }
            if let Happening::Act(Action::ConsentOne { topic, agreed: true }) = &what
                && matches!(kiosk.screen(), Screen::ConsentOne { topic: shown, .. } if shown == *topic) {
                agreed_by_person += 1;
            }
            happen(&mut kiosk, what);
            check_always(&kiosk);
        }
        check_consents(&kiosk, agreed_by_person);
        // Nobody touches anything any more and nothing is answered: the kiosk asks for the card, or is
        // free again, and every question in the background is answered or given up within the day.
        for _ in 0..4_000 {
            let settled = screen_name(&kiosk.screen());
            let free = ["TakeCard", "Idle", "OutOfService"].contains(&settled.as_str());
            match kiosk.visit.deadline() {
                Some(due) if !free || kiosk.visit.parked() > 0 => {
                    kiosk.advance(due.since(kiosk.now.monotonic));
                }
                _ => break,
            }
            check_always(&kiosk);
        }
        let settled = screen_name(&kiosk.screen());
        prop_assert!(["TakeCard", "Idle", "OutOfService"].contains(&settled.as_str()), "{settled}");
        prop_assert_eq!(kiosk.visit.parked(), 0);
        kiosk.reader(ReaderEvent::CardRemoved).reader(ReaderEvent::Ready);
        if let Screen::Farewell { .. } = kiosk.screen() {
            kiosk.advance(15_000);
        }
        prop_assert_eq!(kiosk.screen(), Screen::Idle);
        check_always(&kiosk);
    }
}
