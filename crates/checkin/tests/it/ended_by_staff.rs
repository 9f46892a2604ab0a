//! Staff end a visit at their board: as it would end by itself, without the wait.

use crate::kiosk::*;
use checkin::eligibility::Validity;
use checkin::event::*;
use checkin::gateway::*;
use checkin::view::{After, Outcome};
use checkin::{Action, Config, Event, ReaderEvent, Record, Request, Screen, VisitId};

fn end(kiosk: &mut Kiosk) -> &mut Kiosk {
    let visit = kiosk.visit.visit().expect("somebody is there");
    kiosk.event(Event::StaffEnded { visit })
}

fn announced(kiosk: &Kiosk) -> bool {
    kiosk.asked.iter().any(|request| matches!(request, Request::Announce { .. }))
}

#[test]
fn whoever_has_left_their_card_is_asked_for_it_and_nothing_is_told() {
    let mut kiosk = Kiosk::new();
    end(kiosk.choosing());
    let Screen::TakeCard { outcome: Outcome::Stopped, after, .. } = kiosk.screen() else {
        panic!()
    };
    assert_eq!(after, After::default());
    let records = kiosk.records();
    assert!(records.ends_with(&[Record::EndedByStaff, Record::Ended(Outcome::Stopped)]));
    assert!(!announced(&kiosk) && kiosk.visit.visit().is_none());
    kiosk.reader(ReaderEvent::CardRemoved).shows("Idle");
}

#[test]
fn what_is_known_by_then_goes_to_the_staff_with_a_number_and_asks_nothing_more() {
    let mut kiosk = Kiosk::with(Config { destinations: 3, ..config() });
    kiosk.consenting().act(Action::ConsentAll(Overall::All));
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Invalid)))).shows("Fallback");
    end(&mut kiosk).shows("Waiting");
    assert!(announced(&kiosk));
    let Screen::TakeCard { outcome: Outcome::ByHand { .. }, after, .. } = kiosk.closed().screen()
    else {
        panic!("{:?}", kiosk.screen())
    };
    assert!(after.number.is_some() && after.destination.is_none());
    kiosk.reader(ReaderEvent::CardRemoved).shows("Farewell");
}

#[test]
fn what_was_confirmed_is_handed_over_all_the_same() {
    let mut kiosk = Kiosk::with(Config { destinations: 3, ..config() });
    kiosk.consenting().act(Action::ConsentAll(Overall::All));
    kiosk.answer(Reply::Queried(Ok(eligibility(Validity::Valid)))).shows("Destination");
    end(&mut kiosk).closed().shows("TakeCard");
    assert!(kiosk.asked.iter().any(|request| matches!(request, Request::Deliver { .. })));
    assert!(announced(&kiosk) && kiosk.records().contains(&Record::EndedByStaff));
}

#[test]
fn nothing_is_ended_but_what_staff_saw_and_nothing_while_a_machine_is_asked() {
    let mut kiosk = Kiosk::new();
    kiosk.event(Event::StaffEnded { visit: VisitId(7) }).shows("Idle");
    let first = kiosk.choosing().visit.visit().unwrap();
    let next = VisitId(first.0 + 1);
    kiosk.event(Event::StaffEnded { visit: next }).shows("Method");
    kiosk.reader(ReaderEvent::CardRemoved).act(Action::Stop).open.clear();
    kiosk.choosing().event(Event::StaffEnded { visit: first }).shows("Method");
    assert_eq!(kiosk.visit.visit(), Some(next));
    let mut kiosk = Kiosk::new();
    end(kiosk.consenting().act(Action::ConsentAll(Overall::All))).shows("Waiting");
    assert!(!kiosk.records().contains(&Record::EndedByStaff));
}
