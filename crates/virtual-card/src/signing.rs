//! The signing command's variants (P1), over RSA-2048.

use rsa::{Pss, RsaPrivateKey, rand_core::OsRng};
use sha2::{Digest, Sha256};

use crate::{
    apdu::{self, Sw},
    keys,
};

/// Signs `data` as P1 says; 256 bytes.
///
/// 00 the bytes as they are (1 to 245), 01 bare SHA-256 made by the card, 02 a SHA-256 digest given, 03 SHA-256 made by
/// the card, 04 PSS over a digest given, 05 PSS over SHA-256 made by the card. Any other P1 is `6A86`.
pub(crate) fn sign(key: &RsaPrivateKey, p1: u8, data: &[u8]) -> Result<Vec<u8>, Sw> {
    let allowed = match p1 {
        0x00 => 1..=245,
        0x02 | 0x04 => 32..=32,
        0x01 | 0x03 | 0x05 => 1..=255,
        _ => return Err(apdu::WRONG_P1_P2),
    };
    if !allowed.contains(&data.len()) {
        return Err(apdu::WRONG_LENGTH);
    }
    let hash = || Sha256::digest(data);
    let pss = |digest: &[u8]| key.sign_with_rng(&mut OsRng, Pss::new::<Sha256>(), digest).ok();
    let signature = match p1 {
        0x00 => keys::sign_raw(key, data),
        0x01 => keys::sign_raw(key, &hash()),
        0x02 => keys::sign_raw(key, &keys::digest_info(data)),
        0x03 => keys::sign_raw(key, &keys::digest_info(&hash())),
        0x04 => pss(data),
        _ => pss(&hash()),
    };
    signature.ok_or(apdu::FAILED)
}
