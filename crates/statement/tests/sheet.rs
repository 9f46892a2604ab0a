//! The page, read back by an independent reader of XML.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use checkin::eligibility::Sex;
use checkin::era::{Era, TypedDate};
use checkin::statement::{Insurance, Reason, Statement, TypedStatement};
use jiff::civil::Date;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use statement::{Heading, Sheet, sheet};
use std::collections::BTreeMap;
use std::path::Path;

const TODAY: Date = Date::constant(2026, 11, 23);

fn font() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("files/NotoSansJP-Regular.ttf");
    std::fs::read(&path)
        .unwrap_or_else(|_| panic!("{} is missing: run `cargo xtask font`", path.display()))
}

fn typed() -> TypedStatement {
    TypedStatement {
        reason: Reason::NotRegisteredYet,
        insurance: Insurance::Work,
        insurer: "練習健康保険組合".into(),
        employer: "練習商事株式会社".into(),
        since: TypedDate { era: Era::Reiwa, year: 8, month: 10, day: 0 },
        share_percent: Some(30),
        name: "髙橋　𠮷子".into(),
        name_kana: "タカハシ　ヨシコ".into(),
        birth: TypedDate { era: Era::Heisei, year: 1, month: 1, day: 8 },
        sex: Sex::Female,
        address: "東京都練習区受付町一丁目２番３号　練習ハイツ１０１号室".into(),
        phone: "03-1234-5678".into(),
        no_phone: false,
    }
}

const HEADING: Heading<'static> = Heading { institution: "練習医院", practice: false };

fn page(typed: &TypedStatement) -> Sheet {
    let statement: Statement = typed.check(TODAY).unwrap();
    sheet(&statement, HEADING, &font()).unwrap()
}

/// An element and how deep it lies.
struct Element {
    depth: usize,
    name: String,
    attributes: BTreeMap<String, String>,
}

impl Element {
    fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).map(String::as_str)
    }

    /// The six numbers of its place.
    fn matrix(&self) -> Option<Vec<f32>> {
        let numbers = self.get("transform")?.strip_prefix("matrix(")?.strip_suffix(')')?;
        Some(numbers.split(' ').map(|number| number.parse().unwrap()).collect())
    }
}

fn elements(sheet: &Sheet) -> Vec<Element> {
    let element = |start: &BytesStart<'_>, depth| Element {
        depth,
        name: start.name().as_ref().to_owned(),
        attributes: start
            .attributes()
            .map(Result::unwrap)
            .map(|attribute| {
                let key = attribute.key.as_ref().to_owned();
                (key, quick_xml::escape::unescape(&attribute.value).unwrap().into_owned())
            })
            .collect(),
    };
    let (mut reader, mut all, mut depth) = (Reader::from_str(&sheet.svg), Vec::new(), 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                all.push(element(&start, depth));
                depth += 1;
            }
            Event::Empty(start) => all.push(element(&start, depth)),
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "every element ends");
    all
}

/// The text of the page, without blanks.
fn read_back(sheet: &Sheet) -> String {
    let elements = elements(sheet);
    let labels = elements.iter().filter_map(|element| element.get("aria-label"));
    labels.flat_map(str::split_whitespace).collect()
}

#[test]
fn every_field_is_on_the_page() {
    let sheet = page(&typed());
    assert_eq!(sheet.missing, Vec::<String>::new());
    let text = read_back(&sheet);
    for expected in [
        "被保険者資格申立書",
        "練習医院御中",
        "令和8年11月23日",
        "新しい保険の登録が済んでいない",
        "練習健康保険組合",
        "練習商事株式会社",
        "令和8年10月ごろ",
        "髙橋𠮷子",
        "タカハシヨシコ",
        "平成元年1月8日",
        "一丁目２番３号練習ハイツ１０１号室",
        "03-1234-5678",
        "署名",
        "これまで通りの負担割合",
        "厚生労働省が示した様式ではありません",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

#[test]
fn every_character_is_drawn_and_the_page_is_a4() {
    let sheet = page(&typed());
    assert!(sheet.svg.len() < 400_000, "{} bytes", sheet.svg.len());
    let all = elements(&sheet);
    assert_eq!((all[0].name.as_str(), all[0].get("viewBox")), ("svg", Some("0 0 595.28 841.89")));
    let outlines: Vec<&str> = all.iter().filter_map(|element| element.get("id")).collect();
    for (at, group) in all.iter().enumerate() {
        let Some(label) = group.get("aria-label") else { continue };
        let drawn = all[at + 1..].iter().take_while(|inside| inside.depth > group.depth).count();
        assert_eq!(drawn, label.chars().count(), "{label}");
    }
    for used in all.iter().filter(|element| element.name == "use") {
        // Nothing else is referred to: no font, no picture, no address.
        let outline = used.get("href").and_then(|href| href.strip_prefix('#')).unwrap();
        assert!(outlines.contains(&outline), "{outline}");
        let place = used.matrix().unwrap();
        assert!(
            (40.0..560.0).contains(&place[4]) && (30.0..830.0).contains(&place[5]),
            "{place:?}"
        );
    }
}

#[test]
fn practice_is_marked_and_service_is_not() {
    let statement = typed().check(TODAY).unwrap();
    let marked = sheet(&statement, Heading { practice: true, ..HEADING }, &font()).unwrap();
    assert!(read_back(&marked).contains("練習用：この用紙は使えません"));
    assert!(!read_back(&page(&typed())).contains("練習用"));
}

#[test]
fn what_was_typed_stays_text() {
    let employer = "\"><script>&練習".to_owned();
    let sheet = page(&TypedStatement { employer, ..typed() });
    assert!(read_back(&sheet).contains("\"><script>&練習"), "it is read back as it was typed");
    assert!(!sheet.svg.contains("<script"));
}

#[test]
fn characters_that_the_font_lacks_are_reported_and_marked() {
    let name = "\u{F8FF}辻󠄀\u{E01EF}　葛\u{E0100}\u{F8FF}".to_owned();
    let sheet = page(&TypedStatement { name, ..typed() });
    assert!(sheet.missing.contains(&"\u{F8FF}".to_owned()), "{:?}", sheet.missing);
    assert_eq!(sheet.missing.iter().filter(|missing| *missing == "\u{F8FF}").count(), 1);
    assert!(read_back(&sheet).contains("手で書き入れてください"));
    assert!(!read_back(&page(&typed())).contains("手で書き入れて"));
}

#[test]
fn the_longest_answers_fit_on_one_page() {
    let long = |text: &str, n| text.chars().cycle().take(n).collect::<String>();
    let longest = TypedStatement {
        insurer: long("長い名前の練習健康保険組合", 200),
        employer: long("練習商事株式会社練習支店", 200),
        name: long("長尾寿限無　", 99) + "子",
        name_kana: long("ナガオジュゲム", 100),
        address: long("東京都練習区受付町一丁目２番３号", 200),
        ..typed()
    };
    let sheet = page(&longest);
    assert!(read_back(&sheet).contains("厚生労働省が示した様式ではありません"));
    let lowest =
        elements(&sheet).iter().filter_map(Element::matrix).map(|m| m[5]).fold(0.0, f32::max);
    assert!(lowest < 825.0, "the last line stands at {lowest}");
    if let Ok(folder) = std::env::var("STATEMENT_PAGES") {
        let folder = Path::new(&folder);
        std::fs::write(folder.join("longest.svg"), &sheet.svg).unwrap();
        std::fs::write(folder.join("usual.svg"), page(&typed()).svg).unwrap();
    }
}

#[test]
fn unknown_answers_are_said() {
    let least = TypedStatement {
        insurance: Insurance::Unknown,
        insurer: String::new(),
        employer: String::new(),
        since: TypedDate { year: 0, month: 0, ..typed().since },
        share_percent: None,
        name_kana: String::new(),
        phone: String::new(),
        no_phone: true,
        sex: Sex::NotSet,
        ..typed()
    };
    let text = read_back(&page(&least));
    assert_eq!(text.matches("わからない").count(), 5, "{text}");
    assert!(text.contains("電話番号なし"));
}

#[test]
fn what_is_no_font_is_refused() {
    let statement = typed().check(TODAY).unwrap();
    for wrong in [&b""[..], b"OTTO", &font()[..2000]] {
        assert!(sheet(&statement, HEADING, wrong).is_err());
    }
}
