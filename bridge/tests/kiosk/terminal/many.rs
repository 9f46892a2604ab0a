//! Many at once, with the folder service in the terminal's place.

use super::*;
use bridge::gateway::Gateway;
use eligibility_terminal::{Pace, Service};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// The folder service on a thread of its own.
pub(super) struct Served {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Served {
    pub(super) fn start(folder: &Path, delay: Duration) -> Self {
        let mut service = Service::open(folder, Pace::Fixed(delay)).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || service.run(&stopped, |_| {}));
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.store(true, Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[tokio::test]
async fn everybody_gets_their_own_answer_and_nobody_two() {
    let stand = Stand::new(PATIENCE);
    let _served = Served::start(stand.folder.path(), Duration::ZERO);
    let gateway = Gateway::new(Arc::clone(&stand.gateway) as _);
    let people = ["valid", "valid-elderly", "valid-young", "symbol-wide", "name-long"];
    let asked: Vec<_> = (0..40)
        .map(|at| {
            let id = people[at % people.len()];
            (id, tokio::spawn(gateway.ask(question(id))))
        })
        .collect();
    let mut answers = BTreeMap::new();
    for (id, asked) in asked {
        let (reply, _) = asked.await.unwrap();
        let Reply::Queried(Ok(found)) = reply else { panic!("{id}: {reply:?}") };
        assert!(found.qualifications.iter().any(|q| q.birth == numbers(id).birth), "{id}");
        *answers.entry(id).or_insert(0) += 1;
    }
    assert!(answers.values().all(|count| *count == 8), "{answers:?}");
    until(|| files(&stand.res()).is_empty() && files(&stand.req()).is_empty()).await;
}
