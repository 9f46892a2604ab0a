//! Name, birth date and sex of the card, where the clinic's patient list is asked by them.

use super::ways::{Back, OtherWays};
use crate::components::button::Kind;
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::components::secret::{Secret, SecretConfirm, SecretKeys};
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, language, say};
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::{ItemsNotice, ItemsOffer, ItemsWay};

/// By what they are read. "Not at all" is as near as the others.
#[component]
pub(crate) fn Items(offers: Vec<ItemsOffer>, notice: Option<ItemsNotice>) -> impl IntoView {
    let language = language();
    let notice = notice.map(|notice| {
        view! { <Notice tint=Tint::Warning test="notice">{move || words::items_notice(language.0.get(), notice)}</Notice> }
    });
    let cards = offers.into_iter().map(|offer| view! { <Card offer/> }).collect_view();
    let ways = move || view! { <OtherWays words=Signal::derive(say!(items.without)) kind=Kind::Secondary/> };
    view! {
        <Frame name="items" step=Step::Identity title=Signal::derive(say!(items.title)) ways>
            {notice}
            <p class="lead">{say!(items.body)}</p>
            <div class="choices">{cards}</div>
            <ConsentsAtReader/>
        </Frame>
    }
}

/// Nothing is asked here that nobody could carry on.
#[component]
pub(crate) fn ConsentsAtReader() -> impl IntoView {
    view! {
        <section class="aside" data-test="consents-at-reader">
            <p class="lead lead--icon"><Icon shape=Shape::Info/>{say!(items.consents)}</p>
        </section>
    }
}

#[component]
fn Card(offer: ItemsOffer) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let (shape, test) = match offer.way {
        ItemsWay::Code => (Shape::Camera, "items-code"),
        ItemsWay::Pin => (Shape::Pin, "items-pin"),
    };
    let name = move || words::items_way(language.0.get(), offer.way);
    let sentence = move || match offer.why_not {
        None => words::items_way_note(language.0.get(), offer.way),
        Some(why) => words::items_why_not(language.0.get(), why),
    };
    let choose = move |_| {
        if offer.why_not.is_none() {
            shell.act(Action::ChooseItems { way: offer.way });
        }
    };
    let refused = offer
        .why_not
        .map(|_| view! { <span class="choice__refused">{say!(method.unavailable)}</span> });
    // Not `disabled`: it stays in the focus order, so that the reason is heard too.
    view! {
        <button type="button" class="choice" data-test=test aria-disabled=offer.why_not.map(|_| "true") on:click=choose>
            <span class="choice__icon"><Icon shape/></span>
            <span class="choice__name">{name}</span>
            {refused}
            <span class="choice__note">{sentence}</span>
        </button>
    }
}

/// 券面事項入力補助用暗証番号: by its own name, so that nobody types the other one.
#[component]
pub(crate) fn ItemsPin(tries_left: u8, wrong: bool) -> impl IntoView {
    let shell = Shell::get();
    let secret = Secret::new(move |pin| shell.act(Action::ItemsPin { pin }));
    let left = i64::from(tries_left);
    let ways = move || {
        view! {
            <SecretConfirm secret words=Signal::derive(say!(common.confirm))/>
            <Back/>
        }
    };
    view! {
        <Frame name="items_pin" step=Step::Identity title=Signal::derive(say!(items.pin_title)) ways>
            <div class="split split--keypad">
                <div class="stack">
                    {wrong.then(|| view! { <Notice tint=Tint::Error test="wrong">{say!(items.pin_wrong)}</Notice> })}
                    <p class="lead">{say!(items.pin_body)}</p>
                    <p class="strong" data-test="tries-left">{say!(pin.tries_left, left)}</p>
                    <section class="aside"><p class="lead--icon"><Icon shape=Shape::Lock/>{say!(items.pin_stop)}</p></section>
                </div>
                <SecretKeys secret label=Signal::derive(say!(pin.keypad))/>
            </div>
        </Frame>
    }
}
