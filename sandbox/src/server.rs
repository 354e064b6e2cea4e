//! The socket: hyper in front of the engine, the control endpoints, and connections that can be reset.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Frame, SizeHint};
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::engine::{Engine, Incoming, Reply, Spoilt};
use crate::faults::Fault;
use crate::webhook::Delivery;
use crate::world::{self, Outcome};
use crate::{money, spec};

/// The largest body that is read.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// Serves until it is dropped.
pub(crate) async fn run(listener: TcpListener, engine: Arc<Engine>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(serve(stream, Arc::clone(&engine))); }
                // Out of file descriptors, for example: others may be closed meanwhile.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, engine: Arc<Engine>) {
    // The answers are small: waiting to fill a packet only costs time.
    let _ = stream.set_nodelay(true);
    let reset = Arc::new(AtomicBool::new(false));
    let connection = Connection { stream, reset: Arc::clone(&reset) };
    let service = service_fn(move |request| respond(Arc::clone(&engine), Arc::clone(&reset), request));
    // An error here is a client that went away, or a fault on request.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(connection), service)
        .await;
}

async fn respond(
    engine: Arc<Engine>,
    reset: Arc<AtomicBool>,
    request: Request<hyper::body::Incoming>,
) -> Result<Response<Answer>, io::Error> {
    let (head, body) = request.into_parts();
    let reply = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => {
            let incoming = Incoming {
                method: head.method,
                path: head.uri.path().to_owned(),
                query: head.uri.query().unwrap_or("").to_owned(),
                headers: head.headers,
                body: body.to_bytes(),
            };
            route(&engine, &incoming)
        }
        Err(_) => plain(413, "the body is too large, or was broken off\n"),
    };
    tokio::time::sleep(reply.delay).await;
    if reply.spoilt == Spoilt::Reset {
        reset.store(true, Ordering::Relaxed);
        return Err(io::Error::other("reset on request"));
    }
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Answer::new(reply.body, reply.spoilt == Spoilt::Truncated)).map_err(io::Error::other)
}

fn route(engine: &Arc<Engine>, incoming: &Incoming) -> Reply {
    if let Some(path) = incoming.path.strip_prefix("/pg/") {
        return engine.answer(&format!("/{path}"), incoming);
    }
    match incoming.path.strip_prefix("/_sandbox/") {
        Some(path) => control(engine, path, incoming),
        None => {
            plain(404, "this is a Cashfree sandbox: the API is below /pg, its controls below /_sandbox\n")
        }
    }
}

fn control(engine: &Arc<Engine>, path: &str, incoming: &Incoming) -> Reply {
    match (&incoming.method, path) {
        (&Method::GET, "") => Reply::json(200, &about(engine)),
        (&Method::DELETE, "state") => {
            engine.reset();
            Reply::json(200, &json!({}))
        }
        (&Method::GET, "webhooks") => {
            Reply::json(200, &engine.deliveries().iter().map(Delivery::to_json).collect())
        }
        (&Method::GET, "requests") => Reply::json(200, &engine.requests_json()),
        (&Method::GET, "faults") => Reply::json(200, &engine.with_faults(|faults| faults.list())),
        (&Method::DELETE, "faults") => {
            engine.with_faults(|faults| faults.clear());
            Reply::json(200, &json!({}))
        }
        (&Method::POST, "faults") => inject(engine, incoming),
        (&Method::POST, "clock") => advance(engine, incoming),
        (&Method::POST, "disputes") => dispute(engine, incoming),
        (&Method::GET | &Method::POST, _) => match path.split_once('/') {
            Some(("pay", id)) => pay(engine, id, incoming),
            Some(("links", id)) => open_link(engine, &spec::percent_decode(id), incoming),
            _ => plain(404, "no such control\n"),
        },
        _ => plain(404, "no such control\n"),
    }
}

fn about(engine: &Engine) -> Value {
    json!({
        "base_url": format!("{}/pg", engine.config.origin),
        "versions": spec::versions().collect::<Vec<_>>(),
        "client_id": engine.config.credentials.client_id,
        "client_secret": engine.config.credentials.client_secret,
        "webhook_url": engine.config.webhook_url,
    })
}

fn inject(engine: &Engine, incoming: &Incoming) -> Reply {
    let body = serde_json::from_slice(&incoming.body).map_err(|_| "the body should be JSON".to_owned());
    match body.and_then(|body: Value| Fault::from_json(&body)) {
        Ok(fault) => {
            let answer = fault.to_json();
            engine.with_faults(|faults| faults.add(fault));
            Reply::json(200, &answer)
        }
        Err(message) => Reply::json(400, &json!({ "message": message })),
    }
}

fn advance(engine: &Arc<Engine>, incoming: &Incoming) -> Reply {
    let body: Value = serde_json::from_slice(&incoming.body).unwrap_or_default();
    match body["advance_seconds"].as_u64() {
        Some(seconds) => {
            let now = engine.with_world(|world| {
                world.clock.advance(Duration::from_secs(seconds));
                world.stamp()
            });
            Reply::json(200, &json!({ "now": now }))
        }
        None => Reply::json(400, &json!({ "message": "advance_seconds should be a whole number" })),
    }
}

/// A payer's bank opens a dispute about a payment.
fn dispute(engine: &Arc<Engine>, incoming: &Incoming) -> Reply {
    let body: Value = serde_json::from_slice(&incoming.body).unwrap_or_default();
    let payment = world::text(&body["cf_payment_id"]).and_then(|id| id.parse().ok());
    let Some(payment) = payment else {
        return Reply::json(400, &json!({ "message": "cf_payment_id should name a payment" }));
    };
    match engine.with_world(|world| world.open_dispute(payment)) {
        Ok(id) => Reply::json(200, &json!({ "dispute_id": id })),
        Err(problem) => Reply::json(problem.status, &problem.body()),
    }
}

/// Opens a payment link: an order, and a payment that waits for the payer's decision on its page.
fn open_link(engine: &Arc<Engine>, id: &str, incoming: &Incoming) -> Reply {
    let body: Value = serde_json::from_slice(&incoming.body).unwrap_or_default();
    match engine.with_world(|world| world.open_link(id, money::decimal(&body["amount"]))) {
        Ok((order, payment)) => {
            let page = format!("{}/_sandbox/pay/{payment}", engine.config.origin);
            let answer = json!({ "order_id": order, "cf_payment_id": payment.to_string(), "url": page });
            if incoming.method == Method::POST {
                return Reply::json(200, &answer);
            }
            let mut reply = plain(302, "");
            reply.headers.push(("location", page));
            reply
        }
        Err(problem) => Reply::json(problem.status, &problem.body()),
    }
}

/// The page behind a payment's `data.url`: the payer's decision, as links.
fn pay(engine: &Arc<Engine>, id: &str, incoming: &Incoming) -> Reply {
    let Ok(number) = id.parse::<u64>() else { return plain(404, "no such payment\n") };
    let query = spec::parse_query(&incoming.query);
    let status = query.iter().find(|(name, _)| name == "status").map(|(_, value)| value.as_str());
    let outcome = status.and_then(|status| Outcome::parse(status, None));
    let settled = engine.with_world(|world| {
        if let Some(outcome) = outcome {
            world.settle(number, outcome);
        }
        world.payments.get(&number).map(|payment| (payment.status, payment.amount))
    });
    let Some((status, amount)) = settled else { return plain(404, "no such payment\n") };
    if incoming.method == Method::POST {
        return Reply::json(200, &json!({ "cf_payment_id": id, "payment_status": status }));
    }
    let choices =
        ["SUCCESS", "FAILED", "USER_DROPPED"].map(|one| format!("<a href=\"?status={one}\">{one}</a>"));
    let choices = if status == "PENDING" { choices.join(" · ") } else { String::new() };
    let page =
        format!("<!doctype html><title>Payment {id}</title><p>{amount:.2}: {status}</p><p>{choices}</p>");
    Reply::new(200, "text/html; charset=utf-8", page.into_bytes())
}

fn plain(status: u16, text: &str) -> Reply {
    Reply::new(status, "text/plain; charset=utf-8", text.as_bytes().to_vec())
}

/// A connection that can be told to end in a reset instead of a goodbye.
struct Connection {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.reset.load(Ordering::Relaxed) {
            // A goodbye would come before the reset.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A body that announces its full length and, where it is to be truncated, breaks off half way.
struct Answer {
    length: u64,
    rest: Option<Bytes>,
    breaks: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Answer {
    fn new(body: Vec<u8>, truncated: bool) -> Self {
        let length = body.len() as u64;
        let mut rest = Bytes::from(body);
        // The first half must be on the wire before the connection breaks: hyper sends what it has only when
        // the body makes it wait.
        let breaks = truncated.then(|| Box::pin(tokio::time::sleep(Duration::from_millis(30))));
        if truncated {
            rest.truncate(rest.len() / 2);
        }
        Self { length, rest: Some(rest).filter(|rest| !rest.is_empty()), breaks }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(rest) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(rest))));
        }
        match &mut self.breaks {
            Some(moment) => {
                moment.as_mut().poll(cx).map(|()| Some(Err(io::Error::other("truncated on request"))))
            }
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_none() && self.breaks.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

/// Binds a port of this machine; 0 for any.
pub(crate) async fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).await
}
