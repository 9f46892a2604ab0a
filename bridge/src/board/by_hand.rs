//! A result that no file could take, laid out for the staff who enter it.

use super::ByHand;
use super::limit::values as values_of_limit;
use checkin::effect::Handover;
use checkin::eligibility::{Asked, InsuredKind, Qualification, Sex, SpecificDisease};
use checkin::time::rfc3339;
use jiff::civil::Date;

/// Everything that the file would have told, in its order. `why` names what did not fit. `result` is
/// `None` when not even that can be read any more.
pub(super) fn by_hand(why: String, result: Option<&Handover>) -> ByHand {
    let mut values = Vec::new();
    let Some(Handover { eligibility, asked, consents }) = result else {
        return ByHand { why, values };
    };
    for qualification in &eligibility.qualifications {
        values.extend(of(qualification));
    }
    values.extend(consents.iter().map(|answer| {
        let given =
            answer.agreed.then(|| format!("同意する（{}まで）", rfc3339(answer.available_until())));
        let about = answer.topic.name();
        (format!("同意（{about}）"), given.unwrap_or_else(|| "同意しない".into()))
    }));
    if let Asked::Numbers { limit_certificate: Some(answer) } = asked {
        let given = if answer.agreed { "同意する" } else { "同意しない" };
        values.push(("同意（限度額適用認定証）".into(), given.into()));
    }
    ByHand { why, values }
}

fn of(q: &Qualification) -> Vec<(String, String)> {
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let kind = q.kind.map(|kind| match kind {
        InsuredKind::InsuredPerson => "本人",
        InsuredKind::Family => "家族",
    });
    let sex = match q.sex {
        Sex::Male => "男",
        Sex::Female => "女",
        Sex::NotSet => "",
    };
    let percent =
        |share: Option<u8>| share.map(|percent| format!("{percent}%")).unwrap_or_default();
    let elderly = q.elderly_recipient.unwrap_or_default();
    let all = [
        ("保険証区分", text(&q.class)),
        ("保険者番号", q.insurer_number.clone()),
        ("保険者名", q.insurer_name.clone()),
        ("記号", q.symbol.clone()),
        ("番号", q.number.clone()),
        ("枝番", text(&q.branch)),
        ("本人・家族", kind.unwrap_or_default().into()),
        ("氏名", q.name.clone()),
        ("氏名カナ", q.name_kana.clone()),
        ("性別", sex.into()),
        ("生年月日", q.birth.to_string()),
        ("郵便番号", text(&q.post_number)),
        ("住所", text(&q.address)),
        ("有効開始日", date(q.valid_from)),
        ("有効終了日", date(q.valid_to)),
        ("資格喪失日", date(q.lost_on)),
        ("負担割合", percent(q.share_percent)),
        ("未就学区分", text(&q.preschool)),
        ("高齢受給者証の負担割合", percent(elderly.share_percent)),
        ("高齢受給者証の有効開始日", date(elderly.valid_from)),
        ("高齢受給者証の有効終了日", date(elderly.valid_to)),
    ];
    let limit = q.limit_certificate.as_ref().map(values_of_limit).unwrap_or_default();
    let diseases = q.specific_diseases.iter().flat_map(values_of_specific_disease);
    // Names of elements as the system sent them: staff enter them where the receipt computer asks.
    let tickets = q.medical_tickets.iter().flat_map(|ticket| &ticket.0);
    let tickets = tickets.map(|(name, value)| (format!("医療券・調剤券 {name}"), value.clone()));
    let known = all.into_iter().filter(|(_, value)| !value.is_empty()).chain(limit);
    known.map(|(label, value)| (label.into(), value)).chain(diseases).chain(tickets).collect()
}

fn values_of_specific_disease(certificate: &SpecificDisease) -> Vec<(String, String)> {
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let all = [
        ("特定疾病療養受療証の区分", text(&certificate.disease)),
        ("特定疾病療養受療証の交付日", date(certificate.issued_on)),
        ("特定疾病療養受療証の有効開始日", date(certificate.valid_from)),
        ("特定疾病療養受療証の有効終了日", date(certificate.valid_to)),
        ("特定疾病療養受療証の自己負担限度額", text(&certificate.self_pay)),
    ];
    let told = all.into_iter().filter(|(_, value)| !value.is_empty());
    told.map(|(label, value)| (label.into(), value)).collect()
}
