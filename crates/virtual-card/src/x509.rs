//! Certificates in the shape of the JPKI profile, under practice names.

use std::{str::FromStr, sync::OnceLock, time::Duration};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use rsa::{RsaPrivateKey, RsaPublicKey, pkcs8::EncodePublicKey};
use sha2::{Digest, Sha256};
use x509_cert::{
    TbsCertificate, Version,
    der::{
        Decode, Encode,
        asn1::{BitString, GeneralizedTime, Null, ObjectIdentifier, OctetString, UtcTime},
        oid::AssociatedOid,
    },
    ext::{
        Extension,
        pkix::{
            AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, ExtendedKeyUsage,
            KeyUsage, KeyUsages, SubjectKeyIdentifier, certpolicy::PolicyInformation,
        },
    },
    name::Name,
    serial_number::SerialNumber,
    spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned},
    time::{Time, Validity},
};

use crate::{
    keys::{self, Role},
    persona::Holder,
};

const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
/// Policy identifiers in the UUID arc, so that they are nobody's real policy.
const AUTH_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.25.7301.1.30");
const SIGN_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.25.7301.1.20");
/// 2025-01-01 and 2049-12-31 at midnight in Japan: practice roots are the same bytes on every machine, whenever made.
const ROOT_FROM: u64 = 1_735_657_200;
const ROOT_TO: u64 = 2_524_575_599;

/// The two certificate families of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Authentication,
    Signing,
}

impl Family {
    fn ca_name(self) -> Name {
        let use_ = match self {
            Self::Authentication => "Practice for user authentication",
            Self::Signing => "Practice for digital signature",
        };
        name(&format!("OU=Uketsuke practice authority,OU={use_},O=UKETSUKE-PRACTICE,C=JP"))
    }

    fn ca_role(self) -> Role {
        match self {
            Self::Authentication => Role::AuthCa,
            Self::Signing => Role::SignCa,
        }
    }

    fn key_role(self) -> Role {
        match self {
            Self::Authentication => Role::Auth,
            Self::Signing => Role::Sign,
        }
    }
}

/// The self-signed practice root of a family, DER.
pub(crate) fn root(family: Family) -> &'static [u8] {
    static AUTH: OnceLock<Vec<u8>> = OnceLock::new();
    static SIGN: OnceLock<Vec<u8>> = OnceLock::new();
    let cell = match family {
        Family::Authentication => &AUTH,
        Family::Signing => &SIGN,
    };
    cell.get_or_init(|| {
        let key = keys::shared(family.ca_role());
        let public = key.to_public_key();
        let extensions = vec![
            extension(true, &KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign)),
            extension(true, &BasicConstraints { ca: true, path_len_constraint: None }),
            extension(false, &SubjectKeyIdentifier(key_id(&public))),
        ];
        let serial = SerialNumber::new(&[0x21, 0x88, 0x01]).expect("a short positive number");
        let validity = Validity { not_before: time(ROOT_FROM), not_after: time(ROOT_TO) };
        issue(family, &key, &public, family.ca_name(), serial, validity, extensions)
    })
}

/// The holder's certificate of a family, DER; it ends at 23:59:59 JST on its last day.
pub(crate) fn leaf(family: Family, persona: &str, holder: &Holder, now: Timestamp) -> Vec<u8> {
    let public = keys::of(family.key_role(), persona).to_public_key();
    let ca = keys::shared(family.ca_role());
    let (usage, policy) = match family {
        Family::Authentication => (KeyUsages::DigitalSignature.into(), AUTH_POLICY),
        Family::Signing => (KeyUsages::DigitalSignature | KeyUsages::NonRepudiation, SIGN_POLICY),
    };
    let mut extensions = vec![extension(true, &KeyUsage(usage))];
    let mut serial = holder.serial_bytes();
    if family == Family::Authentication {
        extensions.push(extension(false, &ExtendedKeyUsage(vec![CLIENT_AUTH])));
    } else if let Some(last) = serial.last_mut() {
        // Each certificate has a number of its own.
        *last ^= 0x80;
    }
    let policy = PolicyInformation { policy_identifier: policy, policy_qualifiers: None };
    extensions.push(extension(true, &CertificatePolicies(vec![policy])));
    extensions.push(extension(
        false,
        &AuthorityKeyIdentifier {
            key_identifier: Some(key_id(&ca.to_public_key())),
            authority_cert_issuer: None,
            authority_cert_serial_number: None,
        },
    ));
    extensions.push(extension(false, &SubjectKeyIdentifier(key_id(&public))));
    let serial =
        SerialNumber::new(&serial).expect("length and sign were checked when the file was read");
    issue(family, &ca, &public, subject(persona), serial, validity(holder, now), extensions)
}

/// Random-looking characters and no personal data, as on a real authentication certificate.
fn subject(persona: &str) -> Name {
    let mark = hex::encode_upper(&Sha256::digest(persona)[..4]);
    name(&format!("CN={mark}PRACTICE99999A,C=JP"))
}

/// Five years up to the last day, but never starting in the future.
fn validity(holder: &Holder, now: Timestamp) -> Validity {
    let last = holder.certificate_not_after;
    let today = now.to_zoned(TimeZone::UTC).date();
    let first = last.saturating_sub(5.years()).min(today.saturating_sub(1.year()));
    Validity { not_before: time(utc(first, 1, 35, 42)), not_after: time(utc(last, 14, 59, 59)) }
}

fn utc(day: Date, hour: i8, minute: i8, second: i8) -> u64 {
    let moment =
        day.at(hour, minute, second, 0).to_zoned(TimeZone::UTC).map(|z| z.timestamp().as_second());
    moment.ok().and_then(|s| u64::try_from(s).ok()).unwrap_or(0)
}

/// `UTCTime` until 2049, then `GeneralizedTime` (RFC 5280, 4.1.2.5).
fn time(unix: u64) -> Time {
    let since = Duration::from_secs(unix);
    UtcTime::from_unix_duration(since).map_or_else(
        |_| {
            Time::GeneralTime(
                GeneralizedTime::from_unix_duration(since).expect("a year below 10000"),
            )
        },
        Time::UtcTime,
    )
}

fn issue(
    family: Family,
    ca: &RsaPrivateKey,
    public: &RsaPublicKey,
    subject: Name,
    serial_number: SerialNumber,
    validity: Validity,
    extensions: Vec<Extension>,
) -> Vec<u8> {
    let algorithm =
        AlgorithmIdentifierOwned { oid: SHA256_WITH_RSA, parameters: Some(Null.into()) };
    let tbs = TbsCertificate {
        version: Version::V3,
        serial_number,
        signature: algorithm.clone(),
        issuer: family.ca_name(),
        validity,
        subject,
        subject_public_key_info: spki(public),
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(extensions),
    };
    let signature = keys::sign_sha256(ca, &tbs.to_der().expect(ENCODES));
    let certificate = x509_cert::Certificate {
        tbs_certificate: tbs,
        signature_algorithm: algorithm,
        signature: BitString::from_bytes(&signature).expect(ENCODES),
    };
    certificate.to_der().expect(ENCODES)
}

const ENCODES: &str = "a structure of bounded parts encodes";

fn name(rfc4514: &str) -> Name {
    Name::from_str(rfc4514).expect("a name written in this file")
}

fn spki(public: &RsaPublicKey) -> SubjectPublicKeyInfoOwned {
    let der = public.to_public_key_der().expect(ENCODES);
    SubjectPublicKeyInfoOwned::from_der(der.as_bytes()).expect(ENCODES)
}

/// First 20 bytes of SHA-256 over the public key (RFC 7093, method 1).
fn key_id(public: &RsaPublicKey) -> OctetString {
    let digest = Sha256::digest(spki(public).subject_public_key.raw_bytes());
    OctetString::new(&digest[..20]).expect(ENCODES)
}

fn extension<E: Encode + AssociatedOid>(critical: bool, value: &E) -> Extension {
    let extn_value = OctetString::new(value.to_der().expect(ENCODES)).expect(ENCODES);
    Extension { extn_id: E::OID, critical, extn_value }
}
