//! Commands, bytes and time of each step with a card, beside those of `myna-card` for the same.
//!
//! The time is that of the card and its link, from the model of a contactless card at 106 kbit/s;
//! what this computer needs for the signatures is measured and printed apart.
//! `cargo xtask bench card [--json]`

use card::{Anchors, Session, Verb, perform, prefetch};
use checkin::code_b::CodeB;
use checkin::secret::Digits;
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::ap::surface::{SurfaceAp, ef};
use myna_card::data::{sha256, sha256_digest_info};
use myna_card::{Card, Error, Pin, Transmit};
use serde_json::{Value, json};
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use virtual_card::script::{Reply, ScriptedCard};
use virtual_card::{Persona, Portrait, Speed, VirtualCard};

/// Counts what goes over the link.
struct Counted {
    card: ScriptedCard,
    commands: usize,
    bytes: usize,
    time: Duration,
}

impl Transmit for Counted {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        let Reply::Answer(answer, time) = self.card.respond(command) else {
            return Err(Error::NoReader);
        };
        self.commands += 1;
        self.bytes += command.len() + answer.len();
        self.time += time;
        Ok(answer)
    }
}

impl Counted {
    /// What a step cost; `work` has the card for itself.
    fn step(&mut self, name: &'static str, work: impl FnOnce(&mut Self)) -> (&'static str, Value) {
        (self.commands, self.bytes, self.time) = (0, 0, Duration::ZERO);
        let begun = Instant::now();
        work(self);
        let here = begun.elapsed().as_secs_f64() * 1000.0;
        let link = self.time.as_secs_f64() * 1000.0;
        let numbers = json!({ "apdus": self.commands, "bytes": self.bytes,
            "card_ms": (link * 10.0).round() / 10.0, "host_ms": (here * 10.0).round() / 10.0 });
        (name, numbers)
    }
}

const STEPS: [&str; 4] = ["placed", "ahead", "photo", "pin"];

fn main() {
    let json = std::env::args().any(|argument| argument == "--json");
    let (ours, theirs) = (ours(), theirs());
    let object = |steps: &[(&'static str, Value)]| {
        steps.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Value>()
    };
    let all = json!({ "bridge": object(&ours), "myna_card": object(&theirs) });
    if json {
        println!("{all:#}");
        return;
    }
    println!("{:<8} {:>28} {:>28}", "step", "bridge", "myna-card");
    for step in STEPS {
        let cell = |who: &str| {
            let number = &all[who][step];
            format!("{} APDUs {} B {} ms", number["apdus"], number["bytes"], number["card_ms"])
        };
        println!("{step:<8} {:>28} {:>28}", cell("bridge"), cell("myna_card"));
    }
}

fn valid() -> Persona {
    let (_, text) =
        eligibility_sim::personas().iter().find(|(id, _)| *id == "valid").expect("built in");
    Persona::from_toml(text, jiff::Timestamp::now()).expect("the built-in personas are tested")
}

/// The card `valid` with a photo as large as real ones are thought to be (5 to 7 kB).
fn card() -> Counted {
    let noise: Vec<u8> = (0..640 * 480u32)
        .map(|at| u8::try_from(at.wrapping_mul(2_654_435_761) >> 24).unwrap_or(0))
        .collect();
    let portrait = Portrait::from_grey(&noise, 640, 480).expect("a picture");
    let card = VirtualCard::new(&valid(), Some(portrait), jiff::Timestamp::now());
    card.prepare();
    let card = ScriptedCard::new(card, Speed::Contactless106, Vec::new());
    Counted { card, commands: 0, bytes: 0, time: Duration::ZERO }
}

/// The number on the front of `valid` today.
static CODE: LazyLock<String> = LazyLock::new(|| {
    let holder = valid().holder.expect("a person's card");
    holder.verification_code_b().reveal().to_owned()
});

fn ours() -> Vec<(&'static str, Value)> {
    let anchors = Anchors::load(&[]).expect("built in");
    let mut card = card();
    let mut session = Session::default();
    let code: CodeB = Digits::parse(&CODE).expect("14 digits");
    let pin = checkin::secret::Pin::parse("1234").expect("4 digits");
    // Reads the files once, so that nothing is made while it is measured.
    perform(
        &mut card,
        &mut session,
        &anchors,
        &Verb::ReadPhoto { codes: code.clone().into(), items: false },
    );
    let mut steps = Vec::new();
    steps.push(card.step("placed", |card| {
        let done = perform(card, &mut session, &anchors, &Verb::Inspect);
        assert!(matches!(done.answer, Some(checkin::Answer::Inspected(Ok(_)))), "{done:?}");
    }));
    steps.push(card.step("ahead", |card| prefetch(card, &mut session)));
    steps.push(card.step("photo", |card| {
        let done = perform(
            card,
            &mut session,
            &anchors,
            &Verb::ReadPhoto { codes: code.into(), items: false },
        );
        assert!(done.photo.is_some(), "{done:?}");
    }));
    steps.push(card.step("pin", |card| {
        let done = perform(card, &mut session, &anchors, &Verb::Sign(pin));
        assert!(matches!(done.answer, Some(checkin::Answer::Signed(Ok(())))), "{done:?}");
    }));
    steps
}

/// The same results with the calls that `myna-card` and its example offer.
fn theirs() -> Vec<(&'static str, Value)> {
    fn with(card: &mut Counted, work: impl FnOnce(&mut Card<&mut Counted>) -> Result<(), Error>) {
        work(&mut Card::new(card)).expect("a practice card works");
    }
    let mut card = card();
    let mut steps = Vec::new();
    steps.push(card.step("placed", |card| {
        with(card, |card| {
            let mut jpki = JpkiAp::select(card)?;
            jpki.read_token_type()?;
            jpki.read_auth_certificate()?;
            jpki.auth_pin_retries()?;
            SurfaceAp::select(card)?.retries(ef::CODE_B).map(drop)
        });
    }));
    steps.push(card.step("ahead", |card| {
        with(card, |card| {
            let mut surface = SurfaceAp::select(card)?;
            surface.read_certificate()?;
            surface.sign(&[7; 32]).map(drop)
        });
    }));
    steps.push(card.step("photo", |card| {
        with(card, |card| {
            let mut surface = SurfaceAp::select(card)?;
            surface.retries(ef::CODE_B)?;
            surface.verify_code_b(&Pin::numeric(CODE.as_bytes())?)?;
            surface.read_card_face().map(drop)
        });
    }));
    steps.push(card.step("pin", |card| {
        with(card, |card| {
            let mut jpki = JpkiAp::select(card)?;
            jpki.auth_pin_retries()?;
            jpki.verify_auth_pin(&Pin::numeric("1234")?)?;
            let payload = sha256_digest_info(&sha256(b"a fresh challenge"));
            jpki.sign_with_auth_key(SignatureScheme::Verbatim, &payload).map(drop)
        });
    }));
    steps
}
