//! The socket: hyper in front of the gateway, and connections that can be spoilt.

mod answer;
mod connection;
mod controls;
mod pages;
#[cfg(feature = "tls")]
pub(crate) mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Bytes;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper::{Method, Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::gateway::Engine;
use crate::gateway::problem::Problem;
use crate::gateway::reply::{Incoming, Reply, Spoilt};
use crate::spec;
use answer::Answer;
use connection::{Connection, Stream};

/// The largest body that is read.
const LARGEST_BODY: usize = 16 * 1024 * 1024;
/// A body that has not come by then is not waited for.
const BODY_WITHIN: Duration = Duration::from_secs(25);

/// What makes a plain connection a secret one.
#[cfg(feature = "tls")]
pub(crate) type Secrecy = tokio_rustls::TlsAcceptor;
/// What makes a plain connection a secret one: nothing, in this build.
#[cfg(not(feature = "tls"))]
#[derive(Clone)]
pub(crate) enum Secrecy {}

/// Serves until it is dropped.
pub(crate) async fn run(listener: TcpListener, engine: Arc<Engine>, secrecy: Option<Secrecy>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(serve(stream, peer, Arc::clone(&engine), secrecy.clone()));
                }
                // Out of file descriptors, for example: others may be closed meanwhile.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, engine: Arc<Engine>, secrecy: Option<Secrecy>) {
    // The answers are small: waiting to fill a packet only costs time.
    let _ = stream.set_nodelay(true);
    let mut next = Stream::accept(stream, secrecy.clone()).await;
    while let Some(stream) = next.take() {
        let reset = Arc::new(AtomicBool::new(false));
        let connection = Connection::new(stream, Arc::clone(&reset), engine.config.origin.clone());
        let tunnel = Tunnel::default();
        let service = service_fn(|mut request: Request<_>| {
            let asked = (request.method() == Method::CONNECT).then(|| tunnel.ask(&mut request, &secrecy));
            let (engine, reset, peer) = (Arc::clone(&engine), Arc::clone(&reset), peer.ip().to_string());
            async move {
                match asked {
                    Some(reply) => sent(reply),
                    None => respond(engine, reset, peer, request).await,
                }
            }
        });
        // An error here is a client that went away, or a fault on request.
        let _ = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            // A client that has said all it wants to say still wants its answer.
            .half_close(true)
            .serve_connection(TokioIo::new(connection), service)
            .with_upgrades()
            .await;
        next = tunnel.open(secrecy.clone()).await;
    }
}

/// A client that takes the sandbox for a proxy asks for a way to Cashfree: what comes through it is for the
/// sandbox, which says that it is Cashfree.
#[derive(Default)]
struct Tunnel(Mutex<Option<OnUpgrade>>);

impl Tunnel {
    fn ask(&self, request: &mut Request<hyper::body::Incoming>, secrecy: &Option<Secrecy>) -> Reply {
        let name = request.uri().host().unwrap_or("").to_owned();
        if secrecy.is_none() {
            return Reply::plain(501, "serve with --tls, and a client may take it for its proxy\n");
        }
        if name != "cashfree.com" && !name.ends_with(".cashfree.com") {
            return Reply::plain(403, "this proxy knows of Cashfree only\n");
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(hyper::upgrade::on(request));
        Reply::new(200, "", Vec::new())
    }

    /// What comes through it, if it was asked for.
    #[cfg(feature = "tls")]
    async fn open(self, secrecy: Option<Secrecy>) -> Option<Stream> {
        let asked = self.0.into_inner().unwrap_or_else(PoisonError::into_inner)?;
        Stream::tunnelled(asked, secrecy?).await
    }

    #[cfg(not(feature = "tls"))]
    async fn open(self, _: Option<Secrecy>) -> Option<Stream> {
        None
    }
}

async fn respond(
    engine: Arc<Engine>,
    reset: Arc<AtomicBool>,
    peer: String,
    request: Request<hyper::body::Incoming>,
) -> Result<Response<Answer>, io::Error> {
    let (head, body) = request.into_parts();
    let incoming = Incoming {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or("").to_owned(),
        headers: head.headers,
        body: Bytes::new(),
        peer,
    };
    let body = tokio::time::timeout(BODY_WITHIN, Limited::new(body, LARGEST_BODY).collect()).await;
    let reply = match body {
        Ok(Ok(body)) => route(&engine, Incoming { body: body.to_bytes(), ..incoming }).await,
        Ok(Err(_)) => unread(&engine, &incoming, 413, "the body is too large, or was broken off"),
        Err(_) => unread(&engine, &incoming, 408, "the body did not come in time"),
    };
    tokio::time::sleep(reply.delay).await;
    if reply.spoilt == Spoilt::Reset {
        reset.store(true, Ordering::Relaxed);
        return Err(io::Error::other("reset on request"));
    }
    sent(reply)
}

fn sent(reply: Reply) -> Result<Response<Answer>, io::Error> {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Answer::new(reply.body, reply.spoilt)).map_err(io::Error::other)
}

/// What follows `/pg`, for a request to the API.
fn below<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

async fn route(engine: &Arc<Engine>, incoming: Incoming) -> Reply {
    if let Some(path) = below(&incoming.path, "/pg") {
        if incoming.method == Method::OPTIONS {
            return preflight(engine, path, &incoming);
        }
        let path = if path.is_empty() { "/" } else { path };
        return engine.answer(path, &incoming);
    }
    if incoming.path == "/" {
        return pages::page("index.html");
    }
    if let Some(path) = below(&incoming.path, "/_sandbox") {
        return controls::answer(engine, path.trim_start_matches('/'), &incoming).await;
    }
    if spec::products().any(|spec| spec.route(incoming.method.as_str(), &incoming.path).is_some()) {
        return engine.answer(&incoming.path, &incoming);
    }
    Reply::plain(404, "this is a Cashfree sandbox: the API is below /pg, its controls below /_sandbox\n")
}

/// A request whose body could not be read.
fn unread(engine: &Engine, incoming: &Incoming, status: u16, message: &str) -> Reply {
    if below(&incoming.path, "/pg").is_none() {
        return Reply::plain(status, &format!("{message}\n"));
    }
    let problem = Problem::new(status, "invalid_request_error", "request_failed", message);
    Reply::problem(&problem, &engine.config.origin)
}

/// A browser asks whether the merchant's page may call: what needs no credentials it may.
fn preflight(engine: &Engine, path: &str, incoming: &Incoming) -> Reply {
    let method = incoming.header("access-control-request-method").unwrap_or("POST");
    let public = spec::versions()
        .filter_map(spec::find)
        .filter_map(|spec| spec.route(method, path))
        .any(|(operation, _)| operation.public);
    if !public {
        let problem = Problem::invalid("request_failed", "bad URL, please check API documentation");
        return Reply::problem(&problem, &engine.config.origin);
    }
    let asked = incoming.header("access-control-request-headers");
    let mut reply = Reply::plain(204, "");
    reply.headers.clear();
    reply
        .with_header("access-control-allow-origin", "*")
        .with_header("access-control-allow-methods", "POST, OPTIONS")
        .with_header("access-control-allow-headers", asked.unwrap_or("content-type, x-api-version"))
        .with_header("access-control-max-age", "600")
}
