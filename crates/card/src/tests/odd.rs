//! What is odd about cards and readers: damaged is refused, honest is read.

use super::*;

#[test]
fn a_damaged_record_is_refused_wherever_the_damage_is() {
    // Tags, lengths, offsets, dates, the chip's key, the signature.
    for place in [0, 3, 6, 9, 26, 27, 29, 37, 40, 44, 60, 310, 316] {
        let mut bench = bench("valid", same);
        bench.inspect().unwrap();
        BREAK_AT.set(place);
        bench.link.disturb = |command, mut answer| {
            // The card-face record: by short identifier first, then by offset.
            let from = match command {
                [0x00, 0xB0, 0x82, 0, _] => Some(0),
                [0x00, 0xB0, high @ 0..=0x7F, low, _] => {
                    Some(usize::from(*high) << 8 | usize::from(*low))
                }
                _ => None,
            };
            if let Some(at) = from.and_then(|from| BREAK_AT.get().checked_sub(from))
                && at + 2 < answer.len()
            {
                answer[at] ^= 1;
            }
            Ok(answer)
        };
        let found = bench.photo(&CODE);
        let told = matches!(
            found,
            Err(PhotoProblem::NotVerified(Doubt::Form) | PhotoProblem::NotGenuine(Doubt::Record))
        );
        assert!(told, "{place}: {found:?}");
    }
}

thread_local! {
    static BREAK_AT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[test]
fn a_reader_that_takes_small_reads_only_still_works() {
    let mut bench = bench("valid", same);
    bench.link.disturb = |command, answer| match command {
        [0x00, 0xB0, _, _, 0 | 0x81..=0xFF] => Ok(vec![0x67, 0x00]),
        _ => Ok(answer),
    };
    bench.inspect().unwrap();
    bench.photo(&CODE).unwrap();
}

thread_local! {
    static REFUSAL: std::cell::Cell<u16> = const { std::cell::Cell::new(0) };
}

/// Commands with a short identifier are not carried out, but refused.
fn without_short_identifiers(command: &[u8]) -> Option<Vec<u8>> {
    let short = matches!(
        command,
        [0x00, 0xB0, 0x80..=0xFF, ..]
            | [0x00, 0x20, _, 0x81..=0xFF, ..]
            | [0x80, 0x2A, _, 0x81..=0xFF, ..]
    );
    short.then(|| REFUSAL.get().to_be_bytes().to_vec())
}

#[test]
fn a_card_without_short_identifiers_still_works() {
    for refusal in
        [0x6A82, 0x6A86, 0x6B00, 0x6981, 0x6985, 0x6986, 0x6A80, 0x6A81, 0x6A88, 0x6D00, 0x6E00]
    {
        REFUSAL.set(refusal);
        let mut bench = bench("valid", same);
        bench.link.before = without_short_identifiers;
        let facts = bench.inspect().unwrap_or_else(|error| panic!("{refusal:04X}: {error:?}"));
        assert_eq!(
            (facts.pin_tries, facts.code_b_tries),
            (TriesLeft::Count(3), TriesLeft::Count(10))
        );
        assert_eq!(bench.photo(&CODE), Ok(()), "{refusal:04X}");
        assert_eq!(bench.sign("1234"), Ok(()), "{refusal:04X}");
        assert_eq!(
            bench.photo(&format!("{}0000", &CODE[..10])),
            Err(PhotoProblem::WrongCode(TriesLeft::Count(9)))
        );
    }
}

#[test]
fn a_chip_that_refuses_to_prove_itself_is_no_alarm() {
    for refusal in [0x6D00, 0x6E00, 0x6985, 0x6A81, 0x6A86] {
        REFUSAL.set(refusal);
        let mut bench = bench("valid", same);
        bench.link.disturb = |command, answer| match command {
            [0x80, 0x2A, 0, 0, ..] => Ok(REFUSAL.get().to_be_bytes().to_vec()),
            _ => Ok(answer),
        };
        bench.inspect().unwrap();
        assert_eq!(unproved(&mut bench, &CODE), Doubt::Chip, "{refusal:04X}");
        bench.sign("1234").unwrap();
    }
}

#[test]
fn an_issuer_that_is_missing_or_unknown_is_no_alarm() {
    let mut bench = bench("valid", same);
    // EF 0004 by its short identifier: missing, of another form, of an authority of test cards.
    bench.link.disturb = |command, answer| match command {
        [0x00, 0xB0, 0x84, ..] | [0x00, 0xA4, 0x02, _, 2, 0, 4] => Ok(vec![0x6A, 0x82]),
        _ => Ok(answer),
    };
    bench.inspect().unwrap();
    assert_eq!(unproved(&mut bench, &CODE), Doubt::Issuer);
    bench.link.disturb = |command, mut answer| {
        if command[..3] == [0x00, 0xB0, 0x84] {
            answer[0] ^= 1;
        }
        Ok(answer)
    };
    bench.inspect().unwrap();
    assert_eq!(unproved(&mut bench, &CODE), Doubt::Issuer);
}

#[test]
fn a_certificate_of_an_unknown_root_is_no_alarm() {
    let mut bench = bench("valid", same);
    // The identifier of the issuer's key: tag 80, 20 bytes, in the extension 2.5.29.35.
    bench.link.disturb = |command, mut answer| {
        let mark = [0x55, 0x1D, 0x23, 0x04];
        if command[1] == 0xB0
            && let Some(at) = answer.windows(4).position(|window| window == mark)
            && at + 12 < answer.len()
        {
            answer[at + 10] ^= 1;
        }
        Ok(answer)
    };
    assert_eq!(bench.inspect(), Err(CardProblem::NotVerified));
    // Another extension in its place: the name alone, which all generations of a root share, names none.
    bench.link.disturb = |command, mut answer| {
        let mark = [0x55, 0x1D, 0x23, 0x04];
        if command[1] == 0xB0
            && let Some(at) = answer.windows(4).position(|window| window == mark)
        {
            answer[at + 2] ^= 0x40;
        }
        Ok(answer)
    };
    assert_eq!(bench.inspect(), Err(CardProblem::NotVerified));
}

/// The front of a foreign resident's card, born on 12 May 1984, as typed there.
fn gregorian() -> Candidates {
    let security_code = Digits::parse("2285").unwrap();
    let (era, era_year, month, day) = (Era::Gregorian, 1984, 5, 12);
    let typed = TypedCode {
        era,
        era_year,
        month,
        day,
        expiry_year: CODE[6..10].parse().unwrap(),
        security_code,
    };
    typed.candidates(jiff::Timestamp::now()).unwrap()
}

#[test]
fn gregorian_years_are_tried_both_ways() {
    let born = Birth::parse("19840512");
    // A card that counts the era's year: found at once.
    let mut card = bench("valid", same);
    assert_eq!((card.photo_by(gregorian()), card.link.presented), (Ok(born), 1));
    // One that counts the Gregorian year: found by the second, whose date the chip confirms.
    let mut card =
        bench("valid", |text| text.replace("[card]", "[card]\ncode_b_year = \"gregorian\""));
    assert_eq!((card.photo_by(gregorian()), card.link.presented), (Ok(born), 2));
    assert_eq!(
        card.photo(&format!("840512{}", &CODE[6..])),
        Ok(()),
        "typed in two digits under any era"
    );
    // Two wrong readings cost two tries, and the second is kept back when only five are left.
    let tries = |left: u8| format!("code_b_tries = {left}\nauth_pin = ");
    for (before, after, presented) in [(10, 8, 2), (7, 5, 2), (6, 5, 1), (5, 5, 0)] {
        let mut card = bench("valid", |text| {
            text.replace("auth_pin = ", &tries(before))
                .replace("code = \"2285\"", "code = \"0000\"")
        });
        let wrong = card.photo_by(gregorian()).unwrap_err();
        let left = TriesLeft::Count(after);
        assert!(
            [PhotoProblem::WrongCode(left), PhotoProblem::TooFewTries(left)].contains(&wrong),
            "{before}: {wrong:?}"
        );
        assert_eq!(card.link.presented, presented, "{before}");
    }
}

#[test]
fn births_that_no_calendar_has_are_read() {
    for (recorded, code) in [("19840230", "590230"), ("19840500", "590500"), ("19990229", "590229")]
    {
        let field = format!("[card]\nrecorded_birth = \"{recorded}\"");
        let mut card = bench("valid", |text| text.replace("[card]", &field));
        let code: CodeB = Digits::parse(&format!("{code}{}", &CODE[6..])).unwrap();
        let read = card.photo_by(code.into());
        if recorded == "19990229" {
            // The year on its front and the year in its record are two people's: not proved, and no alarm.
            assert_eq!(read, Err(PhotoProblem::NotVerified(Doubt::BirthDate)));
        } else {
            assert_eq!(read, Ok(Birth::parse(recorded)), "{recorded}");
        }
    }
}
