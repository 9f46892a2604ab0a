//! A card to which things happen.

use std::io::Write as _;
use std::time::{Duration, Instant};

use super::fault::{Effect, Fault, On, Target};
use super::trace::{Entry, masked};
use crate::{
    card::VirtualCard,
    layout::{JPKI, SURFACE, TEXT},
    speed::Speed,
};

/// Entries kept in memory; the rest is dropped.
const MAX_ENTRIES: usize = 10_000;

/// What comes back for a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// These bytes, after this time.
    Answer(Vec<u8>, Duration),
    /// Nothing, ever.
    Mute,
    /// The card is gone.
    Pulled,
}

/// A card, a pace, and faults that happen to it.
#[derive(Debug)]
pub struct ScriptedCard {
    card: VirtualCard,
    speed: Speed,
    faults: Vec<(Fault, u32)>,
    app: Option<Target>,
    file: Option<u16>,
    bytes: usize,
    happened: u32,
    happened_at: Option<Instant>,
    /// An endless answer that goes on with the next command.
    endless: bool,
    since: Instant,
    trace: Option<Vec<Entry>>,
    file_of_trace: Option<std::fs::File>,
}

impl ScriptedCard {
    /// A card to which `faults` happen.
    pub fn new(card: VirtualCard, speed: Speed, faults: Vec<Fault>) -> Self {
        Self {
            card,
            speed,
            faults: faults.into_iter().map(|fault| (fault, 0)).collect(),
            app: None,
            file: None,
            bytes: 0,
            happened: 0,
            happened_at: None,
            endless: false,
            since: Instant::now(),
            trace: None,
            file_of_trace: None,
        }
    }

    /// From now on keeps what is said, secrets masked.
    pub fn record(&mut self) {
        self.trace = Some(Vec::new());
    }

    /// From now on writes what is said to a file, one JSON object per line, secrets masked. A file that cannot be
    /// written to any more ends the recording, not the card.
    pub fn record_to(&mut self, file: std::fs::File) {
        self.file_of_trace = Some(file);
    }

    /// What was said since the last call.
    pub fn take_trace(&mut self) -> Vec<Entry> {
        self.trace.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Other faults from now on, counted afresh.
    pub fn set_faults(&mut self, faults: Vec<Fault>) {
        self.faults = faults.into_iter().map(|fault| (fault, 0)).collect();
        (self.happened, self.happened_at) = (0, None);
    }

    /// How often one of the present faults has happened.
    pub fn happened(&self) -> u32 {
        self.happened
    }

    /// When one of them happened last.
    pub fn happened_at(&self) -> Option<Instant> {
        self.happened_at
    }

    /// The card itself.
    pub fn card(&mut self) -> &mut VirtualCard {
        &mut self.card
    }

    /// Answer to reset.
    pub fn atr(&self) -> &'static [u8] {
        self.card.atr()
    }

    /// Warm or cold reset.
    pub fn reset(&mut self) {
        self.card.reset();
        (self.app, self.file, self.bytes, self.endless) = (None, None, 0, false);
    }

    /// One command.
    pub fn respond(&mut self, command: &[u8]) -> Reply {
        let at = self.since.elapsed();
        let reply = self.reply(command);
        if let Reply::Answer(answer, _) = &reply {
            self.bytes += command.len() + answer.len();
        }
        if self.trace.is_some() || self.file_of_trace.is_some() {
            self.keep(at, command, &reply);
        }
        reply
    }

    fn keep(&mut self, at: Duration, command: &[u8], reply: &Reply) {
        let (answer, took) = match reply {
            Reply::Answer(answer, took) => (hex::encode_upper(answer), *took),
            Reply::Mute => ("mute".into(), Duration::ZERO),
            Reply::Pulled => ("pulled".into(), Duration::ZERO),
        };
        let entry = Entry { at, command: masked(command), answer, took };
        if let Some(mut file) = self.file_of_trace.take()
            && writeln!(file, "{}", entry.json()).is_ok()
        {
            self.file_of_trace = Some(file);
        }
        if let Some(trace) = self.trace.as_mut().filter(|trace| trace.len() < MAX_ENTRIES) {
            trace.push(entry);
        }
    }

    fn reply(&mut self, command: &[u8]) -> Reply {
        let on = self.follow(command);
        if matches!(command, [0x00, 0xC0, ..]) && self.endless {
            return self.timed(command, vec![0xAA, 0x61, 0xFF]);
        }
        self.endless = false;
        let bytes = self.bytes + command.len();
        let (app, file) = (self.app, self.file);
        let mut effect = None;
        for (fault, count) in &mut self.faults {
            if fault.fits(on, app, file) && bytes >= fault.after_bytes {
                *count = count.saturating_add(1);
                if effect.is_none() && fault.happens(*count) {
                    effect = Some(fault.effect);
                }
            }
        }
        match effect {
            None => {
                let answer = self.card.transmit(command);
                self.timed(command, answer)
            }
            Some(effect) => {
                self.happened += 1;
                self.happened_at = Some(Instant::now());
                self.happen(effect, command)
            }
        }
    }

    fn happen(&mut self, effect: Effect, command: &[u8]) -> Reply {
        let answer = match effect {
            Effect::Mute => return Reply::Mute,
            Effect::Pull => return Reply::Pulled,
            Effect::Status(status) => status.to_be_bytes().to_vec(),
            Effect::RefuseAfter(status) => {
                self.card.transmit(command);
                status.to_be_bytes().to_vec()
            }
            Effect::Cut(bytes) => {
                let mut answer = self.card.transmit(command);
                let status = answer.split_off(answer.len() - 2);
                answer.truncate(bytes);
                [answer, status].concat()
            }
            Effect::Corrupt { at, xor } => {
                let mut answer = self.card.transmit(command);
                if let Some(byte) = answer.get_mut(at) {
                    *byte ^= xor;
                }
                answer
            }
            Effect::Empty => {
                self.card.transmit(command);
                Vec::new()
            }
            Effect::Long(bytes) => [vec![0xAA; bytes], vec![0x90, 0x00]].concat(),
            Effect::Delay(ms) => {
                let answer = self.card.transmit(command);
                let time = self.speed.time(command, &answer);
                return Reply::Answer(answer, time + Duration::from_millis(u64::from(ms)));
            }
            Effect::More => {
                self.endless = true;
                vec![0xAA, 0x61, 0xFF]
            }
            Effect::Length => vec![0x6C, 0x10],
        };
        self.timed(command, answer)
    }

    fn timed(&self, command: &[u8], answer: Vec<u8>) -> Reply {
        let time = self.speed.time(command, &answer);
        Reply::Answer(answer, time)
    }

    /// Keeps in step with what is selected; says what kind of command it is.
    fn follow(&mut self, command: &[u8]) -> On {
        let short = |byte: u8| {
            (byte & 0x80 != 0).then_some(u16::from(byte & 0x1F)).filter(|file| *file != 0)
        };
        match *command {
            [_, 0xA4, 0x04, _, length, ref rest @ ..] => {
                let name = rest.get(..usize::from(length)).unwrap_or(rest);
                (self.app, self.file) = (target(name), None);
                On::Select
            }
            [_, 0xA4, _, _, _, high, low, ..] => {
                self.file = Some(u16::from_be_bytes([high, low]));
                On::Select
            }
            [_, 0xB0, p1, ..] => {
                self.file = short(p1).or(self.file);
                On::Read
            }
            [_, 0x20, _, p2, ref data @ ..] => {
                self.file = short(p2).or(self.file);
                if data.is_empty() { On::Counter } else { On::Verify }
            }
            [_, 0x2A, _, p2, ..] => {
                self.file = short(p2).or(self.file.filter(|_| p2 != 0));
                On::Sign
            }
            [_, 0x84, ..] => On::Challenge,
            _ => On::Other,
        }
    }
}

fn target(name: &[u8]) -> Option<Target> {
    match name {
        _ if name == JPKI => Some(Target::Jpki),
        _ if name == SURFACE => Some(Target::Face),
        _ if name == TEXT => Some(Target::Text),
        _ => None,
    }
}
