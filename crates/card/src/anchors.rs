//! The roots that this kiosk trusts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use checkin::card::{Doubt, Trust};
use myna_card::certificate::roots::{Hierarchy, KNOWN, Purpose};
use myna_card::data::KeyId;
use myna_card::{CardVerifiableCertificate, Certificate, Error, RsaPublicKey};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Roots for authentication certificates and keys for card-verifiable certificates.
pub struct Anchors {
    production: Vec<Certificate>,
    /// Production keys of the site, beside those that are built in.
    authorities: Vec<Authority>,
    /// Made when first needed: practice keys are generated, which takes a moment.
    practice: OnceLock<Practice>,
}

/// A key that signs card-verifiable certificates, with its identifier (証明者鍵ID).
struct Authority {
    id: KeyId,
    key: RsaPublicKey,
}

/// What practice cards chain to.
struct Practice {
    root: Certificate,
    cv: virtual_card::PracticeCvCa,
}

/// A root file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// Cannot be read.
    #[error("cannot read the trusted root {0}: {1}")]
    File(PathBuf, std::io::Error),
    /// Neither a certificate nor a key.
    #[error(
        "{0} is neither a certificate in PEM or DER form nor a TOML file with key_id and modulus"
    )]
    Form(PathBuf),
}

/// Extensions that name the key of the issuer and the own key (RFC 5280, 4.2.1.1 and 4.2.1.2).
const AUTHORITY_KEY: &str = "2.5.29.35";
const SUBJECT_KEY: &str = "2.5.29.14";
/// A root certificate is about 1 kB; nobody needs a file of more than this many bytes.
const MAX_ROOT_BYTES: usize = 64 * 1024;

impl Anchors {
    /// The published JPKI roots, the practice root, and more production roots from files: root
    /// certificates (PEM or DER), or keys of the authority for card-verifiable certificates, each a
    /// TOML file with `key_id` (32 hex digits) and `modulus` (512 hex digits; the exponent is 65537).
    ///
    /// # Errors
    /// [`AnchorError`] names the file.
    pub fn load(files: &[PathBuf]) -> Result<Self, AnchorError> {
        let published = KNOWN
            .iter()
            .filter(|root| {
                root.purpose == Purpose::UserAuthentication
                    && root.hierarchy == Hierarchy::Production
            })
            .map(|root| root.certificate().expect("published roots are certificates"));
        let mut production: Vec<Certificate> = published.collect();
        let mut authorities = Vec::new();
        for file in files {
            match read(file)? {
                Anchor::Root(certificate) => production.push(*certificate),
                Anchor::Authority(key) => authorities.push(key),
            }
        }
        Ok(Self { production, authorities, practice: OnceLock::new() })
    }

    /// Makes the practice root and key now (part of a second), so that the first card does not wait for them.
    pub fn warm_up(&self) {
        self.practice();
    }

    /// The practice root and key, made on the first call.
    fn practice(&self) -> &Practice {
        self.practice.get_or_init(|| Practice {
            root: Certificate::parse(virtual_card::practice_auth_ca())
                .expect("the practice root is a certificate"),
            cv: virtual_card::practice_cv_ca(),
        })
    }

    /// Which root signed `certificate`. All generations of the public root share one name, so the
    /// signature decides and the name is not looked at. JPKI has no intermediate authority.
    ///
    /// # Errors
    /// [`Doubt::Certificate`] when the root whose key it names did not sign it, [`Doubt::Root`] when it names none of these.
    pub fn trust(&self, certificate: &Certificate) -> Result<Trust, Doubt> {
        let practice = &self.practice().root;
        if self.production.iter().any(|root| certificate.verify_signature(root).is_ok()) {
            Ok(Trust::Production)
        } else if certificate.verify_signature(practice).is_ok() {
            Ok(Trust::Practice)
        } else if self.production.iter().chain([practice]).any(|root| is_named(root, certificate)) {
            Err(Doubt::Certificate)
        } else {
            Err(Doubt::Root)
        }
    }

    /// Checks the card-verifiable certificate of the card-face application and says which
    /// hierarchy it belongs to. Identifiers that begin with 5 are production, with 6 the
    /// authority's test cards, with 9 practice.
    ///
    /// # Errors
    /// When no known authority signed it.
    pub fn check_cv(&self, certificate: &CardVerifiableCertificate) -> Result<Trust, Error> {
        let id = certificate.issuer_key_id;
        if let Some(key) = self.authorities.iter().find(|key| key.id == id) {
            return certificate.verify_with(&key.key).map(|()| Trust::Production);
        }
        match id.number().as_bytes().first() {
            Some(b'9') => {
                certificate.verify_with(&self.practice().cv.public_key).map(|()| Trust::Practice)
            }
            Some(b'5') => certificate.verify().map(|()| Trust::Production),
            _ => Err(Error::UnknownCertificateAuthority(id)),
        }
    }
}

/// Whether a certificate names this root as its issuer: by the identifier of its key (RFC 5280, 4.2.1.1). The name tells
/// nothing: all generations of the public root share it, and one that is not known here may be an honest one.
fn is_named(root: &Certificate, certificate: &Certificate) -> bool {
    let (names, key) = (extension(certificate, AUTHORITY_KEY), extension(root, SUBJECT_KEY));
    // An OCTET STRING of less than 128 bytes: the identifier stands behind tag and length.
    names
        .zip(key.filter(|key| key.len() > 2))
        .is_some_and(|(names, key)| names.windows(key.len() - 2).any(|part| part == &key[2..]))
}

/// Value of the extension with this identifier.
fn extension<'a>(certificate: &'a Certificate, id: &str) -> Option<&'a [u8]> {
    let mut all = certificate.inner().tbs_certificate().extensions()?.iter();
    all.find(|extension| extension.extn_id.to_string() == id)
        .map(|extension| extension.extn_value.as_bytes())
}

enum Anchor {
    Root(Box<Certificate>),
    Authority(Authority),
}

fn read(file: &Path) -> Result<Anchor, AnchorError> {
    let bytes = std::fs::read(file).map_err(|error| AnchorError::File(file.into(), error))?;
    let form = || AnchorError::Form(file.into());
    if bytes.len() > MAX_ROOT_BYTES {
        return Err(form());
    }
    let der = match std::str::from_utf8(&bytes) {
        Ok(text) if text.contains("-----BEGIN CERTIFICATE-----") => {
            unarmour(text).ok_or_else(form)?
        }
        Ok(text) => return authority(text).map(Anchor::Authority).ok_or_else(form),
        _ => bytes,
    };
    let certificate = Certificate::parse(&der).map_err(|_| form())?;
    Ok(Anchor::Root(Box::new(certificate)))
}

/// As it stands in the file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityFile {
    key_id: String,
    modulus: String,
}

fn authority(text: &str) -> Option<Authority> {
    let file: AuthorityFile = toml::from_str(text).ok()?;
    let id = KeyId::parse(&hex::decode(file.key_id).ok()?).ok()?;
    let modulus = hex::decode(file.modulus).ok()?;
    let key = RsaPublicKey { exponent: vec![1, 0, 1], modulus };
    (key.modulus.len() == 256 && key.bits() == 2048).then_some(Authority { id, key })
}

/// The DER inside the first PEM block.
fn unarmour(text: &str) -> Option<Vec<u8>> {
    let body = text.split("-----BEGIN CERTIFICATE-----").nth(1)?.split("-----END").next()?;
    let body: String = body.split_whitespace().collect();
    // Some programs leave the padding out.
    STANDARD_NO_PAD.decode(body.trim_end_matches('=')).ok()
}
