//! What is known about the person whose card lies there.

use super::Config;
use crate::birth::Birth;
use crate::card::{CODE_B_TRIES, CardFacts, PIN_TRIES, TriesLeft};
use crate::certificate::Standing;
use crate::effect::VisitId;
use crate::event::{Answer, PhotoProblem, PinProblem};
use crate::gateway::{Question, Registration};
use crate::identity::{
    CODE_B_STOP_AT, FACE_ATTEMPTS, FACE_MISSES_BEFORE_OFFER, Method, WhyNot, pin_offer,
};
use crate::items::ItemsTries;
use crate::patient::CardOwner;
use crate::time::Millis;
use crate::view::CodePurpose;

/// What is known about the card photo in this visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Photo {
    Unread,
    /// The card gave it; the worker has it, or is preparing it.
    Opened,
    Ready,
    Unusable,
}

/// One person's visit from the recognised card on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Person {
    pub(super) visit: VisitId,
    pub(super) card: CardFacts,
    pub(super) standing: Standing,
    pub(super) registration: Registration,
    pub(super) photo: Photo,
    pub(super) face_misses: u8,
    /// Of the present face attempt: its nonce, and when it was asked for.
    pub(super) face_asked: (u64, Millis),
    pub(super) camera: bool,
    /// Staff have compared and did not confirm.
    pub(super) not_confirmed: bool,
    /// The birth date of the signed record on the chip: better known than what was typed, which may be counted either way.
    pub(super) proved: Option<Birth>,
    /// How the person was identified, once they are.
    pub(super) method: Option<Method>,
    /// The basic four items of the card, where they were read.
    pub(super) owner: Option<Box<CardOwner>>,
    /// What the application that holds them has left; `None`: not asked since the card was put down.
    pub(super) items_tries: Option<ItemsTries>,
}

impl Person {
    /// Whether `method` can be chosen now.
    pub(super) fn offer(&self, method: Method, config: &Config) -> Result<(), WhyNot> {
        match method {
            Method::Face if !self.camera => Err(WhyNot::CameraMissing),
            Method::Face if self.photo == Photo::Unusable => Err(WhyNot::PhotoUnreadable),
            Method::Face if self.face_misses >= FACE_ATTEMPTS => Err(WhyNot::FaceAttemptsUsed),
            Method::Face
                if matches!(self.photo, Photo::Unread | Photo::Opened)
                    && !self.code_may_be_tried() =>
            {
                Err(WhyNot::CodeTriesLow)
            }
            Method::Face => Ok(()),
            Method::Pin => pin_offer(&self.card),
            Method::Visual if self.not_confirmed => Err(WhyNot::NotConfirmed),
            Method::Visual if config.passcode_set => Ok(()),
            Method::Visual => Err(WhyNot::PasscodeNotSet),
        }
    }

    /// What 照合番号B is asked for now.
    pub(super) fn code_purpose(&self) -> CodePurpose {
        if self.method.is_some() { CodePurpose::Items } else { CodePurpose::Photo }
    }

    /// Whether a wrong 照合番号B would still leave the card far from locked.
    pub(super) fn code_may_be_tried(&self) -> bool {
        self.card.code_b_tries.count() > CODE_B_STOP_AT
    }

    /// Whether another miss should bring the other methods up beside the face.
    pub(super) fn should_offer_other_methods(&self) -> bool {
        self.face_misses >= FACE_MISSES_BEFORE_OFFER
    }

    pub(super) fn offers(&self, config: &Config) -> [(Method, Result<(), WhyNot>); 3] {
        [Method::Face, Method::Pin, Method::Visual].map(|m| (m, self.offer(m, config)))
    }

    /// Whether the card photo was opened in this visit.
    pub(super) fn photo_was_read(&self) -> bool {
        matches!(self.photo, Photo::Opened | Photo::Ready)
    }

    /// Hands the identity over; registers the card first where that is still to be done.
    pub(super) fn open_question(&self, method: Method) -> Question {
        let register = self.registration == Registration::NotYet;
        Question::Open { serial: self.card.serial.clone(), method, register }
    }

    /// Remembers what the card said about its counters and its owner, also when it came too late for
    /// the screen.
    pub(super) fn note_tries(&mut self, answer: &Answer) {
        match *answer {
            Answer::Signed(Ok(())) => self.card.pin_tries = TriesLeft::Count(PIN_TRIES),
            Answer::Signed(Err(PinProblem::WrongPin(tries))) => self.card.pin_tries = tries,
            Answer::PhotoRead(Ok(ref face)) => {
                self.card.code_b_tries = TriesLeft::Count(CODE_B_TRIES);
                self.proved = face.birth;
                let owner = face.owner.clone();
                self.owner = owner.filter(|owner| self.may_be(owner)).or(self.owner.take());
            }
            Answer::PhotoRead(Err(
                PhotoProblem::WrongCode(tries) | PhotoProblem::TooFewTries(tries),
            )) => self.card.code_b_tries = tries,
            Answer::ItemsRead(Err(problem)) => self.note_items_tries(problem),
            _ => {}
        }
    }
}
