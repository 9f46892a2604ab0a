//! The result file, read as a receipt computer would.

use anyhow::{Context as _, Result, ensure};
use oqs::Message;

use crate::card::Card;
use crate::stage::Stage;

/// The one result file of this journey, parsed and compared with the person.
pub(super) fn check(stage: &Stage, card: &Card, agreed: bool) -> Result<()> {
    check_newest(stage, 1, card, agreed)
}

/// The newest of so many.
pub(super) fn check_newest(stage: &Stage, count: usize, card: &Card, agreed: bool) -> Result<()> {
    let files = stage.bridge.result_files()?;
    ensure!(files.len() == count, "expected {count} result files, there are {}", files.len());
    let newest = files.last().context("there is none")?;
    let name = newest.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.parse::<oqs::FileName>()
        .with_context(|| format!("{name} is not a name of a result file"))?;
    let file: Message =
        oqs::parse(&std::fs::read(newest)?).with_context(|| format!("{name} cannot be read"))?;
    let eligibility = file.eligibility()?;
    ensure!(eligibility.is_valid(), "the result is not a valid qualification");
    let qualification =
        eligibility.qualifications.first().context("no qualification in the result")?;
    ensure!(qualification.name == card.holder().name, "the result is about somebody else");
    let consents = file.consents();
    ensure!(!consents.is_empty(), "no consent in the result");
    ensure!(
        consents.iter().all(|consent| consent.agreed == agreed),
        "the consents are not those given"
    );
    Ok(())
}
