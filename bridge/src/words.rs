//! Values of the domain as the store writes them: a short word for each, which never changes once it was written, and back.
//! One table for each vocabulary, for audit lines and rows of the staff board alike.

use checkin::claim::{ClaimNote, Destination, Route};
use checkin::consent::Topic;
use checkin::documents::{Document, PaperItem};
use checkin::ended::Ended;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;

/// A value that the store writes as a word.
pub(crate) trait Word: Sized {
    /// The word.
    fn word(&self) -> &'static str;
    /// The value of a word; `None` when it has none.
    fn of(word: &str) -> Option<Self>;
}

/// One vocabulary. A variant without a word does not compile.
macro_rules! words {
    ($type:ty: $($variant:ident = $word:literal),* $(,)?) => {
        impl $crate::words::Word for $type {
            fn word(&self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }
            fn of(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use words;

impl Word for Topic {
    fn word(&self) -> &'static str {
        self.key()
    }
    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.key() == word)
    }
}
words!(Ended:
    Confirmed = "confirmed",
    Invalid = "invalid",
    InvalidNewerExists = "invalid_newer_exists",
    NoneFound = "none_found",
    MoreThanOne = "more_than_one",
    SystemDown = "system_down",
    SystemLate = "system_late",
    UnknownCertificate = "unknown_certificate",
    Stopped = "stopped",
    TimedOut = "timed_out",
    CardRefused = "card_refused",
    CardTaken = "card_taken",
    ReaderLost = "reader_lost",
    NumbersTyped = "numbers_typed",
    Oral = "oral",
    StatementMade = "statement_made",
    AtDesk = "at_desk",
);
words!(Document:
    MynaPortal = "myna_portal",
    QualificationNotice = "qualification_notice",
    EligibilityCertificate = "eligibility_certificate",
    InsuranceCard = "insurance_card",
);
words!(PaperItem:
    Card = "card",
    Share = "share",
    ValidUntil = "valid_until",
    ShareFrom = "share_from",
);
words!(Route:
    Current = "current",
    Past = "past",
    Unknown = "unknown",
    Undecided = "undecided",
);
words!(Destination:
    PaymentFund = "payment_fund",
    Federation = "federation",
    Either = "either",
);
words!(ClaimNote:
    CardNotVerified = "card_not_verified",
    AskForCard = "ask_for_card",
    AskWhetherChanged = "ask_whether_changed",
    AskSystemAgain = "ask_system_again",
    AskNewNumber = "ask_new_number",
    AskWhich = "ask_which",
    AnswerAboutAnother = "answer_about_another",
    CompareBirth = "compare_birth",
    Contradictory = "contradictory",
    CompareWithPaper = "compare_with_paper",
    MedicalAssistance = "medical_assistance",
    StatementNeeded = "statement_needed",
    KeepStatement = "keep_statement",
    PatientNotInList = "patient_not_in_list",
    PatientWithoutNumbers = "patient_without_numbers",
    PatientUnsure = "patient_unsure",
    AtReaderOnly = "at_reader_only",
    AtReaderUnsure = "at_reader_unsure",
);

/// A value that a row has as a string.
pub(crate) trait Text: Sized {
    fn write(&self) -> Cow<'static, str>;
    fn read(text: &str) -> Option<Self>;
}

impl<T: Word> Text for T {
    fn write(&self) -> Cow<'static, str> {
        self.word().into()
    }
    fn read(text: &str) -> Option<Self> {
        Self::of(text)
    }
}

/// RFC 3339 with +09:00, whole seconds.
impl Text for Timestamp {
    fn write(&self) -> Cow<'static, str> {
        checkin::time::rfc3339(*self).into()
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

struct Written<T>(T);

impl<T: Text> Serialize for Written<&T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0.write())
    }
}

impl<'de, T: Text> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        // What is damaged may name somebody: it is not repeated.
        T::read(&text).map(Self).ok_or_else(|| de::Error::custom("an unknown word"))
    }
}

/// A field that is one of them.
pub(crate) mod one {
    use super::{Deserialize as _, Deserializer, Serialize as _, Serializer, Text, Written};

    pub(crate) fn serialize<T: Text, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        Written(value).serialize(to)
    }

    pub(crate) fn deserialize<'de, T: Text, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        Ok(Written::deserialize(from)?.0)
    }
}

/// A field that may be none.
pub(crate) mod maybe {
    use super::{Deserialize as _, Deserializer, Serialize as _, Serializer, Text, Written};

    #[expect(clippy::ref_option, reason = "serde gives a field's own type")]
    pub(crate) fn serialize<T: Text, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Written).serialize(to)
    }

    pub(crate) fn deserialize<'de, T: Text, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        Ok(Option::<Written<T>>::deserialize(from)?.map(|written| written.0))
    }
}

/// A field that is a list of them.
pub(crate) mod several {
    use super::{Deserialize as _, Deserializer, Serializer, Text, Written};

    pub(crate) fn serialize<T: Text, S: Serializer>(
        values: &[T],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(Written))
    }

    pub(crate) fn deserialize<'de, T: Text, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<T>, D::Error> {
        let written = Vec::<Written<T>>::deserialize(from)?;
        Ok(written.into_iter().map(|written| written.0).collect())
    }
}
