//! First-time registration, and the choice of a method.

use super::renewal::Renewal;
use super::ways::OtherWays;
use crate::components::answers::Answers;
use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::effects::camera;
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, language, say};
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::{CertificateAlert, Method, MethodNotice, Offer};
use wasm_bindgen_futures::spawn_local;

/// 健康保険証利用の申込.
#[component]
pub(crate) fn Application() -> impl IntoView {
    let shell = Shell::get();
    let ways = move || {
        view! {
            <Answers>
                <Button kind=Kind::Secondary test="continue" on_press=move || shell.act(Action::Continue)>{say!(application.agree)}</Button>
                <OtherWays words=Signal::derive(say!(application.refuse)) kind=Kind::Secondary/>
            </Answers>
        }
    };
    view! {
        <Frame name="application" step=Step::Card title=Signal::derive(say!(application.title)) ways read_first=true>
            <p class="lead">{say!(application.body)}</p>
            <p class="strong">{say!(application.right)}</p>
            <section class="panel">
                <ul class="ticked">
                    <li><Icon shape=Shape::Done/>{say!(application.point_1)}</li>
                    <li><Icon shape=Shape::Done/>{say!(application.point_2)}</li>
                    <li><Icon shape=Shape::Done/>{say!(application.point_3)}</li>
                    <li><Icon shape=Shape::Done/>{say!(application.point_4)}</li>
                </ul>
            </section>
        </Frame>
    }
}

/// The three methods; what cannot be chosen says why. Renewal help covers them when asked for.
#[component]
pub(crate) fn Choose(
    offers: Vec<Offer>,
    alert: Option<CertificateAlert>,
    notice: Option<MethodNotice>,
) -> impl IntoView {
    let shell = Shell::get();
    shell.note_offers(&offers);
    if shell.offers(Method::Face) {
        // Before fourteen digits are typed for nothing.
        spawn_local(async move {
            if !camera::is_there().await {
                shell.act(Action::CameraMissing);
            }
        });
    }
    let help = RwSignal::new(false);
    move || match (help.get(), alert.clone()) {
        (true, Some(alert)) => {
            view! { <Renewal alert=Some(alert) open=help step=Step::Identity/> }.into_any()
        }
        (_, alert) => view! { <Methods offers=offers.clone() alert notice help/> }.into_any(),
    }
}

#[component]
fn Methods(
    offers: Vec<Offer>,
    alert: Option<CertificateAlert>,
    notice: Option<MethodNotice>,
    help: RwSignal<bool>,
) -> impl IntoView {
    let language = language();
    let notice = notice.map(|notice| {
        view! { <Notice tint=Tint::Error test="notice">{move || words::notice(language.0.get(), notice)}</Notice> }
    });
    let alert = alert.map(|alert| view! { <Alert alert help/> });
    let cards = offers.into_iter().map(|offer| view! { <Card offer/> }).collect_view();
    let ways = || view! { <OtherWays words=Signal::derive(say!(ways.none_possible)) kind=Kind::Secondary/> };
    view! {
        <Frame name="method" step=Step::Identity title=Signal::derive(say!(method.title)) ways>
            {notice}
            {alert}
            <div class="choices">{cards}</div>
        </Frame>
    }
}

/// The certificate's expiry, and the way to the help.
#[component]
fn Alert(alert: CertificateAlert, help: RwSignal<bool>) -> impl IntoView {
    let language = language();
    let (title, text) = (alert.clone(), alert);
    view! {
        <div class="notice-row">
            <Notice tint=Tint::Warning test="certificate-alert"
                title=Signal::derive(move || words::alert(language.0.get(), &title).0.to_owned())>
                {move || words::alert(language.0.get(), &text).1}
            </Notice>
            <button type="button" class="button button--secondary button--small" data-test="renewal-open" on:click=move |_| help.set(true)>
                {say!(renewal.open)}
            </button>
        </div>
    }
}

#[component]
fn Card(offer: Offer) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let (shape, test) = match offer.method {
        Method::Face => (Shape::Face, "choose-face"),
        Method::Pin => (Shape::Pin, "choose-pin"),
        Method::Visual => (Shape::Staff, "choose-visual"),
    };
    let name = move || words::method(language.0.get(), offer.method);
    let sentence = move || match offer.why_not {
        None => words::method_note(language.0.get(), offer.method),
        Some(why) => words::why_not(language.0.get(), why),
    };
    let choose = move |_| {
        if offer.why_not.is_none() {
            shell.act(Action::Choose { method: offer.method });
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
