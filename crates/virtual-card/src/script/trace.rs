//! What was said, with every secret masked.

use std::fmt::Write as _;
use std::time::Duration;

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Since the card was put in.
    pub at: Duration,
    /// Command in hex, secrets as `**`.
    pub command: String,
    /// Answer in hex; `mute` or `pulled` when there was none.
    pub answer: String,
    /// Time that the answer was held back.
    pub took: Duration,
}

impl Entry {
    /// One line of JSON; nothing in it needs escaping.
    pub fn json(&self) -> String {
        format!(
            r#"{{"at_ms":{:.1},"command":"{}","answer":"{}","took_ms":{:.1}}}"#,
            self.at.as_secs_f64() * 1000.0,
            self.command,
            self.answer,
            self.took.as_secs_f64() * 1000.0
        )
    }
}

/// A command in hex. What VERIFY (`20`) and CHANGE REFERENCE DATA (`24`) carry is shown as `**`, with its length.
pub fn masked(command: &[u8]) -> String {
    let secret = matches!(command, [_, 0x20 | 0x24, ..]);
    let mut text = String::with_capacity(3 * command.len());
    for (index, byte) in command.iter().enumerate() {
        let shown = if secret && index >= 5 { "**".to_owned() } else { format!("{byte:02X}") };
        let _ = write!(text, "{}{shown}", if index == 0 { "" } else { " " });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn pins_are_not_shown() {
        assert_eq!(masked(&[0, 0x20, 0, 0x98, 2, 0x31, 0x32]), "00 20 00 98 02 ** **");
        assert_eq!(masked(&[0, 0x20, 0, 0x80]), "00 20 00 80");
        assert_eq!(masked(&[0, 0xB0, 0, 0x80, 0]), "00 B0 00 80 00");
    }
}
