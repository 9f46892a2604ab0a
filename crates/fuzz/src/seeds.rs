//! Good inputs to begin with, taken from practice cards.

use virtual_card::{Persona, VirtualCard};

const JPKI: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
const FACE: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02";

const TEXT: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08";

/// Inputs that a target takes without complaint.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "tlv" | "card_face" => vec![read(FACE, true, 0x82), read(FACE, false, 0x84)],
        "issuer" => vec![read(FACE, false, 0x84)],
        "items" => vec![items()],
        "certificate" => vec![read(JPKI, false, 0x8A), read(JPKI, false, 0x8B)],
        "jp2" => vec![photo()],
        "card_front" => vec![(0..=255).cycle().take(4000).collect(), vec![0; 2000]],
        "card_front_model" => {
            vec![vec![0, 2, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]]
        }
        "answers" => vec![session(true)],
        "commands" => vec![session(false)],
        "script" => vec![SCRIPT.as_bytes().to_vec()],
        "oqs" => oqs_files(),
        _ => eligibility_sim::personas().iter().map(|(_, text)| text.as_bytes().to_vec()).collect(),
    }
}

/// 券面事項入力補助 EF 0002.
fn items() -> Vec<u8> {
    let (mut card, verify) = card();
    card.transmit(TEXT);
    // Reference 0015 in the place of 0012.
    card.transmit(&[&verify[..3], &[0x95], &verify[4..]].concat());
    take(card.transmit(&[0x00, 0xB0, 0x82, 0x00, 0x00]))
}

/// The terminal's own file, in both encodings, and one of the other kinds.
fn oqs_files() -> Vec<Vec<u8>> {
    let sample: &[u8] = include_bytes!("../../oqs/tests/data/terminal-sample.xml");
    let message = oqs::parse(sample).expect("the sample");
    let japanese = oqs::to_xml(&message, oqs::Encoding::ShiftJis).expect("the sample").bytes;
    vec![sample.to_vec(), japanese, BULK.as_bytes().to_vec()]
}

const BULK: &str = "<XmlMsg><MessageHeader><ReceptionNumber>1</ReceptionNumber><NumberOfError>2</NumberOfError></MessageHeader><MessageBody><BulkConfirmUnit><QualificationValidity>6</QualificationValidity><ResultOfQualificationConfirmation><Name>a&amp;b</Name><Birthdate>19450229</Birthdate><PublicExpenseResultList><MedicalTicketInfo><TicketType>1</TicketType><Odd><A/></Odd></MedicalTicketInfo></PublicExpenseResultList><TestInfoConsFlg>1</TestInfoConsFlg><LimitApplicationCertificateRelatedInfo><LimitApplicationCertificateDate>20260230</LimitApplicationCertificateDate></LimitApplicationCertificateRelatedInfo></ResultOfQualificationConfirmation></BulkConfirmUnit></MessageBody></XmlMsg>";

const SCRIPT: &str = "[link]\nbits_per_second = 106000\ncommand_ms = 6\nsignature_ms = 350\n[card]\nrecords_of = \"a.toml\"\n[[fault]]\non = \"read\"\napp = \"face\"\nfile = \"0002\"\nnth = 2\ndo = \"corrupt\"\nat = 10\n";

fn card() -> (VirtualCard, Vec<u8>) {
    let (_, text) =
        eligibility_sim::personas().iter().find(|(id, _)| *id == "valid").expect("built in");
    let now = jiff::Timestamp::from_second(1_795_000_000).expect("a moment in 2026");
    let persona = Persona::from_toml(text, now).expect("the built-in personas are tested");
    let code = persona.holder.as_ref().expect("a person's card").verification_code_b();
    let verify = [b"\x00\x20\x00\x92\x0E", code.reveal().as_bytes()].concat();
    (VirtualCard::new(&persona, None, now), verify)
}

/// A whole file; `open` presents 照合番号B first.
fn read(application: &[u8], open: bool, file: u8) -> Vec<u8> {
    let (mut card, verify) = card();
    card.transmit(application);
    if open {
        card.transmit(&verify);
    }
    let mut bytes = take(card.transmit(&[0x00, 0xB0, file, 0x00, 0x00]));
    while bytes.len().is_multiple_of(256) && bytes.len() < 0x7F00 {
        let [.., high, low] = bytes.len().to_be_bytes();
        let more = take(card.transmit(&[0x00, 0xB0, high, low, 0x00]));
        if more.is_empty() {
            break;
        }
        bytes.extend(more);
    }
    bytes
}

fn take(mut answer: Vec<u8>) -> Vec<u8> {
    answer.truncate(answer.len() - 2);
    answer
}

fn photo() -> Vec<u8> {
    let face = read(FACE, true, 0x82);
    let record = card::record::needed(&face).expect("a practice record");
    card::record::CardFace::parse(&face[..record]).expect("a practice record").photo.to_vec()
}

/// What is said when a card is placed: its answers, or the commands.
fn session(answers: bool) -> Vec<u8> {
    let (mut card, verify) = card();
    let mut out = Vec::new();
    let mut say = |command: &[u8]| {
        let answer = card.transmit(command);
        let said = if answers { &answer[..] } else { command };
        // 258 bytes, a full read, are written as 0.
        out.push(if said.len() == 258 { 0 } else { u8::try_from(said.len()).unwrap_or(255) });
        out.extend(said);
    };
    for command in [JPKI, &[0, 0xB0, 0x86, 0, 32], &[0, 0xB0, 0x8A, 0, 0], &[0, 0xB0, 1, 0, 0]] {
        say(command);
    }
    for command in [&[0, 0xB0, 2, 0, 0][..], &[0, 0xB0, 3, 0, 0xA7], &[0, 0x20, 0, 0x98], FACE] {
        say(command);
    }
    for command in [&[0, 0x20, 0, 0x92][..], &verify, &[0, 0xB0, 0x82, 0, 0], &[0, 0xB0, 1, 0, 0]] {
        say(command);
    }
    out
}
