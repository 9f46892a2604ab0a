//! The one double of the eligibility system: the simulator, with something done around each question.

use bridge::gateway::{EligibilityGateway, Simulator};
use checkin::{Question, Reply};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use std::sync::Arc;

struct Double<F> {
    simulator: Arc<Simulator>,
    around: F,
}

/// Replies what `around` makes of the question; the simulator is at hand.
pub(crate) fn double<F, R>(around: F) -> Arc<dyn EligibilityGateway>
where
    F: Fn(Arc<Simulator>, Question) -> R + Send + Sync + 'static,
    R: Future<Output = Reply> + Send + 'static,
{
    Arc::new(Double { simulator: Arc::new(Simulator::practice()), around })
}

impl<F, R> EligibilityGateway for Double<F>
where
    F: Fn(Arc<Simulator>, Question) -> R + Send + Sync + 'static,
    R: Future<Output = Reply> + Send + 'static,
{
    fn simulated(&self) -> bool {
        true
    }

    fn ask(&self, question: Question) -> BoxFuture<'_, Reply> {
        (self.around)(Arc::clone(&self.simulator), question).boxed()
    }
}
