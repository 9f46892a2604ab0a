//! 暗証番号.

use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::components::other_methods::OtherMethods;
use crate::components::secret::{Secret, SecretConfirm, SecretKeys};
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::say;
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::Method;

/// Four digits on a keypad.
#[component]
pub(crate) fn Pin(tries_left: u8, wrong: bool) -> impl IntoView {
    let shell = Shell::get();
    let secret = Secret::new(move |pin| shell.act(Action::Pin { pin }));
    let left = i64::from(tries_left);
    let ways = move || {
        view! {
            <SecretConfirm secret words=Signal::derive(say!(common.confirm))/>
            <OtherMethods except=Method::Pin/>
        }
    };
    view! {
        <Frame name="pin" step=Step::Identity title=Signal::derive(say!(pin.title)) ways>
            <div class="split split--keypad">
                <div class="stack">
                    {wrong.then(|| view! { <Notice tint=Tint::Error test="wrong">{say!(pin.wrong)}</Notice> })}
                    <p class="lead">{say!(pin.body)}</p>
                    <p class="strong" data-test="tries-left">{say!(pin.tries_left, left)}</p>
                    <section class="aside"><p class="lead--icon"><Icon shape=Shape::Lock/>{say!(pin.private)}</p></section>
                </div>
                <SecretKeys secret label=Signal::derive(say!(pin.keypad))/>
            </div>
        </Frame>
    }
}

/// One try left: another way is offered first.
#[component]
pub(crate) fn LastTry() -> impl IntoView {
    let shell = Shell::get();
    let ways = move || {
        view! {
            <OtherMethods except=Method::Pin advised=true/>
            <Button kind=Kind::Quiet test="insist" on_press=move || shell.act(Action::InsistOnPin)>{say!(pin.insist)}</Button>
        }
    };
    view! {
        <Frame name="pin_last_try" step=Step::Identity title=Signal::derive(say!(pin.last_title)) ways>
            <Notice tint=Tint::Warning test="last-try">{say!(pin.last_body)}</Notice>
            <p class="small">{say!(pin.last_note)}</p>
        </Frame>
    }
}
