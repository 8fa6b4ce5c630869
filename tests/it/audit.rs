//! The audit record: whole, and tampering is found.

use entity::audit;
use entity::enums::Role;
use jianyan::audit::{Finding, verify};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use crate::harness::Site;

/// A site with some history.
async fn site() -> Site {
    let site = Site::new().await;
    let office = site.department("office", "办公室").await;
    site.staff("root", office, &[Role::Admin]).await;
    for n in 0..5 {
        site.department(&format!("d{n}"), "处室").await;
    }
    site
}

async fn count(site: &Site) -> i64 {
    audit::Entity::find().count(site.app.db.read()).await.unwrap() as i64
}

#[tokio::test]
async fn a_whole_chain_is_found_whole() {
    let site = site().await;
    let records = count(&site).await;
    assert_eq!(records, 6);
    assert_eq!(verify(site.app.db.read()).await.unwrap(), Finding::Whole { records });
}

#[tokio::test]
async fn a_changed_a_removed_and_a_cut_off_record_are_found() {
    for (what, broken) in [("change", 3), ("remove", 3), ("cut", 5)] {
        let site = site().await;
        // Behind the program's back.
        let write = site.app.write().await.unwrap();
        match what {
            "change" => {
                audit::Entity::update_many()
                    .col_expr(audit::Column::Action, Expr::value("nothing.happened"))
                    .filter(audit::Column::Seq.eq(3))
                    .exec(&*write)
                    .await
                    .unwrap();
            }
            "remove" => {
                audit::Entity::delete_by_id(3_i64).exec(&*write).await.unwrap();
            }
            _ => {
                audit::Entity::delete_many().filter(audit::Column::Seq.gte(5)).exec(&*write).await.unwrap();
            }
        }
        write.commit().await.unwrap();
        let found = verify(site.app.db.read()).await.unwrap();
        assert_eq!(found, Finding::Broken { at: broken }, "{what}");
    }
}

#[tokio::test]
async fn what_is_not_committed_is_not_recorded_and_leaves_no_gap() {
    let site = site().await;
    let system = jianyan::actor::Actor::system();
    let subject = jianyan::audit::Subject { kind: entity::enums::SubjectKind::Setting, id: None };
    let write = site.app.write().await.unwrap();
    jianyan::audit::record(&site.app, &write, &system, "test.lost", subject, serde_json::json!({}))
        .await
        .unwrap();
    drop(write);
    site.department("after", "处室").await;
    let records = count(&site).await;
    assert_eq!(records, 7);
    assert_eq!(verify(site.app.db.read()).await.unwrap(), Finding::Whole { records });
}

#[tokio::test]
async fn an_administrator_reads_filters_and_checks() {
    let site = site().await;
    let admin = site.sign_in("root").await;
    let page = admin.get("/desk/admin/audit").await.expect(200);
    page.contains("department.add").contains("sign_in").contains("测试-root");
    // Reading is recorded.
    admin.get("/desk/admin/audit?action=audit").await.expect(200).contains("audit.read");
    let filtered = admin.get("/desk/admin/audit?action=department").await.expect(200);
    filtered.contains("department.add").lacks("<code>sign_in");
    admin.get("/desk/admin/audit?kind=session").await.expect(200).lacks("department.add");
    admin.get("/desk/admin/audit?action=nothing").await.expect(200).contains("没有符合条件的记录");
    for odd in
        ["?before=x", "?subject=x&actor=y", "?action=%25", "?action=%20", "?kind=x&lang=en", "?lang=zh"]
    {
        admin.get(&format!("/desk/admin/audit{odd}")).await.expect(200);
    }
    admin.post("/desk/admin/audit/check", &[]).await.expect(200).contains("日志完整");

    let write = site.app.write().await.unwrap();
    audit::Entity::update_many()
        .col_expr(audit::Column::Result, Expr::value("never"))
        .filter(audit::Column::Seq.eq(2))
        .exec(&*write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    admin.post("/desk/admin/audit/check", &[]).await.expect(200).contains("从第 2 条起不相符");
    let api = site.api("root").await;
    let check = api.json("POST", "/api/v1/audit/check", serde_json::json!({})).await.expect(200).json();
    assert_eq!(check, serde_json::json!({ "whole": false, "broken_at": 2 }));
    let list = api.get("/api/v1/audit?action=department.add&limit=2").await.expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let next = list["next"].as_i64().unwrap();
    let rest = api.get(&format!("/api/v1/audit?action=department.add&before={next}")).await.expect(200);
    assert_eq!(rest.json()["items"].as_array().unwrap().len(), 4);
}
