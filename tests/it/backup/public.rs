//! What is public of one consultation, as an open archive.

use std::io::Read as _;

use jianyan::backup::{self, Fault};
use sea_orm::ConnectionTrait as _;

use super::{damage, site};
use crate::fixture::CODE;

async fn text_of_export(site: &crate::harness::Site) -> String {
    let place = site.dir.path().join("export.zip");
    let app = &site.app;
    backup::export(&app.db, &app.config, &app.clock, CODE, &place, true).await.unwrap();
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&place).unwrap()).unwrap();
    let mut text = String::new();
    for i in 0..zip.len() {
        let mut entry = zip.by_index(i).unwrap();
        text.push_str(entry.name());
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    text
}

#[tokio::test]
async fn an_export_holds_what_is_public_and_nothing_else() {
    let (site, _) = site().await;
    let write = site.app.write().await.unwrap();
    for sql in [
        "UPDATE opinion SET state = 'published', public_text = '公开的文字', public_name = '张某某', \
         published_at = received_at WHERE number = '2026-001-1-000001'",
        "UPDATE opinion SET text = '没有公开的文字' WHERE number = '2026-001-1-000002'",
    ] {
        write.execute_unprepared(sql).await.unwrap();
    }
    write.commit().await.unwrap();
    let text = text_of_export(&site).await;
    for there in ["公开的文字", "张某某", "2026-001-1-000001", "第二条", "说明.pdf", "公开征求意见"]
    {
        assert!(text.contains(there), "{there}");
    }
    for not in
        ["没有公开的文字", "2026-001-1-000002", "第0条意见", "_enc", "person_hash", "text_hash", "owner_id"]
    {
        assert!(!text.contains(not), "{not}");
    }
    let manifest = damage::manifest(&site.dir.path().join("export.zip"));
    assert_eq!(manifest["format"], "jianyan-consultation");
    assert_eq!(manifest["files"].as_array().unwrap().len(), 1);

    // A document that is not published takes its clauses and files with it.
    let write = site.app.write().await.unwrap();
    write.execute_unprepared("UPDATE document SET published_at = NULL").await.unwrap();
    write.commit().await.unwrap();
    let text = text_of_export(&site).await;
    assert!(!text.contains("说明.pdf") && !text.contains("第二条"));
}

#[tokio::test]
async fn what_is_not_public_is_not_exported() {
    let (site, _) = site().await;
    let app = &site.app;
    let place = site.dir.path().join("export.zip");
    let go = async |code: &str| backup::export(&app.db, &app.config, &app.clock, code, &place, false).await;
    assert!(matches!(go("2026-009-1").await, Err(Fault::Refused(_))));
    for table in ["decision", "consultation"] {
        let write = app.write().await.unwrap();
        let sql = format!("UPDATE {table} SET published_at = NULL");
        write.execute_unprepared(&sql).await.unwrap();
        write.commit().await.unwrap();
        assert!(matches!(go(CODE).await, Err(Fault::Refused(_))), "{table}");
        let write = app.write().await.unwrap();
        let sql = format!("UPDATE {table} SET published_at = created_at");
        write.execute_unprepared(&sql).await.unwrap();
        write.commit().await.unwrap();
    }
    go(CODE).await.unwrap();
    assert!(matches!(go(CODE).await, Err(Fault::Refused(_))), "nothing is overwritten");
}
