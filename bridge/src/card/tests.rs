//! Verbs on a software card whose link can be disturbed.

use super::{Anchors, Done, Session, Verb, perform};
use checkin::Answer;
use checkin::card::{CardProblem, TriesLeft, Trust};
use checkin::event::{PhotoProblem, PinProblem};
use checkin::secret::Digits;
use myna_card::{Card, Error, Transmit};
use virtual_card::{Persona, VirtualCard};

type Disturb = fn(&[u8], Vec<u8>) -> Result<Vec<u8>, Error>;

struct Link {
    card: VirtualCard,
    disturb: Disturb,
    /// VERIFY commands that carried a secret.
    presented: u32,
}

impl Transmit for Link {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        if matches!(command, [0x00, 0x20, _, _, _, ..]) {
            self.presented += 1;
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

/// The card `id`, after `change` of its persona file.
fn bench(id: &str, change: impl FnOnce(&str) -> String) -> Bench {
    let (_, text) = eligibility_sim::personas().iter().find(|(name, _)| *name == id).unwrap();
    let persona = Persona::from_toml(&change(text)).unwrap();
    let card = VirtualCard::new(&persona, None, jiff::Timestamp::now());
    let link = Link { card, disturb: |_, answer| Ok(answer), presented: 0 };
    Bench { link, session: Session::default(), anchors: Anchors::load(&[]).unwrap() }
}

fn same(text: &str) -> String {
    text.to_owned()
}

impl Bench {
    fn run(&mut self, verb: &Verb) -> Done {
        let link: &mut dyn Transmit = &mut self.link;
        perform(&mut Card::new(link), &mut self.session, &self.anchors, verb)
    }

    fn photo(&mut self, code: &str) -> Result<(), PhotoProblem> {
        let done = self.run(&Verb::ReadPhoto(Digits::parse(code).unwrap()));
        let Some(Answer::PhotoRead(read)) = done.answer else { panic!("{done:?}") };
        assert_eq!(read.is_ok(), done.photo.is_some());
        read
    }

    fn sign(&mut self, pin: &str) -> Result<(), PinProblem> {
        match self.run(&Verb::Sign(Digits::parse(pin).unwrap())).answer {
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

/// The number on the front of `valid`.
const CODE: &str = "59051220342285";

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
    use argon2::password_hash::Encoding;
    let der = virtual_card::practice_auth_ca();
    let mut text = vec![0; der.len() * 2];
    let text = Encoding::B64.encode(der, &mut text).unwrap();
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
    bench.photo(CODE).unwrap();
    assert_eq!(bench.photo("59051220340000"), Err(PhotoProblem::WrongCode(TriesLeft::Count(9))));
    bench.link.disturb = |command, mut answer| {
        // Far inside the record there is nothing but the photo.
        if command[..3] == [0x00, 0xB0, 0x08] {
            answer[10] ^= 1;
        }
        Ok(answer)
    };
    assert_eq!(bench.photo(CODE), Err(PhotoProblem::NotVerified));
    bench.link.disturb = |command, answer| match command {
        [0x00, 0xB0, ..] => Err(Error::NoReader),
        _ => Ok(answer),
    };
    assert_eq!(bench.photo(CODE), Err(PhotoProblem::CardFailed));
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
    assert_eq!(bench.photo(CODE), Err(PhotoProblem::NotVerified));
}

#[test]
fn the_counter_is_looked_at_before_the_number_is_presented() {
    let mut bench =
        bench("valid", |text| text.replace("auth_pin = ", "code_b_tries = 5\nauth_pin = "));
    assert_eq!(bench.photo(CODE), Err(PhotoProblem::TooFewTries(TriesLeft::Count(5))));
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
    let mut silent = bench("valid", same);
    silent.link.disturb = |_, _| Err(Error::NoReader);
    assert_eq!(silent.inspect(), Err(CardProblem::Unreadable));
}
