//! One consultation from site to site: what arrives is what was published, once, and nothing else is touched.

use std::path::{Path, PathBuf};

use entity::enums::{OpinionState, Outcome, Role};
use jianyan::actor::Actor;
use jianyan::backup::{self, Arrival, Fault, ImportOrder, Readable};
use jianyan::demo;
use jianyan::keys::sha256_hex;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};

use super::{Empty, Kind, damage, kinds, verify};
use crate::harness::Site;
use crate::summary_fixture::{Case, Said, said};

pub(super) const CODE: &str = "2026-007-1";

/// A consultation that closed, was answered and issued, with three published opinions and one that is not.
pub(super) async fn source() -> Case {
    let case = Case::new().await;
    sql(
        &case.site,
        &format!("UPDATE document SET content_hash = '{}'", sha256_hex("第一条\n第二条".as_bytes())),
    )
    .await;
    let hidden = Said { state: OpinionState::Rejected, ..said("不公开的话") };
    case.hear_all(&[said("延长到二十二时"), said("夏天也开放"), said("开放"), hidden]).await;
    case
}

async fn sql(site: &Site, sql: &str) {
    let write = site.app.write().await.unwrap();
    write.execute_unprepared(sql).await.unwrap();
    write.commit().await.unwrap();
}

pub(super) async fn export(site: &Site, code: &str, name: &str) -> PathBuf {
    let place = site.dir.path().join(name);
    let app = &site.app;
    backup::export(&app.db, &app.config, &app.clock, code, &place, true).await.unwrap();
    place
}

pub(super) fn order(file: &Path) -> ImportOrder<'_> {
    ImportOrder {
        file,
        dry_run: false,
        prefix: None,
        department: None,
        readable: Readable {
            snapshot: jianyan::summary::is_snapshot,
            questions: jianyan::questionnaire::are_questions,
        },
    }
}

pub(super) async fn import(site: &Site, file: &Path) -> Result<Arrival, Fault> {
    backup::import(&site.app, &Actor::system(), &order(file)).await
}

fn tables(archive: &Path) -> Vec<(String, u64, String)> {
    let manifest = damage::manifest(archive);
    let rows = manifest["tables"].as_array().unwrap().iter();
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    rows.map(|t| (text(&t["name"]), t["rows"].as_u64().unwrap(), text(&t["sha256"]))).collect()
}

pub(super) async fn other(kind: Kind) -> Site {
    Empty::of(kind).await.open(crate::harness::at("2026-03-12", 9, 0)).await
}

#[track_caller]
fn refused(result: Result<Arrival, Fault>, word: &str) {
    let error = match result {
        Ok(told) => panic!("{word}: not refused\n{told}"),
        Err(error) => error.to_string(),
    };
    assert!(error.contains(word), "{error}");
}

#[tokio::test]
async fn what_is_exported_imported_and_exported_again_is_the_same() {
    let case = source().await;
    let owner = case.site.api("owner").await;
    let numbers = [format!("{CODE}-000001"), format!("{CODE}-000002")];
    let topic = case.topic(&owner, "开放时间", &numbers).await;
    answer(&case, &topic).await;
    case.published().await;
    let first = export(&case.site, CODE, "a.zip").await;
    let rows = tables(&first);
    let of = |name: &str| rows.iter().find(|t| t.0 == name).unwrap().1;
    assert_eq!((of("opinion"), of("topic"), of("topic_opinion"), of("summary")), (3, 1, 2, 1), "{rows:?}");

    case.site.at("2026-03-03", 9, 0).await;
    for kind in kinds() {
        let site = other(kind).await;
        let mut dry = order(&first);
        dry.dry_run = true;
        let told = backup::import(&site.app, &Actor::system(), &dry).await.unwrap();
        assert!(told.is_news() && !told.is_kept() && told.to_string().contains("dry run"), "{told}");
        site.guest().get(&format!("/consultations/{CODE}")).await.expect(404);

        let told = import(&site, &first).await.unwrap();
        assert!(told.is_kept(), "{told}");
        assert_eq!(tables(&export(&site, CODE, "b.zip").await), rows);
        let report = verify(&site).await;
        assert!(report.is_good(), "{report}");

        let page = site.guest().get(&format!("/consultations/{CODE}")).await.expect(200);
        page.contains("延长到二十二时").contains("张*").contains("本征求意见由").lacks("不公开的话");
        page.contains("2026年1月1日").lacks(&format!("/consultations/{CODE}/opinion\""));
        site.guest().get(&format!("/summaries/{CODE}")).await.expect(200).contains("开放时间");
        site.guest().get("/search?q=开放").await.expect(200).contains(&format!("/summaries/{CODE}"));
        let csv = site.guest().get(&format!("/consultations/{CODE}/opinions.csv")).await.expect(200);
        csv.contains("已作说明");

        // The same again, and what is the same though it was exported later.
        let chain = audits(&site).await;
        let told = import(&site, &first).await.unwrap();
        assert!(!told.is_news() && told.to_string().contains("already"), "{told}");
        let again = export(&case.site, CODE, "again.zip").await;
        let told = import(&site, &again).await.unwrap();
        assert!(!told.is_news() && told.to_string().contains("nothing new"), "{told}");
        assert_eq!(audits(&site).await, chain);
        assert_eq!(chain.iter().filter(|a| *a == "consultation.import").count(), 1, "{chain:?}");
    }
}

async fn answer(case: &Case, topic: &str) {
    let owner = case.site.api("owner").await;
    let body = json!({ "outcome": Outcome::Explained, "reason": "已向市民说明开放安排的依据。" });
    owner.json("PUT", &format!("/api/v1/topics/{topic}/response"), body.clone()).await.expect(200);
    owner.json("PUT", &format!("/api/v1/opinions/{CODE}-000003/response"), body).await.expect(200);
    case.issue("2026-02-26").await;
}

async fn audits(site: &Site) -> Vec<String> {
    use sea_orm::{EntityTrait as _, QueryOrder as _};
    let rows = entity::audit::Entity::find().order_by_asc(entity::audit::Column::Seq);
    rows.all(site.app.db.read()).await.unwrap().into_iter().map(|a| a.action).collect()
}

#[tokio::test]
async fn a_later_archive_adds_what_is_new_and_edits_nothing() {
    let case = source().await;
    sql(&case.site, &format!("UPDATE opinion SET state = 'pending' WHERE number = '{CODE}-000003'")).await;
    let early = export(&case.site, CODE, "early.zip").await;
    case.site.at("2026-03-10", 9, 0).await;
    sql(&case.site, &format!("UPDATE opinion SET state = 'published' WHERE number = '{CODE}-000003'")).await;
    sql(&case.site, "UPDATE opinion SET public_text = '改写过的' WHERE number = '2026-007-1-000001'").await;
    sql(&case.site, "UPDATE opinion SET state = 'rejected' WHERE number = '2026-007-1-000002'").await;
    sql(&case.site, "UPDATE consultation SET phone = '010-1'").await;
    let late = export(&case.site, CODE, "late.zip").await;

    let site = other(Kind::Sqlite).await;
    import(&site, &early).await.unwrap();
    let told = import(&site, &late).await.unwrap();
    let of = |name: &str| told.brought.iter().find(|b| b.table == name).unwrap().clone();
    let opinion = of("opinion");
    assert_eq!((opinion.new, opinion.left, opinion.gone, opinion.changed), (1, 1, 1, 0), "{told}");
    assert_eq!((of("consultation").changed, of("decision").same), (1, 1));
    let page = site.guest().get(&format!("/consultations/{CODE}")).await.expect(200);
    page.contains("延长到二十二时").contains("夏天也开放").contains("010-1").lacks("改写过的");
    let report = verify(&site).await;
    assert!(report.is_good(), "{report}");
    let forged = damage::with_manifest(&late, "foreign", &|m| m["url"] = json!("https://b.invalid/x"));
    refused(import(&site, &forged).await, "another address");
    // Once the later one is here, an earlier one that was never seen does not lead back.
    let fresh = other(Kind::Sqlite).await;
    import(&fresh, &late).await.unwrap();
    refused(import(&fresh, &early).await, "later archive");
}

#[tokio::test]
async fn nothing_of_the_receiving_site_is_overwritten() {
    let case = source().await;
    let archive = export(&case.site, CODE, "a.zip").await;
    refused(import(&case.site, &archive).await, "one of this site");

    // Another decision with the same code, and a department with the same key.
    let site = other(Kind::Sqlite).await;
    let department = site.department("qunti", "本站的处").await;
    refused(import(&site, &archive).await, "--department");
    let mut mapped = order(&archive);
    mapped.department = Some("qunti");
    let owner = site.staff("someone", department, &[Role::Owner]).await;
    crate::fixture::consultation(&site, "2026-007", department, owner).await;
    let before = super::digests(&site.app.db).await;
    refused(backup::import(&site.app, &Actor::system(), &mapped).await, "--prefix");
    assert_eq!(super::digests(&site.app.db).await, before, "a refusal leaves nothing");
    for (prefix, word) in [("", "1 to 12"), ("a b", "1 to 12"), ("very-long-prefix", "1 to 12")] {
        mapped.prefix = Some(prefix);
        refused(backup::import(&site.app, &Actor::system(), &mapped).await, word);
    }
    mapped.department = Some("nobody");
    mapped.prefix = Some("SH");
    refused(backup::import(&site.app, &Actor::system(), &mapped).await, "no department");
    mapped.department = Some("qunti");
    backup::import(&site.app, &Actor::system(), &mapped).await.unwrap();
    let page = site.guest().get("/consultations/SH-2026-007-1").await.expect(200);
    page.contains("延长到二十二时").contains("SH-2026-007-1-000001").contains("本站的处");
    site.guest().get("/consultations/2026-007-1").await.expect(200).lacks("延长到二十二时");
    mapped.prefix = Some("BJ");
    refused(backup::import(&site.app, &Actor::system(), &mapped).await, "keeps it");
}

#[tokio::test]
async fn an_own_number_is_never_given_twice() {
    let case = source().await;
    let archive = export(&case.site, CODE, "a.zip").await;
    let site = other(Kind::Sqlite).await;
    import(&site, &archive).await.unwrap();
    let db = site.app.db.read();
    for (counter, at) in [("decision-2026", 7), ("consultation:2026-007", 1), ("opinion:2026-007-1", 3)] {
        assert_eq!(jianyan::sequence::value(db, counter).await.unwrap(), at, "{counter}");
    }
}

#[tokio::test]
async fn an_open_consultation_stays_where_it_is() {
    let case = source().await;
    sql(&case.site, "UPDATE consultation SET closes_on = '2026-03-31'").await;
    let archive = export(&case.site, CODE, "a.zip").await;
    refused(import(&other(Kind::Sqlite).await, &archive).await, "open until 2026-03-31");
}

/// The example bureau has every kind of thing that a consultation may have.
#[tokio::test]
async fn every_closed_consultation_of_the_example_goes_round() {
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
    let now = crate::harness::at("2026-11-24", 10, 0);
    let (site, _) =
        Site::built(now, |config| Box::pin(async move { demo::build(&config, now).await.unwrap() })).await;
    let closed = entity::consultation::Entity::find()
        .filter(entity::consultation::Column::PublishedAt.is_not_null())
        .filter(entity::consultation::Column::ClosesOn.lt(crate::harness::day("2026-11-24")));
    let closed = closed.all(site.app.db.read()).await.unwrap();
    assert!(closed.iter().any(|c| c.result_published_at.is_some()) && closed.len() > 4, "{}", closed.len());
    for kind in kinds() {
        let other = Empty::of(kind).await.open(now).await;
        for code in closed.iter().map(|c| c.code.as_str()) {
            let first = export(&site, code, "a.zip").await;
            import(&other, &first).await.unwrap_or_else(|e| panic!("{code}: {e}"));
            assert_eq!(tables(&export(&other, code, "b.zip").await), tables(&first), "{code}");
            other.guest().get(&format!("/consultations/{code}")).await.expect(200).contains("本征求意见由");
            for page in ["", "?lang=en"] {
                other.guest().get(&format!("/summaries/{code}{page}")).await.expect(200);
            }
        }
        let report = verify(&other).await;
        assert!(report.is_good(), "{report}");
        for page in ["/", "/decisions", "/consultations?state=closed", "/summaries", "/feeds/summaries.atom"]
        {
            other.guest().get(page).await.expect(200);
        }
    }
}

/// A hostile archive whose hashes are its own: every one is refused before anything is written.
/// A questionnaire that four people answered, two of them its second question.
async fn questionnaire(case: &Case) {
    let app = &case.site.app;
    let write = app.write().await.unwrap();
    let question = |number: i32| {
        json!({ "number": number, "kind": "single", "text": "多久去一次？", "hint": "", "required": false,
                "choices": ["每周", "很少"], "other": false })
    };
    let row = entity::questionnaire::Model {
        id: app.id(),
        consultation_id: case.consultation,
        title: "问卷".into(),
        intro: String::new(),
        questions: json!([question(1), question(2)]),
        open_results: false,
        ready_at: Some(app.now()),
        responses: 4,
        revision: 1,
        created_at: app.now(),
        updated_at: app.now(),
    };
    let questionnaire_id = row.id;
    row.into_active_model().insert(&*write).await.unwrap();
    for (question, choice, n) in [(1, 100, 4), (1, 2, 4), (2, 100, 2), (2, 1, 2)] {
        let tally =
            entity::questionnaire_tally::Model { id: app.id(), questionnaire_id, question, choice, n };
        tally.into_active_model().insert(&*write).await.unwrap();
    }
    write.commit().await.unwrap();
}

#[tokio::test]
async fn a_forged_archive_is_refused_and_nothing_written() {
    let case = source().await;
    let owner = case.site.api("owner").await;
    let topic = case.topic(&owner, "开放时间", &[format!("{CODE}-000001"), format!("{CODE}-000002")]).await;
    answer(&case, &topic).await;
    case.published().await;
    questionnaire(&case).await;
    let whole = export(&case.site, CODE, "a.zip").await;
    let site = other(Kind::Sqlite).await;
    let before = super::digests(&site.app.db).await;
    let forgeries: &[(&str, &str, &str)] = &[
        ("opinion", "\"channel\":\"site\"", "\"channel\":\"void\""),
        ("opinion", "2026-007-1-000001", "2026-007-1-99999999999999999999"),
        ("opinion", "2026-007-1-000001", "2026-001-1-000001"),
        ("opinion", "2026-01-", "9999-01-"),
        ("opinion", "\"lang\":\"zh\"", "\"lang\":\"\\u0000\""),
        ("opinion", "{\"channel\"", "{\"extra\":1,\"channel\""),
        ("decision", "\"year\":2026", "\"year\":99999999999999999999"),
        ("decision", "\"year\":2026", "\"year\":4294967296"),
        ("decision", "\"code\":\"2026-007\"", "\"code\":\"../../etc\""),
        ("decision", "\"kind\":\"public_measure\"", "\"kind\":\"<script>\""),
        ("questionnaire", "\"kind\":\"single\"", "\"kind\":\"void\""),
        ("questionnaire", "[\"每周\",\"很少\"]", "[\"每周\",\"每周\"]"),
        ("questionnaire_tally", "\"n\":4", "\"n\":-4"),
        ("questionnaire_tally", "\"questionnaire_id\":\"0", "\"questionnaire_id\":\"1"),
        ("document", "\"body\":\"第一条", "\"body\":\"第九条"),
        ("clause", "\"kind\":\"article\"", "\"kind\":\"articles\""),
        ("publication", "\"path\":\"/summaries/2026-007-1\"", "\"path\":\"//evil.invalid/\""),
        ("publication", "意见", "改动"),
        ("summary", "\"rows\":[", "\"lines\":["),
        ("summary", "\"clause_path\":null", "\"clause_path\":\"javascript:alert(1)\""),
        ("topic_opinion", "\"topic_id\":\"0", "\"topic_id\":\"1"),
        ("response", "\"public_outcome\":\"explained\"", "\"public_outcome\":\"maybe\""),
    ];
    for (table, from, to) in forgeries {
        let bent = forge(&whole, &format!("tables/{table}.jsonl"), from, to);
        refused(import(&site, &bent).await, "damaged");
    }
    let manifest = |edit: &dyn Fn(&mut Value)| damage::with_manifest(&whole, "manifest", edit);
    refused(import(&site, &manifest(&|m| m["format_version"] = json!(5))).await, "version 5");
    refused(import(&site, &manifest(&|m| m["format_version"] = json!(3))).await, "version 3");
    refused(import(&site, &manifest(&|m| m["format_version"] = json!(2))).await, "version 2");
    refused(import(&site, &manifest(&|m| m["format"] = json!("jianyan-archive"))).await, "wanted");
    refused(import(&site, &manifest(&|m| m["more"] = json!(1))).await, "damaged");
    refused(import(&site, &manifest(&|m| m["url"] = json!("javascript:alert(1)"))).await, "address");
    refused(import(&site, &manifest(&|m| m["tables"][0]["path"] = json!("../department"))).await, "damaged");
    refused(import(&site, &manifest(&|m| m["tables"][0]["sha256"] = json!("0"))).await, "damaged");
    refused(import(&site, &manifest(&|m| m["made_at"] = json!("2026-05-01T00:00:00Z"))).await, "future");
    refused(import(&site, &manifest(&|m| m["consultation"] = json!("2026-008-1"))).await, "damaged");
    let more = damage::rewrite(&whole, "slip", |_, b| Some(b), &[("../../jianyan.key", b"x")]);
    refused(import(&site, &more).await, "entries");
    std::fs::write(site.dir.path().join("bad.zip"), "PK").unwrap();
    refused(import(&site, &site.dir.path().join("bad.zip")).await, "damaged");
    assert_eq!(super::digests(&site.app.db).await, before);
    // The control: the same way of rewriting, with nothing forged.
    assert!(import(&site, &forge(&whole, "tables/step.jsonl", "", "")).await.unwrap().is_kept());
    // Figures came, and of a question that two people answered none.
    let results = format!("/api/v1/consultations/{CODE}/questionnaire/results");
    let told = site.guest().get(&results).await.expect(200).json();
    assert_eq!(told["questions"][0]["choices"][1]["n"], 4);
    assert_eq!((&told["questions"][1]["base"], told["questions"][1].get("choices")), (&json!(0), None));
}

/// Changes a table and makes the manifest agree.
fn forge(whole: &Path, path: &str, from: &str, to: &str) -> PathBuf {
    let mut new = Vec::new();
    damage::rewrite(
        whole,
        "forged",
        |entry, bytes| {
            if entry == path {
                let text = String::from_utf8(bytes).unwrap();
                assert!(text.contains(from), "{path} has no {from}: {text}");
                new = if from.is_empty() { text } else { text.replacen(from, to, 1) }.into_bytes();
                return Some(new.clone());
            }
            if entry != "manifest.json" {
                return Some(bytes);
            }
            let mut json: Value = serde_json::from_slice(&bytes).unwrap();
            for table in json["tables"].as_array_mut().unwrap() {
                if table["path"] == path {
                    table["sha256"] = json!(sha256_hex(&new));
                    table["bytes"] = json!(new.len());
                }
            }
            Some(json.to_string().into_bytes())
        },
        &[],
    )
}
