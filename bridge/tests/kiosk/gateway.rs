//! Questions that are never answered, and whose turn it is.

use crate::double::double;
use bridge::gateway::{AT_ONCE, EligibilityGateway, Gateway, OnThreads};
use checkin::consent::Topic;
use checkin::gateway::GatewayTrouble;
use checkin::secret::Serial;
use checkin::{Question, Reply};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};

fn card(serial: u8) -> Serial {
    Serial::new(vec![serial])
}

fn look_up() -> Question {
    Question::LookUp { serial: card(1) }
}

fn query(serial: u8) -> Question {
    Question::Query { serial: card(serial), consents: Vec::new() }
}

fn withdraw(serial: u8) -> Question {
    Question::Withdraw { serial: card(serial), topic: Topic::Operation }
}

const WITHDRAWN: Reply = Reply::Withdrawn(Ok(()));

/// Never comes back from a call until the other end is dropped.
fn blocked() -> (Arc<dyn EligibilityGateway>, Sender<()>) {
    let (release, stuck) = channel::<()>();
    let stuck = Mutex::new(stuck);
    let system = OnThreads::new(move |question: Question| {
        // The first holds the lock and waits for the other end, the others wait for the lock.
        let _ = stuck.lock().map(|stuck| stuck.recv());
        question.failed(GatewayTrouble::Down)
    });
    (Arc::new(system), release)
}

#[test]
fn questions_that_are_never_answered_take_no_thread_of_the_runtime() {
    let (blocked, release) = blocked();
    for system in [blocked, double(|_, _| std::future::pending())] {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.max_blocking_threads(AT_ONCE).enable_all().build().unwrap();
        let gateway = Gateway::new(system);
        runtime.block_on(async {
            let mut under_way = tokio::task::JoinSet::new();
            for _ in 0..AT_ONCE * 3 {
                under_way.spawn(gateway.ask(look_up()));
            }
            // Pages are read by the runtime's own blocking threads.
            let page = tokio::task::spawn_blocking(|| "a page");
            assert_eq!(page.await.unwrap(), "a page");
            while !gateway.is_stuck() {
                tokio::task::yield_now().await;
            }
            drop(under_way);
            tokio::task::yield_now().await;
            assert!(
                gateway.is_stuck(),
                "nobody waits any more, and the system still does not answer"
            );
        });
        // Ends at once, although as many as may are still under way.
        drop(runtime);
    }
    drop(release);
}

/// Keeps every question with consents until it is let go, and notes what was done.
struct Slow {
    gateway: Gateway,
    began: mpsc::UnboundedReceiver<()>,
    go_on: Arc<Semaphore>,
    done: Arc<Mutex<Vec<&'static str>>>,
}

fn slow() -> Slow {
    let (begins, began) = mpsc::unbounded_channel();
    let go_on = Arc::new(Semaphore::new(0));
    let done = Arc::new(Mutex::new(Vec::new()));
    let (hold, note) = (Arc::clone(&go_on), Arc::clone(&done));
    let system = double(move |system, question| {
        let (begins, hold, note) = (begins.clone(), Arc::clone(&hold), Arc::clone(&note));
        async move {
            let what = match &question {
                Question::Query { .. } => {
                    begins.send(()).unwrap();
                    hold.acquire().await.unwrap().forget();
                    "consents"
                }
                Question::Withdraw { serial, .. } if *serial == card(2) => "another's",
                _ => "withdrawal",
            };
            note.lock().unwrap().push(what);
            system.ask(question).await
        }
    });
    Slow { gateway: Gateway::new(system), began, go_on, done }
}

impl Slow {
    /// Nothing holds another person's question up.
    async fn anothers(&self) {
        assert_eq!(self.gateway.ask(withdraw(2)).await.0, WITHDRAWN);
    }

    fn order(&self) -> Vec<&'static str> {
        self.done.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_withdrawal_does_not_overtake_the_consent_of_its_card() {
    let mut slow = slow();
    // The consent waits for its store, and has its turn already.
    let (kept, is_kept) = tokio::sync::oneshot::channel::<()>();
    let kept_first = async { is_kept.await.is_ok() };
    let consents = tokio::spawn(slow.gateway.ask_when(kept_first, query(1)));
    let withdrawal = tokio::spawn(slow.gateway.ask(withdraw(1)));
    slow.anothers().await;
    kept.send(()).unwrap();
    slow.began.recv().await.unwrap();
    slow.anothers().await;
    // Nobody waits for this one any more, so it is never put, and its turn passes on.
    let given_up = tokio::spawn(slow.gateway.ask(withdraw(1)));
    tokio::task::yield_now().await;
    given_up.abort();
    slow.go_on.add_permits(1);
    let (_, turn) = consents.await.unwrap();
    // What was answered is still being taken in.
    slow.anothers().await;
    drop(turn);
    assert_eq!(withdrawal.await.unwrap().0, WITHDRAWN);
    let order = ["another's", "another's", "consents", "another's", "withdrawal"];
    assert_eq!(slow.order(), order);
}

#[tokio::test]
async fn consents_that_nobody_waits_for_keep_their_turn_until_the_system_has_replied() {
    let mut slow = slow();
    let consents = tokio::spawn(slow.gateway.ask(query(1)));
    slow.began.recv().await.unwrap();
    // The page that asked is gone, or the deadline has passed.
    consents.abort();
    assert!(consents.await.is_err_and(|error| error.is_cancelled()));
    let withdrawal = tokio::spawn(slow.gateway.ask(withdraw(1)));
    slow.anothers().await;
    slow.go_on.add_permits(1);
    assert_eq!(withdrawal.await.unwrap().0, WITHDRAWN);
    assert_eq!(slow.order(), ["another's", "consents", "withdrawal"]);
}

#[tokio::test]
async fn consents_that_are_late_keep_their_turn_and_what_comes_too_late_behind_them_is_not_put() {
    let mut slow = slow();
    // It takes the system longer than any deadline; the others have time.
    slow.gateway = slow.gateway.with_patience(|question| match question {
        Question::Query { .. } => Duration::ZERO,
        Question::Withdraw { serial, .. } if *serial == card(3) => Duration::ZERO,
        _ => Duration::from_mins(1),
    });
    let late = |question: Question| question.failed(GatewayTrouble::Late);
    // Once without any time: it is given up when it has been put.
    assert_eq!(slow.gateway.ask(query(3)).await.0, late(query(3)));
    slow.began.recv().await.unwrap();
    assert_eq!(slow.gateway.ask(withdraw(3)).await.0, late(withdraw(3)));
    slow.go_on.add_permits(1);
    slow.gateway = slow.gateway.with_patience(|_| Duration::from_mins(1));
    assert_eq!(slow.gateway.ask(withdraw(3)).await.0, WITHDRAWN);
    assert_eq!(slow.order(), ["consents", "withdrawal"]);
}

#[tokio::test]
async fn a_reply_to_another_question_counts_as_trouble() {
    let gateway = Gateway::new(double(|_, _| async { WITHDRAWN }));
    let (reply, _) = gateway.ask(query(1)).await;
    assert_eq!(reply, Reply::Queried(Err(GatewayTrouble::Down)));
    assert_eq!(gateway.ask(withdraw(1)).await.0, WITHDRAWN);
}
