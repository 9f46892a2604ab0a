//! The one owner of the visit: takes events one after another, carries effects out, shows the view.

mod effects;
mod kiosk;
mod pending;
mod ports;
mod service;

pub use kiosk::{KioskLink, ToKiosk};
pub use ports::{DeskHandle, Input, Services};

use crate::config::Config;
use crate::ledger::Ledger;
use crate::passcode::Door;
use crate::reader::{Kind, Notice, Readers};
use crate::store::StoreError;
use card::{Done, Photo};
use checkin::claim::ClaimRules;
use checkin::event::{Action, Event};
use checkin::identity::FaceRule;
use checkin::{EffectId, Millis, Now, Revision, VisitId, Visits};
use protocol::screen::{Fault, Screen};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Messages of kiosk pages in flight; a page that sends faster is slowed down.
const INBOX: usize = 32;
/// Effects get this long to end when the program stops.
const STOPPING: Duration = Duration::from_secs(2);

/// So late it is noticed that the computer slept, or that its clock was set.
const SLICE: Duration = Duration::from_secs(2);

/// An effect that was carried out.
struct Finished {
    generation: u32,
    id: EffectId,
    done: Done,
}

/// See the module.
pub struct Desk {
    services: Services,
    site: Site,
    /// What the present event brought to be kept.
    pending: pending::Pending,
    service: service::Service,
    notices: mpsc::Receiver<Notice>,
    inbox: mpsc::Receiver<Input>,
    views: watch::Sender<protocol::View>,
    tasks: JoinSet<Finished>,
    kind: Kind,
    visit: Visits,
    /// The next visit of the kind of reader that is not in use.
    other_next: VisitId,
    last_visit: VisitId,
    /// Grows with each new `visit`, so that answers to the one before are recognised.
    generation: u32,
    /// Added to the revisions of `visit`, so that what pages see never goes back.
    revision_base: u64,
    kiosk: Option<KioskLink>,
    /// Where the passcode that is checked next was typed.
    door: Door,
    /// Kept until the visit forgets the person, so that a reloaded page gets it again.
    photo: Option<Photo>,
    /// Came with the last answer of the card: dropped unless the visit has it handed over at once.
    photo_read: Option<Photo>,
}

impl Desk {
    /// A desk that waits for its first reader event.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn new(
        config: &Config,
        services: Services,
        readers: Readers,
    ) -> Result<(Self, DeskHandle), StoreError> {
        let (sender, inbox) = mpsc::channel(INBOX);
        let first = services.ledgers.of(Kind::Pcsc).store.next_visit()?;
        let other_next = services.ledgers.of(Kind::Practice).store.next_visit()?;
        let last_visit = VisitId(first.0.saturating_sub(1));
        let site = Site {
            kiosk_name: config.kiosk_name.clone(),
            accept_practice_cards: config.accept_practice_cards,
            destinations: config.destinations.clone(),
            claim: config.claim,
        };
        let rules = site.rules(&services.face, Kind::Pcsc, services.guards.is_set(Kind::Pcsc));
        let visit = Visits::new(rules, first);
        let simulated = services.gateway.simulated();
        let (views, shown) =
            watch::channel(wire::view(&visit.view(), false, simulated, &site.destinations));
        let desk = Self {
            site,
            pending: pending::Pending::default(),
            service: service::Service::of(services.ledgers.of(Kind::Pcsc))?,
            notices: readers.notices,
            inbox,
            views,
            tasks: JoinSet::new(),
            kind: Kind::Pcsc,
            visit,
            other_next,
            last_visit,
            generation: 0,
            revision_base: 0,
            kiosk: None,
            door: Door::Kiosk,
            photo: None,
            photo_read: None,
            services,
        };
        Ok((desk, DeskHandle { inbox: sender, views: shown }))
    }

    /// Runs until `stop` says so, then takes leave in order.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        loop {
            let (due, wakes) = self.next_tick();
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                Some(notice) = self.notices.recv() => self.on_notice(notice),
                Some(input) = self.inbox.recv() => self.on_input(input),
                Some(done) = self.tasks.join_next() => match done {
                    Ok(finished) => self.on_finished(finished),
                    // The visit's own deadline goes on from here.
                    Err(error) => tracing::error!(%error, "an effect ended in a panic"),
                },
                // Its other end lives as long as the ledger.
                _ = self.service.changed() => {}
                () = tokio::time::sleep_until(wakes) => {
                    self.services.clock.look();
                    if due.is_some_and(|due| due <= self.now().monotonic) {
                        self.handle(Event::Tick);
                    }
                }
            }
            self.look_after_service();
            self.settle();
        }
        self.take_leave().await;
    }

    fn now(&self) -> Now {
        self.services.clock.now()
    }

    /// When the visit's deadline is, and when to look at the clock again: the computer may sleep.
    fn next_tick(&self) -> (Option<Millis>, Instant) {
        let due = self.visit.deadline();
        let now = self.now().monotonic;
        let rest = due.map_or(SLICE, |due| Duration::from_millis(due.since(now)).min(SLICE));
        (due, Instant::now() + rest)
    }

    fn handle(&mut self, event: Event) {
        let now = self.now();
        self.visit.supply(rand::random());
        self.visit.handle(now, event);
    }

    fn on_notice(&mut self, notice: Notice) {
        tracing::info!(kind = ?notice.kind, event = ?notice.event, "reader");
        if notice.kind != self.kind {
            self.change_reader(notice.kind);
        }
        self.handle(Event::Reader(notice.event));
    }

    /// Practice and real readers follow different rules, so each begins with a fresh visit.
    fn change_reader(&mut self, kind: Kind) {
        self.handle(Event::Shutdown);
        self.settle();
        self.kind = kind;
        let next = VisitId(self.last_visit.0 + 1);
        self.last_visit =
            VisitId(std::mem::replace(&mut self.other_next, next).0.saturating_sub(1));
        self.service.watch(&Arc::clone(self.ledger()));
        self.generation += 1;
        self.revision_base += self.visit.view().revision.0 + 1;
        let passcode_set = self.services.guards.is_set(kind);
        let rules = self.site.rules(&self.services.face, kind, passcode_set);
        self.visit = Visits::new(rules, VisitId(self.last_visit.0 + 1));
    }

    /// What is kept at the reader in use: practice has a store of its own.
    fn ledger(&self) -> &Arc<Ledger> {
        self.services.ledgers.of(self.kind)
    }

    fn on_input(&mut self, input: Input) {
        match input {
            Input::Attach(link) => self.attach(link),
            Input::Detach(kiosk) => {
                if self.kiosk.as_ref().is_some_and(|link| link.id == kiosk) {
                    self.kiosk = None;
                }
            }
            Input::StaffWithdrew(serial, topic, turn) => {
                self.handle(Event::StaffWithdrew { serial, topic });
                drop(turn);
            }
            Input::Acted { kiosk, seen, action } => {
                if self.kiosk.as_ref().is_some_and(|link| link.id == kiosk) {
                    self.door = Door::Kiosk;
                    self.acted(seen, action);
                }
            }
            Input::Confirmed { seen, action } => {
                self.door = Door::Board;
                self.acted(seen, action);
            }
        }
    }

    /// On an older view, be it of this visit or of one before, nothing happens.
    fn acted(&mut self, seen: u64, action: Action) {
        let seen = Revision(seen.wrapping_sub(self.revision_base));
        self.handle(Event::Acted { seen, action });
    }

    fn attach(&mut self, link: KioskLink) {
        if let Some(before) = self.kiosk.replace(link) {
            before.send(ToKiosk::TakenOver);
        }
        if let Some(photo) = self.photo.clone() {
            self.tell(ToKiosk::Photo(photo));
        }
    }

    fn tell(&mut self, message: ToKiosk) {
        // A page that does not take its messages is stuck; its connection ends and it comes back.
        if self.kiosk.as_ref().is_some_and(|link| !link.send(message)) {
            self.kiosk = None;
        }
    }

    fn on_finished(&mut self, finished: Finished) {
        if finished.generation != self.generation {
            return;
        }
        let Done { answer, photo } = finished.done;
        let Some(answer) = answer else { return };
        self.photo_read = photo;
        self.handle(Event::Answered { id: finished.id, answer });
    }

    /// Carries out what the visit asks for, then shows its view.
    fn settle(&mut self) {
        while let Some(effect) = self.visit.poll_effect() {
            self.carry_out(effect);
        }
        self.keep();
        self.photo_read = None;
        let practice = self.kind == Kind::Practice;
        let simulated = self.services.gateway.simulated();
        let mut view = wire::view(&self.visit.view(), practice, simulated, &self.site.destinations);
        view.revision += self.revision_base;
        view.question += self.revision_base;
        if let Screen::OutOfService { fault, reader } = &mut view.screen
            && matches!(fault, Fault::ReaderMissing | Fault::ServiceDown)
        {
            *reader = self.services.switch.status().name;
        }
        self.views.send_if_modified(|shown| {
            let changed = *shown != view;
            *shown = view;
            changed
        });
    }

    async fn take_leave(mut self) {
        self.handle(Event::Shutdown);
        self.settle();
        self.tell(ToKiosk::Goodbye);
        let release = self.services.switch.send(card::Verb::Release);
        let drain = async {
            release.await;
            while self.tasks.join_next().await.is_some() {}
        };
        if tokio::time::timeout(STOPPING, drain).await.is_err() {
            tracing::warn!("some effects did not end in time");
        }
        self.services.ledgers.finish().await;
    }
}

/// What the site decided and the visit has to know.
struct Site {
    kiosk_name: String,
    accept_practice_cards: bool,
    destinations: Vec<String>,
    claim: ClaimRules,
}

impl Site {
    fn rules(&self, face: &FaceRule, kind: Kind, passcode_set: bool) -> checkin::Config {
        checkin::Config {
            face: face.clone(),
            accept_practice_cards: kind == Kind::Practice || self.accept_practice_cards,
            passcode_set,
            destinations: u8::try_from(self.destinations.len()).unwrap_or(u8::MAX),
            claim: self.claim,
        }
    }
}
