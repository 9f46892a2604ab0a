//! What the page says.

use checkin::birth::Birth;
use checkin::eligibility::Sex;
use checkin::era::{TypedDate, printed};
use checkin::statement::{Insurance, Reason, Since, Statement};

/// The content of the page, in the order from top to bottom.
pub(crate) struct Form {
    pub(crate) date: String,
    pub(crate) institution: String,
    pub(crate) practice: bool,
    pub(crate) rows: Vec<Row>,
}

/// One line of the table.
pub(crate) struct Row {
    pub(crate) label: &'static str,
    pub(crate) value: Value,
}

/// What stands beside the label.
pub(crate) enum Value {
    /// Text, wrapped where it is long.
    Text(String),
    /// Choices: the chosen one, or its number, in a circle.
    Choice {
        options: &'static [&'static str],
        /// Index of the chosen one.
        chosen: Option<usize>,
        /// Numbered one below the other, instead of side by side.
        listed: bool,
    },
}

pub(crate) const TITLE: &str = "被保険者資格申立書";
/// Above everything else.
pub(crate) const PRACTICE: &str = "練習用：この用紙は使えません";
pub(crate) const INTRODUCTION: &str = "受診にあたり、下の理由で健康保険の資格を確認できませんでした。\
    わたしの加入している健康保険について、知っていることを次のとおり申し立てます。";
pub(crate) const SIGNATURE: &str = "以上のとおり、まちがいありません。";
pub(crate) const SIGN_HERE: &str = "署名";
pub(crate) const PROXY: &str = "代わりの方が署名したとき（氏名・続柄）";
/// Where the font lacks a character.
pub(crate) const BY_HAND: &str = "〓のところは印刷できない文字です。手で書き入れてください。";
/// For the person who signs.
pub(crate) const AS_ALWAYS: &str = checkin::share::AS_ALWAYS;
/// For the reception.
pub(crate) const NOTES: [&str; 2] = [
    "受付の方へ：住所と電話番号などは診療報酬明細書の摘要欄に使います。支払いが済むまで保管し、その後は廃棄してください。",
    "この用紙の形は、受付ソフトウェア「Uketsuke」が独自に定めたものです。厚生労働省が示した様式ではありません。",
];

const UNKNOWN: &str = "わからない";
const REASONS: [&str; 6] = [
    "資格が無効、該当なし、または複数と表示された",
    "新しい保険の登録が済んでいない（就職・出生など）",
    "カードの電子証明書の期限が切れていた",
    "カードを読み取れなかった",
    "システムや機器が使えなかった",
    "その他",
];
const INSURANCES: [&str; 4] = ["勤め先の保険", "国民健康保険", "後期高齢者医療", UNKNOWN];
const SHARES: [&str; 4] = ["１割", "２割", "３割", UNKNOWN];
const SEXES: [&str; 3] = ["男", "女", "答えない"];

impl Form {
    pub(crate) fn new(statement: &Statement, institution: String, practice: bool) -> Self {
        let known = |text: &Option<String>| Value::Text(text.clone().unwrap_or(UNKNOWN.into()));
        let row = |label, value| Row { label, value };
        let kana = statement.name_kana.clone().unwrap_or_default();
        let phone = statement.phone.clone().unwrap_or_else(|| "なし".into());
        let rows = vec![
            row("確認できなかった理由", reason(statement.reason)),
            row("保険の種類", insurance(statement.insurance)),
            row("保険者の名称", known(&statement.insurer)),
            row("事業所名（勤め先）", known(&statement.employer)),
            row("資格取得（交付）の時期", Value::Text(since(statement.since))),
            row("一部負担金の割合", share(statement.share_percent)),
            row("フリガナ", Value::Text(kana)),
            row("氏名", Value::Text(statement.name.clone())),
            row("生年月日", Value::Text(born(statement.birth))),
            row("性別", sex(statement.sex)),
            row("住所", Value::Text(statement.address.clone())),
            row("電話番号", Value::Text(phone)),
        ];
        Self { date: printed(statement.date), institution, practice, rows }
    }
}

fn reason(reason: Reason) -> Value {
    let chosen = match reason {
        Reason::NotConfirmed => 0,
        Reason::NotRegisteredYet => 1,
        Reason::CertificateExpired => 2,
        Reason::CardUnreadable => 3,
        Reason::SystemDown => 4,
        Reason::Other => 5,
    };
    Value::Choice { options: &REASONS, chosen: Some(chosen), listed: true }
}

fn insurance(insurance: Insurance) -> Value {
    let chosen = match insurance {
        Insurance::Work => 0,
        Insurance::National => 1,
        Insurance::Elderly => 2,
        Insurance::Unknown => 3,
    };
    Value::Choice { options: &INSURANCES, chosen: Some(chosen), listed: false }
}

fn share(percent: Option<u8>) -> Value {
    let chosen = match percent {
        Some(10) => Some(0),
        Some(20) => Some(1),
        Some(30) => Some(2),
        // Nothing else passes the check of the statement.
        Some(_) => None,
        None => Some(3),
    };
    Value::Choice { options: &SHARES, chosen, listed: false }
}

fn sex(sex: Sex) -> Value {
    let chosen = match sex {
        Sex::Male => 0,
        Sex::Female => 1,
        Sex::NotSet => 2,
    };
    Value::Choice { options: &SEXES, chosen: Some(chosen), listed: false }
}

fn since(since: Option<Since>) -> String {
    match since {
        None => UNKNOWN.to_owned(),
        Some(Since { era, year, month: None }) => format!("{}ごろ", era.year(year)),
        Some(Since { era, year, month: Some(month) }) => {
            format!("{}{month}月ごろ", era.year(year))
        }
    }
}

/// As registers write it where they do not know all of it.
fn born(birth: Birth) -> String {
    if let Some(date) = birth.date() {
        return printed(date);
    }
    let Some((first, _)) = birth.range() else { return UNKNOWN.to_owned() };
    let TypedDate { era, year, .. } = TypedDate::from(first);
    let year = era.year(year);
    match (birth.month(), birth.day()) {
        (Some(month), Some(day)) => format!("{year}{month}月{day}日"),
        (Some(month), None) => format!("{year}{month}月（日不詳）"),
        _ => format!("{year}（月日不詳）"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use checkin::era::Era;

    #[test]
    fn births_are_written_as_far_as_they_are_known() {
        let births = ["19800217", "19450229", "19450300", "19459999"];
        let written = births.map(|birth| born(Birth::parse(birth).unwrap()));
        let expected =
            ["昭和55年2月17日", "昭和20年2月29日", "昭和20年3月（日不詳）", "昭和20年（月日不詳）"];
        assert_eq!(written, expected);
        assert_eq!(since(None), "わからない");
        let reiwa = |month| since(Some(Since { era: Era::Reiwa, year: 8, month }));
        assert_eq!((reiwa(None), reiwa(Some(4))), ("令和8年ごろ".into(), "令和8年4月ごろ".into()));
    }
}
