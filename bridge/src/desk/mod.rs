//! The one owner of the visit: takes events one after another, carries effects out, shows the view.

mod by_staff;
mod charts;
mod destinations;
mod effects;
mod moments;
mod page;
mod pending;
mod ports;
mod service;

pub use moments::Moments;
pub use page::{PageLink, ToPage};
pub use ports::{DeskHandle, Desks, Inbox, Input, Place, ToCompare};

use crate::ledger::Ledger;
use crate::passcode::Door;
use crate::reader::{Kind, Notice};
use crate::settings::Values;
use crate::site::Site;
use crate::store::Actor;
use card::{Done, Photo};
use checkin::event::{Action, Event};
use checkin::{EffectId, Millis, Now, Record, Revision, Visits};
use protocol::screen::{Fault, Screen};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

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
    site: Arc<Site>,
    place: Place,
    /// Which of the site's desks it is.
    at: usize,
    /// What the present event brought to be kept.
    pending: pending::Pending,
    service: service::Service,
    notices: mpsc::Receiver<Notice>,
    inbox: mpsc::Receiver<Input>,
    views: watch::Sender<protocol::View>,
    moments: watch::Sender<Moments>,
    tasks: JoinSet<Finished>,
    kind: Kind,
    visit: Visits,
    /// The site's list by which the visit goes.
    destinations: Vec<protocol::Name>,
    /// Tells that the site may have another list.
    settings: watch::Receiver<Arc<Values>>,
    /// Grows with each new `visit`, so that answers to the one before are recognised.
    generation: u32,
    /// Added to the revisions of `visit`, so that what pages see never goes back.
    revision_base: u64,
    page: Option<PageLink>,
    /// Where the passcode that is checked next was typed, and by whom.
    typed: (Door, Actor),
    /// Who typed the one that was checked last, or is being checked.
    by_eye: Option<Actor>,
    /// Who ended a visit at the board last.
    ended_by: Option<Actor>,
    /// Kept until the visit forgets the person, so that a reloaded page gets it again.
    photo: Option<Photo>,
    /// Came with the last answer of the card: dropped unless the visit has it handed over at once.
    photo_read: Option<Photo>,
}

impl Desk {
    /// A desk that waits for its first reader event.
    pub fn new(
        site: Arc<Site>,
        place: Place,
        notices: mpsc::Receiver<Notice>,
        inbox: Inbox,
    ) -> (Self, DeskHandle) {
        let Inbox { at, sender, receiver } = inbox;
        let kind = Kind::Pcsc;
        let settings = site.settings.changes();
        let destinations = destinations::of(&settings.borrow());
        let visit = begin(&site, kind, destinations.len());
        let first = shown(&site, &visit, kind, &destinations);
        let (views, shown) = watch::channel(first);
        let (moments, since) = watch::channel(Moments::default());
        let desk = Self {
            pending: pending::Pending::default(),
            service: service::Service::of(site.ledgers.of(kind)),
            site,
            place,
            at,
            notices,
            inbox: receiver,
            views,
            moments,
            tasks: JoinSet::new(),
            kind,
            visit,
            destinations,
            settings,
            generation: 0,
            revision_base: 0,
            page: None,
            typed: (Door::Board, Actor::PasscodeAtBoard),
            by_eye: None,
            ended_by: None,
            photo: None,
            photo_read: None,
        };
        (desk, DeskHandle { inbox: sender, views: shown, moments: since })
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
                // The site lives as long as its desks.
                _ = self.settings.changed() => {}
                () = tokio::time::sleep_until(wakes) => {
                    self.site.clock.look();
                    if due.is_some_and(|due| due <= self.now().monotonic) {
                        self.handle(Event::Tick);
                    }
                }
            }
            self.look_after_service();
            self.settle();
            self.look_after_settings();
        }
        self.take_leave().await;
    }

    fn now(&self) -> Now {
        self.site.clock.now()
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
        self.service = service::Service::of(self.site.ledgers.of(kind));
        self.generation += 1;
        self.revision_base += self.visit.view().revision.0 + 1;
        self.visit = begin(&self.site, kind, self.destinations.len());
    }

    /// What is kept at the reader in use: practice has a store of its own.
    fn ledger(&self) -> &Arc<Ledger> {
        self.site.ledgers.of(self.kind)
    }

    fn on_input(&mut self, input: Input) {
        match input {
            Input::Attach(link) => self.attach(link),
            Input::Detach(page) => {
                if self.is_attached(page) {
                    self.page = None;
                }
            }
            Input::Withdrawn(serial, topic, turn) => {
                self.handle(Event::StaffWithdrew { serial, topic });
                drop(turn);
            }
            Input::Acted { page, seen, action } => {
                if self.is_attached(page) {
                    let kiosk = self.place.title.clone();
                    self.typed = (Door::Kiosk, Actor::PasscodeAtKiosk { kiosk });
                    self.acted(seen, action);
                }
            }
            Input::Compared { seen, action, by, taken } => {
                // Nobody has to wait for it.
                let _ = taken.send(self.waits_for_staff(seen) && self.compared(seen, action, by));
            }
            Input::End { visit, by, taken } => {
                self.ended_by = Some(by);
                let dropped = self.visit.dropped();
                self.handle(Event::StaffEnded { visit });
                // Nobody has to wait for it.
                let _ = taken.send(self.visit.dropped() == dropped);
            }
            Input::Type { seen, typed, by, taken } => {
                // Nobody has to wait for it.
                let _ = taken.send(self.type_for(seen, typed, by));
            }
            Input::Print { seen, by, answer } => {
                // Nobody has to wait for it.
                let _ = answer.send(self.statement(seen, by));
            }
            Input::Compare { seen, by, answer } => {
                // Nobody has to wait for it.
                let _ = answer.send(self.compare(seen, by));
            }
        }
    }

    /// Whether this very view waits for staff. What is shown is what the visit is at: it is set after each event.
    fn waits_for_staff(&self, seen: u64) -> bool {
        let shown = self.views.borrow();
        shown.revision == seen && matches!(shown.screen, Screen::Staff { .. })
    }

    /// `false`: it came before anybody can have read the question, and does not count.
    fn compared(&mut self, seen: u64, action: Action, by: Actor) -> bool {
        let early = self.visit.early();
        self.typed = (Door::Board, by.clone());
        // A passcode names its actor when it is checked.
        if !matches!(action, Action::Visual { .. }) {
            self.by_eye = Some(by);
        }
        self.acted(seen, action);
        self.visit.early() == early
    }

    fn compare(&mut self, seen: u64, by: Actor) -> Option<ToCompare> {
        let with = self.visit.to_compare().filter(|_| self.waits_for_staff(seen))?;
        let photo = self.photo.clone();
        if photo.is_some() {
            self.note(with.visit, Record::PhotoShown, by);
        }
        Some(ToCompare { birth: with.birth, photo })
    }

    fn is_attached(&self, page: u64) -> bool {
        self.page.as_ref().is_some_and(|link| link.id == page)
    }

    /// On an older view, be it of this visit or of one before, nothing happens.
    fn acted(&mut self, seen: u64, action: Action) {
        let seen = Revision(seen.wrapping_sub(self.revision_base));
        self.handle(Event::Acted { seen, action });
    }

    fn attach(&mut self, link: PageLink) {
        if let Some(before) = self.page.replace(link) {
            before.send(ToPage::TakenOver);
        }
        if let Some(photo) = self.photo.clone() {
            self.tell(ToPage::Photo(photo));
        }
    }

    /// `false`: there is no page that takes it.
    fn tell(&mut self, message: ToPage) -> bool {
        let told = self.page.as_ref().is_some_and(|link| link.send(message));
        if !told {
            // A page that does not take its messages is stuck; its connection ends and it comes back.
            self.page = None;
        }
        told
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
        let mut view = shown(&self.site, &self.visit, self.kind, &self.destinations);
        view.revision += self.revision_base;
        view.question += self.revision_base;
        if let Screen::OutOfService { fault, reader } = &mut view.screen
            && matches!(fault, Fault::ReaderMissing | Fault::ServiceDown)
        {
            *reader = self.place.switch.status().name;
        }
        if let Screen::Finished { person: Some(_), clinic, .. } = &mut view.screen
            && let Some(visit) = self.visit.visit()
        {
            *clinic = self.ledger().board.at_clinic(visit).map(Box::new);
        }
        self.show(view);
    }

    /// Whoever hears of a view finds the moments that belong to it.
    fn show(&self, view: protocol::View) {
        let now = self.now().wall;
        let mut another = false;
        self.moments.send_modify(|moments| {
            let before =
                std::mem::replace(moments, moments.on(&view.screen, self.visit.visit(), now));
            another = before.visit != moments.visit;
        });
        let changed = self.views.send_if_modified(|shown| {
            let changed = *shown != view;
            *shown = view;
            changed
        });
        if changed || another {
            self.site.shown.send_modify(|count| *count += 1);
        }
    }

    async fn take_leave(mut self) {
        self.handle(Event::Shutdown);
        self.settle();
        self.tell(ToPage::Goodbye);
        let release = self.place.switch.send(card::Verb::Release);
        let drain = async {
            release.await;
            while self.tasks.join_next().await.is_some() {}
        };
        if tokio::time::timeout(STOPPING, drain).await.is_err() {
            tracing::warn!("some effects did not end in time");
        }
    }
}

/// A fresh visit at this kind of reader.
fn begin(site: &Site, kind: Kind, destinations: usize) -> Visits {
    Visits::new(site.rules_at(kind, destinations), site.ledgers.of(kind).visits.clone())
}

/// What the page shows of it.
fn shown(
    site: &Site,
    visit: &Visits,
    kind: Kind,
    destinations: &[protocol::Name],
) -> protocol::View {
    let (practice, simulated) = (kind == Kind::Practice, site.gateways.of(kind).simulated());
    wire::view(&visit.view(), practice, simulated, destinations)
}
