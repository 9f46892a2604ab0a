//! Whether the eligibility service answers.

use super::Finding;
use crate::config::{Config, GatewayChoice};
use crate::gateway::http::is_there;

/// `None`: the site asks none. Blocks, for seconds when the service is silent.
pub(crate) fn service(config: &Config) -> Option<Finding> {
    let GatewayChoice::Http(service) = &config.gateway else { return None };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let there = runtime.map_err(|error| error.to_string());
    let there = there.and_then(|runtime| runtime.block_on(is_there(service)));
    let address = &service.address;
    Some(match there {
        Ok(()) => Finding::Fine(address.clone().into()),
        Err(why) => Finding::wrong(
            format!(
                "資格確認サービス {address} が応答しません。ネットワークと証明書を確認してください（{why}）"
            ),
            format!(
                "the eligibility service {address} does not answer: check network and certificates ({why})"
            ),
        ),
    })
}
