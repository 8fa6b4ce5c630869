//! Backup and restore: what comes back is what was there, on either database; what is not whole is refused.

mod attached;
mod command;
mod damage;
mod import;
mod public;
mod schedule;
mod wholeness;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use entity::{document, file};
use jianyan::backup::{self, Fault, KeyChoice, Order, Report, TableDigest};
use jianyan::config::Config;
use jianyan::db::Db;
use jianyan::keys::sha256_hex;
use jianyan::random::Rng;
use jianyan::sequence;
use jianyan::time::Clock;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _, EntityTrait as _, IntoActiveModel as _};
use serde_json::json;

use crate::fixture::{self, Open};
use crate::harness::{Person, Site, at, fresh_postgres, test_config};

const API: &str = "/api/v1/consultations/2026-001-1/opinions";

/// Where sites are restored to in these tests: SQLite always, PostgreSQL when there is a server.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Sqlite,
    Postgres,
}

fn kinds() -> Vec<Kind> {
    match std::env::var("JIANYAN_TEST_POSTGRES") {
        Ok(_) => vec![Kind::Sqlite, Kind::Postgres],
        Err(_) => vec![Kind::Sqlite],
    }
}

/// An empty data directory, and settings that lead to an empty database.
struct Empty {
    dir: tempfile::TempDir,
    config: Config,
}

impl Empty {
    async fn of(kind: Kind) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = test_config(dir.path());
        config.database_url = Some(match kind {
            Kind::Sqlite => format!("sqlite://{}", dir.path().join("jianyan.db").display()).into(),
            Kind::Postgres => fresh_postgres(&std::env::var("JIANYAN_TEST_POSTGRES").unwrap()).await.into(),
        });
        Self { dir, config }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    async fn restore(&self, archive: &Path, key: &KeyChoice) -> Result<Report, Fault> {
        let (clock, _) = Clock::fixed(at("2026-03-03", 10, 0));
        backup::restore(self.config.clone(), clock, Rng::seeded(9), archive, key).await
    }

    async fn open(self, now: DateTime<Utc>) -> Site {
        Site::over(self.dir, self.config, now).await
    }
}

/// A site with an open consultation, three opinions and an attachment, which passes every check.
async fn site() -> (Site, Open) {
    let site = Site::new().await;
    let open = fill(&site).await;
    (site, open)
}

async fn fill(site: &Site) -> Open {
    let open = fixture::open(site).await;
    let write = site.app.write().await.unwrap();
    // What the fixture leaves out of the tables.
    sequence::next(&write, "decision-2026").await.unwrap();
    sequence::next(&write, "consultation:2026-001").await.unwrap();
    let text = document::Entity::find().one(&*write).await.unwrap().unwrap();
    document::Entity::update_many()
        .col_expr(document::Column::ContentHash, Expr::value(sha256_hex(text.body.as_bytes())))
        .exec(&*write)
        .await
        .unwrap();
    let bytes: Vec<u8> = (0..100_000u32).map(|n| (n % 251 * (n / 251) % 253) as u8).collect();
    let row = file::Model {
        id: site.app.id(),
        document_id: text.id,
        name: "说明.pdf".into(),
        media_type: "application/pdf".into(),
        size: 100_000,
        content_hash: sha256_hex(&bytes),
        bytes,
        created_at: site.app.now(),
    };
    row.into_active_model().insert(&*write).await.unwrap();
    let system = jianyan::actor::Actor::system();
    let release = jianyan::publication::Release {
        subject_kind: entity::enums::SubjectKind::Consultation,
        subject_id: open.consultation.0,
        column: jianyan::publication::CONSULTATIONS,
        title: "公开征求意见",
        body: "公共体育场馆应当全年开放\n工作日开放至二十一时",
        path: "/consultations/2026-001-1",
        source: "群众体育处",
    };
    jianyan::publication::publish(&site.app, &write, &system, &release).await.unwrap();
    write.commit().await.unwrap();
    for n in 0..3 {
        say(&site.guest(), &format!("第{n}条意见：“延长”到二十二时 \\ 🙂")).await;
    }
    open
}

async fn say(person: &Person, text: &str) -> serde_json::Value {
    let body = json!({
        "text": text, "name": "张三丰", "contact": "zhang@example.invalid",
        "person_kind": "individual", "show_as": "masked", "consent": true
    });
    person.json("POST", API, body).await.expect(201).json()
}

async fn make(site: &Site, order: &Order<'_>) -> Result<backup::Made, Fault> {
    backup::make(&site.app.db, &site.app.config, &site.app.clock, order).await
}

/// A backup of the site beside its data.
async fn archive(site: &Site) -> PathBuf {
    let place = site.dir.path().join("backup.zip");
    make(site, &Order { force: true, ..Order::to(&place) }).await.unwrap();
    place
}

async fn digests(db: &Db) -> Vec<TableDigest> {
    let snapshot = db.snapshot().await.unwrap();
    let digests = backup::digests(&snapshot).await.unwrap();
    snapshot.close().await.unwrap();
    digests
}

/// The digests without what the restore itself writes down.
fn apart_from_the_record(digests: Vec<TableDigest>) -> Vec<TableDigest> {
    digests.into_iter().filter(|t| !matches!(t.name.as_str(), "audit" | "sequence")).collect()
}

async fn verify(site: &Site) -> Report {
    let mut report = Report::default();
    backup::verify_site(&site.app.db, &site.app.keys, &mut report).await.unwrap();
    report
}

fn key_of(site: &Site) -> KeyChoice {
    KeyChoice::File(site.app.config.key_file())
}

/// Names of the tables in a database, by its own account.
async fn table_names(db: &Db) -> Vec<String> {
    let sql = match db.backend() {
        sea_orm::DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
             AND name NOT LIKE 'passage_index_%' ORDER BY name"
        }
        _ => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    };
    let statement = sea_orm::Statement::from_string(db.backend(), sql);
    let rows = db.read().query_all_raw(statement).await.unwrap();
    let mut names: Vec<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn what_is_restored_is_what_was_there() {
    let (site, _) = site().await;
    let receipt = say(&site.guest(), "这条意见要找得回来").await;
    assert!(verify(&site).await.is_good(), "{}", verify(&site).await);
    let archive = archive(&site).await;
    assert!(backup::verify_archive(&archive).unwrap().is_good());
    let source = digests(&site.app.db).await;
    for kind in kinds() {
        let empty = Empty::of(kind).await;
        let report = empty.restore(&archive, &key_of(&site)).await.unwrap();
        assert!(report.is_good(), "{kind:?}\n{report}");
        let back = empty.open(at("2026-03-03", 10, 0)).await;
        let found = apart_from_the_record(digests(&back.app.db).await);
        assert_eq!(found, apart_from_the_record(source.clone()), "{kind:?}");
        // The chain goes on: one record more, of the restore.
        let rows = |d: &[TableDigest], name: &str| d.iter().find(|t| t.name == name).unwrap().rows;
        assert_eq!(rows(&digests(&back.app.db).await, "audit"), rows(&source, "audit") + 1);

        // People go on as well: the lookup code opens, a sign-in works, search finds, numbers follow.
        let answer =
            back.guest().post("/receipts", &[("code", receipt["lookup_code"].as_str().unwrap())]).await;
        let state = answer.location().to_owned();
        let page = back.guest().get(&state).await;
        page.contains(receipt["number"].as_str().unwrap());
        back.sign_in("mod1").await.get("/desk").await.expect(200);
        back.guest().get("/search?q=全年开放").await.expect(200).contains("公开征求意见");
        let next = say(&back.guest(), "恢复后的第一条").await;
        assert_eq!(next["number"], "2026-001-1-000005");
        assert!(verify(&back).await.is_good(), "{}", verify(&back).await);
    }
}

/// Every table of the database is in the archive, whoever made it; what is left out is named with a reason.
#[tokio::test]
async fn no_table_is_forgotten() {
    let (site, _) = site().await;
    let archive = archive(&site).await;
    let manifest = damage::manifest(&archive);
    let mut saved: Vec<String> =
        manifest["tables"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap().into()).collect();
    // Every entity of the program is there.
    let mut entities = 0;
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("entity/src")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for name in text.split("table_name = \"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(saved.iter().any(|s| s == name), "{name} is not in a backup");
            entities += 1;
        }
    }
    assert_eq!(entities, saved.len(), "a table without an entity: {saved:?}");
    // And every table of the database.
    saved.extend(backup::LEFT_OUT.iter().map(|(name, _)| (*name).to_owned()));
    saved.sort();
    assert_eq!(saved, table_names(&site.app.db).await);
    assert_eq!(backup::LEFT_OUT.len(), 2, "only what can be made again may be left out");
}

#[tokio::test]
async fn a_column_of_an_unknown_type_stops_a_backup() {
    let (site, _) = site().await;
    let write = site.app.write().await.unwrap();
    write.execute_unprepared("ALTER TABLE topic ADD COLUMN weight double precision").await.unwrap();
    write.commit().await.unwrap();
    let place = site.dir.path().join("b.zip");
    let fault = make(&site, &Order::to(&place)).await.unwrap_err();
    assert!(fault.to_string().contains("topic.weight"), "{fault}");
    assert!(!place.exists());
}

#[tokio::test]
async fn a_backup_under_writes_is_of_one_moment() {
    let (site, _) = site().await;
    let place = site.dir.path().join("backup.zip");
    let done = std::cell::Cell::new(false);
    let before = 3;
    let people: Vec<Person> = (0..4).map(|_| site.guest()).collect();
    let posting = futures_util::future::join_all(people.iter().enumerate().map(|(who, person)| {
        let done = &done;
        async move {
            let mut said = 0;
            while !done.get() {
                say(person, &format!("{who} 说的第 {said} 条")).await;
                said += 1;
            }
            said
        }
    }));
    let saving = async {
        let made = make(&site, &Order::to(&place)).await;
        done.set(true);
        made.unwrap()
    };
    let (said, made) = futures_util::future::join(posting, saving).await;
    let said: u64 = said.into_iter().sum();
    assert!(said > 0 && made.rows > 0);
    let manifest = damage::manifest(&place);
    let rows = |name: &str| {
        let tables = manifest["tables"].as_array().unwrap();
        tables.iter().find(|t| t["name"] == name).unwrap()["rows"].as_u64().unwrap()
    };
    let kept = rows("opinion");
    assert!((before..=before + said).contains(&kept), "{kept} of {said}");
    assert_eq!((rows("receipt"), rows("duty")), (kept, kept), "whole acts only");
    let empty = Empty::of(Kind::Sqlite).await;
    let report = empty.restore(&place, &key_of(&site)).await.unwrap();
    assert!(report.is_good(), "{report}");
}

#[tokio::test]
async fn a_site_moves_between_databases() {
    let (site, _) = site().await;
    let source = digests(&site.app.db).await;
    for kind in kinds() {
        let there = Empty::of(kind).await;
        let target = Db::connect(&there.config.database_url()).await.unwrap();
        let report = backup::transfer(&site.app.db, &target).await.unwrap();
        assert!(report.is_good(), "{kind:?}\n{report}");
        assert_eq!(report.to_string().lines().count(), source.len() + 1, "a line for each table");
        assert_eq!(digests(&target).await, source, "{kind:?}");
        // And on to the other kind, where nothing is lost either.
        for back in kinds() {
            let here = Empty::of(back).await;
            let third = Db::connect(&here.config.database_url()).await.unwrap();
            backup::transfer(&target, &third).await.unwrap();
            assert_eq!(digests(&third).await, source, "{kind:?} to {back:?}");
            third.close().await;
        }
        // Nothing is written over.
        let again = backup::transfer(&site.app.db, &target).await.unwrap_err();
        assert!(matches!(again, Fault::Refused(_)), "{again}");
        target.close().await;
        // The key stays the same: the site works there.
        std::fs::copy(site.app.config.key_file(), there.config.key_file()).unwrap();
        let moved = there.open(at("2026-03-03", 10, 0)).await;
        assert!(verify(&moved).await.is_good(), "{}", verify(&moved).await);
        assert_eq!(say(&moved.guest(), "搬家后的第一条").await["number"], "2026-001-1-000004");
    }
    assert_eq!(digests(&site.app.db).await, source, "the source is untouched");
}

#[tokio::test]
async fn a_place_that_is_not_empty_is_left_alone() {
    let (site, _) = site().await;
    let archive = archive(&site).await;
    let (other, _) = self::site().await;
    say(&other.guest(), "只有这里有").await;
    let before = digests(&other.app.db).await;
    let (clock, _) = Clock::fixed(at("2026-03-03", 10, 0));
    let config = other.app.config.clone();
    // The other site has the same seeded key; the key is not what stops it.
    let fault =
        backup::restore(config, clock, Rng::seeded(9), &archive, &KeyChoice::Found).await.unwrap_err();
    assert!(matches!(&fault, Fault::Refused(why) if why.contains("not empty")), "{fault}");
    assert_eq!(digests(&other.app.db).await, before);
}

#[tokio::test]
async fn a_file_that_is_there_is_not_overwritten() {
    use std::os::unix::fs::PermissionsExt as _;
    let (site, _) = site().await;
    let place = site.dir.path().join("backup.zip");
    std::fs::write(&place, "mine").unwrap();
    let fault = make(&site, &Order::to(&place)).await.unwrap_err();
    assert!(fault.to_string().contains("--force"), "{fault}");
    assert_eq!(std::fs::read(&place).unwrap(), b"mine");
    let made = make(&site, &Order { force: true, ..Order::to(&place) }).await.unwrap();
    let bytes = std::fs::read(&place).unwrap();
    assert_eq!((made.bytes, made.sha256), (bytes.len() as u64, sha256_hex(&bytes)));
    assert_eq!(std::fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o600);
    let nowhere = site.dir.path().join("no/such/folder/b.zip");
    assert!(matches!(make(&site, &Order::to(&nowhere)).await, Err(Fault::Io { .. })));
    let left = std::fs::read_dir(site.dir.path()).unwrap().map(|e| e.unwrap().file_name());
    assert!(!left.into_iter().any(|name| name.to_string_lossy().ends_with(".part")));
}

#[tokio::test]
async fn the_key_must_fit() {
    let (site, _) = site().await;
    let plain = archive(&site).await;
    let with_key = site.dir.path().join("with-key.zip");
    make(&site, &Order { with_key: true, ..Order::to(&with_key) }).await.unwrap();
    let secret = std::fs::read_to_string(site.app.config.key_file()).unwrap();
    let text = damage::manifest(&plain).to_string();
    assert!(!text.contains(secret.trim()) && text.contains(&site.app.keys.fingerprint()));

    let empty = Empty::of(Kind::Sqlite).await;
    let fault = empty.restore(&plain, &KeyChoice::Found).await.unwrap_err();
    assert!(fault.to_string().contains("--without-key"), "{fault}");
    let foreign = empty.file("foreign.key");
    jianyan::keys::Keys::load_or_create(&foreign, &Rng::seeded(99)).unwrap();
    let fault = empty.restore(&plain, &KeyChoice::File(foreign)).await.unwrap_err();
    assert!(fault.to_string().contains("fingerprint"), "{fault}");
    assert!(!empty.config.has_database(), "nothing was made");

    let report = empty.restore(&with_key, &KeyChoice::Found).await.unwrap();
    assert!(report.is_good(), "{report}");
    assert_eq!(std::fs::read_to_string(empty.config.key_file()).unwrap(), secret);

    // Without the key everything comes back but what it sealed, and the report says so.
    let empty = Empty::of(Kind::Sqlite).await;
    let report = empty.restore(&plain, &KeyChoice::Lost).await.unwrap().to_string();
    assert!(report.contains("BAD   names and contacts") && report.contains("BAD   lookup codes"), "{report}");
    assert!(report.contains("ok    opinions: 3"), "{report}");
}
