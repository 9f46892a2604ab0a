use super::*;
use checkin::birth::Birth;
use checkin::number::Numbers;
use oqs::{Encoding, InstitutionCode, Message, to_xml};

fn request() -> Vec<u8> {
    let numbers = Numbers {
        insurer_number: "01130012".into(),
        symbol: "2113".into(),
        number: "1048".into(),
        branch: Some("01".into()),
        birth: Birth::parse("19010203").unwrap(),
    };
    let institution = InstitutionCode::new("9999999999").unwrap();
    let asked = Message::of_numbers(institution, "T1", &numbers, false, Timestamp::now());
    to_xml(&asked.unwrap(), Encoding::Utf8).unwrap().bytes
}

struct Bench {
    folder: tempfile::TempDir,
    service: Service,
    told: Vec<String>,
    now: Instant,
}

fn bench(pace: Pace) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::open(folder.path(), pace).unwrap();
    Bench { folder, service, told: Vec::new(), now: Instant::now() }
}

impl Bench {
    fn after(&mut self, ms: u64) -> Result<(), FolderError> {
        self.now += Duration::from_millis(ms);
        self.service.pass(self.now, |line| self.told.push(line.to_owned()))
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

#[test]
fn a_request_is_taken_when_it_is_whole_and_answered_in_its_time() {
    let mut bench = bench(Pace::Fixed(Duration::from_secs(5)));
    let path = bench.folder.path().join("req/OQSsiquc01req_T1.xml");
    let whole = request();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    fs::write(bench.folder.path().join("req/OQSmuimm01req_1.xml"), "another kind").unwrap();
    fs::write(bench.folder.path().join("req/notes.txt"), "no file of the interface").unwrap();
    bench.after(0).unwrap();
    bench.after(299).unwrap();
    fs::write(&path, &whole).unwrap();
    bench.after(1).unwrap();
    bench.after(299).unwrap();
    assert!(path.exists(), "it changed, so it has to stay the same for as long again");
    bench.after(1).unwrap();
    let mut left = bench.files("req");
    left.sort();
    assert_eq!(left, ["OQSmuimm01req_1.xml", "notes.txt"], "what is not its own stays");
    bench.after(4_999).unwrap();
    assert_eq!(bench.files("res"), Vec::<String>::new());
    bench.after(1).unwrap();
    assert_eq!(bench.files("res"), ["OQSsiquc01res_T1.xml"]);
    assert_eq!(bench.told, ["took OQSsiquc01req_T1.xml", "answered OQSsiquc01res_T1.xml"]);
    let answer = fs::read(bench.folder.path().join("res/OQSsiquc01res_T1.xml")).unwrap();
    assert!(oqs::parse(&answer).unwrap().eligibility().is_ok());
}

#[test]
fn a_folder_that_is_away_for_a_while_costs_no_answer() {
    let mut bench = bench(Pace::Fixed(Duration::ZERO));
    fs::write(bench.folder.path().join("req/OQSsiquc01req_T1.xml"), request()).unwrap();
    bench.after(0).unwrap();
    let (res, away) = (bench.folder.path().join("res"), bench.folder.path().join("away"));
    fs::rename(&res, &away).unwrap();
    assert!(matches!(bench.after(300), Err(FolderError::Missing)));
    fs::rename(&away, &res).unwrap();
    bench.after(50).unwrap();
    assert_eq!(bench.files("res"), ["OQSsiquc01res_T1.xml"]);
}

#[test]
fn an_answer_takes_as_long_as_that_of_a_terminal() {
    let mut bench = bench(Pace::Usual(1));
    fs::write(bench.folder.path().join("req/OQSsiquc01req_T1.xml"), request()).unwrap();
    bench.after(0).unwrap();
    bench.after(300).unwrap();
    bench.after(2_999).unwrap();
    assert_eq!(bench.files("res"), Vec::<String>::new());
    bench.after(4_001).unwrap();
    assert_eq!(bench.files("res"), ["OQSsiquc01res_T1.xml"]);
}

#[test]
fn a_bulk_question_is_given_a_number_under_which_its_answers_are_fetched_when_they_are_ready() {
    let mut bench = bench(Pace::Fixed(Duration::from_secs(5)));
    let institution = || InstitutionCode::new("9999999999").unwrap();
    let asked = oqs::parse(&request()).unwrap().body.unwrap().searches.remove(0).numbers().unwrap();
    let people = [("000101", &asked), ("000102", &asked)];
    let day = jiff::civil::date(2030, 4, 2);
    let write = |bench: &Bench, name: &str, message: &Message| {
        let bytes = to_xml(message, Encoding::ShiftJis).unwrap().bytes;
        fs::write(bench.folder.path().join("req").join(name), bytes).unwrap();
    };
    let answer = |bench: &Bench, name: &str| {
        let path = bench.folder.path().join("res").join(name);
        let message = oqs::parse(&fs::read(&path).unwrap()).unwrap();
        fs::remove_file(path).unwrap();
        message
    };
    let many = Message::of_many(institution(), "T1", people, day).unwrap();
    write(&bench, "OQSmuquc01req_T1.xml", &many);
    let pass = |bench: &mut Bench| {
        for ms in [0, 300, 5_000] {
            bench.after(ms).unwrap();
        }
    };
    pass(&mut bench);
    let receipt = answer(&bench, "OQSmuquc01res_T1.xml");
    let number = receipt.reception_number().unwrap().to_owned();
    let fetch = Message::of_fetch(institution(), "T1", &number).unwrap();
    let expected = [vec![], vec![Some("000101"), Some("000102")]];
    for (segment, expected) in
        [oqs::Segment::Processing, oqs::Segment::Done].into_iter().zip(expected)
    {
        write(&bench, "OQSmuquc02req_T1.xml", &fetch);
        pass(&mut bench);
        let found = answer(&bench, "OQSmuquc02res_T1.xml");
        let header = found.header.unwrap();
        let count = u32::try_from(expected.len()).unwrap();
        assert_eq!((header.segment, header.results), (Some(segment), Some(count)));
        assert_eq!(header.reception_number.as_deref(), Some(number.as_str()));
        let units = found.body.unwrap().units;
        let named = units.iter().map(|unit| unit.search.as_ref().unwrap().identifier.as_deref());
        assert_eq!(named.collect::<Vec<_>>(), expected);
    }
    // A number that nobody was given.
    let other = Message::of_fetch(institution(), "T2", "4711").unwrap();
    write(&bench, "OQSmuquc02req_T2.xml", &other);
    pass(&mut bench);
    let refused = answer(&bench, "OQSmuquc02res_T2.xml").header.unwrap();
    assert_eq!(refused.segment, Some(oqs::Segment::Error));
}
