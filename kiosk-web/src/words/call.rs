//! Numbers that are called, and where those people go: as they are written, and as they are said in clips.

use crate::words::{Tongue, text};
use protocol::call::Place;

/// Name of a place.
pub(crate) fn place(locale: Tongue, place: &Place) -> String {
    match place {
        Place::Reception => text!(locale, call.place_reception).to_owned(),
        Place::Counter { number } => text!(locale, call.place_counter, number),
        Place::Lane { number } => text!(locale, call.place_lane, number),
        Place::Room { number } => text!(locale, call.place_room, number),
        // A site names its places twice at most: in Japanese, and for all others.
        Place::Named { ja, en } => if locale == Tongue::JA { ja } else { en }.clone(),
    }
}

/// `32番の方`.
pub(crate) fn number_called(locale: Tongue, number: u16) -> String {
    text!(locale, call.number, number)
}

/// Where to go, as it is said: a name of the site's own has no clip.
fn where_to(locale: Tongue, to: &Place) -> String {
    match to {
        Place::Reception => text!(locale, call.to_reception).to_owned(),
        Place::Counter { number } => text!(locale, call.to_counter, number),
        Place::Lane { number } => text!(locale, call.to_lane, number),
        Place::Room { number } => text!(locale, call.to_room, number),
        Place::Named { .. } => text!(locale, call.to_named).to_owned(),
    }
}

/// The sentences of a call, one clip each: thousands and hundreds apart from the rest, then where to go.
pub(crate) fn spoken(locale: Tongue, number: u16, to: &Place) -> Vec<String> {
    let (thousands, below) = (number / 1_000 * 1_000, number % 1_000);
    let (hundreds, rest) = (below / 100 * 100, below % 100);
    let first = |number: u16| text!(locale, call.hundred, number = number);
    let middle = text!(locale, call.middle, number = hundreds);
    let last = |number: u16| text!(locale, call.rest, number = number);
    let mut said = match (thousands, hundreds, rest) {
        (0, 0, _) | (0, _, 0) | (_, 0, 0) => vec![number_called(locale, number)],
        (0, ..) => vec![first(hundreds), last(rest)],
        (_, 0, _) | (_, _, 0) => vec![first(thousands), last(below)],
        _ => vec![first(thousands), middle, last(rest)],
    };
    said.push(where_to(locale, to));
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_said_in_thousands_hundreds_and_the_rest() {
        let lane = Place::Lane { number: 1 };
        let said = |locale, number| spoken(locale, number, &lane);
        assert_eq!(said(Tongue::JA, 3), ["3番の方", "1番レーンへお進みください"]);
        assert_eq!(said(Tongue::JA, 132)[..2], ["100", "32番の方"]);
        assert_eq!(said(Tongue::JA, 300)[0], "300番の方");
        assert_eq!(said(Tongue::EN, 132), ["Number 100", "32", "Please go to lane 1"]);
        let lane = "1番レーンへお進みください";
        assert_eq!(said(Tongue::JA, 1000), ["1000番の方", lane]);
        assert_eq!(said(Tongue::JA, 1032), ["1000", "32番の方", lane]);
        assert_eq!(said(Tongue::JA, 2300), ["2000", "300番の方", lane]);
        assert_eq!(said(Tongue::JA, 9999), ["9000", "900", "99番の方", lane]);
        assert_eq!(said(Tongue::EN, 1132)[..3], ["Number 1000", "100", "32"]);
        assert_eq!(said(Tongue::EN, 2300)[..2], ["Number 2000", "300"]);
    }

    #[test]
    fn a_name_of_the_sites_own_is_written_and_never_said() {
        let named = Place::Named { ja: "採血室".into(), en: "Blood tests".into() };
        assert_eq!(place(Tongue::EN, &named), "Blood tests");
        assert_eq!(spoken(Tongue::JA, 5, &named)[1], "画面の場所へお越しください");
    }
}
