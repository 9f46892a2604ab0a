//! The basic four items (基本4情報) as text: EF 0002 of the 券面事項入力補助 application, whose PIN (reference 0011) and 照合番号B
//! (reference 0015) have counters of their own. Read and used are name, birth date and sex; the address is skipped, and EF 0001,
//! the 12-digit 個人番号, has no code here.
//!
//! EF 0002: template `FF20`: `DF21` is a table of four offsets (big-endian, from the start of the file) to `DF22` name and `DF23`
//! address in UTF-8, `DF24` birth date `YYYYMMDD`, `DF25` sex. EF 0003 holds the digest of `DF22` to `DF25` (`DF32`) under the
//! issuer's signature, EF 0004 the issuer's certificate: only items that these vouch for are given to anybody.

use super::tlv::{self, malformed};
use super::{Anchors, Session, chip, photo, reason, record, refused};
use checkin::birth::Birth;
use checkin::card::{Doubt, TriesLeft};
use checkin::code_b::CodeB;
use checkin::eligibility::Sex;
use checkin::event::PhotoProblem;
use checkin::identity::CODE_B_STOP_AT;
use checkin::items::{ITEMS_PIN_STOP_AT, ItemsKey, ItemsProblem, ItemsTries};
use checkin::patient::CardOwner;
use myna_card::ap::surface::{self, SurfaceAp};
use myna_card::ap::text::{Attributes, IntegrityRecord, TextAp, ef};
use myna_card::{Card, Error, Pin, Transmit};
use zeroize::Zeroizing;

/// Name and address have some hundred bytes on real cards.
const MAX_ITEMS: usize = 4096;
/// The record of digests and their signature has about 350 bytes.
const MAX_INTEGRITY: usize = 1024;
/// The issuer's certificate has 568 bytes.
const MAX_ISSUER: usize = 1024;
/// Longest name in characters that is believed; the register's longest have about a hundred.
const MAX_NAME: usize = 300;

/// Both counters; `None` when the link failed. A card without the application has neither reference.
pub(super) fn count<T: Transmit>(card: &mut Card<T>) -> Option<ItemsTries> {
    if let Err(error) = TextAp::select(card) {
        let missing = chip::refuses(&error);
        return missing.then_some(ItemsTries { pin: TriesLeft::Absent, code: TriesLeft::Count(0) });
    }
    let pin = chip::counter(card, ef::PIN).ok()?;
    let code = chip::counter(card, ef::CODE_B).ok()?;
    Some(ItemsTries { pin, code })
}

pub(super) fn read<T: Transmit>(
    card: &mut Card<T>,
    session: &Session,
    anchors: &Anchors,
    key: &ItemsKey,
) -> Result<CardOwner, ItemsProblem> {
    match key {
        ItemsKey::Code(codes) => {
            // The card-face application says which reading is right; the items see no other.
            SurfaceAp::select(card).map_err(|error| failed(&error))?;
            let left = chip::counter(card, surface::ef::CODE_B).map_err(|error| failed(&error))?;
            if left.count() <= CODE_B_STOP_AT {
                return Err(ItemsProblem::CodeTriesLow);
            }
            let code = photo::present(card, codes).map_err(|problem| match problem {
                PhotoProblem::WrongCode(left) => ItemsProblem::WrongCode(left),
                _ => ItemsProblem::CardFailed,
            })?;
            read_by_code(card, session, anchors, code)
        }
        ItemsKey::Pin(pin) => {
            TextAp::select(card).map_err(|error| failed(&error))?;
            let left = chip::counter(card, ef::PIN).map_err(|error| failed(&error))?;
            if left.count() <= ITEMS_PIN_STOP_AT {
                return Err(ItemsProblem::PinTriesLow(left));
            }
            let pin = Pin::numeric(pin.expose()).expect("four digits fit a VERIFY");
            chip::present(card, ef::PIN, &pin).map_err(|error| match refused(&error) {
                Some(left) => ItemsProblem::WrongPin(left),
                None => failed(&error),
            })?;
            opened(card, session, anchors)
        }
    }
}

/// With a number that the card-face application has taken.
pub(super) fn read_by_code<T: Transmit>(
    card: &mut Card<T>,
    session: &Session,
    anchors: &Anchors,
    code: &CodeB,
) -> Result<CardOwner, ItemsProblem> {
    TextAp::select(card).map_err(|error| failed(&error))?;
    let left = chip::counter(card, ef::CODE_B).map_err(|error| failed(&error))?;
    if left.count() <= CODE_B_STOP_AT {
        return Err(ItemsProblem::CodeTriesLow);
    }
    let pin = Pin::numeric(code.expose()).expect("fourteen digits fit a VERIFY");
    chip::present(card, ef::CODE_B, &pin).map_err(|error| match refused(&error) {
        // One application took it and the other did not: nobody typed it wrong, and it is not tried again.
        Some(_) => ItemsProblem::NotVerified,
        None => failed(&error),
    })?;
    opened(card, session, anchors)
}

/// Reads what was opened, and what vouches for it.
fn opened<T: Transmit>(
    card: &mut Card<T>,
    session: &Session,
    anchors: &Anchors,
) -> Result<CardOwner, ItemsProblem> {
    let file = chip::object(card, ef::ATTRIBUTES, MAX_ITEMS).map_err(|error| failed(&error))?;
    let integrity =
        chip::object(card, ef::INTEGRITY, MAX_INTEGRITY).map_err(|error| failed(&error))?;
    let issuer = chip::object(card, ef::CERTIFICATE, MAX_ISSUER).map_err(|error| failed(&error))?;
    judge(session, anchors, [&file, &integrity, &issuer])?;
    parse(&file).map_err(|error| failed(&error))
}

/// authority ── signed ── issuer (EF 0004) ── signed ── digests (EF 0003) ── of ── items (EF 0002)
fn judge(
    session: &Session,
    anchors: &Anchors,
    [file, integrity, issuer]: [&[u8]; 3],
) -> Result<(), ItemsProblem> {
    let issuer = record::issuer(issuer).map_err(|error| failed(&error))?;
    let trust = anchors.check_cv(&issuer).map_err(|error| match error {
        Error::UnknownCertificateAuthority(_) => {
            tracing::info!("the authority of the items is not known");
            ItemsProblem::NotVerified
        }
        _ => ItemsProblem::NotGenuine(Doubt::Issuer),
    })?;
    let integrity = IntegrityRecord::parse(integrity).map_err(|error| failed(&error))?;
    integrity.verify(&issuer.public_key).map_err(|_| ItemsProblem::NotGenuine(Doubt::Record))?;
    let source = Attributes::digest_source(file).map_err(|error| failed(&error))?;
    if myna_card::data::sha256(source) != integrity.attributes_digest {
        return Err(ItemsProblem::NotGenuine(Doubt::Record));
    }
    if session.trust.is_some_and(|other| other != trust) {
        return Err(ItemsProblem::NotGenuine(Doubt::Hierarchy));
    }
    Ok(())
}

/// Name, birth date and sex of EF 0002; nothing is verified here.
///
/// # Errors
/// [`Error::Malformed`] when table and objects disagree, or one has a value that no card has.
pub fn parse(file: &[u8]) -> Result<CardOwner, Error> {
    let (inside, _) = tlv::expect(file, 0xFF20)?;
    let first = tlv::header(file)?.start;
    let (table, mut rest) = tlv::expect(inside, 0xDF21)?;
    let mut objects: [&[u8]; 4] = [&[]; 4];
    if table.len() != 2 * objects.len() {
        return Err(malformed("the offset table has another length"));
    }
    for ((object, offset), tag) in objects.iter_mut().zip(table.chunks_exact(2)).zip(0xDF22..) {
        let at = first + inside.len() - rest.len();
        if usize::from(u16::from_be_bytes([offset[0], offset[1]])) != at {
            return Err(malformed("offset table and objects disagree"));
        }
        (*object, rest) = tlv::expect(rest, tag)?;
    }
    let [name, _address, birth, sex] = objects;
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| malformed("a text is not UTF-8"));
    let name = text(name)?;
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(malformed("the name is not one that a card has"));
    }
    let birth = Birth::parse(text(birth)?).ok_or_else(|| malformed("the birth date is not one"))?;
    let sex = match sex {
        b"1" => Sex::Male,
        b"2" => Sex::Female,
        b"9" => Sex::NotSet,
        _ => return Err(malformed("the sex has another code")),
    };
    Ok(CardOwner { name: Zeroizing::new(name.to_owned()), birth, sex })
}

/// The record has another form, or the card does not have it; or the link failed.
fn failed(error: &Error) -> ItemsProblem {
    tracing::info!(reason = reason(error), "the basic four items could not be read");
    if chip::refuses(error) { ItemsProblem::NotVerified } else { ItemsProblem::CardFailed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(objects: [(u16, &[u8]); 4]) -> Vec<u8> {
        let put = |tag: u16, value: &[u8]| {
            let mut bytes = tag.to_be_bytes().to_vec();
            bytes.push(u8::try_from(value.len()).unwrap());
            [bytes, value.to_vec()].concat()
        };
        let objects = objects.map(|(tag, value)| put(tag, value));
        let (mut at, mut table) = (3 + 11, Vec::new());
        for object in &objects {
            table.extend(u16::try_from(at).unwrap().to_be_bytes());
            at += object.len();
        }
        put(0xFF20, &[put(0xDF21, &table), objects.concat()].concat())
    }

    fn good<'a>() -> [(u16, &'a [u8]); 4] {
        let name = "診療　太郎".as_bytes();
        [(0xDF22, name), (0xDF23, b"-"), (0xDF24, b"19800217"), (0xDF25, b"1")]
    }

    #[test]
    fn name_birth_date_and_sex() {
        let owner = parse(&file(good())).unwrap();
        assert_eq!((owner.name.as_str(), owner.sex), ("診療　太郎", Sex::Male));
        assert_eq!(Some(owner.birth), Birth::parse("19800217"));
        // Filler behind the record, and days that only the register knows.
        let mut padded = file(good());
        padded.extend([0xFF; 9]);
        assert!(parse(&padded).is_ok());
        let mut unknown = good();
        unknown[2].1 = b"19450000";
        assert!(parse(&file(unknown)).is_ok());
    }

    #[test]
    fn another_form_is_refused() {
        for (at, value) in
            [(0, &b""[..]), (0, b"a\nb"), (0, &[0xFF, 0xFE]), (2, b"1980-2-7"), (3, b"3"), (3, b"")]
        {
            let mut objects = good();
            objects[at].1 = value;
            assert!(parse(&file(objects)).is_err(), "{at} {value:02X?}");
        }
        let mut swapped = good();
        swapped.swap(0, 1);
        assert!(parse(&file(swapped)).is_err());
        let mut table = file(good());
        table[7] ^= 1;
        assert!(parse(&table).is_err());
        let whole = file(good());
        for cut in 0..whole.len() {
            assert!(parse(&whole[..cut]).is_err(), "{cut}");
        }
    }
}
