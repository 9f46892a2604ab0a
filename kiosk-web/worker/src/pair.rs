//! The second thread: another worker on the same memory, which takes halves of what the first one computes.

use std::sync::{Mutex, OnceLock, PoisonError};

use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuilder};
use wasm_bindgen::prelude::*;

/// The pool of both; kept for good.
static PAIR: OnceLock<ThreadPool> = OnceLock::new();
/// The second thread, until its worker takes it.
static SECOND: Mutex<Option<ThreadBuilder>> = Mutex::new(None);

/// Makes a pool of this thread and one that is still to come. Until it comes, this one does everything by itself.
///
/// # Errors
/// When there is a pool already.
#[wasm_bindgen]
pub fn pair() -> Result<(), JsError> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(2)
        .use_current_thread()
        .spawn_handler(|thread| {
            *SECOND.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
            Ok(())
        })
        .build()?;
    PAIR.set(pool).map_err(|_| JsError::new("there is a pair already"))
}

/// Takes halves from now on; does not return.
#[wasm_bindgen]
pub fn help() {
    let second = SECOND.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(second) = second {
        second.run();
    }
}

/// Whether the second thread is there.
#[wasm_bindgen]
pub fn paired() -> bool {
    PAIR.get().is_some() && SECOND.lock().unwrap_or_else(PoisonError::into_inner).is_none()
}
