//! Opinions taken down from spreadsheets.

use std::io::{Cursor, Write as _};

use entity::enums::{Channel, OpinionState, PersonKind, ShowAs};
use entity::opinion::Model;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::fixture;
use crate::harness::Site;

const PAGE: &str = "/desk/consultations/2026-001-1/opinions/batch";
const API: &str = "/api/v1/consultations/2026-001-1/recorded-opinions/batch";
const TABLE: &str = "收到日期,意见来源,姓名,联系方式,针对,意见内容,公开方式,身份类别
2026-03-05,来信,王五,13800001234,第二条,希望增加晚间场次,,
2026年3月6日,电话,,,,停车难,不公开,市民
2026/3/7,座谈会,东城游泳协会,,全文,\"第一点，票价
第二点，水温\",具名公开,社会组织
";

async fn site() -> Site {
    let site = Site::new().await;
    fixture::open(&site).await;
    site.at("2026-03-20", 10, 0).await;
    site
}

async fn rows(site: &Site) -> Vec<Model> {
    let query = entity::opinion::Entity::find().order_by_asc(entity::opinion::Column::Number);
    query.all(site.app.db.read()).await.unwrap()
}

/// A workbook as Excel writes one: shared and inline strings, a number, a date with its style.
fn workbook(rows: &str, shared: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let pack = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{pack}\"><Relationship Id=\"r1\" Type=\"{rels}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{rels}\"><sheets><sheet name=\"意见\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{pack}\"><Relationship Id=\"r1\" Type=\"{rels}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{rels}/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"{rels}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{main}\">{shared}</sst>")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, body) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(body.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn inline(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[tokio::test]
async fn a_table_is_seen_before_it_counts_and_sent_again_brings_only_what_is_new() {
    let site = site().await;
    let owner = site.sign_in("owner").await;
    owner.get("/desk/consultations/2026-001-1").await.expect(200).contains(PAGE);
    owner.get(PAGE).await.expect(200).contains("下载模板").contains("意见内容");
    owner.get(&format!("{PAGE}/template.csv")).await.expect(200).contains("意见内容（必填）");

    let seen = owner.upload(&format!("{PAGE}/preview"), &[("table", TABLE)], &[]).await.expect(200);
    seen.contains("登记 3 条意见").contains("希望增加晚间场次").contains("第二条");
    assert_eq!(rows(&site).await.len(), 0, "a preview changes nothing");
    let sent = owner.upload(&format!("{PAGE}/import"), &[("table", TABLE)], &[]).await.expect(303);
    assert!(sent.location().ends_with("done=opinions_recorded"));

    let all = rows(&site).await;
    let what: Vec<_> = all.iter().map(|o| (o.channel, o.person_kind, o.show_as)).collect();
    assert_eq!(
        what,
        [
            (Channel::Letter, PersonKind::Individual, ShowAs::Masked),
            (Channel::Phone, PersonKind::Individual, ShowAs::Hidden),
            (Channel::Seminar, PersonKind::Organisation, ShowAs::Named),
        ]
    );
    assert!(all.iter().all(|o| o.state == OpinionState::Pending && o.received_by.is_some()));
    assert!(all[0].clause_id.is_some() && all[1].clause_id.is_none() && all[2].clause_id.is_none());
    assert_eq!(all[2].text, "第一点，票价\n第二点，水温");
    assert_ne!(all[0].person_hash, None);
    assert_eq!(all[1].received_at.to_rfc3339(), "2026-03-05T16:00:00+00:00", "the first moment of 6 March");

    // The same again brings nothing; one row more, one; two who say the same are two.
    let again = owner.upload(&format!("{PAGE}/preview"), &[("table", TABLE)], &[]).await.expect(200);
    again.contains("没有可以登记的新意见").lacks("登记 3 条");
    let longer = format!("{TABLE}2026-03-06,来电,,,,停车难,不公开,\n");
    owner.upload(&format!("{PAGE}/import"), &[("table", &longer)], &[]).await.expect(303);
    owner.upload(&format!("{PAGE}/import"), &[("table", &longer)], &[]).await.expect(303);
    assert_eq!(rows(&site).await.len(), 4);
}

#[tokio::test]
async fn an_excel_file_is_read_as_its_author_sees_it() {
    let site = site().await;
    let shared = "<si><t>意见内容</t></si><si><r><t>延长</t></r><r><t>开放</t></r></si>";
    let head = format!(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>{}{}{}</row>",
        inline("B1", "联系方式"),
        inline("C1", "收到日期"),
        inline("D1", "意见来源")
    );
    // 46086 is 5 March 2026; the row below is empty.
    let row = format!(
        "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>1</v></c><c r=\"B3\"><v>13800001234</v></c><c r=\"C3\" s=\"1\"><v>46086</v></c>{}</row>",
        inline("D3", "来信")
    );
    let book = workbook(&format!("{head}<row r=\"2\"/>{row}"), shared);
    let owner = site.sign_in("owner").await;
    let seen =
        owner.upload(&format!("{PAGE}/preview"), &[], &[("file", "意见.xlsx", &book)]).await.expect(200);
    seen.contains("登记 1 条意见").contains("延长开放").contains("2026年3月5日");
    let table = seen.input("table").unwrap();
    owner.upload(&format!("{PAGE}/import"), &[("table", &table)], &[]).await.expect(303);
    let all = rows(&site).await;
    assert_eq!((all.len(), all[0].text.as_str(), all[0].channel), (1, "延长开放", Channel::Letter));

    // Two cells may span a sheet of thousands of millions; that costs nothing.
    let far = format!("{}<row r=\"1048576\">{}</row>", head, inline("XFD1048576", "远"));
    let wide = workbook(&far, shared);
    owner.upload(&format!("{PAGE}/preview"), &[], &[("file", "a.xlsx", &wide)]).await.expect(422);
    let bomb = workbook(&format!("{head}{}", " ".repeat(80 << 20)), shared);
    assert!(bomb.len() < 1 << 20, "it is small: {}", bomb.len());
    owner
        .upload(&format!("{PAGE}/preview"), &[], &[("file", "a.xlsx", &bomb)])
        .await
        .expect(422)
        .contains("解压后过大");
    owner
        .upload(&format!("{PAGE}/preview"), &[], &[("file", "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")])
        .await
        .expect(422)
        .contains("另存为");
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_named_and_left_out() {
    let site = site().await;
    let owner = site.api("owner").await;
    let table = "text,channel,received_on,clause,contact,person_kind
好的,letter,2026-03-05,,,
,letter,2026-03-05,,,
远的,鸽子,2026-03-05,,,
早的,letter,2026-02-01,,,
晚的,letter,2026-03-21,,,
何时,letter,,,,
第九,letter,2026-03-05,第九百条,,
坏的,letter,昨天,,不是联系方式,外星人
";
    let call = |dry: bool| json!({ "table": table, "dry_run": dry });
    let out = owner.json("POST", API, call(true)).await.expect(200).json();
    let wrong = out["wrong"].as_array().unwrap();
    let told: Vec<(u64, String)> = wrong
        .iter()
        .map(|w| {
            let all = w["messages"].as_array().unwrap().iter().map(|m| m.as_str().unwrap());
            (w["row"].as_u64().unwrap(), all.collect::<Vec<_>>().join("；"))
        })
        .collect();
    let said = |row: u64, words: &str| {
        let (_, why) = told.iter().find(|(n, _)| *n == row).unwrap_or_else(|| panic!("{row}: {told:?}"));
        assert!(why.contains(words), "{row}: {why}");
    };
    assert_eq!((&out["new"], told.len()), (&json!(1), 7));
    said(3, "请填写意见内容");
    said(4, "不认识的意见来源：鸽子");
    said(5, "应在征集期内");
    said(6, "不能晚于今天");
    said(7, "请填写收到日期");
    said(8, "草案中没有这一条：第九百条");
    said(9, "不认识的日期：昨天");
    said(9, "不认识的身份类别：外星人");
    assert_eq!(rows(&site).await.len(), 0);
    let out = owner.json("POST", API, call(false)).await.expect(200).json();
    assert_eq!((&out["new"], &out["dry_run"]), (&json!(1), &json!(false)));
    assert_eq!(rows(&site).await.len(), 1);
    // What the rows do not say may be said once for all.
    let day =
        json!({ "table": "意见\n何时\n", "channel": "phone", "received_on": "2026-03-09", "dry_run": false });
    assert_eq!(owner.json("POST", API, day).await.expect(200).json()["new"], 1);
    assert_eq!(rows(&site).await[1].channel, Channel::Phone);

    let table = |t: &str| json!({ "table": t, "channel": "letter" });
    owner.json("POST", API, table("")).await.expect(422);
    owner.json("POST", API, table("意见\n")).await.expect(422);
    owner.json("POST", API, table("姓名\n王五\n")).await.expect(422).contains("意见内容");
    owner
        .json("POST", API, table(&format!("意见\n{}", "好\n".repeat(5001))))
        .await
        .expect(422)
        .contains("5000");
    site.guest().json("POST", API, table("意见\n好\n")).await.expect(401);
    let other = site.department("other", "青少年处").await;
    site.staff("stranger", other, &[entity::enums::Role::Owner]).await;
    site.api("stranger").await.json("POST", API, table("意见\n好\n")).await.expect(403);
    site.sign_in("stranger").await.get(PAGE).await.expect(403);
}

#[tokio::test]
async fn the_same_table_sent_twice_at_once_is_taken_down_once() {
    let site = site().await;
    let owner = site.api("owner").await;
    let lines: String = (0..250).map(|n| format!("第{n}条意见,letter,2026-03-05\n")).collect();
    let body = json!({ "table": format!("text,channel,received_on\n{lines}"), "dry_run": false });
    let (a, b) = tokio::join!(owner.json("POST", API, body.clone()), owner.json("POST", API, body));
    let n = |answer: crate::harness::Answer| answer.expect(200).json()["new"].as_u64().unwrap();
    assert_eq!(n(a) + n(b), 250);
    assert_eq!(rows(&site).await.len(), 250);
    crate::tally::agrees(&site).await;
}
