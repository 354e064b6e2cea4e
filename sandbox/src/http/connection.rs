//! A connection that can end in a reset instead of a goodbye, and on which every refusal has a body.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

#[cfg(feature = "tls")]
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::Secrecy;
use crate::gateway::problem::Problem;
use crate::world::money;

/// A client that says nothing until then is not waited for.
#[cfg(feature = "tls")]
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// The first byte of one that speaks TLS.
#[cfg(feature = "tls")]
const TLS_HANDSHAKE: u8 = 22;

/// A plain connection, or a secret one.
pub(super) enum Stream {
    Plain(TcpStream),
    #[cfg(feature = "tls")]
    Secret(Box<tokio_rustls::server::TlsStream<TcpStream>>),
}

impl Stream {
    /// Nothing where the client does not say hello as it should.
    pub(super) async fn accept(stream: TcpStream, secrecy: Option<Secrecy>) -> Option<Self> {
        match secrecy {
            None => Some(Self::Plain(stream)),
            #[cfg(feature = "tls")]
            Some(secrecy) => {
                let accepted = tokio::time::timeout(HELLO_WITHIN, async {
                    // Both are served: a proxy, which is what some clients take it for, is spoken to plainly.
                    let mut first = [0];
                    let count = stream.peek(&mut first).await?;
                    if count == 1 && first[0] != TLS_HANDSHAKE {
                        return Ok(Self::Plain(stream));
                    }
                    secrecy.accept(stream).await.map(|stream| Self::Secret(Box::new(stream)))
                });
                accepted.await.ok()?.ok()
            }
            #[cfg(not(feature = "tls"))]
            Some(secrecy) => match secrecy {},
        }
    }

    /// What comes through a tunnel to Cashfree that a client has asked a proxy for.
    #[cfg(feature = "tls")]
    pub(super) async fn tunnelled(asked: hyper::upgrade::OnUpgrade, secrecy: Secrecy) -> Option<Self> {
        let parts = asked.await.ok()?.downcast::<TokioIo<Connection>>().ok()?;
        // Nothing comes before the tunnel is there.
        let stream = parts.io.into_inner().into_plain().filter(|_| parts.read_buf.is_empty())?;
        Self::accept(stream, Some(secrecy)).await
    }

    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            #[cfg(feature = "tls")]
            Self::Secret(stream) => stream.get_ref().0,
        }
    }
}

/// Passes a call on to whichever stream it is.
macro_rules! inner {
    ($self:expr, $method:ident $(, $argument:expr)*) => {
        match &mut $self.stream {
            Some(Stream::Plain(stream)) => Pin::new(stream).$method($($argument),*),
            #[cfg(feature = "tls")]
            Some(Stream::Secret(stream)) => Pin::new(stream.as_mut()).$method($($argument),*),
            None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    };
}

pub(super) struct Connection {
    stream: Option<Stream>,
    reset: Arc<AtomicBool>,
    origin: String,
    /// What is written in place of what hyper gave: the bytes, how many of them are out, and for how many.
    instead: Option<(Vec<u8>, usize, usize)>,
}

impl Connection {
    pub(super) fn new(stream: Stream, reset: Arc<AtomicBool>, origin: String) -> Self {
        Self { stream: Some(stream), reset, origin, instead: None }
    }

    /// What it was before, if that was plain.
    #[cfg(feature = "tls")]
    fn into_plain(mut self) -> Option<TcpStream> {
        match self.stream.take()? {
            Stream::Plain(stream) => Some(stream),
            Stream::Secret(_) => None,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(stream) = self.stream.as_ref().filter(|_| self.reset.load(Ordering::Relaxed)) {
            // Tokio's own is younger than the oldest tokio that will do.
            let _ = socket2::SockRef::from(stream.socket()).set_linger(Some(Duration::ZERO));
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        inner!(self, poll_read, cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.instead.is_none() {
            this.instead = refusal(buf, &this.origin).map(|bytes| (bytes, 0, buf.len()));
        }
        let Some((bytes, out, stands_for)) = &mut this.instead else {
            return inner!(this, poll_write, cx, buf);
        };
        while *out < bytes.len() {
            *out += ready!(inner!(this, poll_write, cx, &bytes[*out..]))?;
        }
        let count = *stands_for;
        this.instead = None;
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        inner!(self, poll_flush, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.reset.load(Ordering::Relaxed) {
            // A goodbye would come before the reset.
            return Poll::Ready(Ok(()));
        }
        inner!(self, poll_shutdown, cx)
    }
}

/// hyper answers a request that it cannot read by a bare head. What it cannot read may have been for the API,
/// where every error has a body.
fn refusal(head: &[u8], origin: &str) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(head.strip_prefix(b"HTTP/1.1 4")?).ok()?;
    let bare = text.contains("content-length: 0\r\n") && !text.contains("content-type:");
    if !bare || !text.ends_with("\r\n\r\n") {
        return None;
    }
    let line = text.lines().next()?;
    let message = line.split_once(' ').map_or("the request cannot be read", |(_, reason)| reason);
    let problem = Problem::invalid("request_failed", format!("{message}: the request cannot be read"));
    let body = money::to_json(&problem.body(origin));
    let mut answer = format!(
        "HTTP/1.1 4{line}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend(body);
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_refusal_gets_a_body_and_nothing_else_does() {
        let bare = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\ndate: now\r\n\r\n";
        let answer = refusal(bare, "http://x").expect("a body");
        let answer = String::from_utf8(answer).expect("text");
        assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(body["code"], "request_failed");
        for other in [
            &b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"[..],
            b"HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 0\r\n\r\n",
            b"{\"a\": 1}",
        ] {
            assert_eq!(refusal(other, ""), None);
        }
    }
}
