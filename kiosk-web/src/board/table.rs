//! The table of the visits of today: a line for each, which opens. Roles are said besides the elements, because the narrow form
//! lays them out otherwise and browsers then take a table for none.

use super::marks::{Ticked, Ticks};
use super::state::BoardState;
use super::visit::Details;
use crate::components::icon::{Icon, Shape};
use crate::effects::rows;
use crate::model::board as model;
use crate::model::rows::{Filter, Row};
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::staff::Visit;
use std::sync::Arc;
use web_sys::KeyboardEvent;

/// Columns of the table.
const COLUMNS: &str = "9";
/// So many lines at first, and so many more each time: a browser takes seconds for a thousand. All are searched.
const LINES: usize = 100;

/// What is there now, or why nothing is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Loading,
    Empty,
    NothingFound,
    Rows,
}

/// The table, or one sentence in its place.
#[component]
pub(super) fn Table(state: BoardState) -> impl IntoView {
    let found = Memo::new(move |_| state.rows.with(|rows| state.filter.with(|it| it.of(rows))));
    let shown = Memo::new(move |_| {
        let unread = state.board.with(|board| board.as_ref().map(|board| board.unread.is_empty()));
        match unread {
            None => Shown::Loading,
            Some(_) if found.with(|found| !found.is_empty()) => Shown::Rows,
            Some(_) if state.filter.with(|filter| !filter.is_empty()) => Shown::NothingFound,
            // Those who came today are in rows that cannot be read: they stand above.
            Some(false) => Shown::Rows,
            Some(true) => Shown::Empty,
        }
    });
    move || match shown.get() {
        Shown::Loading => {
            view! { <p role="status" data-test="board-loading">{say!(board.loading)}</p> }
                .into_any()
        }
        Shown::Empty => {
            view! { <p data-test="board-empty" class="lead">{say!(board.empty)}</p> }.into_any()
        }
        Shown::NothingFound => view! { <NothingFound state/> }.into_any(),
        Shown::Rows => view! { <Rows state found/> }.into_any(),
    }
}

#[component]
fn NothingFound(state: BoardState) -> impl IntoView {
    view! {
        <div class="stack" data-test="board-nothing-found">
            <p class="lead">{say!(board.nothing_found)}</p>
            <button type="button" class="button button--secondary button--small" data-test="filter-clear"
                on:click=move |_| state.filter.set(Filter::default())>
                {say!(board.filter_clear)}
            </button>
        </div>
    }
}

#[component]
fn Rows(state: BoardState, found: Memo<Vec<Arc<Row>>>) -> impl IntoView {
    let language = language();
    // One row is reached by the Tab key, the others from there by arrows.
    let first = Memo::new(move |_| {
        let at = state.at.get();
        found.with(|found| {
            let is_there = |id: &u64| found.iter().any(|row| row.visit.visit == *id);
            at.filter(is_there).or_else(|| found.first().map(|row| row.visit.visit))
        })
    });
    let most = RwSignal::new(LINES);
    let lines = move || found.get().into_iter().take(most.get()).collect::<Vec<_>>();
    let left = Memo::new(move |_| found.with(Vec::len).saturating_sub(most.get()));
    let keys = move |event: KeyboardEvent| {
        let moved = match event.key().as_str() {
            "ArrowDown" => rows::go(rows::Step::Next),
            "ArrowUp" => rows::go(rows::Step::Before),
            "Home" => rows::go(rows::Step::First),
            "End" => rows::go(rows::Step::Last),
            "Escape" => close(state),
            _ => false,
        };
        if moved {
            event.prevent_default();
        }
    };
    let head = [
        say!(board.number).into_any(),
        say!(board.time).into_any(),
        say!(board.kiosk).into_any(),
        say!(board.name).into_any(),
        say!(board.share).into_any(),
        say!(board.claim).into_any(),
        say!(board.destination).into_any(),
        say!(board.state).into_any(),
        say!(board.ticks).into_any(),
    ];
    // A narrow form leaves columns out.
    let head = (1..).zip(head).map(|(at, words): (u8, _)| {
        view! { <th scope="col" role="columnheader" aria-colindex=at.to_string()>{words}</th> }
    });
    view! {
        <table class="table" role="table" aria-colcount=COLUMNS data-test="board-table" on:keydown=keys>
            <caption class="visually-hidden">{say!(board.table_caption)}</caption>
            <thead role="rowgroup"><tr role="row">{head.collect_view()}</tr></thead>
            <For each=lines key=|row| (row.visit.visit, row.version) let:row>
                <One state row first/>
            </For>
        </table>
        <Show when=move || { left.get() > 0 }>
            <button type="button" class="button button--secondary button--small" data-test="board-more"
                on:click=move |_| most.update(|most| *most += LINES)>
                {move || text!(language.0.get(), board.more, count = left.get())}
            </button>
        </Show>
    }
}

/// Closes the open row and goes back to its line.
fn close(state: BoardState) -> bool {
    let open = state.open.get_untracked();
    state.open.set(None);
    open.is_some_and(rows::focus)
}

/// A line and, when it is open, everything about the visit under it.
#[component]
fn One(state: BoardState, row: Arc<Row>, first: Memo<Option<u64>>) -> impl IntoView {
    let id = row.visit.visit;
    let is_open = Memo::new(move |_| state.open.get() == Some(id));
    let toggle = move || {
        let open = (state.open.get_untracked() != Some(id)).then_some(id);
        state.open.set(open);
        state.at.set(Some(id));
    };
    let class = match (row.todo.is_some(), row.heed) {
        (true, _) => "row row--todo",
        (false, true) => "row row--heed",
        (false, false) => "row",
    };
    let details = Arc::clone(&row);
    view! {
        <tbody role="rowgroup" data-visit=id class:table__open=move || is_open.get()>
            <tr class=class role="row" on:click=move |_| toggle()>
                <Cells state row first is_open focused=move || state.at.set(Some(id))/>
            </tr>
            <Show when=move || is_open.get()>
                <tr role="row" class="row__details">
                    <td role="cell" colspan=COLUMNS>
                        <Details state visit=details.visit.clone()/>
                    </td>
                </tr>
            </Show>
        </tbody>
    }
}

#[component]
fn Cells(
    state: BoardState,
    row: Arc<Row>,
    first: Memo<Option<u64>>,
    is_open: Memo<bool>,
    focused: impl Fn() + 'static,
) -> impl IntoView {
    let language = language();
    let visit = row.visit.clone();
    let (id, number, route) = (visit.visit, visit.number, visit.claim.route);
    let number = move || match number {
        Some(number) => number.to_string(),
        None => text!(language.0.get(), board.no_number).to_owned(),
    };
    let shares = model::shares(&visit.claim.shares);
    let share = move || {
        if shares.is_empty() { "—".to_owned() } else { shares.clone() }
    };
    let destination = match visit.destination.clone() {
        Some(place) => view! { <span lang="ja">{place}</span> }.into_any(),
        None => say!(board.reception).into_any(),
    };
    let ticks = match visit.bridge {
        Some(_) => view! { <Ticked state id short=true/> }.into_any(),
        None => view! { <Ticks state id short=true/> }.into_any(),
    };
    let which = visit.listed.as_ref().is_some_and(|listed| !listed.sure).then(|| {
        view! { <span class="badge row__noted" data-test="row-which"><Icon shape=Shape::Info/>{say!(board.which_short)}</span> }
    });
    let noted = visit.note.is_some().then(|| {
        view! { <span class="badge row__noted" data-test="row-noted"><Icon shape=Shape::Info/>{say!(board.note)}</span> }
    });
    view! {
        <td role="cell" aria-colindex="1" class="row__number">
            <button type="button" class="row__open" data-test="row-open"
                tabindex=move || if first.get() == Some(id) { "0" } else { "-1" }
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                on:focus=move |_| focused()>
                <span data-test="number">{number}</span>
                <span class="visually-hidden">{say!(board.row_open)}</span>
            </button>
        </td>
        <td role="cell" aria-colindex="2" class="row__time">{model::clock(&visit.at).to_owned()}</td>
        <td role="cell" aria-colindex="3" class="row__kiosk" data-test="kiosk" lang="ja">{row.place.clone()}</td>
        <td role="cell" aria-colindex="4" class="row__name"><Name visit/></td>
        <td role="cell" aria-colindex="5" class="row__share" data-test="row-share">{share}</td>
        <td role="cell" aria-colindex="6" class="row__route" data-test="row-route">{move || words::route_short(language.0.get(), route)}</td>
        <td role="cell" aria-colindex="7" class="row__place">{destination}</td>
        <td role="cell" aria-colindex="8" class="row__state"><State row/>{which}{noted}</td>
        // A tick is no wish to see more.
        <td role="cell" aria-colindex="9" class="row__ticks" on:click=|event| event.stop_propagation()>{ticks}</td>
    }
}

#[component]
fn Name(visit: Visit) -> impl IntoView {
    let name = match (visit.completed, visit.name) {
        (Some(completed), _) => {
            view! { <span class="row__full" data-test="completed" lang="ja">{completed}</span> }
                .into_any()
        }
        (None, Some(name)) => {
            let letters = model::marked(&name, &visit.circles).into_iter().map(|(letter, lost)| {
                if lost { view! { <mark>{letter}</mark> }.into_any() } else { letter.into_any() }
            });
            let letters = letters.collect_view();
            view! { <span class="row__full" data-test="name" lang="ja">{letters}</span> }.into_any()
        }
        (None, None) => view! { <span class="small">"—"</span> }.into_any(),
    };
    let chart = visit
        .listed
        .filter(|listed| listed.sure)
        .and_then(|listed| listed.fits.into_iter().next())
        .map(|fit| view! { <span class="row__kana" data-test="row-chart">{say!(board.chart)}" "{fit.chart}</span> });
    let kana = visit
        .name_kana
        .map(|kana| view! { <span class="row__kana" data-test="kana" lang="ja">{kana}</span> });
    view! { {name}{kana}{chart} }
}

/// What is to be done, or how it ended.
#[component]
fn State(row: Arc<Row>) -> impl IntoView {
    let language = language();
    let outcome = row.visit.outcome;
    if let Some(todo) = row.todo {
        let words = move || words::todo(language.0.get(), todo);
        return view! { <strong class="row__todo" data-test="todo"><Icon shape=Shape::Warning/>{words}</strong> }.into_any();
    }
    if row.visit.parked {
        return view! { <span class="badge badge--parked" data-test="parked"><Icon shape=Shape::Clock/>{say!(board.parked)}</span> }.into_any();
    }
    let shape = if row.heed { Shape::Info } else { Shape::Done };
    let words = move || words::outcome_short(language.0.get(), outcome);
    view! { <span class="row__outcome"><Icon shape/>{words}</span> }.into_any()
}
