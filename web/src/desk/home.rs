//! The desk's first page: what waits for this person, the most urgent first.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::duty::{DutyRow, duty_table};
use super::inbox::NoticeRow;
use crate::{
    component::{card, empty_state, page_head},
    icon::{Icon, icon},
    lang::{Lang, stamp},
    layout::{Frame, SideItem, desk},
    link::Href,
    path,
};

/// Something that waits, with a word on why.
#[derive(Clone, Debug)]
pub struct WaitingRow {
    pub title: String,
    pub note: String,
    pub href: Href,
}

/// The queue of opinions.
#[derive(Clone, Debug)]
pub struct ReviewQueue {
    pub waiting: u64,
    /// How long the oldest one has waited, in words.
    pub oldest: String,
    pub overdue: u64,
    pub href: Href,
}

/// A step of setting up a new site.
#[derive(Clone, Debug)]
pub struct GuideStep {
    pub title: String,
    pub why: String,
    pub href: Option<Href>,
    pub done: bool,
}

#[derive(Clone, Debug, Default)]
pub struct DeskView {
    pub name: String,
    pub today: Option<NaiveDate>,
    /// Whether people work today.
    pub day_word: String,
    /// Shown until everything is done.
    pub guide: Vec<GuideStep>,
    pub duties: Vec<DutyRow>,
    /// Whether they are other people's: a supervisor's view.
    pub duties_of_all: bool,
    pub duties_shown: bool,
    pub review: Option<ReviewQueue>,
    /// Orders of supervisors that wait for an answer.
    pub to_answer: Vec<WaitingRow>,
    /// Summaries that wait for this head's approval.
    pub to_approve: Vec<WaitingRow>,
    /// What this person's department began and has not published.
    pub drafts: Vec<WaitingRow>,
    pub notices: Vec<NoticeRow>,
}

#[must_use]
pub fn home(frame: &Frame<'_>, side: &[SideItem], view: &DeskView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("工作台", "Desk");
    let body = html! {
        (page_head(title, html! {
            span lang=[lang.content()] { (view.name) }
            @if let Some(today) = view.today { span { (lang.date(today)) " " (lang.weekday(today)) " · " (view.day_word) } }
        }))
        (guide(lang, &view.guide))
        div.side-by-side.desk-home {
            div {
                (waiting(lang, lang.t("待回复的督办", "Orders to answer"), &view.to_answer))
                (review(lang, view.review.as_ref()))
                (waiting(lang, lang.t("待我审批", "To approve"), &view.to_approve))
                @if view.duties_shown { (duties(lang, view)) }
                (waiting(lang, lang.t("草稿", "Drafts"), &view.drafts))
                (nothing(lang, view))
            }
            aside { (notices(lang, &view.notices)) }
        }
    };
    desk(frame, title, side, body)
}

fn guide(lang: Lang, steps: &[GuideStep]) -> Markup {
    html! {
        @if steps.iter().any(|s| !s.done) {
            section.card.guide {
                h2.card-title { (lang.t("开始使用", "First steps")) }
                ol.step-list {
                    @for s in steps {
                        li class=[s.done.then_some("guide-done")] {
                            @if s.done {
                                (icon(Icon::Check)) " " (s.title) span.sr { (lang.t("（已完成）", " (done)")) }
                            } @else {
                                @if let Some(href) = &s.href { a href=(href) { (s.title) } } @else { strong { (s.title) } }
                                p.small { (s.why) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn review(lang: Lang, queue: Option<&ReviewQueue>) -> Markup {
    html! {
        @if let Some(q) = queue.filter(|q| q.waiting > 0) {
            (card(lang.t("待审核意见", "Opinions to review"), html! {
                p.desk-number {
                    strong { (q.waiting) } " " (lang.t("条", "waiting"))
                    span.small { (lang.t("最早一条已等待 ", "the oldest for ")) (q.oldest) }
                    @if q.overdue > 0 {
                        span.late { (lang.counted(i64::try_from(q.overdue).unwrap_or(i64::MAX), "条已逾期", "overdue", "overdue")) }
                    }
                }
                p.actions { a.button.primary href=(q.href) { (lang.t("开始审核", "Review")) } }
            }))
        }
    }
}

fn duties(lang: Lang, view: &DeskView) -> Markup {
    let title = if view.duties_of_all {
        lang.t("各单位时限", "Duties of all departments")
    } else {
        lang.t("我的时限", "My duties")
    };
    html! {
        section.card {
            div.section-head {
                h2.card-title { (title) }
                a.small href="/desk/duties" { (lang.t("全部时限", "All duties")) }
            }
            @if view.duties.is_empty() {
                (empty_state(lang.t("没有待办的时限", "No open duty"), lang.t("新的时限会在工作日 9:00 提醒您。", "A new duty is told at 9:00 on working days."), None))
            } @else {
                (duty_table(lang, title, &view.duties, view.duties_of_all))
            }
        }
    }
}

fn waiting(lang: Lang, title: &str, rows: &[WaitingRow]) -> Markup {
    html! {
        @if !rows.is_empty() {
            (card(title, html! {
                ul.waiting {
                    @for row in rows {
                        li { a href=(row.href) lang=[lang.content()] { (row.title) } span.small { (row.note) } }
                    }
                }
            }))
        }
    }
}

fn nothing(lang: Lang, view: &DeskView) -> Markup {
    let busy = view.duties_shown
        || view.review.as_ref().is_some_and(|q| q.waiting > 0)
        || !view.to_answer.is_empty()
        || !view.to_approve.is_empty()
        || !view.drafts.is_empty()
        || view.guide.iter().any(|s| !s.done);
    html! {
        @if !busy {
            (empty_state(lang.t("现在没有待办", "Nothing waits for you"), lang.t("有新的工作时，收件箱会有消息。", "The inbox tells when something does."), None))
        }
    }
}

fn notices(lang: Lang, rows: &[NoticeRow]) -> Markup {
    html! {
        (card(lang.t("最近消息", "Recent notices"), html! {
            @if rows.is_empty() {
                p.small { (lang.t("还没有消息。", "None yet.")) }
            } @else {
                ul.waiting {
                    @for row in rows {
                        li class=[row.unread.then_some("inbox-unread")] {
                            span lang=[lang.content()] { (row.title) }
                            span.small { (stamp(row.at)) }
                        }
                    }
                }
                p.actions { a href=(path::INBOX) { (lang.t("打开收件箱", "Open the inbox")) } }
            }
        }))
    }
}
