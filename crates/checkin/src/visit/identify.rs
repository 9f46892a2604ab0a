//! Face, PIN and 目視. Switching between them keeps everything that was done.

use super::case::Case;
use super::desk::Desk;
use super::fallback;
use super::placed;
use super::session::{Photo, Session};
use super::state::State;
use super::{Visit, away};
use crate::birth::Birth;
use crate::card::{Doubt, TriesLeft, Trust};
use crate::code_b::{Candidates, TypedCode};
use crate::effect::{Record, Request};
use crate::event::{Action, PasscodeProblem, PhotoProblem, PinProblem};
use crate::fallback::Why;
use crate::identity::{
    FACE_ATTEMPTS, FaceClaim, FaceVerdict, LEAST_MOVEMENT_MS, MOVEMENTS, Method, PIN_STOP_AT,
    VisualReason,
};
use crate::secret::{Passcode, Pin};
use crate::view::{CodeScreenProblem, MethodNotice, Screen};

/// `Err` gives the state back unchanged.
pub(super) fn act(desk: &mut Desk, state: State, action: Action) -> Result<State, State> {
    match (state, action) {
        (State::TypingCode { session, problem, .. }, Action::ShowCard) => {
            Ok(State::TypingCode { session, problem, shown: true })
        }
        (State::TypingCode { session, shown, .. }, Action::Code(typed)) => {
            Ok(match possible(desk, &typed) {
                Ok(codes) => read_photo(desk, session, codes),
                Err(problem) => State::TypingCode { session, problem: Some(problem), shown },
            })
        }
        (State::Preparing { mut session }, Action::Reference(Ok(()))) => {
            session.photo = Photo::Ready;
            Ok(facing(desk, session))
        }
        (State::Preparing { session } | State::Facing { session }, Action::Reference(Err(_))) => {
            Ok(without_photo(session))
        }
        (State::Facing { session }, Action::Face(claim)) => judge(desk, session, claim),
        (State::PinLastTry { session }, Action::InsistOnPin) => {
            Ok(State::EnteringPin { session, wrong: false })
        }
        (State::EnteringPin { session, .. }, Action::Pin(pin)) => Ok(sign(desk, session, pin)),
        (State::AskingStaff { session, .. }, Action::Visual { passcode, reason }) => {
            Ok(check_passcode(desk, session, passcode, reason))
        }
        (
            State::Choosing { session, .. }
            | State::TypingCode { session, .. }
            | State::Preparing { session }
            | State::Facing { session },
            Action::CameraMissing,
        ) => Ok(without_camera(session)),
        (State::Choosing { session, .. }, Action::OtherWays) => {
            let mut case = Case::new(session.visit, Why::NotIdentified);
            case.session = Some(session);
            Ok(fallback::open(desk, case))
        }
        (state, Action::Choose(method)) => choose(desk, state, method),
        (other, _) => Err(other),
    }
}

fn choose(desk: &Desk, state: State, method: Method) -> Result<State, State> {
    match state {
        State::Choosing { ref session, .. }
        | State::TypingCode { ref session, .. }
        | State::Facing { ref session }
        | State::EnteringPin { ref session, .. }
        | State::PinLastTry { ref session }
        | State::AskingStaff { ref session, .. }
            if session.offer(method, &desk.config).is_ok() =>
        {
            Ok(begin(desk, session.clone(), method))
        }
        // Not possible any more: the method screen says why.
        State::TypingCode { session, .. }
        | State::Facing { session }
        | State::EnteringPin { session, .. }
        | State::PinLastTry { session }
        | State::AskingStaff { session, .. } => Ok(State::Choosing { session, notice: None }),
        other => Err(other),
    }
}

impl Session {
    /// The face screen of the present attempt.
    pub(super) fn face_screen(&self) -> Screen {
        let (nonce, _) = self.face_asked;
        Screen::Face { attempt: self.face_misses + 1, of: FACE_ATTEMPTS, nonce }
    }
}

/// A face attempt begins, with a nonce of its own.
pub(super) fn facing(desk: &Desk, mut session: Box<Session>) -> State {
    session.face_asked = (desk.nonce, desk.now.monotonic);
    State::Facing { session }
}

fn begin(desk: &Desk, session: Box<Session>, method: Method) -> State {
    match method {
        Method::Face if session.photo == Photo::Ready => facing(desk, session),
        Method::Face => State::TypingCode { session, problem: None, shown: false },
        Method::Pin if session.card.pin_tries.count() <= PIN_STOP_AT => {
            State::PinLastTry { session }
        }
        Method::Pin => State::EnteringPin { session, wrong: false },
        Method::Visual => State::AskingStaff { session, problem: None },
    }
}

/// The number for the card by its readings, if it can be right at all.
pub(super) fn possible(desk: &Desk, typed: &TypedCode) -> Result<Candidates, CodeScreenProblem> {
    typed.candidates(desk.now.wall).map_err(CodeScreenProblem::Impossible)
}

pub(super) fn read_photo(desk: &mut Desk, session: Box<Session>, codes: Candidates) -> State {
    // The card may have come back with fewer tries.
    if !session.code_may_be_tried() {
        return State::Choosing { session, notice: Some(MethodNotice::CodeTriesLow) };
    }
    match desk.card_request(Request::ReadPhoto { codes }) {
        Some(effect) => State::ReadingPhoto { session, effect },
        None => State::Choosing { session, notice: Some(MethodNotice::CardFailed) },
    }
}

pub(super) fn photo_read(
    desk: &mut Desk,
    mut session: Box<Session>,
    read: Result<Option<Birth>, PhotoProblem>,
) -> State {
    let notice = match read {
        Ok(_) => {
            session.photo = Photo::Opened;
            desk.request(Request::HandOverPhoto);
            return State::Preparing { session };
        }
        Err(PhotoProblem::WrongCode(tries)) => {
            if session.code_may_be_tried() {
                let problem = Some(CodeScreenProblem::Wrong { tries_left: tries.count() });
                return State::TypingCode { session, problem, shown: false };
            }
            MethodNotice::CodeTriesLow
        }
        Err(PhotoProblem::TooFewTries(_)) => MethodNotice::CodeTriesLow,
        Err(PhotoProblem::NotVerified(doubt)) => {
            desk.record(session.visit, Record::CardDoubted(doubt));
            return without_photo(session);
        }
        Err(PhotoProblem::NotGenuine(doubt)) => return placed::doubted(desk, session.visit, doubt),
        Err(PhotoProblem::CardFailed) => MethodNotice::CardFailed,
    };
    State::Choosing { session, notice: Some(notice) }
}

fn without_photo(mut session: Box<Session>) -> State {
    session.photo = Photo::Unusable;
    State::Choosing { session, notice: Some(MethodNotice::PhotoUnreadable) }
}

pub(super) fn without_camera(mut session: Box<Session>) -> State {
    session.camera = false;
    State::Choosing { session, notice: Some(MethodNotice::CameraMissing) }
}

fn judge(desk: &mut Desk, mut session: Box<Session>, claim: FaceClaim) -> Result<State, State> {
    if claim.attempt != session.face_misses + 1 {
        return Err(State::Facing { session });
    }
    let verdict = match desk.config.face.judge(&claim) {
        FaceVerdict::Matched if !is_of_this_attempt(desk, &session, &claim) => FaceVerdict::Refused,
        verdict => verdict,
    };
    desk.record(session.visit, Record::FaceAttempt { claim, verdict });
    Ok(match verdict {
        FaceVerdict::Matched => identified(desk, session, Method::Face, None),
        FaceVerdict::NotSeen => {
            State::Choosing { session, notice: Some(MethodNotice::FaceNotSeen) }
        }
        FaceVerdict::Missed | FaceVerdict::Refused => {
            session.face_misses += 1;
            if session.should_offer_other_methods() {
                let attempts_left = FACE_ATTEMPTS.saturating_sub(session.face_misses);
                let notice = Some(MethodNotice::FaceMissed { attempts_left });
                State::Choosing { session, notice }
            } else {
                facing(desk, session)
            }
        }
    })
}

/// Made for the attempt that was asked for, and not sooner than anybody can have moved as asked. The
/// pictures of practice are asked for no movement.
fn is_of_this_attempt(desk: &Desk, session: &Session, claim: &FaceClaim) -> bool {
    let (nonce, since) = session.face_asked;
    let took = desk.now.monotonic.since(since);
    let asked = session.card.trust == Trust::Production;
    claim.nonce == nonce && (!asked || took >= MOVEMENTS * LEAST_MOVEMENT_MS)
}

impl Visit {
    /// Supplies a random number that nobody could foresee, before each [`Visit::handle`]: a face attempt
    /// that begins takes it as its nonce.
    pub fn supply(&mut self, nonce: u64) {
        self.desk.nonce = nonce;
    }
}

fn sign(desk: &mut Desk, session: Box<Session>, pin: Pin) -> State {
    match desk.card_request(Request::Sign { pin }) {
        Some(effect) => State::CheckingPin { session, effect },
        None => State::Choosing { session, notice: Some(MethodNotice::CardFailed) },
    }
}

pub(super) fn signed(
    desk: &mut Desk,
    session: Box<Session>,
    signed: Result<(), PinProblem>,
) -> State {
    let tries = match signed {
        Ok(()) => return identified(desk, session, Method::Pin, None),
        Err(PinProblem::WrongPin(tries)) => tries,
        Err(PinProblem::BadSignature) => {
            return placed::doubted(desk, session.visit, Doubt::CertificateKey);
        }
        Err(PinProblem::CardFailed) => {
            return State::Choosing { session, notice: Some(MethodNotice::CardFailed) };
        }
    };
    desk.record(session.visit, Record::PinRefused { tries_left: tries.count() });
    match tries {
        TriesLeft::Absent | TriesLeft::Count(0) => {
            State::Choosing { session, notice: Some(MethodNotice::PinLocked) }
        }
        TriesLeft::Count(left) if left <= PIN_STOP_AT => State::PinLastTry { session },
        TriesLeft::Count(_) => State::EnteringPin { session, wrong: true },
    }
}

fn check_passcode(
    desk: &mut Desk,
    session: Box<Session>,
    passcode: Passcode,
    reason: VisualReason,
) -> State {
    let effect = desk.request(Request::CheckPasscode { passcode });
    State::CheckingPasscode { session, reason, effect }
}

pub(super) fn passcode_checked(
    desk: &mut Desk,
    session: Box<Session>,
    reason: VisualReason,
    checked: Result<(), PasscodeProblem>,
) -> State {
    match checked {
        Ok(()) => identified(desk, session, Method::Visual, Some(reason)),
        Err(problem) => {
            desk.record(session.visit, Record::PasscodeRefused);
            State::AskingStaff { session, problem: Some(problem) }
        }
    }
}

/// The person is known: neither photo nor verified card state is needed any longer.
fn identified(
    desk: &mut Desk,
    mut session: Box<Session>,
    method: Method,
    reason: Option<VisualReason>,
) -> State {
    session.method = Some(method);
    desk.record(session.visit, Record::Identified { method, reason });
    desk.request(Request::ForgetPerson);
    desk.request(Request::ReleaseCard);
    away::open(desk, session, method)
}
