//! The list encrypted: ChaCha20-Poly1305 (RFC 8439) with a random nonce, in front a mark of the form and of the key, which are
//! authenticated with it.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Bytes in front of a list: what it is, and the version of its form.
const FORM: &[u8; 8] = b"UKPLIST1";
/// Bytes by which a key is recognised.
const MARK: usize = 8;
const HEAD: usize = FORM.len() + MARK + NONCE_LEN;

/// The site's key: 256 random bits. No `Debug`.
pub(super) struct Key(Zeroizing<[u8; 32]>);

/// Why a list was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsealed {
    ForeignKey,
    Damaged,
}

impl Key {
    pub(super) fn random() -> Self {
        Self(Zeroizing::new(rand::random()))
    }

    /// As [`Self::text`] wrote it.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim_ascii(), &mut *key).ok()?;
        Some(Self(key))
    }

    /// 64 hex digits and the end of the line.
    pub(super) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(*self.0) + "\n")
    }

    /// Tells keys apart and nothing about them.
    fn mark(&self) -> [u8; MARK] {
        let hash = Sha256::new().chain_update(FORM).chain_update(*self.0).finalize();
        let mut mark = [0; MARK];
        mark.copy_from_slice(&hash[..MARK]);
        mark
    }

    fn cipher(&self) -> LessSafeKey {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &*self.0);
        LessSafeKey::new(key.expect("32 bytes are a key"))
    }
}

pub(super) fn seal(key: &Key, mut bytes: Zeroizing<Vec<u8>>) -> Vec<u8> {
    let nonce: [u8; NONCE_LEN] = rand::random();
    let head = [&FORM[..], &key.mark(), &nonce].concat();
    let aad = Aad::from(&head);
    let sealed = key.cipher().seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        aad,
        &mut *bytes,
    );
    sealed.expect("a list is no longer than the cipher takes");
    [&head[..], &bytes].concat()
}

/// The list, in the place of what was sealed.
pub(super) fn unseal<'a>(key: &Key, sealed: &'a mut [u8]) -> Result<&'a [u8], Unsealed> {
    let (head, rest) = sealed.split_at_mut_checked(HEAD).ok_or(Unsealed::Damaged)?;
    let mark = head[FORM.len()..][..MARK].to_vec();
    if head[..FORM.len()] != *FORM {
        return Err(Unsealed::Damaged);
    }
    if mark != key.mark() {
        return Err(Unsealed::ForeignKey);
    }
    let nonce = Nonce::try_assume_unique_for_key(&head[HEAD - NONCE_LEN..]);
    let nonce = nonce.map_err(|_| Unsealed::Damaged)?;
    let opened = key.cipher().open_in_place(nonce, Aad::from(&*head), rest);
    opened.map(|list| &*list).map_err(|_| Unsealed::Damaged)
}
