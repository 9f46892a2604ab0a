//! Code tables (domain-facts B6: seen in programs, not in the official text, which is not public). A code
//! that is not in a table is kept as it was written.

use crate::record::Value;
use crate::values::narrow;
use checkin::eligibility;
use std::borrow::Cow;

/// A code as it was written: 1 to 8 ASCII letters or digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code {
    bytes: [u8; 8],
    length: u8,
}

impl Code {
    /// `None` for anything else.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut bytes = [0; 8];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        let right = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        right.then_some(Self { bytes, length: u8::try_from(text.len()).ok()? })
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Value for Code {
    const EXPECTED: &'static str = "a code of at most 8 letters or digits";

    fn parse(text: &str) -> Option<Self> {
        Self::new(&narrow(text).to_ascii_uppercase())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

/// A table: its codes with their names in Japanese. Codes of two characters lose a leading zero in some
/// programs; they get it back.
macro_rules! codes {
    ($(#[$doc:meta])* $table:ident { $($code:literal $variant:ident $japanese:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $table {
            $(
                #[doc = concat!("`", $code, "`: ", $japanese, ".")]
                $variant,
            )*
            /// A code that is not known here.
            Other(Code),
        }

        impl $table {
            /// All codes that are known here.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As in a file.
            #[must_use]
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)*
                    Self::Other(code) => code.as_str(),
                }
            }

            /// In Japanese.
            #[must_use]
            pub fn japanese(&self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => Some($japanese),)*
                    Self::Other(_) => None,
                }
            }

            fn known(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl Value for $table {
            const EXPECTED: &'static str = Code::EXPECTED;

            fn parse(text: &str) -> Option<Self> {
                if let Some(known) = Self::known(text) {
                    return Some(known);
                }
                let code = Code::parse(text)?;
                let padded = format!("0{}", code.as_str());
                Self::known(code.as_str()).or(Self::known(&padded)).or(Some(Self::Other(code)))
            }

            fn text(&self) -> Cow<'_, str> {
                Cow::Borrowed(self.code())
            }
        }
    };
}

/// Pairs a table with a type of the domain that has variants of the same names.
macro_rules! same {
    ($table:ident, $domain:ty, $($variant:ident)*) => {
        impl $table {
            /// In the terms of the visit; `None` for a code that is not known here.
            #[must_use]
            pub fn domain(self) -> Option<$domain> {
                match self {
                    $(Self::$variant => Some(<$domain>::$variant),)*
                    Self::Other(_) => None,
                }
            }
        }

        impl From<$domain> for $table {
            fn from(domain: $domain) -> Self {
                match domain {
                    $(<$domain>::$variant => Self::$variant,)*
                }
            }
        }
    };
}

codes! {
    /// `QualificationValidity`.
    Validity {
        "1" Valid "有効",
        "2" Invalid "無効",
        "3" InvalidNewerExists "無効（新しい資格あり）",
        "4" NoneFound "該当資格なし",
        "5" MoreThanOne "複数該当",
        "6" ValidUnregistered "有効（未登録、医療扶助）",
    }
}
same!(Validity, eligibility::Validity, Valid Invalid InvalidNewerExists NoneFound MoreThanOne ValidUnregistered);

codes! {
    /// `Sex1`, `Sex2`.
    Sex {
        "1" Male "男",
        "2" Female "女",
        "3" NotSet "未設定",
    }
}
same!(Sex, eligibility::Sex, Male Female NotSet);

codes! {
    /// `PersonalFamilyClassification`.
    InsuredKind {
        "1" InsuredPerson "本人",
        "2" Family "家族",
    }
}
same!(InsuredKind, eligibility::InsuredKind, InsuredPerson Family);

codes! {
    /// `InsuredCardClassification`.
    Class {
        "01" General "被保険者証（一般）",
        "02" Retired "被保険者証（退職）",
        "03" ShortTerm "短期被保険者証（一般）",
        "04" ShortTermRetired "短期被保険者証（退職）",
        "05" SpecialPayment "特別療養費（資格証明書）",
        "06" SpecialRetired "特例退職被保険者証",
        "07" SelfDefence "自衛官診療証",
        "A1" MedicalAssistance "医療扶助",
    }
}

codes! {
    /// `ReferenceClassification`: with what the person was looked up. Makers of terminals add others
    /// (Almex: 7 and 8).
    Reference {
        "1" Card "マイナンバーカード",
        "2" Number "被保険者証情報",
    }
}

codes! {
    /// `SegmentOfResult`. One program takes 3 for an error, another 9.
    Segment {
        "1" Done "正常終了",
        "2" Processing "処理中",
        "9" Error "異常終了",
    }
}

codes! {
    /// `ProcessingResultStatus`: of one person.
    Status {
        "1" Done "正常終了",
        "2" Error "異常終了",
    }
}

codes! {
    /// `…ConsFlg`.
    Answer {
        "0" Refused "同意しない",
        "1" Agreed "同意する",
    }
}

codes! {
    /// `PrescriptionIssueSelect`: chosen at the reader; whether it is still asked is open (domain-facts G2).
    Prescription {
        "1" Electronic "電子処方箋",
        "2" Paper "紙の処方箋",
    }
}

codes! {
    /// `ReasonOfLoss`.
    ReasonOfLoss {
        "01" Death "死亡",
        "02" Welfare "生活保護受給開始",
        "03" OtherInsurance "医療保険等の資格取得",
        "99" Elsewise "その他",
    }
}

codes! {
    /// `PreschoolClassification`; 2 is seen in one program only.
    Preschool {
        "1" BeforeSchool "未就学",
        "2" AtSchool "就学中",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_are_not_known_stay_as_written() {
        let back = |text| Class::parse(text).map(|class| class.code().to_owned());
        for (text, code) in [("A1", "A1"), ("a1", "A1"), ("1", "01"), ("０１", "01"), ("Z9", "Z9")]
        {
            assert_eq!(back(text).as_deref(), Some(code));
        }
        assert_eq!((back("一般"), back("123456789"), back("0 1")), (None, None, None));
        assert!(matches!(Validity::parse("7"), Some(Validity::Other(_))));
        assert_eq!(Validity::parse("7").and_then(Validity::domain), None);
    }

    #[test]
    fn every_code_comes_back() {
        for class in Class::ALL {
            assert_eq!(Class::parse(class.code()), Some(*class));
            assert!(class.japanese().is_some());
        }
        for validity in Validity::ALL {
            assert_eq!(validity.domain().map(Validity::from), Some(*validity));
        }
    }
}
