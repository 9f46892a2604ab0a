//! What the screens share.

pub(crate) mod answers;
pub(crate) mod button;
pub(crate) mod by_eye;
pub(crate) mod by_staff;
pub(crate) mod card_front;
pub(crate) mod date_fields;
pub(crate) mod entered;
pub(crate) mod frame;
pub(crate) mod header;
pub(crate) mod icon;
pub(crate) mod keypad;
pub(crate) mod languages;
pub(crate) mod leaving;
pub(crate) mod notice;
pub(crate) mod other_methods;
pub(crate) mod picture;
pub(crate) mod place;
pub(crate) mod presence;
pub(crate) mod problem;
pub(crate) mod qr;
mod reasons;
pub(crate) mod secret;
pub(crate) mod ticket;
pub(crate) mod way;
