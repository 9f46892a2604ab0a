//! Measurements: those of the crate `e2e` on the running stack, and the sizes of the wasm files.

use std::path::Path;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::{Map, Value, json};

use crate::command::{cargo, output};
use crate::{bench_face, dist, e2e, files, run, web};

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Name of the measurement: `check-in`, `card` (what goes over the link to the card), `face` (our
    /// engine beside onnxruntime-web), `oqs` (files of the folder interface beside bare XML events), `gateway` (200 questions at once to a terminal's
    /// folders, beside the same files; 1,000 visits at once over HTTP, beside the same requests), `site` (many kiosks on one bridge, beside one that is alone) or
    /// `store` (both engines of the store, and a thousand kiosks on one database)
    name: String,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Kiosks of `site`, 2 to 100
    #[arg(long, default_value_t = 50)]
    kiosks: u32,
    /// Frames of a stream over which `face` watches the memory
    #[arg(long, default_value_t = 1_000)]
    frames: u32,
}

/// Builds the release bridge, measures, and prints.
///
/// Keys: `machine_ms.total`, `machine_ms.<step>`, `frame_ms`, `ready_ms`, `clear_ms` (milliseconds), `wasm.<file>.raw|brotli`
/// (bytes), `bridge_rss_mb` (10⁶ bytes).
///
/// # Errors
/// When a preparation or the measurement fails.
pub(crate) fn bench(options: &Options) -> Result<()> {
    match options.name.as_str() {
        "card" => return card(options.json),
        "oqs" => return oqs(options.json),
        "gateway" => return gateway(options.json),
        "site" => return site(options),
        "store" => return store(options.json),
        _ => {}
    }
    let measured = if options.name == "face" {
        bench_face::measure(options.frames)?
    } else {
        on_the_stack(options)?
    };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&measured)?);
    } else {
        print_table(&measured);
    }
    Ok(())
}

/// Commands, bytes and modelled time per step with a card; needs no reader.
fn card(json: bool) -> Result<()> {
    let mut program = cargo();
    program.args(["run", "--quiet", "--package", "bridge", "--example", "bench_card", "--"]);
    if json {
        program.arg("--json");
    }
    print!("{}", output(&mut program)?);
    Ok(())
}

/// Files of the folder interface. Keys: `files_per_s.read_*|write_*`, `files_per_s.events_*` (bare events of quick-xml over the same
/// bytes, decoded), `ratio.*` (time to read one to that of its bare events).
fn oqs(json: bool) -> Result<()> {
    let mut program = cargo();
    program.args(["run", "--quiet", "--release", "--package", "oqs", "--example", "bench_oqs"]);
    program.arg("--");
    if json {
        program.arg("--json");
    }
    print!("{}", output(&mut program)?);
    Ok(())
}

/// `folder.*`: the clinic's terminal, asked by its folders, with the folder service in its place, which answers at once. `http.*`: the
/// service of `crates/eligibility-service`, with mutual TLS. Keys of both: `ms_p50`, `ms_p99` (from a question to its answer; `http`: of
/// a whole visit of three questions), `all_ms`, `lost`, `doubled` (0), `plain_ms` (the same files written, renamed, read and removed, one
/// after the other; the same requests by the HTTP library alone), `ratio` (`all_ms` to that). `http.put_again`: tries that the service
/// was spared.
fn gateway(json: bool) -> Result<()> {
    let mut program = cargo();
    program.args(["run", "--quiet", "--release", "--package", "bridge"]);
    program.args(["--example", "bench_gateway", "--"]);
    if json {
        program.arg("--json");
    }
    print!("{}", output(&mut program)?);
    Ok(())
}

/// One bridge with many kiosks. Keys: `alone.*` and `site.*` (`view_ms_p50|p99|most`: milliseconds from an act to the view that
/// answers it; `idle_kb`, `used_kb`: memory of the program in 1,000 bytes; `visits_per_s`), `kb_per_kiosk.idle|in_use`,
/// `ratio.view_p50|view_p99` (all kiosks to one alone).
fn site(options: &Options) -> Result<()> {
    e2e::build_bridge("release")?;
    let mut program = cargo();
    program.args(["run", "--quiet", "--release", "--package", "bridge", "--example", "bench_site"]);
    program.args(["--", "--bridge"]).arg(run::built("release", "uketsuke-bridge"));
    program.args(["--kiosks", &options.kiosks.to_string()]);
    if options.json {
        program.arg("--json");
    }
    print!("{}", output(&mut program)?);
    Ok(())
}

/// Both engines of the store. Keys: `sqlite.*` and `postgres.*` (`visits_per_s`; `board_update_ms_p50|p99`: milliseconds until a row of
/// the board is kept, `postgres`: until the site's database has it; `plain_rows_per_s`: rows that are inserted one at a time on the same
/// engine; `ratio`: rows of visits to those, in the same time), `thousand.*` (1,000 kiosks of 20 bridges on one database:
/// `busy_arrives_ms_p50|p99`: until it has a step of a visit while each kiosk has a visit a minute; `most_visits_per_s`).
fn store(json: bool) -> Result<()> {
    let mut program = cargo();
    program.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "bridge",
        "--example",
        "bench_store",
    ]);
    program.arg("--");
    if json {
        program.arg("--json");
    }
    print!("{}", output(&mut program)?);
    Ok(())
}

/// What the crate `e2e` measures.
fn on_the_stack(options: &Options) -> Result<Map<String, Value>> {
    e2e::prepare(web::Options { compress: true, ..web::Options::default() })?;
    e2e::build_bridge("release")?;
    let sizes = Path::new("target/wasm-sizes.json");
    files::write_atomically(sizes, &serde_json::to_vec(&wasm_sizes()?)?)?;
    let mut program = e2e::program("release", "bench");
    let printed = output(program.args([&options.name, "--json", "--wasm-sizes"]).arg(sizes))?;
    serde_json::from_str(last_object(&printed))
        .with_context(|| format!("the measurement printed no JSON object but: {printed}"))
}

/// From the first line that opens an object at its start: whatever was logged before it is not ours.
fn last_object(printed: &str) -> &str {
    let start =
        if printed.starts_with('{') { Some(0) } else { printed.rfind("\n{").map(|at| at + 1) };
    start.map_or(printed, |start| &printed[start..])
}

fn wasm_sizes() -> Result<Value> {
    let manifest = dist::manifest()?;
    let wasm = manifest.iter().filter(|(name, _)| {
        Path::new(name).extension().is_some_and(|extension| extension == "wasm")
    });
    Ok(wasm
        .map(|(name, entry)| (name.clone(), json!({ "raw": entry.raw, "brotli": entry.brotli })))
        .collect())
}

fn print_table(measured: &Map<String, Value>) {
    let mut rows = Vec::new();
    flatten("", &Value::Object(measured.clone()), &mut rows);
    let width = rows.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
    for (key, value) in rows {
        println!("{key:<width$}  {value:>14}");
    }
}

/// `{"a": {"b": 1}}` becomes `a.b` and `1`.
fn flatten(prefix: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    let Value::Object(object) = value else {
        rows.push((prefix.to_owned(), value.to_string()));
        return;
    };
    for (key, value) in object {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        flatten(&path, value, rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_joined_by_dots() {
        let mut rows = Vec::new();
        flatten("", &json!({ "machine_ms": { "total": 900 }, "frame_ms": 60.5 }), &mut rows);
        assert_eq!(
            rows,
            [("frame_ms".into(), "60.5".into()), ("machine_ms.total".into(), "900".into())]
        );
    }

    #[test]
    fn logs_before_the_object_are_skipped() {
        assert_eq!(last_object("listening\n{\n  \"a\": {\n  }\n}\n"), "{\n  \"a\": {\n  }\n}\n");
        assert_eq!(last_object("{\"a\": 1}"), "{\"a\": 1}");
    }
}
