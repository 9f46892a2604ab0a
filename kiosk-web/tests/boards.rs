//! Example boards, days, accounts, photos and calls, one file for each: what `cargo xtask e2e look` shows of the staff pages and the call
//! display. `UPDATE_VIEWS=1 cargo test -p kiosk-web` writes them in the form of the wire.

use protocol::account::{Accounts, Doorway, Secret};
use protocol::call::Calls;
use protocol::day::Day;
use protocol::self_test::SelfTest;
use protocol::settings::{Attached, Settings};
use protocol::staff::{Board, Entered, ToCompare};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// What is in a file, in the form of the wire.
fn rewritten<T: DeserializeOwned + Serialize>(stored: &str) -> serde_json::Result<String> {
    let parsed: T = serde_json::from_str(stored)?;
    Ok(serde_json::to_string_pretty(&parsed)? + "\n")
}

fn of_the_wire(file: &Path, stored: &str) -> serde_json::Result<String> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    match name.split(['-', '.']).next().unwrap_or_default() {
        "board" => rewritten::<Board>(stored),
        "door" => rewritten::<Doorway>(stored),
        "entered" => rewritten::<Entered>(stored),
        "accounts" => rewritten::<Accounts>(stored),
        "authenticator" => rewritten::<Secret>(stored),
        "compare" => rewritten::<ToCompare>(stored),
        "day" => rewritten::<Day>(stored),
        "self_test" => rewritten::<SelfTest>(stored),
        "settings" => rewritten::<Settings>(stored),
        "attached" => rewritten::<Attached>(stored),
        _ => rewritten::<Calls>(stored),
    }
}

fn files(folder: &str) -> io::Result<Vec<PathBuf>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

#[test]
fn example_boards_and_calls_match_the_wire() {
    let all = [files("staff").unwrap(), files("calls").unwrap()];
    assert!(all.iter().all(|files| files.len() > 2));
    for file in all.iter().flatten() {
        let stored = fs::read_to_string(file).unwrap();
        let json = of_the_wire(file, &stored);
        let json = json.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        if std::env::var_os("UPDATE_VIEWS").is_some() {
            fs::write(file, &json).unwrap();
        }
        let stored = fs::read_to_string(file).unwrap();
        assert_eq!(stored, json, "{}: run with UPDATE_VIEWS=1", file.display());
    }
}
