//! How whole texts are cut.

use super::*;

fn shown(text: &str) -> Vec<String> {
    cut(text).clauses.into_iter().map(|c| format!("{} {}", c.path, c.text)).collect()
}

/// The title and the clauses, white space aside, are the text.
fn assert_nothing_lost(text: &str) {
    let outline = cut(text);
    let mut joined = outline.title.clone();
    outline.clauses.iter().for_each(|c| joined.push_str(&c.text));
    let plain = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert_eq!(plain(&joined), plain(text.strip_prefix('\u{feff}').unwrap_or(text)));
}

const LAW: &str = "某市公园条例\n（征求意见稿）\n\n第一章 总则\n第一条 为了管理公园，制定本条例。\n\
第二条 公园分为：\n（一）综合公园；\n（二）专类公园，包括：\n1.植物园；\n2.动物园。\n市人民政府公布名录。\n（一）名录一年一次；\n\
第二条之一 新设公园应当听证。\n第二章 附则\n第三条 本条例自公布之日起施行。\n附件1\n公园名录\n1.人民公园\n";

#[test]
fn a_law_is_cut_into_its_units() {
    assert_eq!(
        shown(LAW),
        [
            "题注 （征求意见稿）",
            "第一章 第一章 总则",
            "第一章/第一条 第一条 为了管理公园，制定本条例。",
            "第一章/第二条 第二条 公园分为：",
            "第一章/第二条/（一） （一）综合公园；",
            "第一章/第二条/（二） （二）专类公园，包括：",
            "第一章/第二条/（二）/1. 1.植物园；",
            "第一章/第二条/（二）/2. 2.动物园。",
            "第一章/第二条/第二款 市人民政府公布名录。",
            "第一章/第二条/第二款/（一） （一）名录一年一次；",
            "第一章/第二条之一 第二条之一 新设公园应当听证。",
            "第二章 第二章 附则",
            "第二章/第三条 第三条 本条例自公布之日起施行。",
            "附件1 附件1\n公园名录",
            "附件1/1. 1.人民公园",
        ]
    );
    let outline = cut(LAW);
    assert_eq!(outline.title, "某市公园条例");
    let want = Counts { chapter: 2, article: 4, paragraph: 6, item: 3, subitem: 3, ..Counts::default() };
    assert_eq!(outline.counts, want);
    assert_eq!(outline.clauses.get(6).and_then(|c| c.parent), Some(5));
    assert_eq!(outline.clauses.get(6).map(|c| c.level), Some(3));
    assert_nothing_lost(LAW);
}

#[test]
fn a_policy_paper_is_cut_into_its_headings() {
    let text = "关于促进全民健身的意见\n各区人民政府：\n　　为贯彻落实上级部署，提出如下意见。\n一、总体要求\n以人民为中心。\n坚持统筹。\n\
二、主要任务\n(一)建设场地。新建一批。\n1.社区公园\n（1）足球场\n（2）篮球场\n2．学校\n(二)开展活动\n一、二级运动员优先。\n三、保障措施\n附表：\n名称\t数量\n球场\t10\n";
    assert_eq!(
        shown(text),
        [
            "开头/第一段 各区人民政府：",
            "开头/第二段 为贯彻落实上级部署，提出如下意见。",
            "一、 一、总体要求",
            "一、/第一段 以人民为中心。",
            "一、/第二段 坚持统筹。",
            "二、 二、主要任务",
            "二、/（一） (一)建设场地。新建一批。",
            "二、/（一）/1. 1.社区公园",
            "二、/（一）/1./（1） （1）足球场",
            "二、/（一）/1./（2） （2）篮球场",
            "二、/（一）/2. 2．学校",
            "二、/（二） (二)开展活动",
            "二、/（二）/第一段 一、二级运动员优先。",
            "三、 三、保障措施",
            "附表 附表：",
            "附表/表一 名称\t数量\n球场\t10",
        ]
    );
    assert_eq!(cut(text).counts, Counts::default());
    assert!(cut(text).clauses.iter().all(|c| !matches!(c.kind, ClauseKind::Item | ClauseKind::Subitem)));
    assert_nothing_lost(text);
}

#[test]
fn a_table_of_contents_is_one_clause_and_counts_nothing() {
    for text in [
        "某法\n目 录\n第一章 总则……1\n第二章 罚则……3\n附则\n第一章 总则\n第一条 甲。\n第二章 罚则\n第二条 乙。\n附则\n第三条 丙。",
        "某法\n目录\n第一章 总则\n第二章 罚则\n附则\n（2024年通过，自公布之日起施行。）根据大会决定。\n第一章 总则\n第一条 甲。\n第二章 罚则\n第二条 乙。\n附则\n第三条 丙。",
    ] {
        let outline = cut(text);
        assert_eq!((outline.counts.chapter, outline.counts.article), (2, 3), "{text}");
        assert_eq!(
            outline.clauses.first().map(|c| (c.kind, c.path.as_str())),
            Some((ClauseKind::Contents, "目录"))
        );
        assert!(outline.clauses.iter().any(|c| c.path == "附则/第三条"));
        assert_nothing_lost(text);
    }
}

#[test]
fn a_word_contents_without_entries_swallows_nothing() {
    let outline = cut("某法\n目录\n第一章 总则\n第一条 甲。\n第二条 乙。");
    assert_eq!((outline.counts.chapter, outline.counts.article), (1, 2));
}

#[test]
fn preamble_and_headings_on_two_lines() {
    let text = "某法\n序言\n历史悠久。\n源远流长。\n第一章\n总 则\n第一条\n为了甲。\n有乙。\n第2条为了丙。\n第九条规定的不是条。";
    assert_eq!(
        shown(text),
        [
            "序言 序言",
            "序言/第一段 历史悠久。",
            "序言/第二段 源远流长。",
            "第一章 第一章\n总 则",
            "第一章/第一条 第一条",
            "第一章/第一条/第一款 为了甲。",
            "第一章/第一条/第二款 有乙。",
            "第一章/第2条 第2条为了丙。",
            "第一章/第2条/第二款 第九条规定的不是条。",
        ]
    );
    assert_nothing_lost(text);
}

#[test]
fn equal_numbers_get_distinct_paths() {
    let paths: Vec<String> = cut("某办法\n第一条 甲\n第一条 乙\n（一）丙\n（一）丁\n第1条 戊")
        .clauses
        .into_iter()
        .map(|c| c.path)
        .collect();
    assert_eq!(paths, ["第一条", "第一条~2", "第一条~2/（一）", "第一条~2/（一）~2", "第1条~3"]);
}

#[test]
fn line_ends_marks_and_invisible_characters_do_not_matter() {
    let plain = shown(LAW);
    for text in [
        LAW.replace('\n', "\r\n"),
        LAW.replace('\n', "\r"),
        format!("\u{feff}{LAW}"),
        LAW.replace('\n', "\n\n\u{3000}\u{3000}"),
    ] {
        let tidy: Vec<String> = shown(&text)
            .iter()
            .map(|s| s.replace("\r\n", "\n").replace('\r', "\n").replace("\n\n\u{3000}\u{3000}", "\n"))
            .collect();
        assert_eq!(tidy, plain);
        assert_nothing_lost(&text);
    }
    let hidden = LAW.replace('\n', "\n\u{200b}");
    assert_eq!(cut(&hidden).counts, cut(LAW).counts);
    assert_nothing_lost(&hidden);
}

#[test]
fn hostile_texts_are_cut_too() {
    for text in [
        "",
        "\n",
        "\u{feff}",
        "标题",
        "第一条 只有一条",
        "\0\0\n\0",
        "\u{200b}\n\u{200b}",
        "第",
        "（",
        "附",
        "第\n条\n（一\n附件\n目录",
    ] {
        assert_nothing_lost(text);
    }
    assert_eq!(cut("只有标题"), Outline { title: "只有标题".to_owned(), ..Outline::default() });
    let endless = "长".repeat(1_000_000);
    let outline = cut(&endless);
    assert_eq!((outline.title.as_str(), outline.clauses.len()), ("", 1));
    assert_eq!(
        outline.clauses.first().map(|c| (c.kind, c.path.as_str())),
        Some((ClauseKind::Text, "第一段"))
    );
    let many = "（一）\n".repeat(200_000);
    assert_eq!(cut(&many).clauses.len(), 200_000);
    assert_nothing_lost(&"目录\n第一条 甲\n".repeat(50_000));
}
