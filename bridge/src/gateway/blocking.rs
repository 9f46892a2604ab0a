//! A system whose calls block: it gets threads of its own.

use super::{AT_ONCE, EligibilityGateway};
use crate::workers::Workers;
use checkin::gateway::GatewayTrouble;
use checkin::{Question, Reply};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// A blocking call as a gateway to a real system. It may block for as long as it likes, and so may [`AT_ONCE`] of them: the
/// threads are theirs alone.
pub struct OnThreads<F> {
    ask: Arc<F>,
    threads: Workers,
}

impl<F: Fn(Question) -> Reply + Send + Sync + 'static> OnThreads<F> {
    /// Puts each question by this call.
    pub fn new(ask: F) -> Self {
        // [`super::Gateway`] never puts more at once, so none finds the queue full.
        Self { ask: Arc::new(ask), threads: Workers::new("gateway", AT_ONCE, AT_ONCE) }
    }
}

impl<F: Fn(Question) -> Reply + Send + Sync + 'static> EligibilityGateway for OnThreads<F> {
    fn simulated(&self) -> bool {
        false
    }

    fn ask(&self, question: Question) -> BoxFuture<'_, Reply> {
        let failed = question.failed(GatewayTrouble::Late);
        let ask = Arc::clone(&self.ask);
        let call = self.threads.run(move || ask(question));
        async { call.await.unwrap_or(failed) }.boxed()
    }
}
