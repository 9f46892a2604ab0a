//! Passwords of staff: long, whatever they are made of (NIST SP 800-63B), and none that everybody tries.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Characters. The password may be the only secret at the kiosk's own computer.
const SHORTEST: usize = 15;
/// More would only make the hash slow.
const LONGEST: usize = 128;
/// Different characters.
const FEWEST: usize = 5;
/// Tried first by whoever guesses, or by whoever knows this program.
const REFUSED: [&str; 12] = [
    "passwordpassword",
    "password12345678",
    "password123456789",
    "1234567890123456",
    "12345678901234567890",
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "1qaz2wsx3edc4rfv",
    "abcdefghijklmnop",
    "administrator123",
    "uketsukeuketsuke",
    "correcthorsebatterystaple",
];

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Length.
    #[error("A password has 15 to 128 characters; several words with blanks between are fine.")]
    Length,
    /// It is on the list, counts up, repeats itself, or is the name.
    #[error(
        "That password is tried first by whoever guesses: take several words that do not belong together."
    )]
    Known,
}

/// As it is hashed: one form, however the keyboard composed it.
pub(super) fn normal(typed: &str) -> Zeroizing<String> {
    Zeroizing::new(typed.nfkc().take(LONGEST + 1).collect())
}

/// Whether it may be chosen for the account `name`.
///
/// # Errors
/// [`Weakness`].
pub(super) fn judge(password: &str, name: &str) -> Result<(), Weakness> {
    let letters = Zeroizing::new(password.to_lowercase().chars().collect::<Vec<char>>());
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        return Err(Weakness::Length);
    }
    let mut different = letters.clone();
    different.sort_unstable();
    different.dedup();
    let counts = |pair: &[char]| u32::from(pair[0]).abs_diff(u32::from(pair[1])) <= 1;
    let steps = letters.windows(2).filter(|pair| counts(pair)).count();
    let lower = Zeroizing::new(letters.iter().collect::<String>());
    let rest = lower.replace(&name.to_lowercase(), "");
    let known = REFUSED.contains(&lower.as_str())
        || different.len() < FEWEST
        || steps * 4 >= letters.len() * 3
        || rest.chars().count() < SHORTEST / 2;
    if known { Err(Weakness::Known) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_and_composition_does_not() {
        for good in ["three words here", "くじら と えんぴつ と やかん です", "aB3$aB3$qZ7!mnKw"]
        {
            assert_eq!(judge(good, "山田 花子"), Ok(()), "{good}");
        }
        assert_eq!(judge("fourteen chars", "x"), Err(Weakness::Length));
        assert_eq!(judge(&"long ".repeat(26), "x"), Err(Weakness::Length));
        for known in [
            "PasswordPassword",
            "abababababababab",
            "123456789012345",
            "abcdefghijklmnopqrstuvwxyz",
            "yamada-hanako-yamada-hanako",
        ] {
            assert_eq!(judge(known, "yamada-hanako"), Err(Weakness::Known), "{known}");
        }
        assert_eq!(*normal("Ｐａｓｓ"), "Pass");
    }
}
