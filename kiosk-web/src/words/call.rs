//! Where people go who are called.

use crate::i18n::Locale;
use leptos_i18n::td_string;
use protocol::call::Place;

/// Name of a place.
pub(crate) fn place(locale: Locale, place: &Place) -> String {
    match place {
        Place::Reception => td_string!(locale, call.place_reception).to_owned(),
        Place::Counter { number } => td_string!(locale, call.place_counter, number),
        Place::Lane { number } => td_string!(locale, call.place_lane, number),
        Place::Room { number } => td_string!(locale, call.place_room, number),
        Place::Named { ja, en } => match locale {
            Locale::ja => ja.clone(),
            Locale::en => en.clone(),
        },
    }
}
