//! Files in the ways in which other programs write them.

use crate::SAMPLE;
use encoding_rs::SHIFT_JIS;
use oqs::{Encoding, Message, parse, parse_with_encoding};

fn sample() -> Message {
    parse(SAMPLE.as_bytes()).unwrap()
}

/// In code page 932, as a program on Windows writes it.
fn windows(text: &str, label: &str) -> Vec<u8> {
    let text = text.replace("\"UTF-8\"", &format!("\"{label}\"")).replace('\n', "\r\n");
    let (bytes, _, errors) = SHIFT_JIS.encode(&text);
    assert!(!errors);
    bytes.into_owned()
}

#[test]
fn every_way_of_writing_is_the_same_file() {
    let mut ways: Vec<(String, Vec<u8>)> = Vec::new();
    for label in ["Shift_JIS", "shift_jis", "SHIFT-JIS", "windows-31j", "MS932", "cp932", "x-sjis"]
    {
        ways.push((label.to_owned(), windows(SAMPLE, label)));
    }
    let mut way = |what: &str, text: String| ways.push((what.to_owned(), text.into_bytes()));
    way("byte order mark", format!("\u{FEFF}{SAMPLE}"));
    way(
        "byte order mark and a wrong label",
        format!("\u{FEFF}{SAMPLE}").replace("UTF-8", "Shift_JIS"),
    );
    way("line ends", SAMPLE.replace('\n', "\r\n"));
    way("old line ends", SAMPLE.replace('\n', "\r"));
    way("one line", SAMPLE.lines().map(str::trim).collect());
    way("tabs", SAMPLE.replace("    ", "\t"));
    way("blank lines in front", format!("\r\n \n{SAMPLE}"));
    way("blank lines behind", format!("{SAMPLE}\n\n  \n"));
    way("no declaration", SAMPLE.split_once("?>").unwrap().1.to_owned());
    way(
        "blanks in end tags",
        SAMPLE.replace("</Name>", "</Name >").replace("</Sex1>", "</Sex1\n\t>"),
    );
    way("blanks in start tags", SAMPLE.replace("<Name>", "<Name  >").replace("<Sex1>", "<Sex1\n>"));
    way("blanks around values", SAMPLE.replace(">1<", ">\n  1 <").replace(">4260<", "> 4260\r\n<"));
    way(
        "empty elements",
        SAMPLE.replace("<Name>", "<NameOfOther/><Sex2 /><ReasonOfLoss></ReasonOfLoss><Name>"),
    );
    way("blank elements", SAMPLE.replace("<Name>", "<DisqualificationDate>        </DisqualificationDate><PreschoolClassification>　</PreschoolClassification><Name>"));
    way("comments", SAMPLE.replace("<Name>", "<!-- 氏名 --><Name>"));
    way("sections", SAMPLE.replace("診療　太郎", "<![CDATA[診療]]>　太郎"));
    way("references", SAMPLE.replace("診療　太郎", "&#35386;&#x7642;　太郎"));
    way(
        "full width",
        SAMPLE.replace(">20010327<", ">２００１０３２７<").replace("  123456", "００１２３４５６"),
    );
    way(
        "no leading zeros",
        SAMPLE.replace("Number>01<", "Number>1<").replace("cation>01<", "cation>1<"),
    );
    way(
        "schema",
        SAMPLE.replace(
            "<XmlMsg>",
            "<XmlMsg xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">",
        ),
    );
    for (what, bytes) in ways {
        let read = parse(&bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(read, sample(), "{what}");
        assert_eq!(read.eligibility(), sample().eligibility(), "{what}");
    }
    let (_, encoding) = parse_with_encoding(&windows(SAMPLE, "Shift_JIS")).unwrap();
    assert_eq!(encoding, Encoding::ShiftJis);
}

#[test]
fn characters_of_windows_and_lost_ones_are_read() {
    let text = SAMPLE.replace("診療　太郎", "髙﨑　●①㈱Ⅲ");
    let read = parse(&windows(&text, "Shift_JIS")).unwrap();
    assert_eq!(read.results().next().unwrap().name.as_deref(), Some("髙﨑　●①㈱Ⅲ"));
    // U+E000, a character of the clinic's own (外字): lies in F040 of code page 932.
    let gaiji = parse(SAMPLE.replace("診療　太郎", "\u{E000}田").as_bytes()).unwrap();
    let written = oqs::to_xml(&gaiji, Encoding::ShiftJis).unwrap();
    assert!(written.lost.is_empty() && written.bytes.windows(2).any(|pair| pair == [0xF0, 0x40]));
    assert_eq!(parse(&written.bytes).unwrap(), gaiji);
}

#[test]
fn a_date_that_no_calendar_has_stays_as_written() {
    let text = SAMPLE.replace(">20191001</InsuredCardV", ">20230230</InsuredCardV");
    let file = parse(text.as_bytes()).unwrap();
    let result = file.results().next().unwrap();
    assert_eq!(result.valid_from.unwrap().to_string(), "20230230");
    let rule = file.eligibility().unwrap().qualifications[0].valid_from;
    assert_eq!(rule, Some(jiff::civil::date(2023, 2, 28)));
    let written = oqs::to_xml(&file, Encoding::Utf8).unwrap().bytes;
    assert!(String::from_utf8(written).unwrap().contains(">20230230</InsuredCardValidDate>"));
}
