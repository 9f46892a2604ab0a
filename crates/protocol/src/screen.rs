//! What the kiosk shows. Dates and times are RFC 3339 with the offset +09:00.

use crate::Name;
use serde::{Deserialize, Serialize};

macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
    };
}

mod end;
mod identify;
mod ways;

pub use end::*;
pub use identify::*;
pub use ways::*;

/// The whole view of one kiosk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// Grows with every change; actions carry it back as `seen`.
    pub revision: u64,
    /// The revision at which this question appeared; acts count [`crate::ACTS_AFTER_MS`] after that. It stays
    /// while only a remark beside the question changes.
    pub question: u64,
    /// The reader is the practice reader, or the card of this visit a practice card: mark it on the screen.
    pub practice: bool,
    /// Eligibility comes from the simulator: say so wherever its results are shown.
    pub simulated: bool,
    /// Ask 「操作を続けますか」 over the screen.
    pub asks_presence: bool,
    /// What to show.
    pub screen: Screen,
}

/// One question or message per screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
pub enum Screen {
    /// Nobody can be served now.
    OutOfService {
        /// What is missing before anybody can be served.
        fault: Fault,
        /// Name of the reader that is missing, at most 128 characters, for staff; `None` when none was used yet.
        reader: Option<String>,
    },
    /// Please place the card.
    Idle,
    /// The card is being read.
    Reading,
    /// The card was taken in the middle: the same card goes on. Nothing personal is shown.
    CardAway {
        /// What was put there instead.
        problem: Option<CardProblem>,
        /// The reader is away too.
        reader_lost: bool,
    },
    /// The card cannot be used; `continue`, or `other_ways`.
    CardProblem {
        /// Why the card does not serve, or what lies there instead of one.
        problem: CardProblem,
        /// What may be said about paying.
        payment: Payment,
    },
    /// 健康保険証利用の申込 is explained; `continue` goes on.
    Application,
    /// Choose a method.
    Method {
        /// All three, in the order of display.
        offers: Vec<Offer>,
        /// That the certificate ends soon or has ended, and until when it serves.
        alert: Option<CertificateAlert>,
        /// What happened just before.
        notice: Option<MethodNotice>,
    },
    /// Type the numbers of the card front.
    Code {
        /// What was wrong with the last ones.
        problem: Option<CodeProblem>,
        /// What they open.
        purpose: CodePurpose,
    },
    /// The photo is being read; a binary frame follows, answer with `reference`.
    ReadingPhoto,
    /// Look into the camera; answer with `face`.
    Face {
        /// Number of the attempt of this visit, from 1.
        attempt: u8,
        /// Attempts in one visit.
        of: u8,
        /// Of this attempt, 16 hex digits; comes back with the claim. The last 8 are the random number by
        /// which the face worker chooses the movements of the head.
        nonce: String,
    },
    /// Type the PIN.
    Pin {
        /// Tries left on the card.
        tries_left: u8,
        /// The last one was wrong.
        wrong: bool,
    },
    /// One try left; `insist_on_pin` or `choose` another method.
    PinLastTry,
    /// The card checks the PIN.
    CheckingPin,
    /// 目視: passcode and reason.
    Staff {
        /// What was wrong with the last one.
        problem: Option<PasscodeProblem>,
    },
    /// The passcode is being checked.
    CheckingPasscode,
    /// The person is identified, and the eligibility system hears of no card: by what are name, birth date and sex to be read?
    /// Answer with `choose_items`, or `other_ways`. Say that consents are given at the official reader.
    Items {
        /// Both, in the order of display.
        offers: Vec<ItemsOffer>,
        /// What happened just before.
        notice: Option<ItemsNotice>,
    },
    /// Type the PIN of 券面事項入力補助, another one than that of `pin`; `back` leads to `items`.
    ItemsPin {
        /// Tries left on the card.
        tries_left: u8,
        /// The last one was wrong.
        wrong: bool,
    },
    /// Name, birth date and sex are being read.
    ReadingItems,
    /// The clinic's patient list is asked. Say that consents are given at the official reader.
    Finding,
    /// The identity is being handed over.
    Opening,
    /// No consent is asked; `continue` goes on.
    ConsentSkipped {
        /// Why nothing is asked: said to the person.
        why: ConsentSkipped,
    },
    /// 包括同意: every topic that applies, with one answer or one by one.
    ConsentAll {
        /// What it covers.
        topics: Vec<Topic>,
    },
    /// A single topic of those that apply, after "one by one" was chosen.
    ConsentOne {
        /// The topic of consent that this is about.
        topic: Topic,
        /// Position from 1.
        number: u8,
        /// Number of topics.
        of: u8,
    },
    /// Eligibility is being asked for.
    Waiting,
    /// The fallback navigator; answer with `take`.
    Fallback {
        /// Why the card did not do.
        why: Why,
        /// In the order of display, never empty.
        ways: Vec<Way>,
        /// `back` leads to the question before.
        back: bool,
        /// What may be said about paying.
        payment: Payment,
    },
    /// Type the numbers of a document; `back` leads to the ways.
    Numbers {
        /// The document whose numbers are typed.
        document: Document,
        /// What was wrong with the last ones.
        problem: Option<FieldError>,
    },
    /// May the 限度額適用認定証 be shown?
    LimitCertificate,
    /// Fill in the 被保険者資格申立書; `back` leads to the ways.
    Statement {
        /// What was wrong with the last one.
        problem: Option<FieldError>,
    },
    /// The 申立書 is ready at `/statement.pdf`: print, sign, `continue`.
    StatementReady,
    /// Where are you going today? Answer with `destination`.
    Destination {
        /// As the site calls them.
        names: Vec<Name>,
    },
    /// How it ended; `continue` goes to `take_card`.
    Finished {
        /// How the visit ended: what the person is told about it.
        outcome: Outcome,
        /// Name of the confirmed person.
        person: Option<String>,
        /// The insurers that hold today; empty where no name is shown.
        insurers: Vec<Insurer>,
        /// Share to pay in percent.
        share_percent: Option<u8>,
        /// What may be said about paying where there is none.
        payment: Payment,
        /// Consents that were given, each with its end; each may be taken back here.
        agreed: Vec<Agreed>,
        /// Whether they can be withdrawn here.
        withdrawal: Withdrawal,
        /// What became of the result file.
        delivery: Delivery,
        /// The document whose numbers were typed: show it at the reception.
        paper: Option<Paper>,
        /// The question goes on in the background.
        parked: bool,
        /// Number and place.
        after: After,
        /// What was read and sent.
        receipt: Receipt,
        /// `NameKana`, where the name has lost characters (●).
        person_kana: Option<String>,
        /// The eligibility system hears of no card: consents to medical information are given at the official reader.
        consents_at_reader: bool,
        /// The answer comes from the official reader beside the kiosk: whoever has a card lays it there; left out where not.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        card_at_reader: bool,
        /// What the clinic's patient list says about `person`; left out where it knows nobody for certain, or no name is shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clinic: Option<Box<AtClinic>>,
    },
    /// Please take the card.
    TakeCard {
        /// How the visit ended.
        outcome: Outcome,
        /// Number and place.
        after: After,
        /// What may be said about paying, unless the outcome is `confirmed`.
        payment: Payment,
        /// 0 first, growing while the card is left.
        reminder: u8,
    },
    /// The card was taken: number and place once more.
    Farewell {
        /// Number and place.
        after: After,
    },
}

/// Expiry of the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CertificateAlert {
    /// Expires within three months.
    Expiring {
        /// Last second of validity.
        until: String,
    },
    /// Expired; eligibility only.
    Grace {
        /// Last second of the grace period.
        until: String,
    },
}

/// What was wrong with the passcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PasscodeProblem {
    /// It was checked, and is not the facility's passcode.
    Wrong,
    /// Too many wrong ones: nothing is checked until the wait is over.
    Throttled {
        /// Rest of the wait in whole seconds, rounded up.
        wait_s: u32,
    },
    /// The facility has not set one.
    NotSet,
}

wire_enum! {
    /// What a consent is about.
    Topic {
        /// 手術
        Operation,
        /// 診療・薬剤
        TreatmentAndMedicine,
        /// 特定健診
        HealthCheckups,
        /// 特定疾病療養受療証
        SpecificDiseases,
    }
}
wire_enum! {
    /// Why no consent is asked.
    ConsentSkipped {
        /// Certificate in its grace period.
        CertificateInGrace,
        /// There is nothing to ask this person's consent for.
        NoTopicApplies,
    }
}
wire_enum! {
    /// Why nobody can be served.
    Fault {
        /// No card reader is connected, or the one in use was unplugged.
        ReaderMissing,
        /// Smart-card service not running.
        ServiceDown,
        /// The bridge is starting.
        Starting,
        /// What a person agrees to cannot be kept now. No visit begins, `other_ways` does nothing.
        RecordsNotKept,
        /// The clock of the computer cannot be right. As above.
        ClockWrong,
    }
}
wire_enum! {
    /// Why a card cannot be used.
    CardProblem {
        /// Sleeve, wrong side, two cards.
        Unreadable,
        /// Another kind of card.
        NotMyNumber,
        /// 運転免許証, or another card that answers as one.
        DrivingLicence,
        /// 在留カード or 特別永住者証明書.
        ResidenceCard,
        /// Transit or electronic-money card.
        TransitCard,
        /// A credit or debit card (EMV).
        PaymentCard,
        /// Old 住基 card.
        JukiCard,
        /// A telephone: certificates in telephones are not read here.
        Phone,
        /// The certificate expired and its grace is over: renew it and register the card again.
        CertificateExpired,
        /// A signature of the card is wrong.
        NotGenuine,
        /// The issuer of the card is not known to this kiosk, or cannot be read: nothing is proved, nothing wrong.
        NotVerified,
        /// Practice card at a real kiosk.
        PracticeCard,
    }
}
