//! Every component in every state.

use maud::{Markup, html};
use web::{
    component::*,
    error::{ErrorKind, error},
    form::*,
    icon::Icon,
    label::*,
    lang::Lang,
    layout::{Crumb, Flash, FlashKind, Frame, Nav, SideItem, SignedIn, Site, desk, page},
    link::Href,
};

use super::{at, d, english, frame, large};

pub fn all(site: &Site) -> Vec<(&'static str, Markup)> {
    let f = frame(site, Nav::Decisions, "/decisions/x?tab=1");
    let mut pages = vec![
        ("parts", parts(&f)),
        ("parts-en", parts(&english(&f))),
        ("parts-large", parts(&large(&f))),
        ("form", form(&f, &FormState::default())),
        ("form-errors", form(&f, &wrong())),
        ("desk", desk_page(site)),
    ];
    for (name, kind) in [
        ("error-403", ErrorKind::Forbidden),
        ("error-404", ErrorKind::NotFound),
        ("error-422", ErrorKind::Unprocessable),
        ("error-500", ErrorKind::Internal),
    ] {
        pages.push((name, error(&f, kind, None, Some("01JD9Z6K3Q7M"))));
    }
    pages
}

fn parts(f: &Frame<'_>) -> Markup {
    let lang = f.lang;
    let f = Frame { flash: Some(Flash { kind: FlashKind::Done, text: "已保存。".into() }), ..f.clone() };
    let body = html! {
        (page_head("示例市公共体育场馆开放管理办法（征求意见稿）", html! {
            (ConsultationState::Open.badge(lang)) span { "征集部门：群众体育处" } span { (lang.period(d(11, 2), d(12, 4))) }
        }))
        (article_tools(&f, "示例市体育局办公室", Some(at(11, 2, 9, 0))))
        (tabs("内容", &[Tab::new("草案内容", "#a").current_if(true), Tab::new("决策依据", "#b").count(3), Tab::new("已公开意见", "#c").count(47)]))
        (document_head(lang, &head()))
        div.side-by-side {
            div { (card("状态", badges(lang))) (card("按日计算", html! { (duty(lang, &waiting())) })) (card("期限", duties(lang))) (card("表格", one_table())) (card("修改对照", one_diff(lang))) }
            aside {
                (card("", html! { div.countdown-big { (countdown(lang, 10, d(12, 4))) } a.button.primary.wide href="#" { "我要提意见" } }))
                (card("", html! { (countdown(lang, 2, d(11, 26))) (countdown(lang, 0, d(11, 24))) (countdown(lang, -1, d(11, 23))) }))
                (card("办理进程", timeline(lang, &steps())))
                (card("收到的意见", numbers("收到的意见", "共收到", &sums())))
                (card("印章", html! { p { (stamp(Tone::Good, "按期公布")) " " (stamp(Tone::Warn, "逾期公布")) " " (stamp(Tone::Warn, "已登记")) } }))
            }
        }
        (alert(Tone::Warn, "征集期缩短", html! { p { "因赛事筹备时限，本次征集期为 15 日。" } }))
        (alert(Tone::Info, "", html! { p { "来信、来电、电子邮件同样登记、同样办理。" } }))
        (empty_state("目前没有正在征求意见的事项", "可以关注今年的决策事项目录，或者查看已公布的采纳情况。", Some(("查看目录", Href::from("/catalogues")))))
        (pager(lang, &Pager { previous: Some("?a".into()), next: Some("?b".into()), note: "第 21–40 条，共 47 条".into() }))
    };
    page(&f, "组件", &[Crumb::link("重大行政决策", "/decisions"), Crumb::here("组件")], body)
}

fn head() -> DocumentHead {
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

fn badges(lang: Lang) -> Markup {
    html! {
        p { @for s in ConsultationState::ALL { (s.badge(lang)) " " } }
        p { @for s in OpinionState::ALL { (s.badge(lang)) " " } }
        p { @for s in Outcome::ALL { (s.badge(lang)) " " } }
        p { @for s in DutyState::ALL { (s.badge(lang)) " " } }
        p { @for s in PublicationState::ALL { (s.badge(lang)) " " } }
        p { @for s in CatalogueChange::ALL { (s.badge(lang)) " " } }
        p { (badge(Tone::Plain, Icon::File, "PDF")) }
    }
}

pub fn waiting() -> DutyLine {
    let mut days = vec![DayLine { date: d(9, 23), kind: DayKind::Start, note: String::new() }];
    let kinds = [
        (9, 24, DayKind::Counted(1), ""),
        (9, 25, DayKind::Holiday, "中秋节"),
        (9, 26, DayKind::Holiday, "中秋节"),
        (9, 27, DayKind::Weekend, ""),
        (9, 28, DayKind::Counted(2), ""),
        (9, 29, DayKind::Counted(3), ""),
        (9, 30, DayKind::Counted(4), ""),
        (10, 1, DayKind::Holiday, "国庆节"),
        (10, 2, DayKind::Holiday, "国庆节"),
        (10, 3, DayKind::Holiday, "国庆节"),
        (10, 4, DayKind::Holiday, "国庆节"),
        (10, 5, DayKind::Holiday, "国庆节"),
        (10, 6, DayKind::Holiday, "国庆节"),
        (10, 7, DayKind::Holiday, "国庆节"),
        (10, 8, DayKind::Counted(5), ""),
        (10, 9, DayKind::Counted(6), ""),
        (10, 10, DayKind::MakeUp(7), ""),
        (10, 11, DayKind::Weekend, ""),
        (10, 12, DayKind::Counted(8), ""),
        (10, 13, DayKind::Counted(9), ""),
        (10, 14, DayKind::Due(10), ""),
    ];
    days.extend(kinds.map(|(m, day, kind, note)| DayLine { date: d(m, day), kind, note: note.into() }));
    DutyLine {
        title: "公布意见采纳情况".into(),
        state: DutyState::DueSoon,
        due: d(10, 14),
        unit: DayUnit::Working,
        days: 2,
        done: None,
        rule: Some("决策出台后 10 个工作日内公布；出台当日不计（沪府办〔2020〕20 号）。".into()),
        provisional: false,
        days_explained: days,
    }
}

fn duties(lang: Lang) -> Markup {
    let line =
        |state, days, done| DutyLine { state, days, done, rule: None, days_explained: vec![], ..waiting() };
    html! {
        (duty(lang, &line(DutyState::OnTime, 8, None)))
        (duty(lang, &line(DutyState::DueSoon, 0, None)))
        (duty(lang, &DutyLine { provisional: true, ..line(DutyState::Overdue, 3, None) }))
        (duty(lang, &line(DutyState::Paused, 4, None)))
        (duty(lang, &line(DutyState::DoneInTime, 0, Some(d(10, 12)))))
        (duty(lang, &line(DutyState::DoneLate, 2, Some(d(10, 16)))))
    }
}

pub fn steps() -> Vec<TimelineStep> {
    use StepState::*;
    vec![
        TimelineStep::new("列入年度目录", Done).on(d(3, 2)).link("#"),
        TimelineStep::new("公开征求意见", Current).when("进行中，至 12月4日 24:00"),
        TimelineStep::new("听证", Skipped).note("不涉及重大分歧，不举行听证"),
        TimelineStep::new("合法性审查", Upcoming).note("不少于 7 个工作日"),
        TimelineStep::new("集体讨论决定", Upcoming),
        TimelineStep::new("公布意见采纳情况", Upcoming).note("决策出台后 10 个工作日内"),
    ]
}

fn sums() -> Vec<Part> {
    vec![
        Part::new("已公开", 47, PartTone::Strong),
        Part::new("待审核", 10, PartTone::Middle),
        Part::new("不公开", 5, PartTone::Light).note("已计入办理"),
        Part::new("不予受理", 2, PartTone::Pale),
    ]
}

fn one_table() -> Markup {
    let row = |title: &str, a: &str, b: &str, state: PublicationState| {
        vec![html! { a href="#" { (title) } }, html! { (a) }, html! { (b) }, state.badge(Lang::Zh)]
    };
    table(&Table {
        caption: "已公布的采纳情况".into(),
        caption_hidden: false,
        columns: vec![
            Column::text("事项"),
            Column::number("意见"),
            Column::number("采纳"),
            Column::tight("公布"),
        ],
        rows: vec![
            row("关于学校体育场地向社会开放的实施意见", "128", "46", PublicationState::InTime),
            row("体育彩票公益金使用管理办法", "57", "20", PublicationState::Late),
        ],
        row_head: Some(0),
    })
}

fn one_diff(lang: Lang) -> Markup {
    diff(
        lang,
        &[
            Change::Equal("工作日开放至".into()),
            Change::Delete("二十一时".into()),
            Change::Insert("二十二时".into()),
            Change::Equal("以后；周末和节假日全天开放。".into()),
        ],
    )
}

fn wrong() -> FormState {
    FormState::default()
        .with("body", "太短")
        .with("kind", "company")
        .with("name", "<script>alert(1)</script>")
        .with_error("body", "意见内容至少 5 个字")
        .with_error("kind", "请选择身份")
        .with_error("agree", "请先阅读并同意《留言须知》")
}

fn form(f: &Frame<'_>, state: &FormState) -> Markup {
    let lang = f.lang;
    let kinds = [
        Choice::new("person", "个人"),
        Choice::new("company", "企业").note("以单位名义提出"),
        Choice::new("other", "其他"),
    ];
    let body = html! {
        div.narrow {
            (page_head("我要提意见", html! {}))
            (error_summary(lang, state))
            form.card method="post" {
                (csrf("token"))
                (textarea(lang, state, &Field::new("body", "意见内容").required().max(2000).hint("一事一议；请勿填写身份证号、住址等个人信息。")))
                (text_field(lang, state, &Field::new("name", "姓名或称呼").autocomplete("name")))
                (radios(lang, state, &Field::new("kind", "身份").required(), &kinds))
                (select(lang, state, &Field::new("district", "所在区"), &kinds))
                (date_field(lang, state, &Field::new("day", "日期").hint("例如 2026-03-05")))
                (file_field(lang, state, &Field::new("file", "附件").hint("PDF、Word、图片，每个不超过 20 MB"), ".pdf,.docx", true))
                (checkbox(lang, state, &Field::new("agree", "同意").required(), html! { "我已阅读" a href="#" { "《留言须知》" } }))
                div.actions { (submit("提交意见")) a.button href="#" { "返回" } }
            }
        }
    };
    page(f, &state.title(lang, "我要提意见"), &[Crumb::here("我要提意见")], body)
}

fn desk_page(site: &Site) -> Markup {
    let f = Frame {
        signed_in: Some(SignedIn {
            name: "王敏".into(),
            department: "群众体育处".into(),
            csrf: "t".into(),
            unread: 3,
        }),
        ..frame(site, Nav::None, "/desk")
    };
    let mut side = vec![
        SideItem::new("今日待办", "#"),
        SideItem::new("意见审核", "#"),
        SideItem::new("决策事项", "#"),
        SideItem::new("采纳情况", "#"),
    ];
    if let Some(item) = side.get_mut(1) {
        item.current = true;
        item.count = Some(12);
    }
    if let Some(item) = side.get_mut(3) {
        item.count = Some(2);
        item.alert = true;
        item.heading = Some("办理".into());
    }
    let body = html! {
        (page_head("意见审核", html! { span { "待审核 12 条，最早的还剩 1 个工作日" } }))
        (one_table())
        div.card { (duties(Lang::Zh)) }
        div.keys { (key_hint("j", "下一条")) (key_hint("k", "上一条")) (key_hint("p", "公开")) }
    };
    desk(&f, "意见审核", &side, body)
}
