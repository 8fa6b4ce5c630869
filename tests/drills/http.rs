//! A client that tells the three ends of a request apart: answered, never sent, and unknown.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A request that was not answered.
#[derive(Debug)]
pub enum Unanswered {
    /// No connection: the server never saw it.
    NotSent(io::Error),
    /// The connection broke or the answer took too long: it may have been done or not.
    Unknown(io::Error),
}

pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether it is a problem document (RFC 9457) with a Chinese title.
    pub fn is_problem(&self) -> bool {
        self.header("content-type").is_some_and(|t| t.starts_with("application/problem+json"))
            && self.json()["title"].as_str().is_some_and(|t| !t.is_ascii())
    }
}

/// One connection, kept alive as long as the server keeps it; opened again when it is gone.
pub struct Client {
    address: SocketAddr,
    patience: Duration,
    open: Option<BufReader<TcpStream>>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, patience: Duration::from_secs(30), open: None }
    }

    /// How long an answer may take.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    pub fn get(&mut self, path: &str) -> Result<Answer, Unanswered> {
        self.send("GET", path, &[], b"")
    }

    pub fn json(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<Answer, Unanswered> {
        let mut all = vec![("Content-Type", "application/json")];
        all.extend(headers);
        self.send(method, path, &all, body.to_string().as_bytes())
    }

    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, Unanswered> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if method != "GET" {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(body);
        let mut stream = match self.open.take() {
            Some(stream) => stream,
            None => self.connect().map_err(Unanswered::NotSent)?,
        };
        let answer = stream.get_mut().write_all(&bytes).and_then(|()| read(&mut stream));
        let answer = answer.map_err(Unanswered::Unknown)?;
        if answer.header("connection").is_none_or(|c| !c.eq_ignore_ascii_case("close")) {
            self.open = Some(stream);
        }
        Ok(answer)
    }

    fn connect(&self) -> io::Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect_timeout(&self.address, self.patience)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(self.patience))?;
        stream.set_write_timeout(Some(self.patience))?;
        Ok(BufReader::new(stream))
    }
}

/// Reads one answer to its end.
pub fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Answer> {
    let mut head = String::new();
    loop {
        let before = head.len();
        if stream.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if head.len() - before <= 2 && before > 0 {
            break;
        }
    }
    let status = head.get(9..12).and_then(|s| s.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    let mut answer = Answer { status, head, body: Vec::new() };
    if let Some(length) = answer.header("content-length").and_then(|l| l.parse().ok()) {
        answer.body.resize(length, 0);
        stream.read_exact(&mut answer.body)?;
    } else if answer.header("transfer-encoding").is_some() {
        while chunk(stream, &mut answer.body)? {}
    }
    Ok(answer)
}

fn chunk(stream: &mut BufReader<TcpStream>, body: &mut Vec<u8>) -> io::Result<bool> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let size = usize::from_str_radix(line.trim(), 16).map_err(|_| io::ErrorKind::InvalidData)?;
    let from = body.len();
    body.resize(from + size + 2, 0);
    stream.read_exact(&mut body[from..])?;
    body.truncate(from + size);
    Ok(size > 0)
}
