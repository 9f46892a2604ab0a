//! Screens on which the kiosk works and the person waits.

use super::items::ConsentsAtReader;
use crate::components::frame::{Busy, Frame};
use crate::components::icon::{Icon, Shape};
use crate::model::shown::Step;
use crate::words::say;
use leptos::prelude::*;

/// The card is read.
#[component]
pub(crate) fn Reading() -> impl IntoView {
    view! {
        <Frame name="reading" step=Step::Card title=Signal::derive(say!(reading.title)) can_stop=false>
            <Busy text=Signal::derive(say!(reading.body))/>
        </Frame>
    }
}

/// The photo is read and prepared.
#[component]
pub(crate) fn ReadingPhoto() -> impl IntoView {
    view! {
        <Frame name="reading_photo" step=Step::Identity title=Signal::derive(say!(reading_photo.title)) can_stop=false>
            <Busy text=Signal::derive(say!(reading_photo.body))/>
            <section class="aside">
                <h2 class="aside__title"><Icon shape=Shape::Camera/>{say!(face.title_before)}</h2>
                <p>{say!(face.purpose)}</p>
            </section>
        </Frame>
    }
}

/// The card checks the PIN.
#[component]
pub(crate) fn CheckingPin() -> impl IntoView {
    view! {
        <Frame name="checking_pin" step=Step::Identity title=Signal::derive(say!(pin.checking)) can_stop=false>
            <Busy text=Signal::derive(say!(common.keep_card))/>
        </Frame>
    }
}

/// The passcode is checked.
#[component]
pub(crate) fn CheckingPasscode() -> impl IntoView {
    view! {
        <Frame name="checking_passcode" step=Step::Identity title=Signal::derive(say!(staff.checking)) can_stop=false>
            <Busy text=Signal::derive(say!(common.please_wait))/>
        </Frame>
    }
}

/// Name, birth date and sex are read.
#[component]
pub(crate) fn ReadingItems() -> impl IntoView {
    view! {
        <Frame name="reading_items" step=Step::Identity title=Signal::derive(say!(items.reading)) can_stop=false>
            <Busy text=Signal::derive(say!(common.keep_card))/>
        </Frame>
    }
}

/// The clinic's patient list is asked.
#[component]
pub(crate) fn Finding() -> impl IntoView {
    view! {
        <Frame name="finding" step=Step::Result title=Signal::derive(say!(items.finding)) can_stop=false>
            <Busy text=Signal::derive(say!(items.finding_body))/>
            <ConsentsAtReader/>
        </Frame>
    }
}

/// The identity is handed over.
#[component]
pub(crate) fn Opening() -> impl IntoView {
    view! {
        <Frame name="opening" step=Step::Identity title=Signal::derive(say!(opening.title)) can_stop=false>
            <Busy text=Signal::derive(say!(opening.body))/>
        </Frame>
    }
}

/// Eligibility is asked for, or the visit is being closed: the machines are at work, and nothing can be stopped.
#[component]
pub(crate) fn Waiting() -> impl IntoView {
    view! {
        <Frame name="waiting" step=Step::Result title=Signal::derive(say!(waiting.title)) can_stop=false>
            <Busy text=Signal::derive(say!(waiting.body))/>
        </Frame>
    }
}
