//! Codes that are told once and typed by a person: invitations, and recovery codes for a lost telephone.

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Crockford's letters: none that is taken for another one.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 80 bits: nobody guesses it, so a fast hash keeps it.
const LENGTH: usize = 16;

/// A new one, in four groups.
pub(super) fn new() -> Zeroizing<String> {
    let random = Zeroizing::new(rand::random::<[u8; LENGTH]>());
    let mut code = String::with_capacity(LENGTH + 3);
    for (at, byte) in random.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    Zeroizing::new(code)
}

/// What is kept of one, however it was typed; `None`: that is none.
pub(super) fn hash(typed: &str) -> Option<[u8; 32]> {
    let mut code = Zeroizing::new(String::with_capacity(LENGTH));
    for letter in typed.nfkc().filter(|letter| !letter.is_whitespace() && *letter != '-').take(64) {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !letter.is_ascii() || !LETTERS.contains(&(letter as u8)) || code.len() == LENGTH {
            return None;
        }
        code.push(letter);
    }
    (code.len() == LENGTH).then(|| Sha256::digest(code.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_taken_as_people_type_it() {
        let code = new();
        assert_eq!(code.len(), LENGTH + 3);
        let expected = hash(&code);
        assert!(expected.is_some());
        assert_eq!(hash(&code.to_lowercase().replace('-', " ")), expected);
        assert_eq!(hash("O1LI 0000 0000 0000"), hash("0111-0000-0000-0000"));
        assert_eq!(hash("０１１１ ００００ ００００ ００００"), hash("0111000000000000"));
        for wrong in ["", "0111-0000-0000-000", "0111-0000-0000-00000", "U111-0000-0000-0000"] {
            assert_eq!(hash(wrong), None, "{wrong}");
        }
    }
}
