//! Verbs on a software card whose link can be disturbed.

mod items;
mod odd;

use super::{Anchors, Done, Session, Verb, perform, prefetch};
use checkin::Answer;
use checkin::birth::Birth;
use checkin::card::{CardProblem, Doubt, TriesLeft, Trust};
use checkin::code_b::{Candidates, CodeB, Era, TypedCode};
use checkin::event::{PhotoProblem, PinProblem};
use checkin::secret::{Digits, Pin};
use myna_card::{Error, Transmit};
use std::sync::LazyLock;
use virtual_card::{Persona, VirtualCard};

type Disturb = fn(&[u8], Vec<u8>) -> Result<Vec<u8>, Error>;

struct Link {
    card: VirtualCard,
    disturb: Disturb,
    /// Answers in the card's place.
    before: fn(&[u8]) -> Option<Vec<u8>>,
    /// VERIFY commands that carried a secret.
    presented: u32,
}

impl Transmit for Link {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        if matches!(command, [0x00, 0x20, _, _, _, ..]) {
            self.presented += 1;
        }
        if let Some(answer) = (self.before)(command) {
            return Ok(answer);
        }
        let answer = self.card.transmit(command);
        (self.disturb)(command, answer)
    }
}

struct Bench {
    link: Link,
    session: Session,
    anchors: Anchors,
}

/// The persona `id`, after `change` of its file.
fn persona(id: &str, change: impl FnOnce(&str) -> String) -> Persona {
    let (_, text) = eligibility_sim::personas().iter().find(|(name, _)| *name == id).unwrap();
    Persona::from_toml(&change(text), jiff::Timestamp::now()).unwrap()
}

/// Its card.
fn bench(id: &str, change: impl FnOnce(&str) -> String) -> Bench {
    let card = VirtualCard::new(&persona(id, change), None, jiff::Timestamp::now());
    let link = Link { card, disturb: |_, answer| Ok(answer), before: |_| None, presented: 0 };
    Bench { link, session: Session::default(), anchors: Anchors::load(&[]).unwrap() }
}

fn same(text: &str) -> String {
    text.to_owned()
}

impl Bench {
    fn run(&mut self, verb: &Verb) -> Done {
        let done = perform(&mut self.link, &mut self.session, &self.anchors, verb);
        if matches!(verb, Verb::Inspect) {
            prefetch(&mut self.link, &mut self.session);
        }
        done
    }

    fn photo(&mut self, code: &str) -> Result<(), PhotoProblem> {
        let code: CodeB = Digits::parse(code).unwrap();
        self.photo_by(code.into()).map(drop)
    }

    fn photo_by(&mut self, codes: Candidates) -> Result<Option<Birth>, PhotoProblem> {
        let done = self.run(&Verb::ReadPhoto { codes, items: false });
        let Some(Answer::PhotoRead(read)) = done.answer else { panic!("{done:?}") };
        assert_eq!(read.is_ok(), done.photo.is_some());
        read.map(|face| face.birth)
    }

    fn sign(&mut self, pin: &str) -> Result<(), PinProblem> {
        match self.run(&Verb::Sign(Pin::parse(pin).unwrap())).answer {
            Some(Answer::Signed(signed)) => signed,
            other => panic!("{other:?}"),
        }
    }

    fn inspect(&mut self) -> Result<checkin::card::CardFacts, CardProblem> {
        match self.run(&Verb::Inspect).answer {
            Some(Answer::Inspected(found)) => found,
            other => panic!("{other:?}"),
        }
    }
}

/// The number on the front of `valid` today.
static CODE: LazyLock<String> = LazyLock::new(|| {
    persona("valid", same).holder.unwrap().verification_code_b().reveal().to_owned()
});

#[test]
fn a_card_is_read_without_any_secret() {
    let mut bench = bench("valid", same);
    let card = bench.inspect().unwrap();
    assert_eq!((card.trust, card.serial.expose()), (Trust::Practice, &[0x5A, 0x00, 0x01][..]));
    assert_eq!((card.pin_tries, card.code_b_tries), (TriesLeft::Count(3), TriesLeft::Count(10)));
    assert_eq!(bench.link.presented, 0);
    let end = checkin::time::in_japan(card.not_after);
    assert_eq!((end.hour(), end.minute(), end.second()), (23, 59, 59));
}

#[test]
fn a_root_from_a_file_makes_a_card_production() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = bench("valid", same);
    for (name, bytes) in
        [("root.cer", virtual_card::practice_auth_ca().to_vec()), ("root.pem", pem())]
    {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        bench.anchors = Anchors::load(&[file]).unwrap();
        assert_eq!(bench.inspect().unwrap().trust, Trust::Production, "{name}");
    }
    let broken = folder.path().join("broken.pem");
    std::fs::write(&broken, "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----").unwrap();
    assert!(Anchors::load(&[broken]).is_err());
    assert!(Anchors::load(&[folder.path().join("none")]).is_err());
}

fn pem() -> Vec<u8> {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(virtual_card::practice_auth_ca());
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n").into_bytes()
}

#[test]
fn a_changed_certificate_is_not_genuine() {
    let mut bench = bench("valid", same);
    // The practice PIN-free certificate read: READ BINARY answers that hold the subject's name.
    bench.link.disturb = |command, mut answer| {
        let mark = b"PRACTICE99999A";
        if command[1] == 0xB0
            && let Some(at) = answer.windows(mark.len()).position(|window| window == mark)
        {
            answer[at] ^= 1;
        }
        Ok(answer)
    };
    assert_eq!(bench.inspect(), Err(CardProblem::NotGenuine));
}

#[test]
fn the_number_opens_the_photo_and_a_changed_photo_is_refused() {
    let mut bench = bench("valid", same);
    bench.photo(&CODE).unwrap();
    assert_eq!(bench.photo("59051220340000"), Err(PhotoProblem::WrongCode(TriesLeft::Count(9))));
    bench.link.disturb = |command, mut answer| {
        // Far inside the record there is nothing but the photo.
        if command[..3] == [0x00, 0xB0, 0x08] {
            answer[10] ^= 1;
        }
        Ok(answer)
    };
    assert_eq!(bench.photo(&CODE), Err(PhotoProblem::NotGenuine(Doubt::Record)));
    bench.link.disturb = |command, answer| match command {
        [0x00, 0xB0, ..] => Err(Error::NoReader),
        _ => Ok(answer),
    };
    assert_eq!(bench.photo(&CODE), Err(PhotoProblem::CardFailed));
}

fn doubt(bench: &mut Bench, code: &str) -> Doubt {
    match bench.photo(code) {
        Err(PhotoProblem::NotGenuine(doubt)) => doubt,
        other => panic!("{other:?}"),
    }
}

/// What is not proved, without an alarm.
fn unproved(bench: &mut Bench, code: &str) -> Doubt {
    match bench.photo(code) {
        Err(PhotoProblem::NotVerified(doubt)) => doubt,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_chip_without_the_key_of_the_record_is_a_copy() {
    let mut bench = bench("valid", same);
    bench.link.disturb = |command, mut answer| {
        if command[..2] == [0x80, 0x2A] {
            answer[0] ^= 1;
        }
        Ok(answer)
    };
    assert_eq!(doubt(&mut bench, &CODE), Doubt::Chip);
}

/// Records, signatures and certificates of the other card are all right; only its key is missing.
#[test]
fn copied_records_are_told_from_the_card_that_they_come_from() {
    let mut bench = bench("valid-young", same);
    bench.link.card.carry_records_of(&persona("valid", same));
    bench.inspect().unwrap();
    assert_eq!(doubt(&mut bench, &CODE), Doubt::Chip);
}

#[test]
fn the_certificate_of_another_card_does_not_sign() {
    let mut bench = bench("valid", same);
    bench.link.card.carry_certificate_of(&persona("valid-young", same));
    let found = bench.inspect().unwrap();
    assert_ne!(found.serial.expose(), &[0x5A, 0x00, 0x01][..]);
    assert_eq!(bench.sign("1234"), Err(PinProblem::BadSignature));
}

#[test]
fn a_certificate_that_outlives_its_card_is_doubted() {
    let mut bench = bench("valid", same);
    let longer = |text: &str| text.replace("{ birthday = 3 }", "{ birthday = 9 }");
    bench.link.card.carry_certificate_of(&persona("valid", longer));
    bench.inspect().unwrap();
    assert_eq!(unproved(&mut bench, &CODE), Doubt::CertificateDates);
}

#[test]
fn practice_records_behind_a_production_certificate_are_doubted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root.cer");
    std::fs::write(&file, virtual_card::practice_auth_ca()).unwrap();
    let mut bench = bench("valid", same);
    bench.anchors = Anchors::load(std::slice::from_ref(&file)).unwrap();
    assert_eq!(bench.inspect().unwrap().trust, Trust::Production);
    assert_eq!(doubt(&mut bench, &CODE), Doubt::Hierarchy);

    // With the authority's key in the configuration, too, only the days are those of practice.
    let authority = virtual_card::practice_cv_ca();
    let key = folder.path().join("authority.toml");
    let text = format!(
        "key_id = \"{}\"\nmodulus = \"{}\"\n",
        hex::encode(authority.surface_key_id),
        hex::encode(&authority.public_key.modulus)
    );
    std::fs::write(&key, &text).unwrap();
    bench.anchors = Anchors::load(&[file.clone(), key.clone()]).unwrap();
    let any_day = |text: &str| text.replace("{ birthday = 3 }", "{ days = 900 }");
    bench.link.card.carry_certificate_of(&persona("valid", any_day));
    bench.inspect().unwrap();
    assert_eq!(unproved(&mut bench, &CODE), Doubt::CertificateDates);
    bench.link.card.carry_certificate_of(&persona("valid", same));
    bench.inspect().unwrap();
    bench.photo(&CODE).unwrap();

    std::fs::write(&key, text.replace("modulus = \"", "modulus = \"00")).unwrap();
    assert!(Anchors::load(&[key]).is_err());
}

#[test]
fn the_counter_is_looked_at_before_the_number_is_presented() {
    let mut bench =
        bench("valid", |text| text.replace("auth_pin = ", "code_b_tries = 5\nauth_pin = "));
    assert_eq!(bench.photo(&CODE), Err(PhotoProblem::TooFewTries(TriesLeft::Count(5))));
    assert_eq!(bench.link.presented, 0);
}

#[test]
fn a_pin_signs_only_for_the_card_that_was_inspected() {
    let mut bench = bench("valid", same);
    assert_eq!(bench.sign("1234"), Err(PinProblem::CardFailed), "nothing was inspected");
    bench.inspect().unwrap();
    bench.sign("1234").unwrap();
    assert_eq!(bench.sign("0000"), Err(PinProblem::WrongPin(TriesLeft::Count(2))));
    bench.link.disturb = |command, mut answer| {
        if command[..2] == [0x80, 0x2A] {
            answer[0] ^= 1;
        }
        Ok(answer)
    };
    assert_eq!(bench.sign("1234"), Err(PinProblem::BadSignature));
}

#[test]
fn a_locked_pin_is_not_presented() {
    let mut bench = bench("pin-locked", same);
    bench.inspect().unwrap();
    assert_eq!(bench.sign("1234"), Err(PinProblem::WrongPin(TriesLeft::Count(0))));
    assert_eq!(bench.link.presented, 0);
}

#[test]
fn other_cards_and_silence_are_told_apart() {
    assert_eq!(bench("not-my-number", same).inspect(), Err(CardProblem::NotMyNumber));
    let kind = |kind: &'static str| {
        move |text: &str| text.replace("\"my_number\"", &format!("\"{kind}\""))
    };
    assert_eq!(bench("valid", kind("phone")).inspect(), Err(CardProblem::Phone));
    assert_eq!(bench("valid", kind("juki")).inspect(), Err(CardProblem::JukiCard));
    for (kind, problem) in [
        ("driving_licence", CardProblem::DrivingLicence),
        ("residence_card", CardProblem::ResidenceCard),
        ("payment_card", CardProblem::PaymentCard),
        ("transit", CardProblem::NotMyNumber),
        ("storage_card", CardProblem::NotMyNumber),
        ("desfire", CardProblem::NotMyNumber),
    ] {
        let other = |text: &str| text.replace("\"not_my_number\"", &format!("\"{kind}\""));
        assert_eq!(bench("not-my-number", other).inspect(), Err(problem), "{kind}");
    }
    let mut silent = bench("valid", same);
    silent.link.disturb = |_, _| Err(Error::NoReader);
    assert_eq!(silent.inspect(), Err(CardProblem::Unreadable));
}
