//! The least of an HTTP server: whatever it is asked, it says the same.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Answers every request with a body, on a thread of its own, until the program ends. Returns its URL.
///
/// # Errors
/// If no port is free or no thread is to be had.
pub fn start(body: &str) -> io::Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let url = format!("http://{}", listener.local_addr()?);
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nx-api-version: 2025-01-01\r\n\
         date: Thu, 15 Jan 2026 12:42:09 GMT\r\nx-ratelimit-limit: 1000\r\nx-ratelimit-remaining: 999\r\n\r\n",
        body.len()
    );
    let answer: Arc<[u8]> = Arc::from((head + body).into_bytes());
    std::thread::Builder::new().spawn(move || {
        runtime.block_on(async {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, answer.clone()));
            }
        });
    })?;
    Ok(url)
}

async fn serve(connection: TcpStream, answer: Arc<[u8]>) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut connection = BufReader::new(connection);
    loop {
        let (mut length, mut line, mut body) = (0, String::new(), Vec::new());
        while line != "\r\n" {
            line.clear();
            if connection.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or_default();
            }
        }
        body.resize(length, 0);
        connection.read_exact(&mut body).await?;
        connection.get_mut().write_all(&answer).await?;
    }
}
