//! A kiosk page of these tests' own, over a real socket, against a whole bridge in practice mode.

mod doors;
mod identify;
mod page;
mod privacy;
mod resilience;
mod site;
mod tray;
mod visit;
