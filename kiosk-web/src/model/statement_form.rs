//! 被保険者資格申立書 as one question after the other.

use super::date_entry::DateEntry;
use protocol::action::{Era, Insurance, Sex, StatementReason};
use protocol::screen::{Field, FieldError, FieldProblem};
use protocol::staff::{TypedStatement, UsualShare};
use protocol::{Action, Redacted};

/// One question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Why the qualification cannot be shown.
    Reason,
    /// 保険種別.
    Insurance,
    /// 保険者等名称.
    Insurer,
    /// 事業所名.
    Employer,
    /// 資格取得（交付）時期.
    Since,
    /// 一部負担金の割合.
    Share,
    /// 氏名 and フリガナ.
    Name,
    /// 生年月日.
    Birth,
    /// 性別.
    Sex,
    /// 住所.
    Address,
    /// 電話番号.
    Phone,
    /// Everything once more.
    Check,
}

impl Question {
    const ALL: [Self; 12] = [
        Self::Reason,
        Self::Insurance,
        Self::Insurer,
        Self::Employer,
        Self::Since,
        Self::Share,
        Self::Name,
        Self::Birth,
        Self::Sex,
        Self::Address,
        Self::Phone,
        Self::Check,
    ];

    /// The question that asks for a field of the wire.
    pub(crate) fn of(field: Field) -> Self {
        match field {
            Field::Insurer => Self::Insurer,
            Field::Employer => Self::Employer,
            Field::Since => Self::Since,
            Field::Share => Self::Share,
            Field::BirthDate => Self::Birth,
            Field::Address => Self::Address,
            Field::Phone => Self::Phone,
            _ => Self::Name,
        }
    }

    /// Name for tests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reason => "reason",
            Self::Insurance => "insurance",
            Self::Insurer => "insurer",
            Self::Employer => "employer",
            Self::Since => "since",
            Self::Share => "share",
            Self::Name => "name",
            Self::Birth => "birth",
            Self::Sex => "sex",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Check => "check",
        }
    }
}

/// The answers so far. The page's allocator wipes them when they are dropped.
#[derive(Clone, PartialEq)]
pub(crate) struct StatementForm {
    /// The question that is up.
    pub(crate) at: Question,
    /// Why.
    pub(crate) reason: Option<StatementReason>,
    /// 保険種別.
    pub(crate) insurance: Option<Insurance>,
    /// 保険者等名称; empty = unknown.
    pub(crate) insurer: String,
    /// 事業所名; empty = unknown.
    pub(crate) employer: String,
    /// 資格取得時期, without a day; empty = unknown.
    pub(crate) since: DateEntry,
    /// Share in percent; the inner `None` = unknown.
    #[expect(
        clippy::option_option,
        reason = "not answered and answered with 「わからない」 differ"
    )]
    pub(crate) share: Option<Option<u8>>,
    /// 氏名.
    pub(crate) name: String,
    /// フリガナ; may be empty.
    pub(crate) kana: String,
    /// 生年月日.
    pub(crate) birth: DateEntry,
    /// 性別.
    pub(crate) sex: Option<Sex>,
    /// 住所.
    pub(crate) address: String,
    /// 電話番号.
    pub(crate) phone: String,
    /// The person has no phone.
    pub(crate) no_phone: bool,
}

impl Default for StatementForm {
    fn default() -> Self {
        Self {
            at: Question::Reason,
            reason: None,
            insurance: None,
            insurer: String::new(),
            employer: String::new(),
            since: DateEntry::new(Era::Reiwa),
            share: None,
            name: String::new(),
            kana: String::new(),
            birth: DateEntry::new(Era::Showa),
            sex: None,
            address: String::new(),
            phone: String::new(),
            no_phone: false,
        }
    }
}

impl StatementForm {
    /// Longest name of a person, in characters.
    pub(crate) const LONGEST_NAME: usize = 100;
    /// Longest name of an insurance or employer, and longest address.
    pub(crate) const LONGEST: usize = 200;
    /// Longest phone number with its hyphens.
    pub(crate) const LONGEST_PHONE: usize = 30;

    /// The questions for these answers: nobody is asked for the employer of a 国民健康保険.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let asked = |question: &Question| match question {
            Question::Insurer => self.insurance != Some(Insurance::Unknown),
            Question::Employer => {
                matches!(self.insurance, None | Some(Insurance::Work | Insurance::Unknown))
            }
            _ => true,
        };
        Question::ALL.into_iter().filter(asked).collect()
    }

    /// Position of the question that is up, from 1, and their number.
    pub(crate) fn position(&self) -> (usize, usize) {
        let questions = self.questions();
        let at = questions.iter().position(|question| *question == self.at).unwrap_or(0);
        (at + 1, questions.len())
    }

    /// To the next question.
    pub(crate) fn advance(&mut self) {
        let questions = self.questions();
        let next = questions.get(self.position().0);
        self.at = next.copied().unwrap_or(Question::Check);
    }

    /// To the question before; `false` at the first one.
    pub(crate) fn go_back(&mut self) -> bool {
        let (number, _) = self.position();
        let before = number.checked_sub(2).and_then(|at| self.questions().get(at).copied());
        self.at = before.unwrap_or(self.at);
        before.is_some()
    }

    /// What is still missing at a question. The bridge judges the rest.
    pub(crate) fn missing(&self, question: Question) -> Option<FieldError> {
        let blank = |text: &str| text.trim().is_empty();
        let field = match question {
            Question::Name if blank(&self.name) => Field::Name,
            Question::Birth if !self.birth.is_complete() => Field::BirthDate,
            Question::Address if blank(&self.address) => Field::Address,
            Question::Phone if blank(&self.phone) && !self.no_phone => Field::Phone,
            _ => return None,
        };
        Some(FieldError { field, problem: FieldProblem::Empty })
    }

    /// The first question without an answer that is needed.
    pub(crate) fn first_missing(&self) -> Option<(Question, Option<FieldError>)> {
        self.questions().into_iter().find_map(|question| {
            let unanswered = match question {
                Question::Reason => self.reason.is_none(),
                Question::Insurance => self.insurance.is_none(),
                Question::Share => self.share.is_none(),
                Question::Sex => self.sex.is_none(),
                _ => false,
            };
            let missing = self.missing(question);
            (unanswered || missing.is_some()).then_some((question, missing))
        })
    }

    /// Takes what staff typed; what they left empty stays as it is. Then on to what is still missing, or to everything once more.
    pub(crate) fn take(&mut self, typed: &TypedStatement) {
        self.reason = typed.reason.or(self.reason);
        self.insurance = typed.insurance.or(self.insurance);
        self.share = typed.share.map(UsualShare::percent).or(self.share);
        self.sex = typed.sex.or(self.sex);
        self.since.take(&typed.since);
        self.birth.take(&typed.birth);
        if typed.no_phone {
            self.phone.clear();
        }
        self.no_phone = typed.no_phone || self.no_phone && typed.phone.expose().trim().is_empty();
        for (text, typed, most) in [
            (&mut self.insurer, &typed.insurer, Self::LONGEST),
            (&mut self.employer, &typed.employer, Self::LONGEST),
            (&mut self.name, &typed.name, Self::LONGEST_NAME),
            (&mut self.kana, &typed.name_kana, Self::LONGEST_NAME),
            (&mut self.address, &typed.address, Self::LONGEST),
            (&mut self.phone, &typed.phone, Self::LONGEST_PHONE),
        ] {
            if !typed.expose().trim().is_empty() {
                *text = typed.expose().trim().chars().take(most).collect();
            }
        }
        self.at = self.first_missing().map_or(Question::Check, |(question, _)| question);
    }

    /// For the wire, once nothing is missing. Answers to questions that are not asked any more are left out.
    pub(crate) fn to_action(&self) -> Option<Action> {
        if self.first_missing().is_some() {
            return None;
        }
        let asked = |question, text: &String| {
            let text =
                if self.questions().contains(&question) { text.clone() } else { String::new() };
            Redacted::new(text)
        };
        let form = protocol::action::StatementForm {
            reason: self.reason?,
            insurance: self.insurance?,
            insurer: asked(Question::Insurer, &self.insurer),
            employer: asked(Question::Employer, &self.employer),
            since: self.since.to_wire(),
            share_percent: self.share?,
            name: asked(Question::Name, &self.name),
            name_kana: asked(Question::Name, &self.kana),
            birth: self.birth.to_wire(),
            sex: self.sex?,
            address: asked(Question::Address, &self.address),
            phone: if self.no_phone {
                Redacted::new(String::new())
            } else {
                asked(Question::Phone, &self.phone)
            },
            no_phone: self.no_phone,
        };
        Some(Action::Statement { form: Box::new(form) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> StatementForm {
        let mut form = StatementForm {
            reason: Some(StatementReason::NotRegisteredYet),
            insurance: Some(Insurance::Unknown),
            insurer: "練習健保".to_owned(),
            share: Some(None),
            name: "練習　花子".to_owned(),
            sex: Some(Sex::NotSet),
            address: "練習市1-2-3".to_owned(),
            no_phone: true,
            phone: "090".to_owned(),
            ..StatementForm::default()
        };
        "55217".chars().for_each(|digit| form.birth.push(digit));
        form
    }

    #[test]
    fn the_questions_follow_the_insurance() {
        let mut form =
            StatementForm { insurance: Some(Insurance::National), ..StatementForm::default() };
        assert!(!form.questions().contains(&Question::Employer));
        form.insurance = Some(Insurance::Unknown);
        assert!(!form.questions().contains(&Question::Insurer));
        form.insurance = Some(Insurance::Work);
        assert_eq!(form.questions().len(), 12);
    }

    #[test]
    fn walks_forth_and_back_over_all_questions() {
        let mut form = filled();
        let mut walked = vec![form.at];
        while form.at != Question::Check {
            form.advance();
            walked.push(form.at);
        }
        assert_eq!(walked, form.questions());
        while form.go_back() {}
        assert_eq!((form.at, form.position()), (Question::Reason, (1, 11)));
    }

    #[test]
    fn what_is_missing_is_named_at_its_question() {
        let mut form = filled();
        form.address = " 　".to_owned();
        let (question, error) = form.first_missing().unwrap();
        assert_eq!(question, Question::Address);
        assert_eq!(error.unwrap().field, Field::Address);
        assert_eq!(form.to_action(), None);
        assert_eq!(StatementForm::default().first_missing(), Some((Question::Reason, None)));
    }

    #[test]
    fn answers_to_questions_not_asked_are_not_sent() {
        let Some(Action::Statement { form }) = filled().to_action() else { panic!("complete") };
        assert_eq!((form.insurer.expose(), form.phone.expose()), ("", ""));
        assert_eq!(form.name.expose(), "練習　花子");
    }

    #[test]
    fn what_staff_typed_leads_on_to_what_is_missing() {
        let text = |text: &str| Redacted::new(text.to_owned());
        let date = |year: &str, month: &str, day: &str| protocol::action::EraDate {
            era: Era::Showa,
            year: text(year),
            month: text(month),
            day: text(day),
        };
        let mut typed = TypedStatement {
            reason: None,
            insurance: Some(Insurance::National),
            insurer: text(""),
            employer: text(""),
            since: date("", "", ""),
            share: Some(UsualShare::Unknown),
            name: text("代筆　花子 "),
            name_kana: text(""),
            birth: date("55", "2", "17"),
            sex: Some(Sex::NotSet),
            address: text(&"長".repeat(300)),
            phone: text(""),
            no_phone: true,
        };
        let mut form = StatementForm {
            reason: Some(StatementReason::Other),
            kana: "ダイヒツ".to_owned(),
            phone: "090".to_owned(),
            at: Question::Insurance,
            ..StatementForm::default()
        };
        form.take(&typed);
        assert_eq!((form.at, form.reason), (Question::Check, Some(StatementReason::Other)));
        assert_eq!((form.name.as_str(), form.kana.as_str()), ("代筆　花子", "ダイヒツ"));
        assert_eq!((form.phone.as_str(), form.no_phone, form.share), ("", true, Some(None)));
        assert_eq!(form.address.chars().count(), 200);
        (typed.no_phone, typed.phone) = (false, text("03-0000-0000"));
        form.take(&typed);
        assert_eq!((form.phone.as_str(), form.no_phone), ("03-0000-0000", false));
        let mut other = StatementForm::default();
        other.take(&typed);
        assert_eq!(other.at, Question::Reason, "nobody said why");
    }

    #[test]
    fn every_field_has_its_question() {
        assert_eq!(Question::of(Field::NameKana), Question::Name);
        assert_eq!(Question::of(Field::BirthDate), Question::Birth);
    }
}
