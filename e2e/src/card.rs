//! The test person's card in the virtual reader.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};
use virtual_card::harness::{InsertedCard, Slot};
use virtual_card::{Holder, Persona, Secret, SharedCard, Speed, VirtualCard};

use crate::bridge::{PASSCODE, Serves};
use crate::camera::Portrait;
use needles::Needle;

/// PIN of every test card: one that does not turn up by chance in a page or a log.
pub const PIN: &str = "7391";

/// Serial of a certificate that no practice card has, in hex.
const UNKNOWN_SERIAL: &str = "5AFE01";

const JPKI: &[u8] = &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
const CARD_FACE: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02];
const AUTH_PIN: [u8; 2] = [0x00, 0x18];
const CODE_B: [u8; 2] = [0x00, 0x12];

/// What a person types, beside the era and the day of birth.
#[derive(Clone)]
pub struct Digits {
    /// Of the authentication key.
    pub pin: String,
    /// Security code of the card front.
    pub code: String,
}

/// A card; it keeps its counters while it is in and out.
pub struct Card {
    chip: SharedCard,
    holder: Holder,
    pin: String,
    photo: Vec<u8>,
}

impl Card {
    /// The practice card `id` of the eligibility simulator, with the test PIN and a real portrait on it. Certificates of
    /// patients end on days of their own, so that one served as such gets the card's last day.
    ///
    /// # Errors
    /// When there is no such persona or the portrait is missing.
    pub fn new(id: &str, portrait: &Portrait, served: Serves, folder: &Path) -> Result<Self> {
        Self::with(id, None, portrait, served, folder)
    }

    /// The same with other digits than those of every test card.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with(
        id: &str,
        digits: Option<&Digits>,
        portrait: &Portrait,
        served: Serves,
        folder: &Path,
    ) -> Result<Self> {
        Self::changed(id, digits, |_| {}, portrait, served, folder)
    }

    /// The same person with a certificate that the eligibility simulator does not know.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn unknown(id: &str, portrait: &Portrait, served: Serves, folder: &Path) -> Result<Self> {
        let change = |holder: &mut Holder| UNKNOWN_SERIAL.clone_into(&mut holder.serial);
        Self::changed(id, None, change, portrait, served, folder)
    }

    fn changed(
        id: &str,
        digits: Option<&Digits>,
        change: impl FnOnce(&mut Holder),
        portrait: &Portrait,
        served: Serves,
        folder: &Path,
    ) -> Result<Self> {
        let personas = eligibility_sim::personas();
        let (_, text) = personas
            .iter()
            .find(|(name, _)| *name == id)
            .with_context(|| format!("no persona {id}"))?;
        let now = jiff::Timestamp::now();
        let pin = digits.map_or(PIN, |digits| &digits.pin).to_owned();
        let mut persona = Persona::from_toml(
            &text.replace("auth_pin = \"1234\"", &format!("auth_pin = \"{pin}\"")),
            now,
        )?;
        if let (Some(digits), Some(holder)) = (digits, &mut persona.holder) {
            holder.code = Secret::new(digits.code.clone());
        }
        if let Some(holder) = &mut persona.holder {
            change(holder);
        }
        if let (Serves::Patients, Some(holder)) = (served, &mut persona.holder) {
            holder.certificate_not_after = holder.card_expiry;
        }
        let picture = virtual_card::Portrait::from_image_bytes(&std::fs::read(
            portrait.card_photo(folder)?,
        )?)?;
        let photo = picture.jp2().to_vec();
        let card = VirtualCard::new(&persona, Some(picture), now);
        let holder =
            persona.holder.with_context(|| format!("persona {id} is not a My Number Card"))?;
        Ok(Self { chip: Arc::new(Mutex::new(card)), holder, pin, photo })
    }

    /// Puts it on the reader, without waiting for the reader to notice.
    pub fn place(&self, reader: &Slot, speed: Speed) -> InsertedCard {
        reader.insert(Arc::clone(&self.chip), speed)
    }

    /// Makes the card's keys ahead, so that their making is not part of what is timed.
    pub fn warm_up(&self) {
        self.chip.lock().unwrap_or_else(PoisonError::into_inner).prepare();
    }

    /// PIN of the authentication key.
    pub fn pin(&self) -> &str {
        &self.pin
    }

    /// Who it belongs to.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Tries left on the authentication PIN, asked of the card itself. Only while it is off the reader.
    ///
    /// # Errors
    /// When the card does not answer as it should.
    pub fn pin_tries(&self) -> Result<u8> {
        self.tries(JPKI, AUTH_PIN)
    }

    /// Tries left on 照合番号B, asked of the card itself. Only while it is off the reader.
    ///
    /// # Errors
    /// When the card does not answer as it should.
    pub fn code_b_tries(&self) -> Result<u8> {
        self.tries(CARD_FACE, CODE_B)
    }

    fn tries(&self, application: &[u8], reference: [u8; 2]) -> Result<u8> {
        let mut card = self.chip.lock().unwrap_or_else(PoisonError::into_inner);
        select(&mut card, application)?;
        send(&mut card, &[&[0x00, 0xA4, 0x02, 0x0C, 0x02][..], &reference].concat())?;
        let answer = card.transmit(&[0x00, 0x20, 0x00, 0x80]);
        card.reset();
        match answer[..] {
            [0x63, status] if status & 0xF0 == 0xC0 => Ok(status & 0x0F),
            [0x69, 0x84] => Ok(0),
            _ => bail!("the card answered {answer:02X?} to the question for its tries"),
        }
    }

    /// What must be gone from the page when the card is: short digits count only as strings of their own.
    pub fn needles_in_page(&self) -> Vec<Needle> {
        let holder = &self.holder;
        let mut needles = self.needles_in_bridge();
        needles.extend([
            Needle::text("name", &holder.name),
            Needle::text("name in kana", &holder.name_kana),
            Needle::text("address", &holder.address),
            Needle::text("certificate serial", &holder.serial),
            Needle::digits("security code", holder.code.reveal()),
        ]);
        needles
    }

    /// What must never be in the store. The staff board of the day is, and it names people.
    pub fn needles_in_store(&self) -> Vec<Needle> {
        let mut needles = self.needles_in_page();
        needles.retain(|needle| !needle.name.starts_with("name"));
        needles
    }

    /// What must be gone from the memory of the bridge, too. Names and addresses of practice cards are part of its
    /// simulator and so of every bridge; the number, the PIN and the picture are not.
    pub fn needles_in_bridge(&self) -> Vec<Needle> {
        // The file begins like every JPEG 2000; its entropy-coded data is the picture.
        let middle = self.photo.len() / 2;
        vec![
            Needle::text("照合番号B", self.holder.verification_code_b().reveal()),
            Needle::digits("PIN", &self.pin),
            Needle::text("PIN in a message", &format!("\"pin\":\"{}\"", self.pin)),
            Needle::bytes(
                "PIN in a card command",
                &[b"\x00\x20\x00\x80\x04", self.pin.as_bytes()].concat(),
            ),
            Needle::text("passcode in a message", &format!("\"passcode\":\"{PASSCODE}\"")),
            Needle::bytes("photo (file, start)", &self.photo[..self.photo.len().min(160)]),
            Needle::bytes("photo (coded data)", &self.photo[middle..middle + 48]),
            // The mark alone is in every program that reads such pictures.
            Needle::bytes("photo (mark and type)", &self.photo[..self.photo.len().min(32)]),
        ]
    }
}

fn select(card: &mut VirtualCard, application: &[u8]) -> Result<()> {
    send(card, &[&[0x00, 0xA4, 0x04, 0x0C, 0x0A], application].concat())
}

fn send(card: &mut VirtualCard, command: &[u8]) -> Result<()> {
    let answer = card.transmit(command);
    if answer.ends_with(&[0x90, 0x00]) {
        Ok(())
    } else {
        bail!("the card answered {answer:02X?} to {:02X?}", &command[..4])
    }
}
