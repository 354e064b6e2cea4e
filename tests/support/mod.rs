//! An HTTP server that misbehaves on request, byte by byte.
//!
//! Written by hand and not with an HTTP library, because a library would not let half of these faults
//! happen.
// Each test uses its part of it.
#![allow(dead_code, unreachable_pub)]

pub mod log;

use std::{
    collections::HashMap,
    io::ErrorKind,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use cashfree_pg::{Cashfree, CashfreeBuilder, Credentials, Environment, RetryPolicy};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

pub const SECRET: &str = "cfsk_ma_test_MARKED_SECRET";

/// What the server understood of a request.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// A form as the server reads it.
pub fn fields(request: &Request) -> Vec<(String, String)> {
    let read = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text).decode_utf8().expect("UTF-8").into_owned()
    };
    let body = std::str::from_utf8(&request.body).expect("text");
    body.split('&')
        .map(|pair| pair.split_once('=').expect("a pair"))
        .map(|(n, v)| (read(n), read(v)))
        .collect()
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A whole and correct answer; the connection stays open.
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: String },
    /// These bytes, then a reset.
    Reset(Vec<u8>),
    /// These bytes, then an orderly end.
    Close(Vec<u8>),
    /// These bytes, then silence until the client leaves.
    Stall(Vec<u8>),
    /// The answer, once it is time. A handler that slept would hold up whatever else its thread has to do, the
    /// client's clock included.
    After(Arc<Notify>, Box<Reply>),
}

impl Reply {
    pub fn json(status: u16, body: impl ToString) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.to_string() }
    }

    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.to_string()));
        }
        self
    }
}

/// Cashfree's error body.
pub fn refusal(status: u16, kind: &str, code: &str) -> Reply {
    Reply::json(status, serde_json::json!({ "message": "said the server", "code": code, "type": kind }))
}

type Handler = Arc<dyn Fn(&Request) -> Reply + Send + Sync>;
/// Whether the connection of this number (from 0) is reset before anything is read from it.
type Refuse = Arc<dyn Fn(usize) -> bool + Send + Sync>;

pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    /// Connections the client left while an answer was due.
    abandoned: Arc<Mutex<usize>>,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_with(|_| false, handler).await
    }

    pub async fn start_with(
        refuse: impl Fn(usize) -> bool + Send + Sync + 'static,
        handler: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        #[cfg(feature = "tracing")]
        log::listen();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::serve(listener, Arc::new(refuse), Arc::new(handler))
    }

    fn serve(listener: TcpListener, refuse: Refuse, handler: Handler) -> Self {
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let abandoned = Arc::new(Mutex::new(0));
        let task = tokio::spawn({
            let (seen, abandoned) = (seen.clone(), abandoned.clone());
            async move {
                for number in 0.. {
                    let Ok((stream, _)) = listener.accept().await else { return };
                    if refuse(number) {
                        // Not before the first byte is there, or the client might not even get connected:
                        // that would be another fault, and which of the two it is would be chance.
                        let _ = stream.peek(&mut [0]).await;
                        stream.set_zero_linger().unwrap();
                        continue;
                    }
                    let (handler, seen, abandoned) = (handler.clone(), seen.clone(), abandoned.clone());
                    tokio::spawn(async move {
                        if connection(stream, &handler, &seen).await.is_err() {
                            *abandoned.lock().unwrap() += 1;
                        }
                    });
                }
            }
        });
        Self { address, seen, abandoned, task }
    }

    pub fn url(&self) -> String {
        format!("http://{}/pg", self.address)
    }

    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    pub fn abandoned(&self) -> usize {
        *self.abandoned.lock().unwrap()
    }

    pub fn client(&self) -> Cashfree {
        self.builder().build().unwrap()
    }

    pub fn builder(&self) -> CashfreeBuilder {
        builder(&self.url())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A client with waits that suit a test. An environment's proxy has no business in it.
pub fn builder(url: &str) -> CashfreeBuilder {
    Cashfree::builder()
        .environment(Environment::custom(url).unwrap())
        .credentials(Credentials::merchant("client-1", SECRET))
        .retry(quick_retries())
        .no_proxy()
}

pub fn quick_retries() -> RetryPolicy {
    RetryPolicy::default()
        .backoff(Duration::from_millis(2), Duration::from_millis(10))
        .rate_limit_wait(Duration::from_millis(20))
        .seed(1)
}

/// `Err` if the client left while an answer was due.
async fn connection(mut stream: TcpStream, handler: &Handler, seen: &Mutex<Vec<Request>>) -> Result<(), ()> {
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut buffer).await {
        let mut reply = handler(&request);
        seen.lock().unwrap().push(request);
        if let Reply::After(time, answer) = reply {
            time.notified().await;
            reply = *answer;
        }
        let (bytes, end) = match reply {
            Reply::After(..) => panic!("late twice"),
            Reply::Answer { .. } => {
                stream.write_all(&encode(&reply)).await.map_err(drop)?;
                continue;
            }
            Reply::Reset(bytes) => (bytes, "reset"),
            Reply::Close(bytes) => (bytes, "close"),
            Reply::Stall(bytes) => (bytes, "stall"),
        };
        stream.write_all(&bytes).await.map_err(drop)?;
        stream.flush().await.map_err(drop)?;
        match end {
            "reset" => {
                // A reset overtakes what was written, unless that has time to arrive.
                if !bytes.is_empty() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                stream.set_zero_linger().map_err(drop)?;
            }
            "close" => stream.shutdown().await.map_err(drop)?,
            _ => {
                let mut rest = [0; 64];
                while !matches!(stream.read(&mut rest).await, Ok(0) | Err(_)) {}
                return Err(());
            }
        }
        return Ok(());
    }
    Ok(())
}

/// The next request, or `None` at the end of the connection.
pub async fn read_request(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Option<Request> {
    loop {
        if let Some((request, length)) = parse(buffer) {
            buffer.drain(..length);
            return Some(request);
        }
        let mut chunk = [0; 16 * 1024];
        match stream.read(&mut chunk).await {
            Ok(0) => return None,
            Ok(n) => buffer.extend_from_slice(&chunk[..n]),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}

fn parse(buffer: &[u8]) -> Option<(Request, usize)> {
    let head_length = buffer.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&buffer[..head_length]).unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let mut headers = HashMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let before = headers.insert(name.to_ascii_lowercase(), value.to_owned());
        assert_eq!(before, None, "{name} was sent twice");
    }
    let length = head_length + headers.get("content-length").map_or(0, |n: &String| n.parse().unwrap());
    let body = buffer.get(head_length..length)?.to_vec();
    Some((Request { method, target, headers, body }, length))
}

pub async fn write_answer(stream: &mut (impl AsyncWrite + Unpin), reply: &Reply) -> std::io::Result<()> {
    stream.write_all(&encode(reply)).await
}

/// An answer as bytes, for faults that cut it.
pub fn encode(reply: &Reply) -> Vec<u8> {
    let Reply::Answer { status, headers, body } = reply else { panic!("not an answer") };
    let mut text = format!("HTTP/1.1 {status} Said So\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("\r\n{body}");
    text.into_bytes()
}
