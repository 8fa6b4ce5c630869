//! The server on a socket: clients that are slow, stopping while requests are in flight. Time stands still and
//! jumps to the next timeout, so these ask nothing of the database.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use crate::harness::Site;

struct Served {
    _site: Site,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

#[expect(clippy::disallowed_methods, reason = "the test plays the process")]
async fn serve(site: Site) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::time::pause();
    let served = jianyan::http::serve_on(site.app.clone(), listener, false, async {
        let _ = stopped.await;
    });
    Served { address, stop, server: tokio::spawn(served), _site: site }
}

/// Everything until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset after the answer is a way of closing, too.
    let _ = timeout(Duration::from_secs(600), stream.read_to_end(&mut bytes)).await.expect("never closed");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One answer of a connection that stays open.
async fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut bytes = [0; 4096];
    while !text.contains("\r\n\r\n") {
        let n = timeout(Duration::from_secs(600), stream.read(&mut bytes)).await.expect("no answer").unwrap();
        assert!(n > 0, "closed: {text}");
        text.push_str(&String::from_utf8_lossy(&bytes[..n]));
    }
    text
}

#[tokio::test]
async fn who_sends_slowly_holds_no_connection() {
    let served = serve(Site::new().await).await;
    for head in ["", "GET /livez HTTP/1.1\r\nHost: x\r\n"] {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let begun = Instant::now();
        rest(&mut stream).await;
        let took = begun.elapsed();
        assert!((14..=16).contains(&took.as_secs()), "{head:?}: {took:?}");
    }
    // A body, too, has its time.
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let head = "POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc";
    stream.write_all(head.as_bytes()).await.unwrap();
    let begun = Instant::now();
    let text = rest(&mut stream).await;
    assert!(begun.elapsed() <= Duration::from_secs(76), "{:?}", begun.elapsed());
    assert!(text.starts_with("HTTP/1.1 408"), "{text}");
}

#[tokio::test]
async fn what_is_in_flight_is_answered_before_the_end() {
    let served = serve(Site::new().await).await;
    let mut idle = TcpStream::connect(served.address).await.unwrap();
    let ask = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    idle.write_all(ask.as_bytes()).await.unwrap();
    let alive = answer(&mut idle).await;
    assert!(alive.starts_with("HTTP/1.1 200") && !alive.contains("connection: close"), "{alive}");

    let mut sending = TcpStream::connect(served.address).await.unwrap();
    let head = "POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc";
    sending.write_all(head.as_bytes()).await.unwrap();
    // The server has read the half before it is told to stop.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let begun = Instant::now();
    served.stop.send(()).unwrap();

    idle.write_all(ask.replace("livez", "readyz").as_bytes()).await.unwrap();
    let ready = rest(&mut idle).await;
    assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
    assert!(ready.contains("connection: close") && ready.contains("retry-after: "), "{ready}");

    // No new connections once the load balancer had its second.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(TcpStream::connect(served.address).await.is_err());
    sending.write_all(b"def").await.unwrap();
    let text = rest(&mut sending).await;
    assert!(text.starts_with("HTTP/1.1 405"), "{text}");
    served.server.await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn who_never_finishes_does_not_hold_up_the_end() {
    let served = serve(Site::new().await).await;
    let mut sending = TcpStream::connect(served.address).await.unwrap();
    let head = "POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc";
    sending.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let begun = Instant::now();
    served.stop.send(()).unwrap();
    served.server.await.unwrap();
    assert!((8..=10).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn endless_and_huge_requests_are_refused() {
    let served = serve(Site::new().await).await;
    // Chunks without an end.
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let head = "POST /livez HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("8000\r\n{}\r\n", "x".repeat(0x8000));
    for _ in 0..64 {
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut begin = [0; 12];
    stream.read_exact(&mut begin).await.unwrap();
    assert_eq!(&begin, b"HTTP/1.1 413");
    // A megabyte of headers, and of address.
    for (head, status) in [
        (format!("GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(1 << 20)), "431"),
        (format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(1 << 20)), "4"),
    ] {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        let _ = stream.write_all(head.as_bytes()).await;
        let mut begin = [0; 12];
        if stream.read_exact(&mut begin).await.is_ok() {
            let text = String::from_utf8_lossy(&begin).into_owned();
            assert!(text.starts_with(&format!("HTTP/1.1 {status}")), "{text}");
        }
    }
}
