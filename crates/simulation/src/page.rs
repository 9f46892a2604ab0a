//! The kiosk page and its line to the bridge: what is shown and what is touched goes through the JSON of
//! the wire and the bridge's own conversions, in both directions.

use checkin::{Action, Event, Revision, View};
use protocol::{FromBridge, FromKiosk, MAX_TEXT_BYTES};

/// The view as the page gets it.
///
/// # Errors
/// One sentence when it does not come through as it was sent.
pub(crate) fn shown(
    view: &View,
    destinations: &[protocol::Name],
) -> Result<protocol::View, String> {
    let sent = FromBridge::View(wire::view(view, true, true, destinations));
    match over_the_line(&sent)? {
        FromBridge::View(view) => Ok(view),
        other => Err(format!("a view became {other:?}")),
    }
}

/// What the page sends, as the bridge understands it.
///
/// # Errors
/// One sentence when the bridge would refuse it.
pub(crate) fn touched(seen: u64, action: &protocol::Action) -> Result<Event, String> {
    let sent = FromKiosk::Act { seen, action: action.clone() };
    let FromKiosk::Act { seen, action } = over_the_line(&sent)? else {
        return Err("an act became something else".to_owned());
    };
    let action: Action = wire::action(&action).map_err(|error| error.to_string())?;
    Ok(Event::Acted { seen: Revision(seen), action })
}

fn over_the_line<T>(message: &T) -> Result<T, String>
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let text = serde_json::to_string(message).map_err(|error| error.to_string())?;
    if text.len() > MAX_TEXT_BYTES {
        return Err(format!("{} bytes do not fit a frame", text.len()));
    }
    let read: T = serde_json::from_str(&text).map_err(|error| format!("{error}: {message:?}"))?;
    if read == *message { Ok(read) } else { Err(format!("{message:?} became {read:?}")) }
}
