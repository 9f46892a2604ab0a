//! The table of outcomes in `docs/card.md`.

use std::fmt::Write as _;
use std::path::Path;

const PAGE: &str = "../docs/card.md";
const MARKS: (&str, &str) = ("<!-- fault matrix -->\n", "<!-- end of fault matrix -->");

/// Compares the table with the page, or writes it there.
pub(super) fn check(steps: &[&str], faults: &[&str], cells: &[Vec<String>]) {
    let table = render(steps, faults, cells);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(MARKS.0).unwrap();
    let (old, after) = rest.split_once(MARKS.1).unwrap();
    if std::env::var_os("UKETSUKE_BLESS").is_some() {
        let page = format!("{before}{}{table}{}{after}", MARKS.0, MARKS.1);
        std::fs::write(&path, page).unwrap();
    } else {
        assert!(
            old == table,
            "outcomes changed: look at them, then run this test with UKETSUKE_BLESS=1\n{table}"
        );
    }
}

fn render(steps: &[&str], faults: &[&str], cells: &[Vec<String>]) -> String {
    let mut table = format!("| step | {} |\n|---|", faults.join(" | "));
    table += &"---|".repeat(faults.len());
    table.push('\n');
    for (row, step) in steps.iter().enumerate() {
        let shown = cells.iter().map(|column| match column[row].as_str() {
            "" => "·",
            words => words,
        });
        let shown: Vec<&str> = shown.collect();
        let _ = writeln!(table, "| {step} | {} |", shown.join(" | "));
    }
    let visits = steps.len() * faults.len();
    let unnoticed = cells.iter().flatten().filter(|words| words.is_empty()).count();
    let _ = writeln!(
        table,
        "\n{visits} visits: {visits} ended with a result, {unnoticed} of them without anything to notice; 0 hangs, 0 panics, 0 lost tries."
    );
    table
}
