//! Two things at once, where the caller made a pool of two threads (feature `threads`); one after the other elsewhere.
//!
//! A frame is a few hundred pieces of some ten microseconds each. A thread that goes to sleep between them wakes up too
//! late for the next one, so that [`attended`] keeps the second thread looking for work until the frame is over.

/// Whether something that takes `work` steps should be done in two halves.
#[cfg(not(feature = "threads"))]
pub(crate) fn is_worth_it(_work: usize, _worth: usize) -> bool {
    // Unit tests go through the halves, too.
    cfg!(test)
}

/// Does both.
#[cfg(not(feature = "threads"))]
pub(crate) fn both<A, B>(a: impl FnOnce() -> A, b: impl FnOnce() -> B) -> (A, B) {
    (a(), b())
}

/// Does `work`; where a second thread stands by, it takes every second half of [`both`] meanwhile.
#[cfg(not(feature = "threads"))]
pub(crate) fn attended<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(feature = "threads")]
pub(crate) use threads::{attended, both, is_worth_it};

#[cfg(feature = "threads")]
mod threads {
    use std::hint::spin_loop;
    use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

    use rayon::Yield;

    /// Whether the second thread looks for work now.
    static ATTENDS: AtomicBool = AtomicBool::new(false);
    /// How often to look whether the other half is done before rayon puts this thread to sleep: a few milliseconds.
    const PATIENCE: u32 = 1_000_000;
    /// States of the second half: nobody has it, somebody is at it, done.
    const WAITS: u8 = 0;
    const RUNS: u8 = 1;
    const DONE: u8 = 2;

    /// Whether something that takes `work` steps should be done in two halves.
    pub(crate) fn is_worth_it(work: usize, worth: usize) -> bool {
        work >= worth && ATTENDS.load(Ordering::Relaxed)
    }

    /// Does both at once.
    pub(crate) fn both<A: Send, B: Send>(
        a: impl FnOnce() -> A + Send,
        b: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        if !ATTENDS.load(Ordering::Relaxed) {
            return (a(), b());
        }
        let other = AtomicU8::new(WAITS);
        let first = || {
            let result = a();
            // A half that nobody has taken yet is done here at once.
            let mut patience = PATIENCE;
            while other.load(Ordering::Acquire) == RUNS && patience > 0 {
                patience -= 1;
                spin_loop();
            }
            result
        };
        let second = || {
            other.store(RUNS, Ordering::Release);
            let result = b();
            other.store(DONE, Ordering::Release);
            result
        };
        rayon::join(first, second)
    }

    /// Does `work`; the second thread takes every second half of [`both`] meanwhile.
    pub(crate) fn attended<R>(work: impl FnOnce() -> R) -> R {
        if rayon::current_num_threads() < 2 {
            return work();
        }
        let over = AtomicBool::new(false);
        let here = rayon::current_thread_index();
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| attend(here, &over));
            let _ends = Ends(&over);
            work()
        })
    }

    /// Looks for work until all is over, but never in place of the thread that waits for it.
    fn attend(here: Option<usize>, over: &AtomicBool) {
        if rayon::current_thread_index() == here {
            return;
        }
        ATTENDS.store(true, Ordering::Relaxed);
        while !over.load(Ordering::Acquire) {
            if rayon::yield_now() != Some(Yield::Executed) {
                spin_loop();
            }
        }
        ATTENDS.store(false, Ordering::Relaxed);
    }

    /// Says that all is over, whatever happened.
    struct Ends<'a>(&'a AtomicBool);

    impl Drop for Ends<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Release);
        }
    }
}
