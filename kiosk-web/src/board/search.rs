//! Finding a row: by words, kiosk, destination.

use super::state::BoardState;
use crate::model::rows;
use crate::words::{language, say, text};
use leptos::prelude::*;

/// Shown once there is something to find.
#[component]
pub(super) fn Search(state: BoardState) -> impl IntoView {
    let any = Memo::new(move |_| state.rows.with(|rows| !rows.is_empty()));
    view! { <Show when=move || any.get()><Fields state/></Show> }
}

#[component]
fn Fields(state: BoardState) -> impl IntoView {
    let language = language();
    let kiosks = Memo::new(move |_| {
        let titles = state.board.with(|board| {
            let kiosks = board.iter().flat_map(|board| &board.kiosks);
            kiosks.map(|kiosk| kiosk.title.clone()).collect::<Vec<_>>()
        });
        state.rows.with(|rows| rows::places(titles, rows))
    });
    let destinations = Memo::new(move |_| state.rows.with(|rows| rows::destinations(rows)));
    let found = move || {
        let rows = state.rows.get();
        let (found, of) = (state.filter.with(|filter| filter.of(&rows).len()), rows.len());
        let words = text!(language.0.get(), board.found, found, of);
        state.filter.with(|filter| (!filter.is_empty()).then_some(words))
    };
    view! {
        <div class="search" role="search">
            <label class="search__words">
                <span class="label">{say!(board.search)}</span>
                <input class="field__box field__box--text" type="search" lang="ja" autocomplete="off" data-test="board-search"
                    placeholder=say!(board.search_hint)
                    prop:value=move || state.filter.with(|filter| filter.words.clone())
                    on:input=move |event| state.filter.update(|filter| filter.words = event_target_value(&event))/>
            </label>
            <Show when=move || { kiosks.with(Vec::len) > 1 }>
                <Choice label=Signal::derive(say!(board.kiosk)) test="filter-kiosk" names=kiosks
                    chosen=Signal::derive(move || state.filter.with(|filter| filter.kiosk.clone()))
                    choose=move |name| state.filter.update(|filter| filter.kiosk = name)/>
            </Show>
            <Show when=move || { destinations.with(Vec::len) > 1 }>
                <Choice label=Signal::derive(say!(board.destination)) test="filter-destination" names=destinations
                    chosen=Signal::derive(move || state.filter.with(|filter| filter.destination.clone()))
                    choose=move |name| state.filter.update(|filter| filter.destination = name)/>
            </Show>
            <p class="small search__found" role="status" data-test="board-found">{found}</p>
        </div>
    }
}

#[component]
fn Choice(
    label: Signal<String>,
    test: &'static str,
    names: Memo<Vec<String>>,
    chosen: Signal<Option<String>>,
    choose: impl Fn(Option<String>) + Copy + 'static,
) -> impl IntoView {
    let option = move |name: String| {
        let (value, is) = (name.clone(), name.clone());
        view! {
            <option value=value lang="ja" prop:selected=move || chosen.get().as_ref() == Some(&is)>{name}</option>
        }
    };
    view! {
        <label class="search__choice">
            <span class="label">{label}</span>
            <select class="field__box field__box--text" data-test=test
                on:change=move |event| choose(Some(event_target_value(&event)).filter(|name| !name.is_empty()))>
                <option value="" prop:selected=move || chosen.get().is_none()>{say!(board.filter_all)}</option>
                {move || names.get().into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}
