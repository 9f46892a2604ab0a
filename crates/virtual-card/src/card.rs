//! The card: one command in, one answer out.

use std::{collections::BTreeSet, fmt};

use jiff::Timestamp;
use rsa::rand_core::{OsRng, RngCore};

use crate::{
    apdu::{self, Answer, Command, Sw},
    files::Files,
    layout::{App, Ef, ISSUER_DOMAIN},
    persona::{Kind, Persona},
    portrait::Portrait,
    reference::{self, References},
    signing,
};

/// Contact ATR of the My Number Card (other cards use the same one: recognise a card by its applications).
const ATR: [u8; 9] = [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];
/// The shortest ATR a PC/SC reader makes up for a contactless card.
const OTHER_ATR: [u8; 5] = [0x3B, 0x80, 0x80, 0x01, 0x01];
/// What a PC/SC reader makes up for a `FeliCa` card (PC/SC part 3, 3.1.3.2.3): standard 11, name 003B.
const FELICA_ATR: [u8; 20] = [
    0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06, 0x11, 0x00, 0x3B, 0x00,
    0x00, 0x00, 0x00, 0x42,
];
/// The same from a reader of the ACR122 family: standard 03, name F011.
const FELICA_F011_ATR: [u8; 20] = storage(0xF0, 0x11, 0x8A);
/// MIFARE Classic with 1 KB: standard 03, name 0001.
const STORAGE_ATR: [u8; 20] = storage(0x00, 0x01, 0x6A);
/// `DESFire`: one historical byte.
const DESFIRE_ATR: [u8; 6] = [0x3B, 0x81, 0x80, 0x01, 0x80, 0x80];
const LONGEST_PIN: usize = 16;

/// What a reader makes up for a card without a microprocessor that follows ISO 14443 A, with its check byte.
const fn storage(high: u8, low: u8, check: u8) -> [u8; 20] {
    [
        0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06, 0x03, high, low, 0,
        0, 0, 0, check,
    ]
}

/// A software card. It keeps its retry counters as long as it lives; everything else is lost with the power.
///
/// Nothing sent to it can make it panic, and every answer ends with a status word.
pub struct VirtualCard {
    kind: Kind,
    files: Files,
    references: References,
    app: Option<App>,
    file: Option<u16>,
    verified: BTreeSet<u16>,
}

impl VirtualCard {
    /// Makes the card of a persona; `now` dates its certificates. Without a portrait it carries a drawn one.
    ///
    /// Quick: RSA keys are made when a file that needs them is first read, once per process.
    pub fn new(persona: &Persona, portrait: Option<Portrait>, now: Timestamp) -> Self {
        Self {
            kind: persona.kind,
            files: Files::new(persona, portrait, now),
            references: reference::of(persona),
            app: None,
            file: None,
            verified: BTreeSet::new(),
        }
    }

    /// Puts the authentication certificate of another persona on the card. The key behind it stays this card's own.
    pub fn carry_certificate_of(&mut self, other: &Persona) {
        self.files.carry_certificate_of(other);
    }

    /// Copies the card face of another persona onto the card, with the numbers that open it. The chip's key stays this
    /// card's own, so it is not the one that the copied records name.
    pub fn carry_records_of(&mut self, other: &Persona) {
        self.files.carry_records_of(other);
        let theirs = reference::of(other).into_iter().filter(|((app, _), _)| *app == App::Surface);
        self.references.extend(theirs);
    }

    /// Makes the card's RSA keys now, on all processors, so that the first reading is as quick as the later ones
    /// (about a second; nothing for a card whose keys this process has made before).
    pub fn prepare(&self) {
        if self.kind.has_holder() {
            self.files.prepare();
        }
    }

    /// Answer to reset.
    pub fn atr(&self) -> &'static [u8] {
        match self.kind {
            Kind::Transit => &FELICA_ATR,
            Kind::TransitF011 => &FELICA_F011_ATR,
            Kind::StorageCard => &STORAGE_ATR,
            Kind::Desfire => &DESFIRE_ATR,
            kind if kind.has_holder() => &ATR,
            _ => &OTHER_ATR,
        }
    }

    /// Warm reset: no application selected, nothing verified; counters stay.
    pub fn reset(&mut self) {
        (self.app, self.file) = (None, None);
        self.verified.clear();
    }

    /// Power off: the same to a card as a reset.
    pub fn power_off(&mut self) {
        self.reset();
    }

    /// Answers one command APDU: response data and status word (at least two bytes, at most 258).
    pub fn transmit(&mut self, apdu: &[u8]) -> Vec<u8> {
        Answer::from(Command::parse(apdu).and_then(|command| self.answer(&command))).into_bytes()
    }

    fn answer(&mut self, command: &Command) -> Result<Answer, Sw> {
        match command.cla {
            0x00 | 0x80 => {}
            cla if cla & 0x73 != 0 && cla & 0x70 == 0 => return Err(apdu::NO_CHANNEL),
            0x04 | 0x08 | 0x0C | 0x84 | 0x88 | 0x8C => return Err(apdu::NO_SECURE_MESSAGING),
            _ => return Err(apdu::WRONG_CLA),
        }
        match (command.cla, command.ins) {
            (0x00, 0xA4) => self.select(command),
            (0x00, _) | (0x80, 0x2A | 0xA2) if !self.kind.has_holder() => Err(apdu::WRONG_INS),
            (0x00, 0x20) => self.verify(command),
            (0x00, 0xB0) => self.read_binary(command),
            (0x00, 0x84) => get_challenge(command),
            (0x00, 0xCA) => self.get_data(command),
            (0x80, 0x2A) => self.sign(command),
            // 特定機関認証: only a certificate of the 検証機関 opens it, anything else has the wrong length.
            (0x80, 0xA2) => Err(apdu::WRONG_LENGTH),
            (_, 0xA4 | 0x20 | 0xB0 | 0x84 | 0xCA | 0x2A | 0xA2) => Err(apdu::WRONG_CLA),
            _ => Err(apdu::WRONG_INS),
        }
    }

    fn select(&mut self, command: &Command) -> Result<Answer, Sw> {
        match (command.p1, command.p2) {
            (0x04, 0x00 | 0x0C) => self.select_application(command.data),
            (0x02, 0x00 | 0x0C) => self.select_file(command.data),
            // SELECT MF changes nothing: it is refused at power-on and does nothing inside an application.
            (0x00, 0x00) if command.data.is_empty() && self.app.is_some() => {
                Ok(Answer::from(apdu::OK))
            }
            (0x00, 0x00 | 0x0C) if !command.data.is_empty() => Err(apdu::NOT_FOUND),
            _ => Err(apdu::WRONG_P1_P2),
        }
    }

    fn select_application(&mut self, aid: &[u8]) -> Result<Answer, Sw> {
        if self.kind.foreign_application().is_some_and(|own| own == aid) {
            return Ok(Answer::from(apdu::OK));
        }
        if aid == ISSUER_DOMAIN && self.kind.has_holder() {
            self.reset();
            return Ok(Answer::from(apdu::OK));
        }
        let app = App::named(aid, self.kind).ok_or(apdu::NOT_FOUND)?;
        // What was verified stays so until another application is selected.
        if self.app != Some(app) {
            self.reset();
        }
        (self.app, self.file) = (Some(app), None);
        Ok(Answer::from(apdu::OK))
    }

    fn select_file(&mut self, id: &[u8]) -> Result<Answer, Sw> {
        let id = u16::from_be_bytes(id.try_into().map_err(|_| apdu::WRONG_LENGTH)?);
        self.find(id)?;
        self.file = Some(id);
        Ok(Answer::from(apdu::OK))
    }

    fn find(&self, id: u16) -> Result<(App, Ef), Sw> {
        let app = self.app.ok_or(apdu::NOT_FOUND)?;
        app.file(id, self.kind).map(|file| (app, file)).ok_or(apdu::NOT_FOUND)
    }

    /// The file meant by P1 or P2: bit 8 set = short file identifier (which also selects), otherwise the current one.
    fn current(&mut self, short: Option<u8>) -> Result<(App, u16, Ef), Sw> {
        if let Some(id) = short.map(u16::from) {
            self.find(id)?;
            self.file = Some(id);
        }
        let id = self.file.ok_or(apdu::NO_CURRENT_EF)?;
        self.find(id).map(|(app, file)| (app, id, file))
    }

    fn read_binary(&mut self, command: &Command) -> Result<Answer, Sw> {
        let short = (command.p1 & 0x80 != 0).then_some(command.p1 & 0x1F);
        if short.is_some() && (command.p1 & 0x60 != 0 || short == Some(0)) {
            return Err(apdu::WRONG_P1_P2);
        }
        let (app, id, file) = self.current(short)?;
        let offset = usize::from(if short.is_some() { 0 } else { command.p1 }) << 8
            | usize::from(command.p2);
        let wanted = command.le.filter(|_| command.data.is_empty()).ok_or(apdu::WRONG_LENGTH)?;
        match file {
            Ef::Data([]) => {}
            Ef::Data(openers) if openers.iter().any(|opener| self.verified.contains(opener)) => {}
            Ef::Data(_) => return Err(apdu::NOT_VERIFIED),
            Ef::Key(_) | Ef::Reference | Ef::Opaque => return Err(apdu::NOT_A_DATA_FILE),
        }
        let content = self.files.get(app, id);
        let rest =
            content.get(offset..).filter(|rest| !rest.is_empty()).ok_or(apdu::WRONG_OFFSET)?;
        Ok(Answer::data(&rest[..wanted.min(rest.len())]))
    }

    fn verify(&mut self, command: &Command) -> Result<Answer, Sw> {
        if command.p1 != 0 || command.p2 & 0xE0 != 0x80 {
            return Err(apdu::WRONG_P1_P2);
        }
        let (app, id, file) = self.current(Some(command.p2 & 0x1F).filter(|short| *short != 0))?;
        let reference = match file {
            Ef::Reference => self.references.get_mut(&(app, id)).ok_or(apdu::NO_REFERENCED_DATA)?,
            _ => return Err(apdu::NOT_A_DATA_FILE),
        };
        if command.le.is_some() || command.data.len() > LONGEST_PIN {
            return Err(apdu::WRONG_LENGTH);
        }
        if command.data.is_empty() {
            return Err(reference.query());
        }
        let status = reference.present(command.data);
        if status == apdu::OK {
            self.verified.insert(id);
        } else {
            self.verified.remove(&id);
        }
        Ok(Answer::from(status))
    }

    fn sign(&mut self, command: &Command) -> Result<Answer, Sw> {
        let id = match (self.app.ok_or(apdu::NOT_FOUND)?, command.p2) {
            // The card's own key needs no file and no PIN.
            (App::Surface | App::Text, 0) => 0,
            (App::Jpki, p2) if p2 & 0xE0 == 0x80 => {
                self.private_key(Some(p2 & 0x1F).filter(|short| *short != 0))?
            }
            _ => return Err(apdu::WRONG_P1_P2),
        };
        match command.le.filter(|_| !command.data.is_empty()).ok_or(apdu::WRONG_LENGTH)? {
            256 => signing::sign(&self.files.key(id), command.p1, command.data).map(Answer::data),
            // `6C00`: ask for 256.
            _ => Err(0x6C00),
        }
    }

    fn private_key(&mut self, short: Option<u8>) -> Result<u16, Sw> {
        match self.current(short)? {
            (_, id, Ef::Key(opener)) if self.verified.contains(&opener) => Ok(id),
            (_, _, Ef::Key(_)) => Err(apdu::NOT_VERIFIED),
            _ => Err(apdu::NOT_A_DATA_FILE),
        }
    }

    /// `5F51`: the contact ATR without its first byte; only before an application is selected.
    fn get_data(&self, command: &Command) -> Result<Answer, Sw> {
        match (self.app, [command.p1, command.p2]) {
            (None, [0x5F, 0x51]) if command.le.is_some() => Ok(Answer::data(&ATR[1..])),
            _ => Err(apdu::NO_REFERENCED_DATA),
        }
    }
}

impl fmt::Debug for VirtualCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VirtualCard({:?}, {:?})", self.kind, self.app)
    }
}

impl myna_card::Transmit for VirtualCard {
    fn transmit(&mut self, command: &[u8]) -> myna_card::Result<Vec<u8>> {
        Ok(Self::transmit(self, command))
    }
}

fn get_challenge(command: &Command) -> Result<Answer, Sw> {
    if [command.p1, command.p2] != [0, 0] {
        return Err(apdu::WRONG_P1_P2);
    }
    let mut challenge =
        vec![0; command.le.filter(|_| command.data.is_empty()).ok_or(apdu::WRONG_LENGTH)?];
    OsRng.fill_bytes(&mut challenge);
    Ok(Answer::data(challenge))
}
