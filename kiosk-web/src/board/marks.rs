//! The two ticks of a visit, 「呼んだ」 and 「済」. Both are toggles: pressed once more they are taken back, but not by the
//! second tap of a double tap.

use super::api;
use super::api::Trouble;
use super::hold::Hold;
use super::state::BoardState;
use crate::components::icon::{Icon, Shape};
use crate::model::board as model;
use crate::model::marks::place_of;
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::call::Place;
use protocol::staff::{Mark, Marks, SetMark};
use std::collections::HashMap;
use wasm_bindgen_futures::spawn_local;

/// HTTP status when somebody else was faster.
const CONFLICT: u16 = 409;

/// Where staff at this page call to; in the context of the board, because a visit has its ticks in its line and under it.
#[derive(Clone, Copy, Default)]
pub(super) struct CallTo {
    last: RwSignal<Option<Place>>,
    /// What was chosen, by visit.
    chosen: RwSignal<HashMap<u64, Place>>,
}

/// What the ticks go by.
#[derive(Clone, Default, PartialEq)]
struct Facts {
    number: Option<u16>,
    marks: Marks,
    destination: Option<String>,
    places: Vec<Place>,
}

/// The ticks of one visit; one part for whatever lists visits.
#[component]
pub(super) fn Ticks(
    state: BoardState,
    id: u64,
    /// In a line, which has no room for where, when and once more.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let language = language();
    let facts = Memo::new(move |_| facts(state, id));
    let set = holding(state, id, facts);
    let CallTo { last, chosen } = use_context().unwrap_or_default();
    let to = Memo::new(move |_| {
        let chosen = chosen.with(|chosen| chosen.get(&id).cloned());
        let (last, chosen) = (last.get(), chosen.as_ref());
        facts.with(|it| place_of(&it.places, chosen, it.destination.as_deref(), last.as_ref()))
    });
    let is_called = Memo::new(move |_| facts.with(|facts| facts.marks.called.is_some()));
    let is_done = Memo::new(move |_| facts.with(|facts| facts.marks.done.is_some()));
    let has_number = Memo::new(move |_| facts.with(|facts| facts.number.is_some()));
    let may_act = state.may_act();
    let group = move || match facts.with(|facts| facts.number) {
        Some(number) => text!(language.0.get(), marks.group, number),
        None => text!(language.0.get(), marks.group_no_number).to_owned(),
    };
    let call = move || {
        if let Some(to) = to.get_untracked() {
            set.run(Mark::Called { to });
        }
    };
    let toggle_called = move |_| if is_called.get() { set.run(Mark::NotCalled) } else { call() };
    let toggle_done = move |_| set.run(if is_done.get() { Mark::NotDone } else { Mark::Done });
    let choose = move |place: Place| {
        chosen.update(|chosen| {
            chosen.insert(id, place.clone());
        });
        last.set(Some(place));
    };
    if !may_act {
        return view! { <Ticked state id short/> }.into_any();
    }
    view! {
        <div class="ticks" role="group" aria-label=group data-test="ticks">
            <Show when=move || has_number.get()>
                <Show when=move || !short><PlaceOf facts to choose=Callback::new(choose)/></Show>
                <button type="button" class="tick" data-test="tick-called" aria-pressed=move || is_called.get().to_string() on:click=toggle_called>
                    <Icon shape=Shape::Done/>{say!(marks.called)}<Show when=move || !short><CalledWhen facts/></Show>
                </button>
                <Show when=move || !short && is_called.get()>
                    <button type="button" class="tick" data-test="call-again" on:click=move |_| call()>{say!(marks.again)}</button>
                </Show>
            </Show>
            <button type="button" class="tick" data-test="tick-done" aria-pressed=move || is_done.get().to_string() on:click=toggle_done>
                <Icon shape=Shape::Done/>{say!(marks.done)}
            </button>
        </div>
    }
    .into_any()
}

/// What was ticked, and nothing to press: for those who look only, and of a visit at another bridge.
#[component]
pub(super) fn Ticked(
    state: BoardState,
    id: u64,
    /// In a line, which has no room for where and when.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let facts = Memo::new(move |_| facts(state, id));
    let is_called = Memo::new(move |_| facts.with(|facts| facts.marks.called.is_some()));
    let is_done = Memo::new(move |_| facts.with(|facts| facts.marks.done.is_some()));
    view! {
        <div class="ticks" data-test="ticked">
            <Show when=move || is_called.get()>
                <span class="ticked-there" data-test="ticked-called">
                    <Icon shape=Shape::Done/>{say!(marks.called)}<Show when=move || !short><CalledWhen facts/></Show>
                </span>
            </Show>
            <Show when=move || is_done.get()>
                <span class="ticked-there" data-test="ticked-done"><Icon shape=Shape::Done/>{say!(marks.done)}</span>
            </Show>
        </div>
    }
}

fn facts(state: BoardState, id: u64) -> Facts {
    let row = state.rows.with(|rows| rows.iter().find(|row| row.visit.visit == id).cloned());
    let Some(row) = row else { return Facts::default() };
    let places = state.board.with(|board| board.as_ref().map(|board| board.call_places.clone()));
    Facts {
        number: row.visit.number,
        marks: row.visit.marks.clone(),
        destination: row.visit.destination.clone(),
        places: places.unwrap_or_default(),
    }
}

/// What sets a mark, unless one was set a moment ago, here or by somebody else: nobody has read that yet.
fn holding(state: BoardState, id: u64, facts: Memo<Facts>) -> Callback<Mark> {
    let hold = Hold::new();
    Effect::new(move |before: Option<u32>| {
        let seen = facts.with(|facts| facts.marks.seen);
        if before.is_some_and(|before| before != seen) {
            hold.begin();
        }
        seen
    });
    Callback::new(move |mark| {
        let Some(session) = state.session.get_untracked().filter(|_| hold.is_over()) else {
            return;
        };
        hold.begin();
        let seen = facts.with_untracked(|facts| facts.marks.seen);
        spawn_local(async move {
            match api::mark(&session, &SetMark { visit: id, seen, mark }).await {
                // Somebody else was faster: what they ticked comes with the stream.
                Err(Trouble::Refused(CONFLICT)) => {}
                answer => state.take(answer),
            }
        });
    })
}

/// Where to call; not asked where the site has one place only.
#[component]
fn PlaceOf(facts: Memo<Facts>, to: Memo<Option<Place>>, choose: Callback<Place>) -> impl IntoView {
    let language = language();
    let places = Memo::new(move |_| facts.with(|facts| facts.places.clone()));
    let options = move || {
        let locale = language.0.get();
        let option = |(at, place): (usize, Place)| {
            let words = words::place(locale, &place);
            let selected = move || to.with(|to| to.as_ref() == Some(&place));
            view! { <option value=at.to_string() prop:selected=selected>{words}</option> }
        };
        places.get().into_iter().enumerate().map(option).collect_view()
    };
    let chosen = move |event| {
        let at = event_target_value(&event).parse().ok();
        if let Some(place) =
            at.and_then(|at: usize| places.with_untracked(|places| places.get(at).cloned()))
        {
            choose.run(place);
        }
    };
    view! {
        <Show when=move || places.with(|places| places.len() > 1)>
            <label class="ticks__to">
                <span class="visually-hidden">{say!(marks.to)}</span>
                <select class="ticks__place" data-test="call-to" on:change=chosen>{options}</select>
            </label>
        </Show>
    }
}

/// `09:05 1番レーン 2回`, once called.
#[component]
fn CalledWhen(facts: Memo<Facts>) -> impl IntoView {
    let language = language();
    let when = move || {
        let called = facts.with(|facts| facts.marks.called.clone())?;
        let locale = language.0.get();
        let again = (called.times > 1).then(|| text!(locale, marks.times, times = called.times));
        let place = words::place(locale, &called.to);
        let parts = [Some(model::clock(&called.at).to_owned()), Some(place), again];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    };
    move || {
        when().map(|when| view! { <span class="tick__when" data-test="called-when">{when}</span> })
    }
}
