//! The records of the card-face application (券面事項確認): their frame is read strictly, because a signature lies over it;
//! a date that no calendar has, or none at all, is honest.
//!
//! EF 0002, the card face: template `FF20`: `DF21` is a table of nine offsets (big-endian, from the start of the file) to
//! `DF22` birth date, `DF23` sex, `DF24` key of the chip, `DF25` name and `DF26` address as
//! pictures, `DF27` photo, `DF28` signature of the issuer over all of these, `DF29` expiry date and
//! `DF2A` security code as a picture. The last one is never read.
//!
//! EF 0004, the card-verifiable certificate of the issuer: template `7F21` with `5F4E` (identifiers
//! of both keys, key of the issuer) and `5F37` (signature of the authority above).

use super::tlv::{self, malformed};
use checkin::birth::Birth;
use jiff::civil::Date;
use myna_card::data::{KeyId, sha256, sha256_digest_info};
use myna_card::{CardVerifiableCertificate, Error, RsaPublicKey};

/// Template of the file.
const FILE: u16 = 0xFF20;
/// Table of offsets.
const TABLE: u16 = 0xDF21;
/// Entries of the table: `DF22` to `DF2A`.
const ENTRIES: usize = 9;
/// Largest record: the offsets of READ BINARY have 15 bits.
const MAX_RECORD: usize = 0x7FFF;
/// Bytes of an RSA-2048 signature or modulus.
const RSA_BYTES: usize = 256;

/// How many bytes from the start are needed: everything before `DF2A`.
///
/// # Errors
/// When the beginning (at least the table) is not that of a card-face record.
pub fn needed(head: &[u8]) -> Result<usize, Error> {
    let (_, offsets, end) = table(head)?;
    let needed = usize::from(offsets[ENTRIES - 1]);
    if needed > end || end > MAX_RECORD {
        return Err(Error::Malformed("the offset table points outside of the record".into()));
    }
    Ok(needed)
}

/// A record whose form is right; nothing is verified yet.
pub struct CardFace<'a> {
    /// 生年月日; `None` when it is not 8 digits.
    pub birth: Option<Birth>,
    /// Public key of this chip.
    pub chip: RsaPublicKey,
    /// The photo as it stands in the record.
    pub photo: &'a [u8],
    /// 有効期限 of the plastic card, where the calendar has it; not covered by the signature.
    pub expiry: Option<Date>,
    signature: &'a [u8],
    groups: [&'a [u8]; 3],
}

impl<'a> CardFace<'a> {
    /// Parses the first [`needed`] bytes of the file.
    ///
    /// # Errors
    /// [`Error::Malformed`] when table and objects disagree or an object has an impossible value.
    pub fn parse(record: &'a [u8]) -> Result<Self, Error> {
        let (first, offsets, _) = table(record)?;
        let mut at = first;
        let mut objects: [&[u8]; ENTRIES - 1] = [&[]; ENTRIES - 1];
        for ((index, object), tag) in objects.iter_mut().enumerate().zip(0xDF22..) {
            if usize::from(offsets[index]) != at {
                return Err(malformed("offset table and objects disagree"));
            }
            let (value, next) = field(record, at, tag)?;
            (*object, at) = (value, next);
        }
        if usize::from(offsets[ENTRIES - 1]) != at {
            return Err(malformed("offset table and objects disagree"));
        }
        let between =
            |from: usize, to: usize| &record[usize::from(offsets[from])..usize::from(offsets[to])];
        let [birth, _, chip, _, _, photo, signature, expiry] = objects;
        if signature.len() != RSA_BYTES {
            return Err(malformed("the signature has another length"));
        }
        Ok(Self {
            birth: date(birth),
            chip: key(chip)?,
            photo,
            expiry: date(expiry).and_then(Birth::date),
            signature,
            groups: [between(0, 3), between(3, 5), between(5, 6)],
        })
    }

    /// Without a photo and signed by nobody, for tests of what is said beside the signature.
    #[cfg(test)]
    pub(super) fn unsigned(chip: RsaPublicKey) -> Self {
        Self { birth: None, chip, photo: &[], expiry: None, signature: &[], groups: [&[]; 3] }
    }

    /// Whether `issuer` signed the record: three digests in one `DigestInfo`, over the personal
    /// items with the key, over the pictures of name and address, and over the photo.
    ///
    /// # Errors
    /// When the signature is another one's or of something else.
    pub fn verify(&self, issuer: &RsaPublicKey) -> Result<(), Error> {
        let digests = self.groups.map(sha256).concat();
        issuer.verify_pkcs1(&sha256_digest_info(&digests), self.signature)
    }
}

/// Where the objects begin, the offsets, and where the record ends.
fn table(head: &[u8]) -> Result<(usize, [u16; ENTRIES], usize), Error> {
    let file = tlv::header(head)?;
    if file.tag != FILE {
        return Err(malformed("the file is not a card-face record"));
    }
    let (bytes, first) = field(head, file.start, TABLE)?;
    if bytes.len() != 2 * ENTRIES {
        return Err(malformed("the offset table has another length"));
    }
    let mut offsets = [0; ENTRIES];
    for (offset, pair) in offsets.iter_mut().zip(bytes.chunks_exact(2)) {
        *offset = u16::from_be_bytes([pair[0], pair[1]]);
    }
    Ok((first, offsets, file.end))
}

/// Value of the object at `at`, and where the next one begins.
fn field(record: &[u8], at: usize, tag: u16) -> Result<(&[u8], usize), Error> {
    let rest = record.get(at..).ok_or_else(|| malformed("an object is missing"))?;
    let (value, next) = tlv::expect(rest, tag)?;
    Ok((value, record.len() - next.len()))
}

/// `YYYYMMDD`, whatever the calendar says.
fn date(value: &[u8]) -> Option<Birth> {
    Birth::parse(std::str::from_utf8(value).ok()?)
}

/// RSA-2048 with the exponent 65537, as the card writes it: `90 03 010001 91 82 0100` and the modulus.
fn key(value: &[u8]) -> Result<RsaPublicKey, Error> {
    let (exponent, rest) = tlv::expect(value, 0x90)?;
    let (modulus, rest) = tlv::expect(rest, 0x91)?;
    // The highest bit makes it 2048 bits long.
    let usual = modulus.len() == RSA_BYTES && modulus[0] & 0x80 != 0 && exponent == [1, 0, 1];
    if !usual || !rest.is_empty() {
        return Err(malformed("a key is not of the kind these cards have"));
    }
    Ok(RsaPublicKey { exponent: exponent.to_vec(), modulus: modulus.to_vec() })
}

/// Reads the certificate of the issuer's key (EF 0004); nothing is verified yet.
///
/// # Errors
/// [`Error::Malformed`] when it has not exactly the form of this kind of card.
pub fn issuer(file: &[u8]) -> Result<CardVerifiableCertificate, Error> {
    let (inside, _) = tlv::expect(file, 0x7F21)?;
    let (body, rest) = tlv::expect(inside, 0x5F4E)?;
    let (signature, rest) = tlv::expect(rest, 0x5F37)?;
    let ids = 2 * KeyId::LEN;
    if body.len() != CardVerifiableCertificate::BODY_LEN
        || signature.len() != RSA_BYTES
        || !rest.is_empty()
    {
        return Err(malformed("the certificate of the issuer has another form"));
    }
    Ok(CardVerifiableCertificate {
        issuer_key_id: KeyId::parse(&body[..KeyId::LEN])?,
        subject_key_id: KeyId::parse(&body[KeyId::LEN..ids])?,
        public_key: key(&body[ids..])?,
        signature: signature.to_vec(),
        signed_data: body.to_vec(),
    })
}
