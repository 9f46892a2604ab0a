//! While the lines of the board move nothing of them is pressed: they move as others work, and as soon as the first tap of a
//! double tap is answered; the finger then lies over the next person.

use super::state::BoardState;
use crate::effects::{rows, touch};
use crate::model::lines::{Tops, have_moved};
use crate::shell::HOLD_MS;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// What is about one visit.
const LINES: &str = "[data-visit], [data-unread]";

/// Whether the lines have moved a moment ago. Keys go by the focus, which does not move.
pub(super) fn hold_while_moving(state: BoardState) -> RwSignal<bool> {
    let held = RwSignal::new(false);
    let timer = StoredValue::new_local(None::<Timeout>);
    let tops = StoredValue::new(Tops::new());
    let look = move || {
        let now = rows::tops();
        let moved = tops.with_value(|before| have_moved(before, &now));
        tops.set_value(now);
        if moved {
            held.set(true);
            timer.set_value(Some(Timeout::new(HOLD_MS, move || held.set(false))));
        }
    };
    Effect::new(move || {
        // Whatever changes the page, above the lines too.
        state.rows.track();
        state.board.track();
        state.waits.track();
        state.filter.track();
        state.open.track();
        state.eye.track();
        request_animation_frame(look);
    });
    // What the person at the screen makes larger or smaller takes nobody by surprise.
    rows::when_resized(move || request_animation_frame(move || tops.set_value(rows::tops())));
    touch::hold_presses(LINES, move || held.get_untracked());
    held
}
