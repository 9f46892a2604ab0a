//! 目視 from the board: a person waits at a kiosk, a staff member has compared.

use super::api::{self, Trouble};
use super::compare::ToCheck;
use super::hold::Hold;
use super::over::EyeOver;
use super::state::BoardState;
use crate::components::by_eye::{ByEye, Compare, Confirm, Passcode, StillMissing, Why};
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::effects::page;
use crate::model::asked::About;
use crate::model::by_eye;
use crate::words::{language, say, text};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::action::VisualReason;
use protocol::screen::PasscodeProblem;
use protocol::staff::{self, AtKiosk, Board, Waiting};

/// HTTP status when nobody waits any more.
const CONFLICT: u16 = 409;

/// Shown while somebody waits and staff have asked for it. A new moment of waiting is a new panel: nothing typed for one person
/// is left for the next.
#[component]
pub(super) fn WaitingForStaff(state: BoardState) -> impl IntoView {
    let waiting = Memo::new(move |_| {
        state
            .board
            .with(|board| board.as_ref().map(|board| board.waiting.clone()).unwrap_or_default())
    });
    let asked = Memo::new(move |_| {
        let eye = state.eye.get();
        waiting.with(|waiting| {
            let is_it = |it: &&Waiting| Some(&it.kiosk) == eye.as_ref();
            waiting.iter().find(is_it).cloned()
        })
    });
    // Outlives the panels.
    let over = Memo::new(move |_| state.eye_over.get());
    let over = move || {
        over.get().map(|over| match over {
            EyeOver::Late => view! { <Notice tint=Tint::Warning test="visual-late">{say!(board.visual_late)}</Notice> },
            EyeOver::Elsewhere => view! { <Notice tint=Tint::Info test="visual-over">{say!(board.visual_over)}</Notice> },
        })
    };
    view! {
        {over}
        <For each=move || asked.get() key=|waiting| (waiting.kiosk.clone(), waiting.seen) let:waiting>
            <Panel state waiting/>
        </For>
    }
}

#[component]
fn Panel(state: BoardState, waiting: Waiting) -> impl IntoView {
    let language = language();
    let Waiting { kiosk: name, seen, problem } = waiting;
    let at = AtKiosk { kiosk: name.clone(), seen };
    let title_id = format!("visual-title-{name}");
    let labelled_by = title_id.clone();
    let kiosk = state.board.with_untracked(|board| {
        let mut kiosks = board.iter().flat_map(|board| &board.kiosks);
        kiosks.find(|kiosk| kiosk.name == name).map(|kiosk| kiosk.title.clone())
    });
    // Wherever the page is scrolled to.
    Effect::new(|_| page::scroll_into_view("[data-test=visual-waiting]"));
    let title = move || {
        let kiosk = kiosk.clone().unwrap_or_default();
        text!(language.0.get(), board.visual_title, kiosk)
    };
    // The passcode names nobody, so that it is asked for each time.
    let name = state.me.with_untracked(|me| me.as_ref().map(|me| me.name.clone()));
    let hold = Hold::begun();
    let judge = StoredValue::new(Judge { state, at: at.clone(), hold });
    let decide = match name {
        Some(name) => view! { <ByAccount judge name/> }.into_any(),
        None => view! { <ByPasscode judge problem/> }.into_any(),
    };
    view! {
        <section class="panel panel--waiting stack eye" aria-labelledby=labelled_by aria-live="polite" data-test="visual-waiting"
            data-held=move || hold.mark()>
            <h2 class="panel__title" id=title_id><Icon shape=Shape::Staff/>{title}</h2>
            <div class="eye__sides">
                <div class="stack">
                    <p>{say!(board.eye_instruction)}</p>
                    <ToCheck state at/>
                </div>
                <div class="stack">
                    {decide}
                    <button type="button" class="button button--secondary" data-test="visual-no"
                        on:click=move |_| judge.with_value(Judge::no)>
                        {say!(board.eye_no)}
                    </button>
                    <button type="button" class="button button--quiet button--small" data-test="visual-close" on:click=move |_| state.eye.set(None)>
                        {say!(board.visual_close)}
                    </button>
                </div>
            </div>
        </section>
    }
}

/// Staff entered with an account: a reason, and yes.
#[component]
fn ByAccount(judge: StoredValue<Judge>, name: String) -> impl IntoView {
    let language = language();
    let reason = RwSignal::new(None);
    let missing = Memo::new(move |_| by_eye::missing(reason.get(), true));
    let yes = move |_| {
        if let Some(reason) = reason.get_untracked() {
            judge.with_value(|judge| judge.yes(None, reason));
        }
    };
    let by = move || text!(language.0.get(), board.eye_by, name = name.clone());
    view! {
        <Why reason/>
        <p class="small">{by}</p>
        <StillMissing missing/>
        <button type="button" class="button button--primary" data-test="confirm"
            aria-disabled=move || missing.get().is_some().then_some("true") on:click=yes>
            {say!(board.eye_yes)}
        </button>
    }
}

/// Staff entered with the facility's passcode, which is asked for each time.
#[component]
fn ByPasscode(judge: StoredValue<Judge>, problem: Option<PasscodeProblem>) -> impl IntoView {
    let by_eye = ByEye::new(move |passcode, reason| {
        judge.with_value(|judge| judge.yes(Some(passcode), reason));
    });
    view! {
        <Compare instruction=Signal::derive(say!(board.visual_instruction)) problem test="visual-problem" by_eye/>
        <Passcode by_eye/>
        <Confirm by_eye/>
    }
}

/// What becomes of a decision about the person who waits.
struct Judge {
    state: BoardState,
    at: AtKiosk,
    /// The panel has just appeared.
    hold: Hold,
}

impl Judge {
    fn yes(&self, passcode: Option<Redacted>, reason: VisualReason) {
        let AtKiosk { kiosk, seen } = self.at.clone();
        let confirm = staff::Confirm { kiosk, seen, passcode, reason };
        self.send(async move |session| api::visual(&session, &confirm).await);
    }

    fn no(&self) {
        let at = self.at.clone();
        self.send(async move |session| api::refuse(&session, &at).await);
    }

    /// One decision at a time, and none before anybody can have read whom it is about.
    fn send(&self, ask: impl AsyncFnOnce(Redacted) -> Result<Board, Trouble> + 'static) {
        if !self.hold.is_over() {
            return;
        }
        let state = self.state;
        state.eye_over.set(None);
        let AtKiosk { kiosk, seen } = self.at.clone();
        state.ask("visual", About::Kiosk(kiosk, seen), ask, move |answer| match answer {
            // The board says what was wrong, as the kiosk does.
            Err(Trouble::Refused(403 | 429)) => {}
            Err(Trouble::Refused(CONFLICT)) => {
                state.eye_over.set(Some(EyeOver::Late));
                state.eye.set(None);
            }
            answer => {
                state.eye.set(None);
                state.take(answer);
            }
        });
    }
}
