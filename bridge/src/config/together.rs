//! What does not go together in one configuration.

use super::{ConfigError, GatewayChoice};
use std::path::Path;

/// Who comes, who answers, and where results go.
///
/// # Errors
/// [`ConfigError::Value`], with what to leave out.
pub(super) fn check(
    accept_practice_cards: bool,
    own_cards: bool,
    gateway: &GatewayChoice,
    result_folder: Option<&Path>,
) -> Result<(), ConfigError> {
    if accept_practice_cards && result_folder.is_some() {
        return Err(ConfigError::Value(
            "accept_practice_cards",
            "a kiosk with a result_folder serves patients, and takes no practice cards: leave one of the two out",
        ));
    }
    if let GatewayChoice::Beside(folder) = gateway
        && result_folder == Some(folder)
    {
        return Err(ConfigError::Value(
            "result_folder",
            "the official reader hands its results to the receipt computer itself: leave result_folder out beside it",
        ));
    }
    let rehearses = accept_practice_cards && matches!(gateway, GatewayChoice::Simulator);
    if own_cards && !rehearses {
        return Err(ConfigError::Value(
            "own_cards",
            "invented answers are for rehearsals at the simulator: set accept_practice_cards, and leave [gateway] out",
        ));
    }
    Ok(())
}
