//! How opinions were handled, in figures that add up.

use maud::{Markup, html};

use crate::{
    component::{Column, Part, PartTone, Table, card, numbers, page_head, table},
    label::{Channel, matter},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
    questionnaire::filled_in,
};

#[derive(Clone, Debug)]
pub struct FairnessView {
    pub consultation_title: String,
    pub consultation: Href,
    pub published: u64,
    /// Of those published, how many without their personal data.
    pub redacted: u64,
    /// Of all, how many came in floods.
    pub in_floods: u64,
    pub pending: u64,
    pub withheld: u64,
    pub rejected: u64,
    /// By their authors.
    pub withdrawn: u64,
    pub channels: Vec<ChannelRow>,
    pub not_shown: Vec<NotShownRow>,
    /// Reasons with few cases stand together until the consultation is closed.
    pub few: Option<u64>,
    pub appeals_open: u64,
    pub appeals_upheld: u64,
    pub appeals_overturned: u64,
    /// Who filled in the questionnaire beside it.
    pub questionnaire: Option<u64>,
}

#[derive(Clone, Debug)]
pub struct ChannelRow {
    pub channel: Channel,
    pub received: u64,
    pub published: u64,
    pub pending: u64,
    pub not_shown: u64,
}

#[derive(Clone, Debug)]
pub struct NotShownRow {
    pub reason: String,
    pub counted: bool,
    pub n: u64,
}

#[must_use]
pub fn fairness(frame: &Frame<'_>, view: &FairnessView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Consultations, ..frame.clone() };
    let title = lang.t("意见办理公开", "How opinions were handled");
    let body = html! {
        (page_head(title, html! { a href=(view.consultation) lang=[lang.content()] { (matter(&view.consultation_title)) } }))
        div.narrow.stack {
            (card(lang.t("收到的意见", "Opinions received"), standing(&frame, view)))
            (card(lang.t("按提交方式", "By channel"), channels(&frame, view)))
            (card(lang.t("没有公开的原因", "Why some are not shown"), reasons(&frame, view)))
            (card(lang.t("申诉", "Appeals"), appeals(&frame, view)))
            @if let Some(n) = view.questionnaire { (card(lang.t("问卷调查", "Questionnaire"), questionnaire(&frame, view, n))) }
        }
    };
    let trail = [
        Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS),
        Crumb::link(lang.t("征集正文", "The consultation"), view.consultation.as_str()),
        Crumb::here(title),
    ];
    page(&frame, title, &trail, body)
}

fn standing(frame: &Frame<'_>, view: &FairnessView) -> Markup {
    let lang = frame.lang;
    let mut published = Part::new(lang.t("已公开", "Published"), view.published, PartTone::Strong);
    if view.redacted > 0 {
        let n = view.redacted;
        published = match lang {
            Lang::Zh => published.note(format!("其中 {n} 件隐去了个人信息")),
            Lang::En => published.note(format!("{n} of them without personal data")),
        };
    }
    let mut parts = vec![
        published,
        Part::new(lang.t("待审核", "Waiting for review"), view.pending, PartTone::Middle),
        Part::new(lang.t("不公开", "Not shown"), view.withheld, PartTone::Light)
            .note(lang.t("已计入办理", "counted and dealt with")),
        Part::new(lang.t("不予受理", "Not accepted"), view.rejected, PartTone::Pale).note(lang.t(
            "由两位审核员决定，重复提交和没有内容的除外",
            "takes two moderators, but for repetitions and empty texts",
        )),
    ];
    if view.withdrawn > 0 {
        let part =
            Part::new(lang.t("作者撤回", "Withdrawn by their authors"), view.withdrawn, PartTone::Pale);
        parts.push(part.note(lang.t("不再计入办理", "no longer counted")));
    }
    html! {
        (numbers(lang.t("收到的意见", "Opinions received"), lang.t("共收到", "Received"), &parts))
        @if view.in_floods > 0 {
            p.small.soft { (match lang {
                Lang::Zh => format!("其中 {} 件在短时间内集中提交，排队时单列，登记、计数、审核期限和标准与其他意见相同。", view.in_floods),
                Lang::En => format!("{} of them came in floods and were queued apart; they are counted and reviewed like all others, within the same period.", view.in_floods),
            }) }
        }
    }
}

fn questionnaire(frame: &Frame<'_>, view: &FairnessView, n: u64) -> Markup {
    let lang = frame.lang;
    html! {
        p { (filled_in(lang, n)) (lang.t("。问卷不是意见，不计入以上各项。", ". They are no opinions and in no other figure here.")) }
        p { a href={ (view.consultation) "/questionnaire/results" } { (lang.t("查看问卷结果", "See the results")) } }
    }
}

fn channels(frame: &Frame<'_>, view: &FairnessView) -> Markup {
    let lang = frame.lang;
    if view.channels.is_empty() {
        return html! { p.soft { (lang.t("还没有收到意见。", "Nothing was received yet.")) } };
    }
    let row = |c: &ChannelRow| {
        let mut cells = vec![html! { (c.channel.word(lang)) }];
        cells.extend([c.received, c.published, c.pending, c.not_shown].map(|n| html! { (n) }));
        cells
    };
    table(&Table {
        caption: lang.t("按提交方式", "By channel").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("提交方式", "Channel")),
            Column::number(lang.t("收到", "Received")),
            Column::number(lang.t("已公开", "Published")),
            Column::number(lang.t("待审核", "Waiting")),
            Column::number(lang.t("没有公开", "Not shown")),
        ],
        rows: view.channels.iter().map(row).collect(),
        row_head: Some(0),
    })
}

fn reasons(frame: &Frame<'_>, view: &FairnessView) -> Markup {
    let lang = frame.lang;
    if view.not_shown.is_empty() && view.withdrawn == 0 {
        return html! { p.soft { (lang.t("审核过的意见都已公开。", "All that was reviewed is shown.")) } };
    }
    let counted = |counted: bool| {
        if counted {
            lang.t("不公开，同样办理", "not shown, dealt with all the same")
        } else {
            lang.t("不予受理", "not accepted")
        }
    };
    let row = |r: &NotShownRow| vec![html! { (r.reason) }, html! { (counted(r.counted)) }, html! { (r.n) }];
    let mut rows: Vec<Vec<Markup>> = view.not_shown.iter().map(row).collect();
    if view.withdrawn > 0 {
        let (reason, what) =
            (lang.t("作者撤回", "Taken back by their authors"), lang.t("不再计入办理", "no longer counted"));
        rows.push(vec![html! { (reason) }, html! { (what) }, html! { (view.withdrawn) }]);
    }
    html! {
        (table(&Table {
            caption: lang.t("没有公开的原因", "Why some are not shown").to_owned(),
            caption_hidden: true,
            columns: vec![
                Column::text(lang.t("原因", "Reason")),
                Column::text(lang.t("怎样处理", "What happens")),
                Column::number(lang.t("件数", "Opinions")),
            ],
            rows,
            row_head: Some(0),
        }))
        @if let Some(few) = view.few {
            p.small { (lang.t("为保护作者，征集期间不足 ", "To protect authors, reasons with fewer than ")) (few) (lang.t(" 件的原因合并列出，截止后分别公布。", " cases stand together until the consultation closes.")) }
        }
        p.small { a href=(path::NOTICE) { (lang.t("审核规则和全部原因", "The rules of review, and all reasons")) } }
    }
}

fn appeals(frame: &Frame<'_>, view: &FairnessView) -> Markup {
    let lang = frame.lang;
    let parts = [
        Part::new(lang.t("申诉成立，重新审核", "Granted"), view.appeals_overturned, PartTone::Strong),
        Part::new(lang.t("维持原审核决定", "The review stood"), view.appeals_upheld, PartTone::Middle),
        Part::new(lang.t("等待复核", "Waiting"), view.appeals_open, PartTone::Light),
    ];
    html! {
        (numbers(lang.t("申诉", "Appeals"), lang.t("共收到", "Received"), &parts))
        p.small { (lang.t("作者对审核决定可以申诉一次，由没有参与审核的审核员复核。", "An author may object once; a moderator who took no part decides.")) }
    }
}
