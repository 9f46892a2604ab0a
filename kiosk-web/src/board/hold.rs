//! What has just appeared or was just pressed takes no press for a moment: the second tap of a double tap would land on something
//! that nobody has read.

use crate::shell::HOLD_MS;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// See the module. Ready at first.
#[derive(Clone, Copy)]
pub(super) struct Hold {
    ready: RwSignal<bool>,
    timer: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Hold {
    pub(super) fn new() -> Self {
        Self { ready: RwSignal::new(true), timer: StoredValue::new_local(None) }
    }

    /// For what appears now.
    pub(super) fn begun() -> Self {
        let hold = Self::new();
        hold.begin();
        hold
    }

    /// From now on for [`HOLD_MS`].
    pub(super) fn begin(self) {
        let Self { ready, timer } = self;
        ready.set(false);
        timer.set_value(Some(Timeout::new(HOLD_MS, move || {
            ready.try_set(true);
        })));
    }

    pub(super) fn is_over(self) -> bool {
        self.ready.get_untracked()
    }

    /// For `data-held`, so that it can be seen from outside until when.
    pub(super) fn mark(self) -> Option<&'static str> {
        (!self.ready.get()).then_some("")
    }
}
