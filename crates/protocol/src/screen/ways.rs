//! The fallback navigator and its forms.

use serde::{Deserialize, Serialize};

wire_enum! {
    /// Why the fallback navigator is open.
    Why {
        /// No My Number Card at hand.
        NoCard,
        /// The certificate expired and its grace is over.
        CardExpired,
        /// The card cannot be used.
        CardUnusable,
        /// The card is not registered as 健康保険証, and is not to be.
        NotRegistered,
        /// None of the three methods.
        NotIdentified,
        /// 無効.
        Invalid,
        /// 無効, a newer one exists.
        InvalidNewerExists,
        /// 該当なし.
        NoneFound,
        /// 複数該当.
        MoreThanOne,
        /// The system is down; it is asked again in the background.
        SystemDown,
        /// The answer is late; it is waited for in the background.
        SystemLate,
        /// The system does not know the certificate.
        UnknownCertificate,
        /// Name and birth date were not read from the card.
        ItemsUnread,
        /// The clinic's patient list does not have the person.
        NotInList,
        /// It has, but no insurance.
        NumbersNotKnown,
        /// More than one in it fits, or nearly: staff look.
        PatientUnsure,
    }
}
wire_enum! {
    /// One way on.
    Way {
        /// Numbers from マイナポータル.
        MynaPortal,
        /// Numbers from 資格情報のお知らせ.
        QualificationNotice,
        /// Numbers from 資格確認書.
        EligibilityCertificate,
        /// Numbers from 健康保険証.
        InsuranceCard,
        /// Returning patient: staff ask whether anything has changed.
        Oral,
        /// 被保険者資格申立書.
        Statement,
        /// Take a number, staff go on.
        Desk,
    }
}
wire_enum! {
    /// A document with numbers.
    Document {
        /// マイナポータル.
        MynaPortal,
        /// 資格情報のお知らせ.
        QualificationNotice,
        /// 資格確認書.
        EligibilityCertificate,
        /// 健康保険証.
        InsuranceCard,
    }
}
/// One field and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldError {
    /// Which field.
    pub field: Field,
    /// What is wrong.
    pub problem: FieldProblem,
}

wire_enum! {
    /// A field of a form.
    Field {
        /// 保険者番号.
        InsurerNumber,
        /// 記号.
        Symbol,
        /// 番号.
        Number,
        /// 枝番.
        Branch,
        /// 生年月日.
        BirthDate,
        /// 氏名.
        Name,
        /// 氏名カナ.
        NameKana,
        /// 住所.
        Address,
        /// 電話番号.
        Phone,
        /// 事業所名.
        Employer,
        /// 資格取得（交付）時期.
        Since,
        /// 保険者等名称.
        Insurer,
        /// 一部負担金の割合.
        Share,
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FieldProblem {
    /// Needed.
    Empty,
    /// Too long.
    TooLong {
        /// Longest accepted, in characters.
        most: u8,
    },
    /// Digits only.
    NotDigits,
    /// Wrong number of digits.
    WrongLength,
    /// A digit is wrong or two are swapped.
    CheckDigit,
    /// No such day in that era.
    NoSuchDate,
    /// After today.
    FutureDate,
    /// A character that the field never has.
    Characters,
    /// Another birth date than that of the card's owner.
    NotOfCard,
}
