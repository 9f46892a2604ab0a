//! The places where people check in: each with a reader, a page and a visit of its own.

use crate::config::{KioskConfig, KioskName};
use crate::desk::{Desk, DeskHandle, Inbox, Place};
use crate::printout::Printout;
use crate::reader::practice::Tray;
use crate::reader::{Kind, ReaderChoice, Readers, Switch};
use crate::site::Site;
use protocol::Screen;
use protocol::screen::Fault;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// One place.
pub struct Kiosk {
    /// In addresses.
    pub name: KioskName,
    /// For staff.
    pub title: String,
    /// Cameras that its page has told of.
    cameras: Mutex<Vec<String>>,
    /// Its visit.
    pub desk: DeskHandle,
    /// Cards are laid down here; otherwise on the official reader beside it.
    pub own_reader: bool,
    /// Its reader.
    pub switch: Arc<Switch>,
    /// Its practice tray, unless it has a reader by name.
    pub tray: Option<Arc<Tray>>,
    /// Its page to print.
    pub printout: Arc<Printout>,
    /// Places for sockets of its page.
    pub sockets: Arc<Semaphore>,
    /// Pages that were let in and are there: one is heard.
    pub pages: AtomicU64,
    /// Numbers the pages.
    pub next_page: AtomicU64,
}

impl Kiosk {
    /// A kiosk and its desk, which is to be run. `font` is that of printed pages, `sockets` how many its page may open at once.
    pub(crate) fn open(
        site: &Arc<Site>,
        config: KioskConfig,
        readers: Readers,
        inbox: Inbox,
        font: &Path,
        sockets: usize,
    ) -> (Self, Desk) {
        let Readers { switch, notices, tray } = readers;
        let printout = Arc::new(Printout::new(font));
        let (title, reader) = (config.title.clone(), Arc::clone(&switch));
        let place = Place { title, switch: reader, printout: Arc::clone(&printout) };
        let (desk, handle) = Desk::new(Arc::clone(site), place, notices, inbox);
        let kiosk = Self {
            name: config.name,
            title: config.title,
            own_reader: config.reader != ReaderChoice::None,
            cameras: Mutex::default(),
            desk: handle,
            switch,
            tray,
            printout,
            sockets: Arc::new(Semaphore::new(sockets)),
            pages: AtomicU64::new(0),
            next_page: AtomicU64::new(1),
        };
        (kiosk, desk)
    }

    /// The kind of reader that it uses now.
    pub fn kind(&self) -> Kind {
        self.switch.status().kind
    }

    /// Why nobody can be served here now; `None`: somebody can, or is.
    pub fn fault(&self) -> Option<Fault> {
        match self.desk.views.borrow().screen {
            Screen::OutOfService { fault, .. } => Some(fault),
            _ => None,
        }
    }

    /// Its page tells which cameras its browser has.
    pub(crate) fn has_cameras(&self, labels: Vec<String>) {
        *self.cameras.lock().unwrap_or_else(PoisonError::into_inner) = labels;
    }

    /// The cameras that its page told of last.
    pub fn known_cameras(&self) -> Vec<String> {
        self.cameras.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the addresses of its page begin with.
    pub fn base(&self) -> String {
        if self.name == KioskName::first() { String::new() } else { format!("/k/{}", self.name) }
    }
}

/// All kiosks of a site, the first one first.
#[derive(Clone)]
pub struct Kiosks(Arc<[Arc<Kiosk>]>);

impl Kiosks {
    /// # Panics
    /// Without any: the configuration has one at least.
    pub(crate) fn new(kiosks: Vec<Kiosk>) -> Self {
        assert!(!kiosks.is_empty(), "the configuration has one kiosk at least");
        Self(kiosks.into_iter().map(Arc::new).collect())
    }

    /// The kiosk at `/`.
    pub fn first(&self) -> &Arc<Kiosk> {
        &self.0[0]
    }

    /// The one of this name.
    pub fn find(&self, name: &str) -> Option<&Arc<Kiosk>> {
        self.iter().find(|kiosk| kiosk.name.as_str() == name)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Kiosk>> {
        self.0.iter()
    }

    /// Those that use this kind of reader now.
    pub fn at(&self, kind: Kind) -> impl Iterator<Item = &Arc<Kiosk>> {
        self.iter().filter(move |kiosk| kiosk.kind() == kind)
    }

    /// Whether any does.
    pub fn any_at(&self, kind: Kind) -> bool {
        self.at(kind).next().is_some()
    }
}
