//! The form to report a published opinion.

use maud::{Markup, html};

use crate::{
    component::page_head,
    consultation::{Span, opinion_text},
    form::{Choice, Field, FormState, csrf, error_summary, radios, submit, textarea},
    label::matter,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct ReportView {
    pub action: Href,
    pub csrf: String,
    pub consultation_title: String,
    /// The opinion's place on the consultation's page.
    pub back: Href,
    /// `张*`, `匿名`, or a name.
    pub who: String,
    pub text: Vec<Span>,
    pub reasons: Vec<Choice>,
    pub max_characters: usize,
    /// Fields `reason`, `note`.
    pub state: FormState,
}

#[must_use]
pub fn report(frame: &Frame<'_>, view: &ReportView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Consultations, no_index: true, ..frame.clone() };
    let title = lang.t("举报一条公开的意见", "Report a published opinion");
    let note = Field::new("note", lang.t("补充说明", "More about it")).rows(3).max(view.max_characters).hint(
        lang.t(
            "例如哪一句、涉及谁。不必写明您是谁。",
            "For instance which words. You need not say who you are.",
        ),
    );
    let body = html! {
        div.narrow {
            (page_head(title, html! { a href=(view.back) lang=[lang.content()] { (matter(&view.consultation_title)) } }))
            (error_summary(lang, &view.state))
            section.card {
                div.own-words lang=[lang.content()] { (opinion_text(&view.text, lang)) }
                p.small lang=[lang.content()] { (view.who) }
            }
            form.card method="post" action=(view.action) novalidate {
                (csrf(&view.csrf))
                p.soft { (lang.t(
                    "不同的看法不是举报的理由。审核员会核对；需要隐去或不再公开的，意见仍计入办理。",
                    "To think otherwise is no reason to report. A moderator will look at it; whatever is removed or no longer shown, the opinion stays counted.",
                )) }
                (radios(lang, &view.state, &Field::new("reason", lang.t("举报原因", "What is wrong")).required(), &view.reasons))
                (textarea(lang, &view.state, &note))
                div.actions {
                    (submit(lang.t("提交举报", "Report it")))
                    a.button href=(view.back) { (lang.t("返回", "Back")) }
                }
            }
        }
    };
    let trail = [
        Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS),
        Crumb::here(lang.t("举报", "Report")),
    ];
    page(&frame, &view.state.title(lang, title), &trail, body)
}
