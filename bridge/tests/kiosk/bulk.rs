//! Tomorrow's appointments, asked about in bulk at the folder service: the program, its folders, and what it prints.

use crate::running::PROGRAM;
use eligibility_sim::{Person, personas};
use eligibility_terminal::{Pace, Service};
use jiff::Timestamp;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

/// The row of a persona in the receipt computer's export.
fn row(chart: &str, id: &str, next: &str) -> String {
    let text = personas().iter().find(|(known, _)| *known == id).unwrap().1;
    let person = Person::from_toml(text, Timestamp::now()).unwrap().unwrap();
    let q = &person.eligibility.qualifications[0];
    let branch = q.branch.as_deref().unwrap_or_default();
    let (name, birth) = (&q.name, q.birth.date().unwrap());
    format!(
        "{chart},{name},{birth},1,{},{},{},{branch},{next}\n",
        q.insurer_number, q.symbol, q.number
    )
}

struct Clinic {
    folder: tempfile::TempDir,
}

impl Clinic {
    /// With these rows in its list.
    fn new(rows: &[String]) -> Self {
        let clinic = Self { folder: tempfile::tempdir().unwrap() };
        let head = "患者番号,氏名,生年月日,性別,保険者番号,記号,番号,枝番,次回予約\n";
        std::fs::write(clinic.path().join("list.csv"), head.to_owned() + &rows.concat()).unwrap();
        for folder in ["OQS/req", "OQS/res", "face", "data"] {
            std::fs::create_dir_all(clinic.path().join(folder)).unwrap();
        }
        clinic.says(&["import", "list.csv"], 0);
        clinic
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut program = Command::new(PROGRAM);
        program.arg("patients").args(arguments).current_dir(self.path());
        program.args(["--data", "data", "--result-folder", "face", "--institution", "1312345678"]);
        program.args(["--gateway", "folder", "--gateway-folder", "OQS"]);
        program.output().unwrap()
    }

    #[track_caller]
    fn says(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// The folder service, for as long as `work` takes.
    fn served<T>(&self, work: impl FnOnce() -> T) -> T {
        let mut service =
            Service::open(&self.path().join("OQS"), Pace::Fixed(Duration::ZERO)).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || service.run(&stopped, |_| {}));
        let done = work();
        stop.store(true, Relaxed);
        thread.join().unwrap();
        done
    }
}

#[test]
fn everybody_who_is_expected_is_asked_about_once_and_staff_see_who_has_a_problem() {
    const DAY: &str = "2030-04-02";
    let rows = [
        row("000101", "valid", "2030-04-02 09:00"),
        row("000102", "valid-elderly", "2030-04-02"),
        row("000103", "invalid", "2030-04-02 10:30"),
        // Not on that day.
        row("000104", "valid-young", "2030-04-03"),
        // With numbers that nobody has.
        "000105,練習　無人,1970/1/1,1,01130012,1,999999,,2030-04-02\n".to_owned(),
        // Without an insurance.
        "000106,練習　無保,1971/1/1,2,,,,,2030-04-02\n".to_owned(),
    ];
    let clinic = Clinic::new(&rows);
    let said = clinic.served(|| clinic.says(&["ask", "--day", DAY], 1));
    assert!(said.contains("照会 4 人、有効 2 人、確認が必要 3 人"), "{said}");
    for (chart, words) in
        [("000103", "無効"), ("000105", "該当する資格がありません"), ("000106", "保険がありません")]
    {
        let line = said.lines().find(|line| line.contains(chart)).unwrap();
        assert!(line.contains(words), "{line}");
    }
    for kept_quiet in ["000101", "000102", "000104", "受付", "練習"] {
        assert!(!said.contains(kept_quiet), "{kept_quiet}: {said}");
    }
    let handed = clinic.files("face");
    assert!(handed.len() == 1 && handed[0].starts_with("OQSmuquc02res_UK"), "{handed:?}");
    let bytes = std::fs::read(clinic.path().join("face").join(&handed[0])).unwrap();
    let file = oqs::parse(&bytes).unwrap();
    assert_eq!(file.body.as_ref().unwrap().units.len(), 4, "as it was received");
    let header = file.header.unwrap();
    assert_eq!(header.confirmed_on.unwrap().nearest().unwrap().to_string(), DAY);
    // Of what was asked nothing is left.
    assert_eq!((clinic.files("OQS/req"), clinic.files("OQS/res")), (vec![], vec![]));
    assert!(!clinic.path().join("data/ask.json").exists());
}

#[test]
fn a_day_without_appointments_asks_nothing() {
    let clinic = Clinic::new(&[row("1", "valid", "2030-04-02")]);
    let said = clinic.says(&["ask", "--day", "2030-04-05"], 0);
    assert!(said.contains("照会 0 人"), "{said}");
    assert_eq!(clinic.files("OQS/req"), Vec::<String>::new());
}
