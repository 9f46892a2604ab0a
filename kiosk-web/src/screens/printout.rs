//! The 申立書 is ready: shown, printed where the browser can, else printed at the reception.

use crate::components::button::{Button, Kind};
use crate::components::frame::{Busy, Frame};
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::effects::page;
use crate::effects::sheet::Sheet;
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::say;
use leptos::prelude::*;
use protocol::Action;
use wasm_bindgen_futures::spawn_local;

/// Whether the page can be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Opening,
    Here,
    AtReception,
}

/// Print, sign, go on.
#[component]
pub(crate) fn StatementReady() -> impl IntoView {
    let shell = Shell::get();
    let (stage, sheet) = (RwSignal::new(Stage::Opening), StoredValue::new_local(None::<Sheet>));
    spawn_local(async move {
        let opened = Sheet::fetch(&page::of_kiosk("/statement.svg")).await;
        if let Err(error) = &opened {
            leptos::logging::warn!("no page to print: {error:?}");
        }
        let found = if opened.is_ok() { Stage::Here } else { Stage::AtReception };
        // The person may have gone on meanwhile: dropping frees the page.
        sheet.try_set_value(opened.ok());
        stage.try_set(found);
    });
    let print = move || {
        if page::print().is_err() {
            stage.set(Stage::AtReception);
        }
    };
    let preview = move || {
        match stage.get() {
        Stage::Opening => view! { <Busy text=Signal::derive(say!(printout.busy))/> }.into_any(),
        Stage::AtReception => view! { <Notice tint=Tint::Info test="print-at-reception">{say!(printout.at_reception)}</Notice> }.into_any(),
        Stage::Here => {
            let address = sheet.with_value(|sheet| sheet.as_ref().map(Sheet::address));
            // A picture: the browser puts no tools around it, saving among them.
            view! { <img class="printout" src=address alt=say!(printout.preview) draggable="false" data-test="printout"/> }.into_any()
        }
    }
    };
    let ways = move || {
        view! {
            <Button kind=Kind::Primary test="continue" on_press=move || shell.act(Action::Continue)>{say!(common.next)}</Button>
            <Show when=move || stage.get() == Stage::Here>
                <Button kind=Kind::Secondary test="print" on_press=print>{say!(printout.print)}</Button>
            </Show>
        }
    };
    view! {
        <Frame name="statement_ready" step=Step::Result title=Signal::derive(say!(printout.title)) ways>
            <Show when=move || stage.get() == Stage::Here>
                <p class="lead lead--icon"><Icon shape=Shape::Done/>{say!(printout.body)}</p>
            </Show>
            {preview}
            <p class="strong">{say!(common.usual_share)}</p>
            <p class="small">{say!(printout.ours)}</p>
        </Frame>
    }
}
