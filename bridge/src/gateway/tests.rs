//! Calls that do not come back, and whose turn it is.

use super::*;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Comes back from no question about a card until its other end is dropped.
struct Stuck(Simulator, Mutex<Receiver<()>>);

impl Stuck {
    fn new() -> (Self, Sender<()>) {
        let (release, stuck) = channel();
        (Self(Simulator::practice(), Mutex::new(stuck)), release)
    }
}

impl EligibilityGateway for Stuck {
    fn simulated(&self) -> bool {
        true
    }

    fn look_up(&self, serial: &Serial) -> Result<Registration, GatewayTrouble> {
        // The first holds the lock and waits for the other end, the others wait for the lock.
        let _ = self.1.lock().unwrap_or_else(PoisonError::into_inner).recv();
        self.0.look_up(serial)
    }

    fn open(
        &self,
        serial: &Serial,
        method: Method,
        register: bool,
    ) -> Result<Opened, GatewayTrouble> {
        self.0.open(serial, method, register)
    }

    fn query(
        &self,
        serial: &Serial,
        consents: &[ConsentAnswer],
    ) -> Result<Eligibility, GatewayTrouble> {
        self.0.query(serial, consents)
    }

    fn query_numbers(
        &self,
        numbers: &Numbers,
        limit_certificate: bool,
    ) -> Result<Eligibility, GatewayTrouble> {
        self.0.query_numbers(numbers, limit_certificate)
    }

    fn withdraw(&self, serial: &Serial, topic: Topic) -> Result<(), GatewayTrouble> {
        self.0.withdraw(serial, topic)
    }
}

#[test]
fn calls_that_never_come_back_take_no_thread_of_the_runtime() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.max_blocking_threads(8).enable_all().build().unwrap();
    let (stuck, release) = Stuck::new();
    let gateway = Gateway::new(Arc::new(stuck));
    runtime.block_on(async {
        let question = || Question::LookUp(Serial::new(vec![1]));
        let mut under_way = tokio::task::JoinSet::new();
        for _ in 0..CALLS.0 + CALLS.1 {
            under_way.spawn(gateway.ask(question()));
        }
        // Pages are read by the runtime's own blocking threads.
        let page = tokio::task::spawn_blocking(|| "a page");
        assert_eq!(page.await.unwrap(), "a page");
        while !gateway.is_stuck() {
            tokio::task::yield_now().await;
        }
        drop(under_way);
    });
    // Ends at once, although eight calls are still under way.
    drop(runtime);
    drop(release);
}

/// Keeps every question about one card until it is let go, and notes what was done.
struct Slow {
    system: Simulator,
    held: Mutex<Receiver<()>>,
    began: tokio::sync::mpsc::UnboundedSender<()>,
    done: Mutex<Vec<&'static str>>,
}

impl EligibilityGateway for Slow {
    fn simulated(&self) -> bool {
        true
    }

    fn look_up(&self, serial: &Serial) -> Result<Registration, GatewayTrouble> {
        self.system.look_up(serial)
    }

    fn open(
        &self,
        serial: &Serial,
        method: Method,
        register: bool,
    ) -> Result<Opened, GatewayTrouble> {
        self.system.open(serial, method, register)
    }

    fn query(
        &self,
        serial: &Serial,
        consents: &[ConsentAnswer],
    ) -> Result<Eligibility, GatewayTrouble> {
        let _ = self.began.send(());
        let _ = self.held.lock().unwrap().recv();
        self.done.lock().unwrap().push("consents");
        self.system.query(serial, consents)
    }

    fn query_numbers(
        &self,
        numbers: &Numbers,
        limit_certificate: bool,
    ) -> Result<Eligibility, GatewayTrouble> {
        self.system.query_numbers(numbers, limit_certificate)
    }

    fn withdraw(&self, serial: &Serial, topic: Topic) -> Result<(), GatewayTrouble> {
        let other = serial.expose() == [2];
        self.done.lock().unwrap().push(if other { "another's" } else { "withdrawal" });
        self.system.withdraw(serial, topic)
    }
}

#[tokio::test]
async fn a_withdrawal_does_not_overtake_the_consent_of_its_card() {
    let (release, held) = channel();
    let (began, mut has_begun) = tokio::sync::mpsc::unbounded_channel();
    let (system, held) = (Simulator::practice(), Mutex::new(held));
    let slow = Arc::new(Slow { system, held, began, done: Mutex::default() });
    let gateway = Gateway::new(Arc::clone(&slow) as Arc<dyn EligibilityGateway>);
    let withdraw = |serial: u8| Question::Withdraw(Serial::new(vec![serial]), Topic::Operation);
    // The consent waits for its store, and has its turn already.
    let (kept, is_kept) = tokio::sync::oneshot::channel::<()>();
    let question = Question::Query(Serial::new(vec![1]), Vec::new());
    let kept_first = async { is_kept.await.is_ok() };
    let consents = tokio::spawn(gateway.ask_when(kept_first, question));
    let withdrawal = tokio::spawn(gateway.ask(withdraw(1)));
    assert_eq!(gateway.ask(withdraw(2)).await, Answer::Withdrawn(Ok(())));
    kept.send(()).unwrap();
    has_begun.recv().await.unwrap();
    assert_eq!(gateway.ask(withdraw(2)).await, Answer::Withdrawn(Ok(())));
    // Nobody waits for this one any more, so it never begins, and its turn passes on.
    let given_up = tokio::spawn(gateway.ask(withdraw(1)));
    tokio::task::yield_now().await;
    given_up.abort();
    release.send(()).unwrap();
    let (_, turn) = consents.await.unwrap();
    // What was answered is still being taken in.
    assert_eq!(gateway.ask(withdraw(2)).await, Answer::Withdrawn(Ok(())));
    drop(turn);
    assert_eq!(withdrawal.await.unwrap(), Answer::Withdrawn(Ok(())));
    let order = ["another's", "another's", "consents", "another's", "withdrawal"];
    assert_eq!(*slow.done.lock().unwrap(), order);
}
