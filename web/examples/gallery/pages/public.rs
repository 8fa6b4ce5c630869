//! The public pages with the content of an ordinary week.

use maud::Markup;
use web::{
    catalogue::*,
    column::*,
    component::*,
    decision::*,
    home::*,
    label::*,
    layout::{Nav, Site},
    summary::*,
};

use super::{
    at, d, english, frame, large,
    parts::{steps, waiting},
};

pub fn all(site: &Site) -> Vec<(&'static str, Markup)> {
    let f = frame(site, Nav::None, "/");
    vec![
        ("home", home(&f, &home_view())),
        ("home-en", home(&english(&f), &home_view())),
        ("home-large", home(&large(&f), &home_view())),
        ("home-empty", home(&f, &HomeView { csrf: "t".into(), ..HomeView::default() })),
        ("column", column(&f, &column_view())),
        ("column-empty", column(&f, &ColumnView::default())),
        (
            "catalogues",
            catalogue_list(&f, &CatalogueListView { catalogues: catalogues_view(), pager: Pager::default() }),
        ),
        ("catalogue", catalogue(&f, &catalogue_view(3))),
        ("catalogue-old", catalogue(&f, &catalogue_view(1))),
        ("compare", catalogue_compare(&f, &compare_view())),
        ("decision", decision(&f, &decision_view())),
        ("decision-early", decision(&f, &early_decision())),
        ("summaries", summary_list(&f, &SummaryListView { rows: rows(), pager: Pager::default() })),
        ("summary", summary(&f, &summary_view())),
        ("summary-zero", summary(&f, &zero_summary())),
    ]
}

pub fn open_card() -> ConsultationCard {
    ConsultationCard {
        title: "示例市公共体育场馆开放管理办法（征求意见稿）".into(),
        href: "consultation.html".into(),
        department: "群众体育处".into(),
        state: ConsultationState::Open,
        opens: d(11, 2),
        closes: d(12, 4),
        days_left: 10,
        opinions: 64,
        people: 58,
    }
}

pub fn cards() -> Vec<ConsultationCard> {
    let soon = ConsultationCard {
        title: "市民健身步道建设三年计划（草案）".into(),
        department: "场馆建设处".into(),
        state: ConsultationState::ClosingSoon,
        closes: d(11, 26),
        days_left: 2,
        opinions: 213,
        people: 190,
        ..open_card()
    };
    let fresh = ConsultationCard {
        title: "青少年体育俱乐部星级评定办法（征求意见稿）".into(),
        department: "青少年体育处".into(),
        closes: d(12, 23),
        days_left: 29,
        opinions: 0,
        people: 0,
        ..open_card()
    };
    vec![soon, open_card(), fresh]
}

pub fn rows() -> Vec<SummaryRow> {
    let row = SummaryRow {
        title: "关于学校体育场地向社会开放的实施意见".into(),
        href: "summary.html".into(),
        received: 128,
        adopted: Some(46),
        partly: Some(31),
        not_adopted: Some(39),
        explained: Some(12),
        state: PublicationState::InTime,
        day: Some(d(10, 14)),
        working_days: 0,
    };
    vec![
        SummaryRow {
            title: "大型赛事无障碍服务规范".into(),
            received: 34,
            adopted: None,
            partly: None,
            not_adopted: None,
            explained: None,
            state: PublicationState::DueSoon,
            day: Some(d(12, 1)),
            working_days: 5,
            ..row.clone()
        },
        row.clone(),
        SummaryRow {
            title: "体育彩票公益金使用管理办法".into(),
            received: 57,
            adopted: Some(20),
            partly: Some(9),
            not_adopted: Some(24),
            explained: Some(4),
            day: Some(d(9, 8)),
            ..row.clone()
        },
        SummaryRow {
            title: "社区足球场地建设导则".into(),
            received: 41,
            adopted: Some(12),
            partly: Some(8),
            not_adopted: Some(21),
            explained: Some(0),
            state: PublicationState::Late,
            day: Some(d(7, 22)),
            ..row
        },
    ]
}

fn home_view() -> HomeView {
    HomeView {
        headline: "城市体育的事，请您一起定".into(),
        open: cards(),
        open_total: 3,
        upcoming: vec![],
        answered: rows(),
        answered_30_days: 2,
        year_received: 1204,
        year_dealt_with: 1187,
        catalogue: Some(Teaser {
            title: "2026年度重大行政决策事项目录".into(),
            href: "catalogue.html".into(),
            line: "6 项，第 3 版，9月15日调整".into(),
        }),
        work_plan: Some(Teaser {
            title: "2026年政务公开工作计划".into(),
            href: "workplan.html".into(),
            line: "37 项工作，已完成 24 项".into(),
        }),
        csrf: "t".into(),
    }
}

fn catalogues_view() -> Vec<CatalogueLink> {
    let one = CatalogueLink {
        title: "示例市体育局2026年度重大行政决策事项目录".into(),
        href: "catalogue.html".into(),
        department: "示例市体育局".into(),
        year: 2026,
        version: 3,
        entries: 6,
        published: d(3, 2),
    };
    vec![
        one.clone(),
        CatalogueLink {
            title: "示例市体育局2025年度重大行政决策事项目录".into(),
            year: 2025,
            version: 2,
            entries: 5,
            ..one
        },
    ]
}

fn column_view() -> ColumnView {
    let row = |title: &str, stage: &str, next: &str| DecisionRow {
        title: title.into(),
        href: "decision.html".into(),
        department: "群众体育处".into(),
        category: "重大公共措施".into(),
        stage: stage.into(),
        next: next.into(),
    };
    ColumnView {
        catalogues: catalogues_view(),
        decisions: vec![
            row("示例市公共体育场馆开放管理办法", "公开征求意见", "截止 12月4日"),
            row("大型赛事无障碍服务规范", "决策出台", "12月1日前公布采纳情况"),
            row("市民健身步道建设三年计划", "公开征求意见", "截止 11月26日"),
        ],
        consultations: cards(),
        summaries: rows(),
    }
}

pub fn head() -> DocumentHead {
    DocumentHead {
        index: "SY0000000-2026-031".into(),
        topic: "体育 / 群众体育".into(),
        publisher: "示例市体育局".into(),
        issue_number: "示体规〔2026〕3 号".into(),
        formed: Some(d(10, 30)),
        published: Some(d(11, 2)),
        validity: "征求意见中".into(),
    }
}

fn catalogue_view(version: u32) -> CatalogueView {
    let entry =
        |number: u32, title: &str, category: &str, planned: &str, change, reason: &str| CatalogueEntry {
            number: Some(number),
            title: title.into(),
            href: (number < 4).then(|| "decision.html".into()),
            category: category.into(),
            department: "群众体育处".into(),
            planned: planned.into(),
            basis: String::new(),
            participation: "公开征求意见、座谈会".into(),
            stage: "征求意见中".into(),
            change: Some(change),
            reason: reason.into(),
        };
    let v = |number, m, day, reason: &str| CatalogueVersion {
        number,
        published: d(m, day),
        reason: reason.into(),
        href: "catalogue-old.html".into(),
        compare: (number > 1).then(|| "compare.html".into()),
    };
    CatalogueView {
        title: "示例市体育局2026年度重大行政决策事项目录".into(),
        department: "示例市体育局".into(),
        year: 2026,
        version,
        head: DocumentHead { validity: "有效".into(), ..head() },
        source: "示例市体育局办公室".into(),
        published: at(9, 15, 10, 20),
        entries: vec![
            entry(1, "示例市公共体育场馆开放管理办法", "重大公共措施", "第四季度", CatalogueChange::Kept, ""),
            entry(
                2,
                "市民健身步道建设三年计划",
                "重要规划",
                "第四季度",
                CatalogueChange::Changed,
                "建设范围扩大，完成时间由第三季度调整为第四季度",
            ),
            entry(
                3,
                "大型赛事无障碍服务规范",
                "重大公共措施",
                "第三季度",
                CatalogueChange::Added,
                "落实无障碍环境建设法，新增",
            ),
            entry(4, "市体育中心综合改造工程", "重大建设项目", "第四季度", CatalogueChange::Kept, ""),
            entry(
                5,
                "体育产业发展专项规划",
                "重要规划",
                "第三季度",
                CatalogueChange::Removed,
                "并入全市产业规划统一编制，不再单独决策",
            ),
            entry(6, "青少年体育俱乐部星级评定办法", "重大公共措施", "第四季度", CatalogueChange::Kept, ""),
        ],
        versions: vec![
            v(3, 9, 15, "新增 1 项、调整 1 项、调出 1 项，经 9 月 10 日局党组会议同意。"),
            v(2, 6, 1, "调整 1 项完成时间。"),
            v(1, 3, 2, "首次公布。"),
        ],
        csv: "catalogue.csv?x".into(),
    }
}

fn compare_view() -> CatalogueCompareView {
    CatalogueCompareView {
        title: "示例市体育局2026年度重大行政决策事项目录".into(),
        catalogue: "catalogue.html".into(),
        from: (2, d(6, 1)),
        to: (3, d(9, 15)),
        reason: "新增 1 项、调整 1 项、调出 1 项，经 9 月 10 日局党组会议同意。".into(),
        rows: vec![
            CompareRow {
                title: "大型赛事无障碍服务规范".into(),
                change: CatalogueChange::Added,
                reason: "落实无障碍环境建设法，新增".into(),
                fields: vec![],
            },
            CompareRow {
                title: "市民健身步道建设三年计划".into(),
                change: CatalogueChange::Changed,
                reason: "建设范围扩大".into(),
                fields: vec![
                    (
                        "计划完成时间".into(),
                        vec![Change::Delete("第三季度".into()), Change::Insert("第四季度".into())],
                    ),
                    (
                        "公众参与环节".into(),
                        vec![Change::Equal("公开征求意见".into()), Change::Insert("、座谈会".into())],
                    ),
                ],
            },
            CompareRow {
                title: "体育产业发展专项规划".into(),
                change: CatalogueChange::Removed,
                reason: "并入全市产业规划统一编制，不再单独决策".into(),
                fields: vec![],
            },
        ],
        kept: 4,
        versions: vec![(3, d(9, 15)), (2, d(6, 1)), (1, d(3, 2))],
    }
}

fn decision_view() -> DecisionView {
    use StepState::*;
    DecisionView {
        title: "大型赛事无障碍服务规范".into(),
        category: "重大公共措施".into(),
        department: "竞赛管理处".into(),
        stage: "决策出台，待公布采纳情况".into(),
        intro: "为保障残疾人、老年人平等观赛参赛，规范大型体育赛事的无障碍设施、票务、引导和应急服务，制定本规范。".into(),
        head: DocumentHead { validity: "有效".into(), ..head() },
        source: "示例市体育局竞赛管理处".into(),
        published: at(9, 15, 9, 0),
        catalogue: Some(("示例市体育局2026年度重大行政决策事项目录（第 3 版）".into(), "catalogue.html".into())),
        steps: vec![
            TimelineStep::new("列入年度目录", Done).on(d(9, 15)).link("catalogue.html"),
            TimelineStep::new("公开征求意见", Done).when("2026年7月20日 至 8月20日，收到意见 34 条").link("consultation.html"),
            TimelineStep::new("专家论证", Done).on(d(8, 28)),
            TimelineStep::new("风险评估", Skipped).note("不涉及社会稳定和公共安全风险点，经评估单位确认"),
            TimelineStep::new("合法性审查", Done).on(d(9, 9)),
            TimelineStep::new("集体讨论决定", Done).on(d(9, 18)),
            TimelineStep::new("决策出台", Done).on(d(9, 23)),
            TimelineStep::new("公布意见采纳情况", Current).when("应于 10月14日 前，还剩 2 个工作日"),
            TimelineStep::new("政策解读", Upcoming),
            TimelineStep::new("决策后评估", Upcoming).note("实施满一年后"),
        ],
        next_duty: Some(waiting()),
        documents: vec![
            doc("正式文本", "大型赛事无障碍服务规范", 1, ""),
            doc("决策草案", "大型赛事无障碍服务规范（征求意见稿）", 2, "7月25日更正：第十二条“三十日”误排为“二十日”，已更正并公告。"),
            doc("起草说明", "关于《大型赛事无障碍服务规范》的起草说明", 1, ""),
            doc("决策依据", "中华人民共和国无障碍环境建设法", 1, ""),
        ],
        consultations: vec![ConsultationCard { title: "大型赛事无障碍服务规范（征求意见稿）".into(), state: ConsultationState::Closed, opens: d(7, 20), closes: d(8, 20), days_left: -50, opinions: 34, people: 31, ..open_card() }],
        summary: None,
        withdrawn: None,
    }
}

fn doc(kind: &str, title: &str, version: u32, notice: &str) -> DecisionDocument {
    DecisionDocument {
        kind: kind.into(),
        title: title.into(),
        href: Some("consultation.html".into()),
        version,
        published: d(7, 20),
        files: vec![
            FileLink {
                label: format!("{title}.docx"),
                href: "/f/1".into(),
                format: "Word".into(),
                size: "86 KB".into(),
            },
            FileLink {
                label: format!("{title}.txt"),
                href: "/f/2".into(),
                format: "TXT".into(),
                size: "12 KB".into(),
            },
        ],
        notice: notice.into(),
        compare: (version > 1).then(|| "compare.html".into()),
    }
}

fn early_decision() -> DecisionView {
    DecisionView {
        title: "示例市公共体育场馆开放管理办法".into(),
        stage: "公开征求意见".into(),
        steps: steps(),
        next_duty: None,
        documents: vec![],
        consultations: vec![],
        summary: None,
        withdrawn: Some(Withdrawn {
            on: d(11, 20),
            reason: "上位法修订，本事项并入全市统一立法项目，不再单独决策。".into(),
        }),
        ..decision_view()
    }
}

fn summary_view() -> SummaryView {
    let topic = |number,
                 source: &str,
                 text: &str,
                 count,
                 concentrated,
                 outcome,
                 reason: &str,
                 clause: Option<&str>| TopicRow {
        number,
        source: source.into(),
        text: text.into(),
        count,
        concentrated,
        outcome,
        reason: reason.into(),
        final_clause: clause.map(|c| (c.into(), "/decisions/x#c8".into())),
    };
    SummaryView {
        decision_title: "关于学校体育场地向社会开放的实施意见".into(),
        decision: "decision.html".into(),
        consultation: Some("consultation.html".into()),
        state: PublicationState::InTime,
        duty: Some(DutyLine { state: DutyState::DoneInTime, done: Some(d(10, 13)), days: 0, ..waiting() }),
        head: DocumentHead { validity: "有效".into(), ..head() },
        source: "示例市体育局办公室".into(),
        published: at(10, 13, 16, 30),
        overview: "本局于 2026 年 7 月 1 日至 8 月 5 日在政府网站公开征求意见，同时召开座谈会两场，走访学校六所，并通过来信、电话、电子邮件受理意见。".into(),
        ways: vec![
            ParticipationWay { way: "向社会公开征求意见".into(), from: d(7, 1), to: Some(d(8, 5)), note: "市政府网站、本平台同步公布草案和起草说明。".into() },
            ParticipationWay { way: "座谈会".into(), from: d(7, 15), to: None, note: "学校、家长、社区代表 26 人参加。".into() },
            ParticipationWay { way: "实地走访".into(), from: d(7, 22), to: Some(d(7, 24)), note: "走访六所已开放学校。".into() },
        ],
        collected: String::new(),
        by_channel: vec![(Channel::Online, 96), (Channel::Letter, 7), (Channel::Email, 11), (Channel::Phone, 6), (Channel::Seminar, 8)],
        by_kind: vec![(AuthorKind::Person, 103), (AuthorKind::Company, 12), (AuthorKind::Organisation, 9), (AuthorKind::Other, 4)],
        by_outcome: vec![(Outcome::Adopted, 46), (Outcome::Partly, 31), (Outcome::NotAdopted, 39), (Outcome::Explained, 12)],
        people: 117,
        topics: vec![
            topic(1, "公众 41 人、企业 2 家", "建议工作日开放时间延长到二十二时，方便下班后锻炼。", 43, true, Outcome::Adopted, "采纳。正式文本将工作日开放时间由“二十一时”改为“二十二时”，并要求配备照明和安保。", Some("第八条")),
            topic(2, "公众 23 人", "建议对所有人免费开放。", 23, true, Outcome::NotAdopted, "学校场地维护、保险和安保需要稳定经费，全部免费难以持续。正式文本规定对老年人、残疾人、未成年人免费，其余时段低收费，收费标准由区物价部门核定。", None),
            topic(3, "社会组织 3 家、公众 8 人", "建议明确意外伤害的责任和保险。", 11, false, Outcome::Partly, "部分采纳。增加“购买公众责任险”的规定；具体赔付标准由保险合同约定，不在本意见中规定。", Some("第十四条")),
            topic(4, "公众 12 人", "询问民办学校是否适用。", 12, false, Outcome::Explained, "民办学校参照执行，鼓励自愿开放，享受同样补助。", None),
        ],
        files: vec![FileLink { label: "意见建议采纳情况汇总表.xlsx".into(), href: "/f/3".into(), format: "Excel".into(), size: "34 KB".into() }],
    }
}

fn zero_summary() -> SummaryView {
    SummaryView {
        decision_title: "示例市体育局档案管理办法".into(),
        state: PublicationState::Late,
        duty: Some(DutyLine { state: DutyState::DoneLate, done: Some(d(10, 16)), days: 2, ..waiting() }),
        by_channel: vec![],
        by_kind: vec![],
        by_outcome: vec![],
        people: 0,
        topics: vec![],
        files: vec![],
        ..summary_view()
    }
}
