//! `verify` on a live site finds what was done behind the program's back; a whole example goes round.

use std::collections::BTreeSet;

use jianyan::backup;
use jianyan::demo;
use sea_orm::ConnectionTrait as _;

use super::{Empty, archive, digests, key_of, kinds, site, verify};
use crate::harness::{Site, at};

/// What is done to the tables of a site, and the lines of the report that must turn bad, and no other.
const DAMAGE: &[&[(&str, &str)]] = &[
    // The control of the control: nothing that is checked.
    &[("UPDATE opinion SET contact_enc = name_enc, name_enc = NULL", "")],
    &[
        ("UPDATE opinion SET text = 'x' WHERE number = '2026-001-1-000002'", "opinions"),
        ("UPDATE sequence SET value = 7 WHERE name = 'opinion:2026-001-1'", "numbers"),
        ("UPDATE publication SET body = 'x'", "publications"),
        ("UPDATE document SET body = 'x'", "documents"),
        ("UPDATE file SET size = 1", "files"),
        ("UPDATE audit SET action = 'x' WHERE seq = 2", "audit"),
        ("DELETE FROM receipt WHERE id = (SELECT min(id) FROM receipt)", "receipts"),
        ("UPDATE opinion SET name_enc = CAST(text_hash AS blob)", "names and contacts"),
        ("UPDATE opinion_tally SET n = n + 1", "tally"),
        ("DELETE FROM passage_index", "search"),
    ],
    &[
        ("UPDATE opinion SET number = '2026-001-1-000009' WHERE number = '2026-001-1-000002'", "numbers"),
        ("UPDATE file SET content_hash = 'x'", "files"),
        ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", "audit"),
        ("UPDATE receipt SET code_hash = 'x' WHERE id = (SELECT min(id) FROM receipt)", "lookup codes"),
    ],
    &[("UPDATE sequence SET value = 0 WHERE name = 'decision-2026'", "numbers")],
];

#[tokio::test]
async fn what_was_done_behind_the_back_is_found() {
    for damage in DAMAGE {
        let (site, _) = site().await;
        let write = site.app.write().await.unwrap();
        for (sql, _) in *damage {
            let sql = match site.app.db.backend() {
                // PostgreSQL knows no least uuid, and tells text from bytes.
                sea_orm::DbBackend::Postgres => sql
                    .replace("min(id)", "min(id::text)::uuid")
                    .replace("CAST(text_hash AS blob)", "text_hash::bytea"),
                _ => (*sql).to_owned(),
            };
            write.execute_unprepared(&sql).await.unwrap();
        }
        write.commit().await.unwrap();
        let report = verify(&site).await.to_string();
        let bad = report.lines().filter_map(|l| l.strip_prefix("BAD   ")?.split(':').next());
        let bad: BTreeSet<&str> = bad.collect();
        let expected: BTreeSet<&str> =
            damage.iter().map(|(_, line)| *line).filter(|l| !l.is_empty()).collect();
        assert_eq!(bad, expected, "{damage:?}\n{report}");
    }
}

/// On SQLite a reference into nothing can be made by switching the guard off.
#[tokio::test]
async fn a_reference_into_nothing_is_found() {
    let (site, _) = site().await;
    if site.app.db.backend() != sea_orm::DbBackend::Sqlite {
        return;
    }
    site.app.db.close().await;
    let url = site.app.config.database_url();
    let db = sea_orm::Database::connect(&url).await.unwrap();
    db.execute_unprepared("PRAGMA foreign_keys = OFF; UPDATE clause SET document_id = x'00'").await.unwrap();
    db.close().await.unwrap();
    let again = jianyan::db::Db::connect(&url).await.unwrap();
    let mut report = backup::Report::default();
    backup::verify_site(&again, &site.app.keys, &mut report).await.unwrap();
    assert!(report.to_string().contains("BAD   references"), "{report}");
}

/// A year of the example bureau, which fills nearly every table, passes every check and goes round.
#[tokio::test]
async fn a_whole_year_goes_round() {
    let now = at("2026-11-24", 10, 0);
    let (site, _) =
        Site::built(now, |config| Box::pin(async move { demo::build(&config, now).await.unwrap() })).await;
    let report = verify(&site).await;
    assert!(report.is_good(), "{report}");
    let source = digests(&site.app.db).await;
    let filled = source.iter().filter(|t| t.rows > 0).count();
    assert!(filled >= 25, "only {filled} tables have rows");
    let archive = archive(&site).await;
    for kind in kinds() {
        let empty = Empty::of(kind).await;
        let report = empty.restore(&archive, &key_of(&site)).await.unwrap();
        assert!(report.is_good(), "{kind:?}\n{report}");
        let back = empty.open(now).await;
        let found = super::apart_from_the_record(digests(&back.app.db).await);
        assert_eq!(found, super::apart_from_the_record(source.clone()), "{kind:?}");
        back.guest().get("/").await.expect(200);
    }
}
