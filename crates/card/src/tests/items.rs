//! The basic four items, by either secret, and what is never presented.

use super::{CODE, bench, same};
use crate::{Done, Verb};
use checkin::Answer;
use checkin::birth::Birth;
use checkin::card::{Doubt, TriesLeft};
use checkin::code_b::CodeB;
use checkin::eligibility::Sex;
use checkin::items::{ItemsKey, ItemsProblem, ItemsTries};
use checkin::patient::CardOwner;
use checkin::secret::{Digits, ItemsPin};
use virtual_card::Persona;

fn by_pin(digits: &str) -> Verb {
    Verb::ReadItems(ItemsKey::Pin(ItemsPin::parse(digits).unwrap()))
}

fn by_code(digits: &str) -> Verb {
    let code: CodeB = Digits::parse(digits).unwrap();
    Verb::ReadItems(ItemsKey::Code(code.into()))
}

fn read(done: Done) -> Result<Box<CardOwner>, ItemsProblem> {
    let Some(Answer::ItemsRead(read)) = done.answer else { panic!("{done:?}") };
    read
}

fn counted(done: &Done) -> ItemsTries {
    let Some(Answer::ItemsCounted(Some(tries))) = done.answer else { panic!("{done:?}") };
    tries
}

fn tries(pin: u8, code: u8) -> ItemsTries {
    ItemsTries { pin: TriesLeft::Count(pin), code: TriesLeft::Count(code) }
}

/// With a PIN of the items that is not the other one.
fn other_pin(text: &str) -> String {
    text.replace("auth_pin = \"1234\"", "auth_pin = \"1234\"\nitems_pin = \"5678\"")
}

#[track_caller]
fn is_valid(owner: &CardOwner) {
    assert_eq!((owner.name.as_str(), owner.sex), ("受付　太郎", Sex::Male));
    assert_eq!(Some(owner.birth), Birth::parse("19840512"));
}

#[test]
fn either_secret_opens_them() {
    let mut bench = bench("valid", other_pin);
    bench.inspect().unwrap();
    assert_eq!(counted(&bench.run(&Verb::CountItemsTries)), tries(3, 10));
    assert_eq!(bench.link.presented, 0, "counters cost nothing");
    is_valid(&read(bench.run(&by_pin("5678"))).unwrap());
    is_valid(&read(bench.run(&by_code(&CODE))).unwrap());
    assert_eq!(bench.link.presented, 3, "照合番号B goes to both applications");
    // Nothing stays verified.
    let file = [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0x10, 0, 0x31, 0, 1, 1, 4, 8];
    bench.link.card.transmit(&file);
    assert_eq!(bench.link.card.transmit(&[0x00, 0xB0, 0x82, 0, 0]), [0x69, 0x82]);
}

#[test]
fn photo_and_items_are_opened_by_one_number() {
    let mut bench = bench("valid", same);
    bench.inspect().unwrap();
    for items in [false, true] {
        let code: CodeB = Digits::parse(&CODE).unwrap();
        let done = bench.run(&Verb::ReadPhoto { codes: code.into(), items });
        assert!(done.photo.is_some());
        let Some(Answer::PhotoRead(Ok(face))) = done.answer else { panic!() };
        assert_eq!(face.owner.is_some(), items);
        if let Some(owner) = face.owner {
            is_valid(&owner);
            assert_eq!(Some(owner.birth), face.birth);
        }
    }
}

#[test]
fn the_two_pins_are_never_confused_and_neither_is_locked() {
    let mut bench = bench("valid", other_pin);
    bench.inspect().unwrap();
    assert_eq!(
        read(bench.run(&by_pin("1234"))),
        Err(ItemsProblem::WrongPin(TriesLeft::Count(2))),
        "the PIN that proves the person is another one"
    );
    assert_eq!(read(bench.run(&by_pin("0000"))), Err(ItemsProblem::WrongPin(TriesLeft::Count(1))));
    let presented = bench.link.presented;
    let low = Err(ItemsProblem::PinTriesLow(TriesLeft::Count(1)));
    assert_eq!(read(bench.run(&by_pin("5678"))), low, "not even the right one");
    assert_eq!(bench.link.presented, presented);
    assert_eq!(bench.inspect().unwrap().pin_tries, TriesLeft::Count(3));
    assert_eq!(bench.sign("1234"), Ok(()));
    assert_eq!(counted(&bench.run(&Verb::CountItemsTries)), tries(1, 10));
}

#[test]
fn a_number_that_the_photo_refuses_is_not_presented_to_the_items() {
    let mut bench = bench("valid", same);
    bench.inspect().unwrap();
    let wrong = "59051220340000";
    let refused = Err(ItemsProblem::WrongCode(TriesLeft::Count(9)));
    assert_eq!(read(bench.run(&by_code(wrong))), refused);
    assert_eq!(bench.link.presented, 1);
    assert_eq!(counted(&bench.run(&Verb::CountItemsTries)), tries(3, 10));
    let code: CodeB = Digits::parse(wrong).unwrap();
    bench.run(&Verb::ReadPhoto { codes: code.into(), items: true });
    assert_eq!(counted(&bench.run(&Verb::CountItemsTries)), tries(3, 10));
}

#[test]
fn few_tries_are_left_alone() {
    let few = |text: &str| text.replace("auth_pin = ", "code_b_tries = 5\nauth_pin = ");
    let mut bench = bench("valid", few);
    bench.inspect().unwrap();
    assert_eq!(read(bench.run(&by_code(&CODE))), Err(ItemsProblem::CodeTriesLow));
    assert_eq!(bench.link.presented, 0);
}

#[test]
fn a_card_without_pins_or_without_the_application() {
    let mut bench = bench("face-only", same);
    bench.inspect().unwrap();
    assert_eq!(counted(&bench.run(&Verb::CountItemsTries)).pin, TriesLeft::Count(0));
    let locked = Err(ItemsProblem::PinTriesLow(TriesLeft::Count(0)));
    assert_eq!(read(bench.run(&by_pin("1234"))), locked);
    // The SELECT of the application is refused.
    bench.link.before = |command| command.ends_with(&[4, 8]).then(|| vec![0x6A, 0x82]);
    let none = ItemsTries { pin: TriesLeft::Absent, code: TriesLeft::Count(0) };
    assert_eq!(counted(&bench.run(&Verb::CountItemsTries)), none);
    assert_eq!(read(bench.run(&by_pin("1234"))), Err(ItemsProblem::NotVerified));
}

#[test]
fn items_that_the_issuer_did_not_sign_are_not_given() {
    let mut bench = bench("valid", same);
    bench.inspect().unwrap();
    // A letter of the name is another one on its way.
    bench.link.disturb = |command, mut answer| {
        let read = command[..3] == [0x00, 0xB0, 0x82];
        if let Some(at) = answer.windows(3).position(|bytes| bytes == "太".as_bytes())
            && read
        {
            answer[at..at + 3].copy_from_slice("犬".as_bytes());
        }
        Ok(answer)
    };
    assert_eq!(read(bench.run(&by_pin("1234"))), Err(ItemsProblem::NotGenuine(Doubt::Record)));
    bench.link.disturb = |command, answer| {
        // By its short identifier, and by a SELECT instead.
        let integrity = command[..3] == [0x00, 0xB0, 0x83] || command.ends_with(&[2, 0, 3]);
        Ok(if integrity { vec![0x6A, 0x82] } else { answer })
    };
    assert_eq!(read(bench.run(&by_pin("1234"))), Err(ItemsProblem::NotVerified));
}

#[test]
fn a_card_that_stops_in_the_middle_has_failed() {
    let mut bench = bench("valid", same);
    bench.inspect().unwrap();
    bench.link.disturb = |command, answer| match command {
        [0x00, 0xB0, 0x83, ..] => Err(myna_card::Error::NoReader),
        _ => Ok(answer),
    };
    assert_eq!(read(bench.run(&by_pin("1234"))), Err(ItemsProblem::CardFailed));
}

/// Nothing here reads the file of the 個人番号, whoever opens the application.
#[test]
fn the_individual_number_is_never_asked_for() {
    thread_local!(static ASKED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });
    let mut bench = bench("valid", same);
    bench.inspect().unwrap();
    bench.link.before = |command| {
        let file = command[..3] == [0x00, 0xB0, 0x81] || command.ends_with(&[0x02, 0x00, 0x01]);
        ASKED.set(ASKED.get() || file);
        None
    };
    read(bench.run(&by_pin("1234"))).unwrap();
    read(bench.run(&by_code(&CODE))).unwrap();
    assert!(!ASKED.get());
}

#[test]
fn a_persona_may_have_another_pin_for_the_items() {
    let (_, text) = eligibility_sim::personas().iter().find(|(id, _)| *id == "valid").unwrap();
    let now = jiff::Timestamp::now();
    assert!(Persona::from_toml(&other_pin(text), now).is_ok());
    for wrong in ["items_pin = \"567\"", "items_pin_tries = 4"] {
        let text = text.replace("auth_pin = ", &format!("{wrong}\nauth_pin = "));
        assert!(Persona::from_toml(&text, now).is_err(), "{wrong}");
    }
}
