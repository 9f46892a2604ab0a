//! One question to the terminal: who waits for it, and how far it is.

use super::{SETTLED, names};
use checkin::Reply;
use checkin::gateway::GatewayTrouble;
use checkin::number::Numbers;
use checkin::time::in_japan;
use jiff::Timestamp;
use jiff::civil::Date;
use oqs::{ExchangeName, Kind};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// What is asked.
#[derive(PartialEq)]
pub(super) struct What {
    pub(super) numbers: Box<Numbers>,
    /// A 限度額適用認定証 may be answered.
    pub(super) limit: bool,
}

/// A question that comes in.
pub(super) struct Put {
    what: What,
    until: Instant,
    tell: oneshot::Sender<Reply>,
}

impl Put {
    pub(super) fn new(
        numbers: Box<Numbers>,
        limit: bool,
        wait: Duration,
        tell: oneshot::Sender<Reply>,
    ) -> Self {
        Self { what: What { numbers, limit }, until: Instant::now() + wait, tell }
    }
}

/// A question that is looked after.
pub(super) struct Asked {
    pub(super) name: ExchangeName,
    pub(super) what: What,
    /// The day for which is asked.
    day: Date,
    pub(super) until: Instant,
    /// `None`: nobody waits now; its answer is taken when the same is asked again.
    tell: Option<oneshot::Sender<Reply>>,
    /// The request was written.
    pub(super) put: bool,
    /// The folders could be used at least once since it was asked.
    pub(super) worked: bool,
    pub(super) reading: Reading,
    /// Its answer is a file that nobody can read.
    pub(super) unreadable: bool,
}

impl Asked {
    pub(super) fn new(put: Put, now: Timestamp) -> Self {
        let Put { what, until, tell } = put;
        Self {
            name: names::new(Kind::Request, now),
            what,
            day: in_japan(now).date(),
            until,
            tell: Some(tell),
            put: false,
            worked: false,
            reading: Reading::default(),
            unreadable: false,
        }
    }

    /// Whether nobody waits for this question, and the new one asks the same on the same day.
    pub(super) fn is_asked_again_by(&self, put: &Put, now: Timestamp) -> bool {
        self.tell.is_none() && self.put && self.day == in_japan(now).date() && self.what == put.what
    }

    /// The request that lies there, or was taken, serves the new question.
    pub(super) fn adopt(&mut self, put: Put) {
        self.until = put.until;
        self.tell = Some(put.tell);
        self.worked = false;
    }

    /// Whether somebody waits for it now.
    pub(super) fn is_waited_for(&self) -> bool {
        self.tell.as_ref().is_some_and(|tell| !tell.is_closed())
    }

    /// Nobody waits any more.
    pub(super) fn leave(&mut self) {
        self.tell = None;
        self.reading = Reading::default();
    }

    /// Tells whoever waits. `false`: nobody does.
    pub(super) fn tell(&mut self, reply: Reply) -> bool {
        self.tell.take().is_some_and(|tell| tell.send(reply).is_ok())
    }

    /// The time is over.
    pub(super) fn tell_late(&mut self) {
        let trouble = match (self.unreadable, self.worked) {
            (true, _) => GatewayTrouble::Refused,
            (_, true) => GatewayTrouble::Late,
            (_, false) => GatewayTrouble::Down,
        };
        self.tell(Reply::Queried(Err(trouble)));
    }
}

/// An answer as it was read last, and since when it is so.
#[derive(Default)]
pub(super) struct Reading(Option<(Vec<u8>, Instant)>);

impl Reading {
    /// Whether the answer is whole: the same in two looks, far enough apart.
    pub(super) fn is_settled(&mut self, bytes: &[u8], now: Instant) -> bool {
        match &self.0 {
            Some((before, since)) if before == bytes => now.duration_since(*since) >= SETTLED,
            _ => {
                self.0 = Some((bytes.to_vec(), now));
                false
            }
        }
    }
}
