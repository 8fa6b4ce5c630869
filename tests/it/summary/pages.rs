//! The pages of topics and summaries.

use entity::enums::{OpinionState, Role};
use serde_json::json;

use super::{answered, no};
use crate::harness::{Site, at};
use crate::summary_fixture::{Case, Said, said};

#[tokio::test]
async fn an_owner_groups_and_answers_on_the_page() {
    let case = Case::new().await;
    let numbers = case
        .hear_all(&[
            Said { clause: Some(0), ..said("请延长<b>开放</b>时间") },
            Said { clause: Some(0), ..said("晚上也开") },
            Said { state: OpinionState::Withheld, ..said("不公开的原话") },
        ])
        .await;
    let owner = case.site.sign_in("owner").await;
    let page = owner.get(&case.desk("opinions")).await.expect(200);
    page.contains("请延长&lt;b&gt;开放")
        .lacks("<b>开放")
        .contains("第一条（2）")
        .contains("关于第一条的意见");
    // The owner reads what is not shown, but nobody's name or contact.
    page.contains("不公开的原话").contains("不予公开（已计入办理）").lacks("张三丰");

    let base = case.desk("opinions");
    let fields = [("pick", numbers[0].as_str()), ("pick", &numbers[1]), ("place", "new"), ("act", "join")];
    let answer = owner.post(&base, &fields).await.expect(422);
    // What was picked stays picked.
    answer.contains("href=\"#f-new_title\"").contains(&format!("value=\"{}\" checked", numbers[0]));
    let named = [&fields[..], &[("new_title", "开放时间"), ("show", "all")]].concat();
    let answer = owner.post(&base, &named).await.expect(303);
    assert_eq!(answer.location(), format!("{base}?show=all&done=grouped"));
    let page = owner.get(&format!("{base}?show=all")).await.expect(200);
    page.contains("开放时间").contains("2 条 · 2 人");

    let topic = case.site.api("owner").await.get(&case.api("topics")).await.json()[0]["id"].clone();
    let topic = topic.as_str().unwrap().to_owned();
    let form = owner.get(&format!("{base}?respond={topic}")).await.expect(200);
    form.contains("答复主题：开放时间").contains("理由");
    let action = case.desk(&format!("topics/{topic}/response"));
    let answer = owner.post(&action, &[("outcome", "explained"), ("reason", "")]).await.expect(422);
    answer.contains("请写明理由").contains("value=\"explained\" checked");
    owner.post(&action, &[("outcome", ""), ("reason", "x")]).await.expect(422);
    owner.post(&action, &[("outcome", "explained"), ("reason", "将于夏季试行")]).await.expect(303);
    owner.get(&format!("{base}?show=all")).await.expect(200).contains("随主题");
    owner.get(&format!("{base}?respond={topic}")).await.expect(200).contains("将于夏季试行");

    // One opinion on its own, and back again.
    let action = case.desk(&format!("opinions/{}/response", numbers[1]));
    owner.post(&action, &[("outcome", "adopted"), ("reason", "")]).await.expect(303);
    owner.get(&format!("{base}?answer={}", numbers[1])).await.expect(200).contains("撤销答复");
    owner.post(&action, &[("act", "retract")]).await.expect(303);
    owner.get(&format!("{base}?answer={}", numbers[1])).await.expect(200).lacks("撤销答复");
}

#[tokio::test]
async fn topics_are_renamed_moved_and_removed_on_the_page() {
    let case = Case::new().await;
    let owner = case.site.sign_in("owner").await;
    let number = case.hear(said("延长")).await;
    for title in ["甲", "乙"] {
        owner
            .post(&case.desk("topics"), &[("title", title), ("gist", ""), ("form", "topic")])
            .await
            .expect(303);
    }
    let twice = owner.post(&case.desk("topics"), &[("title", "甲"), ("form", "topic")]).await.expect(422);
    twice.contains("已有同名主题").contains("href=\"#f-title\"");
    let ids = async || -> Vec<String> {
        let topics = case.site.api("owner").await.get(&case.api("topics")).await.json();
        topics.as_array().unwrap().iter().map(|t| t["id"].as_str().unwrap().to_owned()).collect()
    };
    let before = ids().await;
    owner.post(&case.desk(&format!("topics/{}/move", before[1])), &[("to", "up")]).await.expect(303);
    owner.post(&case.desk(&format!("topics/{}/move", before[1])), &[("to", "up")]).await.expect(303);
    assert_eq!(ids().await, [before[1].clone(), before[0].clone()]);
    owner
        .get(&format!("{}?edit={}", case.desk("opinions"), before[0]))
        .await
        .expect(200)
        .contains("value=\"甲\"");
    let path = case.desk(&format!("topics/{}", before[0]));
    owner.post(&path, &[("title", ""), ("form", "topic")]).await.expect(422);
    owner.post(&path, &[("title", "丙"), ("gist", "摘要"), ("form", "topic")]).await.expect(303);
    let pick = [("pick", number.as_str()), ("place", &before[0]), ("act", "join")];
    owner.post(&case.desk("opinions"), &pick).await.expect(303);
    owner.post(&format!("{path}/delete"), &[]).await.expect(409).contains("还有 1 条意见");
    let pick = [("pick", number.as_str()), ("act", "leave")];
    owner.post(&case.desk("opinions"), &pick).await.expect(303);
    owner.post(&format!("{path}/delete"), &[]).await.expect(303);
    assert_eq!(ids().await, [before[1].clone()]);
    owner
        .post(&case.desk("opinions"), &[("act", "join"), ("place", &before[1])])
        .await
        .expect(422)
        .contains("请先勾选意见");
    owner.post(&case.desk("opinions"), &[("pick", &number), ("place", "x")]).await.expect(422);
    owner.get(&format!("{}?edit=x", case.desk("opinions"))).await.expect(404);
    owner.get(&format!("{}?page=x&clause=y&topic=z&q=%25", case.desk("opinions"))).await.expect(200);
}

#[tokio::test]
async fn a_suggested_group_is_taken_whole() {
    let case = Case::new().await;
    let owner = case.site.sign_in("owner").await;
    case.hear_all(&[said("同样的话"), said("同样的话"), said("别的")]).await;
    let page = owner.get(&case.desk("opinions")).await.expect(200);
    page.contains("归并建议").contains("文字相同");
    let value = page.input("value").unwrap();
    let fields = [("group", "text"), ("value", value.as_str()), ("place", "new"), ("new_title", "同样的话")];
    owner.post(&case.desk("opinions/gather"), &fields).await.expect(303);
    owner.get(&case.desk("opinions")).await.expect(200).lacks("归并建议").contains("2 条 · 2 人");
    owner.post(&case.desk("opinions/gather"), &fields).await.expect(409);
}

#[tokio::test]
async fn from_draft_to_publication_on_the_page() {
    let case = Case::new().await;
    let late = answered(&case).await;
    case.issue("2026-02-26").await;
    let (owner, head) = (case.site.sign_in("owner").await, case.site.sign_in("head").await);
    let path = case.desk("summary");
    let post = async |who: &crate::harness::Person, act: &str, fields: &[(&str, &str)]| {
        who.post(&format!("{path}/{act}"), fields).await
    };
    owner.get(&path).await.expect(200).contains("尚未生成").contains("生成采纳情况");
    post(&owner, "submit", &[]).await.expect(409).contains("请先生成采纳情况");
    post(&owner, "generate", &[]).await.expect(303);
    let page = owner.get(&path).await.expect(200);
    page.contains("公布条件：全部具备").contains("共收到 4 人提出的意见建议 5 条").contains("还剩");
    let revision = page.input("revision").unwrap();
    let texts =
        [("participation", "我们听取了<i>意见</i>。"), ("overview", "结果如下。"), ("revision", &revision)];
    owner.post(&path, &texts).await.expect(303);
    let page = owner.get(&path).await.expect(200);
    page.contains("我们听取了&lt;i&gt;").contains("与当前统计不一致");
    owner.post(&path, &texts).await.expect(412).contains("我们听取了");
    let empty = [("participation", ""), ("overview", "x"), ("revision", "")];
    owner.post(&path, &empty).await.expect(422).contains("href=\"#f-participation\"");
    owner.get(&format!("{path}/preview")).await.expect(200).contains("预览：尚未公布").contains("结果如下。");
    post(&owner, "submit", &[]).await.expect(303);
    post(&owner, "approve", &[]).await.expect(403);
    let page = head.get(&path).await.expect(200);
    let hash = page.contains("审批通过").input("hash").unwrap();
    post(&head, "approve", &[("hash", "")]).await.expect(412);
    post(&head, "return", &[("act", "return"), ("reason", "")]).await.expect(422);
    post(&head, "approve", &[("hash", &hash)]).await.expect(303);
    // An opinion that comes late is named with its link.
    let more = case.hear(said("迟到的意见")).await;
    let answer = post(&owner, "publish", &[]).await.expect(422);
    answer
        .contains(&format!("还有 1 条意见未答复：{more}"))
        .contains(&format!("/desk/consultations/2026-007-1/opinions?q={more}"));
    let respond = case.desk(&format!("opinions/{more}/response"));
    owner.post(&respond, &[("outcome", "adopted")]).await.expect(303);
    post(&owner, "submit", &[]).await.expect(303);
    let hash = head.get(&path).await.input("hash").unwrap();
    post(&head, "approve", &[("hash", &hash)]).await.expect(303);
    post(&owner, "publish", &[]).await.expect(303);
    owner.get(&path).await.expect(200).contains("已公布").contains("发起更正");
    owner.get(&case.desk("opinions")).await.expect(200).contains("不能再修改归并和答复").lacks("归并到");
    owner.post(&respond, &[("outcome", "explained"), ("reason", "x")]).await.expect(409);

    let public = case.site.guest().get("/summaries/2026-007-1").await.expect(200);
    public.contains("按期公布").contains("关于《示例市公共体育场馆开放管理办法》公众意见建议收集和采纳情况");
    public.contains("我们听取了&lt;i&gt;意见").contains("较为集中的意见").contains("不具名（个人，本平台）");
    public.lacks("隐秘的话").lacks("张三丰");
    case.site
        .guest()
        .get("/summaries")
        .await
        .expect(200)
        .contains("按期公布")
        .contains("/summaries/2026-007-1");
    // The author reads it beside the own words.
    let code = jianyan::receipt::LookupCode::of(
        &case.site.app.keys,
        entity::enums::SubjectKind::Opinion,
        case.opinion(&late[0]).await.0,
    );
    let write = case.site.app.write().await.unwrap();
    let id = case.opinion(&late[0]).await.0;
    let mut rows = jianyan::db::Inserts::default();
    jianyan::receipt::issue(&case.site.app, &mut rows, entity::enums::SubjectKind::Opinion, id);
    rows.run(&write).await.unwrap();
    write.commit().await.unwrap();
    let state = case.site.guest().get(&format!("/receipts/{}", code.grouped())).await.expect(200);
    state.contains("未采纳").contains(super::REASON);
}

#[tokio::test]
async fn corrections_and_versions_are_readable() {
    let case = Case::new().await;
    let numbers = answered(&case).await;
    case.issue("2026-02-26").await;
    case.published().await;
    let owner = case.site.sign_in("owner").await;
    let path = case.desk("summary");
    owner.post(&format!("{path}/correct"), &[("act", "correct"), ("reason", "")]).await.expect(422);
    owner.post(&format!("{path}/correct"), &[("reason", "第四条意见的理由<有误>")]).await.expect(303);
    let respond = case.desk(&format!("opinions/{}/response", numbers[3]));
    owner.post(&respond, &[("outcome", "adopted"), ("reason", "更正后的理由")]).await.expect(303);
    let guest = case.site.guest();
    guest.get("/summaries/2026-007-1").await.expect(200).lacks("更正");
    case.published().await;
    let page = guest.get("/summaries/2026-007-1").await.expect(200);
    page.contains("更正（第 2 版）").contains("第四条意见的理由&lt;有误&gt;").contains("?version=1");
    let old = guest.get("/summaries/2026-007-1?version=1").await.expect(200);
    old.contains("已被更新的版本代替").contains("已改").lacks("更正后的理由");
    assert_eq!(
        guest.get("/summaries/2026-007-1?version=2").await.expect(303).location(),
        "/summaries/2026-007-1"
    );
    guest.get("/summaries/2026-007-1?version=9").await.expect(404);
    guest.get("/summaries/2026-007-1?version=x").await.expect(404);
    // A tombstone says since when and why.
    let head = case.site.sign_in("head").await;
    head.post(&format!("{path}/withdraw"), &[("reason", "误公布了他人信息")]).await.expect(303);
    let page = guest.get("/summaries/2026-007-1").await.expect(200);
    page.contains("已于2026年3月2日撤下").contains("误公布了他人信息").lacks("更正后的理由");
    guest.get("/summaries/2026-007-1?version=2").await.expect(404);
    guest.get("/summaries/2026-007-1/table.csv").await.expect(404);
}

#[tokio::test]
async fn what_is_due_is_told_before_it_is_published() {
    let case = Case::new().await;
    let guest = case.site.guest();
    guest.get("/summaries").await.expect(200).contains("还没有公布采纳情况");
    guest.get("/summaries/2026-007-1").await.expect(200).contains("意见采纳情况尚未公布");
    case.issue("2026-02-26").await;
    // Ten working days after 26 February 2026, with 28 February a make-up day.
    guest.get("/summaries").await.expect(200).contains("待公布").contains("还剩");
    guest
        .get("/summaries/2026-007-1")
        .await
        .expect(200)
        .contains("应于 2026年3月11日 前")
        .contains("还剩 7 个工作日");
    case.site.clock.set(at("2026-03-13", 9, 0));
    guest.get("/summaries").await.expect(200).contains("已逾期 2 个工作日");
    guest.get("/summaries/2026-007-1").await.expect(200).contains("已逾期 2 个工作日");
    guest.get("/summaries/2026-007-1?lang=en").await.expect(200).contains("2 working days overdue");
    guest.get("/summaries/2026-007-1/table.csv").await.expect(404);
    guest.get("/summaries/2026-999-1").await.expect(404);
    guest.get("/summaries?page=99999999999").await.expect(200);
}

#[tokio::test]
async fn zero_opinions_read_well() {
    let case = Case::new().await;
    case.issue("2026-02-26").await;
    let owner = case.site.sign_in("owner").await;
    owner.get(&case.desk("opinions")).await.expect(200).contains("没有收到意见");
    case.published().await;
    let guest = case.site.guest();
    let page = guest.get("/summaries/2026-007-1").await.expect(200);
    page.contains("均未收到意见建议").contains("没有收到意见建议，汇总表为空").lacks("NaN");
    let csv = guest.get("/summaries/2026-007-1/table.csv").await.expect(200);
    assert_eq!(csv.text.trim_start_matches('\u{feff}').lines().count(), 1);
}

#[tokio::test]
async fn a_cell_of_the_table_is_never_a_formula() {
    let case = Case::new().await;
    let owner = case.site.api("owner").await;
    let numbers = case
        .hear_all(&[said("=HYPERLINK(\"http://evil.example\",\"点\")"), said("@SUM(1)\n第二行, \"引号\"")])
        .await;
    for number in &numbers {
        let body = json!({ "outcome": "explained", "reason": "+1 号文" });
        owner.json("PUT", &format!("/api/v1/opinions/{number}/response"), body).await.expect(200);
    }
    case.issue("2026-02-26").await;
    case.published().await;
    let csv = case.site.guest().get("/summaries/2026-007-1/table.csv").await.expect(200);
    csv.contains("'=HYPERLINK").contains("'@SUM").contains("'+1 号文");
    let mut reader = csv::Reader::from_reader(csv.text.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(reader.records().map(|r| r.unwrap().len()).collect::<Vec<_>>(), [10, 10]);
}

#[tokio::test]
async fn who_may_open_the_desks() {
    let case = Case::new().await;
    case.hear(said("延长")).await;
    let other = case.site.department("office", "办公室").await;
    case.site.staff("stranger", other, &[Role::Owner]).await;
    case.site.staff("disclosure", other, &[Role::Disclosure]).await;
    case.site.staff("admin", other, &[Role::Admin]).await;
    case.drafted().await;
    for (login, opinions, summary) in [("stranger", 403, 403), ("disclosure", 200, 200), ("admin", 403, 403)]
    {
        let who = case.site.sign_in(login).await;
        who.get(&case.desk("opinions")).await.expect(opinions);
        who.get(&case.desk("summary")).await.expect(summary);
        who.get(&case.desk("summary/preview")).await.expect(summary);
        for act in ["generate", "submit", "approve", "return", "correct"] {
            who.post(&case.desk(&format!("summary/{act}")), &[("reason", "原因原因")]).await.expect(403);
        }
        who.post(&case.desk("topics"), &[("title", "甲")]).await.expect(403);
        who.post(&case.desk("opinions"), &[("act", "join")]).await.expect(403);
    }
    let guest = case.site.guest();
    for path in ["opinions", "summary", "summary/preview"] {
        let answer = guest.get(&case.desk(path)).await.expect(303);
        assert!(answer.location().starts_with("/desk/sign-in"));
    }
    let owner = case.site.sign_in("owner").await;
    owner.get("/desk/consultations/2026-999-1/opinions").await.expect(404);
    owner.get("/desk/consultations/2026-999-1/summary").await.expect(404);
    // A form of another site is refused.
    let foreign = [("csrf", "wrong"), ("title", "甲")];
    owner.post(&case.desk("topics"), &foreign).await.expect(403);
}

#[tokio::test]
async fn english_pages_say_the_same() {
    let case = Case::new().await;
    answered(&case).await;
    case.issue("2026-02-26").await;
    let owner = case.site.sign_in("owner").await;
    owner.get(&format!("{}?lang=en", case.desk("opinions"))).await.expect(200).contains("Group and answer");
    owner
        .get(&format!("{}?lang=en", case.desk("summary")))
        .await
        .expect(200)
        .contains("Generate the summary");
    case.published().await;
    let page = case.site.guest().get("/summaries/2026-007-1?lang=en").await.expect(200);
    page.contains("Published in time").contains("Not adopted").contains("lang=\"zh-CN\"");
}

#[tokio::test]
async fn feeds_hold_what_was_published() {
    let case = Case::new().await;
    let guest = case.site.guest();
    let empty = guest.get("/feeds/summaries.atom").await.expect(200);
    assert!(empty.text.parse::<atom_syndication::Feed>().unwrap().entries.is_empty());
    case.issue("2026-02-26").await;
    case.published().await;
    let answer = guest.get("/feeds/summaries.atom").await.expect(200);
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("application/atom+xml"));
    let feed: atom_syndication::Feed = answer.text.parse().unwrap();
    let entry = &feed.entries[0];
    assert!(entry.title.value.contains("示例市公共体育场馆开放管理办法"));
    assert_eq!(entry.links[0].href, "http://localhost:8080/summaries/2026-007-1");
    let tag = answer.headers["etag"].to_str().unwrap().to_owned();
    guest.raw("GET", "/feeds/summaries.atom", &[("if-none-match", &tag)], vec![]).await.expect(304);
    guest.get("/feeds/consultations.atom").await.expect(200);
    guest.get("/").await.expect(200).contains("application/atom+xml");
}

#[tokio::test]
async fn a_long_table_comes_in_pages() {
    let site = Site::new().await;
    let case = Case::on(site).await;
    let all: Vec<Said<'_>> = (0..205).map(|_| said("一条意见")).collect();
    let numbers = case.hear_all(&all).await;
    let owner = case.site.actor(case.owner).await;
    for number in &numbers {
        let answer = jianyan::topic::Answer {
            outcome: entity::enums::Outcome::Adopted,
            reason: String::new(),
            final_clause_id: None,
        };
        let target = jianyan::topic::Target::Opinion(case.opinion(number).await);
        jianyan::topic::respond(&case.site.app, &owner, target, &answer).await.unwrap();
    }
    case.issue("2026-02-26").await;
    case.published().await;
    let guest = case.site.guest();
    guest.get("/summaries/2026-007-1").await.expect(200).contains("汇总表第 1–200 行，共 205 行");
    guest.get("/summaries/2026-007-1?page=2").await.expect(200).contains("第 201–205 行");
    let csv = guest.get("/summaries/2026-007-1/table.csv").await.expect(200);
    assert_eq!(csv.text.lines().count(), 206);
    case.site.api("owner").await.json("POST", &case.api("summary/publish"), no()).await.expect(409);
}
