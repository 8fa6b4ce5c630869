//! What a comparison of two versions says.

use super::super::cut;
use super::*;

fn told(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (cut(old), cut(new));
    let path = |c: &[Clause], i: usize| c.get(i).map(|c| c.path.clone()).unwrap_or_default();
    match_versions(&old.clauses, &new.clauses)
        .into_iter()
        .map(|c| match c {
            Change::Kept { new: n, .. } => format!("= {}", path(&new.clauses, n)),
            Change::Reworded { new: n, .. } => format!("~ {}", path(&new.clauses, n)),
            Change::Renumbered { old: o, new: n, reworded } => {
                let sign = if reworded { "~>" } else { "->" };
                format!("{} {sign} {}", path(&old.clauses, o), path(&new.clauses, n))
            }
            Change::Added { new: n } => format!("+ {}", path(&new.clauses, n)),
            Change::Removed { old: o } => format!("- {}", path(&old.clauses, o)),
        })
        .collect()
}

const OLD: &str = "某办法\n第一章 总则\n第一条 为了加强公园管理，制定本办法。\n第二条 公园管理机构应当履行下列职责：\n（一）保护园内设施；\n（二）其他职责。\n\
第三条 进入公园不得携带犬只。\n第四条 本办法自2024年1月1日起施行。";

#[test]
fn the_same_text_is_all_kept() {
    assert!(told(OLD, OLD).iter().all(|c| c.starts_with('=')));
}

#[test]
fn an_inserted_article_shifts_the_rest_without_rewording_it() {
    let new = OLD
        .replace("第四条", "第五条")
        .replace("第三条", "第四条")
        .replace("第二条", "第三条")
        .replace("第三条 公园", "第二条 市人民政府统一领导有关工作。\n第三条 公园");
    assert_eq!(
        told(OLD, &new),
        [
            "= 第一章",
            "= 第一章/第一条",
            "+ 第一章/第二条",
            "第一章/第二条 -> 第一章/第三条",
            "= 第一章/第三条/（一）",
            "= 第一章/第三条/（二）",
            "第一章/第三条 -> 第一章/第四条",
            "第一章/第四条 -> 第一章/第五条",
        ]
    );
}

#[test]
fn rewording_adding_and_removing_are_told_apart() {
    let new = OLD
        .replace("不得携带犬只", "不得携带犬只，导盲犬除外")
        .replace("（二）其他职责。", "（二）受理投诉举报；\n（三）其他职责。")
        .replace("第四条 本办法自2024年1月1日起施行。", "");
    assert_eq!(
        told(OLD, &new),
        [
            "= 第一章",
            "= 第一章/第一条",
            "= 第一章/第二条",
            "= 第一章/第二条/（一）",
            "+ 第一章/第二条/（二）",
            "第一章/第二条/（二） -> 第一章/第二条/（三）",
            "~ 第一章/第三条",
            "- 第一章/第四条",
        ]
    );
}

#[test]
fn another_text_under_the_same_number_is_another_clause() {
    assert_eq!(
        told("办法\n第一条 鼓励体育锻炼活动。", "办法\n第一条 餐饮油烟须达标排放。"),
        ["+ 第一条", "- 第一条"]
    );
}

#[test]
fn every_clause_is_told_once_even_in_a_large_document() {
    let article = |n: u32, salt: u32| {
        format!(
            "第{n}条 第{}项工作由主管部门{}负责，应当于{}日内办理完毕。\n",
            n * 7 + salt,
            n * n % 997,
            n % 31
        )
    };
    let old: String = (1..1500).map(|n| article(n, 0)).collect();
    let new: String =
        (1..1500).map(|n| if n % 5 == 0 { article(n, 3) } else { article(n, 0) }).rev().collect();
    let (old, new) = (cut(&format!("题\n{old}")), cut(&format!("题\n{new}")));
    let changes = match_versions(&old.clauses, &new.clauses);
    let (mut olds, mut news) = (vec![0; old.clauses.len()], vec![0; new.clauses.len()]);
    for c in changes {
        let (o, n) = match c {
            Change::Kept { old, new }
            | Change::Reworded { old, new }
            | Change::Renumbered { old, new, .. } => (Some(old), Some(new)),
            Change::Added { new } => (None, Some(new)),
            Change::Removed { old } => (Some(old), None),
        };
        o.into_iter().for_each(|i: usize| olds[i] += 1);
        n.into_iter().for_each(|i: usize| news[i] += 1);
    }
    assert!(olds.iter().chain(&news).all(|n| *n == 1));
}

#[test]
fn similarity_ignores_spaces_and_widths() {
    assert!((similarity("甲乙（丙）", "甲 乙 (丙)") - 1.0).abs() < 1e-9);
    assert!(similarity("甲乙丙", "丁戊己") < 1e-9);
    assert!((similarity("", "") - 1.0).abs() < 1e-9);
}
