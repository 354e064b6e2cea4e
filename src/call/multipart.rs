//! Files in a request: a few operations take a document instead of JSON.
//!
//! The body is built once, as bytes, so that every attempt of a call sends the same. Its boundary comes
//! from a hash of the parts: a later call with the same idempotency key and the same file has the very
//! same body, and is not refused for having another.

use std::{borrow::Cow, fmt};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::types::Invalid;

/// A file to send: its bytes, its name and its media type.
///
/// ```
/// use cashfree_pg::Upload;
///
/// let evidence = Upload::new("invoice.pdf", "application/pdf", vec![0x25, 0x50, 0x44, 0x46])?;
/// assert_eq!(format!("{evidence:?}"), r#"Upload { file_name: "invoice.pdf", media_type: "application/pdf", bytes: 4 }"#);
/// # Ok::<(), cashfree_pg::types::Invalid>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    file_name: String,
    media_type: String,
    bytes: Bytes,
}

impl Upload {
    /// A file. `bytes` are the content itself, not a path.
    ///
    /// # Errors
    /// [`Invalid`] if the name is empty, has a path in it or a control character; if the media type is
    /// not of the form `application/pdf`; if there are no bytes.
    pub fn new(
        file_name: impl Into<String>,
        media_type: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> Result<Self, Invalid> {
        let (file_name, media_type, bytes) = (file_name.into(), media_type.into(), bytes.into());
        if file_name.is_empty() {
            return Err(Invalid::one("file_name", "must not be empty"));
        }
        if file_name.chars().any(|c| c.is_control() || c == '/' || c == '\\') {
            return Err(Invalid::one("file_name", "must not hold a slash or a control character"));
        }
        if !is_media_type(&media_type) {
            return Err(Invalid::one("media_type", "must be a media type such as application/pdf"));
        }
        if bytes.is_empty() {
            return Err(Invalid::one("bytes", "must not be empty"));
        }
        Ok(Self { file_name, media_type, bytes })
    }

    /// The name of the file.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The media type of the file.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The content of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("file_name", &self.file_name)
            .field("media_type", &self.media_type)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// Two tokens of RFC 9110 and a slash. Parameters have no use here.
fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
    };
    text.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

/// The parts of a form, in the order they were given.
#[derive(Clone, Default)]
pub(crate) struct Form(Vec<Part>);

#[derive(Clone)]
enum Part {
    Text(Cow<'static, str>, String),
    File(Cow<'static, str>, Upload),
}

impl Form {
    pub(crate) fn text(&mut self, name: Cow<'static, str>, value: String) {
        self.0.push(Part::Text(name, value));
    }

    pub(crate) fn file(&mut self, name: Cow<'static, str>, upload: Upload) {
        self.0.push(Part::File(name, upload));
    }

    /// The texts of the form, by name.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(name, value) => Some((name.as_ref(), value.as_str())),
            Part::File(..) => None,
        })
    }

    /// The content type and the body.
    pub(crate) fn encode(&self) -> (String, Bytes) {
        let boundary = self.boundary();
        let mut body = Vec::new();
        for part in &self.0 {
            let (name, file, content) = match part {
                Part::Text(name, value) => (name.as_ref(), None, value.as_bytes()),
                Part::File(name, upload) => (name.as_ref(), Some(upload), upload.bytes()),
            };
            let name = quoted(name);
            let mut head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
            if let Some(Upload { file_name, media_type, .. }) = file {
                head += &format!("; filename=\"{}\"\r\nContent-Type: {media_type}", quoted(file_name));
            }
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), body.into())
    }

    /// A part cannot hold the boundary by chance: it would have to hold a hash of itself.
    fn boundary(&self) -> String {
        let mut hash = Sha256::new();
        for part in &self.0 {
            let pieces: [&[u8]; 4] = match part {
                Part::Text(name, value) => [name.as_bytes(), value.as_bytes(), b"", b""],
                Part::File(name, upload) => [
                    name.as_bytes(),
                    upload.bytes(),
                    upload.file_name.as_bytes(),
                    upload.media_type.as_bytes(),
                ],
            };
            for piece in pieces {
                hash.update((piece.len() as u64).to_be_bytes());
                hash.update(piece);
            }
        }
        let digest = hash.finalize();
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("cashfree-{hex}")
    }
}

/// As browsers write it.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_what_a_browser_would_send_and_the_same_each_time() {
        let form = |content: &'static [u8]| {
            let mut form = Form::default();
            form.text("doc_type".into(), "PAN".to_owned());
            form.file("file".into(), Upload::new("a \"b\".pdf", "application/pdf", content).unwrap());
            form.encode()
        };
        let (content_type, body) = form(b"\x00%PDF");
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"doc_type\"\r\n\r\nPAN\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %22b%22.pdf\"\r\n\
             Content-Type: application/pdf\r\n\r\n\x00%PDF\r\n--{boundary}--\r\n"
        );
        assert_eq!(body, expected.as_bytes());
        assert_eq!(form(b"\x00%PDF"), (content_type.clone(), body));
        assert_ne!(form(b"\x01%PDF").0, content_type);
    }

    #[test]
    fn a_wrong_file_is_refused_by_member() {
        let member = |name: &str, media_type: &str, bytes: &'static [u8]| {
            Upload::new(name, media_type, bytes).map(drop).map_err(|e| e.violations()[0].member().to_owned())
        };
        assert_eq!(member("a.pdf", "application/pdf", b"x"), Ok(()));
        for name in ["", "a\r\nb", "../a.pdf", "a\\b"] {
            assert_eq!(member(name, "application/pdf", b"x"), Err("file_name".to_owned()), "{name:?}");
        }
        for media_type in ["", "pdf", "application/", "a/b\r\nc: d", "a/b; c=d"] {
            assert_eq!(member("a.pdf", media_type, b"x"), Err("media_type".to_owned()), "{media_type:?}");
        }
        assert_eq!(member("a.pdf", "application/pdf", b""), Err("bytes".to_owned()));
    }
}
