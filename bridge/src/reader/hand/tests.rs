//! Workers that are given up, and what they may do when they come back.

use super::*;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::channel;
use std::thread::yield_now;
use tokio::sync::oneshot;

#[test]
fn calls_take_turns_and_nobody_waits_for_an_abandoned_one() {
    let turn = Turn::default();
    let ((begun, begins), (go, goes)) = (channel(), channel::<()>());
    let stuck = turn.clone();
    let mute = std::thread::spawn(move || {
        stuck.call(|| {
            begun.send(()).unwrap();
            goes.recv().unwrap();
        });
    });
    begins.recv().unwrap();
    let (other, (done, is_done)) = (turn.clone(), channel());
    let next = std::thread::spawn(move || other.call(|| done.send(()).unwrap()));
    assert!(is_done.recv_timeout(Duration::from_millis(50)).is_err());
    turn.abandon();
    is_done.recv().unwrap();
    next.join().unwrap();
    // It comes back at last, and ends nobody else's turn.
    go.send(()).unwrap();
    mute.join().unwrap();
    turn.call(|| ());
}

/// A reader whose first command does not come back until its other end is dropped; every other command fails at once.
struct Mute {
    held: Mutex<Option<Receiver<()>>>,
    silent: AtomicBool,
    connected: AtomicUsize,
    sent: AtomicUsize,
}

struct Line<'a>(&'a Mute);

impl Transmit for Line<'_> {
    fn transmit(&mut self, _: &[u8]) -> Result<Vec<u8>, Error> {
        self.0.sent.fetch_add(1, Ordering::Relaxed);
        let held = lock(&self.0.held).take();
        if let Some(held) = held {
            self.0.silent.store(true, Ordering::Relaxed);
            let _ = held.recv();
        }
        Err(Error::NoReader)
    }
}

impl Connection for Line<'_> {
    fn end(self: Box<Self>) -> bool {
        false
    }
}

impl Slot for Mute {
    fn connect(&self, _: bool) -> Result<Box<dyn Connection + '_>, NoCard> {
        self.connected.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(Line(self)))
    }

    /// No verdict on speed: only what is mute is given up.
    fn patience(&self) -> Duration {
        if self.silent.swap(false, Ordering::Relaxed) {
            Duration::ZERO
        } else {
            Duration::from_mins(1)
        }
    }
}

#[test]
fn a_worker_that_comes_back_leaves_the_card_to_the_one_in_its_place() {
    let (release, held) = channel::<()>();
    let slot = Arc::new(Mute {
        held: Mutex::new(Some(held)),
        silent: AtomicBool::default(),
        connected: AtomicUsize::default(),
        sent: AtomicUsize::default(),
    });
    let (jobs, queue) = sync_channel(1);
    let of_hand: Arc<dyn Slot> = Arc::clone(&slot) as _;
    let anchors = Arc::new(Anchors::load(&[]).unwrap());
    let hand = std::thread::spawn(move || run("hand-test", &queue, &of_hand, &anchors));
    let inspect = || {
        let (answer, answered) = oneshot::channel();
        jobs.send(Job { verb: Verb::Inspect, answer }).unwrap();
        answered.blocking_recv().unwrap()
    };
    let asked = || (slot.connected.load(Ordering::Relaxed), slot.sent.load(Ordering::Relaxed));
    inspect();
    assert_eq!(asked(), (1, 1), "it is mute, and given up");
    inspect();
    let before = asked();
    drop(release);
    // Held by this test, by the hand and by the worker in place.
    while Arc::strong_count(&slot) > 3 {
        yield_now();
    }
    assert_eq!(asked(), before, "it spoke to the card again");
    drop(jobs);
    hand.join().unwrap();
}
