//! What a kiosk uses: its reader and its cameras, by the names that the system and the browser give them.

use crate::checks::Sentence;
use crate::config::{KioskConfig, is_label, reader_of};
use crate::reader::ReaderChoice;
use protocol::settings as wire;
use serde::{Deserialize, Serialize};

/// The reader of a kiosk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaderOf {
    /// The kiosk, as in its address.
    pub kiosk: String,
    /// As in the configuration file.
    pub reader: String,
}

/// The cameras of a kiosk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CamerasOf {
    /// The kiosk, as in its address.
    pub kiosk: String,
    /// As `card_camera` of the configuration file.
    pub card: Option<String>,
    /// As `face_camera` of the configuration file.
    pub face: Option<String>,
}

impl ReaderOf {
    pub(super) fn of(kiosk: &KioskConfig) -> Self {
        let reader = match &kiosk.reader {
            ReaderChoice::Auto => "auto".into(),
            ReaderChoice::Practice => "practice".into(),
            ReaderChoice::None => "none".into(),
            ReaderChoice::Named(part) => part.clone(),
        };
        Self { kiosk: kiosk.name.to_string(), reader }
    }

    /// Into the kiosk that it is about.
    pub(super) fn put(&self, kiosk: &mut KioskConfig) {
        if kiosk.name.as_str() == self.kiosk
            && let Some(reader) = reader_of(&self.reader)
        {
            kiosk.reader = reader;
        }
    }

    pub(super) fn from_wire(wire::Reader { kiosk, reader }: wire::Reader) -> Self {
        Self { kiosk, reader }
    }

    pub(super) fn to_wire(&self) -> wire::Reader {
        wire::Reader { kiosk: self.kiosk.clone(), reader: self.reader.clone() }
    }
}

impl CamerasOf {
    pub(super) fn of(kiosk: &KioskConfig) -> Self {
        let KioskConfig { name, card_camera: card, face_camera: face, .. } = kiosk;
        Self { kiosk: name.to_string(), card: card.clone(), face: face.clone() }
    }

    /// Into the kiosk that it is about.
    pub(super) fn put(&self, kiosk: &mut KioskConfig) {
        if kiosk.name.as_str() == self.kiosk {
            kiosk.card_camera.clone_from(&self.card);
            kiosk.face_camera.clone_from(&self.face);
        }
    }

    pub(super) fn from_wire(wire::Cameras { kiosk, card, face }: wire::Cameras) -> Self {
        Self { kiosk, card: label(card), face: label(face) }
    }

    pub(super) fn to_wire(&self) -> wire::Cameras {
        let Self { kiosk, card, face } = self.clone();
        wire::Cameras { kiosk, card, face }
    }
}

/// An empty one counts as left out.
fn label(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Names of readers that cannot be.
pub(super) fn readers_trouble(readers: &[ReaderOf]) -> Option<Sentence> {
    let wrong = readers.iter().any(|it| reader_of(&it.reader).is_none());
    wrong.then(|| {
        Sentence::new(
            "リーダーを選んでください（auto、practice、none、またはリーダーの名前。120文字まで）",
            "choose auto, practice, none, or the name of a reader of 120 characters at most",
        )
    })
}

/// Names of cameras that cannot be.
pub(super) fn cameras_trouble(cameras: &[CamerasOf]) -> Option<Sentence> {
    let mut labels = cameras.iter().flat_map(|it| [&it.card, &it.face]).flatten();
    (!labels.all(|label| is_label(label))).then(|| {
        Sentence::new(
            "カメラの名前（ブラウザーに出る名前かその一部）を120文字までで入れてください",
            "write a piece of the camera's name as the browser shows it, 120 characters at most",
        )
    })
}
