//! PINs, passwords and 照合番号 with their retry counters.

use std::collections::BTreeMap;

use crate::{
    apdu::{self, Sw},
    era,
    layout::App,
    persona::Persona,
    secret::Secret,
};

/// One reference. `secret` is `None` where a card of this kind has no value set: it is blocked from the start.
#[derive(Debug)]
pub(crate) struct Reference {
    secret: Option<Secret>,
    left: u8,
    most: u8,
}

impl Reference {
    fn new(secret: Option<Secret>, left: u8, most: u8) -> Self {
        let left = if secret.is_some() { left } else { 0 };
        Self { secret, left, most }
    }

    /// Tries left, free of charge: `63Cx`.
    pub(crate) fn query(&self) -> Sw {
        apdu::tries(self.left)
    }

    /// Presents a value: `9000` refills the counter, a wrong one costs a try (`63Cx`, the last one `63C0`),
    /// afterwards `6984`.
    pub(crate) fn present(&mut self, value: &[u8]) -> Sw {
        match &self.secret {
            Some(secret) if self.left > 0 => {
                if secret.is(value) {
                    self.left = self.most;
                    apdu::OK
                } else {
                    self.left -= 1;
                    apdu::tries(self.left)
                }
            }
            _ => apdu::BLOCKED,
        }
    }
}

/// All references of a card.
pub(crate) type References = BTreeMap<(App, u16), Reference>;

/// As the persona describes them.
pub(crate) fn of(persona: &Persona) -> References {
    let Some(holder) = &persona.holder else {
        return References::new();
    };
    let code_b = || Some(holder.verification_code_b());
    let birth = era::birth_digits(holder.birth).map(Secret::new);
    let (pin, password) = (holder.auth_pin.clone(), holder.sign_password.clone());
    let items_pin = holder.items_pin.clone().or(pin.clone());
    References::from([
        ((App::Jpki, 0x0018), Reference::new(pin.clone(), holder.auth_pin_tries, 3)),
        ((App::Jpki, 0x001B), Reference::new(password, 5, 5)),
        ((App::Surface, 0x0011), Reference::new(birth, 10, 10)),
        ((App::Surface, 0x0012), Reference::new(code_b(), holder.code_b_tries, 10)),
        ((App::Text, 0x0011), Reference::new(items_pin, holder.items_pin_tries, 3)),
        // Blocked on every card that has been looked at.
        ((App::Text, 0x0012), Reference::new(None, 0, 3)),
        ((App::Text, 0x0015), Reference::new(code_b(), holder.code_b_tries, 10)),
    ])
}
