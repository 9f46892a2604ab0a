//! What the bridge does with a card: four verbs on top of `myna-card`, each one exclusive job.
//!
//! Start at [`perform`]. A verb never retries a PIN or number, never reads the 12-digit 個人番号,
//! and leaves no verified state behind: leaving the application clears it (JICSAP 5.1.3).

mod anchors;
mod inspect;
mod photo;
mod sign;
#[cfg(test)]
mod tests;

pub use anchors::{AnchorError, Anchors};

use checkin::Answer;
use checkin::card::{CardProblem, TriesLeft};
use checkin::code_b::CodeB;
use checkin::event::{PhotoProblem, PinProblem};
use checkin::secret::Pin;
use myna_card::{Card, Certificate, Error, MasterFile, Retries, Transmit};
use zeroize::Zeroizing;

/// One job for the card.
#[derive(Debug)]
pub enum Verb {
    /// Recognise the card, read and judge its authentication certificate, read both counters.
    Inspect,
    /// Present 照合番号B and read the photo.
    ReadPhoto(CodeB),
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
#[derive(Default)]
pub struct Session {
    certificate: Option<Certificate>,
}

impl Verb {
    /// The answer when the card or reader did not work.
    pub fn failed(&self) -> Done {
        let answer = match self {
            Self::Inspect => Answer::Inspected(Err(CardProblem::Unreadable)),
            Self::ReadPhoto(_) => Answer::PhotoRead(Err(PhotoProblem::CardFailed)),
            Self::Sign(_) => Answer::Signed(Err(PinProblem::CardFailed)),
            Self::Release => return Done { answer: None, photo: None },
        };
        answer.into()
    }
}

/// Carries one verb out. Blocks for as long as the card takes (a second or two over the air).
pub fn perform(
    card: &mut Card<&mut dyn Transmit>,
    session: &mut Session,
    anchors: &Anchors,
    verb: &Verb,
) -> Done {
    // Leaves whatever an earlier program left selected and verified. Some cards answer the first
    // command after power-up with 6F00, so the outcome says nothing.
    let _ = MasterFile::select(card);
    let done = match verb {
        Verb::Inspect => {
            *session = Session::default();
            Answer::Inspected(inspect::inspect(card, session, anchors)).into()
        }
        Verb::ReadPhoto(code) => match photo::read_photo(card, anchors, code) {
            Ok(photo) => Done { answer: Some(Answer::PhotoRead(Ok(()))), photo: Some(photo) },
            Err(problem) => Answer::PhotoRead(Err(problem)).into(),
        },
        Verb::Sign(pin) => Answer::Signed(sign::sign(card, session, pin)).into(),
        Verb::Release => verb.failed(),
    };
    // Clears the security status of this verb (JICSAP 5.1.3 rule 3).
    let _ = MasterFile::select(card);
    done
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
