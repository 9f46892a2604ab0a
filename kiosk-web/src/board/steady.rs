//! While the lines of the board move nothing of them is pressed: they move as others work, and as soon as the first tap of a
//! double tap is answered; the finger then lies over the next person.

use super::state::BoardState;
use crate::effects::{rows, touch};
use crate::model::lines::have_moved;
use crate::shell::HOLD_MS;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// What is about one visit.
const LINES: &str = "[data-visit], [data-unread]";

/// Whether the lines have moved a moment ago, by what was heard: what the person at the page does moves them before their own eyes.
/// Keys go by the focus, which does not move.
pub(super) fn hold_while_moving(state: BoardState) -> RwSignal<bool> {
    let held = RwSignal::new(false);
    let timer = StoredValue::new_local(None::<Timeout>);
    let look = move || {
        let Some(before) = state.lay.try_update_value(Option::take).flatten() else { return };
        if have_moved(&before, &rows::tops()) {
            held.set(true);
            timer.set_value(Some(Timeout::new(HOLD_MS, move || held.set(false))));
        }
    };
    Effect::new(move || {
        state.heard.track();
        request_animation_frame(look);
    });
    // A press may come before the next frame, when the lines lie elsewhere already.
    touch::hold_presses(LINES, move || {
        look();
        held.get_untracked()
    });
    held
}
