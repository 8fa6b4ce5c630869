//! What came and how fast it was answered, in figures that add up.

use maud::{Markup, html};

use crate::{
    component::{Column, Part, PartTone, Table, card, numbers, page_head, table},
    layout::{Crumb, Frame, Nav, page},
    path,
};

#[derive(Clone, Debug, Default)]
pub struct FiguresView {
    pub all: FigureRow,
    pub kinds: Vec<FigureRow>,
    /// Newest first.
    pub months: Vec<FigureRow>,
    pub published: u64,
    pub overdue: u64,
    /// A word and how often it was said.
    pub satisfaction: Vec<(String, u64)>,
}

#[derive(Clone, Debug, Default)]
pub struct FigureRow {
    pub label: String,
    pub answered: u64,
    pub in_time: u64,
    pub rejected: u64,
    pub waiting: u64,
}

impl FigureRow {
    fn received(&self) -> u64 {
        self.answered + self.rejected + self.waiting
    }
}

#[must_use]
pub fn figures(frame: &Frame<'_>, view: &FiguresView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Messages, ..frame.clone() };
    let title = lang.t("留言办理统计", "Figures of the message board");
    let body = html! {
        (page_head(title, html! { p { (lang.t("收到、答复、按期答复的留言，按类别和月份。", "Received, answered and answered in time, by kind and month.")) } }))
        div.narrow.stack {
            (card(lang.t("全部留言", "All messages"), all(&frame, view)))
            (card(lang.t("按类别", "By kind"), rows(&frame, lang.t("类别", "Kind"), lang.t("按类别", "By kind"), &view.kinds)))
            @if view.months.is_empty() {
                (card(lang.t("按月份", "By month"), html! { p.soft { (lang.t("还没有收到留言。", "Nothing was received yet.")) } }))
            } @else {
                (card(lang.t("按月份", "By month"), rows(&frame, lang.t("收到月份", "Received in"), lang.t("按月份", "By month"), &view.months)))
            }
            (card(lang.t("留言人评价", "What authors say"), satisfaction(&frame, view)))
        }
    };
    let trail = [Crumb::link(lang.t("留言板", "Message board"), path::MESSAGES), Crumb::here(title)];
    page(&frame, title, &trail, body)
}

fn all(frame: &Frame<'_>, view: &FiguresView) -> Markup {
    let (lang, a) = (frame.lang, &view.all);
    let late = a.answered.saturating_sub(a.in_time);
    let mut parts = vec![
        Part::new(lang.t("按期答复", "Answered in time"), a.in_time, PartTone::Strong),
        Part::new(lang.t("逾期答复", "Answered late"), late, PartTone::Warn),
        Part::new(lang.t("不予受理", "Not accepted"), a.rejected, PartTone::Pale)
            .note(lang.t("已告知原因和去处", "with the reason and whom to ask")),
    ];
    let mut waiting = Part::new(lang.t("办理中", "Being dealt with"), a.waiting, PartTone::Light);
    if view.overdue > 0 {
        waiting = waiting.note(format!("{}{}", lang.t("其中逾期未答复 ", "overdue: "), view.overdue));
    }
    parts.push(waiting);
    html! {
        (numbers(lang.t("全部留言", "All messages"), lang.t("共收到", "Received"), &parts))
        p.small { (lang.t("经留言人同意公开 ", "Published with their authors' consent: ")) (view.published) (lang.t(" 件。", ".")) }
    }
}

fn rows(frame: &Frame<'_>, head: &str, caption: &str, rows: &[FigureRow]) -> Markup {
    let lang = frame.lang;
    let row = |r: &FigureRow| {
        let mut cells = vec![html! { (r.label) }];
        let n = [r.received(), r.answered, r.in_time, r.rejected, r.waiting];
        cells.extend(n.map(|n| html! { (n) }));
        cells
    };
    table(&Table {
        caption: caption.to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::tight(head),
            Column::number(lang.t("收到", "Received")),
            Column::number(lang.t("已答复", "Answered")),
            Column::number(lang.t("其中按期", "In time")),
            Column::number(lang.t("不予受理", "Not accepted")),
            Column::number(lang.t("办理中", "Waiting")),
        ],
        rows: rows.iter().map(row).collect(),
        row_head: Some(0),
    })
}

fn satisfaction(frame: &Frame<'_>, view: &FiguresView) -> Markup {
    let lang = frame.lang;
    let tones = [PartTone::Strong, PartTone::Middle, PartTone::Warn];
    let parts: Vec<Part> = view
        .satisfaction
        .iter()
        .zip(tones)
        .map(|((word, n), tone)| Part::new(word.as_str(), *n, tone))
        .collect();
    html! {
        (numbers(lang.t("留言人评价", "What authors say"), lang.t("共评价", "Rated"), &parts))
        p.small { (lang.t("留言人凭查询码评价答复，每条留言一次。", "Authors rate the answer with their code, once a message.")) }
    }
}
