//! Two gateways under load, each beside plain use of what it stands on: `folder` beside the same files, `http` beside the same
//! requests. `cargo xtask bench gateway [--json]`

mod figures;
mod folder;
mod http;
mod plain_client;

use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let json = std::env::args().any(|argument| argument == "--json");
    let measured = json!({ "folder": folder::measure()?, "http": http::measure()? });
    if json {
        println!("{measured:#}");
        return Ok(());
    }
    for (gateway, figures) in measured.as_object().into_iter().flatten() {
        for (key, value) in figures.as_object().into_iter().flatten() {
            println!("{:<18} {value:>12}", format!("{gateway}.{key}"));
        }
    }
    Ok(())
}
