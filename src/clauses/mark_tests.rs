//! What is a mark and what only looks like one.

use super::*;

fn label(line: &str) -> Option<String> {
    let mark = read(line)?;
    let mut out = String::new();
    push_label(&mut out, line, &mark);
    Some(out)
}

#[test]
fn marks_are_read_in_all_their_forms() {
    for (line, style, value, sub, want) in [
        ("第八条 内容", Style::Article, 8, 0, "第八条"),
        ("第八条", Style::Article, 8, 0, "第八条"),
        ("第８条　内容", Style::Article, 8, 0, "第8条"),
        ("第 八 条 内容", Style::Article, 8, 0, "第八条"),
        ("第十七条之一 内容", Style::Article, 17, 1, "第十七条之一"),
        ("第一章总则", Style::Chapter, 1, 0, "第一章"),
        ("第一章\u{2002}\u{2002}总则", Style::Chapter, 1, 0, "第一章"),
        ("第三章规划", Style::Chapter, 3, 0, "第三章"),
        ("（一）项目建设", Style::CnParen, 1, 0, "（一）"),
        ("（二）和平统一", Style::CnParen, 2, 0, "（二）"),
        ("第二节 监  护", Style::Section, 2, 0, "第二节"),
        ("第一分编 通则", Style::Subpart, 1, 0, "第一分编"),
        ("第一编 总则", Style::Part, 1, 0, "第一编"),
        ("第三部分 保障措施", Style::Part, 3, 0, "第三部分"),
        ("（三）内容", Style::CnParen, 3, 0, "（三）"),
        ("(三)内容", Style::CnParen, 3, 0, "（三）"),
        ("（ 三 ) 内容", Style::CnParen, 3, 0, "（三）"),
        ("(12)内容", Style::NumParen, 12, 0, "（12）"),
        ("12）内容", Style::NumParen, 12, 0, "（12）"),
        ("1．内容", Style::Num, 1, 0, "1."),
        ("１、内容", Style::Num, 1, 0, "1."),
        ("十二、内容", Style::Cn, 12, 0, "十二、"),
        ("附  则", Style::Supplement, 0, 0, "附则"),
        ("附件", Style::Annex, 0, 1, "附件"),
        ("附件 1", Style::Annex, 1, 1, "附件1"),
        ("附件一：目录表", Style::Annex, 1, 1, "附件一"),
        ("附表2 标准", Style::Annex, 2, 2, "附表2"),
        ("附录A", Style::Annex, 1_000_065, 3, "附录A"),
        ("目　录", Style::Contents, 0, 0, "目录"),
        ("序 言", Style::Preamble, 0, 0, "序言"),
    ] {
        let mark = read(line).map(|m| (m.style, m.value, m.sub));
        assert_eq!(mark, Some((style, value, sub)), "{line}");
        assert_eq!(label(line).as_deref(), Some(want), "{line}");
    }
}

#[test]
fn sentences_are_not_marks() {
    for line in [
        "第八条规定的情形",
        "第八条第二款",
        "第三章、第四章的规定适用。",
        "第二章规定的程序由市人民政府另行制定并报备案。",
        "第三产业增加值",
        "（一）至（三）项",
        "（以下简称办法）",
        "1.5亿元",
        "2024年",
        "2024.1.1",
        "一、二级医院应当",
        "一九八二年",
        "附件所列的事项",
        "附则规定的事项",
        "附加税",
        "目录由市人民政府公布",
        "前款规定",
        "",
    ] {
        assert_eq!(read(line), None, "{line}");
    }
}

#[test]
fn an_article_without_a_space_is_unsure() {
    assert_eq!(read("第八条为了规范").map(|m| m.sure), Some(false));
    assert_eq!(read("第八条【目的】为了").map(|m| m.sure), Some(true));
    assert_eq!(read("第八条（目的）为了").map(|m| m.sure), Some(true));
}

#[test]
fn long_runs_are_refused_quickly() {
    assert_eq!(read(&format!("第{}条", "一".repeat(1_000_000))), None);
    assert_eq!(read(&format!("（{}）", "1".repeat(1_000_000))), None);
    assert_eq!(read(&format!("第{}一条", " ".repeat(1_000_000))).map(|m| m.value), Some(1));
}
