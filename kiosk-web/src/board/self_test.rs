//! The self-test: a green light or what to mend, one plain sentence each; and the button to test again.

use super::api::{self, Trouble};
use super::over::Over;
use super::state::BoardState;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::account::Role;
use protocol::self_test::{Finding, Report, SelfTest, State};
use std::future::Future;
use wasm_bindgen_futures::spawn_local;

/// In this order, the most urgent first.
const STATES: [State; 4] = [State::Fault, State::NotTested, State::Note, State::Fine];

/// What the parts share.
#[derive(Clone, Copy)]
struct Test {
    board: BoardState,
    /// What was told last; `None`: not asked for yet.
    told: RwSignal<Option<SelfTest>>,
    running: RwSignal<bool>,
    failed: RwSignal<bool>,
}

impl Test {
    /// Asks, unless it is being asked.
    fn ask<F>(self, request: impl FnOnce(Redacted) -> F)
    where
        F: Future<Output = Result<SelfTest, Trouble>> + 'static,
    {
        let Some(session) = self.board.session.get_untracked() else { return };
        if self.running.get_untracked() {
            return;
        }
        self.running.set(true);
        let request = request(session);
        spawn_local(async move {
            let answer = request.await;
            // The page may have been closed.
            if self.running.try_set(false).is_some() {
                return;
            }
            self.failed.set(answer.is_err());
            match answer {
                Ok(told) => self.told.set(Some(told)),
                Err(Trouble::Refused(401)) => self.board.close(Some(Over::Ended)),
                Err(_) => {}
            }
        });
    }

    fn look(self) {
        self.ask(|session| async move { api::self_test(&session).await });
    }

    fn run(self) {
        crate::effects::used::touch();
        self.ask(|session| async move { api::run_self_test(&session).await });
    }
}

/// Opened when it is wanted, and asked for then.
#[component]
pub(super) fn SelfTestView(state: BoardState) -> impl IntoView {
    let test = Test {
        board: state,
        told: RwSignal::new(None),
        running: RwSignal::new(false),
        failed: RwSignal::new(false),
    };
    // Each test that the board tells of, whoever made it: by hand, here or elsewhere, or by the clock.
    let told_of = Memo::new(move |_| {
        state.board.with(|board| board.as_ref().and_then(|board| board.tested.clone()))
    });
    Effect::new(move |_| {
        if told_of.get().is_some() {
            test.look();
        }
    });
    // Told of closing too.
    let opened = move |event: leptos::ev::Event| {
        if event_target::<web_sys::Element>(&event).has_attribute("open") {
            test.look();
        }
    };
    let may = state.me.with_untracked(|me| me.as_ref().is_none_or(|me| me.role != Role::Auditor));
    let button = move || {
        may.then(|| {
            let words = move || {
                if test.running.get() { say!(self_test.running)() } else { say!(self_test.run)() }
            };
            view! {
                <button type="button" class="button button--secondary button--small" data-test="self-test-run"
                    aria-disabled=move || test.running.get().then_some("true") on:click=move |_| test.run()>{words}</button>
            }
        })
    };
    let never =
        move || test.told.with(|told| told.as_ref().is_some_and(|told| told.report.is_none()));
    let report = move || {
        let report = test.told.get()?.report?;
        Some(view! { <Shown report/> })
    };
    view! {
        <details class="self-test" data-test="self-test" on:toggle=opened>
            <summary>{say!(self_test.title)}" "<Light test/></summary>
            <p class="small">{say!(self_test.lead)}</p>
            <div class="self-test__acts">{button}</div>
            <Show when=move || test.failed.get()>
                <Notice tint=Tint::Error test="self-test-failed">{say!(self_test.failed)}</Notice>
            </Show>
            <div aria-live="polite">
                <Show when=never><p data-test="self-test-never">{say!(self_test.never)}</p></Show>
                {report}
            </div>
        </details>
    }
}

/// The result in a word, beside the title; nothing while nothing was tested.
#[component]
fn Light(test: Test) -> impl IntoView {
    let language = language();
    let light = Memo::new(move |_| {
        test.told.with(|told| {
            let report = told.as_ref()?.report.as_ref()?;
            let count = report.findings.iter().filter(|it| it.state == State::Fault).count();
            Some((count, report.at.clone()))
        })
    });
    move || {
        let (count, at) = light.get()?;
        let locale = language.0.get();
        let at = words::time(locale, &at);
        Some(if count == 0 {
            let words = text!(locale, self_test.green, at);
            view! { <span class="self-test__state self-test__state--fine" data-test="self-test-light"><Icon shape=Shape::Done/>{words}</span> }
        } else {
            let words = text!(locale, self_test.faults, count, at);
            view! { <span class="self-test__state self-test__state--fault" data-test="self-test-light"><Icon shape=Shape::Warning/>{words}</span> }
        })
    }
}

#[component]
fn Shown(report: Report) -> impl IntoView {
    let language = language();
    let Report { at, findings } = report;
    let count = findings.iter().filter(|found| found.state == State::Fault).count();
    let light = move || {
        let locale = language.0.get();
        let at = words::time(locale, &at);
        if count == 0 {
            text!(locale, self_test.green, at)
        } else {
            text!(locale, self_test.faults, count, at)
        }
    };
    let light = if count == 0 {
        view! { <Notice tint=Tint::Success test="self-test-green">{light}</Notice> }.into_any()
    } else {
        view! { <Notice tint=Tint::Error test="self-test-faults">{light}</Notice> }.into_any()
    };
    let of = |state| {
        let found = findings.iter().filter(move |found| found.state == state);
        found.cloned().map(|found| view! { <Line found/> }).collect_view()
    };
    view! {
        {light}
        <table class="self-test__table">
            <thead class="visually-hidden"><tr>
                <th scope="col">{say!(self_test.what)}</th>
                <th scope="col">{say!(self_test.state)}</th>
                <th scope="col">{say!(self_test.said)}</th>
            </tr></thead>
            <tbody>{STATES.map(of).collect_view()}</tbody>
        </table>
    }
}

/// Icon, word and colour say the same.
#[component]
fn Line(found: Finding) -> impl IntoView {
    let language = language();
    let Finding { check, kiosk, state, said } = found;
    let (class, shape) = match state {
        State::Fault => ("self-test__state self-test__state--fault", Shape::Warning),
        State::NotTested => ("self-test__state self-test__state--look", Shape::Staff),
        State::Note => ("self-test__state", Shape::Info),
        State::Fine => ("self-test__state self-test__state--fine", Shape::Done),
    };
    let kiosk = kiosk.map(|kiosk| view! { " "<span class="small" lang="ja">{kiosk}</span> });
    view! {
        <tr>
            <th scope="row">{move || words::check(language.0.get(), check)}{kiosk}</th>
            <td class=class><Icon shape=shape/><span>{move || words::tested(language.0.get(), state)}</span></td>
            <td>{move || words::sentence(language.0.get(), &said)}</td>
        </tr>
    }
}
