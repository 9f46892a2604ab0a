//! Fetches the words of a language, and what its letters look like.

use super::page;
use crate::words::{Catalogue, Tongue};
use std::cell::{Cell, RefCell};

thread_local! {
    /// Those that were fetched: each once, while the page lives.
    static KEPT: RefCell<Vec<Tongue>> = const { RefCell::new(Vec::new()) };
}

/// Fonts of languages that are written with characters of their own: their names are in them, too. A browser fetches of each
/// what it shows.
const LETTERS: [&str; 3] =
    ["/fonts/noto-sans-sc.css", "/fonts/noto-sans-tc.css", "/fonts/noto-sans-kr.css"];

/// Makes the letters known, once.
pub(crate) fn know_letters() {
    thread_local! {
        static KNOWN: Cell<bool> = const { Cell::new(false) };
    }
    if !KNOWN.replace(true) {
        LETTERS.into_iter().for_each(page::add_style_sheet);
    }
}

/// The language of this file; `None` when it does not come or is not as expected.
pub(crate) async fn fetch(file: &'static str) -> Option<Tongue> {
    let own = Tongue::OWN.into_iter();
    let kept = own.chain(KEPT.with_borrow(Clone::clone)).find(|tongue| tongue.file() == file);
    if kept.is_some() {
        return kept;
    }
    let json = page::fetch_text(&format!("/languages/{file}.json"), &[]).await.ok()?;
    let catalogue = Catalogue::read(file, &json)
        .inspect_err(|error| leptos::logging::error!("/languages/{file}.json: {error}"))
        .ok()?;
    let tongue = Tongue::Fetched(Box::leak(Box::new(catalogue)));
    KEPT.with_borrow_mut(|kept| kept.push(tongue));
    Some(tongue)
}
