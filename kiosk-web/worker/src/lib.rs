//! Face worker: runs the [`face`] pipeline in a dedicated worker, so that the page never stutters.
//!
//! Start at [`handle`]: it takes one message of the page and posts the answers. `worker-messages` lists them all; `worker.js`
//! starts this module and feeds it messages strictly in order. The bridge never sees a picture; nothing here is kept
//! beyond `forget`, and the page can end the worker at any time.

#[cfg(target_arch = "wasm32")]
mod answer;
#[cfg(target_arch = "wasm32")]
mod card;
#[cfg(target_arch = "wasm32")]
mod load;
#[cfg(all(target_arch = "wasm32", feature = "measure"))]
mod measure;
#[cfg(any(target_arch = "wasm32", test))]
mod pace;
#[cfg(all(target_arch = "wasm32", feature = "threads"))]
mod pair;
#[cfg(target_arch = "wasm32")]
mod pixels;
#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(target_arch = "wasm32")]
pub use worker::{handle, start};

#[cfg(all(target_arch = "wasm32", feature = "threads"))]
pub use pair::{help, pair, paired};
