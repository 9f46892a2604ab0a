//! A visit with a hand-turned clock, and the words the tests use.

use checkin::birth::Birth;
use checkin::card::{CardFacts, TriesLeft, Trust};
use checkin::claim::ClaimRules;
use checkin::code_b::TypedCode;
use checkin::consent::Topic;
use checkin::eligibility::{Eligibility, Qualification, Sex, Validity};
use checkin::era::{Era, TypedDate};
use checkin::gateway::{Opened, Reach, Registration, Reply};
use checkin::identity::{FaceClaim, FaceFinding, FaceRule};
use checkin::items::ItemsTries;
use checkin::number::{Numbers, TypedNumbers};
use checkin::patient::{CardOwner, ChartNumber, Found, KnownPatient};
use checkin::reception::ReceptionNumber;
use checkin::secret::{Digits, Serial};
use checkin::statement::{Insurance, Reason, TypedStatement};
use checkin::{
    ACTS_AFTER_MS, Action, Answer, Config, EffectId, Event, Millis, Now, ReaderEvent, Record,
    Request, Revision, Screen, VisitId, VisitIds, Visits,
};
use jiff::{SignedDuration, Timestamp};

pub(crate) struct Kiosk {
    pub(crate) visit: Visits,
    pub(crate) now: Now,
    /// Requests that are to be answered and have not been.
    pub(crate) open: Vec<(EffectId, Request)>,
    /// Everything that was asked for since the last look.
    pub(crate) asked: Vec<Request>,
    /// The question on the screen and since when it is there.
    pub(crate) question: (Revision, Millis),
}

pub(crate) fn config() -> Config {
    Config {
        face: FaceRule { threshold: 0.4, min_liveness: 0.02, model_hash: "abc".into() },
        accept_practice_cards: true,
        passcode_set: true,
        destinations: 0,
        claim: ClaimRules { check_digit_demanded: false, unknown_number_digits: 9 },
        reach: Reach::Certificate,
        patience: checkin::Patience::default(),
    }
}

impl Kiosk {
    /// A kiosk with an attached, empty reader.
    pub(crate) fn new() -> Self {
        Self::with(config())
    }

    pub(crate) fn with(config: Config) -> Self {
        let wall = "2026-11-23T09:00:00+09:00".parse().unwrap();
        let now = Now { monotonic: Millis(1_000), wall };
        let visit = Visits::new(config, VisitIds::starting_at(VisitId(7)));
        let question = (visit.view().question, now.monotonic);
        let mut kiosk = Self { visit, now, open: Vec::new(), asked: Vec::new(), question };
        kiosk.reader(ReaderEvent::Ready);
        kiosk
    }

    pub(crate) fn event(&mut self, event: Event) -> &mut Self {
        self.visit.supply(NONCE);
        self.visit.handle(self.now, event);
        let question = self.visit.view().question;
        if question != self.question.0 {
            self.question = (question, self.now.monotonic);
        }
        while let Some(effect) = self.visit.poll_effect() {
            self.asked.push(effect.request.clone());
            if expects_answer(&effect.request) {
                self.open.push((effect.id, effect.request));
            }
        }
        self
    }

    pub(crate) fn reader(&mut self, event: ReaderEvent) -> &mut Self {
        self.event(Event::Reader(event))
    }

    /// Milliseconds until acts on this question count.
    pub(crate) fn reading(&self) -> u64 {
        self.question.1.plus(ACTS_AFTER_MS).since(self.now.monotonic)
    }

    /// By somebody who has read the question.
    pub(crate) fn act(&mut self, action: Action) -> &mut Self {
        let reading = if action.is_by_hand() { self.reading() } else { 0 };
        if reading > 0 {
            self.advance(reading);
        }
        self.act_at_once(action)
    }

    pub(crate) fn act_at_once(&mut self, action: Action) -> &mut Self {
        let seen = self.visit.view().revision;
        self.event(Event::Acted { seen, action })
    }

    /// Answers the newest open request.
    pub(crate) fn answer(&mut self, answer: impl Into<Answer>) -> &mut Self {
        let (id, _) = self.open.pop().expect("nothing was asked for");
        self.event(Event::Answered { id, answer: answer.into() })
    }

    pub(crate) fn advance(&mut self, ms: u64) -> &mut Self {
        self.now.monotonic = self.now.monotonic.plus(ms);
        self.now.wall += SignedDuration::from_millis(ms.cast_signed());
        self.event(Event::Tick)
    }

    pub(crate) fn screen(&self) -> Screen {
        self.visit.view().screen
    }

    #[track_caller]
    pub(crate) fn shows(&mut self, name: &str) -> &mut Self {
        assert_eq!(screen_name(&self.screen()), name, "{:?}", self.screen());
        self
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        let records = self.asked.iter().filter_map(|request| match request {
            Request::Record { record, .. } => Some(record.clone()),
            _ => None,
        });
        records.collect()
    }

    // Steps that many tests share.

    pub(crate) fn placed(&mut self) -> &mut Self {
        self.reader(ReaderEvent::CardPlaced).answer(Answer::Inspected(Ok(card())))
    }

    pub(crate) fn choosing(&mut self) -> &mut Self {
        self.placed().answer(Reply::LookedUp(Ok(Registration::Registered)))
    }

    pub(crate) fn facing(&mut self) -> &mut Self {
        use checkin::identity::Method::Face;
        self.choosing()
            .act(Action::Choose(Face))
            .act(Action::Code(code()))
            .answer(Answer::PhotoRead(Ok(born().into())))
            .act(Action::Reference(Ok(())))
    }

    /// Identified by PIN where the eligibility system is reached by numbers: the items are to be opened.
    pub(crate) fn asking_items(&mut self) -> &mut Self {
        use checkin::identity::Method::Pin;
        self.placed()
            .act(Action::Choose(Pin))
            .act(Action::Pin(checkin::secret::Pin::parse("1234").unwrap()))
            .answer(Answer::Signed(Ok(())))
            .answer(Answer::ItemsCounted(Some(items_tries(3, 10))))
    }

    /// From the answered query to the result screen, with reception number 12.
    pub(crate) fn closed(&mut self) -> &mut Self {
        self.answer(Answer::Numbered(Some(ReceptionNumber(12)))).answer(Answer::Delivered(Ok(())))
    }

    /// The same when no answer came that could be handed over.
    pub(crate) fn closed_without_file(&mut self) -> &mut Self {
        self.answer(Answer::Numbered(Some(ReceptionNumber(12))))
    }

    pub(crate) fn consenting(&mut self) -> &mut Self {
        self.facing().act(claim(1, 0.9)).answer(Reply::Opened(Ok(opened())))
    }
}

pub(crate) fn expects_answer(request: &Request) -> bool {
    !matches!(
        request,
        Request::ReleaseCard
            | Request::ForgetPerson
            | Request::HandOverPhoto
            | Request::Announce { .. }
            | Request::Unpark { .. }
            | Request::Record { .. }
    )
}

pub(crate) fn card() -> CardFacts {
    card_until("2030-02-17T23:59:59+09:00")
}

pub(crate) fn card_until(not_after: &str) -> CardFacts {
    let not_after: Timestamp = not_after.parse().unwrap();
    CardFacts {
        serial: Serial::new(vec![0x22, 0x7b, 0x13]),
        not_after,
        trust: Trust::Practice,
        pin_tries: TriesLeft::Count(3),
        code_b_tries: TriesLeft::Count(10),
    }
}

pub(crate) fn code() -> TypedCode {
    TypedCode {
        era: Era::Showa,
        era_year: 55,
        month: 2,
        day: 17,
        expiry_year: 2035,
        security_code: Digits::parse("2285").unwrap(),
    }
}

/// Of every face attempt here.
pub(crate) const NONCE: u64 = 0x00C0_FFEE_0000_0001;

/// What the chip of [`card`] says.
pub(crate) fn born() -> Option<Birth> {
    Birth::parse("19800217")
}

pub(crate) fn claim(attempt: u8, score: f32) -> Action {
    let finding = FaceFinding::Compared { score, liveness: 0.9 };
    Action::Face(FaceClaim { attempt, nonce: NONCE, finding, model_hash: "abc".into() })
}

pub(crate) fn no_face(attempt: u8) -> Action {
    let finding = FaceFinding::NoFace;
    Action::Face(FaceClaim { attempt, nonce: NONCE, finding, model_hash: "abc".into() })
}

pub(crate) fn topics() -> Vec<Topic> {
    vec![Topic::Operation, Topic::TreatmentAndMedicine]
}

/// The topics of the card's owner.
pub(crate) fn opened() -> Opened {
    Opened { topics: topics(), births: vec![Birth::parse("19800217").unwrap()] }
}

/// A record that is linked to the card by mistake.
pub(crate) fn of_another() -> Eligibility {
    let mut found = eligibility(Validity::Valid);
    let other = &mut found.qualifications[0];
    other.name = "別人　渉".into();
    other.birth = Birth::parse("19750330").unwrap();
    found
}

pub(crate) fn eligibility(validity: Validity) -> Eligibility {
    let qualification = Qualification {
        class: Some("01".into()),
        insurer_number: "33120015".into(),
        insurer_name: "練習健康保険組合".into(),
        symbol: "12".into(),
        number: "345".into(),
        branch: Some("01".into()),
        kind: None,
        name: "診療　太郎".into(),
        name_kana: "ｼﾝﾘｮｳ ﾀﾛｳ".into(),
        sex: Sex::Male,
        birth: Birth::parse("19800217").unwrap(),
        address: None,
        post_number: None,
        valid_from: None,
        valid_to: None,
        lost_on: None,
        share_percent: Some(30),
        elderly_recipient: None,
        limit_certificate: None,
        preschool: None,
        specific_diseases: Vec::new(),
        medical_tickets: Vec::new(),
    };
    Eligibility { validity, qualifications: vec![qualification] }
}

/// The variant's name.
pub(crate) fn name_of(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

pub(crate) fn screen_name(screen: &Screen) -> String {
    name_of(screen)
}

/// Where the eligibility system is reached by numbers only.
pub(crate) fn by_numbers() -> Config {
    Config { reach: Reach::Numbers, ..config() }
}

pub(crate) fn items_tries(pin: u8, code: u8) -> ItemsTries {
    ItemsTries { pin: TriesLeft::Count(pin), code: TriesLeft::Count(code) }
}

/// What the items of [`card`] say.
#[expect(clippy::unnecessary_box_returns, reason = "every answer has it in a box")]
pub(crate) fn owner() -> Box<CardOwner> {
    let name = "診療　太郎".to_owned().into();
    Box::new(CardOwner { name, birth: born().unwrap(), sex: Sex::Male })
}

/// The clinic knows the person, with or without an insurance.
pub(crate) fn known(numbers: bool) -> Found {
    let chart = ChartNumber::new("000123").unwrap();
    Found::One(Box::new(KnownPatient { chart, numbers: numbers.then(known_numbers) }))
}

pub(crate) fn known_numbers() -> Numbers {
    numbers().check("2026-11-23".parse().unwrap()).unwrap()
}

pub(crate) fn numbers() -> TypedNumbers {
    TypedNumbers {
        insurer_number: "３３１２００１５".into(),
        symbol: "12".into(),
        number: "345".into(),
        branch: "01".into(),
        birth: TypedDate { era: Era::Showa, year: 55, month: 2, day: 17 },
    }
}

pub(crate) fn statement() -> TypedStatement {
    TypedStatement {
        reason: Reason::SystemDown,
        insurance: Insurance::Unknown,
        insurer: String::new(),
        employer: String::new(),
        since: TypedDate { era: Era::Reiwa, year: 0, month: 0, day: 0 },
        share_percent: Some(30),
        name: "診療　太郎".into(),
        name_kana: String::new(),
        birth: TypedDate { era: Era::Showa, year: 55, month: 2, day: 17 },
        sex: Sex::Male,
        address: "東京都練習区受付町一丁目".into(),
        phone: String::new(),
        no_phone: true,
    }
}
