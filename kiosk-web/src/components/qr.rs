//! A QR code, drawn here.

use crate::model::qr;
use leptos::prelude::*;

/// The code of an address, black on white, with the address below.
#[component]
pub(crate) fn Qr(
    /// What it says.
    address: &'static str,
    /// Words for screen readers.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <figure class="qr-figure">
            <QrOf text=address.to_owned() label/>
            <figcaption class="small" lang="en">{address}</figcaption>
        </figure>
    }
}

/// The code of any text that is not too long, alone.
#[component]
pub(crate) fn QrOf(
    /// What it says.
    text: String,
    /// Words for screen readers.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let drawn = qr::path(&text);
    // It may be a secret.
    drop(text);
    drawn.map(|(width, modules)| {
        view! {
            <svg class="qr" viewBox=format!("0 0 {width} {width}") role="img" aria-label=label shape-rendering="crispEdges">
                <rect class="qr__ground" width=width height=width/>
                <path class="qr__dark" d=modules/>
            </svg>
        }
    })
}
