//! The table of what is kept for how long stands in the documents as it is in the program.

use crate::faults::table::written;
use bridge::store::retention::RULES;
use std::fmt::Write as _;

#[test]
fn the_documents_say_how_long_everything_is_kept() {
    let mut table = String::from("| what | names people | until | why |\n|---|---|---|---|\n");
    for rule in RULES {
        let personal = if rule.personal { "yes" } else { "no" };
        let _ = writeln!(table, "| {} | {personal} | {} | {} |", rule.kind, rule.until, rule.why);
    }
    written("../docs/operations.md", "retention", &table);
}
