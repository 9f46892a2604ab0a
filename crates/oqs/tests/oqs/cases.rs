//! Files of the kinds that other programs and odd but honest records produce (invented people).

use crate::SAMPLE;
use checkin::birth::Birth;
use checkin::eligibility::{Eligibility, Qualification};
use checkin::limit::LimitClass;
use checkin::share::ShareFrom;
use jiff::civil::{Date, date};
use oqs::{Encoding, Kind, Message, parse, to_xml};

const TODAY: Date = Date::constant(2026, 11, 23);

/// Reads a case, and shows that nothing of it is lost on the way back to a file.
fn case(text: &str) -> Message {
    let file = parse(text.as_bytes()).unwrap();
    for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
        let written = to_xml(&file, encoding).unwrap();
        assert_eq!(parse(&written.bytes).unwrap(), file);
    }
    file
}

macro_rules! case {
    ($name:literal) => {
        case(include_str!(concat!("../data/cases/", $name, ".xml")))
    };
}

fn only(file: &Message) -> Qualification {
    let mut found = file.eligibility().unwrap().qualifications;
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn with(from: &str, to: &str) -> Message {
    assert!(SAMPLE.contains(from), "{from}");
    case(&SAMPLE.replacen(from, to, 1))
}

#[test]
fn the_share_of_70_to_74_stands_in_its_own_certificate() {
    let q = only(&case!("b01-kourei-72-share-nested"));
    let share = q.share_on(TODAY);
    assert_eq!((share.percent(), share.from), (Some(20), ShareFrom::Answer));
    assert_eq!(q.share_on(date(2027, 7, 31)).percent(), Some(20));
    assert_eq!(q.share_on(date(2026, 8, 1)).percent(), Some(20));
    for outside in [date(2026, 7, 31), date(2027, 8, 1)] {
        assert_eq!(q.share_on(outside).candidates, [20, 30], "{outside}");
    }
}

#[test]
fn the_plain_share_is_that_of_the_elderly() {
    let nested = only(&case!("b01-kourei-72-share-nested"));
    let both = Qualification { share_percent: Some(30), ..nested.clone() };
    assert_eq!(both.share_on(TODAY).percent(), Some(20));
    let plain = Qualification { elderly_recipient: None, ..both.clone() };
    assert_eq!(plain.share_on(TODAY).candidates, [20, 30]);
    let elderly = Qualification {
        insurer_number: "39131016".into(),
        share_percent: Some(10),
        birth: Birth::parse("19500302").unwrap(),
        ..nested
    };
    assert_eq!(elderly.share_on(TODAY).percent(), Some(10));
}

#[test]
fn medical_assistance_needs_no_insurer_number() {
    let file = case!("b02-fujo-without-insurer-number");
    let q = only(&file);
    assert_eq!(q.insurer_number, "");
    assert!(q.has_medical_assistance() && !q.is_insurance());
    assert_eq!(q.medical_tickets.len(), 1);
    assert_eq!(q.medical_tickets[0].0[1], ("MedicalTreatmentMonth".into(), "202611".into()));
    assert_eq!(q.share_on(TODAY).percent(), Some(0));
    assert_eq!(file.check(Kind::Face), []);
}

#[test]
fn medical_assistance_is_known_by_number_and_class() {
    let text = include_str!("../data/cases/b02-fujo-without-insurer-number.xml");
    let start = text.find("<PublicExpenseResultList>").unwrap();
    let end = text.find("</PublicExpenseResultList>").unwrap() + "</PublicExpenseResultList>".len();
    let bare = format!("{}{}", &text[..start], &text[end..]);
    let refused = parse(bare.as_bytes()).unwrap().eligibility().unwrap_err();
    assert_eq!(refused.to_string(), "<InsurerNumber> is missing or empty");
    let class = "<InsuredCardClassification>01<";
    let numbered = |number: &str| {
        format!("<InsurerNumber>{number}</InsurerNumber><InsuredCardClassification>01<")
    };
    for known in [
        bare.replace(class, "<InsuredCardClassification>A1<"),
        bare.replace(class, "<InsuredCardClassification>a1<"),
        bare.replace(class, &numbered("12139010")),
        bare.replace(class, &numbered("25139013")),
        bare.replace("Validity>1<", "Validity>6<"),
        text.replace("<Name>", "<InsurerNumber>        </InsurerNumber><Name>"),
    ] {
        let answer: Eligibility = case(&known).eligibility().unwrap();
        assert!(answer.has_medical_assistance(TODAY), "{known}");
    }
    assert!(
        !case(&bare.replace(class, &numbered("01130012")))
            .eligibility()
            .unwrap()
            .has_medical_assistance(TODAY)
    );
}

#[test]
fn birth_days_that_no_calendar_has_are_kept() {
    let q = only(&case!("b04-birth-feb29"));
    assert_eq!(q.birth.digits(), "19450229");
    let answer = case!("b04-birth-feb29").eligibility().unwrap();
    assert!(answer.is_of(date(1945, 2, 28)) && answer.is_of(date(1945, 3, 1)));
    assert!(!answer.is_of(date(1945, 4, 1)) && !answer.is_of(date(1946, 2, 28)));
    for (written, day, same) in [
        ("20010300", date(2001, 3, 27), true),
        ("20010399", date(2001, 4, 1), false),
        ("20010000", date(2001, 12, 31), true),
        ("２００１０３２７", date(2001, 3, 27), true),
    ] {
        let file = with(">20010327<", &format!(">{written}<"));
        assert_eq!(file.eligibility().unwrap().is_of(day), same, "{written}");
    }
}

#[test]
fn what_other_programs_leave_out_or_write_otherwise_is_taken() {
    assert_eq!(only(&case!("b07-branch-one-digit")).branch.as_deref(), Some("02"));
    let branch = |text: &str| only(&with(">01</InsuredB", &format!(">{text}</InsuredB"))).branch;
    assert_eq!(branch("０１").as_deref(), Some("01"));
    assert_eq!(branch(" 1 ").as_deref(), Some("01"));
    assert_eq!(branch("　").as_deref(), None);
    let from = |text: &str| {
        only(&with(">20191001</InsuredCardV", &format!(">{text}</InsuredCardV"))).valid_from
    };
    assert_eq!(from("00000000"), None);
    assert_eq!(from("99999999"), None);
    assert_eq!(from("２０１９１００１"), Some(date(2019, 10, 1)));
    let insurer = |text: &str| only(&with("  123456", text)).insurer_number;
    assert_eq!(insurer("００１２３４５６"), "123456");
    assert_eq!(insurer("　　123456"), "123456");
}

#[test]
fn what_a_known_element_holds_beside_the_known_is_kept_in_it() {
    for list in [
        "<PublicExpenseResultList><Other>1</Other></PublicExpenseResultList>",
        "<PublicExpenseResultList><MedicalTicketInfo><A><B>1</B></A></MedicalTicketInfo></PublicExpenseResultList>",
        "<ElderlyRecipientCertificateInfo><New>1</New><ElderlyRecipientContributionRatio>020</ElderlyRecipientContributionRatio></ElderlyRecipientCertificateInfo>",
    ] {
        let file = with("<Sex1>", &format!("{list}<Sex1>"));
        let written = String::from_utf8(to_xml(&file, Encoding::Utf8).unwrap().bytes).unwrap();
        let written: String = written.lines().map(str::trim).collect();
        assert!(written.contains(list), "{written}");
    }
    let empty =
        with("<Sex1>", "<PublicExpenseResultList/><ElderlyRecipientCertificateInfo/><Sex1>");
    assert_eq!((only(&empty).elderly_recipient, only(&empty).medical_tickets), (None, vec![]));
}

#[test]
fn several_tickets_stay_apart() {
    let ticket = |number: &str| {
        format!(
            "<MedicalTicketInfo><IssueNumber>{number}</IssueNumber><TicketType>02</TicketType></MedicalTicketInfo>"
        )
    };
    let list = format!(
        "<PublicExpenseResultList>{}{}</PublicExpenseResultList><Sex1>",
        ticket("1234567"),
        ticket("7654321")
    );
    let file = with("<Sex1>", &list);
    let result = file.results().next().unwrap();
    let tickets = &result.public_expense.as_ref().unwrap().tickets;
    let numbers: Vec<_> = tickets.iter().map(|ticket| ticket.issue_number.as_deref()).collect();
    assert_eq!(numbers, [Some("1234567"), Some("7654321")]);
    assert_eq!(only(&file).medical_tickets[1].0[0], ("IssueNumber".into(), "7654321".into()));
}

#[test]
fn the_limit_is_read_and_odd_ones_are_kept_as_they_are() {
    let info = |inner: &str| {
        let name = "LimitApplicationCertificateRelatedInfo";
        with("<Sex1>", &format!("<{name}>{inner}</{name}><Sex1>"))
    };
    let flag = |code: &str| {
        format!(
            "<LimitApplicationCertificateClassification>01</LimitApplicationCertificateClassification><LimitApplicationCertificateClassificationFlag>{code}</LimitApplicationCertificateClassificationFlag><LimitApplicationCertificateValidEndDate>20270731</LimitApplicationCertificateValidEndDate>"
        )
    };
    let known = info(&flag("A03"));
    let limit = only(&known).limit_certificate.unwrap();
    assert_eq!(limit.category.map(|known| (known.code(), known.name())), Some(("A03", "区分ウ")));
    assert_eq!((limit.class, limit.valid_to), (LimitClass::of("01"), Some(date(2027, 7, 31))));
    let unknown = info(&flag("B11"));
    assert_eq!(only(&unknown).limit_certificate.unwrap().category, None);
    let kept = unknown.results().next().unwrap().limit_certificate.as_ref().unwrap().category;
    assert_eq!(kept.map(|code| code.as_str().to_owned()).as_deref(), Some("B11"));
    assert_eq!(only(&info("")).limit_certificate, None);
}
