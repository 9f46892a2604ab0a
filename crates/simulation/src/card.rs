//! The card as the bridge would report it, without its cryptography.

use checkin::birth::Birth;
use checkin::card::{CardFacts, CardProblem, TriesLeft, Trust};
use checkin::code_b::{Candidates, TypedCode};
use checkin::eligibility::Sex;
use checkin::era::TypedDate;
use checkin::event::{PhotoProblem, PinProblem};
use checkin::identity::CODE_B_STOP_AT;
use checkin::items::{ITEMS_PIN_STOP_AT, ItemsKey, ItemsProblem, ItemsTries};
use checkin::patient::CardOwner;
use checkin::secret::{Digits, Pin, Serial};
use checkin::time::from_japan;
use jiff::Timestamp;
use jiff::civil::{DateTime, time};
use protocol::Redacted;
use virtual_card::{Holder, Kind, Persona};

/// A persona's card on the reader, with its counters.
#[derive(Clone)]
pub(crate) struct Card {
    persona: Persona,
    not_after: Timestamp,
    pin_tries: u8,
    code_tries: u8,
    /// Of the application that holds the basic four items.
    items: ItemsTries,
}

impl Card {
    pub(crate) fn new(persona: Persona) -> Self {
        let holder = persona.holder.as_ref();
        let last_second = time(23, 59, 59, 0);
        let end = |holder: &Holder| {
            from_japan(DateTime::from_parts(holder.certificate_not_after, last_second))
        };
        Self {
            not_after: holder.map_or(Timestamp::MIN, end),
            pin_tries: holder.map_or(0, |holder| holder.auth_pin_tries),
            code_tries: holder.map_or(0, |holder| holder.code_b_tries),
            items: ItemsTries {
                pin: TriesLeft::Count(if holder.is_some_and(|h| h.auth_pin.is_some()) {
                    3
                } else {
                    0
                }),
                code: TriesLeft::Count(holder.map_or(0, |holder| holder.code_b_tries)),
            },
            persona,
        }
    }

    /// Last second of the certificate; long past for a card without one.
    pub(crate) fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Of a card that has an owner.
    pub(crate) fn holder(&self) -> Option<&Holder> {
        self.persona.holder.as_ref()
    }

    pub(crate) fn inspect(&self) -> Result<CardFacts, CardProblem> {
        let holder = match (self.persona.kind, self.holder()) {
            (Kind::MyNumber | Kind::FaceOnly, Some(holder)) => holder,
            (Kind::Phone, _) => return Err(CardProblem::Phone),
            (Kind::Juki, _) => return Err(CardProblem::JukiCard),
            _ => return Err(CardProblem::NotMyNumber),
        };
        Ok(CardFacts {
            serial: Serial::new(holder.serial_bytes()),
            not_after: self.not_after,
            trust: Trust::Practice,
            pin_tries: match holder.auth_pin {
                Some(_) => TriesLeft::Count(self.pin_tries),
                None => TriesLeft::Absent,
            },
            code_b_tries: TriesLeft::Count(self.code_tries),
        })
    }

    pub(crate) fn read_photo(&mut self, codes: &Candidates) -> Result<Option<Birth>, PhotoProblem> {
        if self.code_tries <= CODE_B_STOP_AT {
            return Err(PhotoProblem::TooFewTries(TriesLeft::Count(self.code_tries)));
        }
        let known = self.holder().map(|holder| (holder.verification_code_b(), holder.birth));
        for code in codes.iter() {
            if let Some((right, birth)) = &known
                && right.reveal().as_bytes() == code.expose()
            {
                self.code_tries = 10;
                return Ok(Some((*birth).into()));
            }
            self.code_tries -= 1;
            if self.code_tries <= CODE_B_STOP_AT {
                break;
            }
        }
        Err(PhotoProblem::WrongCode(TriesLeft::Count(self.code_tries)))
    }

    /// The counters of the application that holds the basic four items.
    pub(crate) fn items_tries(&self) -> ItemsTries {
        self.items
    }

    /// What these items say.
    pub(crate) fn owner(&self) -> Option<Box<CardOwner>> {
        let holder = self.holder()?;
        let sex = match holder.sex {
            virtual_card::Sex::Male => Sex::Male,
            virtual_card::Sex::Female => Sex::Female,
            virtual_card::Sex::NotApplicable => Sex::NotSet,
        };
        let name = holder.name.clone().into();
        Some(Box::new(CardOwner { name, birth: holder.birth.into(), sex }))
    }

    pub(crate) fn read_items(&mut self, key: &ItemsKey) -> Result<Box<CardOwner>, ItemsProblem> {
        match key {
            ItemsKey::Code(codes) => {
                self.read_photo(codes).map_err(|problem| match problem {
                    PhotoProblem::WrongCode(left) => ItemsProblem::WrongCode(left),
                    _ => ItemsProblem::CodeTriesLow,
                })?;
                if self.items.code.count() <= CODE_B_STOP_AT {
                    return Err(ItemsProblem::CodeTriesLow);
                }
            }
            ItemsKey::Pin(pin) => {
                let left = self.items.pin.count();
                let right = self.holder().and_then(|holder| holder.auth_pin.as_ref());
                if left <= ITEMS_PIN_STOP_AT {
                    return Err(ItemsProblem::PinTriesLow(self.items.pin));
                }
                if right.is_none_or(|right| right.reveal().as_bytes() != pin.expose()) {
                    self.items.pin = TriesLeft::Count(left - 1);
                    return Err(ItemsProblem::WrongPin(self.items.pin));
                }
            }
        }
        self.owner().ok_or(ItemsProblem::NotVerified)
    }

    pub(crate) fn sign(&mut self, pin: &Pin) -> Result<(), PinProblem> {
        let right = self.holder().and_then(|holder| holder.auth_pin.as_ref());
        let matches = right.is_some_and(|right| right.reveal().as_bytes() == pin.expose());
        if matches && self.pin_tries > 0 {
            self.pin_tries = 3;
            return Ok(());
        }
        self.pin_tries = self.pin_tries.saturating_sub(1);
        Err(PinProblem::WrongPin(TriesLeft::Count(self.pin_tries)))
    }

    /// 照合番号B as its owner reads it off the card.
    pub(crate) fn printed_code(&self) -> Option<TypedCode> {
        let holder = self.holder()?;
        let TypedDate { era, year, month, day } = TypedDate::from(holder.birth);
        let expiry_year = holder.card_expiry.year().unsigned_abs();
        let security_code = Digits::parse(holder.code.reveal()).ok()?;
        Some(TypedCode { era, era_year: year, month, day, expiry_year, security_code })
    }

    /// The right PIN, or one that is surely wrong.
    pub(crate) fn pin(&self, right: bool) -> Option<Redacted> {
        let known = self.holder()?.auth_pin.as_ref()?.reveal();
        let other = if known == "0000" { "0001" } else { "0000" };
        Some(Redacted::new(if right { known } else { other }.to_owned()))
    }
}
