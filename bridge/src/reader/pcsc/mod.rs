//! Readers of this computer, through the PC/SC service.

mod card;
mod watch;

use super::jobs::Job;
use super::slot::Slot;
use super::{ReaderChoice, Switch, hand};
use crate::vital::Vital;
use ::card::Anchors;
use std::ffi::CString;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

/// Name of the reader in use, from the watching thread to the one that talks to the card.
type InUse = Arc<Mutex<Option<CString>>>;

/// Starts the threads.
pub(super) fn start(
    (choice, others): (ReaderChoice, Vec<ReaderChoice>),
    switch: &Arc<Switch>,
    jobs: Receiver<Job>,
    anchors: Arc<Anchors>,
    vital: &Vital,
) {
    let in_use = InUse::default();
    let watched = Arc::clone(&in_use);
    let switch = Arc::clone(switch);
    vital.spawn("pcsc-watch", move || watch::run(&choice, &others, &switch, &watched));
    let slot: Arc<dyn Slot> = Arc::new(card::PcscSlot(in_use));
    vital.spawn("pcsc-jobs", move || hand::run("pcsc-card", &jobs, &slot, &anchors));
}

/// The names of the readers, for `doctor`.
///
/// # Errors
/// That of the service.
pub(crate) fn list() -> Result<Vec<String>, pcsc::Error> {
    let context = pcsc::Context::establish(pcsc::Scope::User)?;
    let names = context.list_readers_owned()?;
    Ok(names.iter().map(|name| name.to_string_lossy().into_owned()).collect())
}
