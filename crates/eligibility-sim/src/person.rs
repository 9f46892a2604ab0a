//! One insured person, as the national system knows them.

use checkin::eligibility::{Eligibility, Qualification, Validity};
use checkin::gateway::GatewayTrouble;
use checkin::time::in_japan;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

/// One insured person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// `id` of the persona file.
    pub id: String,
    /// Serial number of the authentication certificate: big-endian, no leading zero bytes.
    pub serial: Vec<u8>,
    /// Birth date.
    pub birth: Date,
    /// Whether the card starts out registered as health insurance card.
    pub registered: bool,
    /// Whether there is a 特定疾病療養受療証.
    pub specific_diseases: bool,
    /// What a query answers once everything is registered.
    pub eligibility: Eligibility,
    /// What it answers before an insurer has registered.
    pub delay: Option<Delay>,
    /// What goes wrong with this person, if anything.
    pub trouble: Option<Trouble>,
}

/// An insurer that registers late. Insurers have 5 days by rule (10 from the change).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delay {
    /// First day in Japan on which the system knows everything.
    pub known_from: Date,
    /// What is answered before.
    pub until_then: Eligibility,
}

/// A failure to rehearse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What the system answers. `Late` is answered at once: the caller lets the person wait.
    pub answer: GatewayTrouble,
    /// At which step; `None` = at every one.
    pub step: Option<Step>,
    /// How long.
    pub lasts: Lasts,
}

/// How long a failure lasts, counted from the first request that met it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasts {
    /// Always.
    Forever,
    /// So many seconds; looking up has no time and fails until the first other request succeeds.
    Seconds(u32),
    /// So many requests at these steps.
    Tries(u32),
}

/// The three steps of a check-in at the national system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Is the card registered?
    LookUp,
    /// Identity handed over, topics returned.
    Open,
    /// Qualification, by card or by number.
    Query,
}

/// A persona file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// Not TOML, or a field is missing, unknown or of the wrong type.
    #[error("the persona file is not readable: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A field has a value that the system could not hold.
    #[error("persona field `{field}`: {hint}")]
    Field {
        /// Name in the file.
        field: &'static str,
        /// What to write instead.
        hint: &'static str,
    },
}

impl Person {
    /// What the system knows at that moment.
    #[must_use]
    pub fn eligibility_at(&self, now: Timestamp) -> &Eligibility {
        match &self.delay {
            Some(delay) if in_japan(now).date() < delay.known_from => &delay.until_then,
            _ => &self.eligibility,
        }
    }
}

/// The answer to a query by number that found this qualification of that person.
pub(crate) fn answer_for(found: &Qualification, all: &Eligibility, today: Date) -> Eligibility {
    let validity = if found.holds_on(today) {
        match all.validity {
            Validity::ValidUnregistered => Validity::ValidUnregistered,
            _ => Validity::Valid,
        }
    } else if all.qualifications.iter().any(|other| other.holds_on(today)) {
        Validity::InvalidNewerExists
    } else {
        Validity::Invalid
    };
    Eligibility { validity, qualifications: vec![found.clone()] }
}
