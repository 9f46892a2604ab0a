//! How much HTTP takes, and how long it waits. docs/protocol.md tells clients.

use std::time::Duration;

/// See the module.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once, kiosk sockets aside: a browser opens six for a page, and closes them when it is told to. Others wait in
    /// the system's queue.
    pub connections: usize,
    /// So many more for each kiosk after the first one.
    pub connections_more: usize,
    /// Sockets of one kiosk at once: one page is heard, the others are on their way in or out.
    pub sockets: usize,
    /// Call displays at once, for all kiosks; each holds one of the connections.
    pub displays: usize,
    /// For the head of a request, also of the next one on the same connection: whoever is silent for so long is left.
    pub head: Duration,
    /// For the body of a request to arrive and its answer to begin.
    pub request: Duration,
    /// For the first message on a kiosk socket.
    pub hello: Duration,
    /// For each look of a self-test; who asks waits for two tests at most, within the time of a request.
    pub look: Duration,
    /// How often it is looked whether a self-test or a restart is due.
    pub due: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 64,
            connections_more: 8,
            sockets: 32,
            displays: 16,
            head: Duration::from_secs(10),
            request: Duration::from_secs(30),
            hello: Duration::from_secs(5),
            look: Duration::from_secs(10),
            due: Duration::from_secs(10),
        }
    }
}
