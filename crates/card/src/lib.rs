//! What a kiosk says to a My Number Card: a few verbs on top of `myna-card`, each one exclusive job, over anything that carries
//! APDUs ([`Transmit`]).
//!
//! Start at [`perform`]. A verb never retries a PIN or number (two readings of one entry
//! are two numbers), never reads the 12-digit 個人番号,
//! and leaves no verified state behind: leaving the application clears it (JICSAP 5.1.3). While the
//! person chooses, [`prefetch`] gets what proves the chip.

mod anchors;
mod chip;
mod genuine;
mod inspect;
pub mod items;
mod link;
mod other;
mod photo;
pub mod record;
mod sign;
#[cfg(test)]
mod tests;
pub mod tlv;

pub use anchors::{AnchorError, Anchors};
pub use link::COMMAND_TIME;

use checkin::Answer;
use checkin::card::{CardProblem, TriesLeft, Trust};
use checkin::code_b::Candidates;
use checkin::event::{CardFace, PhotoProblem, PinProblem};
use checkin::items::{ItemsKey, ItemsProblem};
use checkin::secret::Pin;
use jiff::Timestamp;
use link::Bounded;
use myna_card::{Card, Certificate, Error, MasterFile, Retries, Transmit};
use zeroize::Zeroizing;

/// One job for the card.
#[derive(Debug)]
pub enum Verb {
    /// Recognise the card, read and judge its authentication certificate, read both counters.
    Inspect,
    /// Present 照合番号B, by its readings one after the other, and read the photo.
    ReadPhoto {
        /// The readings.
        codes: Candidates,
        /// Read the basic four items with the one that was taken as well; without them the photo is good all the same.
        items: bool,
    },
    /// Read the counters of the application that holds the basic four items.
    CountItemsTries,
    /// Present what opens the basic four items, and read them.
    ReadItems(ItemsKey),
    /// Present the PIN and sign a fresh challenge.
    Sign(Pin),
    /// Reset and power off, so that nothing verified stays.
    Release,
}

/// A JPEG 2000 file from a card; wiped when dropped, prints as its size only.
#[derive(Clone)]
pub struct Photo(Zeroizing<Vec<u8>>);

impl Photo {
    pub(crate) fn new(jp2: Vec<u8>) -> Self {
        Self(Zeroizing::new(jp2))
    }

    /// The JP2 file.
    pub fn jp2(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Photo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<photo, {} bytes>", self.0.len())
    }
}

/// Answer of a verb; the photo goes to the face worker, never through the visit.
#[derive(Debug)]
pub struct Done {
    /// For the visit; `None` after `Release`.
    pub answer: Option<Answer>,
    /// After a successful `ReadPhoto`.
    pub photo: Option<Photo>,
}

impl From<Answer> for Done {
    fn from(answer: Answer) -> Self {
        Self { answer: Some(answer), photo: None }
    }
}

/// What one placed card has told so far. Dropped with the card.
#[derive(Clone, Default)]
pub struct Session {
    certificate: Option<Certificate>,
    trust: Option<Trust>,
    not_after: Option<Timestamp>,
    proof: Option<genuine::Proof>,
}

impl Verb {
    /// The answer when the card or reader did not work.
    pub fn failed(&self) -> Done {
        let answer = match self {
            Self::Inspect => Answer::Inspected(Err(CardProblem::Unreadable)),
            Self::ReadPhoto { .. } => Answer::PhotoRead(Err(PhotoProblem::CardFailed)),
            Self::CountItemsTries => Answer::ItemsCounted(None),
            Self::ReadItems(_) => Answer::ItemsRead(Err(ItemsProblem::CardFailed)),
            Self::Sign(_) => Answer::Signed(Err(PinProblem::CardFailed)),
            Self::Release => return Done { answer: None, photo: None },
        };
        answer.into()
    }
}

/// Carries one verb out. Blocks for as long as the card takes (a second or two over the air), and
/// no longer than ten seconds unless `card` itself blocks.
pub fn perform(
    card: &mut dyn Transmit,
    session: &mut Session,
    anchors: &Anchors,
    verb: &Verb,
) -> Done {
    let mut card = Card::new(Bounded::new(card));
    match verb {
        Verb::Inspect => {
            *session = Session::default();
            Answer::Inspected(inspect::inspect(&mut card, session, anchors)).into()
        }
        Verb::ReadPhoto { codes, items } => {
            let read = photo::read_photo(&mut card, session, anchors, codes);
            let done = match read {
                Ok((photo, birth, code)) => {
                    let owner =
                        items.then(|| items::read_by_code(&mut card, session, anchors, code));
                    let owner = owner.and_then(Result::ok).map(Box::new);
                    let face = CardFace { birth, owner };
                    Done { answer: Some(Answer::PhotoRead(Ok(face))), photo: Some(photo) }
                }
                Err(problem) => Answer::PhotoRead(Err(problem)).into(),
            };
            leave(&mut card);
            done
        }
        Verb::CountItemsTries => {
            let counted = items::count(&mut card);
            leave(&mut card);
            Answer::ItemsCounted(counted).into()
        }
        Verb::ReadItems(key) => {
            let read = items::read(&mut card, session, anchors, key);
            leave(&mut card);
            Answer::ItemsRead(read.map(Box::new)).into()
        }
        Verb::Sign(pin) => {
            let signed = sign::sign(&mut card, session, pin);
            leave(&mut card);
            Answer::Signed(signed).into()
        }
        Verb::Release => {
            leave(&mut card);
            *session = Session::default();
            verb.failed()
        }
    }
}

/// Gets ahead, while the person chooses, what proves the chip: the issuer's certificate and a
/// signature over a fresh nonce. Only after a successful `Inspect`; when it fails, `ReadPhoto`
/// does it itself.
pub fn prefetch(card: &mut dyn Transmit, session: &mut Session) {
    if session.certificate.is_none() || session.proof.is_some() {
        return;
    }
    let mut card = Card::new(Bounded::new(card));
    // `Inspect` ended in this application.
    match genuine::challenge(&mut card) {
        Ok(proof) => session.proof = Some(proof),
        Err(error) => tracing::info!(reason = reason(&error), "nothing was read ahead"),
    }
}

/// Clears the security status: leaving an application does (JICSAP 5.1.3 rule 3).
fn leave<T: Transmit>(card: &mut Card<T>) {
    // The reader resets the card as well, so the outcome says nothing.
    let _ = MasterFile::select(card);
}

/// A counter as the domain sees it. A reference that the card does not have is `Absent`; an
/// unlimited or unreported one is treated as locked, because no try may be spent on a guess.
fn tries(read: Result<Retries, Error>) -> Result<TriesLeft, Error> {
    match read {
        Ok(retries) => Ok(TriesLeft::Count(retries.count().unwrap_or(0))),
        Err(Error::PinBlocked) => Ok(TriesLeft::Count(0)),
        Err(Error::Status(status)) if matches!(status.value(), 0x6A82 | 0x6A88) => {
            Ok(TriesLeft::Absent)
        }
        Err(error) => Err(error),
    }
}

/// Tries left after a refused VERIFY, or `None` when it failed for another reason.
fn refused(error: &Error) -> Option<TriesLeft> {
    match error {
        Error::PinIncorrect { retries } => Some(TriesLeft::Count(retries.unwrap_or(0))),
        Error::PinBlocked => Some(TriesLeft::Count(0)),
        Error::Status(status) if status.value() == 0x6983 => Some(TriesLeft::Count(0)),
        _ => None,
    }
}

/// What to log: the kind of failure, never what the card said about a person.
fn reason(error: &Error) -> String {
    match error {
        Error::Malformed(_) => "a record does not have the expected form".into(),
        error => error.to_string(),
    }
}
