//! The frame of every screen: where in the visit, one question, content, ways on and out.

use super::button::{Button, Kind};
use super::icon::{Icon, Shape};
use super::leaving::Leaving;
use crate::effects::{height, page, sight};
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, say};
use leptos::html::Div;
use leptos::prelude::*;
use protocol::Action;

/// One screen. Its heading gets the focus when it appears, so that a screen reader begins there.
#[component]
pub(crate) fn Frame(
    /// `data-screen`: name of the wire variant.
    name: &'static str,
    /// Where in the visit, unless outside of one.
    #[prop(into, optional_no_strip)]
    step: Option<Step>,
    /// The one question or message.
    #[prop(into)]
    title: Signal<String>,
    /// Whether the person can stop here.
    #[prop(default = true)]
    can_stop: bool,
    /// Stopping would lose what was typed or answered: it is asked once more.
    #[prop(optional)]
    loses: bool,
    /// The answers, the first one the way on. Always in sight, at the lower edge beside 「やめる」, unless `read_first`.
    #[prop(into, optional)]
    ways: ViewFnOnce,
    /// What is between is read before it is answered: the answers come after it.
    #[prop(optional)]
    read_first: bool,
    /// What is between question and answers.
    children: Children,
) -> impl IntoView {
    Effect::new(move |_| {
        page::scroll_to_top();
        page::focus("main h1");
    });
    let shell = Shell::get();
    let leaving = RwSignal::new(false);
    let leave = move || if loses { leaving.set(true) } else { shell.act(Action::Stop) };
    let (bar, end) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    // So that what gets the focus is scrolled clear of it.
    height::tell(bar, "--bar", Some);
    let class = if read_first { "screen screen--read" } else { "screen" };
    view! {
        <main class=class data-screen=name>
            {step.map(|now| view! { <Steps now/> })}
            <h1 class="screen__title" tabindex="-1">{title}</h1>
            <div class="screen__body">{children()}</div>
            <div class="screen__bar" node_ref=bar>
                {ways.run()}
                {can_stop.then(|| view! {
                    <Button kind=Kind::Quiet test="stop" on_press=leave>
                        {say!(common.stop)}
                    </Button>
                })}
            </div>
            {read_first.then(|| view! { <div node_ref=end></div><More end/> })}
            <Show when=move || leaving.get()><Leaving leaving/></Show>
        </main>
    }
}

/// Leads on through a text that is longer than the screen, until its end is in sight. Keyboard and screen reader get there anyway.
#[component]
fn More(
    /// Below everything.
    end: NodeRef<Div>,
) -> impl IntoView {
    let in_sight = sight::of(end);
    view! {
        <Show when=move || !in_sight.get()>
            <div class="more" aria-hidden="true">
                <button type="button" class="button button--secondary" tabindex="-1" data-test="more" on:click=move |_| page::scroll_on()>
                    <Icon shape=Shape::Down/>{say!(common.more)}
                </button>
            </div>
        </Show>
    }
}

/// The steps of a visit, the current one marked.
#[component]
fn Steps(now: Step) -> impl IntoView {
    let language = words::language();
    let steps = Step::ALL.map(|step| {
        let class = match step.cmp(&now) {
            std::cmp::Ordering::Less => "steps__step steps__step--done",
            std::cmp::Ordering::Equal => "steps__step steps__step--now",
            std::cmp::Ordering::Greater => "steps__step",
        };
        view! {
            <li class=class aria-current=(step == now).then_some("step")>
                <span class="steps__label">{move || words::step(language.0.get(), step)}</span>
            </li>
        }
    });
    view! { <ol class="steps" aria-label=say!(common.steps)>{steps}</ol> }
}

/// A moving mark and a sentence for screens that wait.
#[component]
pub(crate) fn Busy(
    /// What is being waited for.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="busy">
            <div class="busy__mark" aria-hidden="true"><span></span><span></span><span></span></div>
            <p class="busy__text" role="status">{text}</p>
        </div>
    }
}
