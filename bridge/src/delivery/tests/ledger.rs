//! Results on their way in a whole ledger: withdrawn, late, of practice.

use super::*;
use crate::config::Options;
use crate::ledger::{Ledger, Ledgers};
use checkin::claim::{ClaimRules, Situation, advise};
use checkin::reception::StaffNotice;
use checkin::secret::Serial;

fn config(data: &Path, change: impl FnOnce(&mut Options)) -> Config {
    let mut options = Options { data: Some(data.to_owned()), ..Options::default() };
    change(&mut options);
    Config::from_options(options).unwrap()
}

/// Waits until nothing waits.
async fn delivered(ledger: &Ledger) {
    assert!(ledger.writer.flush(Duration::from_secs(9)).await);
    ledger.delivery.poke();
    let deadline = Instant::now() + Duration::from_secs(20);
    while ledger.store.waiting().unwrap() > 0 && Instant::now() < deadline {
        tokio::task::yield_now().await;
    }
    assert!(ledger.writer.flush(Duration::from_secs(9)).await);
}

fn results(folder: &Path) -> Vec<Message> {
    let read = |name| oqs::parse(&std::fs::read(folder.join(name)).unwrap()).unwrap();
    files(folder).into_iter().map(read).collect()
}

/// A visit of the owner of that card is over, and its result on its way.
fn end(ledger: &Ledger, visit: u64) {
    let (visit, handover) = (VisitId(visit), handover());
    assert!(ledger.board.hand_over(visit, &handover));
    drop(ledger.delivery.tell_again(visit, &handover, Timestamp::now()));
    let notice = StaffNotice {
        outcome: checkin::view::Outcome::Confirmed,
        parked: false,
        name: None,
        name_kana: None,
        advice: advise(&Situation {
            eligibility: Some(&handover.eligibility),
            numbers: None,
            statement: None,
            card_shown: true,
            oral: false,
            birth: None,
            today: date(2026, 11, 23),
            rules: &ClaimRules::default(),
        }),
        owner: None,
        numbers: None,
        paper: None,
        limit: None,
        destination: None,
        agreed: Topic::ALL.to_vec(),
        serial: Some(Serial::new(vec![1])),
    };
    ledger.board.announce(visit, "受付1", &notice, Timestamp::now());
}

fn refused(file: &Message) -> Vec<Topic> {
    let refused = file.consents().into_iter().filter(|one| !one.agreed);
    refused.map(|one| one.topic).collect()
}

#[tokio::test]
async fn a_withdrawal_replaces_what_waits_and_follows_what_has_appeared() {
    let data = tempfile::tempdir().unwrap();
    let away = data.path().join("away");
    let config = config(data.path(), |options| options.result_folder = Some(away.clone()));
    let ledgers = Ledgers::open(&config).unwrap();
    let ledger = ledgers.of(crate::reader::Kind::Pcsc);
    std::fs::remove_dir(&away).unwrap();
    end(ledger, 1);
    let serial = Serial::new(vec![1]);
    ledger.withdraw(&serial, Topic::Operation, Timestamp::now());
    ledger.withdraw(&Serial::new(vec![2]), Topic::TreatmentAndMedicine, Timestamp::now());
    assert!(ledger.writer.flush(Duration::from_secs(9)).await);
    std::fs::create_dir(&away).unwrap();
    delivered(ledger).await;
    let written = results(&away);
    assert_eq!(written.iter().map(refused).collect::<Vec<_>>(), [[Topic::Operation]]);
    // The person is gone; staff withdraw another one.
    ledger.withdraw(&serial, Topic::HealthCheckups, Timestamp::now());
    delivered(ledger).await;
    let mut told: Vec<_> = results(&away).iter().map(refused).collect();
    told.sort_by_key(Vec::len);
    let both = vec![Topic::Operation, Topic::HealthCheckups];
    assert_eq!(told, [vec![Topic::Operation], both]);
    let whole =
        results(&away).iter().all(|file| file.eligibility().unwrap() == handover().eligibility);
    assert!(whole, "a new file tells all");
    ledgers.finish().await;
}

#[tokio::test]
async fn a_file_that_came_a_day_late_stands_on_the_board() {
    let data = tempfile::tempdir().unwrap();
    let ledgers = Ledgers::open(&config(data.path(), |_| {})).unwrap();
    let ledger = ledgers.of(crate::reader::Kind::Pcsc);
    let yesterday = Timestamp::now() - jiff::SignedDuration::from_hours(24);
    let prepared = ledger.delivery.prepare(VisitId(1), &handover(), yesterday).unwrap();
    ledger.writer.send(|| Batch { ops: vec![prepared.op], ..Batch::default() });
    delivered(ledger).await;
    let (visit, row) = ledger.board.look().remove(0);
    assert_eq!((visit, row.name.as_deref()), (VisitId(1), Some("受付　太郎")));
    let at = checkin::time::rfc3339(row.at);
    assert_eq!((at, row.claim().number.as_str()), (checkin::time::rfc3339(yesterday), "1048"));
    assert!(row.late.unwrap() > yesterday);
    ledger.board.forget(Timestamp::now()).unwrap();
    assert_eq!(ledger.store.rows().unwrap().len(), 1, "for this day");
    ledgers.finish().await;
}

#[tokio::test]
async fn practice_says_what_it_is_and_its_store_serves_no_patients() {
    let data = tempfile::tempdir().unwrap();
    let real = |options: &mut Options| options.institution = Some("1310000001".into());
    let rehearsal = |options: &mut Options| {
        real(options);
        options.accept_practice_cards = Some(true);
    };
    let marks = |ledgers: &Ledgers| {
        [crate::reader::Kind::Pcsc, crate::reader::Kind::Practice].map(|kind| {
            let delivery = &ledgers.of(kind).delivery;
            let prepared = delivery.prepare(VisitId(1), &handover(), at()).unwrap();
            let Op::Queue { content, .. } = prepared.op else { panic!() };
            let header = oqs::parse(&content).unwrap().header.unwrap();
            let mark = header.file_identifier.as_deref().unwrap_or_default().to_owned();
            (header.institution.unwrap().as_str().to_owned(), mark)
        })
    };
    let practice = ("9999999999".to_owned(), "PRACTICE".to_owned());
    let ledgers = Ledgers::open(&config(&data.path().join("a"), real)).unwrap();
    assert_eq!(marks(&ledgers), [("1310000001".to_owned(), String::new()), practice.clone()]);
    ledgers.finish().await;
    let rehearsing = config(&data.path().join("b"), rehearsal);
    let ledgers = Ledgers::open(&rehearsing).unwrap();
    assert_eq!(marks(&ledgers), [practice.clone(), practice]);
    ledgers.finish().await;
    let later = Ledgers::open(&config(&data.path().join("b"), real)).err().unwrap();
    assert!(matches!(later, StoreError::Mixed { practice: true, .. }), "{later}");
}
