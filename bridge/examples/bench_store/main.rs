//! What the store does in a second, on both engines, beside plain rows that are inserted one at a time on the same engine and disk;
//! and a thousand kiosks that share one database.
//!
//! `cargo xtask bench store [--json]`. Needs Debian's package `postgresql`; the server is one of its own, and waits for the disk as at a
//! site. Both engines write to the disk of the folder for temporary files (`TMPDIR`).

#[cfg(target_os = "linux")]
mod day;
#[cfg(target_os = "linux")]
mod embedded;
#[cfg(target_os = "linux")]
mod figures;
#[cfg(target_os = "linux")]
mod shared;
#[cfg(target_os = "linux")]
mod thousand;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    let json = std::env::args().skip(1).any(|argument| argument == "--json");
    let folder = tempfile::tempdir()?;
    let server = postgres_harness::Postgres::start_with(true)?;
    let shared = shared::measure(&server)?;
    let all = serde_json::json!({
        "sqlite": embedded::measure(folder.path(), shared.rows_per_visit)?,
        "postgres": shared.report,
        "thousand": thousand::measure(&server)?,
    });
    if json {
        println!("{all:#}");
    } else {
        figures::print(&all);
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("this measurement starts a PostgreSQL of its own, which it can on Linux only");
}
