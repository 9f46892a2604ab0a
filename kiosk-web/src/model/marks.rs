//! Which place a visit is called to, unless staff choose another one.

use protocol::call::Place;

/// Index into the places of the board: the visit's own destination, or where staff at this page called to last, or the first one.
pub(crate) fn place_of(places: &[Place], destination: Option<&str>, last: Option<u8>) -> u8 {
    let is_it = |place: &Place| match place {
        Place::Named { ja, .. } => Some(ja.as_str()) == destination,
        _ => false,
    };
    let own = places.iter().position(is_it).and_then(|at| u8::try_from(at).ok());
    let last = last.filter(|last| usize::from(*last) < places.len());
    own.or(last).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_destination_comes_first_then_the_last_place() {
        let named = |ja: &str| Place::Named { ja: ja.into(), en: ja.into() };
        let places = [Place::Reception, Place::Lane { number: 1 }, named("内科")];
        assert_eq!(place_of(&places, Some("内科"), Some(1)), 2);
        assert_eq!(place_of(&places, Some("外科"), Some(1)), 1);
        assert_eq!(place_of(&places, None, None), 0);
        assert_eq!(place_of(&places, None, Some(9)), 0, "the site lists fewer by now");
    }
}
