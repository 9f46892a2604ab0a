//! What is done with accounts, on their one thread, with all that follows from it: sessions that open or end, and the audit. So
//! nobody is let in by what another request has changed meanwhile, and nothing is left half done where whoever asked has stopped
//! waiting.

use super::App;
use super::entrance::audit;
use super::staff::{Refused, refused};
use crate::accounts::{Caller, Refusal, Vault};
use crate::reader::Kind;
use crate::store::{AccountDeed, Actor, Deed};
use axum::http::StatusCode;
use jiff::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;

/// Where something is done, by whom, and when.
pub(super) struct At<'a> {
    pub(super) app: &'a App,
    pub(super) vault: &'a mut Vault,
    pub(super) caller: Caller,
    pub(super) now: Timestamp,
}

/// A wrong password or code is audited; one that was not looked at is no news, and might be without number. The patients' audit
/// hears of it wherever it was tried: accounts are the same at both boards.
pub(super) async fn with_vault<T: Send + 'static>(
    app: &Arc<App>,
    address: IpAddr,
    act: impl FnOnce(&mut At<'_>) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refused> {
    let (now, there) = (app.site.clock.now().wall, Arc::clone(app));
    let done = app.site.accounts.call(now, move |vault| {
        let caller = Caller { reach: there.reach, address };
        let done = act(&mut At { app: &there, vault, caller, now });
        if let Err(Refusal::Wrong { account, wait_s }) = &done {
            let (account, wait_s) = (account.clone(), *wait_s);
            let from = address.to_canonical().to_string();
            audit(&there, Kind::Pcsc, Deed::LogInRefused { account, from, wait_s }, None);
        }
        done
    });
    done.await.map_err(|error| answer(&error))
}

impl At<'_> {
    /// Into the audit of the patients, as all that concerns accounts.
    pub(super) fn audit(&self, id: &str, change: AccountDeed, by: Option<Actor>) {
        audit(self.app, Kind::Pcsc, Deed::Account { id: id.into(), change }, by);
    }
}

fn answer(error: &Refusal) -> Refused {
    let status = match error {
        Refusal::Wrong { .. } => StatusCode::FORBIDDEN,
        Refusal::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refusal::Name | Refusal::Weak(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Taken | Refusal::LastManager => StatusCode::CONFLICT,
        Refusal::Unknown => StatusCode::NOT_FOUND,
        Refusal::Store(error) => {
            tracing::error!(%error, "accounts");
            let advice = "The disk does not take it now: try again.";
            return refused(StatusCode::SERVICE_UNAVAILABLE, advice);
        }
    };
    refused(status, &error.to_string())
}
