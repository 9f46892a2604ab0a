//! The socket to the bridge: speaks first, reconnects by itself, hands every message on exactly once.

use super::crash::OnCrash;
use super::page;
use crate::model::backoff::Backoff;
use crate::model::silence::Silence;
use gloo_timers::callback::{Interval, Timeout};
use js_sys::{ArrayBuffer, Uint8Array};
use protocol::{FromBridge, FromKiosk, PROTOCOL_VERSION, Redacted, photo};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, MessageEvent, WebSocket};
use zeroize::Zeroizing;

/// How often is looked whether the bridge has fallen silent, in milliseconds.
const LOOK_MS: u32 = 500;

/// What the socket tells the page.
pub(crate) enum Incoming {
    /// A message.
    Message(FromBridge),
    /// The card photo, a JPEG 2000 file.
    Photo(Zeroizing<Vec<u8>>),
    /// The connection is gone; reconnecting goes on by itself.
    Lost,
}

/// Handle of the one connection.
#[derive(Clone)]
pub(crate) struct Bridge(Rc<Inner>);

struct Inner {
    socket: RefCell<Option<Socket>>,
    backoff: RefCell<Backoff>,
    retry: RefCell<Option<Timeout>>,
    silence: Cell<Silence>,
    watch: RefCell<Option<Interval>>,
    on_incoming: Box<dyn Fn(Incoming)>,
}

/// One connection with its listeners, which live as long as it does.
struct Socket {
    line: WebSocket,
    _listeners: [Closure<dyn FnMut(MessageEvent)>; 3],
    _at_crash: Option<OnCrash>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.line.set_onopen(None);
        self.line.set_onmessage(None);
        self.line.set_onclose(None);
        // Closing twice is harmless.
        let _: Result<(), _> = self.line.close();
    }
}

impl Bridge {
    /// Connects, and stays connected.
    pub(crate) fn connect(on_incoming: impl Fn(Incoming) + 'static) -> Self {
        let inner = Rc::new(Inner {
            socket: RefCell::default(),
            backoff: RefCell::default(),
            retry: RefCell::default(),
            silence: Cell::new(Silence::since(page::now_ms())),
            watch: RefCell::default(),
            on_incoming: Box::new(on_incoming),
        });
        inner.open();
        let of_timer = Rc::downgrade(&inner);
        let watch = Interval::new(LOOK_MS, move || {
            if let Some(inner) = of_timer.upgrade() {
                inner.look();
            }
        });
        inner.watch.replace(Some(watch));
        Self(inner)
    }

    /// Sends a message; without a connection it is dropped, because the view is offline then.
    pub(crate) fn send(&self, message: &FromKiosk) {
        if let Some(socket) = &*self.0.socket.borrow() {
            send(&socket.line, message);
        }
    }

    /// Ends the connection for good: another page has taken over.
    pub(crate) fn leave(&self) {
        self.0.retry.take();
        // Dropped in a moment, not under the feet of its own listener.
        let old = self.0.socket.take();
        Timeout::new(0, move || drop(old)).forget();
    }

    /// Connects again at once.
    pub(crate) fn take_back(&self) {
        self.0.open();
    }
}

impl Inner {
    fn open(self: &Rc<Self>) {
        self.retry.take();
        self.socket.take();
        self.silence.set(Silence::since(page::now_ms()));
        let Ok(socket) = WebSocket::new(&page::socket_url()) else {
            return self.retry_later();
        };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let listeners =
            [listen(self, Self::opened), listen(self, Self::received), listen(self, Self::closed)];
        socket.set_onopen(Some(listeners[0].as_ref().unchecked_ref()));
        socket.set_onmessage(Some(listeners[1].as_ref().unchecked_ref()));
        socket.set_onclose(Some(listeners[2].as_ref().unchecked_ref()));
        let at_crash = OnCrash::call(&socket, "close");
        self.socket.replace(Some(Socket {
            line: socket,
            _listeners: listeners,
            _at_crash: at_crash,
        }));
    }

    fn opened(self: Rc<Self>, _: &MessageEvent) {
        if let Some(socket) = &*self.socket.borrow() {
            let hello =
                FromKiosk::Hello { version: PROTOCOL_VERSION, token: Redacted::new(page::token()) };
            send(&socket.line, &hello);
        }
    }

    /// Whether the bridge is still there: one that is frozen leaves its socket open.
    fn look(self: &Rc<Self>) {
        if self.socket.borrow().is_some() && self.silence.get().is_over(page::now_ms()) {
            leptos::logging::warn!("the bridge has fallen silent");
            (self.on_incoming)(Incoming::Lost);
            self.open();
        }
    }

    fn received(self: Rc<Self>, event: &MessageEvent) {
        self.silence.set(Silence::since(page::now_ms()));
        let data = event.data();
        if let Some(text) = data.as_string() {
            match serde_json::from_str(&text) {
                Ok(FromBridge::Alive) => {
                    if let Some(socket) = &*self.socket.borrow() {
                        send(&socket.line, &FromKiosk::Alive);
                    }
                }
                Ok(message) => {
                    if matches!(message, FromBridge::Welcome { .. }) {
                        self.backoff.borrow_mut().reset();
                    }
                    (self.on_incoming)(Incoming::Message(message));
                }
                // The text may be personal, so only the place of the fault is told.
                Err(error) => {
                    leptos::logging::error!("message of the bridge not understood: {error}");
                }
            }
        } else if let Ok(buffer) = data.dyn_into::<ArrayBuffer>() {
            if buffer.byte_length() as usize > photo::MAX_PHOTO_BYTES + photo::MAGIC.len() {
                return;
            }
            let frame = Zeroizing::new(Uint8Array::new(&buffer).to_vec());
            match photo::decode(&frame) {
                Ok(jp2) => (self.on_incoming)(Incoming::Photo(Zeroizing::new(jp2.to_vec()))),
                Err(error) => {
                    leptos::logging::error!("binary frame of the bridge not understood: {error}");
                }
            }
        }
    }

    fn closed(self: Rc<Self>, _: &MessageEvent) {
        (self.on_incoming)(Incoming::Lost);
        self.retry_later();
    }

    fn retry_later(self: &Rc<Self>) {
        let wait_ms = self.backoff.borrow_mut().next_ms();
        let inner = Rc::downgrade(self);
        let retry = Timeout::new(wait_ms, move || {
            if let Some(inner) = inner.upgrade() {
                // Out of this timer first: opening drops it.
                Timeout::new(0, move || inner.open()).forget();
            }
        });
        self.retry.replace(Some(retry));
    }
}

fn listen(
    inner: &Rc<Inner>,
    then: fn(Rc<Inner>, &MessageEvent),
) -> Closure<dyn FnMut(MessageEvent)> {
    let inner: Weak<Inner> = Rc::downgrade(inner);
    Closure::new(move |event: MessageEvent| {
        if let Some(inner) = inner.upgrade() {
            then(inner, &event);
        }
    })
}

fn send(socket: &WebSocket, message: &FromKiosk) {
    let text = Zeroizing::new(serde_json::to_string(message).expect("our own messages are JSON"));
    // Fails only while closing; `Lost` follows then.
    let _: Result<(), _> = socket.send_with_str(&text);
}
