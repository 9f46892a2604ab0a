//! A stream of events from the bridge, taken apart as its pieces come: lines `data: …`, each event ended by an empty line.

/// More than any board; a stream that sends more without an end is not ours.
const LONGEST: usize = 64 * 1024 * 1024;

/// What has come and is not complete yet.
#[derive(Default)]
pub(crate) struct Events {
    bytes: Vec<u8>,
}

impl Events {
    /// Takes a piece in, gives the data of the events that are complete with it. `None`: this is no stream of ours.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Option<Vec<String>> {
        self.bytes.extend_from_slice(piece);
        let mut events = Vec::new();
        while let Some(end) = self.bytes.windows(2).position(|two| two == b"\n\n") {
            let event: Vec<u8> = self.bytes.drain(..end + 2).collect();
            let text = String::from_utf8(event).ok()?;
            // What begins with a colon only says that the bridge is there.
            events.extend(text.trim_end().strip_prefix("data: ").map(str::to_owned));
        }
        (self.bytes.len() <= LONGEST).then_some(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_whole_whatever_the_pieces_are() {
        let stream = "data: {\"a\":\"受付\"}\n\n: alive\n\ndata: {\"b\":1}\n\n".as_bytes();
        for size in [1, 2, 3, 7, stream.len()] {
            let mut events = Events::default();
            let pieces = stream.chunks(size).flat_map(|piece| events.push(piece).unwrap());
            assert_eq!(pieces.collect::<Vec<_>>(), ["{\"a\":\"受付\"}", "{\"b\":1}"], "{size}");
        }
        assert_eq!(Events::default().push(b"data: \xff\n\n"), None);
    }
}
