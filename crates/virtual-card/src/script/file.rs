//! Script files.

use serde::Deserialize;

use super::fault::{Effect, Fault, On, Target};
use crate::{card::VirtualCard, persona::Persona, portrait::Portrait, speed::Link};

/// Longest script file in bytes.
const MAX_BYTES: usize = 65_536;
/// Most faults of one script.
const MAX_FAULTS: usize = 256;
/// Longest delay in milliseconds.
const MAX_DELAY_MS: u32 = 600_000;

/// What a script file says. See the module for the format.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// Pace, when the script sets one.
    pub link: Option<Link>,
    /// What is wrong with the card itself.
    pub swap: Swap,
    /// What goes wrong on the way.
    pub faults: Vec<Fault>,
}

/// Changes to the card.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    /// Persona whose authentication certificate the card carries.
    pub certificate_of: Option<String>,
    /// Persona whose card face was copied onto the card.
    pub records_of: Option<String>,
    /// Tries left on the PIN, 0 to 3.
    pub auth_pin_tries: Option<u8>,
    /// Tries left on 照合番号B, 0 to 10.
    pub code_b_tries: Option<u8>,
}

/// A script that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// Not TOML, or a field is missing, unknown or of the wrong type.
    #[error("the script is not readable: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A field has no possible value.
    #[error("script field `{field}`: {hint}")]
    Field {
        /// Name in the file.
        field: &'static str,
        /// What to write instead.
        hint: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    link: Option<LinkTable>,
    #[serde(default)]
    card: Swap,
    #[serde(default)]
    fault: Vec<FaultTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkTable {
    bits_per_second: u32,
    command_ms: u32,
    signature_ms: u32,
    #[serde(default)]
    jitter_ms: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultTable {
    #[serde(default)]
    on: On,
    app: Option<Target>,
    file: Option<String>,
    #[serde(default = "one")]
    nth: u32,
    #[serde(default = "one")]
    times: u32,
    #[serde(default)]
    after_bytes: usize,
    r#do: String,
    status: Option<String>,
    bytes: Option<usize>,
    at: Option<usize>,
    xor: Option<u8>,
    ms: Option<u32>,
}

fn one() -> u32 {
    1
}

fn wrong(field: &'static str, hint: &'static str) -> ScriptError {
    ScriptError::Field { field, hint }
}

impl Script {
    /// Reads a script (at most 64 KiB), strictly.
    ///
    /// # Errors
    /// [`ScriptError`] names the field and says what is expected.
    pub fn from_toml(text: &str) -> Result<Self, ScriptError> {
        if text.len() > MAX_BYTES {
            return Err(wrong("fault", "the file is larger than 64 KiB"));
        }
        let file: File = toml::from_str(text)?;
        if file.fault.len() > MAX_FAULTS {
            return Err(wrong("fault", "write at most 256 of them"));
        }
        if file.card.auth_pin_tries.is_some_and(|tries| tries > 3) {
            return Err(wrong("auth_pin_tries", "write 0 to 3"));
        }
        if file.card.code_b_tries.is_some_and(|tries| tries > 10) {
            return Err(wrong("code_b_tries", "write 0 to 10"));
        }
        let faults = file.fault.iter().map(fault).collect::<Result<_, _>>()?;
        Ok(Self { link: file.link.as_ref().map(link).transpose()?, swap: file.card, faults })
    }

    /// Makes the card. `other` finds the personas that the script names; the card face of another one carries
    /// `portrait` or a drawn one, as its own would.
    ///
    /// # Errors
    /// Those of `other`.
    pub fn make<E>(
        &self,
        persona: &Persona,
        portrait: Option<Portrait>,
        now: jiff::Timestamp,
        other: impl Fn(&str) -> Result<Persona, E>,
    ) -> Result<VirtualCard, E> {
        let mut own = persona.clone();
        if let Some(holder) = &mut own.holder {
            holder.auth_pin_tries = self.swap.auth_pin_tries.unwrap_or(holder.auth_pin_tries);
            holder.code_b_tries = self.swap.code_b_tries.unwrap_or(holder.code_b_tries);
        }
        let certificate = self.swap.certificate_of.as_deref().map(&other).transpose()?;
        let records = self.swap.records_of.as_deref().map(&other).transpose()?;
        let mut card = VirtualCard::new(&own, portrait, now);
        if let Some(other) = certificate {
            card.carry_certificate_of(&other);
        }
        if let Some(other) = records {
            card.carry_records_of(&other);
        }
        Ok(card)
    }
}

fn link(table: &LinkTable) -> Result<Link, ScriptError> {
    if !(9_600..=10_000_000).contains(&table.bits_per_second) {
        return Err(wrong("bits_per_second", "write 9600 to 10000000"));
    }
    let us = |field, ms: u32| {
        if ms <= 10_000 { Ok(ms * 1000) } else { Err(wrong(field, "write 0 to 10000")) }
    };
    Ok(Link {
        bits_per_second: table.bits_per_second,
        command_us: us("command_ms", table.command_ms)?,
        signature_us: us("signature_ms", table.signature_ms)?,
        jitter_us: us("jitter_ms", table.jitter_ms)?,
    })
}

fn fault(table: &FaultTable) -> Result<Fault, ScriptError> {
    let hex = |field, text: &str| {
        let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        u16::from_str_radix(text, 16)
            .ok()
            .filter(|_| digits)
            .ok_or_else(|| wrong(field, "write four hex digits in quotes, such as \"6F00\""))
    };
    let status = || match &table.status {
        Some(text) => hex("status", text),
        None => Err(wrong("status", "missing: write such as \"6F00\"")),
    };
    let bytes = || match table.bytes {
        Some(bytes @ 0..=65_000) => Ok(bytes),
        _ => Err(wrong("bytes", "write 0 to 65000")),
    };
    let effect = match table.r#do.as_str() {
        "mute" => Effect::Mute,
        "pull" => Effect::Pull,
        "status" => Effect::Status(status()?),
        "refuse_after" => Effect::RefuseAfter(status()?),
        "cut" => Effect::Cut(bytes()?),
        "corrupt" => Effect::Corrupt {
            at: table.at.ok_or_else(|| wrong("at", "missing: write the place of the byte"))?,
            xor: table.xor.unwrap_or(1),
        },
        "empty" => Effect::Empty,
        "long" => Effect::Long(bytes()?),
        "delay" => Effect::Delay(
            table
                .ms
                .filter(|ms| *ms <= MAX_DELAY_MS)
                .ok_or_else(|| wrong("ms", "write milliseconds, up to 600000"))?,
        ),
        "more" => Effect::More,
        "length" => Effect::Length,
        _ => {
            return Err(wrong(
                "do",
                "write mute, pull, status, refuse_after, cut, corrupt, empty, long, delay, more or length",
            ));
        }
    };
    if table.nth == 0 {
        return Err(wrong("nth", "the first one is 1"));
    }
    let file = table.file.as_deref().map(|text| hex("file", text)).transpose()?;
    Ok(Fault {
        on: table.on,
        app: table.app,
        file,
        nth: table.nth,
        times: table.times,
        after_bytes: table.after_bytes,
        effect,
    })
}
