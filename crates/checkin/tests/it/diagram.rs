//! The diagram in `docs/visit.md`, drawn from what the machine does.

use crate::kiosk::*;
use crate::matrix::{events, states};
use checkin::deadlines::AWAY_MS;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Happen everywhere alike; the text beside the diagram says so.
const EVERYWHERE: [&str; 7] = [
    "reader gone",
    "service down",
    "card removed",
    "shutdown",
    "two deadlines",
    "stop",
    "ended by staff",
];
/// Labels of one arrow; the rest is counted.
const MOST_LABELS: usize = 3;

const HEAD: &str = "# The visit as a machine

Drawn from the code: `cargo test -p checkin` fails when it is out of date, `UKETSUKE_BLESS=1 cargo test -p checkin diagram` draws it
again. Each box is a screen of `crates/checkin/src/view.rs`; an arrow is an event that leads from one to another. The complete table
of every state and every event is `crates/checkin/tests/it/snapshots`.

Left out, because they lead the same way from everywhere: a card taken in the middle leads to `CardAway`, where the visit waits {away} s for
it (`Code` stays as long when the card is shown to the camera); a reader that goes away leads there too, or to `OutOfService`; 「やめる」, staff who end the visit at their board, and a person who does not come back lead to `TakeCard`;
the end of the program leads to `OutOfService`.

```mermaid
stateDiagram-v2
";

fn diagram() -> String {
    let mut arrows: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    for (_, reach) in states() {
        for (event, happening) in events() {
            if EVERYWHERE.contains(&event) {
                continue;
            }
            let mut kiosk = Kiosk::new();
            reach(&mut kiosk);
            let from = screen_name(&kiosk.screen());
            happening.happen(&mut kiosk);
            let to = screen_name(&kiosk.screen());
            if from != to {
                arrows.entry((from, to)).or_default().insert(event);
            }
        }
    }
    let mut text = HEAD.replace("{away}", &(AWAY_MS / 1000).to_string());
    for ((from, to), labels) in arrows {
        let shown: Vec<_> = labels.iter().take(MOST_LABELS).map(|l| l.replace(':', "")).collect();
        let more = labels.len().saturating_sub(MOST_LABELS);
        let more = if more > 0 { format!(", {more} more") } else { String::new() };
        writeln!(text, "    {from} --> {to} : {}{more}", shown.join(", ")).unwrap();
    }
    text + "```\n"
}

#[test]
fn the_diagram_is_what_the_machine_does() {
    let drawn = diagram();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/visit.md");
    if std::env::var_os("UKETSUKE_BLESS").is_some() {
        std::fs::write(file, &drawn).unwrap();
    }
    let written = std::fs::read_to_string(file).unwrap_or_default();
    assert!(written == drawn, "docs/visit.md is out of date: UKETSUKE_BLESS=1 draws it again");
}
