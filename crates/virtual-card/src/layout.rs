//! Which applications, files and references a card has, and what opens what.

use crate::persona::Kind;

/// 公的個人認証 application.
pub(crate) const JPKI: [u8; 10] = [0xD3, 0x92, 0xF0, 0, 0x26, 1, 0, 0, 0, 1];
/// 券面事項確認 application.
pub(crate) const SURFACE: [u8; 10] = [0xD3, 0x92, 0x10, 0, 0x31, 0, 1, 1, 4, 2];
/// 券面事項入力補助 application.
pub(crate) const TEXT: [u8; 10] = [0xD3, 0x92, 0x10, 0, 0x31, 0, 1, 1, 4, 8];
/// `GlobalPlatform` Issuer Security Domain: selecting it is like switching the card on again.
pub(crate) const ISSUER_DOMAIN: [u8; 7] = [0xA0, 0, 0, 1, 0x51, 0, 0];

/// Applications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum App {
    Jpki,
    Surface,
    Text,
}

/// An elementary file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ef {
    /// Readable once one of these references has been verified; empty = free.
    Data(&'static [u16]),
    /// Private key, usable after this reference.
    Key(u16),
    /// PIN, password or 照合番号.
    Reference,
    /// Exists and answers nothing.
    Opaque,
}

impl App {
    /// Full names only: the real card matches the whole AID.
    pub(crate) fn named(aid: &[u8], kind: Kind) -> Option<Self> {
        let card_face = matches!(kind, Kind::MyNumber | Kind::FaceOnly);
        match aid {
            _ if !kind.has_holder() => None,
            _ if aid == JPKI => Some(Self::Jpki),
            _ if aid == SURFACE && card_face => Some(Self::Surface),
            _ if aid == TEXT && card_face => Some(Self::Text),
            _ => None,
        }
    }

    /// The file `id` of this application on a card of this kind.
    pub(crate) fn file(self, id: u16, kind: Kind) -> Option<Ef> {
        match self {
            Self::Jpki => jpki(id, kind),
            Self::Surface => surface(id),
            Self::Text => text(id),
        }
    }
}

fn jpki(id: u16, kind: Kind) -> Option<Ef> {
    let signing = kind != Kind::FaceOnly;
    let authentication = kind != Kind::Juki;
    match id {
        0x0001 if signing => Some(Ef::Data(&[0x001B])),
        0x0002 if signing => Some(Ef::Data(&[])),
        0x0006 | 0x0008 => Some(Ef::Data(&[])),
        // Free on a card, behind the PIN on a phone.
        0x000A if kind == Kind::Phone => Some(Ef::Data(&[0x0018])),
        0x000A | 0x000B if authentication => Some(Ef::Data(&[])),
        0x0016 if authentication => Some(Ef::Opaque),
        0x0017 if authentication => Some(Ef::Key(0x0018)),
        0x0018 if authentication => Some(Ef::Reference),
        0x001A if signing => Some(Ef::Key(0x001B)),
        0x001B if signing => Some(Ef::Reference),
        _ => None,
    }
}

/// No 0005 and no 0013: the picture of the 個人番号 and the reference that equals it do not exist on a practice card.
fn surface(id: u16) -> Option<Ef> {
    match id {
        0x0001 => Some(Ef::Data(&[0x0011])),
        0x0002 => Some(Ef::Data(&[0x0012])),
        0x0003 | 0x0004 => Some(Ef::Data(&[])),
        0x0011 | 0x0012 => Some(Ef::Reference),
        _ => None,
    }
}

/// No 0001 and no 0014, for the same reason.
fn text(id: u16) -> Option<Ef> {
    match id {
        0x0002 | 0x0003 => Some(Ef::Data(&[0x0011, 0x0015])),
        0x0004 | 0x0005 => Some(Ef::Data(&[])),
        0x0011 | 0x0012 | 0x0015 => Some(Ef::Reference),
        _ => None,
    }
}
