//! HTTP/1.1 and HTTP/2 on bare sockets. What an HTTP library would not let happen, happens here.
//!
//! Of a request only what the books need is read: over HTTP/2 the body alone, since names and values of headers
//! are compressed there.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as far as it is understood.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) key: String,
    pub(crate) request_id: String,
    pub(crate) body: Vec<u8>,
}

/// What becomes of a request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Answer(Answer),
    /// No answer at all.
    Nothing(End),
}

/// What is written.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// How much more than there is the headers promise.
    pub(crate) owed: usize,
    pub(crate) end: End,
}

/// How it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum End {
    Whole,
    Close,
    Reset,
    /// Silence, until the other side leaves.
    Stall,
}

impl Act {
    pub(crate) fn answer(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer(Answer { status, headers: Vec::new(), body: body.into(), owed: 0, end: End::Whole })
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Answer(answer) = &mut self {
            answer.headers.push((name, value.to_owned()));
        }
        self
    }

    /// The same without its last bytes.
    pub(crate) fn cut(mut self, by: usize, end: End) -> Self {
        if let Self::Answer(answer) = &mut self {
            let left = answer.body.len().saturating_sub(by);
            answer.owed = answer.body.len() - left + 1;
            answer.body.truncate(left);
            answer.end = end;
        }
        self
    }
}

type Handler = dyn Fn(Asked) -> Act + Send + Sync;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(crate) async fn start(http2: bool, handler: impl Fn(Asked) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let handler: Arc<Handler> = Arc::new(handler);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let handler = handler.clone();
                tokio::spawn(async move {
                    let _ = stream.set_nodelay(true);
                    match http2 {
                        true => http2_connection(stream, &*handler).await,
                        false => http1_connection(stream, &*handler).await,
                    }
                });
            }
        });
        Self { address, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/pg", self.address)
    }
}

async fn leave(mut stream: TcpStream, end: End) {
    match end {
        End::Reset => {
            // A reset overtakes what was written, unless that has time to arrive.
            tokio::time::sleep(Duration::from_millis(5)).await;
            let _ = stream.set_zero_linger();
        }
        End::Stall => until_left(stream).await,
        // Closed with bytes unread, it would be a reset: the other side's next write fails, and over HTTP/2 it
        // writes before it reads what has arrived.
        End::Whole | End::Close => {
            let _ = stream.shutdown().await;
            until_left(stream).await;
        }
    }
}

async fn until_left(mut stream: TcpStream) {
    while !matches!(stream.read(&mut [0; 256]).await, Ok(0) | Err(_)) {}
}

async fn http1_connection(mut stream: TcpStream, handler: &Handler) {
    let mut read = Vec::new();
    loop {
        let (asked, length) = loop {
            if let Some(found) = http1_request(&read) {
                break found;
            }
            let mut chunk = [0; 8192];
            match stream.read(&mut chunk).await {
                Ok(n) if n > 0 => read.extend_from_slice(&chunk[..n]),
                _ => return,
            }
        };
        read.drain(..length);
        let answer = match handler(asked) {
            Act::Answer(answer) => answer,
            Act::Nothing(end) => return leave(stream, end).await,
        };
        let mut head = format!("HTTP/1.1 {} X\r\n", answer.status);
        if answer.status != 204 {
            head += &format!("content-length: {}\r\n", answer.body.len() + answer.owed);
        }
        for (name, value) in &answer.headers {
            head += &format!("{name}: {value}\r\n");
        }
        let bytes = [head.as_bytes(), b"\r\n", &answer.body].concat();
        if stream.write_all(&bytes).await.is_err() {
            return;
        }
        if answer.end != End::Whole {
            return leave(stream, answer.end).await;
        }
    }
}

/// A whole request at the beginning of what was read, and its length.
fn http1_request(read: &[u8]) -> Option<(Asked, usize)> {
    let head_end = read.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&read[..head_end]).ok()?;
    let (first, rest) = head.split_once("\r\n")?;
    let mut words = first.split(' ');
    let mut asked =
        Asked { method: words.next()?.to_owned(), path: words.next()?.to_owned(), ..Asked::default() };
    let mut length = 0;
    for (name, value) in rest.split("\r\n").filter_map(|line| line.split_once(": ")) {
        match name {
            "content-length" => length = value.parse().ok()?,
            "x-idempotency-key" => asked.key = value.to_owned(),
            "x-request-id" => asked.request_id = value.to_owned(),
            _ => {}
        }
    }
    let start = head_end + 4;
    asked.body = read.get(start..start + length)?.to_vec();
    Some((asked, start + length))
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes()[..], payload].concat()
}

/// A field of a header, neither compressed nor remembered.
fn field(name: &str, value: &str) -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    [&[0][..], &text(name), &text(value)].concat()
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;

/// The frames of an answer.
fn http2_answer(id: u32, answer: &Answer) -> Vec<u8> {
    const LONGEST_FRAME: usize = 16_384;
    let mut fields = [&[0x08, 3][..], answer.status.to_string().as_bytes()].concat();
    let promised = (answer.body.len() + answer.owed).to_string();
    let all = answer.headers.iter().map(|(name, value)| (*name, value.as_str()));
    for (name, value) in all.chain([("content-length", promised.as_str())]) {
        fields.extend(field(name, value));
    }
    let mut frames = frame(HEADERS, 4, id, &fields);
    for piece in answer.body.chunks(LONGEST_FRAME) {
        frames.extend(frame(DATA, 0, id, piece));
    }
    if answer.end == End::Whole {
        frames.extend(frame(DATA, 1, id, &[]));
    }
    frames
}

/// The next frame: what it is, its flags, its stream, and what is in it.
async fn http2_frame(stream: &mut TcpStream) -> Option<(u8, u8, u32, Vec<u8>)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.ok()?;
    let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
    let id = u32::from_be_bytes([head[5] & 0x7f, head[6], head[7], head[8]]);
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload).await.ok()?;
    Some((head[3], head[4], id, payload))
}

async fn http2_connection(mut stream: TcpStream, handler: &Handler) {
    const RST_STREAM: u8 = 3;
    const SETTINGS: u8 = 4;
    const PING: u8 = 6;
    const WINDOW_UPDATE: u8 = 8;
    let mut bodies = std::collections::HashMap::<u32, Vec<u8>>::new();
    let mut preface = [0; 24];
    if stream.read_exact(&mut preface).await.is_err()
        || stream.write_all(&frame(SETTINGS, 0, 0, &[])).await.is_err()
    {
        return;
    }
    while let Some((kind, flags, id, payload)) = http2_frame(&mut stream).await {
        let length = payload.len();
        let mut out = Vec::new();
        match kind {
            SETTINGS if flags & 1 == 0 => out = frame(SETTINGS, 1, 0, &[]),
            PING if flags & 1 == 0 => out = frame(PING, 1, 0, &payload),
            HEADERS => drop(bodies.entry(id).or_default()),
            DATA => {
                bodies.entry(id).or_default().extend_from_slice(&payload);
                if length > 0 {
                    out = frame(WINDOW_UPDATE, 0, 0, &u32::try_from(length).unwrap().to_be_bytes());
                }
            }
            _ => {}
        }
        if matches!(kind, HEADERS | DATA) && flags & 1 == 1 {
            let body = bodies.remove(&id).unwrap_or_default();
            let (answer, end) = match handler(Asked { body, ..Asked::default() }) {
                Act::Answer(answer) => (Some(answer.clone()), answer.end),
                Act::Nothing(end) => (None, end),
            };
            let has_answer = answer.is_some();
            if let Some(answer) = answer {
                out.extend(http2_answer(id, &answer));
            }
            match end {
                // After an answer's beginning: no error. Before it: an internal one.
                End::Reset => {
                    out.extend(frame(RST_STREAM, 0, id, &[0, 0, 0, if has_answer { 0 } else { 2 }]))
                }
                End::Close => {
                    let _ = stream.write_all(&out).await;
                    return leave(stream, End::Close).await;
                }
                End::Whole | End::Stall => {}
            }
        }
        if stream.write_all(&out).await.is_err() {
            return;
        }
    }
}
