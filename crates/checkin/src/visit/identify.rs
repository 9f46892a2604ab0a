//! Face, PIN and 目視. Switching between them keeps everything that was done.

use super::case::Case;
use super::fallback;
use super::person::{Person, Photo};
use super::placed;
use super::shared::Shared;
use super::state::State;
use super::{Visits, away, items};
use crate::card::{Doubt, TriesLeft, Trust};
use crate::code_b::{Candidates, TypedCode};
use crate::effect::{Record, Request};
use crate::event::{Action, PasscodeProblem, PhotoProblem, PinProblem};
use crate::fallback::Why;
use crate::identity::{
    FACE_ATTEMPTS, FaceClaim, FaceVerdict, LEAST_MOVEMENT_MS, MOVEMENTS, Method, PIN_STOP_AT,
    ToCompare, VisualReason,
};
use crate::secret::{Passcode, Pin};
use crate::view::{CodePurpose, CodeScreenProblem, MethodNotice, Screen};

/// `Err` gives the state back unchanged.
pub(super) fn act(shared: &mut Shared, state: State, action: Action) -> Result<State, State> {
    if state.person().is_some_and(|person| person.method.is_some()) {
        return items::act(shared, state, action);
    }
    match (state, action) {
        (State::TypingCode { person, problem, .. }, Action::ShowCard) => {
            Ok(State::TypingCode { person, problem, shown: true })
        }
        (State::TypingCode { person, shown, .. }, Action::Code(typed)) => {
            Ok(match possible(shared, &typed) {
                Ok(codes) => read_photo(shared, person, codes),
                Err(problem) => State::TypingCode { person, problem: Some(problem), shown },
            })
        }
        (State::Preparing { mut person }, Action::Reference(Ok(()))) => {
            person.photo = Photo::Ready;
            Ok(facing(shared, person))
        }
        (State::Preparing { person } | State::Facing { person }, Action::Reference(Err(_))) => {
            Ok(without_photo(person))
        }
        (State::Facing { person }, Action::Face(claim)) => judge(shared, person, claim),
        (State::PinLastTry { person }, Action::InsistOnPin) => {
            Ok(State::EnteringPin { person, wrong: false })
        }
        (State::EnteringPin { person, .. }, Action::Pin(pin)) => Ok(sign(shared, person, pin)),
        (State::AskingStaff { person, .. }, Action::Visual { passcode, reason }) => {
            Ok(check_passcode(shared, person, passcode, reason))
        }
        (State::AskingStaff { person, .. }, Action::VisualByAccount { reason }) => {
            Ok(identified(shared, person, Method::Visual, Some(reason)))
        }
        (State::AskingStaff { person, .. }, Action::NotConfirmed) => {
            Ok(not_confirmed(shared, person))
        }
        (
            State::Choosing { person, .. }
            | State::TypingCode { person, .. }
            | State::Preparing { person }
            | State::Facing { person },
            Action::CameraMissing,
        ) => Ok(without_camera(person)),
        (State::Choosing { person, .. }, Action::OtherWays) => {
            let mut case = Case::new(person.visit, Why::NotIdentified);
            case.person = Some(person);
            Ok(fallback::open(shared, case))
        }
        (state, Action::Choose(method)) => choose(shared, state, method),
        (other, _) => Err(other),
    }
}

fn choose(shared: &Shared, state: State, method: Method) -> Result<State, State> {
    match state {
        State::Choosing { ref person, .. }
        | State::TypingCode { ref person, .. }
        | State::Facing { ref person }
        | State::EnteringPin { ref person, .. }
        | State::PinLastTry { ref person }
        | State::AskingStaff { ref person, .. }
            if person.offer(method, &shared.config).is_ok() =>
        {
            Ok(begin(shared, person.clone(), method))
        }
        // Not possible any more: the method screen says why.
        State::TypingCode { person, .. }
        | State::Facing { person }
        | State::EnteringPin { person, .. }
        | State::PinLastTry { person }
        | State::AskingStaff { person, .. } => Ok(State::Choosing { person, notice: None }),
        other => Err(other),
    }
}

impl Person {
    /// The face screen of the present attempt.
    pub(super) fn face_screen(&self) -> Screen {
        let (nonce, _) = self.face_asked;
        Screen::Face { attempt: self.face_misses + 1, of: FACE_ATTEMPTS, nonce }
    }
}

/// A face attempt begins, with a nonce of its own.
pub(super) fn facing(shared: &Shared, mut person: Box<Person>) -> State {
    person.face_asked = (shared.nonce, shared.now.monotonic);
    State::Facing { person }
}

fn begin(shared: &Shared, person: Box<Person>, method: Method) -> State {
    match method {
        Method::Face if person.photo == Photo::Ready => facing(shared, person),
        Method::Face => State::TypingCode { person, problem: None, shown: false },
        Method::Pin if person.card.pin_tries.count() <= PIN_STOP_AT => State::PinLastTry { person },
        Method::Pin => State::EnteringPin { person, wrong: false },
        Method::Visual => State::AskingStaff { person, problem: None },
    }
}

/// The number for the card by its readings, if it can be right at all.
pub(super) fn possible(
    shared: &Shared,
    typed: &TypedCode,
) -> Result<Candidates, CodeScreenProblem> {
    typed.candidates(shared.now.wall).map_err(CodeScreenProblem::Impossible)
}

/// Presents the confirmed number for what it was asked for.
pub(super) fn present(shared: &mut Shared, person: Box<Person>, codes: Candidates) -> State {
    match person.code_purpose() {
        CodePurpose::Photo => read_photo(shared, person, codes),
        CodePurpose::Items => items::read_by_code(shared, person, codes),
    }
}

fn read_photo(shared: &mut Shared, person: Box<Person>, codes: Candidates) -> State {
    // The card may have come back with fewer tries.
    if !person.code_may_be_tried() {
        return State::Choosing { person, notice: Some(MethodNotice::CodeTriesLow) };
    }
    let items = !shared.config.reach.hears_of_cards();
    match shared.card_request(Request::ReadPhoto { codes, items }) {
        Some(effect) => State::ReadingPhoto { person, effect },
        None => State::Choosing { person, notice: Some(MethodNotice::CardFailed) },
    }
}

pub(super) fn photo_read(
    shared: &mut Shared,
    mut person: Box<Person>,
    read: Result<(), PhotoProblem>,
) -> State {
    let notice = match read {
        Ok(()) => {
            person.photo = Photo::Opened;
            shared.request(Request::HandOverPhoto);
            return State::Preparing { person };
        }
        Err(PhotoProblem::WrongCode(tries)) => {
            if person.code_may_be_tried() {
                let problem = Some(CodeScreenProblem::Wrong { tries_left: tries.count() });
                return State::TypingCode { person, problem, shown: false };
            }
            MethodNotice::CodeTriesLow
        }
        Err(PhotoProblem::TooFewTries(_)) => MethodNotice::CodeTriesLow,
        Err(PhotoProblem::NotVerified(doubt)) => {
            shared.record(person.visit, Record::CardDoubted(doubt));
            return without_photo(person);
        }
        Err(PhotoProblem::NotGenuine(doubt)) => {
            return placed::doubted(shared, person.visit, doubt);
        }
        Err(PhotoProblem::CardFailed) => MethodNotice::CardFailed,
    };
    State::Choosing { person, notice: Some(notice) }
}

fn without_photo(mut person: Box<Person>) -> State {
    person.photo = Photo::Unusable;
    State::Choosing { person, notice: Some(MethodNotice::PhotoUnreadable) }
}

pub(super) fn without_camera(mut person: Box<Person>) -> State {
    person.camera = false;
    State::Choosing { person, notice: Some(MethodNotice::CameraMissing) }
}

fn judge(shared: &mut Shared, mut person: Box<Person>, claim: FaceClaim) -> Result<State, State> {
    if claim.attempt != person.face_misses + 1 {
        return Err(State::Facing { person });
    }
    let verdict = match shared.config.face.judge(&claim) {
        FaceVerdict::Matched if !is_of_this_attempt(shared, &person, &claim) => {
            FaceVerdict::Refused
        }
        verdict => verdict,
    };
    shared.record(person.visit, Record::FaceAttempt { claim, verdict });
    Ok(match verdict {
        FaceVerdict::Matched => identified(shared, person, Method::Face, None),
        FaceVerdict::NotSeen => State::Choosing { person, notice: Some(MethodNotice::FaceNotSeen) },
        FaceVerdict::Missed | FaceVerdict::Refused => {
            person.face_misses += 1;
            if person.should_offer_other_methods() {
                let attempts_left = FACE_ATTEMPTS.saturating_sub(person.face_misses);
                let notice = Some(MethodNotice::FaceMissed { attempts_left });
                State::Choosing { person, notice }
            } else {
                facing(shared, person)
            }
        }
    })
}

/// Made for the attempt that was asked for, and not sooner than anybody can have moved as asked. The
/// pictures of practice are asked for no movement.
fn is_of_this_attempt(shared: &Shared, person: &Person, claim: &FaceClaim) -> bool {
    let (nonce, since) = person.face_asked;
    let took = shared.now.monotonic.since(since);
    let asked = person.card.trust == Trust::Production;
    claim.nonce == nonce && (!asked || took >= MOVEMENTS * LEAST_MOVEMENT_MS)
}

impl Visits {
    /// What staff may be told to compare with: `None` unless somebody waits for 目視 now.
    #[must_use]
    pub fn to_compare(&self) -> Option<ToCompare> {
        match &self.state {
            State::AskingStaff { person, .. } => {
                Some(ToCompare { visit: person.visit, birth: person.proved })
            }
            _ => None,
        }
    }

    /// Supplies a random number that nobody could foresee, before each [`Visits::handle`]: a face attempt
    /// that begins takes it as its nonce.
    pub fn supply(&mut self, nonce: u64) {
        self.shared.nonce = nonce;
    }
}

fn sign(shared: &mut Shared, person: Box<Person>, pin: Pin) -> State {
    match shared.card_request(Request::Sign { pin }) {
        Some(effect) => State::CheckingPin { person, effect },
        None => State::Choosing { person, notice: Some(MethodNotice::CardFailed) },
    }
}

pub(super) fn signed(
    shared: &mut Shared,
    person: Box<Person>,
    signed: Result<(), PinProblem>,
) -> State {
    let tries = match signed {
        Ok(()) => return identified(shared, person, Method::Pin, None),
        Err(PinProblem::WrongPin(tries)) => tries,
        Err(PinProblem::BadSignature) => {
            return placed::doubted(shared, person.visit, Doubt::CertificateKey);
        }
        Err(PinProblem::CardFailed) => {
            return State::Choosing { person, notice: Some(MethodNotice::CardFailed) };
        }
    };
    shared.record(person.visit, Record::PinRefused { tries_left: tries.count() });
    match tries {
        TriesLeft::Absent | TriesLeft::Count(0) => {
            State::Choosing { person, notice: Some(MethodNotice::PinLocked) }
        }
        TriesLeft::Count(left) if left <= PIN_STOP_AT => State::PinLastTry { person },
        TriesLeft::Count(_) => State::EnteringPin { person, wrong: true },
    }
}

fn check_passcode(
    shared: &mut Shared,
    person: Box<Person>,
    passcode: Passcode,
    reason: VisualReason,
) -> State {
    let effect = shared.request(Request::CheckPasscode { passcode });
    State::CheckingPasscode { person, reason, effect }
}

pub(super) fn passcode_checked(
    shared: &mut Shared,
    person: Box<Person>,
    reason: VisualReason,
    checked: Result<(), PasscodeProblem>,
) -> State {
    match checked {
        Ok(()) => identified(shared, person, Method::Visual, Some(reason)),
        Err(problem) => {
            shared.record(person.visit, Record::PasscodeRefused);
            State::AskingStaff { person, problem: Some(problem) }
        }
    }
}

/// One "no" of staff ends 目視 for this visit: nobody goes on asking until somebody says yes.
fn not_confirmed(shared: &mut Shared, mut person: Box<Person>) -> State {
    person.not_confirmed = true;
    shared.record(person.visit, Record::NotConfirmed);
    State::Choosing { person, notice: Some(MethodNotice::NotConfirmed) }
}

/// The person is known: neither photo nor verified card state is needed any longer.
fn identified(
    shared: &mut Shared,
    mut person: Box<Person>,
    method: Method,
    reason: Option<VisualReason>,
) -> State {
    person.method = Some(method);
    shared.record(person.visit, Record::Identified { method, reason });
    shared.request(Request::ForgetPerson);
    if !shared.config.reach.hears_of_cards() {
        // The card is needed for its items still.
        return items::begin(shared, person);
    }
    shared.request(Request::ReleaseCard);
    away::open(shared, person, method)
}
