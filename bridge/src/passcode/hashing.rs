//! argon2id in one piece of memory that is used again and again.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, Salt, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use checkin::secret::Passcode;
use subtle::ConstantTimeEq as _;

/// Largest memory that a hash may ask for, in KiB: more would let a setting take the computer's memory away.
const MOST_MEMORY: u32 = 64 * 1024;
/// Longest hash and longest salt of a PHC string, in bytes.
const LONGEST: usize = 64;

/// argon2id with 7 MiB, 5 passes, 1 lane (OWASP password storage cheat sheet): the smaller memory
/// keeps the bridge small, four digits are protected by the waiting anyway.
fn argon2() -> Argon2<'static> {
    let params = Params::new(7168, 5, 1, None).expect("constants in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The PHC string of a passcode, with a fresh salt.
pub fn hash(passcode: &Passcode) -> String {
    hash_secret(passcode.expose())
}

/// The same of any secret of 128 characters at most.
pub(crate) fn hash_secret(secret: &[u8]) -> String {
    let salt: [u8; Salt::RECOMMENDED_LENGTH] = rand::random();
    let salt = SaltString::encode_b64(&salt).expect("a salt of the recommended length fits");
    let hash = argon2().hash_password(secret, &salt);
    hash.expect("a short secret and a fresh salt can be hashed").to_string()
}

/// Whether `text` is a PHC string of argon2id that can be checked here, with at most 64 MiB of memory.
pub fn is_hash(text: &str) -> bool {
    PasswordHash::new(text).is_ok_and(|hash| parts(&hash).is_some())
}

/// What a hash is made with: engine, salt and its length, expected output.
fn parts<'a>(
    hash: &'a PasswordHash<'_>,
) -> Option<(Argon2<'static>, [u8; LONGEST], usize, &'a [u8])> {
    let params = Params::try_from(hash).ok().filter(|params| params.m_cost() <= MOST_MEMORY)?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    let mut salt = [0; LONGEST];
    let length = hash.salt?.decode_b64(&mut salt).ok()?.len();
    let expected = hash.hash.as_ref()?.as_bytes();
    (hash.algorithm == argon2::ARGON2ID_IDENT)
        .then(|| (Argon2::new(Algorithm::Argon2id, version, params), salt, length, expected))
}

/// The working memory of argon2, kept for the next check. The allocator does not give such pieces back to the system when
/// each check takes a fresh one: 60 entries took 360 MB.
#[derive(Default)]
pub(crate) struct Memory(Vec<Block>);

impl Memory {
    /// Whether the passcode is the one of the PHC string; `false` for a string that is none.
    pub(super) fn verify(&mut self, passcode: &Passcode, text: &str) -> bool {
        self.verify_secret(passcode.expose(), text)
    }

    /// The same of any secret.
    pub(crate) fn verify_secret(&mut self, secret: &[u8], text: &str) -> bool {
        let Ok(hash) = PasswordHash::new(text) else { return false };
        let Some((argon2, salt, length, expected)) = parts(&hash) else { return false };
        self.0.resize(argon2.params().block_count(), Block::default());
        let mut made = [0; LONGEST];
        let Some(made) = made.get_mut(..expected.len()) else { return false };
        let salt = &salt[..length];
        let done = argon2.hash_password_into_with_memory(secret, salt, made, &mut self.0);
        // What is left in there depends on the passcode.
        self.0.fill(Block::default());
        done.is_ok() && made.ct_eq(expected).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::PasswordVerifier as _;

    #[test]
    fn what_is_checked_in_kept_memory_is_what_the_library_checks() {
        let right = Passcode::parse("4821").unwrap();
        let wrong = Passcode::parse("4822").unwrap();
        let mut memory = Memory::default();
        for text in [hash(&right), hash(&right)] {
            assert!(
                argon2()
                    .verify_password(right.expose(), &PasswordHash::new(&text).unwrap())
                    .is_ok()
            );
            assert!(memory.verify(&right, &text) && !memory.verify(&wrong, &text));
        }
        assert!(!memory.verify(&right, "4821"));
    }

    #[test]
    fn a_hash_that_asks_for_too_much_or_is_of_another_kind_is_refused() {
        let good = hash(&Passcode::parse("4821").unwrap());
        assert!(is_hash(&good) && !is_hash("0000"));
        assert!(!is_hash(&good.replace("argon2id", "argon2d")));
        assert!(!is_hash(&good.replace("m=7168", "m=4000000")));
    }
}
