//! Our own drawings of reader and card.

use leptos::prelude::*;

/// What happens with the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Motion {
    /// It is laid down.
    Place,
    /// It is taken off.
    Take,
}

/// A flat reader from the front with a card above it and an arrow.
#[component]
pub(crate) fn ReaderPicture(
    /// What happens with the card.
    motion: Motion,
    /// Words for screen readers.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let (class, arrow) = match motion {
        Motion::Place => ("picture picture--place", "M210 176v46M188 202l22 24 22-24"),
        Motion::Take => ("picture picture--take", "M210 226v-46M188 200l22-24 22 24"),
    };
    view! {
        <svg class=class viewBox="0 0 420 340" role="img" aria-label=label>
            <ellipse class="picture__shade" cx="210" cy="312" rx="180" ry="14"/>
            <path class="picture__reader-top" d="M92 236h236l52 52H40z"/>
            <path class="picture__reader-front" d="M40 288h340v14a10 10 0 0 1-10 10H50a10 10 0 0 1-10-10z"/>
            <path class="picture__field" d="M136 246h148l28 32H108z"/>
            <circle class="picture__light" cx="356" cy="300" r="4"/>
            <g class="picture__card">
                <rect class="picture__card-ground" x="112" y="24" width="196" height="124" rx="10"/>
                <path class="picture__card-band" d="M112 34a10 10 0 0 1 10-10h176a10 10 0 0 1 10 10v14H112z"/>
                <rect class="picture__photo" x="126" y="62" width="48" height="62" rx="4"/>
                <circle class="picture__person" cx="150" cy="84" r="11"/>
                <path class="picture__person" d="M130 124c0-14 9-22 20-22s20 8 20 22z"/>
                <path class="picture__text" d="M190 70h96M190 86h78M190 102h60"/>
                <rect class="picture__chip" x="258" y="108" width="32" height="25" rx="5"/>
                <path class="picture__chip-line" d="M258 120h11M279 120h11M269 108v25M279 108v25"/>
            </g>
            <path class="picture__arrow" d=arrow/>
        </svg>
    }
}
