//! The numbers on the card front, read from frames of a camera. The page starts a worker of its own for this and ends it
//! when the step is over, so that picture and numbers are gone with its memory.

use std::cell::RefCell;

use card_front::grey::Grey;
use card_front::{Day, Look, Reader, Reading, Vote};
use js_sys::Array;
use wasm_bindgen::JsValue;
use zeroize::{Zeroize as _, Zeroizing};

use crate::answer::{Answer, failed, now};
use crate::load::fetch;
use crate::message::{FrameMessage, field, frame, number, text};

/// Largest model file: two small networks.
const MAX_MODEL_BYTES: usize = 1024 * 1024;
/// Names of the eras on the wire.
const ERAS: [&str; 5] = ["meiji", "taisho", "showa", "heisei", "reiwa"];

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

/// Takes a message about the card front; `false` when it is about something else.
pub(crate) async fn handled(data: &JsValue) -> bool {
    match text(data, "type").as_deref() {
        Some("card_load") => match load(data).await {
            Ok(()) => Answer::new("card_ready").post(),
            Err(reason) => failed(reason),
        },
        Some("card_frame") => match frame(data) {
            Some(frame) => {
                let began = now();
                let mut rgba = CARD.with_borrow_mut(|card| std::mem::take(&mut card.rgba));
                let copied = frame.pixels.copy(frame.width * frame.height * 4, &mut rgba).await;
                CARD.with_borrow_mut(|card| {
                    card.rgba = rgba;
                    card.frame(&frame, copied, began);
                });
            }
            None => failed("message_not_understood"),
        },
        _ => return false,
    }
    true
}

/// Fetches the networks and begins a vote.
async fn load(data: &JsValue) -> Result<(), &'static str> {
    let url = text(data, "model").ok_or("message_not_understood")?;
    let today = today(&field(data, "today").unwrap_or_default()).ok_or("message_not_understood")?;
    let bytes = fetch(&url, MAX_MODEL_BYTES).await?;
    let reader = Reader::from_bytes(&bytes).map_err(|_| "model_unusable")?;
    CARD.with_borrow_mut(|card| {
        card.reader = Some(reader);
        card.vote = Some(Vote::new(today));
    });
    Ok(())
}

/// `{year, month, day}`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "range is checked")]
fn today(data: &JsValue) -> Option<Day> {
    let part = |name, most: f64| number(data, name).filter(|value| (1.0..=most).contains(value));
    Some(Day {
        year: part("year", 9999.0)? as u16,
        month: part("month", 12.0)? as u8,
        day: part("day", 31.0)? as u8,
    })
}

impl Card {
    fn frame(&mut self, message: &FrameMessage, copied: Result<(), &'static str>, began: f64) {
        let answer = copied
            .and_then(|()| self.look(message))
            .unwrap_or_else(|reason| Answer::new("failed").with("reason", reason));
        self.rgba.zeroize();
        message.pixels.post(answer.with("id", message.id).with("ms", now() - began));
    }

    fn look(&mut self, message: &FrameMessage) -> Result<Answer, &'static str> {
        let (reader, vote) = (self.reader.as_ref(), self.vote.as_mut());
        let (reader, vote) = reader.zip(vote).ok_or("not_loaded")?;
        let (width, height) = (message.width, message.height);
        if self.rgba.len() != width * height * 4 {
            return Err("frame_refused");
        }
        let frame = Grey::new(width, height, grey(&self.rgba)).map_err(|_| "frame_refused")?;
        let (corners, read, accepted) = match reader.look(&frame) {
            Look::NoCard => (None, false, None),
            Look::Card(corners) => (Some(corners), false, None),
            Look::Read(sighting) => (Some(sighting.corners()), true, vote.add(sighting)),
        };
        let corners = corners.map_or(JsValue::NULL, |corners| {
            let parts = corners.iter().flat_map(|(x, y)| [x / real(width), y / real(height)]);
            parts.map(|part| JsValue::from_f64(f64::from(part))).collect::<Array>().into()
        });
        Ok(Answer::new("card_seen")
            .with("corners", corners)
            .with("read", read)
            .with("progress", vote.progress())
            .with("numbers", accepted.map_or(JsValue::NULL, |reading| numbers(&reading))))
    }
}

/// Digits as text: `{era, era_year, month, day, expiry_year, security_code}`.
fn numbers(reading: &Reading) -> JsValue {
    let code: Zeroizing<String> =
        Zeroizing::new(reading.code.iter().map(|digit| char::from(b'0' + digit)).collect());
    Answer::new("numbers")
        .with("era", ERAS.get(usize::from(reading.era)).copied().unwrap_or_default())
        .with("era_year", reading.era_year.to_string())
        .with("month", reading.month.to_string())
        .with("day", reading.day.to_string())
        .with("expiry_year", reading.expiry_year.to_string())
        .with("security_code", code.as_str())
        .into_value()
}

/// Luma of ITU-R BT.601.
fn grey(rgba: &[u8]) -> Vec<u8> {
    let luma = |pixel: &[u8]| {
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
        u8::try_from((77 * r + 150 * g + 29 * b) >> 8).unwrap_or(255)
    };
    rgba.chunks_exact(4).map(luma).collect()
}

#[expect(clippy::cast_precision_loss, reason = "sides are at most a few thousand pixels")]
fn real(side: usize) -> f32 {
    side as f32
}
