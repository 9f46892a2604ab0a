//! Where people go from the kiosk: another list counts from the moment at which nobody is there.

use super::Desk;
use crate::name::Name;
use crate::settings::Values;

/// The site's list, as views show it.
pub(super) fn of(values: &Values) -> Vec<protocol::Name> {
    values.destinations.iter().map(Name::to_wire).collect()
}

impl Desk {
    /// Who is at the kiosk goes on with the list with which they began: what they touched on the screen is a place in it.
    pub(super) fn look_after_destinations(&mut self) {
        let listed = of(&self.site.settings.now());
        if listed != self.destinations
            && self.visit.list_destinations(u8::try_from(listed.len()).unwrap_or(u8::MAX))
        {
            self.destinations = listed;
        }
    }
}
