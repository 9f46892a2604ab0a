//! The card in a reader of this computer, for one job at a time and for nobody else meanwhile.

use super::InUse;
use crate::reader::atr::announced;
use crate::reader::slot::{Connection, NoCard, Slot};
use myna_card::Transmit;
use pcsc::{Card, Context, Disposition, Error, Protocols, ReaderState, Scope, ShareMode, State};
use std::ffi::{CStr, CString};
use std::sync::PoisonError;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// A card that was just placed needs a moment, and another program may look at it first.
const CONNECT_TRIES: u32 = 15;
/// The second time the person has waited already.
const CONNECT_TRIES_AGAIN: u32 = 5;
const CONNECT_PAUSE: Duration = Duration::from_millis(100);
/// pcscd looks for cards every 400 ms.
const LOOK: Duration = Duration::from_millis(600);

/// The reader in use.
pub(super) struct PcscSlot(pub(super) InUse);

impl Slot for PcscSlot {
    /// With a context of its own: after a restart of the service an old one fails forever.
    fn connect(&self, again: bool) -> Result<Box<dyn Connection + '_>, NoCard> {
        let reader = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let reader = reader.ok_or(NoCard::Unreachable("there is no reader"))?;
        let context = Context::establish(Scope::User).map_err(unreachable)?;
        let attempts = if again { CONNECT_TRIES_AGAIN } else { CONNECT_TRIES };
        let mut card = connect(&context, &reader, attempts).map_err(unreachable)?;
        if again && stays(&context, &reader) {
            let off = Disposition::UnpowerCard;
            card.reconnect(ShareMode::Exclusive, Protocols::ANY, off).map_err(unreachable)?;
        }
        let announced = card.status2_owned().ok().and_then(|status| announced(status.atr()));
        if let Some(problem) = announced {
            let _ = card.disconnect(Disposition::LeaveCard);
            return Err(NoCard::Other(problem));
        }
        let buffer = Zeroizing::new(vec![0; pcsc::MAX_BUFFER_SIZE]);
        Ok(Box::new(Connected { context, reader, card, buffer, broke: false, dirty: false }))
    }

    fn patience(&self) -> Duration {
        ::card::COMMAND_TIME
    }
}

fn unreachable(error: Error) -> NoCard {
    NoCard::Unreachable(match error {
        Error::SharingViolation => "another program keeps the card for itself",
        Error::UnresponsiveCard | Error::UnpoweredCard => "what lies there does not answer",
        Error::NoSmartcard | Error::RemovedCard => "it was taken away",
        Error::NoService | Error::ServiceStopped => "the smart-card service is not running",
        Error::UnknownReader | Error::ReaderUnavailable => "the reader is gone",
        _ => "the reader refuses",
    })
}

fn connect(context: &Context, reader: &CStr, most: u32) -> Result<Card, Error> {
    let mut tried = 0;
    loop {
        let error = match context.connect(reader, ShareMode::Exclusive, Protocols::ANY) {
            Ok(card) => return Ok(card),
            Err(error) => error,
        };
        tried += 1;
        let passes = matches!(
            error,
            Error::SharingViolation
                | Error::UnresponsiveCard
                | Error::UnpoweredCard
                | Error::ResetCard
        );
        if !passes || tried == most {
            return Err(error);
        }
        std::thread::sleep(CONNECT_PAUSE);
    }
}

struct Connected {
    context: Context,
    reader: CString,
    card: Card,
    buffer: Zeroizing<Vec<u8>>,
    /// A command did not come through, or came back without a status word.
    broke: bool,
    /// A secret was presented and the application not left since.
    dirty: bool,
}

impl Transmit for Connected {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, myna_card::Error> {
        let answer = self.card.transmit(command, &mut self.buffer);
        // Some readers pass on that nothing came as an answer of no bytes.
        self.broke |= answer.as_ref().map_or(true, |answer| answer.len() < 2);
        let answer = answer?;
        match command {
            // VERIFY with data.
            [_, 0x20, _, _, _, ..] => self.dirty = true,
            // SELECT by name, which leaves the application before it.
            [_, 0xA4, 0x04, ..] if answer == [0x90, 0x00] => self.dirty = false,
            _ => {}
        }
        Ok(answer.to_vec())
    }
}

impl Connection for Connected {
    /// The card is reset only if that is needed: asked to reset or switch off a card that was
    /// pulled within the last 400 ms, pcscd forgets the card without telling its own polling, and
    /// then overlooks the next one. By itself it switches an unused card off after a few seconds.
    fn end(self: Box<Self>) -> bool {
        let stopped = self.broke && stays(&self.context, &self.reader);
        let gone = self.broke && !stopped;
        let reset = self.dirty && !gone;
        let disposition = if reset { Disposition::ResetCard } else { Disposition::LeaveCard };
        if let Err((_, error)) = self.card.disconnect(disposition) {
            tracing::debug!(%error, "the card was not left in order");
        }
        stopped
    }
}

/// Whether a card that stopped answering still lies there after the service had time to look. One whose service or reader is
/// gone did not stop by itself: it need not be switched off and on when they are back.
fn stays(context: &Context, reader: &CStr) -> bool {
    let deadline = Instant::now() + LOOK;
    let mut states = [ReaderState::new(reader, State::UNAWARE)];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match context.get_status_change(left, &mut states) {
            Ok(()) if !states[0].event_state().contains(State::PRESENT) => return false,
            Ok(()) => states[0].sync_current_state(),
            Err(error) => return error == Error::Timeout,
        }
    }
}
