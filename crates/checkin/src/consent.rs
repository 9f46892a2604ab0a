//! Consent to show medical information to this institution (同意).

use jiff::{SignedDuration, Timestamp};

/// How long a consent lives: 24 hours to the second (`AvailableTime` = `ConsTime` + 24 h).
pub const CONSENT_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// What a person is asked about, in the order of the screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// 手術情報 (`OperationInfo`).
    Operation,
    /// 診療・薬剤情報 (`DiagnosisInfo` and `PharmacistsInfo`, asked together).
    TreatmentAndMedicine,
    /// 特定健診情報 (`SpecificHealthCheckupsInfo`).
    HealthCheckups,
    /// 特定疾病療養受療証 (`SpecificDiseasesCertificateRelated`), only where it applies.
    SpecificDiseases,
}

impl Topic {
    /// All topics in the order of the screens.
    pub const ALL: [Self; 4] =
        [Self::Operation, Self::TreatmentAndMedicine, Self::HealthCheckups, Self::SpecificDiseases];

    /// What the audit and the wire call it; never changes.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::TreatmentAndMedicine => "treatment_and_medicine",
            Self::HealthCheckups => "health_checkups",
            Self::SpecificDiseases => "specific_diseases",
        }
    }

    /// What reception calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operation => "手術",
            Self::TreatmentAndMedicine => "診療・薬剤",
            Self::HealthCheckups => "特定健診",
            Self::SpecificDiseases => "特定疾病療養受療証",
        }
    }
}

/// The person's answer to one topic, given at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentAnswer {
    /// What was asked.
    pub topic: Topic,
    /// `true` = 同意する. Refusing blocks nothing.
    pub agreed: bool,
    /// When the person answered (`ConsTime`).
    pub at: Timestamp,
}

impl ConsentAnswer {
    /// Turns an answer to `topic` into a refusal given at that moment.
    pub fn withdraw(&mut self, topic: Topic, at: Timestamp) {
        if self.topic == topic {
            *self = Self { topic, agreed: false, at };
        }
    }

    /// The last moment at which the information may be looked up (`AvailableTime`).
    #[must_use]
    pub fn available_until(&self) -> Timestamp {
        self.at.saturating_add(CONSENT_LIFE).unwrap_or(Timestamp::MAX)
    }
}

/// The person's answer about 限度額適用認定証, which is asked with a 資格確認書 only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitAnswer {
    /// `LimitApplicationCertificateRelatedConsFlg`. Refusing blocks nothing.
    pub agreed: bool,
    /// When the person answered.
    pub at: Timestamp,
}

/// Why nothing was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentSkipped {
    /// The certificate expired and is in its grace period.
    CertificateInGrace,
    /// No topic applies to this person.
    NoTopicApplies,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consent_lives_24_hours_to_the_second() {
        let at = "2023-02-21T17:48:35+09:00".parse().unwrap();
        let answer = ConsentAnswer { topic: Topic::Operation, agreed: true, at };
        assert_eq!(answer.available_until(), "2023-02-22T17:48:35+09:00".parse().unwrap());
        for (at, until) in [
            ("2028-02-28T23:59:59+09:00", "2028-02-29T23:59:59+09:00"),
            ("2028-02-29T00:00:00+09:00", "2028-03-01T00:00:00+09:00"),
            ("2026-12-31T08:00:01+09:00", "2027-01-01T08:00:01+09:00"),
        ] {
            let answer = ConsentAnswer { at: at.parse().unwrap(), ..answer };
            assert_eq!(answer.available_until(), until.parse().unwrap(), "{at}");
        }
    }
}
