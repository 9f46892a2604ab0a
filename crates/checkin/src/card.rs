//! What the bridge learned about a card without any PIN.

use crate::secret::Serial;
use jiff::Timestamp;

/// Tries of the 利用者証明用 PIN after a right one.
pub const PIN_TRIES: u8 = 3;
/// Tries of 照合番号B after a right one.
pub const CODE_B_TRIES: u8 = 10;

/// Tries left of one reference (ISO/IEC 7816-4 VERIFY, `63Cx`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriesLeft {
    /// The card has no such reference (顔認証マイナンバーカード has no PIN).
    Absent,
    /// This many; 0 = locked.
    Count(u8),
}

impl TriesLeft {
    /// The number of tries that may still be made.
    #[must_use]
    pub fn count(self) -> u8 {
        match self {
            Self::Absent => 0,
            Self::Count(n) => n,
        }
    }
}

/// Which root the authentication certificate chains to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// A pinned production root of the public JPKI service.
    Production,
    /// The practice root: a software card, never a person.
    Practice,
}

/// A My Number Card as seen before any PIN: read once on placement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardFacts {
    /// Links to the insured person; lives as long as the visit.
    pub serial: Serial,
    /// `notAfter` of the authentication certificate.
    pub not_after: Timestamp,
    /// Which root the chain ends at.
    pub trust: Trust,
    /// 利用者証明用 PIN, 3 tries when fresh.
    pub pin_tries: TriesLeft,
    /// 照合番号B, 10 tries when fresh.
    pub code_b_tries: TriesLeft,
}

/// What about a card could not be verified: for the audit, never personal. A signature that is there and wrong is a reason
/// for alarm; what is missing, unknown or odd only means that this is not proved, and another method is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The authentication certificate names a root that this kiosk trusts, which did not sign it.
    Certificate,
    /// The authentication certificate names a root that this kiosk does not know, or cannot be read.
    Root,
    /// The chip does not own the key of its authentication certificate: another card's certificate.
    CertificateKey,
    /// A record does not have the form that such cards have.
    Form,
    /// The authority did not sign the certificate of the issuer; or the card has none of an authority that is known.
    Issuer,
    /// The issuer did not sign the record as it was read.
    Record,
    /// The chip does not own the key in its signed record: a copy of another card; or it refused to prove that it does.
    Chip,
    /// No card face, or its photo is not a picture that can be used.
    Photo,
    /// Practice and production are mixed in one card.
    Hierarchy,
    /// The birth date on the chip is not the one on its front.
    BirthDate,
    /// The expiry year on the chip is not the one on its front.
    ExpiryYear,
    /// The authentication certificate outlives the card, or ends on a day that does not fit.
    CertificateDates,
}

/// Why a placed card cannot be used. Each names what the person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardProblem {
    /// The reader sees something that does not answer: sleeve, wrong side, two cards, bent.
    Unreadable,
    /// Answers, but the JPKI application is missing.
    NotMyNumber,
    /// 運転免許証.
    DrivingLicence,
    /// 在留カード or 特別永住者証明書.
    ResidenceCard,
    /// A transit or electronic-money card of the `FeliCa` kind.
    TransitCard,
    /// A contactless payment card.
    PaymentCard,
    /// Old 住基 card (token label `JPKIAPICCTOKEN`).
    JukiCard,
    /// A phone (token label `JPKIAPGPSETOKEN`), not supported here yet.
    Phone,
    /// The certificate expired and its grace is over.
    CertificateExpired,
    /// A signature of the card is wrong; the audit says which ([`Doubt`]).
    NotGenuine,
    /// The card's certificate is of a root that this kiosk does not know, or cannot be read: nothing is proved, nothing is
    /// wrong.
    NotVerified,
    /// A practice card at a kiosk that serves patients.
    PracticeCard,
}
