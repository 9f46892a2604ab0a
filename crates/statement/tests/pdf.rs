//! The page, read back by an independent PDF reader.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use checkin::eligibility::Sex;
use checkin::era::{Era, TypedDate};
use checkin::statement::{Insurance, Reason, Statement, TypedStatement};
use jiff::civil::Date;
use lopdf::{Document, Object};
use statement::{Pdf, PdfError, pdf};
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

fn page(typed: &TypedStatement) -> Pdf {
    let statement: Statement = typed.check(TODAY).unwrap();
    pdf(&statement, "練習医院", &font()).unwrap()
}

/// The text of the only page, without blanks and line ends.
fn read_back(pdf: &Pdf) -> String {
    let document = Document::load_mem(&pdf.bytes).unwrap();
    assert_eq!(document.get_pages().len(), 1);
    document.extract_text(&[1]).unwrap().split_whitespace().collect()
}

#[test]
fn every_field_is_on_the_page() {
    let pdf = page(&typed());
    assert_eq!(pdf.missing, Vec::<String>::new());
    let text = read_back(&pdf);
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
fn the_font_is_embedded_as_a_subset_and_the_page_is_a4() {
    let pdf = page(&typed());
    assert!(pdf.bytes.starts_with(b"%PDF-1.7"));
    assert!(pdf.bytes.len() < 150_000, "{} bytes", pdf.bytes.len());
    let document = Document::load_mem(&pdf.bytes).unwrap();
    let page = document.get_object(document.get_pages()[&1]).unwrap().as_dict().unwrap();
    let side = |object: &Object| object.as_float().unwrap();
    let sides: Vec<f32> =
        page.get(b"MediaBox").unwrap().as_array().unwrap().iter().map(side).collect();
    assert!((sides[2] - 595.28).abs() < 0.1 && (sides[3] - 841.89).abs() < 0.1, "{sides:?}");
    let embedded = |object: &Object| {
        let dict = object.as_dict();
        dict.is_ok_and(|dict| dict.has(b"FontFile2") || dict.has(b"FontFile3"))
    };
    assert!(document.objects.values().any(embedded));
}

#[test]
fn characters_that_the_font_lacks_are_reported_and_marked() {
    let name = "\u{F8FF}辻󠄀\u{E01EF}　葛\u{E0100}\u{F8FF}".to_owned();
    let pdf = page(&TypedStatement { name, ..typed() });
    assert!(pdf.missing.contains(&"\u{F8FF}".to_owned()), "{:?}", pdf.missing);
    assert_eq!(pdf.missing.iter().filter(|missing| *missing == "\u{F8FF}").count(), 1);
    assert!(read_back(&pdf).contains("手で書き入れてください"));
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
    let pdf = page(&longest);
    let text = read_back(&pdf);
    assert!(text.contains("厚生労働省が示した様式ではありません"));
    if let Ok(folder) = std::env::var("STATEMENT_PAGES") {
        let folder = Path::new(&folder);
        std::fs::write(folder.join("longest.pdf"), &pdf.bytes).unwrap();
        std::fs::write(folder.join("usual.pdf"), page(&typed()).bytes).unwrap();
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
        assert!(matches!(pdf(&statement, "", wrong), Err(PdfError::Font(_))));
    }
}
