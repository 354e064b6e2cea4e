//! Reads `multipart/form-data`, as much as three uploads need.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The parts by name: texts as they are; files as their name, so that validation sees a text, with their size
/// and digest beside it under `NAME__file`.
pub(crate) fn read(media_type: &str, body: &[u8]) -> Result<Value, &'static str> {
    if !media_type.to_ascii_lowercase().starts_with("multipart/form-data") {
        return Err("should be multipart/form-data");
    }
    let boundary = media_type.split(';').find_map(|part| part.trim().strip_prefix("boundary="));
    let boundary = boundary.map(|one| one.trim_matches('"')).filter(|one| !one.is_empty());
    let delimiter = format!("--{}", boundary.ok_or("has no boundary")?);

    let mut parts = Map::new();
    let mut rest =
        find(body, delimiter.as_bytes()).map(|at| &body[at + delimiter.len()..]).ok_or("has no parts")?;
    while !rest.starts_with(b"--") {
        let part = rest.strip_prefix(b"\r\n").ok_or("is broken off")?;
        let end = find(part, format!("\r\n{delimiter}").as_bytes()).ok_or("is broken off")?;
        let split = find(&part[..end], b"\r\n\r\n").ok_or("has a part without headers")?;
        let headers = String::from_utf8_lossy(&part[..split]);
        let content = &part[split + 4..end];
        let name = parameter(&headers, "name").ok_or("has a part without a name")?;
        match parameter(&headers, "filename") {
            Some(file) => {
                let details =
                    json!({ "size": content.len(), "sha256": format!("{:x}", Sha256::digest(content)) });
                parts.insert(format!("{name}__file"), details);
                parts.insert(name, Value::String(file));
            }
            None => {
                parts.insert(name, Value::String(String::from_utf8_lossy(content).into_owned()));
            }
        }
        rest = &part[end + 2 + delimiter.len()..];
    }
    Ok(Value::Object(parts))
}

fn parameter(headers: &str, name: &str) -> Option<String> {
    let mut parameters = headers.split(['\r', '\n', ';']);
    let value = parameters.find_map(|one| one.trim().strip_prefix(name)?.strip_prefix('='))?;
    Some(value.trim_matches('"').to_owned())
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_files_are_read() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"doc_type\"\r\n\r\nPAN\r\n--x\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\
            \x00\xff--y\r\n\r\n--x--\r\n";
        let parts = read("multipart/form-data; boundary=x", body).expect("well-formed");
        assert_eq!(parts["doc_type"], "PAN");
        assert_eq!(parts["file"], "a.pdf");
        assert_eq!(parts["file__file"]["size"], 7);
    }

    #[test]
    fn broken_bodies_are_refused() {
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
            assert!(read(media, body.as_bytes()).is_err(), "{media} {body}");
        }
    }
}
