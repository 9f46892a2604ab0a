//! Where people go from the kiosk, and how long it waits for them: what managers change counts from the moment at which nobody is there.

use super::Desk;
use crate::name::Name;
use crate::settings::Values;

/// The site's list, as views show it.
pub(super) fn of(values: &Values) -> Vec<protocol::Name> {
    values.destinations.iter().map(Name::to_wire).collect()
}

impl Desk {
    /// Who is at the kiosk goes on with the list with which they began: what they touched on the screen is a place in it.
    pub(super) fn look_after_settings(&mut self) {
        let values = self.site.settings.now();
        let listed = of(&values);
        let count = u8::try_from(listed.len()).unwrap_or(u8::MAX);
        if self.visit.take_over(count, values.patience) {
            self.destinations = listed;
        }
    }
}
