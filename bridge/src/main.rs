//! `uketsuke-bridge`: see `--help`.

use anyhow::{Context as _, Result};
use bridge::config::{Cli, Command, Config};
use bridge::{doctor, logs, passcode};
use checkin::secret::Passcode;
use clap::Parser as _;
use std::alloc::System;
use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::process::ExitCode;
use zeroize::Zeroizing;
use zeroizing_alloc::ZeroAlloc;

/// Wipes memory when it is freed: not only our own types hold numbers of a card for a moment, buffers of libraries do, too.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("uketsuke-bridge: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode> {
    match cli.command {
        Some(Command::Passcode) => print_hash(),
        Some(Command::Doctor) => Ok(doctor::run(&Config::load(cli)?)),
        None => serve(Config::load(cli)?),
    }
}

fn print_hash() -> Result<ExitCode> {
    let mut text = Zeroizing::new(String::with_capacity(16));
    let input = std::io::stdin().lock();
    if input.is_terminal() {
        eprintln!("施設の暗証番号 4 桁を入れて Enter / type 4 digits, then Enter:");
    }
    input.take(16).read_line(&mut text).context("cannot read standard input")?;
    let passcode = Passcode::parse(text.trim()).context("write 4 digits to standard input")?;
    println!("{}", passcode::hash(&passcode));
    Ok(ExitCode::SUCCESS)
}

fn serve(config: Config) -> Result<ExitCode> {
    tracing_subscriber::fmt()
        .with_env_filter(logs::filter())
        // Colours are for eyes, not for files. `NO_COLOR` switches them off everywhere.
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
        .with_writer(std::io::stderr)
        .init();
    // Two threads are plenty for one kiosk and keep the program small.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut bridge = bridge::start(config).await?;
        tracing::info!(address = %format_args!("http://{}/", bridge.address), "the kiosk is served");
        let code = tokio::select! {
            asked = asked_to_stop() => asked.map(|()| ExitCode::SUCCESS)?,
            () = bridge.failed() => ExitCode::FAILURE,
        };
        tracing::info!("stopping");
        bridge.stop().await;
        Ok(code)
    })
}

/// Ctrl-C, or the system's wish.
#[cfg(unix)]
async fn asked_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// Ctrl-C.
#[cfg(not(unix))]
async fn asked_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
