//! Scripts: what they say happens, once and not again.

use std::convert::Infallible;
use std::time::Duration;

use virtual_card::script::{Effect, Fault, On, Reply, Script, ScriptedCard, Target};
use virtual_card::{Link, Persona, Speed};

use crate::{card, now, persona};

const SELECT_JPKI: [u8; 15] = [0, 0xA4, 4, 12, 10, 0xD3, 0x92, 0xF0, 0, 0x26, 1, 0, 0, 0, 1];
const SELECT_FACE: [u8; 15] = [0, 0xA4, 4, 12, 10, 0xD3, 0x92, 0x10, 0, 0x31, 0, 1, 1, 4, 2];
const READ_CERTIFICATE: [u8; 5] = [0, 0xB0, 0x8A, 0, 0];
const OK: [u8; 2] = [0x90, 0x00];

fn scripted(fault: Fault) -> ScriptedCard {
    ScriptedCard::new(card("valid"), Speed::Instant, vec![fault])
}

fn answer(card: &mut ScriptedCard, command: &[u8]) -> Vec<u8> {
    match card.respond(command) {
        Reply::Answer(answer, _) => answer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_fault_waits_for_its_file_and_happens_once() {
    let fault = Fault::once(On::Read, Effect::Status(0x6F00)).of(Target::Jpki, 0x000A).at(2);
    let mut card = scripted(fault);
    assert_eq!(answer(&mut card, &SELECT_JPKI), OK);
    assert_eq!(answer(&mut card, &[0, 0xB0, 0x86, 0, 32]).len(), 34);
    let first = answer(&mut card, &READ_CERTIFICATE);
    assert_eq!(answer(&mut card, &READ_CERTIFICATE), [0x6F, 0x00]);
    assert_eq!(answer(&mut card, &READ_CERTIFICATE), first);
}

#[test]
fn every_effect_does_what_it_is_called() {
    let mut plain = scripted(Fault::once(On::Challenge, Effect::Mute));
    answer(&mut plain, &SELECT_JPKI);
    let whole = answer(&mut plain, &READ_CERTIFICATE);
    let read = |effect| {
        let mut card = scripted(Fault::once(On::Read, effect));
        answer(&mut card, &SELECT_JPKI);
        card.respond(&READ_CERTIFICATE)
    };
    let bytes = |effect| match read(effect) {
        Reply::Answer(bytes, _) => bytes,
        other => panic!("{other:?}"),
    };
    assert_eq!(read(Effect::Mute), Reply::Mute);
    assert_eq!(read(Effect::Pull), Reply::Pulled);
    assert_eq!(bytes(Effect::Status(0x6982)), [0x69, 0x82]);
    assert_eq!(bytes(Effect::RefuseAfter(0x6281)), [0x62, 0x81]);
    assert_eq!(bytes(Effect::Cut(3)), [&whole[..3], &OK].concat());
    let changed = bytes(Effect::Corrupt { at: 7, xor: 4 });
    assert_eq!((changed[7], changed.len()), (whole[7] ^ 4, whole.len()));
    assert_eq!(bytes(Effect::Empty), [0; 0]);
    assert_eq!(bytes(Effect::Long(300)).len(), 302);
    assert_eq!(bytes(Effect::Length), [0x6C, 0x10]);
    let Reply::Answer(_, late) = read(Effect::Delay(70)) else { panic!("it answers") };
    assert_eq!(late, Duration::from_millis(70));
}

#[test]
fn an_endless_answer_goes_on_for_ever_and_ends_with_another_command() {
    let mut card = scripted(Fault::once(On::Read, Effect::More));
    answer(&mut card, &SELECT_JPKI);
    let more = answer(&mut card, &READ_CERTIFICATE);
    for _ in 0..20 {
        assert_eq!(answer(&mut card, &[0, 0xC0, 0, 0, 0xFF]), more);
    }
    assert!(answer(&mut card, &READ_CERTIFICATE).ends_with(&OK));
}

#[test]
fn bytes_are_counted_from_power_up() {
    let mut card = scripted(Fault { after_bytes: 540, ..Fault::once(On::Any, Effect::Pull) });
    answer(&mut card, &SELECT_JPKI);
    answer(&mut card, &READ_CERTIFICATE);
    card.reset();
    answer(&mut card, &SELECT_JPKI);
    answer(&mut card, &READ_CERTIFICATE);
    answer(&mut card, &READ_CERTIFICATE);
    assert_eq!(card.respond(&READ_CERTIFICATE), Reply::Pulled);
}

#[test]
fn a_recording_masks_what_is_presented() {
    let mut card = scripted(Fault::once(On::Read, Effect::Mute));
    card.record();
    answer(&mut card, &SELECT_JPKI);
    answer(&mut card, b"\x00\x20\x00\x98\x041234");
    card.respond(&READ_CERTIFICATE);
    let trace = card.take_trace();
    let lines: Vec<String> = trace.iter().map(virtual_card::script::Entry::json).collect();
    assert_eq!(trace[1].command, "00 20 00 98 04 ** ** ** **");
    assert_eq!(trace[2].answer, "mute");
    assert!(
        lines.iter().all(|line| !line.contains("31 32") && !line.contains("1234")),
        "{lines:?}"
    );
    assert!(lines[1].contains(r#""answer":"9000""#), "{}", lines[1]);
}

#[test]
fn scripts_are_read_strictly() {
    let script = Script::from_toml(
        "[link]\nbits_per_second = 212000\ncommand_ms = 5\nsignature_ms = 300\n\
         [card]\nauth_pin_tries = 1\nrecords_of = \"face-only.toml\"\n\
         [[fault]]\non = \"read\"\napp = \"face\"\nfile = \"0002\"\nnth = 3\ndo = \"corrupt\"\nat = 9\n",
    )
    .unwrap();
    let link =
        Link { bits_per_second: 212_000, command_us: 5_000, signature_us: 300_000, jitter_us: 0 };
    assert_eq!(script.link, Some(link));
    let corrupt = Fault::once(On::Read, Effect::Corrupt { at: 9, xor: 1 });
    assert_eq!(script.faults, [corrupt.of(Target::Face, 2).at(3)]);
    for (wrong, field) in [
        ("[[fault]]\ndo = \"explode\"\n", "do"),
        ("[[fault]]\ndo = \"status\"\n", "status"),
        ("[[fault]]\ndo = \"status\"\nstatus = \"+F00\"\n", "status"),
        ("[[fault]]\ndo = \"mute\"\nnth = 0\n", "nth"),
        ("[[fault]]\ndo = \"mute\"\nfile = \"2\"\n", "file"),
        ("[[fault]]\ndo = \"delay\"\n", "ms"),
        ("[card]\nauth_pin_tries = 4\n", "auth_pin_tries"),
        ("[link]\nbits_per_second = 1\ncommand_ms = 1\nsignature_ms = 1\n", "bits_per_second"),
        ("[[faults]]\ndo = \"mute\"\n", "faults"),
    ] {
        let error = Script::from_toml(wrong).unwrap_err().to_string();
        assert!(error.contains(field), "{wrong}: {error}");
    }
}

#[test]
fn the_scripts_that_come_along_can_be_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        Script::from_toml(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        count += 1;
    }
    assert!(count >= 6, "{count}");
}

#[test]
fn copied_records_open_with_the_numbers_of_the_other_card() {
    let script =
        Script::from_toml("[card]\nrecords_of = \"face-only\"\ncode_b_tries = 7\n").unwrap();
    let other = |name: &str| Ok::<Persona, Infallible>(persona(name));
    let mut card = script.make(&persona("valid"), None, now(), other).unwrap();
    card.transmit(&SELECT_FACE);
    let theirs = persona("face-only").holder.unwrap().verification_code_b();
    let verify = [b"\x00\x20\x00\x92\x0E", theirs.reveal().as_bytes()].concat();
    assert_eq!(card.transmit(&verify), OK);
}
