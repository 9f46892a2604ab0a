//! The table of the staff board: which rows, in which order, and what is found in them.

use protocol::screen::Outcome;
use protocol::staff::{Route, Visit};
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization as _;

/// What staff have to do about a visit before it is done. Each ends by what they say on the board: the first two by themselves, the
/// others also with 「済」.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Todo {
    /// Enter its result by hand.
    ByHand,
    /// Look at the document.
    Paper,
    /// Ask the person, and enter the number that is known.
    Ask,
    /// Take the signed statement.
    Sign,
    /// See to the person at the desk.
    Desk,
}

/// One row.
#[derive(Debug, PartialEq)]
pub(crate) struct Row {
    /// What it tells.
    pub(crate) visit: Visit,
    /// Of each form of a row another one.
    pub(crate) version: u64,
    /// What is to be done.
    pub(crate) todo: Option<Todo>,
    /// There is something to heed when the person comes to the desk.
    pub(crate) heed: bool,
    /// Where it was: the kiosk's name for staff, behind that of its bridge where that is another one.
    pub(crate) place: Option<String>,
    /// What is searched, in one form.
    text: String,
}

impl Row {
    fn new(visit: Visit, version: u64) -> Self {
        let claim = &visit.claim;
        let names = [&visit.name, &visit.name_kana, &visit.completed].into_iter().flatten();
        let numbers = [&claim.insurer_number, &claim.symbol, &claim.number];
        let fits = visit.listed.iter().flat_map(|listed| &listed.fits);
        let listed = fits.flat_map(|fit| [&fit.chart, &fit.reading]);
        let text: Vec<_> = names.chain(numbers).chain(listed).map(|text| folded(text)).collect();
        let (todo, heed, place) = (todo(&visit), heed(&visit), place(&visit));
        Self { text: text.join("\n"), visit, version, todo, heed, place }
    }
}

fn todo(visit: &Visit) -> Option<Todo> {
    if visit.by_hand.is_some() {
        return Some(Todo::ByHand);
    }
    if visit.paper.as_ref().is_some_and(|paper| !paper.seen) {
        return Some(Todo::Paper);
    }
    match visit.outcome {
        _ if visit.marks.done.is_some() => None,
        Outcome::Oral => (visit.claim.route == Route::Undecided).then_some(Todo::Ask),
        Outcome::StatementMade => Some(Todo::Sign),
        Outcome::AtDesk => Some(Todo::Desk),
        _ => None,
    }
}

fn place(visit: &Visit) -> Option<String> {
    match (&visit.bridge, &visit.kiosk) {
        (Some(bridge), Some(kiosk)) => Some(format!("{bridge} {kiosk}")),
        (bridge, kiosk) => bridge.clone().or_else(|| kiosk.clone()),
    }
}

fn heed(visit: &Visit) -> bool {
    let confirmed = visit.outcome == Outcome::Confirmed && visit.claim.route == Route::Current;
    let remarks = !visit.claim.notes.is_empty() || !visit.lost.is_empty() || visit.late.is_some();
    let asked = visit.listed.as_ref().is_some_and(|listed| !listed.sure);
    !confirmed || remarks || asked
}

/// The rows of these visits, which come newest first: what is to be done stands above the rest, with the one that has waited
/// longest at the top. A row that has not changed, but for its ticks, keeps its version.
pub(crate) fn rows(before: &[Arc<Row>], visits: Vec<Visit>) -> Vec<Arc<Row>> {
    let known: std::collections::HashMap<u64, &Arc<Row>> =
        before.iter().map(|row| (row.visit.visit, row)).collect();
    let newest = before.iter().map(|row| row.version).max().unwrap_or(0);
    let make = |(at, visit): (u64, Visit)| match known.get(&visit.visit) {
        Some(row) if row.visit == visit => Arc::clone(row),
        Some(row) => {
            // The ticks look after themselves: what is typed beside them is not to be built anew.
            let unticked =
                |visit: &Visit| Visit { marks: row.visit.marks.clone(), ..visit.clone() };
            let same = row.visit == unticked(&visit) && row.todo == todo(&visit);
            Arc::new(Row::new(visit, if same { row.version } else { newest + 1 + at }))
        }
        None => Arc::new(Row::new(visit, newest + 1 + at)),
    };
    let (mut todo, rest): (Vec<_>, Vec<_>) =
        (0..).zip(visits).map(make).partition(|row: &Arc<Row>| row.todo.is_some());
    todo.reverse();
    todo.extend(rest);
    todo
}

/// What of the table is wished for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Words, each of which has to be in the row.
    pub(crate) words: String,
    /// Only of this [`Row::place`].
    pub(crate) kiosk: Option<String>,
    /// Only with this destination.
    pub(crate) destination: Option<String>,
}

impl Filter {
    /// Everything is shown.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.trim().is_empty() && self.kiosk.is_none() && self.destination.is_none()
    }

    /// The rows that it leaves.
    pub(crate) fn of(&self, rows: &[Arc<Row>]) -> Vec<Arc<Row>> {
        let words: Vec<_> = self.words.split_whitespace().map(folded).collect();
        let fits = |row: &&Arc<Row>| {
            let is = |wish: &Option<String>, has: &Option<String>| {
                wish.is_none() || wish.as_deref() == has.as_deref()
            };
            is(&self.kiosk, &row.place)
                && is(&self.destination, &row.visit.destination)
                && words.iter().all(|word| has(row, word))
        };
        rows.iter().filter(fits).cloned().collect()
    }
}

/// Up to three digits are a reception number, which is looked for as a whole; four may be one.
fn has(row: &Row, word: &str) -> bool {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let is_it = is_number && row.visit.number.is_some_and(|number| Ok(number) == word.parse());
    let is_short = is_number && word.len() <= 3;
    is_it || (!is_short && row.text.contains(word))
}

/// One form for what people write in several: full and half width, hiragana and katakana, small and large kana (which result
/// files do not tell apart), with and without blanks.
fn folded(text: &str) -> String {
    let letters = text.nfkc().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase);
    letters.map(large).collect()
}

fn large(letter: char) -> char {
    let katakana = match letter {
        'ぁ'..='ゖ' => char::from_u32(u32::from(letter) + 0x60).unwrap_or(letter),
        other => other,
    };
    match katakana {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        other => other,
    }
}

/// The kiosks of this bridge by their titles, in their order, and then the other bridges' kiosks that have rows.
pub(crate) fn places(titles: Vec<String>, rows: &[Arc<Row>]) -> Vec<String> {
    let others = rows.iter().filter(|row| row.visit.bridge.is_some());
    let mut others: Vec<_> = others.filter_map(|row| row.place.clone()).collect();
    others.sort();
    others.dedup();
    titles.into_iter().chain(others).collect()
}

/// The destinations that the rows have, each once, in their order.
pub(crate) fn destinations(rows: &[Arc<Row>]) -> Vec<String> {
    let mut names: Vec<_> = rows.iter().filter_map(|row| row.visit.destination.clone()).collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
