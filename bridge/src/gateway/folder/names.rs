//! Names of our own requests: they tell when they were made, so that what nobody waits for any more can be removed, and nothing else
//! ever is.

use checkin::deadlines::GIVE_UP_MS;
use checkin::time::in_japan;
use jiff::Timestamp;
use jiff::civil::DateTime;
use oqs::{ExchangeName, Kind};
use std::path::Path;
use std::time::Duration;

/// How the names of requests of this program begin, behind what all requests begin with.
const OURS: &str = "UK";
/// Digits of the time behind it, yyyyMMddHHmmss in Japan.
const TIME: usize = 14;
/// A terminal takes a request within seconds (domain-facts B1); one that lies for so long shows that its program does not run.
pub(crate) const UNTAKEN: Duration = Duration::from_mins(1);

/// A name that no request of this kind had before.
pub(super) fn new(kind: Kind, now: Timestamp) -> ExchangeName {
    let unique: [u8; 8] = rand::random();
    let time = in_japan(now).strftime("%Y%m%d%H%M%S");
    let own = format!("{OURS}{time}{}", hex::encode(unique));
    ExchangeName::new(kind, &own).expect("letters and digits make a name")
}

/// Whether it is the name of a request of ours, or of its answer, that nobody waits for any more.
pub(super) fn is_over(name: &ExchangeName, now: Timestamp) -> bool {
    let made = name.own().strip_prefix(OURS).and_then(|rest| rest.get(..TIME));
    let made = made.and_then(|time| DateTime::strptime("%Y%m%d%H%M%S", time).ok());
    let age = made.map(|made| in_japan(now).duration_since(made));
    let give_up = i128::from(GIVE_UP_MS);
    matches!(name.kind(), Kind::Request | Kind::Result | Kind::Register | Kind::Registered)
        && age.is_some_and(|age| age.as_millis() > give_up)
}

/// Whether the request at this path lies there for longer than a terminal needs to take it.
pub(crate) fn is_untaken(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let asks = name.parse::<ExchangeName>().is_ok_and(|name| name.kind().answer().is_some());
    let written = path.metadata().and_then(|about| about.modified());
    let age = written.ok().and_then(|written| written.elapsed().ok());
    asks && age.is_some_and(|age| age > UNTAKEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_are_ever_over() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (made, later) = (at("2026-11-29T08:00:00+09:00"), at("2026-11-29T16:00:01+09:00"));
        let name = new(Kind::Request, made);
        assert!(!is_over(&name, made) && !is_over(&name, at("2026-11-29T16:00:00+09:00")));
        assert!(is_over(&name, later) && is_over(&name.answer().unwrap(), later));
        assert_ne!(name, new(Kind::Request, made));
        assert!(is_over(&new(Kind::Register, made), later));
        for others in ["OQSsiquc01req_202611290001.xml", "OQSsiquc01res_UKUKUKUKUKUKUKUK.xml"] {
            assert!(!is_over(&others.parse().unwrap(), later), "{others}");
        }
        // A bulk question goes on where it was.
        let another_kind = name.to_string().replace("siquc01req", "muquc01req");
        assert!(!is_over(&another_kind.parse().unwrap(), later));
    }
}
