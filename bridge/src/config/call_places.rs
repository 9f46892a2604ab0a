//! Where staff call people to.

use super::ConfigError;
use crate::call_place::CallPlace;
use crate::words::Text as _;

/// More than any site has, and than anybody finds in a list.
const MOST: usize = 30;

/// What the site lists, or else the reception; and in either case its destinations, which people know from the kiosk.
///
/// # Errors
/// [`ConfigError::Value`].
pub(super) fn call_places(
    listed: Option<Vec<String>>,
    destinations: &[String],
) -> Result<Vec<CallPlace>, ConfigError> {
    let expected = "write at most 30 of: reception, counter 1, lane 1, room 1 (numbers from 1 to 20), a name of 1 to 20 characters, or such a name with ` / ` and its English one";
    let refused = || ConfigError::Value("call_places", expected);
    let listed = listed.unwrap_or_else(|| vec!["reception".into()]);
    let places: Option<Vec<_>> = listed.iter().map(|text| CallPlace::parse(text.trim())).collect();
    let mut places = places.filter(|places| !places.is_empty()).ok_or_else(refused)?;
    for name in destinations {
        // What the store will read of it, so that a call is the same after a restart.
        let Some(place) = CallPlace::read(name.trim()) else { continue };
        let is_it = |other: &CallPlace| match (other, &place) {
            (CallPlace::Named { ja, .. }, CallPlace::Named { ja: name, .. }) => ja == name,
            (other, place) => other == place,
        };
        if !places.iter().any(is_it) {
            places.push(place);
        }
    }
    let apart = places.iter().enumerate().all(|(at, place)| !places[..at].contains(place));
    if apart && places.len() <= MOST { Ok(places) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(places: &[&str]) -> Vec<String> {
        places.iter().map(|&place| place.to_owned()).collect()
    }

    #[test]
    fn destinations_follow_what_is_listed_and_keep_their_english_names() {
        let destinations = ["内科".to_owned(), "採血室".to_owned()];
        let of = |places| call_places(places, &destinations).unwrap();
        let named = CallPlace::named;
        assert_eq!(of(None), [CallPlace::Reception, named("内科"), named("採血室")]);
        let blood = CallPlace::Named { ja: "採血室".into(), en: "Blood tests".into() };
        let places = of(Some(listed(&["lane 1", "採血室 / Blood tests"])));
        assert_eq!(places, [CallPlace::Lane(1), blood, named("内科")]);
    }

    #[test]
    fn a_call_to_any_destination_is_the_same_after_a_restart() {
        let odd = [" 小児科", "lane A", "room 21", "lane 2", "内科 / Internal", "内科 / "];
        let places = call_places(None, &odd.map(str::to_owned)).unwrap();
        assert_eq!(places.len(), 1 + odd.len());
        for place in places {
            assert_eq!(CallPlace::read(&place.write()), Some(place));
        }
    }

    #[test]
    fn a_list_that_cannot_be_meant_is_refused() {
        let many: Vec<_> = (0..31).map(|at| format!("第{at}")).collect();
        for wrong in [listed(&[]), listed(&["lane 99"]), listed(&["lane 1", "lane 1"]), many] {
            let error = call_places(Some(wrong), &[]).unwrap_err().to_string();
            assert!(error.starts_with("option `call_places`: write at most 30"), "{error}");
        }
    }
}
