//! The day view: what today came to, in numbers, on the page, on paper and as a file for a spreadsheet.

use super::{BoardState, api};
use crate::effects::{page, save};
use crate::model::day::{bar, csv, duration};
use crate::words::{self, Tongue, language, say, text};
use leptos::prelude::*;
use protocol::day::{Counts, Day, Times};
use wasm_bindgen_futures::spawn_local;

/// Opened when it is wanted, and asked for then.
#[component]
pub(super) fn DayView(state: BoardState) -> impl IntoView {
    let day = RwSignal::new(None::<Day>);
    let failed = RwSignal::new(false);
    let look = move || {
        let Some(session) = state.session.get_untracked() else { return };
        spawn_local(async move {
            let answer = api::day(&session).await;
            failed.try_set(answer.is_err());
            if let Ok(told) = answer {
                day.try_set(Some(told));
            }
        });
    };
    // Told of closing too.
    let opened = move |event: leptos::ev::Event| {
        if event_target::<web_sys::Element>(&event).has_attribute("open") {
            look();
        }
    };
    view! {
        <details class="day" data-test="day" on:toggle=opened>
            <summary>{say!(day.title)}</summary>
            <Show when=move || failed.get()>
                <p role="status">{say!(account.failed)}</p>
                <Show when=move || day.with(Option::is_none)>
                    <button type="button" class="button button--quiet button--small" data-test="day-again" on:click=move |_| look()>{say!(day.again)}</button>
                </Show>
            </Show>
            {move || day.get().map(|day| view! { <Shown day look=Callback::new(move |()| look())/> })}
        </details>
    }
}

#[component]
fn Shown(day: Day, look: Callback<()>) -> impl IntoView {
    let language = language();
    let (date, ended) = (day.date.clone(), day.ended);
    let title = move || text!(language.0.get(), day.ended, date = date.clone(), count = ended);
    let file = StoredValue::new(day.clone());
    let download = move |_| {
        let text = file.with_value(|day| csv(&lines(language.0.get_untracked(), day)));
        let name = file.with_value(|day| format!("uketsuke-{}.csv", day.date));
        if save::save(&name, "text/csv;charset=utf-8", &text).is_err() {
            leptos::logging::warn!("the file was not saved");
        }
    };
    let print = move |_| {
        if page::print().is_err() {
            leptos::logging::warn!("the page was not printed");
        }
    };
    view! {
        <p class="day__title" data-test="day-ended">{title}</p>
        <div class="day__acts">
            <button type="button" class="button button--quiet button--small" data-test="day-again" on:click=move |_| look.run(())>{say!(day.again)}</button>
            <button type="button" class="button button--quiet button--small" data-test="day-csv" on:click=download>{say!(day.csv)}</button>
            <button type="button" class="button button--quiet button--small" data-test="day-print" on:click=print>{say!(day.print)}</button>
        </div>
        <div class="day__tables">
            {day.counts.into_iter().map(|counts| view! { <Table counts/> }).collect_view()}
            {(!day.times.is_empty()).then(|| view! { <Long times=day.times/> })}
        </div>
    }
}

/// Counts, each with its bar: the bar repeats what the number says.
#[component]
fn Table(counts: Counts) -> impl IntoView {
    let language = language();
    let Counts { of, counts } = counts;
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let line = |(key, count): (String, u32)| {
        let name = move || words::key(language.0.get(), of, &key);
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{count}</td>
                <td class="day__bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width=bar(count, most).to_string() height="10"/></svg></td>
            </tr>
        }
    };
    view! {
        <table class="day__table">
            <caption>{move || words::counted(language.0.get(), of)}</caption>
            <tbody>{counts.into_iter().map(line).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Long(times: Vec<Times>) -> impl IntoView {
    let language = language();
    let line = |it: Times| {
        view! {
            <tr>
                <th scope="row">{move || words::timed(language.0.get(), it.step)}</th>
                <td>{it.count}</td>
                <td>{duration(it.median_s)}</td>
                <td>{it.p95_s.map_or_else(|| "–".to_owned(), duration)}</td>
                <td>{duration(it.longest_s)}</td>
            </tr>
        }
    };
    view! {
        <table class="day__table day__table--times">
            <caption>{say!(day.times)}</caption>
            <thead>
                <tr>
                    <th scope="col">{say!(day.step)}</th>
                    <th scope="col">{say!(day.count)}</th>
                    <th scope="col">{say!(day.median)}</th>
                    <th scope="col">{say!(day.p95)}</th>
                    <th scope="col">{say!(day.longest)}</th>
                </tr>
            </thead>
            <tbody>{times.into_iter().map(line).collect_view()}</tbody>
        </table>
        <p class="small">{say!(day.p95_note)}</p>
    }
}

/// The same as lines of a file; durations in seconds.
fn lines(locale: Tongue, day: &Day) -> Vec<Vec<String>> {
    let mut lines = vec![vec![text!(locale, day.date).to_owned(), day.date.clone()]];
    for Counts { of, counts } in &day.counts {
        for (key, count) in counts {
            let (of_what, key) = (words::counted(locale, *of), words::key(locale, *of, key));
            lines.push(vec![of_what.to_owned(), key, count.to_string()]);
        }
    }
    let heads = [
        text!(locale, day.times),
        text!(locale, day.step),
        text!(locale, day.count),
        text!(locale, day.median),
        text!(locale, day.p95),
        text!(locale, day.longest),
    ];
    lines.push(heads.map(str::to_owned).to_vec());
    for it in &day.times {
        let p95 = it.p95_s.map(|seconds| seconds.to_string()).unwrap_or_default();
        let step = words::timed(locale, it.step).to_owned();
        let numbers =
            [it.count.to_string(), it.median_s.to_string(), p95, it.longest_s.to_string()];
        lines.push([vec![String::new(), step], numbers.to_vec()].concat());
    }
    lines
}
