//! `OQSsiquc01req`: what the program of a terminal needs (domain-facts B1, B3, B4; seen in programs that ask one).

use super::{ALL_FILES, INSTITUTION, NOW, Rule, TODAY, Written, cases, digits};
use super::{each_can_fail, is_day, is_insurer, is_short};
use crate::gateway::Terminal;
use checkin::number::Numbers;
use oqs::{Encoding, ExchangeName, InstitutionCode, Kind, Message};

const SEARCH: &str = "QualificationConfirmSearchInfo";

const RULES: &[Rule] = &[
    Rule {
        what: "the name is that of a question",
        holds: |file| file.is_called("OQSsiquc01req_"),
        breaks: |file| file.rename("req_", "res_"),
    },
    Rule {
        what: "QualificationConfirmationDate today",
        holds: |file| file.one("QualificationConfirmationDate", |text| text == TODAY),
        breaks: |file| file.put("ConfirmationDate>20261129<", "ConfirmationDate>20261128<"),
    },
    Rule {
        what: "the identifier of the file is that of its name",
        holds: |file| {
            let own = file.name.trim_end_matches(".xml").rsplit('_').next();
            file.texts("ArbitraryFileIdentifier").next() == own
        },
        breaks: |file| file.put("FileIdentifier>UK", "FileIdentifier>"),
    },
    Rule {
        what: "about one person",
        holds: |file| file.texts(SEARCH).count() == 1,
        breaks: |file| {
            let text = String::from_utf8(file.bytes.clone()).unwrap();
            let (start, rest) = text.split_once(&format!("<{SEARCH}>")).unwrap();
            let (_, end) = rest.split_once(&format!("</{SEARCH}>")).unwrap();
            file.bytes = format!("{start}{end}").into_bytes();
        },
    },
    Rule {
        what: "InsurerNumber of 8 characters, blanks in front",
        holds: |file| file.in_each(SEARCH, "InsurerNumber", is_insurer),
        breaks: |file| file.put("<InsurerNumber>  138057<", "<InsurerNumber>138057<"),
    },
    Rule {
        what: "InsuredIdentificationNumber",
        holds: |file| file.in_each(SEARCH, "InsuredIdentificationNumber", is_short),
        breaks: |file| file.put(">1048<", "><"),
    },
    Rule {
        what: "記号 of 20 characters at most",
        holds: |file| file.each("InsuredCardSymbol", is_short),
        breaks: |file| {
            file.put("Symbol>２１１３<", "Symbol>２１１３２１１３２１１３２１１３２１１３２<");
        },
    },
    Rule {
        what: "枝番 of 2 digits",
        holds: |file| file.each("InsuredBranchNumber", |text| digits(text, 2)),
        breaks: |file| file.put("<InsuredBranchNumber>01<", "<InsuredBranchNumber>1<"),
    },
    Rule {
        what: "Birthdate of 8 digits",
        holds: |file| file.in_each(SEARCH, "Birthdate", is_day),
        breaks: |file| file.put("<Birthdate>19540302<", "<Birthdate>1954-03-02<"),
    },
    Rule {
        what: "whether 限度額適用認定証 may be answered",
        holds: |file| {
            let answer = |text: &str| matches!(text, "0" | "1");
            file.in_each(SEARCH, "LimitApplicationCertificateRelatedConsFlg", answer)
        },
        breaks: |file| file.put("RelatedConsFlg>", "RelatedConsFlg>はい"),
    },
    Rule {
        what: "an identifier of the person that comes back",
        holds: |file| file.in_each(SEARCH, "ArbitraryIdentifier", |text| !text.is_empty()),
        breaks: |file| file.put("<ArbitraryIdentifier>UK1</ArbitraryIdentifier>", ""),
    },
];

/// In the place of those that a single question has.
const BULK: &[Rule] = &[
    Rule {
        what: "the name is that of a bulk question",
        holds: |file| file.is_called("OQSmuquc01req_"),
        breaks: |file| file.rename("OQSmuquc01", "OQSmuquc02"),
    },
    Rule {
        what: "QualificationConfirmationDate, the day that is asked about",
        holds: |file| file.one("QualificationConfirmationDate", |text| text == "20261130"),
        breaks: |file| file.put("ConfirmationDate>20261130<", "ConfirmationDate>2026-11-30<"),
    },
    Rule {
        what: "an identifier for each, and no two the same",
        holds: |file| {
            let all: Vec<_> = file.texts("ArbitraryIdentifier").collect();
            let different: std::collections::HashSet<_> = all.iter().collect();
            different.len() == file.texts(SEARCH).count() && different.len() == all.len()
        },
        breaks: |file| file.put("<ArbitraryIdentifier>2<", "<ArbitraryIdentifier>1<"),
    },
];

/// Those of [`RULES`] that a bulk question keeps, too.
fn of_bulk() -> Vec<Rule> {
    let single = [
        "the name is that of a question",
        "QualificationConfirmationDate today",
        "about one person",
        "an identifier of the person that comes back",
    ];
    let same = |rule: &Rule| Rule { what: rule.what, holds: rule.holds, breaks: rule.breaks };
    let kept = RULES.iter().filter(|rule| !single.contains(&rule.what));
    ALL_FILES.iter().chain(kept).chain(BULK).map(same).collect()
}

fn rules() -> Vec<Rule> {
    let same = |rule: &Rule| Rule { what: rule.what, holds: rule.holds, breaks: rule.breaks };
    [ALL_FILES, RULES].iter().flat_map(|table| table.iter().map(same)).collect()
}

fn write(encoding: Encoding, numbers: &Numbers, limit: bool) -> Written {
    let institution = InstitutionCode::new(INSTITUTION).unwrap();
    let terminal = Terminal { encoding, ..Terminal::new("OQS".into(), institution) };
    let xml = terminal.request("UK1", numbers, limit, NOW.parse().unwrap()).unwrap();
    let name = ExchangeName::new(Kind::Request, "UK1").unwrap().to_string();
    Written { name, bytes: xml.bytes }
}

fn numbers() -> impl Iterator<Item = Numbers> {
    let all =
        cases::all().into_iter().flat_map(|(_, handover)| handover.eligibility.qualifications);
    all.filter(|q| !q.insurer_number.is_empty()).map(|q| Numbers {
        insurer_number: q.insurer_number,
        symbol: q.symbol,
        number: q.number,
        branch: q.branch,
        birth: q.birth,
    })
}

/// Everybody's numbers, and which of them the tables break.
fn everybody() -> (Vec<Numbers>, usize) {
    let people: Vec<_> = numbers().collect();
    let wanted = cases::everything().eligibility.qualifications.remove(0);
    let is_wanted = |one: &Numbers| {
        (&one.insurer_number, &one.number, one.birth, &one.branch)
            == (&wanted.insurer_number, &wanted.number, wanted.birth, &wanted.branch)
    };
    let first = people.iter().position(is_wanted).unwrap();
    (people, first)
}

#[test]
fn every_rule_can_fail() {
    let (people, first) = everybody();
    each_can_fail(&rules(), &write(Encoding::Utf8, &people[first], true));
}

#[test]
fn bulk_questions_are_what_a_terminal_demands_and_every_rule_can_fail() {
    let tomorrow = jiff::civil::date(2026, 11, 30);
    let (people, first) = everybody();
    let charts: Vec<_> = (1..=people.len()).map(|at| at.to_string()).collect();
    let mut named: Vec<_> = charts.iter().map(String::as_str).zip(&people).collect();
    named.rotate_left(first);
    for encoding in [Encoding::ShiftJis, Encoding::Utf8] {
        let institution = InstitutionCode::new(INSTITUTION).unwrap();
        let asked = Message::of_many(institution, "UK1", named.iter().copied(), tomorrow).unwrap();
        let bytes = oqs::to_xml(&asked, encoding).unwrap().bytes;
        let name = ExchangeName::new(Kind::BulkRequest, "UK1").unwrap().to_string();
        let file = Written { name, bytes };
        assert_eq!(file.broken(&of_bulk()), Vec::<&str>::new());
        if encoding == Encoding::Utf8 {
            each_can_fail(&of_bulk(), &file);
        }
    }
}

#[test]
fn what_a_terminal_demands_holds_for_every_question() {
    let rules = rules();
    for numbers in numbers() {
        for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
            for limit in [false, true] {
                let file = write(encoding, &numbers, limit);
                assert_eq!(file.broken(&rules), Vec::<&str>::new(), "{numbers:?}");
            }
        }
    }
}
