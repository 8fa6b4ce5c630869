//! Messages under published pages: opened by the desk, left by a resident, answered, shown below the page.

use entity::enums::{EventKind, Role};
use jianyan::event;
use serde_json::json;

use crate::event::Hosts;

const PAGE: &str = "/events/E2026-001";
const DESK: &str = "/desk/message-pages";

#[tokio::test]
async fn a_page_that_is_opened_takes_messages_and_shows_them() {
    let hosts = Hosts::new().await;
    let site = &hosts.site;
    site.staff("clerk", hosts.department, &[Role::Moderator]).await;
    site.staff("officer", hosts.department, &[Role::Disclosure]).await;
    let [clerk, owner, officer] =
        [site.sign_in("clerk").await, site.sign_in("owner").await, site.sign_in("officer").await];
    let guest = site.guest();
    let id = hosts.event(EventKind::OpenDay, &[10]).await;

    // Nothing stands under a page that was not opened, and nobody else opens one.
    guest.get(PAGE).await.expect(200).lacks("网民留言");
    owner.get(DESK).await.expect(403);
    owner.post(DESK, &[("address", PAGE)]).await.expect(403);
    clerk.get(DESK).await.expect(200).contains("还没有页面开放留言").contains("走进体育馆");
    for wrong in ["", "https://elsewhere.example/events/E2026-001", "/events/E2026-999", "/messages"] {
        clerk.post(DESK, &[("address", wrong)]).await.expect(422).contains("本站没有这个已公开的页面");
    }
    // As a browser shows it: with the site before it and a query behind it.
    let typed = format!("{}{PAGE}?lang=en#top", site.app.config.base_url());
    clerk.post(DESK, &[("address", &typed)]).await.expect(303);
    officer.post(DESK, &[("address", PAGE)]).await.expect(303);
    guest.get(PAGE).await.expect(200).contains("网民留言").contains("对本页内容留言").contains("0 条已公开");

    // The form says where the message goes, and takes it with it when something is wrong.
    let form = format!("/messages/new?page={PAGE}");
    guest.get(&form).await.expect(200).contains("留言页面").contains("走进体育馆");
    let fields = [
        ("page", PAGE),
        ("kind", "question"),
        ("title", "开放日能带婴儿车吗"),
        ("text", "想带孩子参加，场馆里能推婴儿车吗？"),
        ("may_publish", "yes"),
    ];
    guest.post("/messages/new", &fields).await.expect(422).contains("留言须知").contains("走进体育馆");
    let sent = [fields.as_slice(), &[("consent", "yes")]].concat();
    let slip = guest.post("/messages/new", &sent).await.expect(303).location().to_owned();
    guest.get(&slip).await.expect(200).contains("留言页面").contains("走进体育馆");
    let code = slip.strip_prefix("/receipts/messages/").unwrap().strip_suffix("?new=1").unwrap();
    let file = guest.get(&format!("/receipts/messages/{code}/receipt.txt")).await.expect(200);
    file.contains("LY2026-000001").contains("留言页面：走进体育馆").contains(code);
    guest.get("/receipts/messages/0000-0000-0000-0000/receipt.txt").await.expect(404);
    guest.get(PAGE).await.expect(200).contains("0 条已公开").lacks("婴儿车");

    // Staff see where it was left; answered and published, it stands under the page and on the board.
    let (tray, case) = ("/desk/messages", "/desk/messages/LY2026-000001");
    clerk.get(tray).await.expect(200).contains("留言页面：走进体育馆");
    clerk.get(case).await.expect(200).contains("留言页面").contains(PAGE);
    clerk.post(&format!("{case}/accept"), &[("department", "mass")]).await.expect(303);
    let answer = [
        ("answer", "可以，南门有坡道。"),
        ("publish", "yes"),
        ("public_title", "开放日能带婴儿车吗"),
        ("public_text", "想带孩子参加，场馆里能推婴儿车吗？"),
    ];
    owner.post(&format!("{case}/answer"), &answer).await.expect(303);
    guest.get(PAGE).await.expect(200).contains("1 条已公开").contains("南门有坡道");
    guest.get("/messages").await.expect(200).contains("留言于").contains("走进体育馆");
    guest.get("/messages/LY2026-000001").await.expect(200).contains(PAGE);
    guest.get(&format!("/messages?page={PAGE}")).await.expect(200).contains("只看这个页面下的留言");
    let listed = guest.get(&format!("/api/v1/messages?page={PAGE}")).await.expect(200).json();
    assert_eq!(listed["items"][0]["page"], json!({ "path": PAGE, "title": "走进体育馆" }));
    guest.get("/api/v1/messages?page=/events/E2026-999").await.expect(404);

    // Closed: what is public stays, nothing new comes, and what was typed is kept.
    clerk.post("/desk/message-pages/close", &[("address", PAGE)]).await.expect(303);
    clerk.post("/desk/message-pages/close", &[("address", PAGE)]).await.expect(409);
    guest
        .get(PAGE)
        .await
        .expect(200)
        .contains("本页不再接收留言")
        .contains("南门有坡道")
        .lacks("对本页内容留言");
    let late = guest.post("/messages/new", &sent).await.expect(422);
    late.contains("不再接收留言").contains("想带孩子参加");

    // Opened again by a program; an event that is called off keeps what was said.
    let program = site.api("officer").await;
    let call = async |path: &str| program.json("POST", path, json!({ "address": PAGE })).await;
    let listed = call("/api/v1/message-pages").await.expect(200).json();
    let page = &listed["items"][0];
    assert_eq!((&page["received"], &page["published"]), (&json!(1), &json!(1)));
    assert_eq!((&page["withdrawn"], &page["closed_at"]), (&json!(false), &json!(null)));
    event::cancel(&site.app, &hosts.organiser().await, id, "场馆检修").await.unwrap();
    guest.get(PAGE).await.expect(200).contains("南门有坡道");
    call("/api/v1/message-pages/close").await.expect(200);
    assert!(
        program.get("/api/v1/message-pages").await.expect(200).json()["items"][0]["closed_at"].is_string()
    );
}
