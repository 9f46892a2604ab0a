//! The practice reader: software cards on a tray inside this program.

use super::jobs::Job;
use super::slot::{Connection, NoCard, Slot};
use super::{Kind, Switch, hand};
use crate::reader::atr::announced;
use crate::vital::Vital;
use card::Anchors;
use checkin::ReaderEvent;
use checkin::secret::Serial;
use checkin::time::in_japan;
use jiff::Timestamp;
use jiff::civil::Date;
use myna_card::{Error, Transmit};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use virtual_card::script::{Reply, ScriptedCard};
use virtual_card::{Persona, Portrait, Speed, VirtualCard};

/// A practice card and its description.
struct TrayCard {
    /// Persona that it was made from.
    persona: Persona,
    card: ScriptedCard,
    /// Of a card made from the camera.
    portrait: Option<Portrait>,
    /// Something was made to happen to it, and goes on when it is put on the reader again.
    rigged: bool,
}

impl TrayCard {
    fn new(persona: Persona, portrait: Option<Portrait>, now: Timestamp) -> Self {
        let card = VirtualCard::new(&persona, portrait.clone(), now);
        let card = ScriptedCard::new(card, Speed::Instant, Vec::new());
        Self { persona, card, portrait, rigged: false }
    }

    /// Makes the card anew: its counters come back, its days are seen from today. What happens to
    /// it (faults) goes on.
    fn renew(&mut self, now: Timestamp) {
        if let Some(persona) = built_in(now).iter().find(|persona| persona.id == self.persona.id) {
            self.persona = persona.clone();
        }
        *self.card.card() = VirtualCard::new(&self.persona, self.portrait.clone(), now);
    }
}

/// The built-in personas as they are on that day: one list for the trays of all kiosks.
fn built_in(now: Timestamp) -> Arc<[Persona]> {
    static OF_A_DAY: Mutex<Option<(Date, Arc<[Persona]>)>> = Mutex::new(None);
    let today = in_japan(now).date();
    let mut of_a_day = OF_A_DAY.lock().unwrap_or_else(PoisonError::into_inner);
    match &*of_a_day {
        Some((day, personas)) if *day == today => Arc::clone(personas),
        _ => {
            let read = |text| Persona::from_toml(text, now);
            let read = |text| read(text).expect("the built-in personas are tested");
            let personas: Arc<[_]> =
                eligibility_sim::personas().iter().map(|(_, text)| read(text)).collect();
            *of_a_day = Some((today, Arc::clone(&personas)));
            personas
        }
    }
}

/// Is told whose card was taken off: the serial of its certificate.
type Taken = Box<dyn Fn(&Serial) + Send + Sync>;

#[derive(Default)]
struct Inside {
    /// Those that differ from new ones: every kiosk that practises has a tray, and only one card of it is in use.
    cards: Vec<TrayCard>,
    placed: Option<String>,
    /// Grows with every placement, so that a job never continues on another card.
    placement: u64,
}

impl Inside {
    /// The card of that persona, a new one where there is none.
    fn find(&mut self, id: &str) -> Option<&mut TrayCard> {
        if !self.cards.iter().any(|card| card.persona.id == id) {
            let now = Timestamp::now();
            let persona = built_in(now).iter().find(|persona| persona.id == id)?.clone();
            self.cards.push(TrayCard::new(persona, None, now));
        }
        self.cards.iter_mut().find(|card| card.persona.id == id)
    }

    fn on_reader(&mut self) -> Option<&mut TrayCard> {
        let placed = self.placed.clone()?;
        self.find(&placed)
    }
}

/// A practice card that is not mute answers, however slow the computer is.
const NOT_MUTE: Duration = Duration::from_mins(1);

/// The tray and the reader beside it.
pub struct Tray {
    inside: Mutex<Inside>,
    switch: Arc<Switch>,
    /// Wakes whoever waits for a mute card when it is taken away.
    taken: Condvar,
    patience: Mutex<Duration>,
    /// Commands that wait for an answer that never comes.
    mute: AtomicUsize,
    when_taken: OnceLock<Taken>,
    keeps: AtomicBool,
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
        Self {
            inside: Mutex::default(),
            switch,
            taken: Condvar::new(),
            patience: Mutex::new(card::COMMAND_TIME),
            mute: AtomicUsize::new(0),
            when_taken: OnceLock::new(),
            keeps: AtomicBool::new(false),
        }
    }

    /// From now on `told` is told whose card was taken off. Only the first one is.
    pub(crate) fn when_taken(&self, told: impl Fn(&Serial) + Send + Sync + 'static) {
        // A second listener would be a bug that no visit notices.
        let _ = self.when_taken.set(Box::new(told));
    }

    /// From now on a card keeps its counters while it is off the reader, as a real one does: for
    /// tests that count tries over a whole visit.
    pub fn keep_cards(&self) {
        self.keeps.store(true, Ordering::Relaxed);
    }

    /// Special states come back for the next trainee.
    fn renew(&self, inside: &mut Inside, id: &str) {
        if self.keeps.load(Ordering::Relaxed) {
            return;
        }
        let Some(card) = inside.find(id) else { return };
        if let (Some(told), Some(holder)) = (self.when_taken.get(), &card.persona.holder) {
            told(&Serial::new(holder.serial_bytes()));
        }
        if card.rigged || card.portrait.is_some() {
            card.renew(Timestamp::now());
        } else {
            inside.cards.retain(|card| card.persona.id != id);
        }
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
        let own: Vec<_> = inside.cards.iter().filter(|card| card.portrait.is_some()).collect();
        let is_own = |id: &str| own.iter().any(|card| card.persona.id == id);
        let built_in = built_in(Timestamp::now());
        let personas = built_in.iter().filter(|persona| !is_own(&persona.id));
        let personas = personas.chain(own.iter().map(|card| &card.persona)).cloned().collect();
        (personas, inside.placed.clone())
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
        inside.find(id).ok_or(TrayError::Unknown)?.card.reset();
        let another = inside.placed.replace(id.to_owned());
        inside.placement += 1;
        self.taken.notify_all();
        if let Some(another) = another {
            self.renew(&mut inside, &another);
            self.switch.practice_reports(ReaderEvent::CardRemoved);
        }
        self.switch.practice_reports(ReaderEvent::CardPlaced);
        Ok(())
    }

    /// Pulls the card off; nothing happens when there is none.
    pub fn remove(&self) {
        let mut inside = self.inside();
        if let Some(placed) = inside.placed.take() {
            self.renew(&mut inside, &placed);
            self.taken.notify_all();
            self.switch.practice_reports(ReaderEvent::CardRemoved);
        }
    }

    /// The first persona under another id: the same person to the eligibility system.
    pub fn template(&self, id: &str, story: &str) -> Option<Persona> {
        let mut persona =
            built_in(Timestamp::now()).iter().find(|persona| persona.id != id)?.clone();
        id.clone_into(&mut persona.id);
        story.clone_into(&mut persona.story);
        Some(persona)
    }

    /// Adds a card with this photo, or replaces the one with the same id.
    pub fn put(&self, persona: Persona, portrait: Portrait) {
        let mut inside = self.inside();
        if inside.placed.as_deref() == Some(persona.id.as_str()) {
            inside.placed = None;
            self.switch.practice_reports(ReaderEvent::CardRemoved);
        }
        inside.cards.retain(|other| other.persona.id != persona.id);
        inside.cards.push(TrayCard::new(persona, Some(portrait), Timestamp::now()));
    }

    /// Makes things happen to a card, for rehearsals and tests: `change` gets the card as it is.
    ///
    /// # Errors
    /// [`TrayError::Unknown`].
    pub fn rig<T>(
        &self,
        id: &str,
        change: impl FnOnce(&mut ScriptedCard) -> T,
    ) -> Result<T, TrayError> {
        let mut inside = self.inside();
        let card = inside.find(id).ok_or(TrayError::Unknown)?;
        card.rigged = true;
        Ok(change(&mut card.card))
    }

    /// How long a mute card of this reader is waited for.
    pub fn set_patience(&self, patience: Duration) {
        *self.patience.lock().unwrap_or_else(PoisonError::into_inner) = patience;
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
        let mut inside = self.tray.inside();
        if inside.placement != self.placement {
            return Err(Error::NoReader);
        }
        let reply = inside.on_reader().ok_or(Error::NoReader)?.card.respond(command);
        match reply {
            Reply::Answer(answer, time) => {
                drop(inside);
                std::thread::sleep(time);
                Ok(answer)
            }
            Reply::Pulled => {
                drop(inside);
                self.tray.remove();
                Err(Error::NoReader)
            }
            Reply::Mute => {
                let lies = |inside: &mut Inside| {
                    inside.placed.is_some() && inside.placement == self.placement
                };
                self.tray.mute.fetch_add(1, Ordering::Relaxed);
                let gone = self.tray.taken.wait_while(inside, lies);
                drop(gone.unwrap_or_else(PoisonError::into_inner));
                self.tray.mute.fetch_sub(1, Ordering::Relaxed);
                Err(Error::NoReader)
            }
        }
    }
}

impl Connection for Link<'_> {
    fn end(self: Box<Self>) -> bool {
        let mut inside = self.tray.inside();
        if inside.placement == self.placement
            && let Some(card) = inside.on_reader()
        {
            card.card.reset();
        }
        false
    }
}

impl Slot for Tray {
    fn connect(&self, _: bool) -> Result<Box<dyn Connection + '_>, NoCard> {
        let placement = self.placement().ok_or(NoCard::Unreachable("no card lies there"))?;
        // As a PC/SC reader says by the ATR that it makes up.
        let problem = self.inside().on_reader().and_then(|card| announced(card.card.atr()));
        if let Some(problem) = problem {
            return Err(NoCard::Other(problem));
        }
        Ok(Box::new(Link { tray: self, placement }))
    }

    fn patience(&self) -> Duration {
        if self.mute.load(Ordering::Relaxed) == 0 {
            return NOT_MUTE;
        }
        *self.patience.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the thread that talks to practice cards.
pub(super) fn start(tray: &Arc<Tray>, jobs: Receiver<Job>, anchors: Arc<Anchors>, vital: &Vital) {
    let slot: Arc<dyn Slot> = Arc::clone(tray) as _;
    vital.spawn("practice-jobs", move || hand::run("practice-card", &jobs, &slot, &anchors));
}
