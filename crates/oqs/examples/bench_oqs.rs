//! How fast files are read and written, beside the bare events of quick-xml over the same bytes in the
//! same run: `cargo xtask bench oqs`.

use encoding_rs::SHIFT_JIS;
use oqs::{Encoding, parse, to_xml};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::hint::black_box;
use std::time::{Duration, Instant};

const SAMPLE: &str = include_str!("../tests/data/terminal-sample.xml");
/// What is measured, and its name.
type Work<'a> = (&'a str, Box<dyn Fn() + 'a>);

/// Rounds, each of which measures everything; the fastest counts, so that what else the computer does
/// counts least.
const ROUNDS: usize = 25;
/// Files in a round.
const FILES: u32 = 2_000;

fn main() {
    let file = parse(SAMPLE.as_bytes()).expect("the sample");
    let japanese = to_xml(&file, Encoding::ShiftJis).expect("the sample").bytes;
    let mut work: [Work; 6] = [
        ("events_utf8", Box::new(|| events(black_box(SAMPLE)))),
        ("read_utf8", Box::new(|| drop(black_box(parse(black_box(SAMPLE.as_bytes())))))),
        (
            "events_shift_jis",
            Box::new(|| {
                let text = SHIFT_JIS.decode_without_bom_handling(black_box(&japanese)).0;
                events(&text);
            }),
        ),
        ("read_shift_jis", Box::new(|| drop(black_box(parse(black_box(&japanese)))))),
        ("write_utf8", Box::new(|| drop(black_box(to_xml(black_box(&file), Encoding::Utf8))))),
        (
            "write_shift_jis",
            Box::new(|| drop(black_box(to_xml(black_box(&file), Encoding::ShiftJis)))),
        ),
    ];
    let mut best = [Duration::MAX; 6];
    for _ in 0..ROUNDS {
        for (best, (_, work)) in best.iter_mut().zip(&mut work) {
            let begun = Instant::now();
            (0..FILES).for_each(|_| work());
            *best = (*best).min(begun.elapsed() / FILES);
        }
    }
    let seconds = best.map(|one| one.as_secs_f64());
    let ratios =
        [("ratio.utf8", seconds[1] / seconds[0]), ("ratio.shift_jis", seconds[3] / seconds[2])];
    let rates = work.iter().zip(seconds).map(|((name, _), one)| (*name, 1.0 / one));
    let all: Vec<_> = rates
        .map(|(name, rate)| (format!("files_per_s.{name}"), rate, 0))
        .chain(ratios.map(|(name, ratio)| (name.to_owned(), ratio, 2)))
        .collect();
    let json = std::env::args().any(|argument| argument == "--json");
    let lines = all.iter().map(|(name, value, digits)| {
        if json {
            format!("  \"{name}\": {value:.digits$}")
        } else {
            format!("{name:<32} {value:>12.digits$}")
        }
    });
    let lines: Vec<_> = lines.collect();
    if json {
        println!("{{\n{}\n}}", lines.join(",\n"));
    } else {
        println!("{}", lines.join("\n"));
    }
}

/// Every event, its text looked at by nobody.
fn events(text: &str) {
    let mut reader = Reader::from_str(text);
    while !matches!(black_box(reader.read_event()).expect("the sample"), Event::Eof) {}
}
