//! Status words, byte by byte, and arbitrary input.

use proptest::{collection::vec, prelude::*};
use virtual_card::{Persona, PersonaError, VirtualCard};

use crate::{card, now};

const SELECT_JPKI: &str = "00A4040C0AD392F000260100000001";
const SELECT_SURFACE: &str = "00A4040C0AD3921000310001010402";

fn send(card: &mut VirtualCard, command: &str) -> String {
    hex::encode_upper(card.transmit(&hex::decode(command).unwrap()))
}

#[test]
fn status_words_are_those_of_the_real_card() {
    let mut card = card("valid");
    let answers = [
        ("00B0000000", "6986"), // nothing selected
        ("00A40000", "6A86"),   // SELECT MF at power-on
        ("00CA5F5100", "E000FF8131FE45149000"),
        (SELECT_JPKI, "9000"),
        ("00A40000", "9000"),
        ("00A4000C023F00", "6A82"),
        ("00A4020C021234", "6A82"),
        ("00B0000000", "6986"), // an application is no file
        ("00A4020C020018", "9000"),
        ("00B0000000", "6981"), // a PIN is not readable
        ("00200080", "63C3"),   // free of charge
        ("00200080", "63C3"),
        ("0020008004393939", "6700"), // Lc says more than there is
        ("002000800439393939", "63C2"),
        ("002000980439393939", "63C1"),
        ("002000800439393939", "63C0"),
        ("002000800431323334", "6984"),
        ("00200080", "63C0"),
        ("00A4020C020006", "9000"),
        ("00200080", "6981"),               // not a reference
        ("00B000A000", "6B00"),             // offset = length
        ("00B0009F00", "399000"),           // last byte
        ("00B0000000000100", "6700"),       // extended length
        ("00B086000F", "4A504B4941504943"), // by short identifier, prefix compared
        ("802A008001FF00", "6981"),
        ("802A009701FF00", "6982"),
        ("802A069701FF00", "6982"),
        ("80A200C104DEADBEEF", "6700"), // 特定機関認証 without its certificate
        ("002401800431323334", "6D00"), // cards are not changed
        ("0120008004", "6881"),
        ("0CB0000000", "6882"),
        ("FFB0000000", "6E00"),
        ("00", "6700"),
    ];
    for (command, expected) in answers {
        let answer = send(&mut card, command);
        assert!(answer.starts_with(expected), "{command} → {answer}, expected {expected}");
    }
}

#[test]
fn signing_wants_room_for_256_bytes() {
    let mut card = card("valid");
    send(&mut card, SELECT_SURFACE);
    assert_eq!(send(&mut card, "802A00000401020304"), "6700");
    assert_eq!(send(&mut card, "802A0000040102030480"), "6C00");
    assert_eq!(send(&mut card, "802A0600040102030400"), "6A86");
    assert_eq!(send(&mut card, "802A0000040102030400").len(), 2 * 258);
}

#[test]
fn verification_ends_with_the_application() {
    let mut card = card("valid");
    for (leave, expected) in
        [(SELECT_JPKI, "6B00"), (SELECT_SURFACE, "6982"), ("00A4040C07A0000001510000", "6982")]
    {
        send(&mut card, SELECT_JPKI);
        assert_eq!(send(&mut card, "0020009B09505241435449434531"), "9000");
        send(&mut card, leave);
        send(&mut card, SELECT_JPKI);
        send(&mut card, "00A4020C020001");
        assert_eq!(send(&mut card, "00B07FFF00"), expected, "after {leave}");
    }
}

#[test]
fn other_things_on_the_reader() {
    let other =
        Persona::from_toml("id='bank'\nstory='x'\n[card]\nkind='not_my_number'", now()).unwrap();
    let mut card = VirtualCard::new(&other, None, now());
    assert_eq!(send(&mut card, SELECT_JPKI), "6A82");
    assert_eq!(send(&mut card, "00200080"), "6D00");
    let file = include_str!("../personas/valid.toml");
    for (kind, label) in [("phone", "JPKIAPGPSETOKEN "), ("juki", "JPKIAPICCTOKEN  ")] {
        let persona = Persona::from_toml(&file.replace("my_number", kind), now()).unwrap();
        let mut card = VirtualCard::new(&persona, None, now());
        send(&mut card, SELECT_JPKI);
        assert_eq!(card.transmit(&[0, 0xB0, 0x86, 0, 16])[..16], *label.as_bytes());
        assert_eq!(send(&mut card, SELECT_SURFACE), "6A82");
        send(&mut card, SELECT_JPKI);
        let certificate = if kind == "phone" { "6982" } else { "6A82" };
        assert_eq!(send(&mut card, "00B08A0000"), certificate);
    }
}

#[test]
fn persona_files_are_read_strictly_inside_card() {
    let file = include_str!("../personas/valid.toml");
    let field = |from: &str, to: &str| match Persona::from_toml(&file.replace(from, to), now()) {
        Err(PersonaError::Field { field, .. }) => field.to_owned(),
        other => other.unwrap_err().to_string(),
    };
    assert_eq!(field("\"2285\"", "\"22X5\""), "code");
    assert_eq!(field("227B13", "0000"), "serial");
    assert_eq!(field("\"PRACTICE1\"", "\"practice1\""), "sign_password");
    assert_eq!(field("= 900", "= 90000"), "certificate_not_after");
    assert_eq!(field("= 900", "= -2147483648"), "certificate_not_after");
    assert_eq!(field("auth_pin = \"1234\"\n", ""), "auth_pin");
    assert_eq!(field("\"my_number\"", "\"face_only\""), "auth_pin");
    assert_eq!(field("1980-02-17", "1850-02-17"), "birth");
    assert!(field("[insurance]", "surprise = 1\n[insurance]").contains("surprise"));
    assert!(!format!("{:?}", Persona::from_toml(file, now())).contains("2285"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Any bytes at all, and bytes that look like commands, on a card that has an application open.
    #[test]
    fn anything_gets_an_answer(noise in vec(any::<u8>(), 0..300), looks in 0..3usize, rest in vec(any::<u8>(), 0..20)) {
        let mut card = card("valid");
        let head: &[u8] = [&[][..], &[0x00, 0xA4, 0x02, 0x0C], &[0x00, 0xB0]][looks];
        for command in [noise, [head, &rest].concat(), hex::decode(SELECT_JPKI).unwrap(), [head, &rest].concat(), rest] {
            let answer = card.transmit(&command);
            prop_assert!((2..=258).contains(&answer.len()));
        }
    }
}
