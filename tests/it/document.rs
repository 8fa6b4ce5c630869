//! Documents of a decision: written by paste and upload, cut, numbered, compared, locked.

use std::io::Write as _;

use data_encoding::BASE64;
use entity::enums::{DecisionKind, Role};
use jianyan::decision::{self, NewDecision};
use jianyan::document::reader::{Block, blocks};
use jianyan::document::{self};
use poem::http::header;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Site};

pub struct Bureau {
    pub site: Site,
    /// Runs the decision.
    pub owner: Person,
    /// The same person with a token.
    pub api: Person,
    /// Code of the decision.
    pub code: String,
}

/// A department with an owner and one decision, which nobody outside sees yet.
pub async fn bureau() -> Bureau {
    let site = Site::new().await;
    let department = site.department("mass", "群众体育处").await;
    let owner = site.staff("owner", department, &[Role::Owner]).await;
    let elsewhere = site.department("other", "竞技体育处").await;
    site.staff("stranger", elsewhere, &[Role::Owner]).await;
    site.staff("moderator", department, &[Role::Moderator]).await;
    let new = NewDecision {
        title: "公共体育场馆开放管理办法".into(),
        kind: DecisionKind::PublicMeasure,
        year: 2026,
        department_id: department,
        owner_id: Some(owner),
        summary: String::new(),
        basis: String::new(),
    };
    let decision = decision::create(&site.app, &site.actor(owner).await, &new).await.unwrap();
    let (person, api) = (site.sign_in("owner").await, site.api("owner").await);
    Bureau { owner: person, api, code: decision.code, site }
}

pub const DRAFT: &str = "示例市公共体育场馆开放管理办法（征求意见稿）\n第一章 总则\n第一条 为了规范场馆开放，制定本办法。\n第二条 本办法适用于下列场馆：\n（一）市级场馆；\n（二）区级场馆。\n第二章 开放\n第三条 场馆每日开放至二十一时。\n附件\n收费标准表";

impl Bureau {
    pub fn documents(&self) -> String {
        format!("/desk/decisions/{}/documents", self.code)
    }

    pub fn endpoint(&self) -> String {
        format!("/api/v1/decisions/{}/documents", self.code)
    }

    /// Adds a version through the API and gives its id.
    pub async fn write(&self, kind: &str, text: &str) -> String {
        let body = json!({ "kind": kind, "text": text });
        let answer = self.api.json("POST", &self.endpoint(), body).await.expect(201);
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    pub async fn clauses(&self, document: &str) -> Vec<Value> {
        let answer = self.api.get(&format!("/api/v1/documents/{document}/clauses")).await.expect(200);
        answer.json().as_array().unwrap().clone()
    }
}

/// A small Word file with these paragraphs.
pub fn docx(paragraphs: &[&str]) -> Vec<u8> {
    let body: String = paragraphs
        .iter()
        .map(|p| format!("<w:p><w:r><w:t xml:space=\"preserve\">{p}</w:t></w:r></w:p>"))
        .collect();
    let parts = [
        (
            "[Content_Types].xml",
            "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>".to_owned(),
        ),
        (
            "_rels/.rels",
            "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>".to_owned(),
        ),
        (
            "word/document.xml",
            format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"),
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The page that a form led to.
async fn follow(person: &Person, answer: Answer) -> Answer {
    let to = answer.expect(303).location().to_owned();
    person.get(&to).await.expect(200)
}

#[tokio::test]
async fn a_pasted_draft_is_cut_shown_and_changed_until_it_is_published() {
    let b = bureau().await;
    let list = b.owner.get(&b.documents()).await.expect(200);
    list.contains("决策草案").contains("起草说明").contains("正式文本").contains("new?kind=draft");

    let new = format!("{}/new?kind=draft", b.documents());
    b.owner.get(&new).await.expect(200).contains("multipart/form-data");
    let cut = follow(&b.owner, b.owner.upload(&new, &[("title", ""), ("body", DRAFT)], &[]).await).await;
    cut.contains("示例市公共体育场馆开放管理办法（征求意见稿）").contains("尚未公布").contains("收费标准表");
    cut.contains("<tr><th scope=\"row\">条</th><td class=\"num\">3</td></tr>");
    cut.contains("<tr><th scope=\"row\">项</th><td class=\"num\">2</td></tr>");

    // While it is unpublished it is changed, not overtaken.
    let again = b.owner.upload(&new, &[("title", ""), ("body", DRAFT)], &[]).await.expect(409);
    again.contains("尚未公布，请直接修改").contains("二十一时");
    let id = b.api.get(&b.endpoint()).await.expect(200).json()[0]["id"].as_str().unwrap().to_owned();
    let before = b.clauses(&id).await;
    let edit = format!("{}/{id}/edit", b.documents());
    let form = b.owner.get(&edit).await.expect(200);
    let seen = form.input("seen").unwrap();
    let body = DRAFT.replace("二十一时", "二十二时").replace("（一）市级场馆；\n", "");
    let changed = b.owner.upload(&edit, &[("body", &body), ("seen", &seen)], &[]).await;
    follow(&b.owner, changed).await.contains("二十二时").lacks("市级场馆");
    // Somebody who still saw the old text is told.
    b.owner
        .upload(&edit, &[("body", DRAFT), ("seen", &seen)], &[])
        .await
        .expect(412)
        .contains("已被他人修改");

    // The clauses that are still there are the same rows.
    let after = b.clauses(&id).await;
    assert_eq!(after.len(), before.len() - 1);
    let of = |rows: &[Value], label: &str| rows.iter().find(|r| r["label"] == label).unwrap()["id"].clone();
    assert_eq!(of(&before, "第三条"), of(&after, "第三条"));
    assert_eq!(of(&before, "第二条第（二）项"), of(&after, "第二条第（二）项"));
}

#[tokio::test]
async fn a_whole_law_comes_through_page_and_api_without_a_character_lost() {
    let Some(laws) = crate::clauses::laws() else { return };
    let b = bureau().await;
    for (kind, file, articles) in
        [("draft", "d004_体育法.txt", 122), ("final", "d002_重大行政决策程序暂行条例.txt", 44)]
    {
        let text = std::fs::read_to_string(laws.join(file)).unwrap();
        let id = b.write(kind, &text).await;
        let clauses = b.clauses(&id).await;
        let joined: String = clauses.iter().map(|c| c["text"].as_str().unwrap()).collect();
        assert_eq!(plain(&joined), plain(text.trim_start_matches('\u{feff}')), "{file}");
        assert_eq!(clauses.iter().filter(|c| c["kind"] == "article").count(), articles, "{file}");
        let got = b.api.get(&format!("/api/v1/documents/{id}")).await.expect(200).json();
        assert_eq!(got["text"].as_str().unwrap(), text.trim().replace('\r', ""), "{file}");
        let page = b.owner.get(&format!("{}/{id}", b.documents())).await.expect(200);
        let html = scraper::Html::parse_document(&page.text);
        let reader =
            scraper::Selector::parse(".reader article, .reader > .legal, .reader > div.legal").unwrap();
        let lines = scraper::Selector::parse(".line, .draft-title, .chapter").unwrap();
        assert!(html.select(&reader).count() >= articles, "{file}");
        let shown: String = html.select(&lines).flat_map(|e| e.text()).collect();
        assert_eq!(
            plain(&shown),
            plain(text.trim_start_matches('\u{feff}')),
            "{file}: the page shows it all"
        );
    }
}

#[tokio::test]
async fn the_civil_code_is_added_in_a_moment_and_every_row_is_in_one_block() {
    let Some(laws) = crate::clauses::laws() else { return };
    let b = bureau().await;
    let text = std::fs::read_to_string(laws.join("d001_民法典.txt")).unwrap();
    let start = std::time::Instant::now();
    let id = b.write("draft", &text).await;
    // Unoptimised, on a shared machine.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    let rows = document::clauses(b.site.app.db.read(), id.parse().unwrap()).await.unwrap();
    assert_eq!(rows.iter().filter(|r| r.kind == "article").count(), 1260);
    let told: usize = blocks(&rows)
        .iter()
        .map(|block| match block {
            Block::Unit(unit) => unit.members.len(),
            _ => 1,
        })
        .sum();
    assert_eq!(told, rows.len());
}

#[tokio::test]
async fn files_are_known_by_their_content() {
    let b = bureau().await;
    let new = format!("{}/new?kind=draft", b.documents());
    let word = docx(&["某办法", "第一条 甲。", "第二条 乙。"]);

    // A PDF alone cannot be commented clause by clause.
    let pdf: &[u8] = b"%PDF-1.7\n%%EOF";
    let refused = b.owner.upload(&new, &[("title", "某办法")], &[("file", "a.pdf", pdf)]).await.expect(422);
    refused.contains("PDF 只作为文件保存").contains("某办法");
    for (name, bytes, words) in [
        ("a.docx", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "只接受"),
        ("a.docx", &b"PK\x03\x04 nonsense"[..], "已损坏"),
        ("a.doc", &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"[..], "另存为 .docx"),
        ("a.txt", &b""[..], "文件是空的"),
        ("a.txt", &b"\xff\xfe\x00"[..], ""),
    ] {
        b.owner.upload(&new, &[], &[("file", name, bytes)]).await.expect(422).contains(words);
    }
    b.owner.upload(&new, &[("body", "第一条 甲\u{202e}乙")], &[]).await.expect(422).contains("U+202E");
    b.owner.upload(&new, &[], &[]).await.expect(422).contains("请粘贴正文或者上传文件");
    let six: Vec<(&str, &str, &[u8])> = (0..6).map(|_| ("file", "a.pdf", pdf)).collect();
    b.owner.upload(&new, &[("body", "第一条 甲")], &six).await.expect(422).contains("最多 5 个文件");

    // The Word file is read, whatever its name says; both originals can be taken away.
    let files: [(&str, &str, &[u8]); 2] = [("file", "../草案.exe", &word), ("file", "盖章版.pdf", pdf)];
    let cut = follow(&b.owner, b.owner.upload(&new, &[], &files).await).await;
    cut.contains("草案.docx").contains("盖章版.pdf").contains("第二条");
    let document = b.api.get(&b.endpoint()).await.json()[0].clone();
    assert_eq!(document["title"], "某办法");
    let href = document["files"][0]["href"].as_str().unwrap().to_owned();
    let file = b.owner.get(&href).await.expect(200);
    assert_eq!(file.bytes, word);
    assert_eq!(file.headers[header::CONTENT_SECURITY_POLICY], "sandbox; default-src 'none'");
    assert!(file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment;"));
    b.site.guest().get(&href).await.expect(404);

    // One is dropped, another added.
    let id = document["id"].as_str().unwrap();
    let drop = document["files"][1]["id"].as_str().unwrap();
    let edit = format!("{}/{id}/edit", b.documents());
    let fields = [("body", "某办法\n第一条 甲。"), ("drop", drop)];
    let gb18030: &[u8] = b"\xb5\xda\xd2\xbb\xcc\xf5 \xbc\xd7";
    follow(&b.owner, b.owner.upload(&edit, &fields, &[("file", "b.txt", gb18030)]).await)
        .await
        .contains("b.txt")
        .lacks("盖章版");
}

#[tokio::test]
async fn the_api_takes_files_as_base64_and_says_what_is_wrong() {
    let b = bureau().await;
    let file = json!({ "name": "草案.docx", "content": BASE64.encode(&docx(&["某办法", "第一条 甲。"])) });
    let body = json!({ "kind": "draft", "files": [file] });
    let made = b.api.json("POST", &b.endpoint(), body).await.expect(201).json();
    assert_eq!((made["version"].as_i64(), made["text"].as_str()), (Some(1), Some("某办法\n第一条 甲。")));
    let id = made["id"].as_str().unwrap();
    let path = format!("/api/v1/documents/{id}");
    let edited = json!({ "text": "某办法\n第一条 乙。", "seen": made["content_hash"] });
    let edited = b.api.json("PUT", &path, edited).await.expect(200).json();
    assert_ne!(edited["content_hash"], made["content_hash"]);
    let stale = json!({ "text": "某办法\n第一条 丙。", "seen": made["content_hash"] });
    assert_eq!(b.api.json("PUT", &path, stale).await.expect(412).json()["code"], "stale");

    for (body, status) in [
        (json!({ "kind": "draft" }), 409),
        (json!({ "kind": "basis" }), 422),
        (json!({ "kind": "basis", "text": "a\u{0}b" }), 422),
        (json!({ "kind": "basis", "text": "依据", "title": "一\n二" }), 422),
        (json!({ "kind": "basis", "text": "依据", "title": "长".repeat(201) }), 422),
        (json!({ "kind": "poem", "text": "依据" }), 400),
        (json!({ "kind": "basis", "text": "依据", "colour": "red" }), 400),
    ] {
        b.api.json("POST", &b.endpoint(), body.clone()).await.expect(status);
    }
    b.api
        .json("POST", "/api/v1/decisions/2026-999/documents", json!({ "kind": "basis", "text": "甲" }))
        .await
        .expect(404);
    b.api.json("DELETE", &path, json!({})).await.expect(204);
    b.api.get(&path).await.expect(404);
    b.api.get("/api/v1/documents/not-an-id").await.expect(400);
}

#[tokio::test]
async fn nobody_else_sees_or_writes_what_is_not_published() {
    let b = bureau().await;
    let id = b.write("draft", DRAFT).await;
    let paths =
        [b.documents(), format!("{}/new?kind=draft", b.documents()), format!("{}/{id}", b.documents())];
    for person in ["stranger", "moderator"] {
        let (page, api) = (b.site.sign_in(person).await, b.site.api(person).await);
        for path in &paths {
            let status = page.get(path).await.status.as_u16();
            assert!(matches!(status, 403 | 404), "{person} {path} {status}");
        }
        api.get(&format!("/api/v1/documents/{id}")).await.expect(404);
        let status = api.json("POST", &b.endpoint(), json!({ "kind": "basis", "text": "甲" })).await.status;
        assert!(matches!(status.as_u16(), 403 | 404), "{person} {status}");
        let edit = json!({ "text": "甲" });
        let status = api.json("PUT", &format!("/api/v1/documents/{id}"), edit).await.status;
        assert!(matches!(status.as_u16(), 403 | 404), "{person} {status}");
    }
    let guest = b.site.guest();
    for path in &paths {
        assert!(guest.get(path).await.expect(303).location().starts_with("/desk/sign-in"), "{path}");
    }
    for path in [
        format!("/documents/{id}"),
        format!("/documents/{id}/text"),
        format!("/documents/compare?from={id}&to={id}"),
        format!("/api/v1/documents/{id}"),
        format!("/api/v1/documents/{id}/clauses"),
        "/documents/x".into(),
        "/documents/compare".into(),
        "/files/0".into(),
        format!("/files/{id}"),
    ] {
        let status = guest.get(&path).await.status.as_u16();
        assert_eq!(status, 404, "{path}");
    }
    guest.json("POST", &b.endpoint(), json!({ "kind": "basis", "text": "甲" })).await.expect(401);
}

#[tokio::test]
async fn a_final_text_continues_the_draft_and_is_compared_with_it() {
    let b = bureau().await;
    let draft = b.write("draft", DRAFT).await;
    let text = DRAFT
        .replace("（征求意见稿）", "")
        .replace(
            "第三条 场馆每日开放至二十一时。",
            "第三条 场馆应当公示开放时间。\n第四条 场馆每日开放至二十二时。",
        )
        .replace("（二）区级场馆。", "（二）区级场馆；\n（三）学校场馆。");
    let last = b.write("final", &text).await;
    let lineage = |rows: &[Value], label: &str| {
        rows.iter().find(|r| r["label"] == label).unwrap()["lineage_id"].clone()
    };
    let (old, new) = (b.clauses(&draft).await, b.clauses(&last).await);
    assert_eq!(lineage(&old, "第三条"), lineage(&new, "第四条"));
    assert_ne!(lineage(&old, "第三条"), lineage(&new, "第三条"));

    let changes =
        b.api.get(&format!("/api/v1/documents/{last}/changes?from={draft}")).await.expect(200).json();
    let told: Vec<(String, String)> = changes
        .as_array()
        .unwrap()
        .iter()
        .filter(|c| c["change"] != "kept")
        .map(|c| (c["change"].as_str().unwrap().to_owned(), c["new_label"].as_str().unwrap().to_owned()))
        .collect();
    let want = [
        ("reworded", "标题"),
        ("reworded", "第二条第（二）项"),
        ("added", "第二条第（三）项"),
        ("added", "第三条"),
        ("renumbered_and_reworded", "第四条"),
    ];
    assert_eq!(told, want.map(|(a, b)| (a.to_owned(), b.to_owned())));

    let page = b.owner.get(&format!("/documents/compare?from={draft}&to={last}")).await.expect(200);
    page.contains("第三条 → 第四条").contains("二十<del>").contains("学校场馆").lacks("为了规范场馆开放");
    b.owner
        .get(&format!("/documents/compare?from={draft}&to={last}&all=1"))
        .await
        .expect(200)
        .contains("为了规范场馆开放");

    // It is published only once the decision is issued.
    let publish = format!("{}/{last}/publish", b.documents());
    b.owner.post(&publish, &[]).await.expect(409).contains("决策尚未出台");
    let path = format!("/api/v1/documents/{draft}/publish");
    b.api.json("POST", &path, json!({})).await.expect(409);
}

#[tokio::test]
async fn explanations_and_bases_are_kept_as_they_are_and_compared_too() {
    let b = bureau().await;
    let pdf: &[u8] = b"%PDF-1.7";
    let new = format!("{}/new?kind=explanation", b.documents());
    follow(&b.owner, b.owner.upload(&new, &[("title", "起草说明")], &[("file", "说明.pdf", pdf)]).await)
        .await
        .contains("这个版本只有文件");
    let id = b.write("basis", "一、法律\n《体育法》第五条。\n<script>alert(1)</script>").await;
    assert!(b.clauses(&id).await.is_empty());
    let page = b.owner.get(&format!("{}/{id}", b.documents())).await.expect(200);
    page.contains("《体育法》第五条").contains("&lt;script&gt;").lacks("<script>alert");
    b.owner.get("/desk/decisions/2026-001/documents?lang=en").await.expect(200).contains("Explanation");
}
