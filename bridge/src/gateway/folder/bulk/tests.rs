//! The terminal's program is this test: it answers when and how it is told to.

use super::*;
use checkin::birth::Birth;
use eligibility_sim::{NationalSystem, bulk_number, bulk_receipt, bulk_result};
use jiff::civil::date;
use oqs::InstitutionCode;
use std::fs;

const DAY: Date = date(2030, 4, 2);

struct Stand {
    folder: tempfile::TempDir,
    terminal: Terminal,
}

fn person(chart: &str, number: &str) -> Person {
    let numbers = Numbers {
        insurer_number: "01130012".into(),
        symbol: "2113".into(),
        number: number.into(),
        branch: Some("01".into()),
        birth: Birth::from(valid().birth),
    };
    Person { chart: chart.into(), numbers }
}

fn valid() -> eligibility_sim::Person {
    let text = eligibility_sim::personas().iter().find(|(id, _)| *id == "valid").unwrap().1;
    eligibility_sim::Person::from_toml(text, Timestamp::now()).unwrap().unwrap()
}

/// One who is insured so, and one who is not.
fn people() -> [Person; 2] {
    [person("000101", "1048"), person("000102", "999999")]
}

fn stand() -> Stand {
    let folder = tempfile::tempdir().unwrap();
    for name in ["req", "res", "face"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    let institution = InstitutionCode::new("1312345678").unwrap();
    let terminal = Terminal::new(folder.path().to_owned(), institution);
    Stand { folder, terminal }
}

impl Stand {
    fn ask(&self, patience: Duration) -> Result<Told, BulkError> {
        let bulk = Bulk {
            terminal: &self.terminal,
            progress: self.folder.path().join("ask.json"),
            results: &self.folder.path().join("face"),
            again: Duration::ZERO,
            until: Instant::now() + patience,
        };
        bulk.ask(&people(), DAY)
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Takes the only request, once it is there.
    fn taken(&self, kind: Kind) -> (String, Vec<u8>) {
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            let is_whole = |name: &&String| {
                Kind::of_name(name) == Some(kind) && name.strip_suffix(".xml").is_some()
            };
            if let Some(name) = self.files("req").iter().find(is_whole) {
                let path = self.folder.path().join("req").join(name);
                let bytes = fs::read(&path).unwrap();
                fs::remove_file(path).unwrap();
                return (name.replace("req_", "res_"), bytes);
            }
            assert!(Instant::now() < deadline, "no request");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.folder.path().join("res").join(name), bytes).unwrap();
    }
}

/// What [`people`] are told.
fn told(told: &Told) -> [Said; 2] {
    [told.people[0].1, told.people[1].1]
}

const PATIENCE: Duration = Duration::from_mins(1);

/// Serves one question; `change` may spoil its answers.
fn serve(stand: &Stand, change: impl Fn(String) -> String) {
    let mut system = NationalSystem::practice(Timestamp::now());
    let (name, request) = stand.taken(Kind::BulkRequest);
    let (receipt, asked) = bulk_receipt(&request, "000000000077", Timestamp::now());
    stand.put(&name, &receipt);
    for ready in [false, true] {
        let (name, fetch) = stand.taken(Kind::BulkFetch);
        assert_eq!(bulk_number(&fetch).as_deref(), Some("000000000077"));
        let answer = bulk_result(&mut system, &fetch, asked.as_ref(), ready, Timestamp::now());
        let answer = change(String::from_utf8(answer).unwrap());
        // Half of it first.
        stand.put(&name, &answer.as_bytes()[..answer.len() / 2]);
        std::thread::sleep(POLL);
        stand.put(&name, answer.as_bytes());
    }
}

fn served(stand: &Stand, change: impl Fn(String) -> String + Send) -> Told {
    std::thread::scope(|scope| {
        scope.spawn(|| serve(stand, change));
        stand.ask(PATIENCE).unwrap()
    })
}

#[test]
fn answers_that_are_not_ready_are_fetched_again_and_handed_on_as_they_came() {
    let stand = stand();
    let done = served(&stand, |answer| answer);
    assert_eq!(
        told(&done),
        [Said::Valid, Said::NotValid(checkin::eligibility::Validity::NoneFound)]
    );
    assert_eq!(stand.files("face"), [done.file.to_string()]);
    assert_eq!((stand.files("req"), stand.files("res")), (vec![], vec![]));
    assert!(!stand.folder.path().join("ask.json").exists());
}

#[test]
fn what_may_be_about_somebody_else_is_not_used() {
    for (from, to) in [
        // The two have each other's chart number.
        (">000101<", ">000102<"),
        ("<InsuredIdentificationNumber>1048<", "<InsuredIdentificationNumber>1049<"),
    ] {
        let stand = stand();
        let done = served(&stand, |answer| answer.replace(from, to));
        let [first, _] = told(&done);
        assert!(matches!(first, Said::Unfit | Said::Missing), "{from}: {first:?}");
    }
}

#[test]
fn it_goes_on_where_it_was() {
    let stand = stand();
    assert!(matches!(stand.ask(Duration::ZERO), Err(BulkError::Late)));
    let asked = stand.files("req");
    assert_eq!(asked.len(), 1);
    assert!(matches!(stand.ask(Duration::ZERO), Err(BulkError::Late)));
    assert_eq!(stand.files("req"), asked, "the same question, once");
    // The terminal takes it, and the program is started again before it has answered.
    let (name, request) = stand.taken(Kind::BulkRequest);
    assert!(matches!(stand.ask(Duration::ZERO), Err(BulkError::Late)));
    assert_eq!(stand.files("req"), Vec::<String>::new());
    let (receipt, _) = bulk_receipt(&request, "5", Timestamp::now());
    stand.put(&name, &receipt);
    assert!(matches!(stand.ask(SETTLED * 3), Err(BulkError::Late)));
    let (_, fetch) = stand.taken(Kind::BulkFetch);
    assert_eq!(bulk_number(&fetch).as_deref(), Some("5"));
    assert_eq!(stand.files("res"), Vec::<String>::new(), "the receipt was taken");
}

#[test]
fn the_receipt_computers_file_appears_once_whenever_the_program_ends() {
    let stand = stand();
    let done = served(&stand, |answer| answer);
    let path = stand.folder.path().join("face").join(done.file.to_string());
    let bytes = fs::read(&path).unwrap();
    let progress = |handed| Progress {
        own: done.file.own().to_owned(),
        day: DAY,
        asked: true,
        number: Some("5".into()),
        handed,
    };
    let again = |handed, part: bool| {
        let face = stand.folder.path().join("face");
        let bulk = Bulk {
            terminal: &stand.terminal,
            progress: stand.folder.path().join("ask.json"),
            results: &face,
            again: Duration::ZERO,
            until: Instant::now() + PATIENCE,
        };
        bulk.keep(&progress(handed)).unwrap();
        if part {
            oqs::stage(&face, &done.file, &bytes).unwrap();
        }
        stand.put(&done.file.to_string(), &bytes);
        bulk.ask(&people(), DAY).unwrap();
        stand.files("face")
    };
    fs::remove_file(&path).unwrap();
    assert_eq!(again(true, false), Vec::<String>::new(), "the receipt computer has taken it");
    assert_eq!(again(true, true), [done.file.to_string()], "it was about to appear");
    fs::remove_file(&path).unwrap();
    assert_eq!(again(false, false), [done.file.to_string()]);
}

/// Answers the only request by an error.
fn refuse(stand: &Stand) {
    let (name, request) = stand.taken(Kind::BulkRequest);
    let (receipt, _) = bulk_receipt(&request, "5", Timestamp::now());
    let receipt = String::from_utf8(receipt).unwrap();
    let segment = "<SegmentOfResult>1<";
    assert!(receipt.contains(segment));
    stand.put(&name, receipt.replace(segment, "<SegmentOfResult>9<").as_bytes());
}

#[test]
fn an_error_of_the_terminal_ends_it() {
    let stand = stand();
    let refused = std::thread::scope(|scope| {
        scope.spawn(|| refuse(&stand));
        stand.ask(PATIENCE)
    });
    assert!(matches!(refused, Err(BulkError::Refused(_))));
    assert!(!stand.folder.path().join("ask.json").exists(), "the next try asks anew");
}

#[test]
fn only_one_asks_at_a_time() {
    let stand = stand();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| stand.ask(PATIENCE));
        let deadline = Instant::now() + PATIENCE;
        while stand.files("req").is_empty() {
            assert!(Instant::now() < deadline, "no request");
            std::thread::sleep(Duration::from_millis(5));
        }
        let second = stand.ask(PATIENCE).err().unwrap();
        let own = std::process::id().to_string();
        assert!(matches!(&second, BulkError::Busy(process) if *process == own), "{second}");
        // The first one goes on, and after it anybody may.
        refuse(&stand);
        assert!(matches!(first.join().unwrap(), Err(BulkError::Refused(_))));
        assert_eq!(stand.files("req"), Vec::<String>::new(), "the second asked nothing");
    });
    assert!(matches!(stand.ask(Duration::ZERO), Err(BulkError::Late)));
}
