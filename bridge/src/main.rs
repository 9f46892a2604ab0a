//! `uketsuke-bridge`: see `--help`.

use anyhow::{Context as _, Result};
use bridge::config::{Cli, Command, Config, DEFAULT_FILE};
use bridge::{End, accept_clock, commands, doctor, heap, logs, passcode};
use checkin::secret::Passcode;
use clap::Parser as _;
use jiff::Timestamp;
use std::alloc::System;
use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use tokio::sync::oneshot;
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
    match &cli.command {
        Some(Command::AcceptClock) => accept(cli),
        Some(Command::Certificate(command)) => {
            print!("{}", command.run(Timestamp::now())?);
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Account(command)) => {
            print!("{}", command.run(&Config::load(cli)?, Timestamp::now())?);
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Passcode) => print_hash(),
        Some(Command::Doctor) => Ok(doctor::run(&Config::load(cli)?)),
        Some(Command::Audit(what)) => commands::audit::run(&Config::load(cli)?, what),
        Some(Command::Backup { file, practice }) => {
            commands::backup::run(&Config::load(cli)?, file, *practice, Timestamp::now())
        }
        Some(Command::Restore { file, practice }) => {
            commands::restore::run(&Config::load(cli)?, file, *practice, Timestamp::now())
        }
        Some(Command::Export { of, out }) => {
            commands::export::run(&Config::load(cli)?, of, out.as_deref(), Timestamp::now())
        }
        Some(Command::Erase { of, unentered }) => {
            commands::erase::run(&Config::load(cli)?, of, *unentered, Timestamp::now())
        }
        Some(Command::Patients(what)) => {
            commands::patients::run(&Config::load(cli)?, what, Timestamp::now())
        }
        None => serve(cli, Config::load(cli)?),
    }
}

fn accept(cli: &Cli) -> Result<ExitCode> {
    println!("{}", accept_clock::run(&Config::load(cli)?, Timestamp::now())?);
    Ok(ExitCode::SUCCESS)
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

fn serve(cli: &Cli, config: Config) -> Result<ExitCode> {
    tracing_subscriber::fmt()
        .with_env_filter(logs::filter())
        // Colours are for eyes, not for files. `NO_COLOR` switches them off everywhere.
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
        .with_writer(std::io::stderr)
        .init();
    heap::share();
    no_core_dumps();
    if cli.config.is_none() && !Path::new(DEFAULT_FILE).exists() {
        let data = std::path::absolute(&config.data).unwrap_or_else(|_| config.data.clone());
        tracing::warn!(data = %data.display(), "there is no {DEFAULT_FILE} in this folder and no --config: what neither flags nor environment set has its default, and the records are in this data folder");
    }
    let asked = listen_for_the_end()?;
    // Two threads are plenty, because what takes long has others, and keep the program small. The blocking ones serve files of the pages; whatever may
    // get stuck has threads of its own (`bridge::workers`).
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .enable_all()
        .build()?;
    let code = runtime.block_on(async {
        let mut bridge = bridge::start(config).await?;
        tracing::info!(address = %format_args!("http://{}/", bridge.address), "the kiosk is served");
        if let Some(address) = bridge.network {
            tracing::info!(%address, "staff pages on the network, encrypted");
        }
        for kiosk in bridge.kiosks.iter().skip(1) {
            let address = format_args!("http://{}{}", bridge.address, kiosk.base());
            tracing::info!(%address, "and this one");
        }
        let code = tokio::select! {
            // It cannot be asked any more when the other end is gone.
            asked = asked => if asked.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE },
            end = bridge.ends() => match end {
                End::Failed => ExitCode::FAILURE,
                End::Daily => ExitCode::from(RESTART),
            },
        };
        // Whatever happens from here on, the program ends.
        last_resort();
        tracing::info!("stopping");
        bridge.stop().await;
        anyhow::Ok(code)
    });
    // Dropping it would wait for calls that never come back.
    runtime.shutdown_timeout(LEFT_BEHIND);
    code
}

/// A crash must not write what is in memory, PINs and photos, to a disk.
fn no_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        if let Err(error) = setrlimit(Resource::Core, none) {
            tracing::warn!(%error, "a crash would write the memory to a disk");
        }
    }
}

/// Of the daily restart (`EX_TEMPFAIL`: try again): no success, so that a supervisor that starts again only what failed does so too.
const RESTART: u8 = 75;
/// Blocking calls that are still under way when everything else has ended get this long.
const LEFT_BEHIND: Duration = Duration::from_millis(500);
/// The program ends at last this long after it was asked to, with a failure when that was not in order.
const LAST_RESORT: Duration = Duration::from_secs(10);

/// Ends the program when its orderly end does not come.
fn last_resort() {
    let started = std::thread::Builder::new().name("last-resort".into()).spawn(|| {
        std::thread::sleep(LAST_RESORT);
        tracing::error!("the program did not end in order and is ended now");
        std::process::exit(1);
    });
    if let Err(error) = started {
        tracing::warn!(%error, "nothing ends this program should it get stuck");
    }
}

/// Listens for the wish to stop on a thread and runtime of its own, so that it is heard however busy the others are.
fn listen_for_the_end() -> Result<oneshot::Receiver<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (tell, asked) = oneshot::channel();
    let listen = move || match runtime.block_on(asked_to_stop()) {
        Ok(()) => {
            last_resort();
            // The program may be ending already.
            let _ = tell.send(());
        }
        Err(error) => tracing::error!(%error, "the wish to stop cannot be heard"),
    };
    std::thread::Builder::new().name("signals".into()).spawn(listen)?;
    Ok(asked)
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
