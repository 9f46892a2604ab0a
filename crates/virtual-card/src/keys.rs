//! RSA keys, made from a public constant.
//!
//! A practice key protects nothing. Because every program on every machine makes the same ones, all of them share
//! one practice root without a file being passed around, and nobody can mistake a practice card for a secure one.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError},
};

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use rsa::{Pkcs1v15Sign, RsaPrivateKey, traits::PublicKeyParts};
use sha2::{Digest, Sha256};

const PUBLIC_CONSTANT: &str = "uketsuke practice key, generation 1";
const BITS: usize = 2048;

/// What a key is for. The roles up to `Issuer` are shared by all practice cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    AuthCa,
    SignCa,
    CvCa,
    Issuer,
    Auth,
    Sign,
    Card,
}

impl Role {
    fn label(self) -> &'static str {
        match self {
            Self::AuthCa => "authentication CA",
            Self::SignCa => "signing CA",
            Self::CvCa => "CV CA",
            Self::Issuer => "card-face issuer",
            Self::Auth => "authentication",
            Self::Sign => "signing",
            Self::Card => "card",
        }
    }
}

type Slot = Arc<OnceLock<Arc<RsaPrivateKey>>>;
static MADE: LazyLock<Mutex<HashMap<String, Slot>>> = LazyLock::new(Mutex::default);

/// The key of a role that all practice cards share.
pub(crate) fn shared(role: Role) -> Arc<RsaPrivateKey> {
    get(role, "")
}

/// The key of one persona.
pub(crate) fn of(role: Role, persona: &str) -> Arc<RsaPrivateKey> {
    get(role, persona)
}

/// Makes all keys that a card needs, on all processors.
pub(crate) fn prepare(persona: &str) {
    use Role::{Auth, AuthCa, Card, CvCa, Issuer, Sign, SignCa};
    std::thread::scope(|scope| {
        for role in [Auth, Card, Sign] {
            scope.spawn(move || of(role, persona));
        }
        for role in [AuthCa, SignCa, CvCa, Issuer] {
            scope.spawn(move || shared(role));
        }
    });
}

fn get(role: Role, persona: &str) -> Arc<RsaPrivateKey> {
    let label = format!("{PUBLIC_CONSTANT}/{}/{persona}", role.label());
    let slot = Arc::clone(
        MADE.lock().unwrap_or_else(PoisonError::into_inner).entry(label.clone()).or_default(),
    );
    // Made outside the lock: two keys can be made at the same time, one key never twice.
    Arc::clone(slot.get_or_init(|| Arc::new(make(&label))))
}

fn make(label: &str) -> RsaPrivateKey {
    let seed: [u8; 32] = Sha256::digest(label.as_bytes()).into();
    RsaPrivateKey::new(&mut ChaCha20Rng::from_seed(seed), BITS)
        .expect("2048 is a size that RSA keys have")
}

/// PKCS#1 v1.5 over `payload` as it is (at most 245 bytes).
pub(crate) fn sign_raw(key: &RsaPrivateKey, payload: &[u8]) -> Option<Vec<u8>> {
    key.sign(Pkcs1v15Sign::new_unprefixed(), payload).ok()
}

/// PKCS#1 v1.5 with SHA-256 over `message`.
pub(crate) fn sign_sha256(key: &RsaPrivateKey, message: &[u8]) -> Vec<u8> {
    sign_raw(key, &digest_info(&Sha256::digest(message)))
        .expect("a DigestInfo fits into the modulus")
}

/// `DigestInfo` for SHA-256 (RFC 8017, 9.2); the card-face record puts three digests (96 bytes) into one.
pub(crate) fn digest_info(digest: &[u8]) -> Vec<u8> {
    const ALGORITHM: [u8; 15] = [0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0];
    let len = |n: usize| u8::try_from(n).expect("at most three digests");
    let mut out = vec![0x30, len(17 + digest.len())];
    out.extend(ALGORITHM);
    out.extend([0x04, len(digest.len())]);
    out.extend(digest);
    out
}

/// The public half as the card stores it: `90` exponent, `91` modulus — 265 bytes.
pub(crate) fn public_tlv(key: &RsaPrivateKey) -> Vec<u8> {
    let mut out = vec![0x90, 3];
    out.extend(key.e().to_bytes_be());
    out.extend([0x91, 0x82, 1, 0]);
    out.extend(key.n().to_bytes_be());
    out
}
