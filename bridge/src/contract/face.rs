//! `OQSsiquc01res_face`: what `MyClinic`, `MynaReception` and the other public programs ask of it (domain-facts B2, B3, B5, B6, G1).

use super::{ALL_FILES, INSTITUTION, NOW, Rule, TODAY, Taken, Written, cases, digits};
use super::{each_can_fail, is_day, is_insurer, is_short};
use crate::config::{Config, Encoding, Options};
use crate::delivery::Writer;
use checkin::effect::Handover;
use jiff::SignedDuration;
use jiff::civil::DateTime;

const RESULT: &str = "ResultOfQualificationConfirmation";

const NAME_AND_HEADER: &[Rule] = &[
    Rule {
        what: "the name is that of a check-in",
        holds: |file| file.is_called("OQSsiquc01res_face_"),
        breaks: |file| file.rename("OQSsiquc01res_face_", "OQSsiquc01res_"),
    },
    Rule {
        what: "the institution in the name",
        holds: |file| file.name.contains(&format!("_{INSTITUTION}")),
        breaks: |file| file.rename(INSTITUTION, "1310000002"),
    },
    Rule {
        what: "the day and time of delivery at the end of the name",
        holds: |file| {
            let end = file.name.trim_end_matches(".xml").rsplit('_').next().unwrap_or_default();
            digits(end, 14) && end.starts_with(TODAY)
        },
        breaks: |file| file.rename("_20261129", "_20261128"),
    },
    Rule {
        what: "SegmentOfResult 1",
        holds: |file| file.one("SegmentOfResult", |text| text == "1"),
        breaks: |file| file.put("<SegmentOfResult>1<", "<SegmentOfResult>9<"),
    },
    Rule {
        what: "ReferenceClassification 1 or 2",
        holds: |file| file.one("ReferenceClassification", |text| matches!(text, "1" | "2")),
        breaks: |file| file.put("<ReferenceClassification>1<", "<ReferenceClassification>3<"),
    },
    Rule {
        what: "ProcessExecutionTime of today, 14 digits",
        holds: |file| {
            file.one("ProcessExecutionTime", |text| digits(text, 14) && text.starts_with(TODAY))
        },
        breaks: |file| file.put("<ProcessExecutionTime>2026", "<ProcessExecutionTime>2025"),
    },
    Rule {
        what: "QualificationConfirmationDate today",
        holds: |file| file.one("QualificationConfirmationDate", |text| text == TODAY),
        breaks: |file| file.put("ConfirmationDate>20261129<", "ConfirmationDate>20261128<"),
    },
    Rule {
        what: "ProcessingResultStatus 1",
        holds: |file| file.one("ProcessingResultStatus", |text| text == "1"),
        breaks: |file| file.put("<ProcessingResultStatus>1<", "<ProcessingResultStatus>2<"),
    },
    Rule {
        what: "QualificationValidity from 1 to 6",
        holds: |file| {
            file.one("QualificationValidity", |text| digits(text, 1) && ("1"..="6").contains(&text))
        },
        breaks: |file| file.put("<QualificationValidity>1<", "<QualificationValidity>7<"),
    },
    Rule {
        what: "one result and no other one",
        holds: |file| file.texts(RESULT).count() == 1,
        breaks: |file| {
            let text = String::from_utf8(file.bytes.clone()).unwrap();
            let (start, rest) = text.split_once(&format!("<{RESULT}>")).unwrap();
            let (_, end) = rest.rsplit_once(&format!("</{RESULT}>")).unwrap();
            file.bytes = format!("{start}{end}").into_bytes();
        },
    },
];

const THE_PERSON: &[Rule] = &[
    Rule {
        what: "InsuredCardClassification, never missing",
        holds: |file| {
            let code =
                |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphanumeric());
            file.in_each(RESULT, "InsuredCardClassification", code)
        },
        breaks: |file| file.put("InsuredCardClassification>01<", "InsuredCardClassification><"),
    },
    Rule {
        what: "Name",
        holds: |file| file.in_each(RESULT, "Name", |text| !text.trim().is_empty()),
        breaks: |file| file.put("<Name>受付　太郎<", "<Name>　<"),
    },
    Rule {
        what: "NameKana, half width",
        holds: |file| {
            file.in_each(RESULT, "NameKana", |text| {
                let half = |c| matches!(c, '\u{FF66}'..='\u{FF9F}' | ' ');
                !text.trim().is_empty() && text.chars().all(half)
            })
        },
        breaks: |file| file.put("ｳｹﾂｹ ﾀﾛｳ", "ウケツケ　タロウ"),
    },
    Rule {
        what: "Sex1 from 1 to 3",
        holds: |file| file.in_each(RESULT, "Sex1", |text| matches!(text, "1" | "2" | "3")),
        breaks: |file| file.put("<Sex1>1<", "<Sex1>男<"),
    },
    Rule {
        what: "Birthdate of 8 digits",
        holds: |file| file.in_each(RESULT, "Birthdate", is_day),
        breaks: |file| file.put("<Birthdate>19540302<", "<Birthdate>1954/3/2<"),
    },
    Rule {
        what: "InsurerName",
        holds: |file| file.in_each(RESULT, "InsurerName", |text| !text.trim().is_empty()),
        breaks: |file| file.put("<InsurerName>練習健康保険組合<", "<InsurerName><"),
    },
    Rule {
        what: "InsurerNumber of 8 characters, blanks in front; missing in 医療扶助 only",
        holds: |file| {
            let assisted = file.each("InsuredCardClassification", |text| text == "A1");
            file.in_each(RESULT, "InsurerNumber", is_insurer)
                || (assisted && file.texts("InsurerNumber").next().is_none())
        },
        breaks: |file| file.put("<InsurerNumber>  138057<", "<InsurerNumber>138057<"),
    },
    Rule {
        what: "記号 and 番号 of 20 characters at most",
        holds: |file| {
            file.each("InsuredCardSymbol", is_short)
                && file.each("InsuredIdentificationNumber", is_short)
        },
        breaks: |file| file.put(">1048<", ">104810481048104810481<"),
    },
    Rule {
        what: "枝番 of 2 digits",
        holds: |file| file.each("InsuredBranchNumber", |text| digits(text, 2)),
        breaks: |file| file.put("<InsuredBranchNumber>01<", "<InsuredBranchNumber>1<"),
    },
];

const BESIDE: &[Rule] = &[
    Rule {
        what: "shares of 3 digits, in percent",
        holds: |file| {
            let share = |(_, text): (&str, &str)| digits(text, 3) && text <= "100";
            file.ending("ContributionRatio").all(share)
        },
        breaks: |file| {
            file.put(
                "ElderlyRecipientContributionRatio>020<",
                "ElderlyRecipientContributionRatio>20<",
            );
        },
    },
    Rule {
        what: "高齢受給者証, 限度額適用認定証, 医療券 each in its own element",
        holds: |file| {
            [
                ("ElderlyRecipient", "ElderlyRecipientCertificateInfo/"),
                ("LimitApplicationCertificateClass", "LimitApplicationCertificateRelatedInfo/"),
                ("IssueNumber", "PublicExpenseResultList/MedicalTicketInfo/"),
            ]
            .iter()
            .all(|(leaf, within)| {
                let leaves = file.elements.iter().filter(|(path, text)| {
                    !text.is_empty()
                        && path.rsplit('/').next().is_some_and(|name| name.starts_with(leaf))
                });
                let mut leaves = leaves.map(|(path, _)| path);
                leaves.all(|path| path.contains(&format!("/{RESULT}/{within}")))
            })
        },
        breaks: |file| {
            file.put("<PublicExpenseResultList>", "<PublicExpense>");
            file.put("</PublicExpenseResultList>", "</PublicExpense>");
        },
    },
    Rule {
        what: "適用区分 A01 to B10",
        holds: |file| {
            file.each("LimitApplicationCertificateClassificationFlag", |text| {
                let (letter, number) = text.split_at_checked(1).unwrap_or_default();
                matches!(letter, "A" | "B") && digits(number, 2)
            })
        },
        breaks: |file| file.put("ClassificationFlag>A03<", "ClassificationFlag>ウ<"),
    },
    Rule {
        what: "days of 8 digits",
        holds: |file| {
            let outside = |path: &str| !path.contains("/MedicalTicketInfo/");
            file.ending("Date").filter(|(path, _)| outside(path)).all(|(_, text)| is_day(text))
        },
        breaks: |file| {
            file.put("<InsuredCardValidDate>20240401<", "<InsuredCardValidDate>2024-4-1<");
        },
    },
    Rule {
        what: "consents 0 or 1",
        holds: |file| file.ending("ConsFlg").all(|(_, text)| matches!(text, "0" | "1")),
        breaks: |file| file.put("OperationInfoConsFlg>1<", "OperationInfoConsFlg>2<"),
    },
    Rule {
        what: "available until 24 hours after the consent, to the second",
        holds: |file| {
            file.ending("AvailableTime").all(|(path, until)| {
                let given = path.replace("AvailableTime", "ConsTime");
                let given = file.ending(&given).next().and_then(|(_, text)| moment(text));
                moment(until)
                    .is_some_and(|until| given.is_some_and(|given| lasts_a_day(given, until)))
            })
        },
        breaks: |file| {
            file.put(
                "OperationInfoAvailableTime>20261130083015<",
                "OperationInfoAvailableTime>20261130083014<",
            );
        },
    },
    Rule {
        what: "nothing available after a refusal",
        holds: |file| {
            file.ending("ConsFlg").filter(|(_, text)| *text == "0").all(|(path, _)| {
                file.ending(&path.replace("ConsFlg", "AvailableTime")).next().is_none()
            })
        },
        breaks: |file| file.put("PharmacistsInfoConsFlg>1<", "PharmacistsInfoConsFlg>0<"),
    },
];

fn moment(text: &str) -> Option<DateTime> {
    DateTime::strptime("%Y%m%d%H%M%S", text).ok()
}

fn lasts_a_day(given: DateTime, until: DateTime) -> bool {
    until.duration_since(given) == SignedDuration::from_hours(24)
}

fn rules() -> Vec<Rule> {
    let tables = [ALL_FILES, NAME_AND_HEADER, THE_PERSON, BESIDE];
    let same = |rule: &Rule| Rule { what: rule.what, holds: rule.holds, breaks: rule.breaks };
    tables.iter().flat_map(|table| table.iter().map(same)).collect()
}

fn writer(encoding: Encoding) -> Writer {
    let institution = Some(INSTITUTION.to_owned());
    let encoding = Some(encoding);
    let options = Options { institution, encoding, ..Options::default() };
    Writer::new(&Config::from_options(options).unwrap(), false)
}

fn write(writer: &Writer, handover: &Handover) -> Result<Written, String> {
    let now = NOW.parse().unwrap();
    let file = writer.write(handover, Some("00024434"), now)?;
    Ok(Written { name: file.name.to_string(), bytes: file.content })
}

#[test]
fn every_rule_can_fail() {
    each_can_fail(&rules(), &write(&writer(Encoding::Utf8), &cases::everything()).unwrap());
}

#[test]
fn what_receivers_demand_holds_for_every_persona_and_case() {
    let rules = rules();
    let (mut written, mut by_hand) = (0, Vec::new());
    for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
        let writer = writer(encoding);
        for (who, handover) in cases::all() {
            let found = &handover.eligibility.qualifications[..];
            match (write(&writer, &handover), found) {
                (Ok(file), [only]) => {
                    assert_eq!(file.broken(&rules), Vec::<&str>::new(), "{who}");
                    tells(&file.taken(), only, &who);
                    written += 1;
                }
                // Staff enter it: no receiver takes such a file.
                (Err(_), [] | [_, _, ..]) => by_hand.push(who),
                (file, _) => panic!("{who}: {:?}", file.err()),
            }
        }
    }
    assert!(written > 500, "{written}");
    for several in ["two-qualifications", "none-found", "assistance-beside-insurance"] {
        assert!(by_hand.iter().any(|who| who.starts_with(several)), "{several}: {by_hand:?}");
    }
}

/// What it says is what was answered.
#[track_caller]
fn tells(file: &Taken, q: &checkin::eligibility::Qualification, who: &str) {
    let text = |name: &str| file.texts(name).next().unwrap_or_default().trim().to_owned();
    let as_sent = |told: String, sent: &str| {
        told.chars().zip(sent.chars()).all(|(told, sent)| told == sent || told == '●')
            && told.chars().count() == sent.chars().count()
    };
    assert!(as_sent(text("Name"), &q.name), "{who}");
    assert_eq!(text("InsurerNumber"), q.insurer_number, "{who}");
    assert_eq!(text("InsuredIdentificationNumber"), q.number, "{who}");
    assert_eq!(text("InsuredCardClassification"), q.class.clone().unwrap_or_default(), "{who}");
    assert_eq!(text("ReferenceNumber"), "00024434", "{who}");
    assert_eq!(file.texts("MedicalTicketInfo").count(), q.medical_tickets.len(), "{who}");
    let category = q.limit_certificate.and_then(|limit| limit.category);
    let category = category.map_or("", checkin::limit::LimitCategory::code);
    assert_eq!(text("LimitApplicationCertificateClassificationFlag"), category, "{who}");
    let elderly = q.elderly_recipient.and_then(|elderly| elderly.share_percent);
    let elderly = elderly.map(|percent| format!("{percent:03}")).unwrap_or_default();
    assert_eq!(text("ElderlyRecipientContributionRatio"), elderly, "{who}");
    assert_eq!(text("PreschoolClassification"), q.preschool.clone().unwrap_or_default(), "{who}");
    let diseases = q.specific_diseases.iter().map(|one| one.disease.as_deref().unwrap_or_default());
    assert!(file.texts("SpecificDiseasesDiseaseCategory").eq(diseases), "{who}");
    let pays = q.specific_diseases.iter().map(|one| one.self_pay.as_deref().unwrap_or_default());
    assert!(file.texts("SpecificDiseasesSelfPay").eq(pays), "{who}");
}
