//! The numbers on the card front, read from frames of a camera. The page starts a worker of its own for this and ends it
//! when the step is over, so that picture and numbers are gone with its memory.

use std::cell::RefCell;

use card_front::grey::Grey;
use card_front::{Look, Reader, Reading, Vote};
use protocol::Redacted;
use protocol::action::Era;
use worker_messages::{CardNumbers, CardSeen, Day, Failure, FromWorker};
use zeroize::Zeroize as _;

use crate::answer::{now, real};
use crate::load::fetch;
use crate::pixels::Pixels;

/// Largest model file: two small networks.
const MAX_MODEL_BYTES: usize = 1024 * 1024;
/// In the order of [`Reading::era`].
const ERAS: [Era; 5] = [Era::Meiji, Era::Taisho, Era::Showa, Era::Heisei, Era::Reiwa];

thread_local! {
    static CARD: RefCell<Card> = RefCell::default();
}

/// Everything that outlives a message.
#[derive(Default)]
struct Card {
    reader: Option<Reader>,
    vote: Option<Vote>,
    /// Pixels of the frame in hand.
    rgba: Vec<u8>,
}

/// Fetches the networks and begins a vote.
pub(crate) async fn load(model: &str, today: Day) -> Result<FromWorker, Failure> {
    let Day { year, month, day } = today;
    let is_day = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_day {
        return Err(Failure::NotUnderstood);
    }
    let bytes = fetch(model, MAX_MODEL_BYTES).await?;
    let reader = Reader::from_bytes(&bytes).map_err(|_| Failure::ModelUnusable)?;
    CARD.with_borrow_mut(|card| {
        card.reader = Some(reader);
        card.vote = Some(Vote::new(card_front::Day { year, month, day }));
    });
    Ok(FromWorker::CardReady)
}

/// Looks for a card in a frame.
pub(crate) async fn frame(pixels: Pixels) -> Result<FromWorker, Failure> {
    let began = now();
    let mut rgba = CARD.with_borrow_mut(|card| std::mem::take(&mut card.rgba));
    let copied = pixels.copy(&mut rgba).await;
    CARD.with_borrow_mut(|card| {
        card.rgba = rgba;
        let seen = copied.and_then(|()| card.look(pixels.sides(), began));
        card.rgba.zeroize();
        seen.map(FromWorker::CardSeen)
    })
}

impl Card {
    fn look(&mut self, (width, height): (usize, usize), began: f64) -> Result<CardSeen, Failure> {
        let (reader, vote) = (self.reader.as_ref(), self.vote.as_mut());
        let (reader, vote) = reader.zip(vote).ok_or(Failure::NotLoaded)?;
        let frame =
            Grey::new(width, height, grey(&self.rgba)).map_err(|_| Failure::FrameRefused)?;
        let (corners, read, accepted) = match reader.look(&frame) {
            Look::NoCard => (None, false, None),
            Look::Card(corners) => (Some(corners), false, None),
            Look::Read(sighting) => (Some(sighting.corners()), true, vote.add(sighting)),
        };
        let corners = corners.map(|[a, b, c, d]| {
            let [a, b, c, d] = [a, b, c, d].map(|(x, y)| [x / real(width), y / real(height)]);
            [a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]]
        });
        Ok(CardSeen {
            corners,
            read,
            progress: vote.progress(),
            numbers: accepted.as_ref().and_then(numbers),
            ms: now() - began,
        })
    }
}

/// What was read, as it would be typed.
fn numbers(reading: &Reading) -> Option<CardNumbers> {
    let digits = |number: u16| Redacted::new(number.to_string());
    Some(CardNumbers {
        era: *ERAS.get(usize::from(reading.era))?,
        era_year: digits(reading.era_year.into()),
        month: digits(reading.month.into()),
        day: digits(reading.day.into()),
        expiry_year: digits(reading.expiry_year),
        security_code: Redacted::new(
            reading.code.iter().map(|digit| char::from(b'0' + digit)).collect(),
        ),
    })
}

/// Luma of ITU-R BT.601.
fn grey(rgba: &[u8]) -> Vec<u8> {
    let luma = |pixel: &[u8]| {
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
        u8::try_from((77 * r + 150 * g + 29 * b) >> 8).unwrap_or(255)
    };
    rgba.chunks_exact(4).map(luma).collect()
}
