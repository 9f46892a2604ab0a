//! Deadlines: who is asked, what ends, what is never prolonged.

use crate::kiosk::*;
use checkin::deadlines::AWAY_MS;
use checkin::identity::Method;
use checkin::share::Payment;
use checkin::view::{After, MethodNotice, Outcome};
use checkin::{Action, Patience, ReaderEvent, Request, Screen};

#[test]
fn an_absent_person_is_asked_and_then_the_visit_ends() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().advance(59_999);
    assert!(!kiosk.visit.view().asks_presence);
    kiosk.advance(1);
    assert!(kiosk.visit.view().asks_presence);
    kiosk.shows("Method").advance(29_999).shows("Method").advance(1);
    assert_eq!(
        kiosk.screen(),
        Screen::TakeCard {
            outcome: Outcome::TimedOut,
            after: After::default(),
            payment: Payment::AsAlways,
            reminder: 0,
        }
    );
    assert!(kiosk.asked.contains(&Request::ForgetPerson));
    assert!(kiosk.asked.contains(&Request::ReleaseCard));
}

#[test]
fn a_site_chooses_its_patience_for_whoever_comes_next() {
    let mut kiosk = Kiosk::new();
    let patient = Patience { reading_ms: 300_000, pin_ms: 120_000 };
    kiosk.choosing();
    assert!(!kiosk.visit.take_over(0, patient), "somebody is here");
    kiosk.advance(60_000);
    assert!(kiosk.visit.view().asks_presence, "as they began");
    let mut kiosk = Kiosk::new();
    assert!(kiosk.visit.take_over(0, patient));
    kiosk.choosing().advance(299_999);
    assert!(!kiosk.visit.view().asks_presence);
    kiosk.advance(1);
    assert!(kiosk.visit.view().asks_presence);
    kiosk.act(Action::Present).act(Action::Choose(Method::Pin)).shows("Pin").advance(119_999);
    assert!(!kiosk.visit.view().asks_presence);
    kiosk.advance(1);
    assert!(kiosk.visit.view().asks_presence);
}

#[test]
fn any_act_starts_the_time_again_even_on_an_old_view() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Pin)).shows("Pin");
    kiosk.advance(30_000);
    assert!(kiosk.visit.view().asks_presence);
    kiosk.act(Action::Present);
    assert!(!kiosk.visit.view().asks_presence);
    for _ in 0..20 {
        kiosk.advance(29_000).act(Action::Present).shows("Pin");
    }
}

#[test]
fn a_person_cannot_prolong_a_silent_card() {
    let mut kiosk = Kiosk::new();
    kiosk.reader(ReaderEvent::CardPlaced);
    for _ in 0..11 {
        kiosk.advance(1_000).act(Action::Present).shows("Reading");
    }
    kiosk.advance(1_000).shows("CardProblem");
}

#[test]
fn a_silent_photo_read_leads_back_to_the_methods() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Choose(Method::Face)).act(Action::Code(code()));
    kiosk.shows("ReadingPhoto").advance(12_000).shows("Method");
    let Screen::Method { notice, .. } = kiosk.screen() else { unreachable!() };
    assert_eq!(notice, Some(MethodNotice::CardFailed));
}

#[test]
fn a_card_left_behind_is_called_for_again_and_again() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing().act(Action::Stop);
    for expected in 0..300_u64 {
        let Screen::TakeCard { reminder, .. } = kiosk.screen() else { panic!() };
        assert_eq!(u64::from(reminder), expected.min(255));
        let due = kiosk.visit.deadline().expect("a reminder is due");
        assert!(due > kiosk.now.monotonic, "the next deadline lies ahead");
        kiosk.advance(10_000);
    }
    kiosk.reader(ReaderEvent::CardRemoved).shows("Idle");
}

#[test]
fn a_corrected_wall_clock_changes_no_deadline() {
    let mut kiosk = Kiosk::new();
    kiosk.choosing();
    let due = kiosk.visit.deadline();
    kiosk.now.wall = "2031-01-01T00:00:00+09:00".parse().unwrap();
    kiosk.event(checkin::Event::Tick).shows("Method");
    assert_eq!(kiosk.visit.deadline(), due);
}

#[test]
fn what_people_read_about_the_taken_card_is_what_is_waited() {
    let away = AWAY_MS / 1000;
    for (text, said) in [
        (include_str!("../../../../kiosk-web/locales/ja.json"), format!("\"{away}秒たつと")),
        (include_str!("../../../../kiosk-web/locales/en.json"), format!("\"After {away} seconds")),
        (
            include_str!("../../../../docs/protocol.md"),
            format!("goes on where it was, for {away} s"),
        ),
    ] {
        assert!(text.contains(&said), "{said}");
    }
}
