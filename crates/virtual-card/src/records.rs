//! Contents of the card's files.

use jiff::civil::Date;
use rsa::RsaPrivateKey;
use sha2::{Digest, Sha256};

use crate::{
    keys::{self, Role},
    persona::{Holder, Kind},
    picture, tlv,
};

/// 16-byte key identifiers: seven digits, `08 05`, three digits, padding.
/// Real ones begin with 5, those of the JPKI test cards with 6; practice ones with 9.
pub(crate) const SURFACE_CA: [u8; 16] = *b"9000023\x08\x05001\0\0\0\0";
pub(crate) const TEXT_CA: [u8; 16] = *b"9000033\x08\x05001\0\0\0\0";
const ISSUER: [u8; 16] = *b"9999999\x08\x05000\0\0\0\0";
const AP_KEY: [u8; 16] = *b"9000024\x08\x05001\0\0\0\0";

/// EF 0006 of the JPKI application: the 160 bytes of `CK_TOKEN_INFO` (PKCS#11) with 32-bit numbers.
pub(crate) fn token_info(kind: Kind) -> Vec<u8> {
    let label: &[u8] = match kind {
        Kind::Phone => b"JPKIAPGPSETOKEN",
        Kind::Juki => b"JPKIAPICCTOKEN",
        _ => b"JPKIAPICCTOKEN2",
    };
    let mut out = padded(label, 32);
    out.extend(padded(b"UKETSUKE-PRACTICE", 32));
    out.extend(padded(b"PRACTICE", 16));
    out.extend(padded(b"0000000000000000", 16));
    // RNG, login required, user PIN initialised, token initialised; one session; PIN of 6 to 16; memory unknown.
    for word in [0x040D, 1, 0, 1, 0, 16, 6, u32::MAX, u32::MAX, u32::MAX, u32::MAX] {
        out.extend(word.to_be_bytes());
    }
    out.extend(b"0301");
    out.extend([b'9'; 16]);
    out
}

/// EF 0008: which certificates are there (signing, authentication), `8F` = present.
pub(crate) fn availability(signing: bool) -> Vec<u8> {
    vec![if signing { 0x8F } else { 0 }, 0x8F, 0]
}

/// EF 0004 of both card-face applications: the issuer's key under the practice CV CA.
pub(crate) fn cv_certificate(ca: [u8; 16]) -> Vec<u8> {
    let mut body = ca.to_vec();
    body.extend(ISSUER);
    body.extend(keys::public_tlv(&issuer()));
    let signature = keys::sign_sha256(&keys::shared(Role::CvCa), &body);
    tlv::object(0x7F21, &[tlv::object(0x5F4E, &body), tlv::object(0x5F37, &signature)].concat())
}

/// 券面事項確認 EF 0001: birth date and card key, signed as one piece.
pub(crate) fn age_record(holder: &Holder, card: &RsaPrivateKey) -> Vec<u8> {
    let mut body = tlv::object(0xDF11, holder.birth_text().as_bytes());
    tlv::put(&mut body, 0xDF12, &keys::public_tlv(card));
    let signature = keys::sign_sha256(&issuer(), &body);
    tlv::put(&mut body, 0xDF13, &signature);
    tlv::object(0xFF10, &body)
}

/// 券面事項確認 EF 0002: the card face. The signature covers the digests of three groups; expiry and security code
/// stand after it and are not covered.
pub(crate) fn card_face(holder: &Holder, card: &RsaPrivateKey, photo: &[u8]) -> Vec<u8> {
    let mut objects = vec![
        tlv::object(0xDF22, holder.birth_text().as_bytes()),
        tlv::object(0xDF23, &[holder.sex.digit()]),
        tlv::object(0xDF24, &keys::public_tlv(card)),
        tlv::object(0xDF25, &picture::text_boxes(&holder.name, 216, 12)),
        tlv::object(0xDF26, &picture::text_boxes(&holder.address, 288, 12)),
        tlv::object(0xDF27, photo),
    ];
    let digests: Vec<u8> = [&objects[..3], &objects[3..5], &objects[5..]]
        .iter()
        .flat_map(|group| Sha256::digest(group.concat()))
        .collect();
    let signature = keys::sign_raw(&issuer(), &keys::digest_info(&digests))
        .expect("115 bytes fit into the modulus");
    objects.push(tlv::object(0xDF28, &signature));
    objects.push(tlv::object(0xDF29, &yyyymmdd(holder.card_expiry)));
    objects.push(tlv::object(0xDF2A, &picture::digits(holder.code.reveal())));
    tlv::with_offset_table(0xFF20, 0xDF21, &objects)
}

/// 券面事項確認 EF 0003: application data, free to read. The 256 bytes at the end are opaque on real cards, zero here.
pub(crate) fn surface_ap_data() -> Vec<u8> {
    let mut body = tlv::object(0xDF31, &[6, 3, 0xFF, 0]);
    tlv::put(&mut body, 0xDF32, &AP_KEY);
    tlv::put(&mut body, 0xDF33, &[0]);
    tlv::put(&mut body, 0xDF34, b"99999");
    tlv::put(&mut body, 0xDF35, &[AP_KEY.as_slice(), &[0; 256]].concat());
    tlv::object(0xFF30, &body)
}

/// 券面事項入力補助 EF 0002: name, address, birth date, sex.
pub(crate) fn attributes(holder: &Holder) -> Vec<u8> {
    tlv::with_offset_table(0xFF20, 0xDF21, &attribute_objects(holder))
}

/// 券面事項入力補助 EF 0003: digests of EF 0001 and EF 0002, signed.
/// A practice card has no EF 0001 (個人番号), so the first digest is that of nothing.
pub(crate) fn integrity(holder: &Holder) -> Vec<u8> {
    let mut body = tlv::object(0xDF31, &Sha256::digest([]));
    tlv::put(&mut body, 0xDF32, &Sha256::digest(attribute_objects(holder).concat()));
    let signature = keys::sign_sha256(&issuer(), &body);
    tlv::put(&mut body, 0xDF33, &signature);
    tlv::object(0xFF30, &body)
}

/// 券面事項入力補助 EF 0005: application data, free to read.
pub(crate) fn text_ap_data() -> Vec<u8> {
    let mut body = tlv::object(0xDF41, &[1, 3, 0xFF, 0]);
    tlv::put(&mut body, 0xDF42, &TEXT_CA);
    tlv::put(&mut body, 0xDF43, &[0xFF; 128]);
    tlv::object(0xFF40, &body)
}

fn attribute_objects(holder: &Holder) -> Vec<Vec<u8>> {
    vec![
        tlv::object(0xDF22, holder.name.as_bytes()),
        tlv::object(0xDF23, holder.address.as_bytes()),
        tlv::object(0xDF24, holder.birth_text().as_bytes()),
        tlv::object(0xDF25, &[holder.sex.digit()]),
    ]
}

fn issuer() -> std::sync::Arc<RsaPrivateKey> {
    keys::shared(Role::Issuer)
}

fn yyyymmdd(day: Date) -> Vec<u8> {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day()).into_bytes()
}

fn padded(text: &[u8], len: usize) -> Vec<u8> {
    let mut out = text.to_vec();
    out.resize(len, b' ');
    out
}
