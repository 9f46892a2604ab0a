//! Where people go from a kiosk, and where staff call them to.

use super::ConfigError;
use crate::call_place::CallPlace;
use crate::name::Name;
use crate::words::Text as _;
use protocol::settings::DESTINATIONS;

/// More than any site has, and than anybody finds in a list.
const MOST: usize = 30;
/// Longest name of a destination, in Japanese and in any other language, in characters: as for a place to call to.
pub(crate) const DESTINATION: (usize, usize) = (20, 40);
/// Of `call_places`.
pub(super) const EXPECTED: &str = "write at most 30 of: reception, counter 1, lane 1, room 1 (numbers from 1 to 20), a name of 1 to 20 characters, or such a name with ` / ` and its English one";

/// Where people go from a kiosk.
///
/// # Errors
/// [`ConfigError::Value`].
pub(super) fn destinations(lines: &[String]) -> Result<Vec<Name>, ConfigError> {
    let expected = "write at most 9 names of 1 to 20 characters, each also with ` / ` and an English one of 1 to 40";
    let name =
        |line: &String| Name::parse(line).filter(|name| name.fits(DESTINATION.0, DESTINATION.1));
    let names: Option<Vec<_>> = lines.iter().map(name).collect();
    let names = names.filter(|names| names.len() <= DESTINATIONS);
    names.ok_or(ConfigError::Value("destinations", expected))
}

/// The places that the site lists, or else the reception.
///
/// # Errors
/// [`ConfigError::Value`].
pub(super) fn listed(lines: Option<Vec<String>>) -> Result<Vec<CallPlace>, ConfigError> {
    let lines = lines.unwrap_or_else(|| vec!["reception".into()]);
    let places: Option<Vec<_>> = lines.iter().map(|text| CallPlace::parse(text.trim())).collect();
    let places = places.filter(|places| !places.is_empty());
    places.ok_or(ConfigError::Value("call_places", EXPECTED))
}

/// What is listed, and the destinations, which people know from the kiosk. `None`: there are too many, or two are the same.
pub(crate) fn with_destinations(
    listed: &[CallPlace],
    destinations: &[Name],
) -> Option<Vec<CallPlace>> {
    let mut places = listed.to_vec();
    for name in destinations {
        let text = match name.en() {
            Some(en) => format!("{} / {en}", name.ja),
            None => name.ja.clone(),
        };
        // What the store will read of it, so that a call is the same after a restart.
        let Some(place) = CallPlace::read(&text) else { continue };
        let is_it = |other: &CallPlace| match (other, &place) {
            (CallPlace::Named { ja, .. }, CallPlace::Named { ja: name, .. }) => ja == name,
            (other, place) => other == place,
        };
        if !places.iter().any(is_it) {
            places.push(place);
        }
    }
    let apart = places.iter().enumerate().all(|(at, place)| !places[..at].contains(place));
    (apart && places.len() <= MOST).then_some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(places: &[&str]) -> Vec<String> {
        places.iter().map(|&place| place.to_owned()).collect()
    }

    fn of(places: Option<Vec<String>>, names: &[&str]) -> Option<Vec<CallPlace>> {
        with_destinations(&listed(places).unwrap(), &destinations(&lines(names)).unwrap())
    }

    #[test]
    fn destinations_follow_what_is_listed_and_keep_their_english_names() {
        let names = ["内科", "採血室 / Blood room"];
        let place = |ja: &str, en: &str| CallPlace::Named { ja: ja.into(), en: en.into() };
        let (inner, blood) = (CallPlace::named("内科"), place("採血室", "Blood room"));
        assert_eq!(of(None, &names), Some(vec![CallPlace::Reception, inner.clone(), blood]));
        let places = of(Some(lines(&["lane 1", "採血室 / Blood tests"])), &names);
        let blood = place("採血室", "Blood tests");
        assert_eq!(places, Some(vec![CallPlace::Lane(1), blood, inner]), "as it is listed");
    }

    #[test]
    fn a_call_to_any_destination_is_the_same_after_a_restart() {
        let odd =
            [" 小児科", "lane A", "room 21", "lane 2", "内科 / Internal", "眼科 /", "lane / x"];
        let places = of(None, &odd).unwrap();
        assert_eq!(places.len(), 1 + odd.len());
        for place in places {
            assert_eq!(CallPlace::read(&place.write()), Some(place));
        }
    }

    #[test]
    fn a_list_that_cannot_be_meant_is_refused() {
        for wrong in [lines(&[]), lines(&["lane 99"])] {
            let error = listed(Some(wrong)).unwrap_err().to_string();
            assert!(error.starts_with("option `call_places`: write at most 30"), "{error}");
        }
        let many: Vec<_> = (0..31).map(|at| format!("第{at}")).collect();
        assert_eq!(of(Some(many), &[]), None);
        assert_eq!(of(Some(lines(&["lane 1", "lane 1"])), &[]), None);
        let long = "長".repeat(21);
        for wrong in [vec![long.as_str()], vec!["内科"; 10], vec![""]] {
            let error = destinations(&lines(&wrong)).unwrap_err().to_string();
            assert!(error.starts_with("option `destinations`: write at most 9"), "{error}");
        }
    }
}
