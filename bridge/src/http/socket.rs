//! One WebSocket (RFC 6455), the server's side, in buffers of our own.
//!
//! A socket library keeps its read and write buffers for the life of the connection, and with them
//! what a person typed and the photo of a card. Here every frame has a buffer of its own, which is
//! wiped when it was read or sent. Reading never goes beyond the frame, so nothing is left between.

use std::io::Cursor;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{CloseCode, Control, Data, OpCode};
use zeroize::Zeroizing;

/// For one message to leave; a page that reads slower is cut off.
const SEND: Duration = Duration::from_secs(5);
/// For the page to take its leave.
const LEAVE: Duration = Duration::from_secs(1);
/// Longest payload of a control frame (RFC 6455, 5.5).
const MAX_CONTROL: usize = 125;
/// Longest frame header (RFC 6455, 5.2).
const MAX_HEADER: usize = 14;

/// The connection is over.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// It broke, or the other side left.
    Gone,
    /// The page does not keep to the standard: to be told with this code (RFC 6455, 7.4).
    Wrong(CloseCode),
}

/// Bytes that are wiped when dropped.
pub(super) type Wiped = Zeroizing<Vec<u8>>;

/// One message.
#[derive(PartialEq, Eq)]
pub(super) enum Incoming {
    /// Text in UTF-8.
    Text(Wiped),
    /// A piece of a message that goes on.
    Piece,
    /// Bytes, which no page of ours sends: read and forgotten.
    Binary,
    /// To be answered with [`Socket::pong`].
    Ping(Wiped),
    /// Somebody is there.
    Pong,
    /// The page takes its leave.
    Close,
}

/// See the module.
pub(super) struct Socket<S> {
    stream: S,
    /// Largest message in bytes; a larger one ends the connection before it is read.
    most: usize,
    /// The header or the payload that is being read, and nothing after it.
    inbox: Wiped,
    /// The frame whose payload is being read, and its length.
    header: Option<(FrameHeader, usize)>,
    /// The pieces of a message so far.
    pieces: Option<(Data, Wiped)>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// After the handshake.
    pub(super) fn new(stream: S, most: usize) -> Self {
        Self { stream, most, inbox: Wiped::default(), header: None, pieces: None }
    }

    /// The next message, or a piece of one. May be cancelled at any time: what was read stays for the next call.
    ///
    /// # Errors
    /// [`Closed`] when the connection broke or the page does not keep to the standard.
    pub(super) async fn receive(&mut self) -> Result<Incoming, Closed> {
        let (header, payload) = self.frame().await?;
        match header.opcode {
            OpCode::Control(control) => {
                if !header.is_final || payload.len() > MAX_CONTROL {
                    return Err(WRONG);
                }
                match control {
                    Control::Ping => Ok(Incoming::Ping(payload)),
                    Control::Pong => Ok(Incoming::Pong),
                    Control::Close => leave_of(&payload),
                    Control::Reserved(_) => Err(WRONG),
                }
            }
            OpCode::Data(kind) => self.join(kind, header.is_final, payload),
        }
    }

    /// Puts the pieces of a message together (RFC 6455, 5.4).
    fn join(&mut self, kind: Data, last: bool, piece: Wiped) -> Result<Incoming, Closed> {
        let (kind, whole) = match (self.pieces.take(), kind) {
            (None, Data::Text | Data::Binary) => (kind, piece),
            (Some((kind, before)), Data::Continue) => {
                if before.len() + piece.len() > self.most {
                    return Err(Closed::Wrong(CloseCode::Size));
                }
                // One exact buffer: growing would leave a copy behind.
                (kind, Wiped::new([before.as_slice(), &piece].concat()))
            }
            _ => return Err(WRONG),
        };
        match kind {
            _ if !last => {
                self.pieces = Some((kind, whole));
                Ok(Incoming::Piece)
            }
            Data::Text if std::str::from_utf8(&whole).is_err() => {
                Err(Closed::Wrong(CloseCode::Invalid))
            }
            Data::Text => Ok(Incoming::Text(whole)),
            _ => Ok(Incoming::Binary),
        }
    }

    async fn frame(&mut self) -> Result<(FrameHeader, Wiped), Closed> {
        while self.header.is_none() {
            self.fill(header_bytes(&self.inbox)).await?;
            let parsed = FrameHeader::parse(&mut Cursor::new(self.inbox.as_slice()));
            if let Some((header, length)) = parsed.map_err(|_| WRONG)? {
                if header.rsv1 || header.rsv2 || header.rsv3 || header.mask.is_none() {
                    return Err(WRONG);
                }
                let length = usize::try_from(length).ok().filter(|length| *length <= self.most);
                self.header = Some((header, length.ok_or(Closed::Wrong(CloseCode::Size))?));
                self.inbox = Wiped::default();
            }
        }
        let length = self.header.as_ref().map_or(0, |(_, length)| *length);
        self.fill(length).await?;
        let (header, _) = self.header.take().ok_or(Closed::Gone)?;
        let mut payload = std::mem::take(&mut self.inbox);
        let mask = header.mask.unwrap_or_default();
        payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
        Ok((header, payload))
    }

    /// Reads until the inbox has `total` bytes, and not one more.
    async fn fill(&mut self, total: usize) -> Result<(), Closed> {
        let missing = total.saturating_sub(self.inbox.len());
        self.inbox.reserve_exact(missing);
        while self.inbox.len() < total {
            let missing = u64::try_from(total - self.inbox.len()).unwrap_or(u64::MAX);
            let read = (&mut self.stream).take(missing).read_buf(&mut *self.inbox).await;
            if !read.is_ok_and(|read| read > 0) {
                return Err(Closed::Gone);
            }
        }
        Ok(())
    }

    /// Sends text.
    pub(super) async fn text(&mut self, text: &str) -> Result<(), Closed> {
        self.send(OpCode::Data(Data::Text), text.as_bytes()).await
    }

    /// Sends bytes.
    pub(super) async fn binary(&mut self, bytes: &[u8]) -> Result<(), Closed> {
        self.send(OpCode::Data(Data::Binary), bytes).await
    }

    /// Answers a ping.
    pub(super) async fn pong(&mut self, payload: &[u8]) -> Result<(), Closed> {
        self.send(OpCode::Control(Control::Pong), payload).await
    }

    /// Takes leave, and waits a moment for the page to do so: what it still sent is read then, as a
    /// connection that is dropped with something unread breaks before our last words arrive.
    pub(super) async fn close(&mut self) -> Result<(), Closed> {
        self.farewell(CloseCode::Normal).await?;
        let read = async { while !matches!(self.receive().await, Ok(Incoming::Close) | Err(_)) {} };
        // A page that stays silent is left.
        let _ = timeout(LEAVE, read).await;
        Ok(())
    }

    /// Tells the page why it is left; what it still sends means nothing any more and is thrown away.
    pub(super) async fn dismiss(&mut self, why: CloseCode) -> Result<(), Closed> {
        self.farewell(why).await?;
        self.inbox = Wiped::default();
        let read = async {
            let mut waste = Wiped::new(vec![0; 4096]);
            while self.stream.read(&mut waste).await.is_ok_and(|read| read > 0) {}
        };
        let _ = timeout(LEAVE, read).await;
        Ok(())
    }

    /// The last frame.
    pub(super) async fn farewell(&mut self, why: CloseCode) -> Result<(), Closed> {
        self.send(OpCode::Control(Control::Close), &u16::from(why).to_be_bytes()).await
    }

    async fn send(&mut self, opcode: OpCode, payload: &[u8]) -> Result<(), Closed> {
        let mut frame = Wiped::new(Vec::with_capacity(MAX_HEADER + payload.len()));
        let header = FrameHeader { opcode, ..FrameHeader::default() };
        header.format(payload.len() as u64, &mut *frame).map_err(|_| Closed::Gone)?;
        frame.extend_from_slice(payload);
        let sent = async {
            self.stream.write_all(&frame).await?;
            self.stream.flush().await
        };
        timeout(SEND, sent).await.ok().and_then(Result::ok).ok_or(Closed::Gone)
    }
}

/// Against the protocol itself.
const WRONG: Closed = Closed::Wrong(CloseCode::Protocol);

/// What a close frame says: nothing, or a code that may be sent and a reason in UTF-8 (RFC 6455, 5.5.1).
fn leave_of(payload: &[u8]) -> Result<Incoming, Closed> {
    let Some((code, reason)) = payload.split_first_chunk() else {
        return if payload.is_empty() { Ok(Incoming::Close) } else { Err(WRONG) };
    };
    if !CloseCode::from(u16::from_be_bytes(*code)).is_allowed() {
        return Err(WRONG);
    }
    match std::str::from_utf8(reason) {
        Ok(_) => Ok(Incoming::Close),
        Err(_) => Err(Closed::Wrong(CloseCode::Invalid)),
    }
}

/// How long the header that begins like this is, as far as its beginning tells.
fn header_bytes(begun: &[u8]) -> usize {
    let Some(second) = begun.get(1) else { return 2 };
    let length = match second & 0x7F {
        0x7E => 2,
        0x7F => 8,
        _ => 0,
    };
    2 + length + if second & 0x80 == 0 { 0 } else { 4 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Poll;
    use tokio::io::duplex;

    const MOST: usize = 1000;

    /// A frame as a page sends it.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mask = [0x11, 0x22, 0x33, 0x44];
        let mut frame = vec![first];
        match payload.len() {
            short @ ..=125 => frame.push(0x80 | u8::try_from(short).unwrap()),
            long => {
                frame.push(0x80 | 0x7E);
                frame.extend(u16::try_from(long).unwrap().to_be_bytes());
            }
        }
        frame.extend(mask);
        frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        frame
    }

    fn text(payload: &[u8]) -> Incoming {
        Incoming::Text(Wiped::new(payload.to_vec()))
    }

    /// What is received when `bytes` come in pieces of `step` bytes and the page then hangs up, and how it ended.
    async fn received(bytes: &[u8], step: usize) -> (Vec<Incoming>, Closed) {
        let (mut page, ours) = duplex(64);
        let mut socket = Socket::new(ours, MOST);
        let send = async move {
            for piece in bytes.chunks(step) {
                // Refused bytes end the connection in the middle.
                if page.write_all(piece).await.is_err() {
                    return;
                }
                tokio::task::yield_now().await;
            }
            drop(page);
        };
        // Each end goes when it is done, so that the other one never waits for it.
        let receive = async move {
            let mut all = Vec::new();
            loop {
                // Dropped and begun again, as `select!` does.
                let mut turn = Box::pin(socket.receive());
                match futures_util::poll!(&mut turn) {
                    Poll::Ready(Ok(message)) => all.push(message),
                    Poll::Ready(Err(closed)) => return (all, closed),
                    Poll::Pending => {
                        drop(turn);
                        tokio::task::yield_now().await;
                    }
                }
            }
        };
        tokio::join!(receive, send).0
    }

    #[tokio::test]
    async fn messages_come_whole_however_they_are_cut() {
        let long = [b'x'; 300];
        let stream = [
            frame(0x81, b"hello"),
            frame(0x01, b"two "),
            frame(0x89, b"ping between"),
            frame(0x80, b"pieces"),
            frame(0x81, &long),
            frame(0x82, &[1, 2]),
            frame(0x8A, b""),
            frame(0x88, &[0x03, 0xE8]),
        ]
        .concat();
        for step in [1, 2, 3, 7, 64, stream.len()] {
            let expected = [
                text(b"hello"),
                Incoming::Piece,
                Incoming::Ping(Wiped::new(b"ping between".to_vec())),
                text(b"two pieces"),
                text(&long),
                Incoming::Binary,
                Incoming::Pong,
                Incoming::Close,
            ];
            let (all, end) = received(&stream, step).await;
            assert!(all == expected && end == Closed::Gone, "in pieces of {step}");
        }
    }

    #[tokio::test]
    async fn what_the_standard_forbids_ends_the_connection_with_its_code() {
        let unmasked = [0x81, 2, b'h', b'i'].to_vec();
        let (protocol, invalid, size) = (CloseCode::Protocol, CloseCode::Invalid, CloseCode::Size);
        for (wrong, code) in [
            (unmasked, protocol),
            (frame(0xC1, b"reserved bit"), protocol),
            (frame(0x83, b"reserved kind"), protocol),
            (frame(0x8B, b"reserved control"), protocol),
            (frame(0x80, b"goes on with nothing"), protocol),
            (frame(0x09, b"a ping in pieces"), protocol),
            (frame(0x89, &[0; 126]), protocol),
            (frame(0x81, &[b'x'; MOST + 1]), size),
            ([&[0x81, 0xFF][..], &u64::MAX.to_be_bytes(), &[0; 4]].concat(), size),
            (frame(0x81, b"caf\xE9"), invalid),
            (frame(0x88, &[0x03]), protocol),
            (frame(0x88, &1005_u16.to_be_bytes()), protocol),
            (frame(0x88, &2999_u16.to_be_bytes()), protocol),
            (frame(0x88, &0_u16.to_be_bytes()), protocol),
            (frame(0x88, &[0x03, 0xE8, 0xFF]), invalid),
        ] {
            let (all, end) = received(&wrong, 5).await;
            assert!(all.is_empty() && end == Closed::Wrong(code), "{end:?}: {:02X?}", &wrong[..2]);
        }
        for (wrong, code) in [
            ([frame(0x01, b"begun"), frame(0x81, b"and begun again")].concat(), protocol),
            ([frame(0x01, &[b'x'; MOST]), frame(0x80, b"x")].concat(), size),
            ([frame(0x01, b"caf\xC3"), frame(0x80, b"x")].concat(), invalid),
        ] {
            let (all, end) = received(&wrong, 5).await;
            assert!(all == [Incoming::Piece] && end == Closed::Wrong(code), "{end:?}");
        }
        for right in [&[][..], &1000_u16.to_be_bytes(), &4999_u16.to_be_bytes()] {
            assert!(received(&frame(0x88, right), 5).await.0 == [Incoming::Close]);
        }
    }

    #[tokio::test]
    async fn frames_leave_as_the_standard_says() {
        let (mut page, ours) = duplex(100_000);
        let mut socket = Socket::new(ours, MOST);
        socket.text("hi").await.unwrap();
        socket.binary(&vec![7; 70_000]).await.unwrap();
        socket.farewell(CloseCode::Normal).await.unwrap();
        drop(socket);
        let mut sent = Vec::new();
        page.read_to_end(&mut sent).await.unwrap();
        assert_eq!(&sent[..4], &[0x81, 2, b'h', b'i']);
        assert_eq!(&sent[4..14], &[0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
        assert_eq!(&sent[70_014..], &[0x88, 2, 0x03, 0xE8]);
    }
}
