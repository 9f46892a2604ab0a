//! The scripts that come with the software card, and what the bridge makes of each. The table goes into the card's README;
//! `UKETSUKE_BLESS=1` rewrites it.

use crate::faults::table::written;
use crate::lane::persona;
use card::{Anchors, Done, Session, Verb, perform, prefetch};
use checkin::Answer;
use checkin::code_b::CodeB;
use checkin::secret::{Digits, Pin};
use myna_card::{Error, Transmit};
use std::fmt::Write as _;
use std::path::Path;
use virtual_card::script::{Reply, Script, ScriptedCard};
use virtual_card::{Persona, Speed};

const FOLDER: &str = "../crates/virtual-card/scripts";

/// A link on which a mute or pulled card is a failure at once.
struct Link(ScriptedCard);

impl Transmit for Link {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        match self.0.respond(command) {
            Reply::Answer(answer, _) => Ok(answer),
            Reply::Mute | Reply::Pulled => Err(Error::NoReader),
        }
    }
}

fn word(done: Done) -> String {
    match done.answer.unwrap() {
        Answer::Inspected(Ok(card)) => {
            format!("PIN {}, number {}", card.pin_tries.count(), card.code_b_tries.count())
        }
        Answer::Inspected(Err(problem)) => format!("{problem:?}"),
        Answer::PhotoRead(read) => {
            read.map_or_else(|problem| format!("{problem:?}"), |_| "photo".into())
        }
        Answer::Signed(signed) => {
            signed.map_or_else(|problem| format!("{problem:?}"), |()| "signed".into())
        }
        other => panic!("{other:?}"),
    }
}

/// One row: what was found when the card was placed, what became of the photo, and of the signature.
fn row(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let script = Script::from_toml(&text).unwrap();
    let other = |file: &str| {
        let text = std::fs::read_to_string(path.with_file_name(file)).unwrap();
        Persona::from_toml(&text, jiff::Timestamp::now())
    };
    let front = match &script.swap.records_of {
        Some(file) => other(file).unwrap(),
        None => persona("valid"),
    };
    let front = front.holder.unwrap().verification_code_b();
    let card = script.make(&persona("valid"), None, jiff::Timestamp::now(), other).unwrap();
    let mut link = Link(ScriptedCard::new(card, Speed::Instant, script.faults));
    let (mut session, anchors) = (Session::default(), Anchors::load(&[]).unwrap());
    let code: CodeB = Digits::parse(front.reveal()).unwrap();
    let mut cells = vec![word(perform(&mut link, &mut session, &anchors, &Verb::Inspect))];
    if cells[0].starts_with("PIN") {
        prefetch(&mut link, &mut session);
        for verb in [
            Verb::ReadPhoto { codes: code.into(), items: false },
            Verb::Sign(Pin::parse("1234").unwrap()),
        ] {
            cells.push(word(perform(&mut link, &mut session, &anchors, &verb)));
        }
    }
    cells.resize(3, String::new());
    let what = text.lines().next().unwrap().trim_start_matches("# ");
    format!("| `{name}` | {what} | {} |\n", cells.join(" | "))
}

#[test]
fn every_script_does_what_its_first_line_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut table = String::from(
        "| script | | placed | with the number | with the PIN |\n|---|---|---|---|---|\n",
    );
    for path in paths {
        let _ = write!(table, "{}", row(&path));
    }
    written("../crates/virtual-card/README.md", "scripts", &table);
}
