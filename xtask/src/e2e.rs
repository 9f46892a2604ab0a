//! Browser journeys: preparations, then the crate `e2e`.

use std::process::{Command, Stdio};

use anyhow::Result;
use clap::Args;

use crate::command::{cargo, run, show};
use crate::progress::step;
use crate::run::built;
use crate::setup::{Purpose, setup};
use crate::{card_front, font, models, pcscd, portraits, web};

/// Every journey, in the order of `cargo xtask test`.
pub(crate) const JOURNEYS: [&str; 1] = ["first-check-in"];

/// Which journeys.
#[derive(Args)]
pub(crate) struct Options {
    /// Name of the journeys, such as `first-check-in`; `look` takes pictures of every example view
    name: String,
    /// Letter of the one journey to walk
    journey: Option<char>,
}

/// Prepares everything and walks the journeys.
///
/// # Errors
/// When a preparation or the journey fails.
pub(crate) fn e2e(options: &Options) -> Result<()> {
    prepare(web::Options::default())?;
    build_bridge("debug")?;
    // Journey x starts it.
    let mut service = cargo();
    service.args(["build", "--package", "eligibility-service"]);
    step("build the eligibility service", || run(&mut service))?;
    show(program("debug", &options.name).args(options.journey.map(String::from)))
}

/// What every journey needs besides the bridge.
///
/// # Errors
/// When something cannot be installed, fetched or built.
pub(crate) fn prepare(options: web::Options) -> Result<()> {
    setup(Purpose::Test)?;
    models::models()?;
    font::font()?;
    card_front::card_front()?;
    portraits::portraits()?;
    web::web(options)
}

/// Builds the bridge in `debug` or `release`.
///
/// # Errors
/// Those of the compiler.
pub(crate) fn build_bridge(profile: &str) -> Result<()> {
    let mut build = cargo();
    build.args(["build", "--package", "bridge"]);
    if profile == "release" {
        build.arg("--release");
    }
    step("build the bridge", || run(&mut build))
}

/// The journey program as cargo left it, which takes the bridge of the same build.
pub(crate) fn built_program(name: &str) -> Command {
    let mut program = Command::new(built("debug", "e2e"));
    pcscd::apart(&mut program).arg(name).stdin(Stdio::null());
    program.env("UKETSUKE_BRIDGE_PROGRAM", built("debug", "uketsuke-bridge"));
    program
}

/// The journey program, told through `UKETSUKE_BRIDGE_PROGRAM` which bridge to start.
pub(crate) fn program(profile: &str, name: &str) -> Command {
    let mut program = cargo();
    pcscd::apart(&mut program).args(["run", "--quiet", "--package", "e2e", "--", name]);
    program.env("UKETSUKE_BRIDGE_PROGRAM", built(profile, "uketsuke-bridge"));
    program
}
