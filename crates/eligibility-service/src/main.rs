//! `eligibility-service`: the stand-in for the national system, as a server of its own.

use clap::{Parser, Subcommand};
use eligibility_service::{Day, Doors, Files, Service, make, router};
use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Answers questions about invented people over HTTP with mutual TLS, in place of the national system, whose interface is not
/// public. For practice and for tests.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make an authority and the certificates of the service and of one client, for practice
    Certificates {
        /// Folder to put them into; files that are there are not written over
        folder: PathBuf,
        /// Names and addresses under which the service is reached
        #[arg(long = "name", default_values = ["localhost", "127.0.0.1"])]
        names: Vec<String>,
    },
    /// Serve until Ctrl-C
    Serve(Serve),
}

#[derive(clap::Args)]
struct Serve {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8743", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The service's certificate (PEM)
    #[arg(long, value_name = "FILE")]
    certificate: PathBuf,
    /// Its private key (PEM)
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Who signs the certificates of clients (PEM)
    #[arg(long, value_name = "FILE")]
    client_ca: PathBuf,
    /// A slow day: each answer takes up to so many milliseconds
    #[arg(long, default_value_t = 0, value_name = "N")]
    slow_ms: u64,
    /// A bad day: of every so many seconds …
    #[arg(long, default_value_t = 0, value_name = "N", requires = "outage_seconds")]
    every_seconds: u64,
    /// … the service is away for so many at the end
    #[arg(long, default_value_t = 0, value_name = "N", requires = "every_seconds")]
    outage_seconds: u64,
    /// Which delays
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Certificates { folder, names } => certificates(&folder, &names),
        Task::Serve(options) => serve(options).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("eligibility-service: {error}");
            ExitCode::FAILURE
        }
    }
}

fn certificates(folder: &std::path::Path, names: &[String]) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    make(folder, names)?;
    println!(
        "{}: ca.pem, service.pem, service-key.pem, client.pem, client-key.pem",
        folder.display()
    );
    Ok(())
}

async fn serve(options: Serve) -> Result<(), Box<dyn Error>> {
    let Serve { certificate, key, client_ca, .. } = options;
    let doors = Doors::open(options.listen, &Files { certificate, key, client_ca }).await?;
    let day = Day {
        slow: Duration::from_millis(options.slow_ms),
        every: Duration::from_secs(options.every_seconds),
        outage: Duration::from_secs(options.outage_seconds),
        seed: options.seed,
    };
    println!("answering at https://{} about invented people", doors.address());
    let stopped = async {
        // Without a handler Ctrl-C ends the program as it ends any other.
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(doors, router(Arc::new(Service::practice(day))))
        .with_graceful_shutdown(stopped)
        .await?;
    Ok(())
}
