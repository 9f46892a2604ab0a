//! The program itself, killed in the middle of visits, with its folder sometimes away and a receipt computer that takes files:
//! what is on the disk afterwards counts the same, and has every visit whose person was told how it ended.
//! `UKETSUKE_KILLS=300 cargo test -p bridge --test kiosk killed -- --nocapture` is the long form.

use crate::page::{Page, page_at};
use crate::running::{Running, hash};
use crate::visit::agree;
use oqs::ConsentItem;
use protocol::Action;
use protocol::screen::{Outcome, Screen};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// In the test run; `UKETSUKE_KILLS` says otherwise.
const KILLS: u32 = 10;
/// The outbox is empty in this time after the last start.
const PATIENCE: Duration = Duration::from_mins(2);

struct Places {
    data: PathBuf,
    results: PathBuf,
    /// Where the folder is while it is away.
    away: PathBuf,
    /// Of the receipt computer.
    taken: PathBuf,
}

impl Places {
    fn of(folder: &Path) -> Self {
        let data = folder.join("data/practice");
        let (results, away, taken) = (data.join("face"), folder.join("away"), folder.join("taken"));
        fs::create_dir_all(&taken).unwrap();
        Self { data, results, away, taken }
    }

    /// A file is in its place, as a share leaves nothing that can be written to.
    fn take_away(&self) {
        if self.results.is_dir() {
            fs::rename(&self.results, &self.away).unwrap();
            fs::write(&self.results, b"").unwrap();
        }
    }

    fn bring_back(&self) {
        if self.away.is_dir() {
            fs::remove_file(&self.results).unwrap();
            fs::rename(&self.away, &self.results).unwrap();
        }
    }

    /// The receipt computer imports what lies there.
    fn import(&self) {
        let Ok(entries) = fs::read_dir(&self.results) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name().into_string().unwrap();
            if name.parse::<oqs::FileName>().is_ok() {
                let there = self.taken.join(&name);
                assert!(!there.exists(), "{name} is imported twice");
                fs::rename(entry.path(), there).unwrap();
            }
        }
    }
}

pub(crate) fn post(kiosk: &Running, path: &str, body: &str) {
    let (address, token) = (kiosk.address, &kiosk.token);
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nX-Uketsuke-Token: {token}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// Who comes in, again and again: the last one has two qualifications, which is more than a file takes.
const PEOPLE: [&str; 3] = ["valid", "valid", "assistance-beside-insurance"];

/// One visit after another, until somebody kills the kiosk. `told`: reception numbers of those who were told that their
/// qualification is confirmed.
async fn visits(kiosk: &Running, page: &mut Page, first: usize, told: &mut Vec<u16>) {
    for person in PEOPLE.iter().cycle().skip(first) {
        page.idle().await;
        post(kiosk, "/practice/api/place", &format!(r#"{{"id":"{person}"}}"#));
        page.pin("1234").await;
        let ended = agree(page).await;
        let Screen::Finished { outcome: Outcome::Confirmed, after, .. } = ended else {
            panic!("{ended:?}");
        };
        told.extend(after.number);
        page.act(Action::Continue).await;
        page.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
        post(kiosk, "/practice/api/remove", "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_nothing_is_lost_and_nothing_comes_twice() {
    let kills = std::env::var("UKETSUKE_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let places = Places::of(folder.path());
    let hash = hash("0417");
    let seed = rand::random();
    println!("{kills} kills, seed {seed}");
    let mut chance = StdRng::seed_from_u64(seed);
    let (mut told, mut moments) = (Vec::new(), BTreeMap::<String, u32>::new());
    for kill in 0..kills {
        let first = usize::try_from(kill).unwrap() % PEOPLE.len();
        if chance.random_bool(0.25) {
            places.take_away();
        }
        let kiosk = Running::start_in(folder.path(), "practice", &hash, "info");
        let mut page = page_at(kiosk.address, &kiosk.token).await;
        {
            let mut visits = std::pin::pin!(visits(&kiosk, &mut page, first, &mut told));
            for _ in 0..chance.random_range(1..4) {
                let moment = Duration::from_millis(chance.random_range(1..3000));
                let going_on = tokio::time::timeout(moment, visits.as_mut()).await;
                going_on.expect_err("visits go on until the moment comes");
                match chance.random_range(0..4) {
                    0 => places.take_away(),
                    1 => places.bring_back(),
                    2 => places.import(),
                    _ => {}
                }
            }
        }
        drop(kiosk);
        let shown = page.view.map(|view| format!("{:?}", view.screen)).unwrap_or_default();
        let shown = shown.split(' ').next().unwrap_or_default().to_owned();
        *moments.entry(shown).or_default() += 1;
        places.bring_back();
    }
    println!("killed at {moments:?}, {} were told the end", told.len());
    let kiosk = Running::start_in(folder.path(), "practice", &hash, "info");
    let db = Connection::open(places.data.join("uketsuke.sqlite")).unwrap();
    let waiting = || -> u32 {
        let sql = "SELECT COUNT(*) FROM outbox WHERE done IS NULL";
        db.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let until = Instant::now() + PATIENCE;
    while waiting() > 0 {
        assert!(Instant::now() < until, "{} results still wait", waiting());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(kiosk);
    places.import();
    count(&places, &db, &told);
}

/// From the disk, without asking the program.
fn count(places: &Places, db: &Connection, numbers_told: &[u16]) {
    let numbers = |sql: &str| -> Vec<i64> {
        let mut rows = db.prepare(sql).unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let left: Vec<_> = fs::read_dir(&places.results).unwrap().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    let files: BTreeSet<String> = fs::read_dir(&places.taken)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut rows = db.prepare("SELECT visit, name FROM outbox WHERE done = 'delivered'").unwrap();
    let delivered: BTreeMap<String, i64> = rows
        .query_map([], |row| Ok((row.get(1)?, row.get(0)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(delivered.keys().cloned().collect::<BTreeSet<_>>(), files, "a file, a row");

    let confirmed = numbers("SELECT id FROM visits WHERE outcome = 'confirmed' ORDER BY id");
    let by_hand = numbers("SELECT visit FROM board WHERE by_hand = 1");
    let mut told: Vec<i64> = delivered.values().chain(&by_hand).copied().collect();
    told.sort_unstable();
    assert_eq!(told, confirmed, "every confirmed visit has one file or one row by hand");
    for number in numbers_told {
        let of = format!("SELECT visit FROM receptions WHERE number = {number}");
        let kept = numbers(&of).iter().any(|visit| confirmed.contains(visit));
        assert!(kept, "number {number} was told to somebody whose visit is not on the disk");
    }

    let lines =
        numbers("SELECT COUNT(*) FROM audit WHERE json_extract(line, '$.what') = 'consent'")[0];
    let consents = numbers("SELECT COUNT(*) FROM consents")[0];
    assert_eq!(lines, consents);
    let each = |sql: &str| -> Vec<(i64, String, bool)> {
        let mut rows = db.prepare(sql).unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        rows.query_map([], row).unwrap().map(Result::unwrap).collect()
    };
    let in_audit = "SELECT json_extract(line, '$.visit'), json_extract(line, '$.detail.topic'), json_extract(line, '$.detail.agreed')
        FROM audit WHERE json_extract(line, '$.what') = 'consent' ORDER BY 1, 2";
    let kept = each("SELECT visit, topic, agreed FROM consents ORDER BY visit, topic");
    assert_eq!(each(in_audit), kept, "every consent has its audit line");
    for (name, visit) in &delivered {
        let file = oqs::parse(&fs::read(places.taken.join(name)).unwrap()).unwrap();
        let kept = numbers(&format!("SELECT COUNT(*) FROM consents WHERE visit = {visit}"))[0];
        assert_eq!(i64::try_from(file.consents().len()).unwrap(), kept, "{name}");
        assert!(file.results[0].consents.iter().any(|one| one.item == ConsentItem::Operation));
    }
    bridge::store::Sqlite::look(&places.data).map(drop).unwrap();
    let visits = numbers("SELECT COUNT(*) FROM visits")[0];
    println!(
        "visits {visits}, confirmed {}, files {}, by hand {}, consents {consents}, consent lines {lines}",
        confirmed.len(),
        files.len(),
        by_hand.len()
    );
    assert!(!confirmed.is_empty(), "no visit came to its end: the moments are too early");
}
