//! The body of an answer, whole or spoilt on the way.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::gateway::reply::Spoilt;

/// hyper sends what it has only when the body makes it wait: what comes before a break must be on the wire.
const BREATH: Duration = Duration::from_millis(30);
/// Into so many pieces a dripping answer is cut at most.
const DROPS: usize = 100;

/// A body that announces a length, and keeps to it or not.
pub(super) struct Answer {
    length: u64,
    rest: Bytes,
    /// How much is sent at a time, and the wait before each piece but the first.
    piece: usize,
    pause: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    /// Ends in an error instead of an end.
    breaks: bool,
}

impl Answer {
    pub(super) fn new(body: Vec<u8>, spoilt: Spoilt) -> Self {
        let mut length = body.len() as u64;
        let mut rest = Bytes::from(body);
        let (mut piece, mut pause) = (rest.len().max(1), BREATH);
        match spoilt {
            Spoilt::No | Spoilt::Reset => {}
            Spoilt::Truncated => rest.truncate(rest.len() / 2),
            Spoilt::EarlyClose => rest.clear(),
            Spoilt::WrongLength => length += 64,
            Spoilt::Drip(time) => {
                piece = rest.len().div_ceil(DROPS).max(1);
                let drops = u32::try_from(rest.len().div_ceil(piece)).unwrap_or(1).max(1);
                pause = time / drops;
            }
        }
        let breaks = matches!(spoilt, Spoilt::Truncated | Spoilt::EarlyClose | Spoilt::WrongLength);
        Self { length, rest, piece, pause, waiting: None, breaks }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll(cx));
            self.waiting = None;
        } else if self.rest.is_empty() && self.breaks {
            // Nothing has been sent yet, and the head has to be.
            self.waiting = Some(Box::pin(sleep(BREATH)));
            return self.poll_frame(cx);
        }
        if self.rest.is_empty() {
            let broken = self.breaks.then(|| Err(io::Error::other("broken off on request")));
            return Poll::Ready(broken);
        }
        let size = self.piece.min(self.rest.len());
        let piece = self.rest.split_to(size);
        if self.breaks || !self.rest.is_empty() {
            self.waiting = Some(Box::pin(sleep(self.pause)));
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && !self.breaks
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
