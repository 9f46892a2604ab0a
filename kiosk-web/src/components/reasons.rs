//! Why staff confirm by eye.

use crate::words::{self, language, say};
use leptos::prelude::*;
use protocol::action::VisualReason;

const REASONS: [(VisualReason, &str); 4] = [
    (VisualReason::FaceNotMatched, "reason-face_not_matched"),
    (VisualReason::PinUnavailable, "reason-pin_unavailable"),
    (VisualReason::CannotOperate, "reason-cannot_operate"),
    (VisualReason::EquipmentTrouble, "reason-equipment_trouble"),
];

/// One of four; none is chosen at first.
#[component]
pub(crate) fn Reasons(reason: RwSignal<Option<VisualReason>>) -> impl IntoView {
    let language = language();
    let options = REASONS.map(|(value, test)| {
        view! {
            <label class="option">
                <input type="radio" name="reason" data-test=test prop:checked=move || reason.get() == Some(value)
                    on:change=move |_| reason.set(Some(value))/>
                <span>{move || words::reason(language.0.get(), value)}</span>
            </label>
        }
    });
    view! {
        <fieldset class="options">
            <legend>{say!(staff.reason)}</legend>
            {options}
        </fieldset>
    }
}
