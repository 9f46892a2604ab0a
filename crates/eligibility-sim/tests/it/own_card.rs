//! Cards that the simulator does not know.

use crate::practice::{agree, now, serial};
use checkin::gateway::{GatewayTrouble, Registration};
use checkin::identity::Method;
use checkin::number::check_insurer_number;
use checkin::secret::Serial;
use eligibility_sim::NationalSystem;

#[test]
fn an_unknown_card_gets_an_invented_answer_only_where_that_is_wanted() {
    let stranger = Serial::new(vec![0x7F, 1, 2, 3]);
    let mut usual = NationalSystem::practice(now());
    assert_eq!(usual.look_up(&stranger), Err(GatewayTrouble::UnknownCertificate));

    let mut system = NationalSystem::practice(now()).inventing();
    assert_eq!(system.look_up(&stranger), Ok(Registration::Registered));
    let opened = system.open(&stranger, Method::Pin, false, now()).unwrap();
    assert_eq!(opened.topics.len(), 4);
    let answer = system.query(&stranger, &[], now()).unwrap();
    let [q] = &answer.qualifications[..] else { panic!() };
    assert!(answer.is_valid() && q.name.contains("架空") && q.insurer_name.contains("架空"));
    assert_eq!(check_insurer_number(&q.insurer_number).as_ref(), Ok(&q.insurer_number));
    assert_eq!(opened.births, [q.birth]);
    let born = checkin::birth::Birth::from(jiff::civil::date(1985, 7, 3));
    assert!(q.birth.may_be(born), "whoever the owner is");
    // The same for every card: nothing of one is in it.
    let other = Serial::new(vec![1]);
    system.look_up(&other).unwrap();
    assert_eq!(system.query(&other, &[], now()).unwrap(), answer);
}

#[test]
fn what_one_card_agreed_to_is_gone_with_the_next() {
    let mut system = NationalSystem::practice(now()).inventing();
    let (one, other) = (Serial::new(vec![0x7F, 1]), Serial::new(vec![0x7F, 2]));
    system.look_up(&one).unwrap();
    let agreed = agree(checkin::consent::Topic::Operation, now());
    system.query(&one, &[agreed], now()).unwrap();
    assert_eq!(system.consents(&one, now()), [agreed]);
    system.look_up(&other).unwrap();
    assert_eq!(system.consents(&other, now()), []);
}

#[test]
fn practice_cards_stay_what_they_are() {
    let mut system = NationalSystem::practice(now()).inventing();
    // That of the card `revoked`.
    let revoked = Serial::new(vec![0x5A, 0x00, 0x31]);
    assert_eq!(system.look_up(&revoked), Err(GatewayTrouble::UnknownCertificate));
    assert_eq!(system.look_up(&serial("not-registered")), Ok(Registration::NotYet));
    assert_eq!(system.look_up(&serial("system-down")), Err(GatewayTrouble::Down));
}
