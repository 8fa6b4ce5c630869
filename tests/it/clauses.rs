//! The clause cutter against 60 real laws, policy papers and junk.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use jianyan::clauses::{Change, ClauseKind, Counts, Outline, cut, match_versions};
use proptest::prelude::*;

/// The folder of the law texts, or `None` (with a word about it) where it is not.
pub fn laws() -> Option<PathBuf> {
    crate::shared::path("laws")
}

/// A table without quoted fields: file name, then column name to value.
fn facts(file: &Path) -> HashMap<String, HashMap<String, String>> {
    // An unreadable table comes back empty, and the test asserts that it has 60 rows.
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut lines = text.lines().map(|l| l.split(',').map(str::to_owned).collect::<Vec<_>>());
    let head = lines.next().unwrap_or_default();
    lines.map(|l| (l[0].clone(), head.iter().cloned().zip(l.iter().cloned()).collect())).collect()
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What every outline must be, whatever the text.
fn check(text: &str) -> Result<Outline, String> {
    let outline = cut(text);
    let joined: String = std::iter::once(outline.title.as_str())
        .chain(outline.clauses.iter().map(|c| c.text.as_str()))
        .collect();
    if plain(&joined) != plain(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        return Err(format!("text lost or moved in {text:?}"));
    }
    let mut paths = HashSet::new();
    for (at, clause) in outline.clauses.iter().enumerate() {
        if clause.path.is_empty() || !paths.insert(clause.path.as_str()) {
            return Err(format!("path {:?} twice or empty in {text:?}", clause.path));
        }
        let level = match clause.parent {
            None => 0,
            Some(p) if p < at => outline.clauses[p].level + 1,
            Some(p) => return Err(format!("parent {p} after its child {at}")),
        };
        if clause.level != level {
            return Err(format!("level {} of {} should be {level}", clause.level, clause.path));
        }
        if clause.parent.is_some_and(|p| !clause.path.starts_with(&format!("{}/", outline.clauses[p].path))) {
            return Err(format!("{} is not under its parent", clause.path));
        }
    }
    Ok(outline)
}

#[test]
fn sixty_laws_have_the_counts_that_two_counters_agree_on() {
    let Some(laws) = laws() else { return };
    let (main, extra) = (facts(&laws.join("facts.csv")), facts(&laws.join("facts_extra.csv")));
    assert_eq!((main.len(), extra.len()), (60, 60));
    for (file, row) in &main {
        let n = |row: &HashMap<String, String>, column: &str| row[column].parse::<u32>().expect("a number");
        let more = &extra[file];
        let want = Counts {
            part: n(more, "parts"),
            subpart: n(more, "subparts"),
            chapter: n(row, "chapters"),
            section: n(row, "sections"),
            article: n(row, "articles"),
            paragraph: n(more, "paragraphs"),
            item: n(row, "items"),
            subitem: n(more, "subitems"),
        };
        let text = std::fs::read_to_string(laws.join(file)).expect("the law is readable");
        let outline = check(&text).expect(file);
        assert_eq!(outline.title, row["title"], "{file}");
        assert_eq!(outline.counts, want, "{file}");
        let kinds = |kind| outline.clauses.iter().filter(|c| c.kind == kind).count() as u32;
        assert_eq!(kinds(ClauseKind::Article), want.article, "{file}");
        assert_eq!(kinds(ClauseKind::Item), want.item, "{file}");
        assert_eq!(kinds(ClauseKind::Chapter), want.chapter, "{file}");
        let zhi = outline.clauses.iter().filter(|c| {
            c.kind == ClauseKind::Article && c.number.as_deref().is_some_and(|n| n.contains('之'))
        });
        assert_eq!(zhi.count() as u32, n(more, "articles_zhi"), "{file}");
        assert!(!outline.clauses.iter().any(|c| c.path.contains('~')), "{file}: a number twice");
        // A second cut of the same text says the same, and every clause is kept.
        let again = cut(&text);
        assert_eq!(again, outline);
        let changes = match_versions(&outline.clauses, &again.clauses);
        assert!(changes.iter().all(|c| matches!(c, Change::Kept { .. })), "{file}");
    }
}

#[test]
fn other_line_ends_and_brackets_change_no_count() {
    let Some(laws) = laws() else { return };
    for file in ["d001_民法典.txt", "d014_宪法.txt", "d055_刑法.txt", "d057_国籍法.txt"] {
        let text = std::fs::read_to_string(laws.join(file)).expect("the law is readable");
        let counts = cut(&text).counts;
        for other in [
            text.replace('\n', "\r\n"),
            text.replace('\n', "\n\n\u{3000}\u{3000}"),
            text.replace('（', "(").replace('）', ")"),
            format!("\u{feff}{text}"),
        ] {
            assert_eq!(check(&other).expect(file).counts, counts, "{file}");
        }
    }
}

#[test]
fn a_work_plan_is_cut_by_its_headings() {
    let text = "某市2024年重大行政决策公众参与工作方案\n\n为贯彻落实《重大行政决策程序暂行条例》，制定本方案。\n\n一、工作目标\n（一）扩大参与。拓宽渠道。\n（二）及时反馈。\n\
                二、重点任务\n(一) 编制目录\n1、征集事项\n（1）部门申报；\n（2）公众建议。\n2、审定公布\n(二) 公开征求意见\n期限一般不少于30日。\n三、保障措施\n加强领导。\n\n附件：1.任务分解表\n某市体育局\n2024年3月1日\n";
    let outline = check(text).expect("sound");
    let paths: Vec<&str> = outline.clauses.iter().map(|c| c.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "开头/第一段",
            "一、",
            "一、/（一）",
            "一、/（二）",
            "二、",
            "二、/（一）",
            "二、/（一）/1.",
            "二、/（一）/1./（1）",
            "二、/（一）/1./（2）",
            "二、/（一）/2.",
            "二、/（二）",
            "二、/（二）/第一段",
            "三、",
            "三、/第一段",
            "附件",
            "附件/第一段",
            "附件/第二段",
        ]
    );
    assert_eq!(outline.counts, Counts::default());
}

#[test]
fn a_million_lines_are_cut() {
    let text = "第一条 甲乙丙\n（一）丁\n戊\n".repeat(350_000);
    let outline = cut(&text);
    assert_eq!(outline.counts.article, 350_000);
    assert_eq!(outline.clauses.len(), 1_050_000);
}

#[test]
fn the_whole_civil_code_is_compared_in_a_moment() {
    let Some(laws) = laws() else { return };
    let text = std::fs::read_to_string(laws.join("d001_民法典.txt")).expect("the law is readable");
    let old = cut(&text);
    let new = cut(&text.replace("应当", "必须").replace("第一千零一条", "第一千零一条之一"));
    let start = std::time::Instant::now();
    let changes = match_versions(&old.clauses, &new.clauses);
    // Generous: this runs unoptimised on shared machines.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    let lost = changes.iter().filter(|c| matches!(c, Change::Added { .. } | Change::Removed { .. })).count();
    assert_eq!(lost, 0);
    let moved: Vec<&Change> = changes.iter().filter(|c| matches!(c, Change::Renumbered { .. })).collect();
    assert_eq!(moved.len(), 1, "{moved:?}");
}

fn line() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(vec![
        "第一编 总则",
        "第一分编 通则",
        "第一章",
        "第二章 罚则",
        "第一节 甲",
        "第一条 ",
        "第二条",
        "第三条为了",
        "第三条之一 ",
        "第十条（目的）",
        "第五条（一）项",
        "（一）",
        "(二)",
        "（ 三 )",
        "(1)",
        "2）",
        "1.",
        "２．",
        "3、",
        "一、",
        "二、",
        "附件",
        "附件1：",
        "附则",
        "附 则",
        "序言",
        "目录",
        "目 录",
        "题",
        "1.5亿元",
        "（征求意见稿）",
        "\u{feff}",
        "\u{200b}第一条 ",
        "\t",
        "甲\t乙",
        "\0",
        "\u{3000}\u{3000}第一章 总则",
        "第",
        "（",
        "第一部分 ",
    ]);
    let tail = prop_oneof![
        Just(String::new()),
        Just("为了公共利益。".to_owned()),
        ".{0,30}",
        "[第（()）条章一二三0-9、. \u{3000}\u{200b}附件目录]{0,20}"
    ];
    let end = prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n", ""]);
    (mark, tail, end).prop_map(|(m, t, e)| format!("{m}{t}{e}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_text_nothing_is_lost(lines in prop::collection::vec(line(), 0..40)) {
        let text = lines.concat();
        check(&text).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn any_characters_at_all_are_cut(text in "\\PC{0,200}|[\\x00-\\x{3000}]{0,80}") {
        check(&text).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn two_versions_account_for_every_clause_once(a in prop::collection::vec(line(), 0..25), b in prop::collection::vec(line(), 0..25)) {
        let (old, new) = (cut(&a.concat()), cut(&b.concat()));
        let (mut olds, mut news) = (vec![0; old.clauses.len()], vec![0; new.clauses.len()]);
        for change in match_versions(&old.clauses, &new.clauses) {
            match change {
                Change::Kept { old, new } | Change::Reworded { old, new } | Change::Renumbered { old, new, .. } => {
                    olds[old] += 1;
                    news[new] += 1;
                }
                Change::Added { new } => news[new] += 1,
                Change::Removed { old } => olds[old] += 1,
            }
        }
        prop_assert!(olds.iter().chain(&news).all(|n| *n == 1));
    }
}
