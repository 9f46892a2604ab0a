//! Watches readers and cards. Owns its context and never talks to a card.

use super::InUse;
use crate::reader::Switch;
use crate::reader::choose::{ReaderChoice, choose, is_anothers};
use checkin::ReaderEvent;
use pcsc::{Context, Error, PNP_NOTIFICATION, ReaderState, Scope, State};
use std::ffi::{CStr, CString};
use std::sync::PoisonError;
use std::time::Duration;

/// One wait of the service; a reader that the service cannot announce is noticed after this time.
const WAIT: Duration = Duration::from_millis(500);
/// First and longest pause before the context is made again.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// Until the program ends. A context that reports an error is thrown away and made again: after a
/// restart of the service the old one answers "no service" forever.
pub(super) fn run(choice: &ReaderChoice, others: &[ReaderChoice], switch: &Switch, in_use: &InUse) {
    let mut pause = PAUSE.0;
    let mut watch = Watch { choice, others, switch, in_use, last: None };
    loop {
        let error = match Context::establish(Scope::User) {
            Ok(context) => {
                pause = PAUSE.0;
                watch.until_error(&context)
            }
            Err(error) => error,
        };
        tracing::debug!(%error, "the smart-card service failed");
        watch.report(Seen::ServiceDown);
        std::thread::sleep(pause);
        pause = (pause * 2).min(PAUSE.1);
    }
}

/// What was reported last, so that nothing is said twice.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    ServiceDown,
    NoReader,
    Reader { name: CString, placed: bool },
}

struct Watch<'a> {
    choice: &'a ReaderChoice,
    others: &'a [ReaderChoice],
    switch: &'a Switch,
    in_use: &'a InUse,
    last: Option<Seen>,
}

impl Watch<'_> {
    fn until_error(&mut self, context: &Context) -> Error {
        loop {
            let outcome = match self.find(context) {
                Ok(Some(name)) => self.reader(context, &name),
                Ok(None) => {
                    self.report(Seen::NoReader);
                    wait(context, &mut [ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)])
                }
                Err(error) => Err(error),
            };
            match outcome {
                // The reader went away: look for another one.
                Ok(()) | Err(Error::UnknownReader | Error::ReaderUnavailable) => {}
                Err(error) => return error,
            }
        }
    }

    /// The reader to use, among those that are no other kiosk's. A card that lies on the one in use is not left for a better reader.
    fn find(&self, context: &Context) -> Result<Option<CString>, Error> {
        let mut names = context.list_readers_owned()?;
        names.retain(|name| !is_anothers(&name.to_string_lossy(), self.choice, self.others));
        let (kept, placed) = match &self.last {
            Some(Seen::Reader { name, placed }) => {
                (names.iter().position(|other| other == name), *placed)
            }
            _ => (None, false),
        };
        let texts: Vec<_> = names.iter().map(|name| name.to_string_lossy()).collect();
        let chosen = kept.filter(|_| placed).or_else(|| choose(self.choice, &texts, kept));
        drop(texts);
        Ok(chosen.map(|at| names.swap_remove(at)))
    }

    /// Follows one reader until it changes in a way that needs another look at the list.
    fn reader(&mut self, context: &Context, name: &CStr) -> Result<(), Error> {
        let mut states = [
            ReaderState::new(name, State::UNAWARE),
            ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE),
        ];
        let mut count = None;
        loop {
            wait(context, &mut states)?;
            let state = states[0].event_state();
            if state.intersects(State::UNKNOWN | State::UNAVAILABLE | State::IGNORE) {
                return Ok(());
            }
            let placed = state.contains(State::PRESENT);
            let now = states[0].event_count();
            if placed && count.is_some_and(|before| before != now) && self.lies(name) {
                // Taken and placed again between two looks.
                self.report(Seen::Reader { name: name.into(), placed: false });
            }
            count = Some(now);
            self.report(Seen::Reader { name: name.into(), placed });
            if self.find(context)?.as_deref() != Some(name) {
                return Ok(());
            }
            states.iter_mut().for_each(ReaderState::sync_current_state);
        }
    }

    fn lies(&self, reader: &CStr) -> bool {
        matches!(&self.last, Some(Seen::Reader { name, placed: true }) if name.as_c_str() == reader)
    }

    fn report(&mut self, seen: Seen) {
        if self.last.as_ref() == Some(&seen) {
            return;
        }
        let name = match &seen {
            Seen::Reader { name, .. } => Some(name.clone()),
            _ => None,
        };
        let text = name.as_ref().map(|name| name.to_string_lossy().into_owned());
        let tell = |event| self.switch.pcsc_reports(event, text.as_deref());
        let same_reader = matches!(&self.last, Some(Seen::Reader { name: before, .. }) if Some(before) == name.as_ref());
        *self.in_use.lock().unwrap_or_else(PoisonError::into_inner) = name;
        match &seen {
            Seen::ServiceDown => tell(ReaderEvent::ServiceDown),
            Seen::NoReader => tell(ReaderEvent::Gone),
            Seen::Reader { placed, .. } => {
                if !same_reader {
                    tracing::info!(reader = text.as_deref(), "a reader is in use");
                    tell(ReaderEvent::Ready);
                }
                match placed {
                    true => tell(ReaderEvent::CardPlaced),
                    false if same_reader => tell(ReaderEvent::CardRemoved),
                    false => {}
                }
            }
        }
        self.last = Some(seen);
    }
}

/// Waits for a change; no change in time is not an error.
fn wait(context: &Context, states: &mut [ReaderState]) -> Result<(), Error> {
    match context.get_status_change(WAIT, states) {
        Ok(()) | Err(Error::Timeout) => Ok(()),
        Err(error) => Err(error),
    }
}
