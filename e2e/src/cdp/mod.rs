//! A small client of the Chrome `DevTools` Protocol: enough to act like a person and to look like an auditor.
//!
//! Start at [`Browser::launch`]. [`Page`] acts and looks; [`memory`] searches heaps and wasm memories.

mod browser;
mod connection;
pub mod memory;
mod page;

pub use browser::Browser;
pub use connection::{Connection, Events, Worker};
pub use page::Page;
