//! Threads without which nobody can be served: should one end, the program ends, and whatever watches over it starts it again.
//! A kiosk that looks well and reads no card helps nobody.

use std::thread::JoinHandle;
use tokio::sync::mpsc;

/// Starts such threads.
#[derive(Clone)]
pub struct Vital(mpsc::UnboundedSender<&'static str>);

/// Tells the names of those that ended.
pub struct Ended(mpsc::UnboundedReceiver<&'static str>);

/// Tells when it is dropped: also while a panic unwinds.
struct Alive {
    name: &'static str,
    tell: mpsc::UnboundedSender<&'static str>,
}

impl Drop for Alive {
    fn drop(&mut self) {
        // Nobody listens when the program ends in order.
        let _ = self.tell.send(self.name);
    }
}

impl Vital {
    /// To start threads with, and to hear of their end.
    pub fn new() -> (Self, Ended) {
        // One short word for each of a handful of threads.
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), Ended(receiver))
    }

    /// Starts a thread that has to live as long as the program.
    pub fn spawn(
        &self,
        name: &'static str,
        body: impl FnOnce() + Send + 'static,
    ) -> JoinHandle<()> {
        let alive = Alive { name, tell: self.0.clone() };
        let thread = std::thread::Builder::new().name(name.into()).spawn(move || {
            let _alive = alive;
            body();
        });
        thread.expect("the system can start a thread at program start")
    }
}

impl Ended {
    /// The name of the next one that ended.
    pub async fn next(&mut self) -> &'static str {
        match self.0.recv().await {
            Some(name) => name,
            // None was started that could end any more.
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_and_a_return_are_told() {
        let (vital, mut ended) = Vital::new();
        vital.spawn("panics", || panic!("as asked")).join().unwrap_err();
        assert_eq!(ended.next().await, "panics");
        vital.spawn("returns", || ()).join().unwrap();
        assert_eq!(ended.next().await, "returns");
    }
}
