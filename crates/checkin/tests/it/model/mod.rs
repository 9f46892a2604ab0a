//! Random visits against a reference model. The world ([`world`]) says what happens around the kiosk,
//! people do what the screen asks for or anything else ([`person`]), card, system and store answer
//! well, badly, late, twice or never, and a bystander ([`rules`]) who knows the rules and not the machine
//! watches.

mod judge;
mod person;
mod rules;
mod world;

use crate::kiosk::*;
use checkin::card::{CardProblem, TriesLeft};
use checkin::consent::Topic;
use checkin::eligibility::Validity;
use checkin::event::*;
use checkin::gateway::*;
use checkin::items::{ItemsKey, ItemsProblem, ItemsTries};
use checkin::patient::{CardOwner, Found};
use checkin::reception::ReceptionNumber;
use checkin::{Action, Answer, Config, EffectId, Event, Millis, ReaderEvent, Request, Screen};
use proptest::test_runner::Config as ProptestConfig;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use rules::{ANOTHERS_BIRTH, Counters, Rules};
use std::collections::BTreeMap;
use world::{EVENING, Happening, Thing, World};

/// The kiosk and everything that it talks to.
struct Bench {
    kiosk: Kiosk,
    world: World,
    rules: Rules,
    cards: BTreeMap<Thing, Counters>,
    /// The same of the application that holds the basic four items.
    items: BTreeMap<Thing, Counters>,
    /// What lay there, and in which placing, when a card command was given.
    commands: BTreeMap<EffectId, (Thing, u32)>,
    /// The face attempt that is asked for, and since when.
    face: (Option<u8>, Millis),
}

impl Bench {
    fn new(world: &World) -> Self {
        let site = Config {
            destinations: world.destinations,
            passcode_set: world.passcode_set,
            reach: if world.by_numbers { Reach::Numbers } else { Reach::Certificate },
            ..config()
        };
        let mut kiosk = Kiosk::with(site);
        kiosk.now.wall = EVENING.parse().unwrap();
        let (cards, items, commands) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self {
            kiosk,
            world: world.clone(),
            rules: Rules::default(),
            cards,
            items,
            commands,
            face: (None, Millis::default()),
        }
    }

    fn counters(&self) -> Counters {
        let thing = self.world.lying;
        thing.map_or((None, 0), |thing| self.cards.get(&thing).copied().unwrap_or(thing.counters()))
    }

    fn event(&mut self, event: Event) {
        let before = self.kiosk.open.len();
        let asked = self.kiosk.asked.len();
        self.kiosk.event(event);
        let face = match self.kiosk.screen() {
            Screen::Face { attempt, .. } => Some(attempt),
            _ => None,
        };
        if face != self.face.0 {
            self.face = (face, self.kiosk.now.monotonic);
        }
        // Requests that are answered, with their ids; the others need none.
        let mut open = self.kiosk.open[before..].iter();
        let (at, counters) = (self.kiosk.now.wall, self.counters());
        for request in &self.kiosk.asked[asked..] {
            let id =
                if expects_answer(request) { open.next().unwrap().0 } else { EffectId(u64::MAX) };
            if let (true, Some(thing)) = (request.is_card_command(), self.world.lying) {
                self.commands.insert(id, (thing, self.world.lifted));
            }
            let items = self
                .world
                .lying
                .map(|thing| self.items.get(&thing).copied().unwrap_or(thing.counters()));
            Rules::items_asked(request, items);
            self.rules.asked((id, request), &self.world, counters, at);
        }
        self.check();
    }

    fn check(&mut self) {
        let screen = self.kiosk.screen();
        self.rules.shown(&screen, &self.world, self.counters());
        let rests = matches!(screen, Screen::Idle | Screen::OutOfService(_));
        let background = self.kiosk.visit.parked() + self.kiosk.visit.withdrawing();
        if !rests || background > 0 {
            assert!(self.kiosk.visit.deadline().is_some(), "{screen:?} waits for ever");
            return;
        }
        assert_eq!(self.kiosk.visit.deadline(), None);
        let kept = format!("{:?}", self.kiosk.visit);
        for personal in ["serial", "診療", "Session", "CardFacts", "Qualification"] {
            assert!(!kept.contains(personal), "{personal} left in {kept}");
        }
    }

    /// Milliseconds until somebody can have made both movements.
    fn moving(&self) -> u64 {
        let least = if self.face.0.is_some() { 2 * 350 } else { 0 };
        self.face.1.plus(least).since(self.kiosk.now.monotonic)
    }

    fn act(&mut self, action: Action, stale: bool) {
        let mut seen = self.kiosk.visit.view().revision;
        seen.0 = seen.0.wrapping_sub(u64::from(stale));
        let counts = !action.is_by_hand() || self.kiosk.reading() == 0;
        if !stale && counts {
            let (screen, in_time) = (self.kiosk.screen(), self.moving() == 0);
            self.rules.acted(&screen, &action, self.kiosk.now.wall, in_time);
        }
        self.event(Event::Acted { seen, action });
    }

    fn answer(&mut self, n: usize, luck: u8, twice: bool) {
        if n >= self.kiosk.open.len() {
            return;
        }
        let (id, request) = self.kiosk.open.remove(n);
        let command = self.commands.get(&id).copied();
        let answer = match command {
            Some(command) => self.card(&request, command, luck),
            None => answer_to(&request, luck),
        };
        self.rules.answered(&self.kiosk.screen(), id, &answer, command);
        self.event(Event::Answered { id, answer: answer.clone() });
        if twice {
            self.event(Event::Answered { id, answer });
        }
    }

    /// The card does what its counters allow, if it still lies there.
    fn card(&mut self, request: &Request, (thing, lifted): (Thing, u32), luck: u8) -> Answer {
        let by_numbers = self.world.by_numbers;
        let gone = self.world.lying.is_none() || self.world.lifted != lifted || luck == 7;
        let (pin, code) = self.cards.entry(thing).or_insert_with(|| thing.counters());
        let items = self.items.entry(thing).or_insert_with(|| thing.counters());
        match request {
            Request::Inspect if gone => Answer::Inspected(Err(CardProblem::Unreadable)),
            Request::Inspect => Answer::Inspected(thing.inspect((*pin, *code))),
            Request::ReadPhoto { .. } if gone => Answer::PhotoRead(Err(PhotoProblem::CardFailed)),
            Request::ReadPhoto { .. } if luck < 5 => {
                *code = 10;
                let owner = (by_numbers && luck < 3).then(owner);
                Answer::PhotoRead(Ok(CardFace { birth: born(), owner }))
            }
            Request::ReadPhoto { .. } => {
                *code -= 1;
                Answer::PhotoRead(Err(PhotoProblem::WrongCode(TriesLeft::Count(*code))))
            }
            Request::CountItemsTries if gone => Answer::ItemsCounted(None),
            Request::CountItemsTries => Answer::ItemsCounted(Some(ItemsTries {
                pin: items.0.map_or(TriesLeft::Absent, TriesLeft::Count),
                code: TriesLeft::Count(items.1),
            })),
            Request::ReadItems { .. } if gone => Answer::ItemsRead(Err(ItemsProblem::CardFailed)),
            Request::ReadItems { key } => Answer::ItemsRead(read_items(key, code, items, luck)),
            Request::Sign { .. } if gone => Answer::Signed(Err(PinProblem::CardFailed)),
            Request::Sign { .. } if luck < 4 => {
                *pin = Some(3);
                Answer::Signed(Ok(()))
            }
            Request::Sign { .. } => {
                let left = pin.unwrap().saturating_sub(1);
                *pin = Some(left);
                Answer::Signed(Err(PinProblem::WrongPin(TriesLeft::Count(left))))
            }
            other => unreachable!("{other:?} is no command to the card"),
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "as the trait hands it over")]
    fn happen(&mut self, what: Happening) {
        match what {
            Happening::Place(_) => self.event(Event::Reader(ReaderEvent::CardPlaced)),
            Happening::Lift => self.event(Event::Reader(ReaderEvent::CardRemoved)),
            Happening::Unplug => self.event(Event::Reader(ReaderEvent::Gone)),
            Happening::Plug => self.event(Event::Reader(ReaderEvent::Ready)),
            Happening::Act(choice) => {
                // People read first; who does not, fumbles.
                match self.kiosk.reading().max(self.moving()) {
                    0 => {}
                    ms => self.wait(ms),
                }
                if let Some(action) = person::act(&self.kiosk.screen(), choice) {
                    self.act(action, false);
                }
            }
            Happening::Fumble { what, stale } => self.act(person::fumble(what), stale),
            Happening::Answer { n, luck, twice } => self.answer(n, luck, twice),
            Happening::Lose(n) => {
                // The card thread always answers; everything else may be lost.
                if self.kiosk.open.get(n).is_some_and(|(_, request)| !request.is_card_command()) {
                    self.kiosk.open.remove(n);
                }
            }
            Happening::Wait(ms) => self.wait(ms),
            Happening::WaitUntilDue => {
                if let Some(due) = self.kiosk.visit.deadline() {
                    self.wait(due.since(self.kiosk.now.monotonic));
                }
            }
            Happening::SetClock(seconds) => {
                self.kiosk.now.wall += jiff::SignedDuration::from_secs(seconds);
                self.event(Event::Tick);
            }
        }
    }

    fn wait(&mut self, ms: u64) {
        self.kiosk.now.monotonic = self.kiosk.now.monotonic.plus(ms);
        self.kiosk.now.wall += jiff::SignedDuration::from_millis(ms.cast_signed());
        self.event(Event::Tick);
    }

    /// Nobody touches anything any more and only the card answers: what lies there is asked for again
    /// and again, then staff take it.
    fn come_to_rest(&mut self) {
        for _ in 0..4_000 {
            if let Some(n) = self.kiosk.open.iter().position(|(_, r)| r.is_card_command()) {
                self.answer(n, 0, false);
            }
            let asks = matches!(self.kiosk.screen(), Screen::TakeCard { .. });
            if asks && self.world.lying.is_some() {
                self.world = World::apply(self.world.clone(), &Happening::Lift);
                self.happen(Happening::Lift);
            }
            let rests = matches!(self.kiosk.screen(), Screen::Idle | Screen::OutOfService(_));
            if rests && self.kiosk.visit.parked() == 0 {
                return self.rules.end();
            }
            self.happen(Happening::WaitUntilDue);
        }
        panic!("the visit does not end: {:?}", self.kiosk.screen());
    }
}

/// The answer of system, staff or store: mostly good, sometimes each kind of bad.
fn answer_to(request: &Request, luck: u8) -> Answer {
    let good = luck < 5;
    match request {
        Request::CheckPasscode { .. } if good => Answer::PasscodeChecked(Ok(())),
        Request::CheckPasscode { .. } => {
            Answer::PasscodeChecked(Err(PasscodeProblem::Throttled { wait_s: 30 }))
        }
        Request::Ask(question) => reply_to(question, luck).into(),
        Request::FindPatient { .. } => Answer::PatientFound(match luck {
            0..=2 => known(true),
            3 => known(false),
            4 => Found::Unsure,
            _ => Found::Nobody,
        }),
        Request::Deliver { .. } if good => Answer::Delivered(Ok(())),
        Request::Deliver { .. } => Answer::Delivered(Err(DeliveryTrouble::Queued)),
        Request::TakeNumber { .. } => Answer::Numbered(good.then_some(ReceptionNumber(3))),
        Request::MakeStatement { .. } if good => Answer::StatementMade(Ok(())),
        Request::MakeStatement { .. } => Answer::StatementMade(Err(StatementTrouble::NotPrintable)),
        other => unreachable!("{other:?} is not answered here"),
    }
}

/// The card opens its items, or does not.
fn read_items(
    key: &ItemsKey,
    code: &mut u8,
    (items_pin, items_code): &mut Counters,
    luck: u8,
) -> Result<Box<CardOwner>, ItemsProblem> {
    match (key, luck) {
        (ItemsKey::Code(_), 0..4) => {
            (*code, *items_code) = (10, 10);
            Ok(owner())
        }
        (ItemsKey::Pin(_), 0..4) => {
            *items_pin = Some(3);
            Ok(owner())
        }
        (_, 4) => Err(ItemsProblem::NotVerified),
        (ItemsKey::Code(_), 5) => {
            *code -= 1;
            Err(ItemsProblem::WrongCode(TriesLeft::Count(*code)))
        }
        (ItemsKey::Code(_), _) => Err(ItemsProblem::CodeTriesLow),
        (ItemsKey::Pin(_), _) => {
            let left = items_pin.unwrap_or(1) - 1;
            *items_pin = Some(left);
            Err(ItemsProblem::WrongPin(TriesLeft::Count(left)))
        }
    }
}

/// The same for the eligibility system.
fn reply_to(question: &Question, luck: u8) -> Reply {
    let good = luck < 5;
    match question {
        Question::LookUp { .. } if luck < 4 => Reply::LookedUp(Ok(Registration::Registered)),
        Question::LookUp { .. } if luck == 4 => Reply::LookedUp(Ok(Registration::NotYet)),
        Question::LookUp { .. } if luck == 5 => {
            Reply::LookedUp(Err(GatewayTrouble::UnknownCertificate))
        }
        Question::LookUp { .. } => Reply::LookedUp(Err(GatewayTrouble::Down)),
        Question::Open { .. } if good => {
            let births = if luck == 3 { vec![ANOTHERS_BIRTH.into()] } else { opened().births };
            let topics = Topic::ALL[..usize::from(4 - luck)].to_vec();
            Reply::Opened(Ok(Opened { topics, births }))
        }
        Question::Open { .. } => Reply::Opened(Err(GatewayTrouble::Late)),
        Question::Query { .. } | Question::QueryNumbers { .. } if luck == 4 => {
            Reply::Queried(Ok(of_another()))
        }
        Question::Query { .. } | Question::QueryNumbers { .. } if good => {
            Reply::Queried(Ok(eligibility(Validity::Valid)))
        }
        Question::Query { .. } | Question::QueryNumbers { .. } if luck == 5 => {
            Reply::Queried(Ok(eligibility(Validity::Invalid)))
        }
        Question::Query { .. } | Question::QueryNumbers { .. } => {
            Reply::Queried(Err(GatewayTrouble::Down))
        }
        Question::Withdraw { .. } if good => Reply::Withdrawn(Ok(())),
        Question::Withdraw { .. } => Reply::Withdrawn(Err(GatewayTrouble::Late)),
    }
}

/// The test.
struct Visits;

impl StateMachineTest for Visits {
    type SystemUnderTest = Bench;
    type Reference = World;

    fn init_test(world: &World) -> Bench {
        Bench::new(world)
    }

    fn apply(mut bench: Bench, world: &World, happening: Happening) -> Bench {
        bench.world = world.clone();
        bench.happen(happening);
        bench
    }

    fn teardown(mut bench: Bench) {
        bench.come_to_rest();
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 12_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_visit_breaks_a_rule(sequential 1..80 => Visits);
}
