//! The receipt: a stamped slip with the code in big groups, and what happens next.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use super::{Proposal, QuotedClause, proposal};
use crate::label::matter;
use crate::{
    attachment::{AttachedFile, attached_files},
    component::{Fact, SlipHead, TimelineStep, definition_list, slip, stamp, what_next},
    consultation::clause_quote,
    label::{Showing, Tone},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct ReceiptView {
    /// With dashes: `7K3M-Q9TX-2HDV-0ABC`
    pub code: String,
    /// 受理编号
    pub number: String,
    pub consultation_title: String,
    pub consultation: Href,
    pub clause: Option<QuotedClause>,
    pub received: When,
    pub text: String,
    /// The text told apart, where it proposes other words.
    pub proposal: Option<Proposal>,
    pub showing: Showing,
    /// `138****1234`; told so that a wrong number is noticed.
    pub contact_masked: Option<String>,
    /// The last day of the review.
    pub review_by: NaiveDate,
    pub steps: Vec<TimelineStep>,
    pub files: Vec<AttachedFile>,
    pub state_page: Href,
    pub download: Href,
    /// For the clerk who took it down: on to the next one.
    pub record_next: Option<Href>,
}

/// When it was received; of a letter or a call only the day is known.
#[derive(Clone, Copy, Debug)]
pub enum When {
    At(NaiveDateTime),
    On(NaiveDate),
}

impl When {
    #[must_use]
    pub fn text(self, lang: Lang) -> String {
        match self {
            Self::At(at) => lang.date_time(at),
            Self::On(day) => lang.date(day),
        }
    }
}

#[must_use]
pub fn receipt(frame: &Frame<'_>, view: &ReceiptView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = lang.t("您的意见已登记", "Your opinion is registered");
    let head = SlipHead {
        kind: lang.t("意见回执", "receipt"),
        title,
        stamp: stamp(Tone::Warn, "已登记"),
        code: &view.code,
        keep: lang.t(
            "请妥善保存，凭它查看审核、办理和采纳结果。",
            "Keep it: it is the key to review, progress and result.",
        ),
        links: html! { a href=(view.download) download { (lang.t("下载回执", "Download")) } },
    };
    let body = html! {
        (facts(lang, view))
        (what_next(lang, &view.steps))
        section.slip-part {
            h2 { (lang.t("您的意见", "Your opinion")) }
            @if let Some(c) = &view.clause { (clause_quote(lang, &c.label, &c.lines)) }
            @match &view.proposal {
                Some(p) => div.own-words { (proposal(lang, p)) },
                None => div.own-words { p { (view.text) } },
            }
            (attached_files(lang, &view.files))
        }
        p.actions.no-print {
            @if let Some(href) = &view.record_next { a.button.primary href=(href) { (lang.t("录入下一条", "Enter the next one")) } }
            a.button.primary href=(view.state_page) { (lang.t("查看办理情况", "See its state")) }
            a.button href=(view.consultation) { (lang.t("回到草案，再提一条", "Back to the draft")) }
        }
    };
    let body = slip(&frame, &head, body);
    page(&frame, title, &[Crumb::here(lang.t("意见回执", "Receipt"))], body)
}

fn facts(lang: Lang, view: &ReceiptView) -> Markup {
    let mut facts = vec![
        Fact::new(
            lang.t("事项", "Matter"),
            html! { a href=(view.consultation) lang=[lang.content()] { (matter(&view.consultation_title)) } },
        ),
        Fact::text(
            lang.t("针对", "On"),
            view.clause.as_ref().map_or(lang.t("全文", "the whole draft"), |c| c.label.as_str()),
        ),
        Fact::text(lang.t("受理编号", "Number"), &view.number),
        Fact::text(lang.t("收到时间", "Received"), &view.received.text(lang)),
        Fact::text(lang.t("公开方式", "Shown"), view.showing.word(lang)),
        Fact::text(lang.t("最迟审核", "Reviewed by"), &lang.deadline(view.review_by)),
    ];
    if let Some(contact) = &view.contact_masked {
        facts.push(Fact::text(lang.t("联系方式", "Contact"), contact));
    }
    definition_list(&facts)
}
