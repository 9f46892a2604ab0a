//! Visits at other bridges of the site, to look at: each bridge alone writes its rows, so what is to be done about them is done at
//! its own board.

use super::state::BoardState;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::staff::{OtherBridge, Visit};

/// Which bridges' visits are not as they are now, or cannot be read here; nothing when all is well.
#[component]
pub(super) fn Others(state: BoardState) -> impl IntoView {
    let language = language();
    // Read out anew only when something changed.
    let others = Memo::new(move |_| {
        state
            .board
            .with(|board| board.as_ref().map(|board| board.others.clone()).unwrap_or_default())
    });
    let notices = move |other: OtherBridge| {
        let OtherBridge { name, since, unread } = other;
        let since = since.map(|since| {
            let bridge = name.clone();
            let words = move || {
                let locale = language.0.get();
                let (bridge, since) = (bridge.clone(), words::time(locale, &since));
                text!(locale, board.other_since, bridge, since)
            };
            view! { <Notice tint=Tint::Warning test="other-since">{words}</Notice> }
        });
        let unread = (unread > 0).then(|| {
            let words = move || {
                let bridge = name.clone();
                text!(language.0.get(), board.other_unread, bridge, count = unread)
            };
            view! { <Notice tint=Tint::Error test="other-unread">{words}</Notice> }
        });
        view! { {since}{unread} }
    };
    move || others.get().into_iter().map(notices).collect_view()
}

/// At which board something is done about a visit.
#[component]
pub(super) fn Where(bridge: String) -> impl IntoView {
    let language = language();
    let words = move || text!(language.0.get(), board.elsewhere, bridge = bridge.clone());
    view! { <Notice tint=Tint::Info test="elsewhere">{words}</Notice> }
}

/// What staff there do or have written.
#[component]
pub(super) fn ToLookAt(visit: Visit) -> impl IntoView {
    let language = language();
    let paper = visit.paper.map(|paper| {
        let document = paper.document;
        let title = move || {
            let locale = language.0.get();
            text!(locale, board.paper_title, document = words::paper_name(locale, document))
        };
        if paper.seen {
            view! { <p class="lead--icon" data-test="paper-seen"><Icon shape=Shape::Done/>{say!(board.paper_seen)}</p> }.into_any()
        } else {
            view! { <Notice tint=Tint::Warning test="paper-notice">{title}</Notice> }.into_any()
        }
    });
    let note = visit.note.map(|note| {
        view! {
            <p data-test="note-there"><span class="label">{say!(board.note)}</span>" "<span lang="ja">{note}</span></p>
        }
    });
    view! { {paper}{note} }
}
