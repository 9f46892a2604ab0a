//! What a reader written by somebody else makes of the card.

use myna_card::{
    Card, Certificate, Date, Error, Pin, Retries, Sex, TokenType,
    ap::{
        jpki::{
            JpkiAp,
            SignatureScheme::{
                PreHashedDigestInfo, PreHashedPss, Sha256Bare, Sha256DigestInfo, Sha256Pss,
                Verbatim,
            },
        },
        surface::{self, SurfaceAp},
        text::{self, TextAp},
    },
    certificate::roots,
    data::ImageFormat,
    mf::MasterFile,
};
use virtual_card::{Portrait, VirtualCard, practice_auth_ca, practice_cv_ca, practice_sign_ca};

use crate::{card, now, persona};

fn pin(digits: &str) -> Pin {
    Pin::numeric(digits).unwrap()
}

fn status<T: std::fmt::Debug>(result: Result<T, Error>) -> u16 {
    match result {
        Err(Error::Status(status)) => status.value(),
        other => panic!("expected a status word, got {other:?}"),
    }
}

#[test]
fn it_is_a_my_number_card_with_both_certificates() {
    let mut card = Card::new(card("valid"));
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    assert_eq!(jpki.read_token_type().unwrap(), TokenType::Card);
    assert_eq!(jpki.read_token_info().unwrap().manufacturer_id, "UKETSUKE-PRACTICE");
    let there = jpki.read_certificate_availability().unwrap();
    assert!(there.has_sign_certificate() && there.has_auth_certificate());
}

#[test]
fn the_authentication_certificate_chains_to_the_practice_root() {
    let mut card = Card::new(card("valid"));
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    let leaf = jpki.read_auth_certificate().unwrap();
    let root = jpki.read_auth_ca_certificate().unwrap();
    assert_eq!(root.der(), practice_auth_ca());
    let today = Date { year: 2026, month: 11, day: 22 };
    Certificate::verify_chain(&[leaf.clone(), root.clone(), root.clone()], today).unwrap();
    assert_eq!(leaf.serial_number(), [0x22, 0x7B, 0x13]);
    assert!(leaf.issuer().contains("O=UKETSUKE-PRACTICE"), "{}", leaf.issuer());
    assert!(!leaf.subject().contains("診療"));
    // 900 days after 2026-11-22 in Japan, to its last second.
    let not_after = leaf.inner().tbs_certificate().validity().not_after.to_string();
    assert_eq!(not_after, "2029-05-10T14:59:59Z");
    // Real and test hierarchies know nothing of it.
    leaf.verify_to_root(today, roots::Accept::ProductionAndTest).unwrap_err();
}

/// The root must stay the same bytes: a program and a card built at different times have to agree on it.
#[test]
fn the_practice_root_never_changes() {
    let digest = myna_card::data::sha256(practice_auth_ca());
    assert_eq!(
        hex::encode(digest),
        "5104e2b74e549ba509ef2f2bf36bd04d4121105bb8031b578705ec8c80c57fe1"
    );
}

#[test]
fn relative_expiry_counts_days_in_japan() {
    let file = include_str!("../personas/valid.toml").replace("days = 900", "days = -20");
    // Already the 22nd in Japan.
    let now = "2026-11-21T15:00:00Z".parse().unwrap();
    let owner = virtual_card::Persona::from_toml(&file, now).unwrap();
    let mut card = Card::new(VirtualCard::new(&owner, None, now));
    let leaf = JpkiAp::select(&mut card).unwrap().read_auth_certificate().unwrap();
    let not_after = leaf.inner().tbs_certificate().validity().not_after.to_string();
    assert_eq!(not_after, "2026-11-02T14:59:59Z");
    assert!(!leaf.is_valid_on(Date { year: 2026, month: 11, day: 22 }));
}

#[test]
fn the_pin_signs_and_the_signature_is_checked() {
    let mut card = Card::new(card("valid"));
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    let early = jpki.sign_with_auth_key(Sha256DigestInfo, b"challenge");
    assert_eq!(status(early), 0x6982);
    jpki.verify_auth_pin(&pin("1234")).unwrap();
    for scheme in
        [Verbatim, Sha256Bare, PreHashedDigestInfo, Sha256DigestInfo, PreHashedPss, Sha256Pss]
    {
        let signature = jpki.sign_with_auth_key_checked(scheme, &[7; 32]).unwrap();
        assert_eq!(signature.len(), 256, "{scheme:?}");
    }
    // Selecting the card manager forgets the PIN; selecting the application again does not bring it back.
    MasterFile::select(&mut card).unwrap();
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    assert_eq!(status(jpki.sign_with_auth_key(Verbatim, b"x")), 0x6982);
}

#[test]
fn wrong_pins_count_down_and_lock_for_good() {
    let mut card = Card::new(card("valid"));
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    for left in [2, 1] {
        let wrong = jpki.verify_auth_pin(&pin("0000"));
        assert!(
            matches!(wrong, Err(Error::PinIncorrect { retries: Some(n) }) if n == left),
            "{wrong:?}"
        );
        assert_eq!(jpki.auth_pin_retries().unwrap(), Retries::Remaining(left));
    }
    // A correct entry refills the counter.
    jpki.verify_auth_pin(&pin("1234")).unwrap();
    assert_eq!(jpki.auth_pin_retries().unwrap(), Retries::Remaining(3));
    for _ in 0..3 {
        jpki.verify_auth_pin(&pin("9999")).unwrap_err();
    }
    card.transport_mut().reset();
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    assert!(matches!(jpki.verify_auth_pin(&pin("1234")), Err(Error::PinBlocked)));
    assert_eq!(jpki.auth_pin_retries().unwrap(), Retries::Blocked);
    assert_eq!(jpki.sign_pin_retries().unwrap(), Retries::Remaining(5));
}

#[test]
fn the_signing_certificate_is_behind_its_password() {
    let mut card = Card::new(card("valid"));
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    assert_eq!(status(jpki.read_sign_certificate_der()), 0x6982);
    jpki.verify_sign_pin(&Pin::new("PRACTICE1").unwrap()).unwrap();
    let leaf = jpki.read_sign_certificate().unwrap();
    let root = Certificate::parse(practice_sign_ca()).unwrap();
    leaf.verify_signature(&root).unwrap();
    jpki.sign_with_sign_key_checked(Sha256DigestInfo, b"document").unwrap();
}

/// 照合番号B → card face → issuer signature → practice CV CA, and the chip answers for the key in the record.
#[test]
fn the_card_face_proves_itself_up_to_the_practice_ca() {
    let owner = persona("valid");
    let code = owner.holder.as_ref().unwrap().verification_code_b();
    let born = Date { year: 1980, month: 2, day: 17 };
    let expected = myna_card::verification_code_b(born, 2035, b"2285").unwrap();
    assert_eq!(code.reveal().as_bytes(), expected.as_bytes());

    let mut card = Card::new(VirtualCard::new(&owner, None, now()));
    let mut ap = SurfaceAp::select(&mut card).unwrap();
    assert_eq!(status(ap.read_card_face()), 0x6982);
    ap.verify_code_b(&pin(code.reveal())).unwrap();
    let face = ap.read_card_face().unwrap();
    let certificate = ap.read_certificate().unwrap();
    let ca = practice_cv_ca();
    assert_eq!(certificate.issuer_key_id.as_bytes(), &ca.surface_key_id);
    assert!(matches!(certificate.verify(), Err(Error::UnknownCertificateAuthority(_))));
    certificate.verify_with(&ca.public_key).unwrap();
    face.verify(&certificate.public_key).unwrap();
    assert_eq!((face.birth_date, face.sex), (born, Sex::Male));
    assert_eq!(face.expiry, Date { year: 2035, month: 2, day: 17 });

    let signature = ap.sign(b"a fresh challenge").unwrap();
    face.public_key.verify_pkcs1_sha256(b"a fresh challenge", &signature).unwrap();

    assert_eq!(status(ap.read_age_record()), 0x6982, "照合番号B does not open the age record");
    ap.verify_birth_date(&pin("550217")).unwrap();
    let age = ap.read_age_record().unwrap();
    age.verify(&certificate.public_key).unwrap();
    assert_eq!(age.public_key, face.public_key);
    assert_eq!(ap.read_ap_basic_data().unwrap().municipality_code, "99999");
}

#[test]
fn the_photo_is_a_grey_jp2_of_a_few_kilobytes() {
    // A noisy picture, wider than the card's: the rate control has something to do.
    let noise: Vec<u8> =
        (0..640 * 480u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let portrait = Portrait::from_grey(&noise, 640, 480).unwrap();
    assert!((5_000..=7_000).contains(&portrait.jp2().len()), "{portrait:?}");
    let mut card = Card::new(VirtualCard::new(&persona("valid"), Some(portrait), now()));
    let mut ap = SurfaceAp::select(&mut card).unwrap();
    ap.verify_code_b(&pin("55021720352285")).unwrap();
    let face = ap.read_card_face().unwrap();
    assert_eq!(face.photo.format, ImageFormat::Jpeg2000);
    assert_eq!(face.name_image.format, ImageFormat::Png);
    assert_eq!(decoded_size(&face.photo.data), (378, 472, 378 * 472));
    let drawn = Portrait::drawn(1);
    assert_eq!(decoded_size(drawn.jp2()), (378, 472, 378 * 472));
    assert_ne!(drawn.jp2(), Portrait::drawn(2).jp2());
}

fn decoded_size(jp2: &[u8]) -> (u32, u32, usize) {
    let image =
        hayro_jpeg2000::Image::new(jp2, &hayro_jpeg2000::DecodeSettings::default()).unwrap();
    let mut context = hayro_jpeg2000::DecoderContext::default();
    let bitmap = image.decode(&mut context).unwrap();
    (image.width(), image.height(), bitmap.data_u8().len())
}

#[test]
fn the_basic_four_open_with_pin_or_code_b_and_are_signed() {
    for (reference, value) in [(text::ef::PIN, "1234"), (text::ef::CODE_B, "55021720352285")] {
        let mut card = Card::new(card("valid"));
        let mut ap = TextAp::select(&mut card).unwrap();
        assert_eq!(status(ap.read_attributes()), 0x6982);
        if reference == text::ef::PIN {
            ap.verify_pin(&pin(value))
        } else {
            ap.verify_code_b(&pin(value))
        }
        .unwrap();
        let four = ap.read_attributes().unwrap();
        assert_eq!(four.split_name(), Some(("診療", "太郎")));
        let file = ap.read_ef(text::ef::ATTRIBUTES).unwrap();
        let record = ap.read_integrity_record().unwrap();
        assert!(record.matches_attributes_file(&file).unwrap());
        let certificate = ap.read_certificate().unwrap();
        certificate.verify_with(&practice_cv_ca().public_key).unwrap();
        certificate.public_key.verify_pkcs1_sha256(&record.signed_data, &record.signature).unwrap();
        assert_eq!(
            ap.read_ap_basic_data().unwrap().public_key_id.as_bytes(),
            &practice_cv_ca().text_key_id
        );
        assert_eq!(ap.retries(text::ef::BLOCKED_0012).unwrap(), Retries::Blocked);
    }
}

#[test]
fn there_is_no_personal_number_anywhere() {
    let mut card = Card::new(card("valid"));
    let mut ap = SurfaceAp::select(&mut card).unwrap();
    assert_eq!(status(ap.read_my_number_image()), 0x6A82);
    assert_eq!(status(ap.retries(surface::ef::CODE_A)), 0x6A82);
    let mut ap = TextAp::select(&mut card).unwrap();
    assert_eq!(status(ap.read_my_number()), 0x6A82);
    assert_eq!(status(ap.retries(text::ef::CODE_A)), 0x6A82);
}

#[test]
fn a_face_only_card_has_no_pin_to_try_and_no_signing_certificate() {
    let mut card = Card::new(card("face-only"));
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    assert!(!jpki.read_certificate_availability().unwrap().has_sign_certificate());
    assert_eq!(jpki.auth_pin_retries().unwrap(), Retries::Blocked);
    assert!(matches!(jpki.verify_auth_pin(&pin("1234")), Err(Error::PinBlocked)));
    assert_eq!(status(jpki.read_sign_ca_certificate_der()), 0x6A82);
    let mut ap = SurfaceAp::select(&mut card).unwrap();
    // Born on the last day of 昭和64.
    ap.verify_code_b(&pin("64010720340417")).unwrap();
    assert_eq!(ap.read_card_face().unwrap().sex, Sex::Female);
}
