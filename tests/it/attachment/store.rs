//! A store that speaks the protocol of S3, as small as it can be: objects in memory behind HTTP.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use poem::http::{Method, StatusCode};
use poem::listener::{Acceptor as _, Listener as _, TcpListener};
use poem::{Endpoint, Request, Response, Server};

use super::{API, kit, opinion, send};
use crate::fixture;
use crate::harness::Site;

#[derive(Clone, Default)]
struct Bucket {
    objects: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    signed: Arc<Mutex<bool>>,
}

impl Endpoint for Bucket {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let signed = request.header("authorization").is_some_and(|a| a.contains("Credential=ours/"));
        *self.signed.lock().unwrap() |= signed;
        let path = request.uri().path().trim_start_matches("/files/").to_owned();
        let listing = request.uri().query().is_some_and(|q| q.contains("list-type=2"));
        let (method, body) = (request.method().clone(), request.take_body().into_vec().await?);
        let mut objects = self.objects.lock().unwrap();
        let tag = ("etag", "\"1\"");
        let reply = |status| {
            Response::builder()
                .status(status)
                .header(tag.0, tag.1)
                .header("last-modified", "Mon, 02 Mar 2026 02:00:00 GMT")
        };
        Ok(match method {
            Method::PUT => {
                objects.insert(path, body);
                reply(StatusCode::OK).finish()
            }
            Method::GET if listing => {
                let item = |(key, bytes): (&String, &Vec<u8>)| {
                    format!(
                        "<Contents><Key>{key}</Key><LastModified>2026-03-02T02:00:00.000Z</LastModified><ETag>1</ETag><Size>{}</Size></Contents>",
                        bytes.len()
                    )
                };
                let items: String = objects.iter().map(item).collect();
                reply(StatusCode::OK)
                    .content_type("application/xml")
                    .body(format!("<ListBucketResult>{items}</ListBucketResult>"))
            }
            Method::GET => match objects.get(&path) {
                Some(bytes) => reply(StatusCode::OK).body(bytes.clone()),
                None => reply(StatusCode::NOT_FOUND).finish(),
            },
            Method::DELETE => {
                objects.remove(&path);
                reply(StatusCode::NO_CONTENT).finish()
            }
            _ => reply(StatusCode::METHOD_NOT_ALLOWED).finish(),
        })
    }
}

async fn serve(bucket: Bucket) -> SocketAddr {
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
    let address = *acceptor.local_addr()[0].as_socket_addr().unwrap();
    #[expect(clippy::disallowed_methods, reason = "a server beside the test")]
    tokio::spawn(Server::new_with_acceptor(acceptor).run(bucket));
    address
}

#[tokio::test]
async fn files_lie_in_a_store_of_objects() {
    let bucket = Bucket::default();
    let address = serve(bucket.clone()).await;
    let s3 = jianyan::config::S3 {
        bucket: "files".into(),
        endpoint: Some(format!("http://{address}")),
        region: "local".into(),
        access_key: "ours".into(),
        secret_key: "secret".into(),
        prefix: "jianyan".into(),
    };
    let site = Site::with(|c| c.s3 = Some(s3)).await;
    fixture::open(&site).await;
    let guest = site.guest();
    let kept = send(&guest, "图.png", &kit::png(9, 9)).await.expect(201).json();
    let lost = send(&guest, "去.txt", b"lost").await.expect(201).json();
    assert_eq!(bucket.objects.lock().unwrap().len(), 2);
    assert!(bucket.objects.lock().unwrap().keys().all(|k| k.starts_with("jianyan/2026-03-02/")));
    assert!(*bucket.signed.lock().unwrap());
    guest.json("POST", API, opinion(&[kept["ticket"].as_str().unwrap()])).await.expect(201);
    let case = site.api("mod1").await.get("/api/v1/review/2026-001-1-000001").await.expect(200).json();
    let path = case["attachments"][0]["path"].as_str().unwrap().to_owned();
    let moderator = site.sign_in("mod1").await;
    assert_eq!(image::load_from_memory(&moderator.get(&path).await.expect(200).bytes).unwrap().width(), 9);

    site.at("2026-03-04", 23, 0).await;
    assert_eq!(bucket.objects.lock().unwrap().len(), 1);
    guest.json("POST", API, opinion(&[lost["ticket"].as_str().unwrap()])).await.expect(422);

    // Without its store the site goes on; only files wait.
    bucket.objects.lock().unwrap().clear();
    let moderator = site.sign_in("mod1").await;
    moderator.get(&path).await.expect(500);
    moderator.get("/desk/review/2026-001-1-000001").await.expect(200).contains("图.png");
}
