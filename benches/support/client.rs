//! A kept-alive connection that reads no more of an answer than it must.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

/// One kept-alive connection.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

/// An answer: its status and body, borrowed until the next one.
pub struct Answer<'a> {
    pub status: u16,
    pub head: &'a str,
    pub body: &'a [u8],
}

impl Client {
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: vec![0; 1 << 20], filled: 0 }
    }

    /// Sends a whole request and reads its answer.
    pub fn send(&mut self, request: &[u8]) -> Answer<'_> {
        self.stream.write_all(request).unwrap();
        self.filled = 0;
        let head = loop {
            self.read();
            let read = &self.buffer[..self.filled];
            if let Some(end) = read.windows(4).position(|w| w == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = std::str::from_utf8(&self.buffer[..head]).unwrap();
        let status = text[9..12].parse().unwrap();
        let length = header(text, "content-length").map_or(0, |v| v.parse::<usize>().unwrap());
        while self.filled < head + length {
            self.read();
        }
        let (head, rest) = self.buffer.split_at(head);
        Answer { status, head: std::str::from_utf8(head).unwrap(), body: &rest[..length] }
    }

    fn read(&mut self) {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled * 2, 0);
        }
        let n = self.stream.read(&mut self.buffer[self.filled..]).unwrap();
        assert!(n > 0, "the server closed the connection");
        self.filled += n;
    }
}

/// A header of an answer's head.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").into_bytes()
}

pub fn post(path: &str, headers: &str, json: &str) -> Vec<u8> {
    let length = json.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{json}"
    )
    .into_bytes()
}
