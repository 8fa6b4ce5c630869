//! Search: every word that stands in a text finds it, best first, and nothing else is found.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Instant;

use entity::enums::SubjectKind;
use jianyan::actor::Actor;
use jianyan::app::App;
use jianyan::publication::{self, Release};
use jianyan::search::{self, Found, Query};
use serde_json::Value;
use uuid::Uuid;

use crate::harness::{Site, encode};

/// Publishes a text as version after version of the subject with this number.
async fn publish(app: &App, subject: u128, column: &'static str, title: &str, body: &str) {
    let write = app.write().await.unwrap();
    let release = Release {
        subject_kind: SubjectKind::Document,
        subject_id: Uuid::from_u128(subject),
        column,
        title,
        body,
        path: &format!("/texts/{subject}"),
        source: "示例市体育局",
    };
    publication::publish(app, &write, &Actor::system(), &release).await.unwrap();
    write.commit().await.unwrap();
}

async fn find(app: &App, words: &str) -> Found {
    let query = Query { words: words.into(), column: None, page: 1, per_page: 100 };
    search::search(app, &Actor::guest(), &query).await.unwrap_or_else(|e| panic!("{words:?}: {e}"))
}

fn paths(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|h| h.path.as_str()).collect()
}

/// The law texts with their titles, or nothing (with a word about it) where they are not.
fn laws() -> Vec<(String, String)> {
    let Some(laws) = crate::shared::path("laws") else { return Vec::new() };
    let mut files: Vec<PathBuf> = std::fs::read_dir(laws).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "txt"));
    files.sort();
    let read = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).unwrap();
        let text = text.trim_start_matches('\u{feff}').to_owned();
        (text.lines().next().unwrap_or_default().trim().to_owned(), text)
    };
    files.iter().map(read).collect()
}

/// Repeatable numbers; the site's own rng is not for tests.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Words of two to eight characters that stand in the texts, each inside one line and without punctuation.
fn words(laws: &[(String, String)], many: usize) -> Vec<String> {
    let runs: Vec<Vec<char>> = laws
        .iter()
        .flat_map(|(_, text)| text.lines())
        .flat_map(|line| line.split(|c| !is_han(c)))
        .map(|run| run.chars().collect::<Vec<char>>())
        .filter(|run| run.len() >= 2)
        .collect();
    let mut dice = Dice(20_260_302);
    let mut words = HashSet::new();
    while words.len() < many {
        let run = &runs[dice.below(runs.len())];
        let length = 2 + dice.below(run.len().min(8) - 1);
        let from = dice.below(run.len() - length + 1);
        words.insert(run[from..from + length].iter().collect::<String>());
    }
    let mut words: Vec<String> = words.into_iter().collect();
    words.sort();
    words
}

fn pairs(text: &str) -> impl Iterator<Item = (char, char)> {
    text.chars().zip(text.chars().skip(1))
}

#[tokio::test]
async fn every_word_of_sixty_laws_finds_exactly_the_laws_it_stands_in() {
    let laws = laws();
    if laws.is_empty() {
        return;
    }
    let site = Site::new().await;
    for (number, (title, text)) in (0u128..).zip(&laws) {
        let start = Instant::now();
        publish(&site.app, number, publication::DECISIONS, title, text).await;
        if text.lines().count() > 2000 {
            eprintln!("{} lines of {title} published in {:?}", text.lines().count(), start.elapsed());
            assert!(start.elapsed().as_secs() < 10);
        }
    }
    let start = Instant::now();
    let words = words(&laws, 2000);
    let all_pairs: Vec<HashSet<(char, char)>> = laws.iter().map(|(_, text)| pairs(text).collect()).collect();
    for word in &words {
        // Plain substring search; the pairs only spare most of the texts.
        let stands_in = |number: &usize| {
            pairs(word).all(|pair| all_pairs[*number].contains(&pair))
                && laws[*number].1.contains(word.as_str())
        };
        let wanted: HashSet<String> =
            (0..laws.len()).filter(stands_in).map(|number| format!("/texts/{number}")).collect();
        let found = find(&site.app, word).await;
        let got: HashSet<String> = found.hits.iter().map(|h| h.path.clone()).collect();
        assert_eq!(got, wanted, "{word}");
        assert_eq!(found.total, wanted.len() as u64, "{word}");
        for hit in &found.hits {
            let marked = hit.passages.iter().chain([&hit.title]).flatten();
            assert!(marked.into_iter().any(|(found, text)| *found && text.contains(word.as_str())), "{word}");
        }
    }
    eprintln!("{} words looked for in {:?}", words.len(), start.elapsed());
    // Words that stand nowhere, made of characters that all stand somewhere.
    for word in ["体宪", "条合同运动员章", "彩票国歌"] {
        assert!(!laws.iter().any(|(_, text)| text.contains(word)));
        assert_eq!(find(&site.app, word).await.total, 0, "{word}");
    }
}

#[tokio::test]
async fn the_best_comes_first() {
    let site = Site::new().await;
    let app = &site.app;
    publish(app, 1, publication::DECISIONS, "甲办法", "场馆很多。\n应当免费。\n面向社会开放。").await;
    publish(app, 2, publication::DECISIONS, "乙办法", "场馆应当免费开放。").await;
    publish(app, 3, publication::DECISIONS, "场馆免费开放办法", "为了健身，制定本办法。").await;
    publish(app, 4, publication::DECISIONS, "丙办法", "场馆应当开放。").await;
    site.clock.set(crate::harness::at("2026-03-03", 10, 0));
    publish(app, 5, publication::DECISIONS, "丁办法", "场馆应当免费开放。").await;
    let found = find(app, "场馆 免费 开放").await;
    // Title, then one passage (the newer first), then apart; the one without 免费 not at all.
    assert_eq!(paths(&found), ["/texts/3", "/texts/5", "/texts/2", "/texts/1"]);
    assert_eq!(found.hits[3].passages.len(), 3);
    let marked: Vec<&str> =
        found.hits[1].passages[0].iter().filter(|(f, _)| *f).map(|(_, t)| t.as_str()).collect();
    assert_eq!(marked, ["场馆", "免费开放"]);
}

#[tokio::test]
async fn what_is_no_longer_public_is_not_found() {
    let site = Site::new().await;
    let app = &site.app;
    publish(app, 1, publication::CONSULTATIONS, "开放办法", "旧条款：凌晨开放。").await;
    publish(app, 1, publication::CONSULTATIONS, "开放办法", "新条款：清晨开放。").await;
    publish(app, 2, publication::CONSULTATIONS, "夜间办法", "午夜开放。").await;
    assert_eq!(find(app, "凌晨").await.total, 0);
    assert_eq!(find(app, "清晨").await.total, 1);
    assert_eq!(find(app, "开放").await.total, 2);
    let write = app.write().await.unwrap();
    let subject = Uuid::from_u128(2);
    publication::withdraw(app, &write, &Actor::system(), SubjectKind::Document, subject, "误发")
        .await
        .unwrap();
    write.commit().await.unwrap();
    assert_eq!(find(app, "午夜").await.total, 0);
    assert_eq!(find(app, "夜间办法").await.total, 0);
}

#[tokio::test]
async fn characters_numbers_and_letters_are_found_however_they_are_written() {
    let site = Site::new().await;
    let app = &site.app;
    let body = "第12条　ＷｉＦｉ覆盖率达到95.5%。\n体\u{200b}育馆、𫠠字，葛\u{e0100}城。\nSQLite3 and Café.";
    publish(app, 1, publication::DECISIONS, "混排", body).await;
    let rare = [
        "𫠠字",
        "葛城",
        "体育馆",
        "馆",
        "城",
        "第12条",
        "12条",
        "wifi覆盖",
        "WIFI",
        "95.5",
        "sqlite",
        "cafe\u{301}",
        "率",
    ];
    for word in rare {
        assert_eq!(find(app, word).await.total, 1, "{word}");
    }
    for word in ["𫠠城", "育城", "ifi", "13条"] {
        assert_eq!(find(app, word).await.total, 0, "{word}");
    }
}

#[tokio::test]
async fn a_long_line_is_found_from_end_to_end() {
    let site = Site::new().await;
    let line: String = (0..3000u32).filter_map(|n| char::from_u32(0x4E00 + n)).collect();
    publish(&site.app, 1, publication::DECISIONS, "长行", &line).await;
    let chars: Vec<char> = line.chars().collect();
    for from in (0..2900).step_by(97) {
        let word: String = chars[from..from + 100].iter().collect();
        assert_eq!(find(&site.app, &word).await.total, 1, "{from}");
    }
}

#[tokio::test]
async fn the_page_shows_marks_columns_and_pages() {
    let site = Site::new().await;
    for n in 1..=45 {
        let column = if n % 3 == 0 { publication::SUMMARIES } else { publication::CONSULTATIONS };
        publish(&site.app, n, column, &format!("第{n}号公告"), "社区<b>游泳馆</b>改造。").await;
    }
    let guest = site.guest();
    let first = guest.get(&format!("/search?q={}", encode("游泳馆"))).await.expect(200);
    first
        .contains("找到 45 条")
        .contains("<mark>游泳馆</mark>")
        .contains("&lt;b&gt;")
        .contains("第 1–20 条，共 45 条");
    let last = guest.get(&format!("/search?q={}&page=3", encode("游泳馆"))).await.expect(200);
    last.contains("第 41–45 条，共 45 条").lacks("rel=\"next\"").contains("rel=\"prev\"");
    let column = encode(publication::SUMMARIES);
    let some = guest.get(&format!("/search?q={}&column={column}", encode("游泳馆"))).await.expect(200);
    some.contains("找到 15 条").lacks("rel=\"next\"");
    guest.get(&format!("/search?q={}&page=9", encode("游泳馆"))).await.expect(200);
    guest.get("/search").await.expect(200).contains("两个字也能搜");
    guest.get(&format!("/search?q={}", encode("没有的词"))).await.expect(200).contains("没有找到相关内容");
    let english = guest.get(&format!("/search?lang=en&q={}", encode("游泳馆"))).await.expect(200);
    english.contains("45 found").contains("1–20 of 45").contains("Summaries");
    let asked = guest.get(&format!("/search?q={}", encode("，。！"))).await.expect(422);
    asked.contains("Please give letters, characters or digits");
}

#[tokio::test]
async fn the_api_gives_segments_and_counts() {
    let site = Site::new().await;
    publish(&site.app, 1, publication::SUMMARIES, "游泳馆采纳情况", "采纳一条。").await;
    publish(&site.app, 2, publication::CONSULTATIONS, "公告", "游泳馆。").await;
    let guest = site.guest();
    let q = encode("游泳");
    let answer = guest.get(&format!("/api/v1/search?q={q}")).await.expect(200).json();
    assert_eq!(answer["total"], 2);
    assert_eq!(answer["items"][0]["title"][0], serde_json::json!({ "text": "游泳", "found": true }));
    assert_eq!(answer["items"][0]["url"], "http://localhost:8080/texts/1");
    assert_eq!(answer["columns"].as_array().map(Vec::len), Some(2));
    let column = encode(publication::SUMMARIES);
    let one = guest.get(&format!("/api/v1/search?q={q}&column={column}")).await.expect(200).json();
    assert_eq!((&one["total"], one["items"].as_array().map(Vec::len)), (&Value::from(1), Some(1)));
    for bad in [
        "",
        "?q=",
        "?q=%20",
        &format!("?q={q}&page=0"),
        &format!("?q={q}&per_page=101"),
        &format!("?q={q}&page=x"),
    ] {
        let answer = guest.get(&format!("/api/v1/search{bad}")).await;
        assert!(answer.status.is_client_error(), "{bad}: {}", answer.status);
        assert!(answer.json()["code"].is_string(), "{bad}");
    }
}

#[tokio::test]
async fn hostile_queries_are_only_words() {
    let site = Site::new().await;
    publish(&site.app, 1, publication::DECISIONS, "办法", "开放 OR 关闭 NEAR 这里").await;
    let guest = site.guest();
    let (long, longer) = ("长".repeat(800), "a".repeat(10_000));
    let many = "a b c d e f g h i j k l m n o p q r s t".to_owned();
    let hostile = [
        "\"",
        "*",
        "NEAR(",
        "NEAR(开放 关闭, 2)",
        "' OR 1=1 --",
        ":",
        "tokens:开放",
        "-开放",
        "^开放",
        "{开放}",
        "开放\"*",
        "\\",
        "'开放':*",
        "开放 & !关闭",
        "<->",
        "$1",
        "%",
        "\0",
        "开\0放",
        "🏟️",
        "👨‍👩‍👧",
        "\u{202e}开放",
        "AND",
        "NOT",
        "(((",
        "\u{fffd}",
        "ﷺ",
        "<script>alert(1)</script>",
        &many,
        &long,
        &longer,
    ];
    for q in hostile {
        for address in ["/search", "/api/v1/search"] {
            let answer = guest.get(&format!("{address}?q={}", encode(q))).await;
            let status = answer.status.as_u16();
            assert!(matches!(status, 200 | 400 | 414 | 422), "{address} {q:?}: {status}\n{}", answer.text);
            answer.lacks("<script>alert");
        }
    }
    for raw in ["%", "%ff%fe", "%00", "+", "q&q", "%E5%BC"] {
        let status = guest.get(&format!("/search?q={raw}")).await.status.as_u16();
        assert!(matches!(status, 200 | 400 | 422), "{raw}: {status}");
    }
}

#[tokio::test]
async fn searching_is_limited_for_each_address() {
    let site = Site::with(|config| config.limits.searches_per_minute = 3).await;
    let guest = site.guest();
    let q = encode("开放");
    for _ in 0..3 {
        guest.get(&format!("/search?q={q}")).await.expect(200);
    }
    let answer = guest.get(&format!("/search?q={q}")).await.expect(429);
    assert!(answer.headers.contains_key("retry-after"));
    guest.get(&format!("/api/v1/search?q={q}")).await.expect(429);
    // The empty page costs nothing.
    guest.get("/search").await.expect(200);
}
