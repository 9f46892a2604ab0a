//! Verbs on a software card whose link can be disturbed.

use super::{Anchors, Done, Session, Verb, perform, prefetch};
use checkin::Answer;
use checkin::card::{CardProblem, Doubt, TriesLeft, Trust};
use checkin::code_b::{Candidates, CodeB, Era, TypedCode};
use checkin::event::{PhotoProblem, PinProblem};
use checkin::secret::{Digits, Pin};
use jiff::civil::Date;
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

    fn photo_by(&mut self, codes: Candidates) -> Result<Option<Date>, PhotoProblem> {
        let done = self.run(&Verb::ReadPhoto(codes));
        let Some(Answer::PhotoRead(read)) = done.answer else { panic!("{done:?}") };
        assert_eq!(read.is_ok(), done.photo.is_some());
        read
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
fn a_damaged_record_is_refused_wherever_the_damage_is() {
    // Tags, lengths, offsets, dates, the chip's key, the signature.
    for place in [0, 3, 6, 9, 26, 27, 29, 37, 40, 44, 60, 310, 316] {
        let mut bench = bench("valid", same);
        bench.inspect().unwrap();
        BREAK_AT.set(place);
        bench.link.disturb = |command, mut answer| {
            // The card-face record: by short identifier first, then by offset.
            let from = match command {
                [0x00, 0xB0, 0x82, 0, _] => Some(0),
                [0x00, 0xB0, high @ 0..=0x7F, low, _] => {
                    Some(usize::from(*high) << 8 | usize::from(*low))
                }
                _ => None,
            };
            if let Some(at) = from.and_then(|from| BREAK_AT.get().checked_sub(from))
                && at + 2 < answer.len()
            {
                answer[at] ^= 1;
            }
            Ok(answer)
        };
        let found = bench.photo(&CODE);
        let told = matches!(
            found,
            Err(PhotoProblem::NotVerified(Doubt::Form) | PhotoProblem::NotGenuine(Doubt::Record))
        );
        assert!(told, "{place}: {found:?}");
    }
}

thread_local! {
    static BREAK_AT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[test]
fn a_reader_that_takes_small_reads_only_still_works() {
    let mut bench = bench("valid", same);
    bench.link.disturb = |command, answer| match command {
        [0x00, 0xB0, _, _, 0 | 0x81..=0xFF] => Ok(vec![0x67, 0x00]),
        _ => Ok(answer),
    };
    bench.inspect().unwrap();
    bench.photo(&CODE).unwrap();
}

thread_local! {
    static REFUSAL: std::cell::Cell<u16> = const { std::cell::Cell::new(0) };
}

/// Commands with a short identifier are not carried out, but refused.
fn without_short_identifiers(command: &[u8]) -> Option<Vec<u8>> {
    let short = matches!(
        command,
        [0x00, 0xB0, 0x80..=0xFF, ..]
            | [0x00, 0x20, _, 0x81..=0xFF, ..]
            | [0x80, 0x2A, _, 0x81..=0xFF, ..]
    );
    short.then(|| REFUSAL.get().to_be_bytes().to_vec())
}

#[test]
fn a_card_without_short_identifiers_still_works() {
    for refusal in
        [0x6A82, 0x6A86, 0x6B00, 0x6981, 0x6985, 0x6986, 0x6A80, 0x6A81, 0x6A88, 0x6D00, 0x6E00]
    {
        REFUSAL.set(refusal);
        let mut bench = bench("valid", same);
        bench.link.before = without_short_identifiers;
        let facts = bench.inspect().unwrap_or_else(|error| panic!("{refusal:04X}: {error:?}"));
        assert_eq!(
            (facts.pin_tries, facts.code_b_tries),
            (TriesLeft::Count(3), TriesLeft::Count(10))
        );
        assert_eq!(bench.photo(&CODE), Ok(()), "{refusal:04X}");
        assert_eq!(bench.sign("1234"), Ok(()), "{refusal:04X}");
        assert_eq!(
            bench.photo(&format!("{}0000", &CODE[..10])),
            Err(PhotoProblem::WrongCode(TriesLeft::Count(9)))
        );
    }
}

#[test]
fn a_chip_that_refuses_to_prove_itself_is_no_alarm() {
    for refusal in [0x6D00, 0x6E00, 0x6985, 0x6A81, 0x6A86] {
        REFUSAL.set(refusal);
        let mut bench = bench("valid", same);
        bench.link.disturb = |command, answer| match command {
            [0x80, 0x2A, 0, 0, ..] => Ok(REFUSAL.get().to_be_bytes().to_vec()),
            _ => Ok(answer),
        };
        bench.inspect().unwrap();
        assert_eq!(unproved(&mut bench, &CODE), Doubt::Chip, "{refusal:04X}");
        bench.sign("1234").unwrap();
    }
}

#[test]
fn an_issuer_that_is_missing_or_unknown_is_no_alarm() {
    let mut bench = bench("valid", same);
    // EF 0004 by its short identifier: missing, of another form, of an authority of test cards.
    bench.link.disturb = |command, answer| match command {
        [0x00, 0xB0, 0x84, ..] | [0x00, 0xA4, 0x02, _, 2, 0, 4] => Ok(vec![0x6A, 0x82]),
        _ => Ok(answer),
    };
    bench.inspect().unwrap();
    assert_eq!(unproved(&mut bench, &CODE), Doubt::Issuer);
    bench.link.disturb = |command, mut answer| {
        if command[..3] == [0x00, 0xB0, 0x84] {
            answer[0] ^= 1;
        }
        Ok(answer)
    };
    bench.inspect().unwrap();
    assert_eq!(unproved(&mut bench, &CODE), Doubt::Issuer);
}

#[test]
fn a_certificate_of_an_unknown_root_is_no_alarm() {
    let mut bench = bench("valid", same);
    // The identifier of the issuer's key: tag 80, 20 bytes, in the extension 2.5.29.35.
    bench.link.disturb = |command, mut answer| {
        let mark = [0x55, 0x1D, 0x23, 0x04];
        if command[1] == 0xB0
            && let Some(at) = answer.windows(4).position(|window| window == mark)
            && at + 12 < answer.len()
        {
            answer[at + 10] ^= 1;
        }
        Ok(answer)
    };
    assert_eq!(bench.inspect(), Err(CardProblem::NotVerified));
}

/// The front of a foreign resident's card, born on 12 May 1984, as typed there.
fn gregorian() -> Candidates {
    let security_code = Digits::parse("2285").unwrap();
    let (era, era_year, month, day) = (Era::Gregorian, 1984, 5, 12);
    let typed = TypedCode {
        era,
        era_year,
        month,
        day,
        expiry_year: CODE[6..10].parse().unwrap(),
        security_code,
    };
    typed.candidates(jiff::Timestamp::now()).unwrap()
}

#[test]
fn gregorian_years_are_tried_both_ways() {
    let born = Some(Date::constant(1984, 5, 12));
    // A card that counts the era's year: found at once.
    let mut card = bench("valid", same);
    assert_eq!((card.photo_by(gregorian()), card.link.presented), (Ok(born), 1));
    // One that counts the Gregorian year: found by the second, whose date the chip confirms.
    let mut card =
        bench("valid", |text| text.replace("[card]", "[card]\ncode_b_year = \"gregorian\""));
    assert_eq!((card.photo_by(gregorian()), card.link.presented), (Ok(born), 2));
    assert_eq!(
        card.photo(&format!("840512{}", &CODE[6..])),
        Ok(()),
        "typed in two digits under any era"
    );
    // Two wrong readings cost two tries, and the second is kept back when only five are left.
    let tries = |left: u8| format!("code_b_tries = {left}\nauth_pin = ");
    for (before, after, presented) in [(10, 8, 2), (7, 5, 2), (6, 5, 1), (5, 5, 0)] {
        let mut card = bench("valid", |text| {
            text.replace("auth_pin = ", &tries(before))
                .replace("code = \"2285\"", "code = \"0000\"")
        });
        let wrong = card.photo_by(gregorian()).unwrap_err();
        let left = TriesLeft::Count(after);
        assert!(
            [PhotoProblem::WrongCode(left), PhotoProblem::TooFewTries(left)].contains(&wrong),
            "{before}: {wrong:?}"
        );
        assert_eq!(card.link.presented, presented, "{before}");
    }
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

#[test]
fn births_that_no_calendar_has_are_read() {
    for (recorded, code) in [("19840230", "590230"), ("19840500", "590500"), ("19990229", "590229")]
    {
        let field = format!("[card]\nrecorded_birth = \"{recorded}\"");
        let mut card = bench("valid", |text| text.replace("[card]", &field));
        let code: CodeB = Digits::parse(&format!("{code}{}", &CODE[6..])).unwrap();
        let read = card.photo_by(code.into());
        if recorded == "19990229" {
            // The year on its front and the year in its record are two people's: not proved, and no alarm.
            assert_eq!(read, Err(PhotoProblem::NotVerified(Doubt::BirthDate)));
        } else {
            assert_eq!(read, Ok(None), "{recorded}");
        }
    }
}
