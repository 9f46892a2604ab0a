//! Logs go to standard error and hold nothing about persons.

use tracing_subscriber::EnvFilter;

/// What is logged: `info`, or what `UKETSUKE_LOG` says. Libraries that would print the content of
/// frames at `trace` are held back whatever it says, because frames carry PINs.
///
/// # Panics
/// Never: the directives are constants.
pub fn filter() -> EnvFilter {
    let asked = EnvFilter::try_from_env("UKETSUKE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    ["tungstenite=info", "tokio_tungstenite=info", "hyper=info", "axum=info"]
        .into_iter()
        .fold(asked, |filter, directive| {
            filter.add_directive(directive.parse().expect("a constant"))
        })
}
