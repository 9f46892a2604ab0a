//! Which place a visit is called to, unless staff choose another one.

use protocol::call::Place;

/// Of the places of the board: the one that was chosen for this visit, its own destination, where staff at this page called to last,
/// or the first one. What the site does not list any more is passed over. `None`: the board is not there yet.
pub(crate) fn place_of(
    places: &[Place],
    chosen: Option<&Place>,
    destination: Option<&str>,
    last: Option<&Place>,
) -> Option<Place> {
    let is_it = |place: &&Place| match place {
        Place::Named { ja, .. } => Some(ja.as_str()) == destination,
        _ => false,
    };
    let own = places.iter().find(is_it);
    let is_there = |place: &&Place| places.contains(place);
    chosen.filter(is_there).or(own).or(last.filter(is_there)).or(places.first()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_destination_comes_first_then_the_last_place() {
        let named = |ja: &str| Place::Named { ja: ja.into(), en: ja.into() };
        let (desk, lane, inner) = (Place::Reception, Place::Lane { number: 1 }, named("内科"));
        let places = [desk.clone(), lane.clone(), inner.clone()];
        let gone = named("外科");
        let of = |chosen, destination, last| place_of(&places, chosen, destination, last).unwrap();
        assert_eq!(of(None, Some("内科"), Some(&lane)), inner);
        assert_eq!(of(None, Some("外科"), Some(&lane)), lane);
        assert_eq!(of(None, None, None), desk);
        assert_eq!(of(None, None, Some(&gone)), desk, "the site does not list it any more");
        assert_eq!(of(Some(&desk), Some("内科"), Some(&lane)), desk, "staff chose it");
        assert_eq!(of(Some(&gone), Some("内科"), Some(&lane)), inner);
        assert_eq!(place_of(&[], None, None, None), None);
    }
}
