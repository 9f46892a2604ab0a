//! Which place a visit is called to, unless staff choose another one.

use protocol::call::Place;

/// Index into the places of the board: the one that was chosen for this visit, its own destination, where staff at this page called
/// to last, or the first one.
pub(crate) fn place_of(
    places: &[Place],
    chosen: Option<u8>,
    destination: Option<&str>,
    last: Option<u8>,
) -> u8 {
    let is_it = |place: &Place| match place {
        Place::Named { ja, .. } => Some(ja.as_str()) == destination,
        _ => false,
    };
    let own = places.iter().position(is_it).and_then(|at| u8::try_from(at).ok());
    let is_there = |at: &u8| usize::from(*at) < places.len();
    chosen.filter(is_there).or(own).or(last.filter(is_there)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_destination_comes_first_then_the_last_place() {
        let named = |ja: &str| Place::Named { ja: ja.into(), en: ja.into() };
        let places = [Place::Reception, Place::Lane { number: 1 }, named("内科")];
        assert_eq!(place_of(&places, None, Some("内科"), Some(1)), 2);
        assert_eq!(place_of(&places, None, Some("外科"), Some(1)), 1);
        assert_eq!(place_of(&places, None, None, None), 0);
        assert_eq!(place_of(&places, None, None, Some(9)), 0, "the site lists fewer by now");
        assert_eq!(place_of(&places, Some(0), Some("内科"), Some(1)), 0, "staff chose it");
        assert_eq!(place_of(&places, Some(9), Some("内科"), Some(1)), 2);
    }
}
