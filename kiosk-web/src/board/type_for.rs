//! The form that is up at a kiosk, for staff: they type into the same fields for the person, or print what it became.

mod fields;
mod forms;
mod print;

use super::api::{self, Trouble};
use super::state::BoardState;
use crate::components::notice::{Notice, Tint};
use crate::effects::page;
use crate::model::asked::About;
use crate::model::help::form_at;
use crate::words::say;
use leptos::prelude::*;
use protocol::staff::{FormUp, KioskForm, TypeFor, Typed};

/// HTTP status when another screen is up by now.
const CONFLICT: u16 = 409;
/// That staff are typing is told so often, in milliseconds: sooner than the kiosk asks whether anybody is there.
const TYPING_MS: f64 = 10_000.0;

/// Whatever form is up there. Another one, be it of the same visit, begins empty.
#[component]
pub(super) fn AtForm(state: BoardState, kiosk: String) -> impl IntoView {
    let name = kiosk.clone();
    let form =
        Memo::new(move |_| state.board.with(|board| form_at(&board.as_ref()?.kiosks, &name)));
    view! {
        <For each=move || form.get() key=|up| *up let:up>
            {match up.form {
                KioskForm::Numbers { document } => view! { <forms::Numbers to=To::new(state, &kiosk, up) document/> }.into_any(),
                KioskForm::Statement => view! { <forms::Statement to=To::new(state, &kiosk, up)/> }.into_any(),
                KioskForm::StatementReady => view! { <print::Print to=To::new(state, &kiosk, up)/> }.into_any(),
            }}
        </For>
    }
}

/// How the last try ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Put {
    Done,
    Late,
}

/// Whom staff type for, and where.
#[derive(Clone, Copy)]
struct To {
    state: BoardState,
    kiosk: StoredValue<String>,
    seen: u64,
    told_ms: StoredValue<f64>,
    put: RwSignal<Option<Put>>,
}

impl To {
    fn new(state: BoardState, kiosk: &str, up: FormUp) -> Self {
        Self {
            state,
            kiosk: StoredValue::new(kiosk.to_owned()),
            seen: up.seen,
            told_ms: StoredValue::new(f64::NEG_INFINITY),
            put: RwSignal::new(None),
        }
    }

    fn ask(self, typed: Option<Typed>) -> TypeFor {
        TypeFor { kiosk: self.kiosk.get_value(), seen: self.seen, typed }
    }

    fn about(self) -> About {
        About::Kiosk(self.kiosk.get_value(), self.seen)
    }

    /// The kiosk waits for as long as staff type.
    fn typing(self) {
        self.put.set(None);
        let now = page::now_ms();
        if now - self.told_ms.get_value() < TYPING_MS {
            return;
        }
        self.told_ms.set_value(now);
        let ask = self.ask(None);
        let request = async move |session| api::type_for(&session, &ask).await;
        // Should it not arrive, the kiosk asks the person.
        self.state.ask("typing", self.about(), request, |_| {});
    }

    fn put(self, typed: Typed) {
        let ask = self.ask(Some(typed));
        let request = async move |session| api::type_for(&session, &ask).await;
        self.state.ask("type", self.about(), request, move |answer| {
            let put = match answer {
                Ok(()) => Put::Done,
                Err(Trouble::Refused(CONFLICT)) => Put::Late,
                Err(trouble) => return self.state.take(Err(trouble)),
            };
            // The form may be gone by now.
            let _ = self.put.try_set(Some(put));
        });
    }
}

/// The button that brings what was typed to the person's screen, and what became of it.
#[component]
fn PutIn(to: To, #[prop(into)] typed: Signal<Typed>) -> impl IntoView {
    let ready = Memo::new(move |_| typed.with(|typed| !typed.is_empty()));
    let press = move |_| {
        if ready.get_untracked() {
            to.put(typed.get_untracked());
        }
    };
    view! {
        <button type="button" class="button button--primary button--small" data-test="type-put"
            aria-disabled=move || (!ready.get()).then_some("true") on:click=press>
            {say!(board.type_put)}
        </button>
        <div role="status">
            {move || to.put.get().map(|put| match put {
                Put::Done => view! { <Notice tint=Tint::Success test="type-done">{say!(board.type_done)}</Notice> }.into_any(),
                Put::Late => view! { <Notice tint=Tint::Warning test="type-late">{say!(board.type_late)}</Notice> }.into_any(),
            })}
        </div>
    }
}
