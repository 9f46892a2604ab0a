use super::*;
use crate::eligibility::Sex;
use crate::share::ShareFrom;
use crate::statement::tests::typed as typed_statement;
use jiff::civil::date;

const TODAY: Date = Date::constant(2026, 11, 23);
const DEFAULT: ClaimRules = ClaimRules { check_digit_demanded: false, unknown_number_digits: 9 };

fn held(number: &str) -> Qualification {
    Qualification {
        class: Some("01".into()),
        insurer_number: "01130012".into(),
        insurer_name: "全国健康保険協会　練習支部".into(),
        symbol: "２１１３".into(),
        number: number.into(),
        branch: Some("01".into()),
        kind: None,
        name: "受付　太郎".into(),
        name_kana: "ｳｹﾂｹ ﾀﾛｳ".into(),
        sex: Sex::Male,
        birth: date(1984, 5, 12).into(),
        address: None,
        post_number: None,
        valid_from: Some(date(2024, 4, 1)),
        valid_to: None,
        lost_on: None,
        share_percent: Some(30),
        elderly_recipient: None,
        limit_certificate: None,
        preschool: None,
        specific_diseases: Vec::new(),
        medical_tickets: Vec::new(),
    }
}

fn lost(number: &str, on: Date) -> Qualification {
    Qualification { lost_on: Some(on), ..held(number) }
}

fn numbers(number: &str) -> Numbers {
    Numbers {
        insurer_number: "01130012".into(),
        symbol: "2113".into(),
        number: number.into(),
        branch: None,
        birth: date(1984, 5, 12).into(),
    }
}

fn answer(validity: Validity, qualifications: Vec<Qualification>) -> Eligibility {
    Eligibility { validity, qualifications }
}

fn asked(eligibility: Option<&Eligibility>, numbers: Option<&Numbers>) -> ClaimAdvice {
    let birth = None;
    advise(&Situation {
        eligibility,
        numbers,
        statement: None,
        card_shown: true,
        oral: false,
        birth,
        today: TODAY,
        rules: &DEFAULT,
    })
}

#[track_caller]
fn check(
    eligibility: Option<&Eligibility>,
    typed: Option<&str>,
    route: Route,
    number: &str,
    notes: &[ClaimNote],
) {
    let typed = typed.map(numbers);
    let advice = asked(eligibility, typed.as_ref());
    assert_eq!((advice.route, advice.numbers.number.as_str()), (route, number));
    assert_eq!(advice.notes, notes);
    assert!(advice.share.candidates.iter().all(|percent| *percent <= 30));
    assert_eq!(advice.destination.is_some(), route == Route::Unknown);
}

#[test]
fn a_valid_answer_counts_whatever_was_typed() {
    let valid = answer(Validity::Valid, vec![held("1048")]);
    check(Some(&valid), None, Route::Current, "1048", &[]);
    check(Some(&valid), Some("1048"), Route::Current, "1048", &[]);
    check(Some(&valid), Some("2"), Route::Current, "1048", &[ClaimNote::CompareWithPaper]);
    let assisted = answer(Validity::ValidUnregistered, vec![held("1048")]);
    check(Some(&assisted), None, Route::Current, "1048", &[ClaimNote::MedicalAssistance]);
}

#[test]
fn a_lost_number_is_claimed_as_past_unless_a_newer_one_is_shown() {
    let invalid = answer(Validity::Invalid, vec![lost("1", date(2026, 10, 1))]);
    check(Some(&invalid), None, Route::Past, "1", &[]);
    check(Some(&invalid), Some("1"), Route::Past, "1", &[]);
    check(Some(&invalid), Some("2"), Route::Current, "2", &[]);
    let newer = answer(Validity::InvalidNewerExists, vec![lost("1", date(2026, 10, 1))]);
    check(Some(&newer), None, Route::Past, "1", &[ClaimNote::AskNewNumber]);
    check(Some(&newer), Some("2"), Route::Current, "2", &[]);
    let bare = answer(Validity::Invalid, vec![]);
    check(Some(&bare), None, Route::Unknown, "777777777", &[ClaimNote::StatementNeeded]);
}

#[test]
fn without_an_answer_the_typed_number_counts() {
    let again = ClaimNote::AskSystemAgain;
    check(None, Some("5"), Route::Current, "5", &[again]);
    check(None, None, Route::Unknown, "777777777", &[again, ClaimNote::StatementNeeded]);
    let none = answer(Validity::NoneFound, vec![]);
    check(Some(&none), Some("5"), Route::Current, "5", &[]);
    check(Some(&none), None, Route::Unknown, "777777777", &[ClaimNote::StatementNeeded]);
}

#[test]
fn of_several_the_shown_or_the_held_one() {
    let several = answer(Validity::MoreThanOne, vec![lost("1", TODAY), held("2"), held("3")]);
    check(Some(&several), None, Route::Current, "2", &[ClaimNote::AskWhich]);
    check(Some(&several), Some("3"), Route::Current, "3", &[]);
    check(Some(&several), Some("1"), Route::Past, "1", &[]);
    check(Some(&several), Some("9"), Route::Current, "2", &[ClaimNote::CompareWithPaper]);
    let all_lost = answer(Validity::MoreThanOne, vec![lost("1", TODAY), lost("2", TODAY)]);
    check(Some(&all_lost), None, Route::Past, "1", &[ClaimNote::AskWhich]);
}

#[test]
fn contradictions_are_shown_and_still_lead_to_a_claim() {
    let odd = ClaimNote::Contradictory;
    let bare = answer(Validity::Valid, vec![]);
    let needed = ClaimNote::StatementNeeded;
    check(Some(&bare), None, Route::Unknown, "777777777", &[odd, needed]);
    check(Some(&bare), Some("5"), Route::Current, "5", &[odd]);
    let over = answer(Validity::Valid, vec![lost("1", TODAY)]);
    check(Some(&over), None, Route::Past, "1", &[odd]);
    check(Some(&over), Some("5"), Route::Current, "5", &[odd]);
    let future = answer(Validity::Invalid, vec![lost("1", date(2026, 11, 24))]);
    check(Some(&future), None, Route::Past, "1", &[odd]);
    let one = answer(Validity::MoreThanOne, vec![held("1")]);
    check(Some(&one), None, Route::Current, "1", &[ClaimNote::AskWhich, odd]);
    let found = answer(Validity::NoneFound, vec![held("1")]);
    assert!(found.is_contradictory(TODAY));
}

#[test]
fn qualifications_hold_from_day_to_day() {
    let (yesterday, tomorrow) = (date(2026, 11, 22), date(2026, 11, 24));
    assert!(lost("1", tomorrow).holds_on(TODAY) && !lost("1", TODAY).holds_on(TODAY));
    let until = |day| Qualification { valid_to: Some(day), ..held("1") };
    assert!(until(TODAY).holds_on(TODAY) && !until(yesterday).holds_on(TODAY));
    let from = |day| Qualification { valid_from: Some(day), ..held("1") };
    assert!(from(TODAY).holds_on(TODAY) && !from(tomorrow).holds_on(TODAY));
}

fn unknown(rules: ClaimRules) -> ClaimAdvice {
    let statement = typed_statement().check(TODAY).unwrap();
    let (eligibility, numbers, birth) = (None, None, None);
    let (statement, rules) = (Some(&statement), &rules);
    let (card_shown, oral, today) = (true, false, TODAY);
    advise(&Situation { eligibility, numbers, statement, card_shown, oral, birth, today, rules })
}

#[test]
fn sevens_fill_the_fields_of_the_receipt_program() {
    let advice = unknown(DEFAULT);
    assert_eq!(advice.numbers.insurer_number, "77777777");
    assert_eq!(advice.notes, [ClaimNote::AskSystemAgain, ClaimNote::KeepStatement]);
    let strict = ClaimRules { check_digit_demanded: true, unknown_number_digits: 20 };
    let numbers = unknown(strict).numbers;
    assert!(crate::number::check_digit_is_right(&numbers.insurer_number));
    assert_eq!((numbers.insurer_number.as_str(), numbers.number.len()), ("77777779", 20));
    for (digits, len) in [(0, 1), (255, 20)] {
        let rules = ClaimRules { unknown_number_digits: digits, ..DEFAULT };
        assert_eq!(unknown(rules).numbers.number.len(), len);
    }
}

#[test]
fn the_statement_goes_into_the_remarks() {
    let advice = unknown(DEFAULT);
    let expected = [
        Remark::Unknown,
        Remark::Address("東京都練習区受付町一丁目２番３号".into()),
        Remark::Phone("03-1234-5678".into()),
        Remark::Employer("練習商事株式会社".into()),
    ];
    assert_eq!(advice.remarks, expected);
    assert_eq!(advice.destination, Some(Destination::PaymentFund));
    assert!(!format!("{advice:?}").contains("練習"));
}

#[test]
fn shares_come_from_the_answer_or_the_age() {
    let old = |share_percent, lost_on| Qualification {
        birth: date(1940, 1, 1).into(),
        insurer_number: "39131016".into(),
        share_percent,
        lost_on,
        ..held("1")
    };
    let share = |validity, q| asked(Some(&answer(validity, vec![q])), None).share;
    let current = share(Validity::Valid, old(Some(20), None));
    assert_eq!((current.percent(), current.from), (Some(20), ShareFrom::Answer));
    let past = share(Validity::Invalid, old(Some(20), Some(TODAY)));
    assert_eq!((past.percent(), past.from), (Some(20), ShareFrom::Stated));
    let open = share(Validity::Valid, old(None, None));
    assert_eq!((open.percent(), open.candidates.len()), (None, 3));
    let never_full = share(Validity::Valid, old(Some(100), None));
    assert_eq!(never_full, open);
}

#[test]
fn an_answer_about_somebody_else_is_not_used() {
    let valid = answer(Validity::Valid, vec![held("1048")]);
    let typed = numbers("5");
    let advice = |birth: Date, numbers| {
        advise(&Situation {
            eligibility: Some(&valid),
            numbers,
            statement: None,
            card_shown: true,
            oral: false,
            birth: Some(Birth::from(birth)),
            today: TODAY,
            rules: &DEFAULT,
        })
    };
    assert_eq!(advice(date(1984, 5, 12), None).route, Route::Current);
    let other = advice(date(1984, 5, 13), None);
    assert_eq!(other.route, Route::Unknown);
    assert_eq!(other.notes, [ClaimNote::AnswerAboutAnother, ClaimNote::StatementNeeded]);
    let shown = advice(date(1984, 5, 13), Some(&typed));
    assert_eq!((shown.route, shown.numbers.number.as_str()), (Route::Current, "5"));
}

#[test]
fn unknown_numbers_need_a_my_number_card_that_was_shown() {
    let without = |eligibility, numbers| {
        let (statement, card_shown, birth) = (None, false, None);
        let today = TODAY;
        advise(&Situation {
            eligibility,
            numbers,
            statement,
            card_shown,
            oral: false,
            birth,
            today,
            rules: &DEFAULT,
        })
    };
    let nothing = without(None, None);
    assert_eq!(nothing.route, Route::Undecided);
    assert_eq!(nothing.numbers, ClaimNumbers::default());
    assert!(nothing.notes.contains(&ClaimNote::AskForCard));
    assert!(!nothing.notes.contains(&ClaimNote::StatementNeeded));
    assert_eq!((nothing.share.candidates.len(), nothing.destination), (0, None));
    let paper = numbers("5");
    assert_eq!(without(None, Some(&paper)).route, Route::Current);
    let lost = answer(Validity::Invalid, vec![lost("5", TODAY)]);
    assert_eq!(without(Some(&lost), Some(&paper)).route, Route::Past);
}

fn assistance() -> Qualification {
    Qualification {
        class: Some("A1".into()),
        insurer_number: "12139010".into(),
        symbol: String::new(),
        number: "1361070".into(),
        branch: None,
        share_percent: None,
        ..held("")
    }
}

#[test]
fn medical_assistance_collects_nothing_and_goes_by_the_ticket() {
    let advice = |validity, qualifications| {
        let answer = answer(validity, qualifications);
        asked(Some(&answer), None)
    };
    for advice in [
        advice(Validity::Valid, vec![assistance()]),
        advice(
            Validity::Valid,
            vec![Qualification { insurer_number: String::new(), ..assistance() }],
        ),
        advice(Validity::ValidUnregistered, vec![Qualification { class: None, ..assistance() }]),
    ] {
        assert_eq!((advice.route, advice.share.percent()), (Route::Current, Some(0)));
        assert_eq!(advice.notes, [ClaimNote::MedicalAssistance]);
    }
    // Beside an insurance: its numbers, in whichever order and however it is called.
    for validity in [Validity::Valid, Validity::MoreThanOne] {
        for both in [vec![assistance(), held("1048")], vec![held("1048"), assistance()]] {
            let advice = advice(validity, both);
            assert_eq!(advice.numbers.number, "1048");
            assert_eq!(advice.share.percent(), Some(0));
            assert_eq!(advice.notes, [ClaimNote::MedicalAssistance]);
        }
    }
    let ended = advice(
        Validity::Valid,
        vec![held("1"), Qualification { lost_on: Some(TODAY), ..assistance() }],
    );
    assert_eq!((ended.share.percent(), ended.notes.len()), (Some(30), 0));
}

#[test]
fn the_same_number_is_not_a_newer_one() {
    for (answered, typed) in [("4260", "0004260"), ("0004260", "4260"), ("４２６０", "4260")] {
        let answer = answer(Validity::Invalid, vec![lost(answered, TODAY)]);
        let numbers = Numbers { symbol: "2113".into(), ..numbers(typed) };
        let advice = asked(Some(&answer), Some(&numbers));
        assert_eq!((advice.route, advice.source), (Route::Past, NumberSource::Answer), "{typed}");
    }
    let answer = answer(
        Validity::Invalid,
        vec![Qualification { symbol: "練－１".into(), ..lost("1", TODAY) }],
    );
    let numbers = Numbers { symbol: "練-1".into(), ..numbers("1") };
    let advice = asked(Some(&answer), Some(&numbers));
    assert_eq!(advice.route, Route::Past);
}

#[test]
fn asking_counts_in_place_of_the_statement() {
    let oral = |eligibility| {
        advise(&Situation {
            eligibility,
            numbers: None,
            statement: None,
            card_shown: true,
            oral: true,
            birth: Some(date(1984, 5, 12).into()),
            today: TODAY,
            rules: &DEFAULT,
        })
    };
    // What is known is a lost number: ②.
    let lost = answer(Validity::Invalid, vec![lost("5", TODAY)]);
    let past = oral(Some(&lost));
    assert_eq!((past.route, past.numbers.number.as_str()), (Route::Past, "5"));
    assert!(past.notes.contains(&ClaimNote::AskWhetherChanged));
    // Nothing is known here: staff enter what they know; no sevens, no statement.
    let open = oral(None);
    assert_eq!((open.route, open.destination), (Route::Undecided, None));
    assert!(open.notes.contains(&ClaimNote::AskWhetherChanged));
    assert!(!open.notes.contains(&ClaimNote::StatementNeeded));
    assert_eq!(open.share.percent(), Some(30), "the card was brought");
}

#[test]
fn the_known_number_is_checked_and_claimed() {
    let typed = TypedKnown {
        insurer_number: "01130012".into(),
        symbol: "2113".into(),
        number: "1048".into(),
        branch: String::new(),
        past: false,
    };
    let (route, numbers, remarks) = typed.check(TODAY).unwrap();
    assert_eq!((route, numbers.number.as_str(), remarks.len()), (Route::Current, "1048", 0));
    let (route, _, remarks) = TypedKnown { past: true, ..typed.clone() }.check(TODAY).unwrap();
    assert_eq!((route, remarks), (Route::Past, vec![Remark::Past]));
    assert!(TypedKnown { insurer_number: "01130013".into(), ..typed }.check(TODAY).is_err());
}
