//! What is fed.

use crate::Dice;
use card::{Anchors, Session, Verb, perform, prefetch, record, tlv};
use card_front::grey::Grey;
use card_front::net::{ERA, ERA_CLASSES, GLYPH, GLYPH_CLASSES, Net};
use card_front::{Day, Look, Reader, Vote};
use checkin::code_b::CodeB;
use checkin::items::ItemsKey;
use checkin::secret::Digits;
use myna_card::{Certificate, Error, Transmit};
use std::sync::OnceLock;
use virtual_card::script::Script;
use virtual_card::{Persona, VirtualCard};

/// A function that must come back from any bytes, and its name.
#[derive(Clone, Copy)]
pub struct Target {
    /// Name of the folder of its corpus.
    pub name: &'static str,
    /// The function.
    pub run: fn(&[u8]),
}

/// Everything that is fed.
pub const TARGETS: &[Target] = &[
    Target { name: "tlv", run: tlv_walk },
    Target { name: "card_face", run: card_face },
    Target { name: "issuer", run: issuer },
    Target { name: "items", run: items },
    Target { name: "certificate", run: certificate },
    Target { name: "jp2", run: jp2 },
    Target { name: "card_front", run: card_front },
    Target { name: "card_front_model", run: card_front_model },
    Target { name: "answers", run: answers },
    Target { name: "commands", run: commands },
    Target { name: "script", run: script },
    Target { name: "persona", run: persona },
    Target { name: "oqs", run: oqs_file },
];

fn tlv_walk(mut bytes: &[u8]) {
    while let Ok(header) = tlv::header(bytes) {
        assert!(header.start <= header.end && header.start >= 2);
        match tlv::expect(bytes, header.tag) {
            Ok((value, rest)) => {
                assert_eq!(header.start + value.len() + rest.len(), bytes.len());
                bytes = rest;
            }
            Err(_) => return,
        }
    }
}

fn card_face(bytes: &[u8]) {
    if let Ok(needed) = record::needed(bytes) {
        let _ = record::CardFace::parse(&bytes[..needed.min(bytes.len())]);
    }
    if let Ok(face) = record::CardFace::parse(bytes) {
        assert!(face.photo.len() <= bytes.len());
    }
}

/// 券面事項入力補助 EF 0002.
fn items(bytes: &[u8]) {
    if let Ok(owner) = card::items::parse(bytes) {
        assert!(!owner.name.is_empty() && owner.name.chars().count() <= 300);
    }
}

fn issuer(bytes: &[u8]) {
    if let Ok(certificate) = record::issuer(bytes) {
        assert_eq!(certificate.signature.len(), 256);
    }
}

fn certificate(bytes: &[u8]) {
    if let Ok(certificate) = Certificate::parse(bytes) {
        let _ = certificate.public_key();
        let _ = certificate.serial_number();
        let _ = certificate.inner().tbs_certificate().validity().not_after.to_unix_duration();
    }
}

fn jp2(bytes: &[u8]) {
    let _ = face::jp2::decode(bytes);
}

/// A reader whose networks say anything, and a frame made of the input: bright in the middle, so that a card
/// is found, with the input as print.
fn card_front(bytes: &[u8]) {
    static READER: OnceLock<Reader> = OnceLock::new();
    let reader = READER.get_or_init(|| {
        let mut dice = Dice::new(5);
        let mut net = |(width, height): (usize, usize), outputs: usize| {
            let mut weights = |count: usize, by: f32| -> Vec<f32> {
                (0..count).map(|_| (f32::from(dice.byte()) / 127.5 - 1.0) * by).collect()
            };
            let inputs = width * height;
            let (first, second) = (weights(8 * (inputs + 1), 0.2), weights(9 * outputs, 3.0));
            Net { shape: [inputs, 8, outputs], first, second }
        };
        Reader { glyphs: net(GLYPH, GLYPH_CLASSES), eras: net(ERA, ERA_CLASSES) }
    });
    let mut frame = vec![40; 320 * 240];
    for (at, value) in frame.iter_mut().enumerate() {
        let (x, y) = (at % 320, at / 320);
        if (30..290).contains(&x) && (30..194).contains(&y) {
            let byte = bytes.get((y - 30) * 65 + (x - 30) / 4).copied().unwrap_or(255);
            *value = 0xA0 | byte >> 2;
        }
    }
    if let Ok(frame) = Grey::new(320, 240, frame)
        && let Look::Read(sighting) = reader.look(&frame)
    {
        let today = Day { year: 2026, month: 11, day: 25 };
        if let Some(reading) = Vote::new(today).add(sighting) {
            assert!((1..=12).contains(&reading.month) && (1..=31).contains(&reading.day));
        }
    }
}

fn card_front_model(bytes: &[u8]) {
    if let Ok(reader) = Reader::from_bytes(bytes) {
        assert_eq!(reader.to_bytes(), bytes);
    }
    if let Ok((net, _)) = Net::from_bytes(bytes) {
        net.mean(&[vec![0.5; net.shape[0]]]);
    }
}

/// A card whose answers are the input: each one byte of length and that many bytes.
struct Liar<'a>(&'a [u8]);

impl Transmit for Liar<'_> {
    fn transmit(&mut self, _: &[u8]) -> Result<Vec<u8>, Error> {
        let (length, rest) = self.0.split_first().ok_or(Error::NoReader)?;
        // 0 stands for a full read.
        let length = if *length == 0 { 258 } else { usize::from(*length) };
        let (answer, rest) = rest.split_at(length.min(rest.len()));
        self.0 = rest;
        Ok(answer.to_vec())
    }
}

fn anchors() -> &'static Anchors {
    static ANCHORS: OnceLock<Anchors> = OnceLock::new();
    ANCHORS.get_or_init(|| Anchors::load(&[]).expect("the published roots are built in"))
}

fn answers(bytes: &[u8]) {
    let mut session = Session::default();
    let mut liar = Liar(bytes);
    perform(&mut liar, &mut session, anchors(), &Verb::Inspect);
    prefetch(&mut liar, &mut session);
    let mut liar = Liar(bytes);
    let code: CodeB = Digits::parse("59051220342285").expect("14 digits");
    let codes = code.into();
    let done = perform(&mut liar, &mut session, anchors(), &Verb::ReadPhoto { codes, items: true });
    assert!(done.photo.is_none(), "a photo that nobody signed");
    let mut liar = Liar(bytes);
    let pin = checkin::secret::Pin::parse("1234").expect("4 digits");
    perform(&mut liar, &mut session, anchors(), &Verb::Sign(pin));
    let mut liar = Liar(bytes);
    perform(&mut liar, &mut session, anchors(), &Verb::CountItemsTries);
    let mut liar = Liar(bytes);
    let pin = checkin::secret::ItemsPin::parse("5678").expect("4 digits");
    let done = perform(&mut liar, &mut session, anchors(), &Verb::ReadItems(ItemsKey::Pin(pin)));
    let read = matches!(done.answer, Some(checkin::Answer::ItemsRead(Ok(_))));
    assert!(!read, "items that nobody signed");
}

/// The commands of one session: each one byte of length and that many bytes.
fn commands(mut bytes: &[u8]) {
    thread_local! {
        static CARD: std::cell::RefCell<VirtualCard> = std::cell::RefCell::new(card());
    }
    CARD.with_borrow_mut(|card| {
        card.reset();
        while let Some((length, rest)) = bytes.split_first() {
            let (command, rest) = rest.split_at(usize::from(*length).min(rest.len()));
            let answer = card.transmit(command);
            assert!((2..=258).contains(&answer.len()));
            bytes = rest;
        }
    });
}

fn card() -> VirtualCard {
    let (_, text) = &eligibility_sim::personas()[0];
    let now = jiff::Timestamp::from_second(1_795_000_000).expect("a moment in 2026");
    let persona = Persona::from_toml(text, now).expect("the built-in personas are tested");
    VirtualCard::new(&persona, None, now)
}

fn script(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Script::from_toml(text);
    }
}

fn persona(bytes: &[u8]) {
    let now = jiff::Timestamp::from_second(1_795_000_000).expect("a moment in 2026");
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(persona) = Persona::from_toml(text, now)
        && let Some(holder) = persona.holder
    {
        let _ = holder.verification_code_b();
    }
}

/// A file that can be read is written, and read again as the same.
fn oqs_file(bytes: &[u8]) {
    let Ok(message) = oqs::parse(bytes) else { return };
    let _ = message.eligibility();
    let _ = message.consents();
    for kind in oqs::Kind::ALL {
        let _ = message.check(kind);
    }
    let _ = oqs::to_xml(&message, oqs::Encoding::ShiftJis);
    if let Ok(xml) = oqs::to_xml(&message, oqs::Encoding::Utf8) {
        assert_eq!(oqs::parse(&xml.bytes), Ok(message));
    }
}
