//! Carries out card jobs, each with the card for itself alone.

use super::InUse;
use crate::card::{Anchors, Done, Session, Verb, perform};
use crate::reader::jobs::Job;
use myna_card::{Card, Transmit};
use pcsc::{Context, Disposition, Error, Protocols, ReaderState, Scope, ShareMode, State};
use std::ffi::CStr;
use std::sync::PoisonError;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// A card that was just placed needs a moment, and another program may look at it first.
const CONNECT_TRIES: u32 = 15;
const CONNECT_PAUSE: Duration = Duration::from_millis(100);
/// pcscd looks for cards every 400 ms.
const LOOK: Duration = Duration::from_millis(600);

/// Until the queue closes.
pub(super) fn run(jobs: &Receiver<Job>, in_use: &InUse, anchors: &Anchors) {
    let mut session = Session::default();
    for job in jobs {
        let reader = in_use.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let done = match reader {
            Some(reader) => {
                carry_out(&reader, &mut session, anchors, &job.verb).unwrap_or_else(|error| {
                    tracing::info!(%error, "the card could not be reached");
                    job.verb.failed()
                })
            }
            None => job.verb.failed(),
        };
        // The desk may have stopped waiting; that is its decision.
        let _ = job.answer.send(done);
    }
}

/// A context of its own for each job: after a restart of the service an old one fails forever.
fn carry_out(
    reader: &CStr,
    session: &mut Session,
    anchors: &Anchors,
    verb: &Verb,
) -> Result<Done, Error> {
    let context = Context::establish(Scope::User)?;
    let mut card = connect(&context, reader)?;
    let (done, broke) = {
        let transaction = card.transaction()?;
        let buffer = Zeroizing::new(vec![0; pcsc::MAX_BUFFER_SIZE]);
        let mut link = Link { card: &transaction, buffer, broke: false };
        let done = perform(&mut Card::new(&mut link as &mut dyn Transmit), session, anchors, verb);
        (done, link.broke)
    };
    let end = match verb {
        // Asked to reset a card that is gone, pcscd forgets the card without telling its own
        // polling, and then overlooks the next one.
        _ if broke && !stays(&context, reader) => Disposition::LeaveCard,
        Verb::Release => Disposition::UnpowerCard,
        _ => Disposition::ResetCard,
    };
    if let Err((_, error)) = card.disconnect(end) {
        tracing::debug!(%error, "the card was not left in order");
    }
    Ok(done)
}

/// Whether a card that stopped answering still lies there after the service had time to look.
fn stays(context: &Context, reader: &CStr) -> bool {
    let deadline = Instant::now() + LOOK;
    let mut states = [ReaderState::new(reader, State::UNAWARE)];
    while context
        .get_status_change(deadline.saturating_duration_since(Instant::now()), &mut states)
        .is_ok()
    {
        if !states[0].event_state().contains(State::PRESENT) {
            return false;
        }
        states[0].sync_current_state();
    }
    true
}

fn connect(context: &Context, reader: &CStr) -> Result<pcsc::Card, Error> {
    let mut tries = 0;
    loop {
        let error = match context.connect(reader, ShareMode::Exclusive, Protocols::ANY) {
            Ok(card) => return Ok(card),
            Err(error) => error,
        };
        tries += 1;
        let passes = matches!(
            error,
            Error::SharingViolation
                | Error::UnresponsiveCard
                | Error::UnpoweredCard
                | Error::ResetCard
        );
        if !passes || tries == CONNECT_TRIES {
            return Err(error);
        }
        std::thread::sleep(CONNECT_PAUSE);
    }
}

struct Link<'a> {
    card: &'a pcsc::Card,
    buffer: Zeroizing<Vec<u8>>,
    /// A command did not come through.
    broke: bool,
}

impl Transmit for Link<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, myna_card::Error> {
        let answer = self.card.transmit(command, &mut self.buffer);
        self.broke |= answer.is_err();
        Ok(answer?.to_vec())
    }
}
