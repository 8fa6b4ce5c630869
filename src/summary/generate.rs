//! The text of a summary, written from the facts. Pure; the owner may change every word of it afterwards.

use chrono::NaiveDate;
use entity::enums::StepKind;

use super::figure_words as words;
use crate::calendar::civil::zh_date;
use crate::topic::Figures;

/// What the text is written from.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The decision's title.
    pub title: String,
    pub department: String,
    /// The day the notice was published.
    pub announced_on: Option<NaiveDate>,
    pub opens_on: NaiveDate,
    pub closes_on: NaiveDate,
    pub short_reason: Option<String>,
    pub address: String,
    pub email: String,
    pub phone: String,
    pub ways: Vec<Way>,
    /// Who filled in the questionnaire beside the consultation.
    pub questionnaire: Option<u64>,
    pub figures: Figures,
    /// Concentrated topics that were not adopted.
    pub concentrated: Vec<Concentrated>,
    pub ending: Ending,
}

/// Another way by which people were heard.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Way {
    pub kind: StepKind,
    pub on: NaiveDate,
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concentrated {
    pub title: String,
    pub people: u64,
    pub reason: String,
}

/// How the decision ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    #[default]
    Open,
    Promulgated {
        on: NaiveDate,
        doc_number: Option<String>,
    },
    Withdrawn {
        on: NaiveDate,
        reason: String,
    },
}

/// What a matter is called before its document is there: 制定《…》.
const MAKING: [&str; 6] = ["制定", "修订", "编制", "出台", "起草", "发布"];

/// 关于《…》公众意见建议收集和采纳情况: of the document, where the matter is its making. Brackets around the title
/// are not doubled.
pub fn title(decision: &str) -> String {
    let document = MAKING.iter().find_map(|verb| decision.strip_prefix(verb)).filter(|d| d.starts_with('《'));
    let bare = document.unwrap_or(decision);
    let bare = bare
        .strip_prefix('《')
        .and_then(|t| t.strip_suffix('》'))
        .filter(|t| t.find('》').is_none_or(|end| t.find('《').is_some_and(|start| start < end)))
        .unwrap_or(decision);
    // A book title within a book title takes single brackets (GB/T 15834).
    let inner = bare.replace('《', "〈").replace('》', "〉");
    format!("关于《{inner}》公众意见建议收集和采纳情况")
}

/// 履行公众参与程序总体情况
pub fn participation(f: &Facts) -> String {
    let days = (f.closes_on - f.opens_on).num_days();
    let mut lines = Vec::new();
    let announced = f.announced_on.map_or_else(String::new, |d| format!("于{}", zh_date(d)));
    lines.push(format!(
        "{}{announced}在本平台发布公开征求意见公告，同时公布决策草案及其说明，自{}起至{}24:00止向社会公开征求意见，共{days}日。",
        f.department,
        zh_date(f.opens_on),
        zh_date(f.closes_on),
    ));
    if let Some(reason) = f.short_reason.as_deref().map(|r| r.trim_end_matches('。')) {
        lines.push(format!("征求意见期限不足三十日，公告中已说明原因：{reason}。"));
    }
    lines.push(format!("征求意见期间，公众可以通过{}提出意见。", channels(f)));
    if let Some(n) = f.questionnaire {
        lines.push(format!(
            "同时开展问卷调查（自愿参与，不代表统计抽样），共 {n} 人填写，统计结果在征求意见页面公布。"
        ));
    }
    if !f.ways.is_empty() {
        let ways: Vec<String> = f.ways.iter().map(one_way).collect();
        lines.push(format!("此外，还通过以下方式听取意见：{}。", ways.join("；")));
    }
    match &f.ending {
        Ending::Open => {}
        Ending::Promulgated { on, doc_number } => {
            let number = doc_number.as_ref().map_or_else(String::new, |n| format!("（{n}）"));
            lines.push(format!("决策于{}出台{number}。", zh_date(*on)));
        }
        Ending::Withdrawn { on, reason } => {
            let reason = reason.trim_end_matches('。');
            let why = if reason.is_empty() { String::new() } else { format!("，原因：{reason}") };
            lines.push(format!("本决策事项已于{}终止，草案未形成正式决策{why}。", zh_date(*on)));
        }
    }
    lines.join("\n")
}

fn channels(f: &Facts) -> String {
    let mut ways = vec!["本平台".to_owned()];
    if !f.address.is_empty() {
        ways.push("来信".into());
    }
    if !f.email.is_empty() {
        ways.push("电子邮件".into());
    }
    if !f.phone.is_empty() {
        ways.push("电话".into());
    }
    match ways.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{}和{last}等途径", rest.join("、")),
        _ => ways.join(""),
    }
}

fn one_way(way: &Way) -> String {
    let note = way.note.trim_end_matches('。');
    let name = words::way(way.kind).unwrap_or("其他方式");
    let note = if note.is_empty() { String::new() } else { format!("，{note}") };
    format!("{name}（{}{note}）", zh_date(way.on))
}

/// 意见建议收集和采纳情况
pub fn overview(f: &Facts) -> String {
    let n = &f.figures;
    if n.received == 0 {
        return "征求意见期间，通过各种途径均未收到意见建议。决策执行中，公众仍可通过来信、来电、电子邮件等方式提出意见。"
            .to_owned();
    }
    let mut lines = vec![received(n)];
    if n.counted() > 0 {
        lines.push(sentence(n));
    }
    if !f.concentrated.is_empty() {
        lines.push("较为集中的意见未予采纳的原因如下：".to_owned());
        for (i, c) in f.concentrated.iter().enumerate() {
            let reason = c.reason.trim_end_matches('。');
            lines.push(format!("{}.关于“{}”（{} 人提出）：{reason}。", i + 1, c.title, c.people));
        }
    }
    lines.join("\n")
}

fn received(n: &Figures) -> String {
    let mut parts = Vec::new();
    for (count, word) in [
        (n.published, "公开"),
        (n.not_shown, "不予公开（已计入办理）"),
        (n.rejected, "不予受理"),
        (n.withdrawn, "作者撤回"),
        (n.pending, "待审核"),
    ] {
        if count > 0 {
            parts.push(format!("{word} {count} 条"));
        }
    }
    format!(
        "征求意见期间，共收到 {} 人提出的意见建议 {} 条（{}），其中{}。",
        n.people,
        n.received,
        words::list(&n.by_channel, words::channel),
        parts.join("，")
    )
}

/// The numbers in one sentence; a text edited by hand that no longer holds it is pointed out.
pub fn sentence(n: &Figures) -> String {
    let o = &n.outcomes;
    let open = if n.unanswered > 0 { format!("，尚未答复 {} 条", n.unanswered) } else { String::new() };
    format!(
        "对计入办理的 {} 条意见逐条研究：采纳 {} 条，部分采纳 {} 条，未采纳 {} 条，已作说明 {} 条{open}。",
        n.counted(),
        o.adopted,
        o.partly_adopted,
        o.not_adopted,
        o.explained
    )
}

#[cfg(test)]
mod tests {
    use entity::enums::Channel;

    use super::*;
    use crate::topic::Outcomes;

    fn day(m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, m, d).unwrap()
    }

    fn facts() -> Facts {
        Facts {
            title: "示例市公共体育场馆开放管理办法".into(),
            department: "群众体育处".into(),
            announced_on: Some(day(3, 2)),
            opens_on: day(3, 2),
            closes_on: day(4, 1),
            address: "体育路1号".into(),
            email: "a@example.invalid".into(),
            ending: Ending::Promulgated { on: day(5, 6), doc_number: Some("示体规〔2026〕1号".into()) },
            ..Facts::default()
        }
    }

    fn figures() -> Figures {
        Figures {
            received: 10,
            published: 6,
            not_shown: 3,
            rejected: 1,
            people: 8,
            by_channel: vec![(Channel::Site, 8), (Channel::Letter, 2)],
            outcomes: Outcomes { adopted: 4, partly_adopted: 2, not_adopted: 3, explained: 0 },
            ..Figures::default()
        }
    }

    #[test]
    fn titles() {
        for (given, want) in [
            ("管理办法", "关于《管理办法》公众意见建议收集和采纳情况"),
            ("《管理办法》", "关于《管理办法》公众意见建议收集和采纳情况"),
            ("制定《管理办法》", "关于《管理办法》公众意见建议收集和采纳情况"),
            ("修订《甲》和《乙》", "关于《修订〈甲〉和〈乙〉》公众意见建议收集和采纳情况"),
            ("修改《甲办法》的决定", "关于《修改〈甲办法〉的决定》公众意见建议收集和采纳情况"),
            ("《甲》和《乙》", "关于《〈甲〉和〈乙〉》公众意见建议收集和采纳情况"),
        ] {
            assert_eq!(title(given), want);
        }
    }

    #[test]
    fn how_the_public_was_heard() {
        let plain = participation(&facts());
        assert_eq!(
            plain,
            "群众体育处于2026年3月2日在本平台发布公开征求意见公告，同时公布决策草案及其说明，自2026年3月2日起至2026年4月1日24:00止向社会公开征求意见，共30日。\n\
             征求意见期间，公众可以通过本平台、来信和电子邮件等途径提出意见。\n\
             决策于2026年5月6日出台（示体规〔2026〕1号）。"
        );
        let more = participation(&Facts {
            short_reason: Some("上级规定须于四月施行。".into()),
            ways: vec![
                Way { kind: StepKind::Hearing, on: day(3, 20), note: "26 人参加。".into() },
                Way { kind: StepKind::ExpertReview, on: day(4, 7), note: String::new() },
            ],
            ending: Ending::Withdrawn { on: day(5, 6), reason: "上位法修订。".into() },
            questionnaire: Some(24),
            address: String::new(),
            email: String::new(),
            ..facts()
        });
        assert!(more.contains("同时开展问卷调查（自愿参与，不代表统计抽样），共 24 人填写"), "{more}");
        assert!(more.contains("不足三十日，公告中已说明原因：上级规定须于四月施行。\n"), "{more}");
        assert!(more.contains("可以通过本平台提出意见"), "{more}");
        assert!(
            more.contains("听证、座谈（2026年3月20日，26 人参加）；专家论证（2026年4月7日）。"),
            "{more}"
        );
        assert!(more.ends_with("终止，草案未形成正式决策，原因：上位法修订。"), "{more}");
    }

    #[test]
    fn what_became_of_the_opinions() {
        let with = overview(&Facts {
            figures: figures(),
            concentrated: vec![Concentrated {
                title: "全部免费开放".into(),
                people: 5,
                reason: "维护需要稳定经费。".into(),
            }],
            ..facts()
        });
        assert_eq!(
            with,
            "征求意见期间，共收到 8 人提出的意见建议 10 条（本平台 8 条、来信 2 条），其中公开 6 条，不予公开（已计入办理） 3 条，不予受理 1 条。\n\
             对计入办理的 9 条意见逐条研究：采纳 4 条，部分采纳 2 条，未采纳 3 条，已作说明 0 条。\n\
             较为集中的意见未予采纳的原因如下：\n\
             1.关于“全部免费开放”（5 人提出）：维护需要稳定经费。"
        );
    }

    #[test]
    fn nothing_received_reads_well() {
        let text = overview(&facts());
        assert!(text.starts_with("征求意见期间，通过各种途径均未收到意见建议。"), "{text}");
        assert!(!text.contains('0'), "{text}");
    }

    #[test]
    fn only_rejected_ones_are_not_said_to_be_studied() {
        let only = Figures {
            received: 2,
            rejected: 2,
            people: 1,
            by_channel: vec![(Channel::Site, 2)],
            ..Figures::default()
        };
        let text = overview(&Facts { figures: only, ..facts() });
        assert!(text.contains("不予受理 2 条") && !text.contains("逐条研究"), "{text}");
    }
}
