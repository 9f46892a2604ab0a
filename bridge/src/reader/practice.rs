//! The practice reader: software cards on a tray inside this program.

use super::jobs::Job;
use super::{Kind, Switch, spawn};
use crate::card::{Anchors, Session, perform};
use checkin::ReaderEvent;
use jiff::Timestamp;
use myna_card::{Card, Error, Transmit};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use virtual_card::{Persona, Portrait, Speed, VirtualCard};

/// A practice card and its description.
pub struct TrayCard {
    /// Persona that it was made from.
    pub persona: Persona,
    card: VirtualCard,
}

#[derive(Default)]
struct Inside {
    cards: Vec<TrayCard>,
    placed: Option<String>,
    /// Grows with every placement, so that a job never continues on another card.
    placement: u64,
}

/// The tray and the reader beside it.
pub struct Tray {
    inside: Mutex<Inside>,
    switch: Arc<Switch>,
    speed: Speed,
}

/// Why a card cannot be put on the reader.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrayError {
    /// No card with that id.
    #[error("there is no practice card with this id")]
    Unknown,
    /// A real reader is in use.
    #[error("a real reader is in use: the tray is out of use until the next start")]
    Inactive,
}

impl Tray {
    pub(super) fn new(switch: Arc<Switch>) -> Self {
        let now = Timestamp::now();
        let cards = eligibility_sim::personas()
            .iter()
            .map(|(_, text)| Persona::from_toml(text).expect("the built-in personas are tested"))
            .map(|persona| TrayCard { card: VirtualCard::new(&persona, None, now), persona })
            .collect();
        let inside = Mutex::new(Inside { cards, ..Inside::default() });
        Self { inside, switch, speed: Speed::Instant }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the tray is in use.
    pub fn is_active(&self) -> bool {
        self.switch.status().kind == Kind::Practice
    }

    /// The personas on the tray, and the id of the one that lies on the reader.
    pub fn look(&self) -> (Vec<Persona>, Option<String>) {
        let inside = self.inside();
        (inside.cards.iter().map(|card| card.persona.clone()).collect(), inside.placed.clone())
    }

    /// Puts a card on the reader; another one is pulled off first.
    ///
    /// # Errors
    /// [`TrayError`].
    pub fn place(&self, id: &str) -> Result<(), TrayError> {
        if !self.is_active() {
            return Err(TrayError::Inactive);
        }
        let mut inside = self.inside();
        let card =
            inside.cards.iter_mut().find(|card| card.persona.id == id).ok_or(TrayError::Unknown)?;
        card.card.power_off();
        let another = inside.placed.replace(id.to_owned()).is_some();
        inside.placement += 1;
        if another {
            self.switch.practice_reports(ReaderEvent::CardRemoved);
        }
        self.switch.practice_reports(ReaderEvent::CardPlaced);
        Ok(())
    }

    /// Pulls the card off; nothing happens when there is none.
    pub fn remove(&self) {
        let mut inside = self.inside();
        if inside.placed.take().is_some() {
            self.switch.practice_reports(ReaderEvent::CardRemoved);
        }
    }

    /// The first persona under another id: the same person to the eligibility system.
    pub fn template(&self, id: &str, story: &str) -> Option<Persona> {
        let mut persona =
            self.inside().cards.iter().find(|card| card.persona.id != id)?.persona.clone();
        id.clone_into(&mut persona.id);
        story.clone_into(&mut persona.story);
        Some(persona)
    }

    /// Adds a card with this photo, or replaces the one with the same id.
    pub fn put(&self, persona: Persona, portrait: Portrait) {
        let card = VirtualCard::new(&persona, Some(portrait), Timestamp::now());
        let mut inside = self.inside();
        if inside.placed.as_deref() == Some(persona.id.as_str()) {
            inside.placed = None;
            self.switch.practice_reports(ReaderEvent::CardRemoved);
        }
        inside.cards.retain(|other| other.persona.id != persona.id);
        inside.cards.push(TrayCard { persona, card });
    }

    fn placement(&self) -> Option<u64> {
        let inside = self.inside();
        inside.placed.is_some().then_some(inside.placement)
    }
}

/// The link to the card that lay on the reader when the job began.
struct Link<'a> {
    tray: &'a Tray,
    placement: u64,
}

impl Transmit for Link<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        let answer = {
            let mut inside = self.tray.inside();
            if inside.placement != self.placement {
                return Err(Error::NoReader);
            }
            let placed = inside.placed.clone().ok_or(Error::NoReader)?;
            let card = inside
                .cards
                .iter_mut()
                .find(|card| card.persona.id == placed)
                .ok_or(Error::NoReader)?;
            card.card.transmit(command)
        };
        std::thread::sleep(self.tray.speed.time(command, &answer));
        Ok(answer)
    }
}

/// Starts the thread that talks to practice cards.
pub(super) fn start(tray: &Arc<Tray>, jobs: Receiver<Job>, anchors: Arc<Anchors>) {
    let tray = Arc::clone(tray);
    spawn("practice-reader", move || {
        let mut session = Session::default();
        for job in jobs {
            // Made on the first job, which the switch sends when practice begins.
            anchors.practice();
            let done = match tray.placement() {
                Some(placement) => {
                    let link: &mut dyn Transmit = &mut Link { tray: &tray, placement };
                    perform(&mut Card::new(link), &mut session, &anchors, &job.verb)
                }
                None => job.verb.failed(),
            };
            // The desk may have stopped waiting; that is its decision.
            let _ = job.answer.send(done);
        }
    });
}
