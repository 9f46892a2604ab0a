//! Chart numbers that the clinic gives to insured people (照会番号, `OQSsiimm01`; `crates/oqs/src/registration.rs` says how much of it is
//! known), told to the terminal by the same thread and the same folders as questions. Nobody's visit waits for it.

use super::asked::Reading;
use super::{Terminal, names};
use crate::gateway::Registered;
use checkin::number::{Numbers, same_number, same_symbol};
use jiff::Timestamp;
use oqs::{ExchangeName, FolderError, Kind, Message, NoAnswer, ParseErrorKind, to_xml};
use std::collections::HashSet;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A chart number that is told to the terminal.
pub(super) struct Registering {
    pub(super) name: ExchangeName,
    chart: String,
    numbers: Box<Numbers>,
    until: Instant,
    tell: Option<oneshot::Sender<Registered>>,
    /// The request was written.
    put: bool,
    reading: Reading,
}

impl Registering {
    pub(super) fn new(
        chart: String,
        numbers: Box<Numbers>,
        wait: Duration,
        tell: oneshot::Sender<Registered>,
    ) -> Self {
        let name = names::new(Kind::Register, Timestamp::now());
        let (until, tell) = (Instant::now() + wait, Some(tell));
        Self { name, chart, numbers, until, tell, put: false, reading: Reading::default() }
    }

    /// One look. `true`: it is over, one way or the other.
    ///
    /// # Errors
    /// The folders cannot be used; the next look tries again.
    pub(super) fn step(
        &mut self,
        terminal: &Terminal,
        there: &HashSet<ExchangeName>,
        now: Instant,
    ) -> Result<bool, FolderError> {
        if now >= self.until {
            self.tell(Registered::Unanswered);
        } else if !self.put {
            self.put(terminal)?;
        } else if let Some(name) = self.name.answer().filter(|name| there.contains(name)) {
            self.read(terminal, &name, now)?;
        }
        Ok(self.tell.is_none())
    }

    fn tell(&mut self, outcome: Registered) {
        // Whoever asked may be gone with the program.
        let _ = self.tell.take().map(|tell| tell.send(outcome));
    }

    fn put(&mut self, terminal: &Terminal) -> Result<(), FolderError> {
        let institution = terminal.institution.clone();
        let (now, own) = (Timestamp::now(), self.name.own());
        let message = Message::of_registration(institution, own, &self.chart, &self.numbers, now);
        let Ok(xml) = message.and_then(|message| to_xml(&message, terminal.encoding)) else {
            self.tell(Registered::Unfit);
            return Ok(());
        };
        match oqs::put(&terminal.req(), &self.name, &xml.bytes) {
            Ok(()) => self.put = true,
            Err(FolderError::NameTaken) => self.name = names::new(Kind::Register, now),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn read(
        &mut self,
        terminal: &Terminal,
        name: &ExchangeName,
        now: Instant,
    ) -> Result<(), FolderError> {
        let Some(bytes) = oqs::read(&terminal.res(), name)? else { return Ok(()) };
        if !self.reading.is_settled(&bytes, now) {
            return Ok(());
        }
        if let Some(outcome) = self.judge(&bytes) {
            self.tell(outcome);
            if let Err(error) = oqs::remove(&terminal.res(), name) {
                tracing::warn!(%name, %error, "an answer that was taken stays for now");
            }
        }
        Ok(())
    }

    /// `None`: it is still in the making, or nobody can read it; perhaps it is replaced.
    fn judge(&self, bytes: &[u8]) -> Option<Registered> {
        let message = match oqs::parse(bytes) {
            Ok(message) => message,
            Err(error) => {
                if error.kind != ParseErrorKind::EndsEarly {
                    tracing::debug!(%error, "the answer to a chart number cannot be read");
                }
                return None;
            }
        };
        match message.registered() {
            Err(NoAnswer::StillProcessing) => None,
            Err(error) => {
                tracing::warn!(%error, "the terminal did not take a chart number");
                Some(Registered::Refused)
            }
            Ok(()) if self.is_meant_by(&message) => Some(Registered::Done),
            Ok(()) => Some(Registered::Unfit),
        }
    }

    /// Whatever it repeats of the question has to be right; programs leave elements out.
    fn is_meant_by(&self, message: &Message) -> bool {
        let of_file = message.header.as_ref().and_then(|header| header.file_identifier.as_deref());
        let of = message.body.as_ref().and_then(|body| body.registration.as_ref());
        let Numbers { insurer_number, symbol, number, .. } = &*self.numbers;
        of_file.is_none_or(|of| of == self.name.own())
            && of.is_none_or(|of| {
                of.reference_number.as_deref().is_none_or(|of| of == self.chart)
                    && of.insurer_number.as_ref().is_none_or(|of| of.as_str() == insurer_number)
                    && of.symbol.as_deref().is_none_or(|of| same_symbol(of, symbol))
                    && of.number.as_deref().is_none_or(|of| same_number(of, number))
            })
    }
}
