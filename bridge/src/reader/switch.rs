//! Which reader is in use, and the only door to it.

use super::{Jobs, ReaderChoice};
use card::{Done, Verb};
use checkin::ReaderEvent;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// The two kinds of reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A reader of this computer.
    Pcsc,
    /// The reader inside this program.
    Practice,
}

/// A reader event for the desk, with the reader it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which kind is in use now.
    pub kind: Kind,
    /// What happened.
    pub event: ReaderEvent,
}

/// What the health page says.
#[derive(Clone, Debug)]
pub struct Status {
    /// Kind in use.
    pub kind: Kind,
    /// Name of the reader, as the service gives it; while it is missing, of the one that was used last or that the
    /// configuration asks for.
    pub name: Option<String>,
    /// Last event.
    pub last: Option<ReaderEvent>,
}

struct State {
    status: Status,
    may_practise: bool,
}

/// Passes events of the reader in use to the desk and jobs of the desk to the reader in use.
pub struct Switch {
    state: Mutex<State>,
    notices: mpsc::Sender<Notice>,
    pcsc: Jobs,
    practice: Jobs,
}

impl Switch {
    pub(super) fn new(
        choice: &ReaderChoice,
        notices: mpsc::Sender<Notice>,
        pcsc: Jobs,
        practice: Jobs,
    ) -> Self {
        let named = match choice {
            ReaderChoice::Named(part) => Some(part.clone()),
            ReaderChoice::Auto | ReaderChoice::Practice | ReaderChoice::None => None,
        };
        let may_practise = matches!(choice, ReaderChoice::Auto | ReaderChoice::Practice);
        let status = Status { kind: Kind::Pcsc, name: named, last: None };
        let state = State { status, may_practise };
        Self { state: Mutex::new(state), notices, pcsc, practice }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is in use now.
    pub fn status(&self) -> Status {
        self.state().status.clone()
    }

    /// Queues a verb for the card on the reader in use.
    pub fn send(&self, verb: Verb) -> impl Future<Output = Done> + Send + use<> {
        match self.state().status.kind {
            Kind::Pcsc => self.pcsc.send(verb),
            Kind::Practice => self.practice.send(verb),
        }
    }

    /// A report of the PC/SC thread.
    pub(super) fn pcsc_reports(&self, event: ReaderEvent, name: Option<&str>) {
        let mut state = self.state();
        let missing = matches!(event, ReaderEvent::Gone | ReaderEvent::ServiceDown);
        if missing && state.may_practise {
            self.practise(&mut state);
            return;
        }
        if !missing {
            state.may_practise = false;
            if state.status.kind == Kind::Practice {
                tracing::info!("a reader was attached: practice ends until the next start");
                self.tell(&mut state, ReaderEvent::Gone);
            }
        }
        state.status.kind = Kind::Pcsc;
        if let Some(name) = name {
            state.status.name = Some(name.to_owned());
        }
        if missing {
            tracing::warn!(
                ?event,
                reader = state.status.name,
                "the reader is missing: connect it again, the kiosk goes on by itself; to practise, restart the kiosk"
            );
        }
        self.tell(&mut state, event);
    }

    /// A report of the practice tray; ignored while a real reader is in use.
    pub(super) fn practice_reports(&self, event: ReaderEvent) {
        let mut state = self.state();
        if state.status.kind == Kind::Practice {
            self.tell(&mut state, event);
        }
    }

    /// For the configuration `none`: nothing is ever missing.
    pub(super) fn begin_without(&self) {
        self.tell(&mut self.state(), ReaderEvent::Ready);
    }

    /// For the configuration `practice`.
    pub(super) fn begin_practice(&self) {
        self.practise(&mut self.state());
    }

    fn practise(&self, state: &mut State) {
        if state.status.kind != Kind::Practice {
            tracing::info!("no reader is attached: practice mode");
            state.status.kind = Kind::Practice;
            state.status.name = Some("practice reader".into());
            // Wakes the practice thread: its keys take a moment, better now than with the first card.
            drop(self.practice.send(Verb::Release));
            self.tell(state, ReaderEvent::Ready);
        }
    }

    fn tell(&self, state: &mut State, event: ReaderEvent) {
        state.status.last = Some(event);
        // A full channel means that the desk is gone or stuck; nothing here may wait for it.
        if self.notices.try_send(Notice { kind: state.status.kind, event }).is_err() {
            tracing::error!(?event, "the desk does not listen to the reader");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ReaderEvent::{CardPlaced, Gone, Ready, ServiceDown};

    fn switch(choice: &ReaderChoice) -> (Switch, mpsc::Receiver<Notice>) {
        let (sender, notices) = mpsc::channel(16);
        (Switch::new(choice, sender, Jobs::new().0, Jobs::new().0), notices)
    }

    fn told(notices: &mut mpsc::Receiver<Notice>) -> Vec<(Kind, ReaderEvent)> {
        std::iter::from_fn(|| notices.try_recv().ok())
            .map(|notice| (notice.kind, notice.event))
            .collect()
    }

    #[test]
    fn practice_ends_for_good_when_a_reader_is_attached() {
        let (switch, mut notices) = switch(&ReaderChoice::Auto);
        switch.pcsc_reports(ServiceDown, None);
        switch.pcsc_reports(Gone, None);
        switch.practice_reports(CardPlaced);
        assert_eq!(told(&mut notices), [(Kind::Practice, Ready), (Kind::Practice, CardPlaced)]);
        switch.pcsc_reports(Ready, Some("reader"));
        assert_eq!(told(&mut notices), [(Kind::Practice, Gone), (Kind::Pcsc, Ready)]);
        switch.pcsc_reports(Gone, None);
        switch.practice_reports(CardPlaced);
        assert_eq!(told(&mut notices), [(Kind::Pcsc, Gone)]);
        assert_eq!(switch.status().name.as_deref(), Some("reader"), "which one is missing");
        switch.pcsc_reports(ServiceDown, None);
        switch.pcsc_reports(Ready, Some("reader"));
        assert_eq!(told(&mut notices), [(Kind::Pcsc, ServiceDown), (Kind::Pcsc, Ready)]);
    }

    #[test]
    fn a_named_reader_is_never_replaced_by_practice() {
        let (switch, mut notices) = switch(&ReaderChoice::Named("ACS".into()));
        switch.pcsc_reports(ServiceDown, None);
        assert_eq!(told(&mut notices), [(Kind::Pcsc, ServiceDown)]);
        assert_eq!(switch.status().name.as_deref(), Some("ACS"));
    }
}
