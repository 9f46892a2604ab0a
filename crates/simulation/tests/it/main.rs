//! Planned visits and random ones.

mod personas;
mod random;
