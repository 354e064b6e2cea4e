//! A request's body as a value, whatever it was sent as.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::problem::Problem;
use super::reply::Incoming;
use crate::spec::{self, Operation};

/// Reads what an operation takes.
pub(super) fn read(operation: &Operation, incoming: &Incoming) -> Result<Value, Problem> {
    let Some(request) = &operation.request else { return Ok(Value::Null) };
    if request.multipart {
        let media = incoming.header("content-type").unwrap_or("");
        return multipart(media, &incoming.body)
            .map_err(|what| Problem::invalid("request_failed", format!("body : {what}")));
    }
    if request.form {
        let pairs = spec::parse_query(&String::from_utf8_lossy(&incoming.body));
        return Ok(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect());
    }
    let body: Value = serde_json::from_slice(&incoming.body)
        .map_err(|error| Problem::invalid("request_failed", format!("body is not valid JSON: {error}")))?;
    if body.is_object() || body.is_array() {
        return Ok(body);
    }
    Err(Problem::invalid("request_failed", "body : should be a JSON object"))
}

/// The parts of a form by name: texts as they are; files as their name, so that validation sees a text, with
/// size, digest and content beside it under `NAME__file`.
fn multipart(media: &str, body: &Bytes) -> Result<Value, String> {
    let boundary = multer::parse_boundary(media).map_err(|error| error.to_string())?;
    let mut form = multer::Multipart::new(Whole(Some(body.clone())), boundary);
    let mut parts = Map::new();
    // The whole body is there, so nothing is ever waited for.
    while let Some(field) = ready(form.next_field())?.map_err(|error| error.to_string())? {
        let name = field.name().ok_or("has a part without a name")?.to_owned();
        let file = field.file_name().map(str::to_owned);
        let content = ready(field.bytes())?.map_err(|error| error.to_string())?;
        match file {
            Some(file) => {
                let details = json!({
                    "size": content.len(), "sha256": format!("{:x}", Sha256::digest(&content)),
                    "content": STANDARD.encode(&content),
                });
                parts.insert(format!("{name}__file"), details);
                parts.insert(name, Value::String(file));
            }
            None => {
                parts.insert(name, Value::String(String::from_utf8_lossy(&content).into_owned()));
            }
        }
    }
    Ok(Value::Object(parts))
}

/// The value of a future that need not wait.
fn ready<F: Future>(future: F) -> Result<F::Output, String> {
    match std::pin::pin!(future).poll(&mut Context::from_waker(std::task::Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err("is broken off".to_owned()),
    }
}

/// A body that has arrived already, as a stream.
struct Whole(Option<Bytes>);

impl futures_core::Stream for Whole {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_files_are_read() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"doc_type\"\r\n\r\nPAN\r\n--x\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a;b.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\
            \x00\xff--y\r\n\r\n--x--\r\n";
        for media in ["multipart/form-data; boundary=x", "Multipart/Form-Data; Boundary=\"x\""] {
            let parts = multipart(media, &Bytes::from_static(body)).expect(media);
            assert_eq!(parts["doc_type"], "PAN");
            assert_eq!(parts["file"], "a;b.pdf");
            assert_eq!(parts["file__file"]["size"], 7);
            assert_eq!(parts["file__file"]["content"], STANDARD.encode(b"\x00\xff--y\r\n"));
        }
    }

    #[test]
    fn broken_forms_are_refused() {
        for (media, body) in [
            ("application/json", "{}"),
            ("multipart/form-data", "--x--"),
            ("multipart/form-data; boundary=x", "nothing"),
            (
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nbroken",
            ),
            ("multipart/form-data; boundary=x", "--x\r\n\r\n\r\n\r\n--x--"),
        ] {
            assert!(multipart(media, &Bytes::from_static(body.as_bytes())).is_err(), "{media} {body}");
        }
    }
}
