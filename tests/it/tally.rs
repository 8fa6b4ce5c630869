//! The numbers that are kept beside the opinions: whatever happens to an opinion, they say what counting would.

use std::collections::BTreeSet;

use entity::enums::{OpinionState, Role};
use entity::opinion_tally::{Column, Entity};
use jianyan::demo;
use jianyan::opinion::{self, tally};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use crate::harness::{Site, at};
use crate::summary_fixture::{Case, Said, said};

/// No consultation's numbers differ from what its opinions say.
pub async fn agrees(site: &Site) {
    let drifted = tally::drifted(site.app.db.read()).await.unwrap();
    assert_eq!(drifted, [], "the tally differs from the opinions");
}

#[tokio::test]
async fn people_are_counted_once() {
    let case = Case::new().await;
    let wang = Said { contact: Some("wang@example.invalid"), ..said("延长开放时间") };
    let li = Said { contact: Some("li@example.invalid"), ..said("降低收费") };
    let again = Said { contact: Some("WANG@example.invalid"), ..said("增加停车位") };
    case.hear_all(&[wang, li, again, said("没有留下联系方式"), said("也没有")]).await;
    let db = case.site.app.db.read();
    let voices = tally::voices(db, &[case.consultation]).await.unwrap()[&case.consultation];
    assert_eq!((voices.received, voices.people), (5, 4));
    agrees(&case.site).await;
}

#[tokio::test]
async fn a_tally_that_lies_is_found() {
    let case = Case::new().await;
    case.hear_all(&[said("延长开放时间"), said("降低收费")]).await;
    agrees(&case.site).await;
    for column in [Column::N, Column::People] {
        let change = async |by: i64| {
            let write = case.site.app.write().await.unwrap();
            Entity::update_many()
                .col_expr(column, Expr::col(column).add(by))
                .filter(Column::N.gt(0))
                .exec(&*write)
                .await
                .unwrap();
            write.commit().await.unwrap();
        };
        change(1).await;
        let drifted = tally::drifted(case.site.app.db.read()).await.unwrap();
        assert_eq!(drifted, [case.consultation], "{column:?}");
        change(-1).await;
        agrees(&case.site).await;
    }
}

/// A moderator publishes what the owner is putting into topics at the same moment.
#[tokio::test]
async fn acts_at_the_same_moment_are_each_counted() {
    let case = Case::new().await;
    let contacts: Vec<String> = (0..12).map(|i| format!("p{i}@example.invalid")).collect();
    let all: Vec<Said<'_>> = contacts
        .iter()
        .map(|c| Said { contact: Some(c), state: OpinionState::Pending, ..said("延长时间") })
        .collect();
    let numbers = case.hear_all(&all).await;
    case.site.staff("mod1", case.department, &[Role::Moderator]).await;
    let (owner, moderator) = (case.site.api("owner").await, case.site.api("mod1").await);
    let first = case.topic(&owner, "一", &[]).await;
    let second = case.topic(&owner, "二", &[]).await;
    let reviewed = async {
        for number in &numbers {
            let body = json!({ "revision": 1, "action": "publish" });
            moderator.json("POST", &format!("/api/v1/review/{number}"), body).await.expect(200);
        }
    };
    let grouped = async {
        for (i, number) in numbers.iter().enumerate() {
            let topic = if i % 2 == 0 { &first } else { &second };
            let body = json!({ "opinions": [number, &numbers[0]] });
            owner.json("POST", &format!("/api/v1/topics/{topic}/opinions"), body).await.expect(200);
        }
        owner.json("POST", &case.api("ungroup"), json!({ "opinions": numbers[..4] })).await.expect(200);
    };
    tokio::join!(reviewed, grouped);
    let db = case.site.app.db.read();
    assert_eq!(opinion::counts(db, case.consultation).await.unwrap().published, 12);
    agrees(&case.site).await;
}

#[tokio::test]
async fn the_example_at_any_size_is_counted() {
    let now = at("2026-11-24", 10, 0);
    let build = |config| -> std::pin::Pin<Box<dyn Future<Output = ()>>> {
        Box::pin(async move {
            demo::build_with(&config, now, 2_500, |_| {}).await.unwrap();
        })
    };
    let (site, ()) = Site::built(now, build).await;
    agrees(&site).await;
    // The long list is read to its end, a page at a time, and holds every published opinion once.
    let db = site.app.db.read();
    let guest = site.guest();
    let mut seen = BTreeSet::new();
    let list = guest.get("/api/v1/consultations?limit=100").await.expect(200).json();
    let codes = list["items"].as_array().unwrap().iter().map(|c| c["code"].as_str().unwrap());
    let mut largest = (0, String::new());
    for code in codes {
        let id = jianyan::consultation::by_code(db, code).await.unwrap().id;
        largest = largest.max((opinion::counts(db, id).await.unwrap().published, code.to_owned()));
    }
    let (published, code) = largest;
    assert!(published > 2_000, "{published} opinions on {code}");
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/consultations/{code}/opinions?limit=100{cursor}");
        let page = guest.get(&path).await.expect(200).json();
        for o in page["items"].as_array().unwrap() {
            assert!(seen.insert(o["number"].as_str().unwrap().to_owned()), "twice: {o}");
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len() as u64, published);
}

#[tokio::test]
async fn all_published_opinions_are_one_table() {
    let case = Case::new().await;
    let hidden = Said { state: OpinionState::Withheld, ..said("不要公开我的意见") };
    let numbers = case.hear_all(&[said("延长开放时间，\"周末\"更要"), said("=1+1"), hidden]).await;
    let guest = case.site.guest();
    let file = guest.get("/consultations/2026-007-1/opinions.csv").await.expect(200);
    assert!(file.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let text = file.text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().get(0), Some("受理编号"));
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.unwrap()).collect();
    let cells: Vec<(&str, &str)> = rows.iter().map(|r| (&r[0], &r[6])).collect();
    // The newest first; what a table program would take for a formula is text.
    assert_eq!(cells, [(numbers[1].as_str(), "'=1+1"), (&numbers[0], "延长开放时间，\"周末\"更要")]);
    guest
        .get("/consultations/2026-007-1")
        .await
        .expect(200)
        .contains("/consultations/2026-007-1/opinions.csv");
    guest.get("/consultations/2026-999-1/opinions.csv").await.expect(404);
}

#[tokio::test]
async fn a_topic_knows_its_different_people_whatever_moves() {
    let case = Case::new().await;
    let site = &case.site;
    let wang = Said { contact: Some("wang@example.invalid"), ..said("延长开放时间") };
    let li = Said { contact: Some("li@example.invalid"), ..said("降低收费") };
    let all = [wang.clone(), wang.clone(), li.clone(), said("没有留下联系方式"), wang.clone(), li];
    let numbers = case.hear_all(&all).await;
    let owner = site.api("owner").await;
    let people = async || -> Vec<i64> {
        let topics = entity::topic::Entity::find().order_by_asc(entity::topic::Column::Title);
        topics.all(site.app.db.read()).await.unwrap().iter().map(|t| t.people).collect()
    };
    let first = case.topic(&owner, "a", &numbers[..4]).await;
    let second = case.topic(&owner, "b", &numbers[4..]).await;
    assert_eq!(people().await, [3, 2], "Wang, Li and somebody; Wang and Li");
    agrees(site).await;

    // Wang's other opinion stays; moved into the place where she is counted already, nothing is added.
    let join = async |topic: &str, which: &[String]| {
        let body = json!({ "opinions": which });
        owner.json("POST", &format!("/api/v1/topics/{topic}/opinions"), body).await.expect(200);
    };
    join(&second, &numbers[..1]).await;
    assert_eq!(people().await, [3, 2]);
    // The last of Li leaves one topic.
    join(&second, &numbers[2..3]).await;
    assert_eq!(people().await, [2, 2]);
    join(&first, &numbers[2..3]).await;
    owner.json("POST", &case.api("ungroup"), json!({ "opinions": [numbers[3]] })).await.expect(200);
    assert_eq!(people().await, [2, 2], "Li came, somebody left");
    agrees(site).await;

    // Both of hers are withdrawn at the same moment.
    let (a, b) = (case.opinion(&numbers[0]).await, case.opinion(&numbers[4]).await);
    let guest = jianyan::actor::Actor::guest();
    let (a, b) = tokio::join!(
        opinion::withdraw::withdraw(&site.app, &guest, a),
        opinion::withdraw::withdraw(&site.app, &guest, b)
    );
    a.unwrap();
    b.unwrap();
    assert_eq!(people().await, [2, 1]);
    agrees(site).await;

    let write = site.app.write().await.unwrap();
    let lie = entity::topic::Entity::update_many().col_expr(entity::topic::Column::People, Expr::value(9));
    lie.exec(&*write).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(tally::drifted(site.app.db.read()).await.unwrap(), [case.consultation]);
}
