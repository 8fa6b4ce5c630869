//! The lexicon: what an administrator changes is what the next text is read with, on every instance.

use entity::enums::Role;
use jianyan::moderation::lexicon;
use serde_json::{Value, json};

use crate::fixture;
use crate::harness::{Person, Site};

const PAGE: &str = "/desk/admin/lexicon";
const API: &str = "/api/v1/lexicon";

struct Office {
    site: Site,
    admin: Person,
}

impl Office {
    async fn new() -> Self {
        let site = Site::new().await;
        fixture::open(&site).await;
        let office = site.department("office", "办公室").await;
        site.staff("root", office, &[Role::Admin]).await;
        let admin = site.sign_in("root").await;
        Self { site, admin }
    }

    async fn say(&self, text: &str) {
        let body = json!({ "text": text, "name": "张三丰", "contact": "zhang@example.invalid",
            "person_kind": "individual", "show_as": "masked", "consent": true });
        self.site.guest().json("POST", "/api/v1/consultations/2026-001-1/opinions", body).await.expect(201);
    }

    async fn audits(&self) -> Vec<(String, Value)> {
        use sea_orm::{EntityTrait as _, QueryOrder as _};
        let rows = entity::audit::Entity::find().order_by_asc(entity::audit::Column::Seq);
        let rows = rows.all(self.site.app.db.read()).await.unwrap().into_iter();
        rows.filter(|a| a.action.starts_with("lexicon.")).map(|a| (a.action, a.detail)).collect()
    }
}

#[tokio::test]
async fn a_word_counts_at_once_on_every_instance_and_its_removal_can_be_undone() {
    let office = Office::new().await;
    let beside = office.site.beside().await;
    let moderator = beside.sign_in("mod1").await;
    office.say("黑 马.健身房价格太高").await;
    let case = "/desk/review/2026-001-1-000001";
    moderator.get(case).await.expect(200).lacks("a word of your list").lacks("本单位关注的词");

    let add = [("kind", "banned"), ("word", "黑马健身")];
    let to = office.admin.post(&format!("{PAGE}/add"), &add).await.expect(303);
    assert_eq!(to.location(), format!("{PAGE}?kind=banned&done=saved"));
    office.admin.get(PAGE).await.expect(200).contains("黑马健身");
    moderator.get(case).await.expect(200).contains("本单位关注的词").contains(">黑 马.健身<");
    moderator.get("/desk/review").await.expect(200).contains("本单位关注的词");

    // Twice is once.
    office.admin.post(&format!("{PAGE}/add"), &add).await.expect(303);
    assert_eq!(office.audits().await.len(), 1);

    let to = office.admin.post(&format!("{PAGE}/remove"), &add).await.expect(303).location().to_owned();
    moderator.get(case).await.expect(200).lacks("本单位关注的词");
    let page = office.admin.get(&to).await.expect(200);
    page.contains("撤销移除").contains("黑马健身").contains("还没有词");
    office.admin.post(&format!("{PAGE}/add"), &add).await.expect(303);
    moderator.get(case).await.expect(200).contains("本单位关注的词");

    let audits = office.audits().await;
    let actions: Vec<&str> = audits.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions, ["lexicon.add", "lexicon.remove", "lexicon.add"]);
    assert!(!audits.iter().any(|(_, detail)| detail.to_string().contains("黑马")), "{audits:?}");
}

#[tokio::test]
async fn a_word_of_the_program_is_switched_off_and_on() {
    let office = Office::new().await;
    let tried = async |text: &str| {
        let page =
            office.admin.post(&format!("{PAGE}/try"), &[("kind", "advertising"), ("text", text)]).await;
        page.expect(200)
    };
    tried("这里可以刷单。").await.contains("疑似广告").contains(">刷单<");
    let word = [("kind", "advertising"), ("word", "刷单")];
    office.admin.post(&format!("{PAGE}/remove"), &word).await.expect(303);
    tried("这里可以刷单。").await.lacks("疑似广告").contains("没有标出任何内容");
    office.admin.get(&format!("{PAGE}?kind=advertising")).await.expect(200).contains("启用");
    office.admin.post(&format!("{PAGE}/add"), &word).await.expect(303);
    tried("这里可以刷单。").await.contains("疑似广告");
    // Personal data is marked whatever the lexicon holds.
    tried("电话13800001234").await.contains("疑似手机号");
    tried("").await.lacks("没有标出任何内容");
}

#[tokio::test]
async fn a_list_is_previewed_imported_once_and_comes_out_again() {
    let office = Office::new().await;
    let list =
        "word,kind\n黑马健身,banned\n骗 子,辱骂\n黑-马健身,关注\n单,banned\n某词,没有这类\n刷单,广告\n";
    let file = |name: &'static str| [("file", name, list.as_bytes())];
    let page = office.admin.upload(&format!("{PAGE}/preview"), &[("kind", "banned")], &file("a.csv")).await;
    let page = page.expect(200);
    page.contains("导入 2 个新词").contains("第 5 行").contains("第 6 行").contains("没有这类");
    office.admin.get(PAGE).await.expect(200).contains("还没有词");

    let fields = [("kind", "banned"), ("list", list)];
    for _ in 0..2 {
        office.admin.upload(&format!("{PAGE}/import"), &fields, &[]).await.expect(303);
    }
    let audits = office.audits().await;
    assert_eq!(audits.len(), 1, "{audits:?}");
    assert_eq!(audits[0].1, json!({ "new": 2, "known": 1, "left_out": 2 }));
    let out = office.admin.get(&format!("{PAGE}/words.csv")).await.expect(200);
    out.contains("黑马健身,banned").contains("骗 子,insult").lacks("刷单");
    let again = office.admin.upload(&format!("{PAGE}/preview"), &[("list", out.text.as_str())], &[]).await;
    again.expect(200).contains("没有新词");

    // What Excel saves in China.
    let (gbk, _, _) = encoding_rs::GB18030.encode("词语,类别\n乱收费,关注\n");
    let page = office.admin.upload(&format!("{PAGE}/preview"), &[], &[("file", "b.csv", &gbk)]).await;
    page.expect(200).contains("乱收费");
    let nothing = office.admin.upload(&format!("{PAGE}/preview"), &[("list", " \n# x\n")], &[]).await;
    nothing.expect(422).contains("请选择文件或粘贴词语");
}

#[tokio::test]
async fn bad_input_is_told_and_kept() {
    let office = Office::new().await;
    let long = "长".repeat(61);
    for word in ["", "单", "。，！", long.as_str(), "一\u{202e}二"] {
        let page = office.admin.post(&format!("{PAGE}/add"), &[("kind", "insult"), ("word", word)]).await;
        page.expect(422).contains("应");
    }
    let missing = [("kind", "insult"), ("word", "没有的词")];
    office.admin.post(&format!("{PAGE}/remove"), &missing).await.expect(422).contains("词库里没有这个词");
    let page = office.admin.post(&format!("{PAGE}/add"), &[("kind", "x"), ("word", "<b>粗话</b>")]).await;
    page.expect(303);
    office.admin.get(PAGE).await.expect(200).contains("&lt;b&gt;粗话").lacks("<b>粗话");
    office.admin.get(&format!("{PAGE}?kind=%27&q=%25%27&page=99999")).await.expect(200);
    office.admin.get(&format!("{PAGE}?removed=%3Cscript%3Ealert")).await.expect(200).lacks("<script>alert");
    office.admin.get(&format!("{PAGE}?removed=%E7%B2%97%E8%AF%9D")).await.expect(200).lacks("撤销移除");
    let too_long = "长".repeat(20_001);
    let page = office.admin.post(&format!("{PAGE}/try"), &[("text", too_long.as_str())]).await;
    page.expect(422).contains("最多 20000 字");
}

#[tokio::test]
async fn the_api_does_the_same() {
    let office = Office::new().await;
    let api = office.site.api("root").await;
    let word = json!({ "word": "黑马健身", "kind": "banned" });
    let post = async |path: &str, body: &Value| api.json("POST", &format!("{API}{path}"), body.clone()).await;
    assert_eq!(post("/words", &word).await.expect(200).json(), json!({ "changed": true }));
    assert_eq!(post("/words", &word).await.expect(200).json(), json!({ "changed": false }));
    let list = api.get(&format!("{API}?kind=banned&q=马健")).await.expect(200).json();
    assert_eq!((list["total"].clone(), list["words"][0]["word"].clone()), (json!(1), json!("黑马健身")));
    assert_eq!(api.get(&format!("{API}?kind=banned&q=无此")).await.expect(200).json()["total"], 0);
    let found = post("/try", &json!({ "text": "去黑马 健身吧" })).await.expect(200).json();
    assert_eq!(found, json!([{ "kind": "banned", "start": 1, "end": 6, "text": "黑马 健身" }]));
    let import = json!({ "list": "[insult]\n坏词\n单\n", "kind": "banned" });
    let told = post("/import", &import).await.expect(200).json();
    assert_eq!(
        (told["new"].clone(), told["dry_run"].clone(), told["wrong"][0]["line"].clone()),
        (json!(1), json!(true), json!(3))
    );
    assert_eq!(api.get(&format!("{API}?kind=insult")).await.expect(200).json()["total"], 0);
    let mut import = import;
    import["dry_run"] = json!(false);
    post("/import", &import).await.expect(200);
    assert_eq!(api.get(&format!("{API}?kind=insult")).await.expect(200).json()["total"], 1);
    post("/words/remove", &word).await.expect(200);
    post("/words/remove", &json!({ "word": "没有的词", "kind": "banned" })).await.expect(422);
    post("/words", &json!({ "word": "单", "kind": "banned" })).await.expect(422);
    let moderator = office.site.api("mod1").await;
    moderator.get(&format!("{API}?kind=banned")).await.expect(403);
}

/// A list as they are passed round: every word is found, and a page holds a part.
#[tokio::test]
async fn twenty_thousand_words_work_like_twenty() {
    let office = Office::new().await;
    let digit = |n: u32| char::from_u32(0x4E00 + n).unwrap();
    let words: Vec<String> =
        (0..20_000).map(|n| format!("坏{}{}", digit(n / 200), digit(n % 200 + 300))).collect();
    let api = office.site.api("root").await;
    let body = json!({ "list": words.join("\n"), "kind": "banned", "dry_run": false });
    let told = api.json("POST", &format!("{API}/import"), body).await.expect(200).json();
    assert_eq!((told["new"].clone(), told["wrong_count"].clone()), (json!(20_000), json!(0)));
    let page = office.admin.get(&format!("{PAGE}?page=200")).await.expect(200);
    page.contains("第 200 / 200 页，共 20000 项");
    let found = office.admin.get(&format!("{PAGE}?q={}", crate::harness::encode(&words[12_345]))).await;
    found.expect(200).contains(&words[12_345]).lacks(&words[1]);
    let lexicon = lexicon::current(&office.site.app).await.unwrap();
    for word in words.iter().step_by(997) {
        let found = jianyan::screening::screen_with(&format!("说{word}。"), Some(&lexicon));
        assert_eq!(found.len(), 1, "{word}");
    }
    let again = lexicon::current(&office.site.app).await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&lexicon, &again), "built once");
}
