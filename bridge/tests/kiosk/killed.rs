//! The program itself, killed in the middle of visits, with its folder sometimes away and a receipt computer that takes files:
//! what is on the disk afterwards counts the same, and has every visit whose person was told how it ended.
//! After every kill what somebody was told is looked for, and `audit verify` has to pass. The same on a small disk of its own that
//! is full now and then. `cargo xtask kills --times 500` is the long form.

use crate::page::{Page, page_at};
use crate::running::{PROGRAM, Running, hash};
use crate::visit::agree;
use oqs::ConsentItem;
use protocol::Action;
use protocol::screen::{Delivery, Outcome, Screen};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// In the test run, and with a disk that is full now and then; `UKETSUKE_KILLS` says otherwise.
const KILLS: [u32; 2] = [10, 4];
/// Set where this program has a small disk to itself, and its folder.
const SMALL_DISK: &str = "UKETSUKE_SMALL_DISK";
/// The outbox is empty in this time after the last start, and a whole visit is over.
const PATIENCE: Duration = Duration::from_mins(2);
/// The latest moment of a kill, by how long a whole visit takes here: on a busy machine it would never come to its end otherwise.
const LATEST: u32 = 2;

struct Places {
    data: PathBuf,
    results: PathBuf,
    /// Where the folder is while it is away.
    away: PathBuf,
    /// Of the receipt computer.
    taken: PathBuf,
    /// Takes all the room while it is there.
    filler: PathBuf,
}

impl Places {
    fn of(folder: &Path) -> Self {
        let data = folder.join("data/practice");
        let (results, away, taken) = (data.join("face"), folder.join("away"), folder.join("taken"));
        fs::create_dir_all(&taken).unwrap();
        let filler = folder.join("filler");
        Self { data, results, away, taken, filler }
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

    /// Leaves no room on the disk.
    fn fill(&self) {
        let mut filler = fs::File::create(&self.filler).unwrap();
        for size in [1 << 16, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn make_room(&self) {
        let _ = fs::remove_file(&self.filler);
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

/// `count` visits one after another, or until somebody kills the kiosk. `told`: reception numbers of those who were told that their
/// qualification is confirmed; on a disk that may be full, of those who were not sent to the staff with it.
async fn visits(
    kiosk: &Running,
    page: &mut Page,
    (first, count, may_be_full): (usize, usize, bool),
    told: &mut Vec<u16>,
) {
    for person in PEOPLE.iter().cycle().skip(first).take(count) {
        page.idle().await;
        post(kiosk, "/practice/api/place", &format!(r#"{{"id":"{person}"}}"#));
        page.pin("1234").await;
        let ended = agree(page).await;
        let Screen::Finished { outcome: Outcome::Confirmed, after, delivery, .. } = ended else {
            panic!("{ended:?}");
        };
        if !may_be_full || matches!(delivery, Delivery::Done | Delivery::Queued) {
            told.extend(after.number);
        }
        page.act(Action::Continue).await;
        page.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
        post(kiosk, "/practice/api/remove", "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_nothing_is_lost_and_nothing_comes_twice() {
    let folder = tempfile::tempdir().unwrap();
    killed(folder.path(), kills(0), false).await;
}

/// In a mount namespace, for which this program is started once more.
#[test]
fn killed_on_a_full_disk_nothing_that_was_acknowledged_is_lost() {
    let name = "killed::killed_on_a_full_disk_nothing_that_was_acknowledged_is_lost";
    if let Some(disk) = std::env::var_os(SMALL_DISK) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        return runtime.block_on(killed(Path::new(&disk), kills(1), true));
    }
    let mut namespace = Command::new("unshare");
    namespace.args(["--mount", "--propagation", "private"]);
    if !namespace.arg("true").status().is_ok_and(|status| status.success()) {
        println!("skipped: a small disk needs mount namespaces (run as root)");
        return;
    }
    let disk = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=24m tmpfs \"$1\" && shift && exec \"$@\"";
    let again = Command::new("unshare")
        .args(["--mount", "--propagation", "private", "sh", "-c", mount, "sh"])
        .arg(disk.path())
        .arg(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(SMALL_DISK, disk.path())
        .status()
        .unwrap();
    assert!(again.success(), "its own message is above");
}

fn kills(of: usize) -> u32 {
    let asked = std::env::var("UKETSUKE_KILLS").ok().map(|text| text.parse::<u32>().unwrap());
    asked.map_or(KILLS[of], |kills| if of == 0 { kills } else { (kills / 5).max(1) })
}

async fn killed(folder: &Path, kills: u32, small_disk: bool) {
    let places = Places::of(folder);
    let hash = hash("0417");
    let seed = rand::random();
    println!("{kills} kills, seed {seed}, {} disk", if small_disk { "small" } else { "large" });
    let mut chance = StdRng::seed_from_u64(seed);
    let (mut told, mut moments) = (Vec::new(), BTreeMap::<String, u32>::new());
    let latest_ms = LATEST * whole_visit_ms(folder, &hash, &mut told).await;
    for kill in 0..kills {
        let first = usize::try_from(kill).unwrap() % PEOPLE.len();
        if chance.random_bool(0.25) {
            places.take_away();
        }
        let kiosk = Running::start_in(folder, "practice", &hash, "info");
        let mut page = page_at(kiosk.address, &kiosk.token).await;
        {
            let first = (first, usize::MAX, small_disk);
            let mut visits = std::pin::pin!(visits(&kiosk, &mut page, first, &mut told));
            for _ in 0..chance.random_range(1..4) {
                let moment = any_moment(&mut chance, latest_ms);
                let going_on = tokio::time::timeout(moment, visits.as_mut()).await;
                going_on.expect_err("visits go on until the moment comes");
                match chance.random_range(0..4) {
                    0 => places.take_away(),
                    1 => places.bring_back(),
                    2 => places.import(),
                    _ => {}
                }
            }
            if small_disk {
                places.fill();
                let moment = any_moment(&mut chance, latest_ms);
                let going_on = tokio::time::timeout(moment, visits.as_mut()).await;
                going_on.expect_err("visits go on until the moment comes");
                if chance.random_bool(0.5) {
                    places.make_room();
                    let moment = any_moment(&mut chance, latest_ms);
                    let going_on = tokio::time::timeout(moment, visits.as_mut()).await;
                    going_on.expect_err("visits go on until the moment comes");
                }
            }
        }
        drop(kiosk);
        places.make_room();
        let shown = page.view.map(|view| format!("{:?}", view.screen)).unwrap_or_default();
        let shown = shown.split(' ').next().unwrap_or_default().to_owned();
        *moments.entry(shown).or_default() += 1;
        places.bring_back();
        look(folder, &places, &told);
    }
    println!("killed at {moments:?}, {} were told the end", told.len());
    let kiosk = Running::start_in(folder, "practice", &hash, "info");
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

/// One visit from its beginning to its end, before anything is killed.
async fn whole_visit_ms(folder: &Path, hash: &str, told: &mut Vec<u16>) -> u32 {
    let kiosk = Running::start_in(folder, "practice", hash, "info");
    let mut page = page_at(kiosk.address, &kiosk.token).await;
    let began = Instant::now();
    let visit = visits(&kiosk, &mut page, (0, 1, false), told);
    tokio::time::timeout(PATIENCE, visit).await.expect("a visit comes to its end");
    u32::try_from(began.elapsed().as_millis()).unwrap()
}

fn any_moment(chance: &mut StdRng, latest_ms: u32) -> Duration {
    Duration::from_millis(chance.random_range(1..latest_ms).into())
}

/// After one kill: the audit is in order, and everybody who was told the end is there, once.
fn look(folder: &Path, places: &Places, told: &[u16]) {
    let mut verify = Command::new(PROGRAM);
    verify.args(["audit", "verify", "--json", "--data"]).arg(folder.join("data"));
    let verified = verify.current_dir(folder).output().unwrap();
    let said = String::from_utf8(verified.stdout).unwrap();
    assert!(verified.status.success() && said.lines().count() == 2, "{said}");
    let db = Connection::open(places.data.join("uketsuke.sqlite")).unwrap();
    for number in told {
        let sql = "SELECT (SELECT COUNT(*) FROM outbox WHERE outbox.visit = receptions.visit
                AND (done IS NULL OR done = 'delivered'))
            + (SELECT COUNT(*) FROM board WHERE board.visit = receptions.visit AND by_hand = 1)
            FROM receptions WHERE number = ?1";
        let times: u32 = db.query_row(sql, [number], |row| row.get(0)).unwrap();
        assert_eq!(times, 1, "the result of number {number}, who was told the end");
    }
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
        assert!(file.results().any(|one| one.consents.to(&ConsentItem::OPERATION).is_some()));
    }
    bridge::store::Sqlite::look(&places.data).map(drop).unwrap();
    let visits = numbers("SELECT COUNT(*) FROM visits")[0];
    println!(
        "visits {visits}, confirmed {}, files {}, by hand {}, consents {consents}, consent lines {lines}",
        confirmed.len(),
        files.len(),
        by_hand.len()
    );
}
