//! The practice roots, for a program that decides to trust practice cards — and says so on its screen.

use crate::{
    keys::{self, Role},
    records,
    x509::{self, Family},
};

/// The self-signed practice root above every practice authentication certificate, DER.
/// Its names contain `O=UKETSUKE-PRACTICE`; it must never be trusted outside a rehearsal.
pub fn practice_auth_ca() -> &'static [u8] {
    x509::root(Family::Authentication)
}

/// The self-signed practice root above every practice signing certificate, DER.
pub fn practice_sign_ca() -> &'static [u8] {
    x509::root(Family::Signing)
}

/// The practice CV CA, which signs the card-verifiable certificates (EF 0004) of practice cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeCvCa {
    /// 証明者鍵ID in 券面事項確認 (begins with 9; real ones begin with 5, JPKI test ones with 6).
    pub surface_key_id: [u8; 16],
    /// 証明者鍵ID in 券面事項入力補助.
    pub text_key_id: [u8; 16],
    /// The public key, the same under both names.
    pub public_key: myna_card::RsaPublicKey,
}

/// The practice CV CA. Like all practice keys, its private half is public.
pub fn practice_cv_ca() -> PracticeCvCa {
    let public_key = myna_card::RsaPublicKey::parse(&keys::public_tlv(&keys::shared(Role::CvCa)));
    PracticeCvCa {
        surface_key_id: records::SURFACE_CA,
        text_key_id: records::TEXT_CA,
        public_key: public_key.expect("a key that this program wrote"),
    }
}
