//! The 申立書 that lies ready at a kiosk, printed at the reception. It is asked for by a press, because that is in the audit, held
//! by the panel alone, and gone with it.

use super::{CONFLICT, Put, To};
use crate::board::api::{self, Trouble};
use crate::components::notice::{Notice, Tint};
use crate::effects::page;
use crate::effects::sheet::Sheet;
use crate::words::say;
use leptos::prelude::*;
use protocol::staff::AtKiosk;

#[component]
pub(super) fn Print(to: To) -> impl IntoView {
    let (sheet, here) = (StoredValue::new_local(None::<Sheet>), RwSignal::new(false));
    let open = move |_| {
        let at = AtKiosk { kiosk: to.kiosk.get_value(), seen: to.seen };
        let request = async move |session| api::statement(&session, &at).await;
        to.state.ask("statement", to.about(), request, move |answer| match answer {
            // The panel may be gone by now, and the page with it.
            Ok(page) => {
                sheet.try_set_value(Some(page));
                here.try_set(true);
            }
            Err(Trouble::Refused(CONFLICT)) => _ = to.put.try_set(Some(Put::Late)),
            Err(trouble) => to.state.take(Err(trouble)),
        });
    };
    // Where the browser does not print, the person's own screen still does.
    let print = move |_| _ = page::print();
    view! {
        <section class="type-form stack" data-test="type-print">
            <p>{say!(board.print_lead)}</p>
            <Show when=move || here.get() fallback=move || view! {
                <button type="button" class="button button--secondary button--small" data-test="print-open" on:click=open>{say!(board.print_open)}</button>
            }>
                <img class="printout" src=sheet.with_value(|sheet| sheet.as_ref().map(Sheet::address)) alt=say!(printout.preview) draggable="false" data-test="printout"/>
                <button type="button" class="button button--secondary button--small" data-test="print" on:click=print>{say!(printout.print)}</button>
            </Show>
            <div role="status">
                <Show when=move || to.put.get() == Some(Put::Late)>
                    <Notice tint=Tint::Warning test="type-late">{say!(board.type_late)}</Notice>
                </Show>
            </div>
        </section>
    }
}
