//! Attachments: what is taken and refused, who may see it, and that nothing is lost or left behind.

mod checks;
pub mod kit;
mod store;

use std::path::PathBuf;

use entity::enums::{AttachmentFormat, AttachmentState, SubjectKind};
use entity::id::AttachmentId;
use jianyan::attachment;
use jianyan::db::Write;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture;
use crate::harness::{Answer, Person, Site};

const PAGE: &str = "/consultations/2026-001-1";
const FORM: &str = "/consultations/2026-001-1/opinion";
const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const TEXT: &str = "建议在夜间也开放，附照片和说明。";

fn fields(key: &str) -> Vec<(&str, &str)> {
    vec![
        ("text", TEXT),
        ("person_kind", "individual"),
        ("show_as", "anonymous"),
        ("consent", "yes"),
        ("key", key),
    ]
}

async fn site() -> Site {
    let site = Site::new().await;
    fixture::open(&site).await;
    site
}

/// Sends a file to the API.
pub async fn send(person: &Person, name: &str, bytes: &[u8]) -> Answer {
    let mut body =
        format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
            .into_bytes();
    body.extend_from_slice(bytes);
    body.extend(b"\r\n--x--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=x")];
    person.raw("POST", "/api/v1/uploads", &headers, body).await
}

fn opinion(tickets: &[&str]) -> Value {
    json!({ "text": TEXT, "person_kind": "individual", "show_as": "anonymous", "consent": true, "files": tickets })
}

/// The addresses of files on a page.
fn files(answer: &Answer) -> Vec<String> {
    let html = scraper::Html::parse_document(&answer.text);
    let links = scraper::Selector::parse(".attached p a").unwrap();
    html.select(&links).map(|a| a.attr("href").unwrap().to_owned()).collect()
}

/// Every file in the store.
fn stored(site: &Site) -> Vec<PathBuf> {
    let days = std::fs::read_dir(site.dir.path().join("attachments")).unwrap();
    let files = days.flat_map(|d| std::fs::read_dir(d.unwrap().path()).unwrap());
    files.map(|f| f.unwrap().path()).collect()
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |v| v.to_str().unwrap())
}

/// An attachment as if it had been uploaded, claimed and decided on.
pub async fn attach(
    site: &Site,
    write: &Write,
    subject: (SubjectKind, Uuid),
    (id, shown): (AttachmentId, bool),
) {
    let bytes = kit::png(4, 4);
    let (stored_hash, key_enc, sealed) = attachment::seal(&site.app, id, &bytes);
    let now = site.app.now();
    site.app.files.put(&attachment::Place::new(now, &stored_hash), sealed).await.unwrap();
    let row = entity::attachment::Model {
        id,
        subject_kind: Some(subject.0),
        subject_id: Some(subject.1),
        position: 0,
        name: "图.png".into(),
        format: AttachmentFormat::Png,
        size: bytes.len() as i64,
        width: Some(4),
        height: Some(4),
        alt: "四个点".into(),
        content_hash: jianyan::keys::sha256_hex(&bytes),
        stored_hash,
        key_enc,
        state: if shown { AttachmentState::Published } else { AttachmentState::Waiting },
        created_at: now,
        decided_by: None,
        decided_at: None,
    };
    attachment::store::insert(write, row).await.unwrap();
}

#[tokio::test]
async fn from_the_form_to_the_public_page() {
    let site = site().await;
    let guest = site.guest();
    guest.get(FORM).await.expect(200).contains("multipart/form-data").contains("最多 5 个");
    let photo = kit::photograph(40, 20);
    let pdf = kit::pdf(&[], "");
    let sent = [("files", "看台.jpg", photo.as_slice()), ("files", "说明.pdf", &pdf)];
    let answer = guest.upload(FORM, &fields("0123456789abcdef"), &sent).await.expect(303);
    let receipt = answer.location().to_owned();
    let page = guest.get(&receipt).await.expect(200);
    page.contains("看台.jpg").contains("说明.pdf").contains("待审核");
    let state = receipt.trim_end_matches("?new=1");
    let mine = files(&guest.get(state).await.expect(200));
    assert_eq!(mine.len(), 2);

    // The author sees both, as they were made here.
    let picture = guest.get(&mine[0]).await.expect(200);
    assert_eq!(header(&picture, "content-type"), "image/jpeg");
    assert_eq!(header(&picture, "content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(header(&picture, "x-content-type-options"), "nosniff");
    assert!(header(&picture, "cache-control").contains("no-store"));
    let drawn = image::load_from_memory(&picture.bytes).unwrap();
    assert_eq!((drawn.width(), drawn.height()), (20, 40), "turned as the camera said");
    picture.lacks("SECRET");
    let file = guest.get(&mine[1]).await.expect(200);
    assert!(header(&file, "content-disposition").starts_with("attachment; filename*=UTF-8''"));
    assert_eq!(file.bytes, pdf);

    // Nobody else does, until a moderator says so.
    let public: Vec<String> = mine.iter().map(|p| p.replacen(state, PAGE, 1)).collect();
    let desk: Vec<String> =
        mine.iter().map(|p| p.replacen(state, "/desk/opinions/2026-001-1-000001", 1)).collect();
    for path in public.iter().chain(&desk) {
        assert!(site.guest().get(path).await.status.as_u16() >= 300, "{path}");
    }
    let moderator = site.sign_in("mod1").await;
    moderator.get("/desk/review").await.expect(200).contains("附件 2 个");
    let case = moderator.get("/desk/review/2026-001-1-000001").await.expect(200);
    case.contains("看台.jpg").contains("公开这个附件");
    for path in &desk {
        moderator.get(path).await.expect(200);
    }
    let publish = [("revision", "1"), ("action", "publish")];
    moderator.post("/desk/review/2026-001-1-000001", &publish).await.expect(303);
    site.guest().get(PAGE).await.expect(200).contains(TEXT).lacks("看台.jpg");
    for path in &public {
        site.guest().get(path).await.expect(404);
    }
    guest.get(state).await.expect(200).contains("不公开");

    // One is shown, the other is not.
    let id = mine[0].rsplit('/').next().unwrap();
    moderator.post("/desk/review/2026-001-1-000001/attachments", &[("shown", id)]).await.expect(303);
    let page = site.guest().get(PAGE).await.expect(200);
    assert_eq!(files(&page), [public[0].clone()]);
    let shown = site.guest().get(&public[0]).await.expect(200);
    assert_eq!(header(&shown, "content-disposition"), "inline");
    let tag = header(&shown, "etag").to_owned();
    site.guest().raw("GET", &public[0], &[("if-none-match", &tag)], Vec::new()).await.expect(304);
    site.guest().get(&public[1]).await.expect(404);
    let list = site.guest().get(API).await.expect(200).json();
    assert_eq!(list["items"][0]["attachments"][0]["path"], public[0].as_str());
    assert_eq!(list["items"][0]["attachments"].as_array().unwrap().len(), 1);

    // Reviewed again, it is decided anew.
    moderator.post("/desk/review/2026-001-1-000001/undo", &[]).await.expect(303);
    site.guest().get(&public[0]).await.expect(404);
    let again = [("revision", "3"), ("action", "publish")];
    moderator.post("/desk/review/2026-001-1-000001", &again).await.expect(303);
    site.guest().get(&public[0]).await.expect(404);
    moderator.post("/desk/review/2026-001-1-000001/attachments", &[("shown", id)]).await.expect(303);
    site.guest().get(&public[0]).await.expect(200);
    let owner = site.sign_in("owner").await;
    owner.get("/desk/consultations/2026-001-1/opinions").await.expect(200).contains(&desk[0]);

    // Taken back with the opinion, at once.
    guest.post(&format!("{state}/withdraw"), &[]).await.expect(303);
    site.guest().get(&public[0]).await.expect(404);
    guest.get(&mine[0]).await.expect(200);
}

#[tokio::test]
async fn what_is_refused_loses_nothing_else() {
    let site = site().await;
    let guest = site.guest();
    let pdf = kit::pdf(&[], "");
    let sent =
        [("files", "好.pdf", pdf.as_slice()), ("files", "坏.svg", b"<svg/>"), ("files", "空.txt", b"")];
    let again = guest.upload(FORM, &fields("0123456789abcdef"), &sent).await.expect(422);
    again
        .contains(TEXT)
        .contains("“坏.svg”：不接受这种文件")
        .contains("“空.txt”：文件是空的")
        .contains("好.pdf");
    let ticket = again.input("kept_files").unwrap();
    let english =
        guest.upload(&format!("{FORM}?lang=en"), &fields("0123456789abcdef"), &sent[1..2]).await.expect(422);
    english.contains("“坏.svg”: this kind of file is not taken");

    // A mistake in the text keeps the files as well.
    let mut bare = fields("0123456789abcdef");
    bare[0].1 = "";
    bare.push(("kept_files", &ticket));
    guest.upload(FORM, &bare, &[]).await.expect(422).contains("好.pdf");

    let mut whole = fields("0123456789abcdef");
    whole.push(("kept_files", &ticket));
    let done = guest.upload(FORM, &whole, &[]).await.expect(303);
    let state = done.location().trim_end_matches("?new=1").to_owned();
    assert_eq!(files(&guest.get(&state).await).len(), 1);

    // A ticket is good once, and nobody can make one.
    site.guest().json("POST", API, opinion(&[&ticket])).await.expect(422).contains("files");
    let forged = format!("{}.{}", ticket.split('.').next().unwrap(), "0".repeat(32));
    site.guest().json("POST", API, opinion(&[&forged])).await.expect(422);
    assert_eq!(
        site.guest().get("/api/v1/consultations/2026-001-1/fairness").await.json()["counts"]["received"],
        1
    );
}

#[tokio::test]
async fn sent_twice_it_is_received_once() {
    let site = site().await;
    let guest = site.guest();
    let photo = kit::photograph(40, 20);
    let sent = [("files", "看台.jpg", photo.as_slice())];
    let one = guest.upload(FORM, &fields("0123456789abcdef"), &sent).await.expect(303);
    let two = guest.upload(FORM, &fields("0123456789abcdef"), &sent).await.expect(303);
    assert_eq!(one.location(), two.location());
    let other = [("files", "另一张.png", &*kit::png(3, 3))];
    guest.upload(FORM, &fields("0123456789abcdef"), &other).await.expect(422).contains(TEXT);

    let kept = send(&guest, "说明.pdf", &kit::pdf(&[], "")).await.expect(201).json();
    let body = opinion(&[kept["ticket"].as_str().unwrap()]);
    let key = [("content-type", "application/json"), ("idempotency-key", "fedcba9876543210")];
    let one = guest.raw("POST", API, &key, body.to_string().into_bytes()).await.expect(201).json();
    let two = guest.raw("POST", API, &key, body.to_string().into_bytes()).await.expect(200).json();
    assert_eq!(one["lookup_code"], two["lookup_code"]);
    let path = format!("/api/v1/receipts/{}", one["lookup_code"].as_str().unwrap());
    let state = guest.get(&path).await.expect(200).json();
    assert_eq!(state["attachments"][0]["name"], "说明.pdf");
    assert_eq!(state["attachments"][0]["state"], "waiting");
}

#[tokio::test]
async fn files_are_bounded() {
    let site = Site::with(|c| {
        c.attachments.most = 2;
        c.attachments.file_bytes = 300_000;
        c.attachments.total_bytes = 500_000;
        c.limits.uploads_per_hour = 8;
    })
    .await;
    fixture::open(&site).await;
    let guest = site.guest();
    let text = |n: usize| "好".repeat(n / 3).into_bytes();
    let (small, half, large) = (text(30), text(280_000), text(300_003));
    let three = [("files", "1.txt", &*small), ("files", "2.txt", &*small), ("files", "3.txt", &*small)];
    guest
        .upload(FORM, &fields("0123456789abcdef"), &three)
        .await
        .expect(422)
        .contains("最多 2 个附件")
        .contains(TEXT);
    guest
        .upload(FORM, &fields("0123456789abcdef"), &[("files", "大.txt", &large)])
        .await
        .expect(413)
        .contains(TEXT);
    let both = [("files", "1.txt", &*half), ("files", "2.txt", &*half)];
    guest
        .upload(FORM, &fields("0123456789abcdef"), &both)
        .await
        .expect(413)
        .contains("附件合计不超过")
        .contains(TEXT);
    let body = [large.as_slice(), &large, &large].concat();
    guest.upload(FORM, &fields("0123456789abcdef"), &[("files", "大.txt", &body)]).await.expect(413);
    assert_eq!(
        site.guest().get("/api/v1/consultations/2026-001-1/fairness").await.json()["counts"]["received"],
        0
    );

    // Guests may send so many an hour; opinions without files go on.
    let mut last = send(&guest, "1.txt", &small).await;
    for _ in 0..8 {
        last = send(&guest, "1.txt", &small).await;
    }
    assert_eq!(last.status.as_u16(), 429);
    assert!(!header(&last, "retry-after").is_empty());
    let one = [("files", "1.txt", &*small)];
    guest.upload(FORM, &fields("0123456789abcdef"), &one).await.expect(429).contains(TEXT);
    guest.json("POST", API, opinion(&[])).await.expect(201);
}

#[tokio::test]
async fn a_bureau_may_take_no_files() {
    let site = Site::with(|c| c.attachments.most = 0).await;
    fixture::open(&site).await;
    site.guest().get(FORM).await.expect(200).lacks("multipart/form-data");
    let one = [("files", "1.txt", &b"a"[..])];
    site.guest().upload(FORM, &fields("0123456789abcdef"), &one).await.expect(422);
}

#[tokio::test]
async fn what_nothing_names_is_swept() {
    let site = site().await;
    let guest = site.guest();
    let claimed = send(&guest, "留.txt", b"kept").await.expect(201).json();
    let ticket = claimed["ticket"].as_str().unwrap().to_owned();
    guest.json("POST", API, opinion(&[&ticket])).await.expect(201);
    let lost = send(&guest, "去.txt", b"lost").await.expect(201).json();
    // Its process died before it could write the row.
    let orphan = site.dir.path().join("attachments/2026-03-02").join("0".repeat(64));
    std::fs::write(&orphan, b"orphan").unwrap();
    assert_eq!(stored(&site).len(), 3);

    site.at("2026-03-03", 9, 0).await;
    assert_eq!(stored(&site).len(), 3, "not a day yet");
    site.at("2026-03-04", 23, 0).await;
    assert_eq!(stored(&site).len(), 1);
    assert!(!orphan.exists());
    let gone = lost["ticket"].as_str().unwrap();
    guest.json("POST", API, opinion(&[gone])).await.expect(422);
    let moderator = site.api("mod1").await;
    let case = moderator.get("/api/v1/review/2026-001-1-000001").await.expect(200).json();
    let path = case["attachments"][0]["path"].as_str().unwrap().to_owned();
    assert_eq!(site.sign_in("mod1").await.get(&path).await.expect(200).bytes, b"kept");
}

#[tokio::test]
async fn the_store_tells_nothing() {
    let site = site().await;
    let guest = site.guest();
    for name in ["一.txt", "二.txt"] {
        let words = format!("{name} 我的电话是 13800000000");
        let kept = send(&guest, name, words.as_bytes()).await.expect(201).json();
        guest.json("POST", API, opinion(&[kept["ticket"].as_str().unwrap()])).await.expect(201);
    }
    let files = stored(&site);
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        assert!(memchr::memmem::find(&bytes, b"13800000000").is_none());
        assert_eq!(jianyan::keys::sha256_hex(&bytes), file.file_name().unwrap().to_str().unwrap());
    }
    // One put into the place of another does not open; nor is it served as it is.
    let (one, two) = (std::fs::read(&files[0]).unwrap(), std::fs::read(&files[1]).unwrap());
    std::fs::write(&files[0], &two).unwrap();
    std::fs::write(&files[1], &one).unwrap();
    let moderator = site.sign_in("mod1").await;
    for number in ["2026-001-1-000001", "2026-001-1-000002"] {
        let page = moderator.get(&format!("/desk/review/{number}")).await.expect(200);
        let path = crate::attachment::files(&page);
        moderator.get(&path[0]).await.expect(500).lacks("13800000000");
    }
}

#[tokio::test]
async fn only_a_moderator_without_a_stake_decides() {
    let site = site().await;
    let elsewhere = site.department("other", "财务处").await;
    site.staff("stranger", elsewhere, &[entity::enums::Role::Owner]).await;
    let guest = site.guest();
    let kept = send(&guest, "一.png", &kit::png(4, 4)).await.expect(201).json();
    guest.json("POST", API, opinion(&[kept["ticket"].as_str().unwrap()])).await.expect(201);
    let moderator = site.api("mod1").await;
    let case = moderator.get("/api/v1/review/2026-001-1-000001").await.expect(200).json();
    let (id, path) = (&case["attachments"][0]["id"], case["attachments"][0]["path"].as_str().unwrap());
    site.sign_in("owner").await.get(path).await.expect(200);
    site.sign_in("stranger").await.get(path).await.expect(403);

    let decide = "/api/v1/review/2026-001-1-000001/attachments";
    let shown = json!({ "shown": [id] });
    site.guest().json("POST", decide, shown.clone()).await.expect(401);
    site.api("owner").await.json("POST", decide, shown.clone()).await.expect(403);
    moderator.json("POST", decide, json!({ "shown": [uuid::Uuid::nil()] })).await.expect(422);
    let done = moderator.json("POST", decide, shown).await.expect(200).json();
    assert_eq!(done["attachments"][0]["state"], "published");
    // Not while the opinion is not.
    let public = path.replacen("/desk/opinions/2026-001-1-000001", PAGE, 1);
    site.guest().get(&public).await.expect(404);
    let publish = json!({ "revision": 1, "action": "publish" });
    moderator.json("POST", "/api/v1/review/2026-001-1-000001", publish).await.expect(200);
    site.guest().get(&public).await.expect(200);
    site.guest().get(&public.replacen("2026-001-1/", "2026-001-2/", 1)).await.expect(404);
}
