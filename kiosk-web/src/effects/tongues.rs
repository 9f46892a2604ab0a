//! Fetches the words of a language, and what its letters look like.

use super::page;
use crate::words::{Catalogue, Tongue};
use std::cell::RefCell;

thread_local! {
    /// Those that were fetched: each once, while the page lives.
    static KEPT: RefCell<Vec<Tongue>> = const { RefCell::new(Vec::new()) };
}

/// Languages that are written with characters of their own, by the name of their file, and the style sheet of their font.
const LETTERS: [(&str, &str); 3] = [
    ("zh-Hans", "/fonts/noto-sans-sc.css"),
    ("zh-Hant", "/fonts/noto-sans-tc.css"),
    ("ko", "/fonts/noto-sans-kr.css"),
];

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
    if let Some((_, sheet)) = LETTERS.iter().find(|(letters, _)| *letters == file) {
        page::add_style_sheet(sheet);
    }
    let tongue = Tongue::Fetched(Box::leak(Box::new(catalogue)));
    KEPT.with_borrow_mut(|kept| kept.push(tongue));
    Some(tongue)
}
