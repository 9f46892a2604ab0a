//! The table of outcomes in `docs/card.md`.

use std::fmt::Write as _;
use std::path::Path;

/// Compares the table with the page, or writes it there.
pub(super) fn check(steps: &[&str], faults: &[&str], cells: &[Vec<String>]) {
    written("../docs/card.md", "fault matrix", &render(steps, faults, cells));
}

/// Compares a table with what a page has between the marks `name`, or writes it there.
pub(crate) fn written(page: &str, name: &str, table: &str) {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(&begin).unwrap();
    let (old, after) = rest.split_once(&end).unwrap();
    if std::env::var_os("UKETSUKE_BLESS").is_some() {
        let page = format!("{before}{begin}{table}{end}{after}");
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
