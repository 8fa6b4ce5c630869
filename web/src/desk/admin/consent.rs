//! The consent text: the version in force, and the form of the next one.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{Column, Table, page_head, table},
    form::{Field, FormState, csrf, error_summary, hidden, submit, textarea},
    identity::version_word,
    layout::{Frame, SideItem, desk},
    path,
};

/// A version of the text.
#[derive(Clone, Debug)]
pub struct VersionRow {
    pub version: i32,
    /// None for the one that comes with the program.
    pub published: Option<NaiveDateTime>,
}

#[derive(Clone, Debug)]
pub struct ConsentDeskView {
    /// The newest first.
    pub versions: Vec<VersionRow>,
    /// Fields `zh`, `en`, `after`.
    pub state: FormState,
    pub csrf: String,
}

#[must_use]
pub fn consent(frame: &Frame<'_>, side: &[SideItem], view: &ConsentDeskView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("个人信息处理同意书", "Consent text");
    let body = html! {
        (page_head(title, html! {
            span { (lang.t("每次提交都记录当时的版本；已发布的版本不再改动。", "Everything sent keeps the version it was sent under; published versions do not change.")) }
        }))
        (error_summary(lang, &view.state))
        form.card method="post" action=(path::DESK_CONSENT) {
            h2.card-title { (lang.t("发布新的版本", "Publish the next version")) }
            (csrf(&view.csrf))
            (hidden("after", view.state.value("after")))
            (textarea(lang, &view.state, &Field::new("zh", lang.t("中文", "Chinese")).required().rows(12).max(10_000)))
            (textarea(lang, &view.state, &Field::new("en", lang.t("英文", "English")).required().rows(12).max(10_000)))
            div.form-acts {
                (submit(lang.t("发布", "Publish")))
                span.small { (lang.t("立即生效：此后打开的表单显示新的版本，已打开的会请填写人重新阅读。", "In force at once: forms that are open ask their writers to read it again.")) }
            }
        }
        div.section {
            (table(&Table {
                caption: lang.t("各个版本", "All versions").into(),
                caption_hidden: false,
                columns: vec![Column::tight(lang.t("版本", "Version")), Column::text(lang.t("发布时间", "Published"))],
                rows: view.versions.iter().map(|row| vec![
                    html! { a href={ (path::CONSENT) "/" (row.version) } { (version_word(lang, row.version)) } },
                    html! { @match row.published {
                        Some(at) => (lang.date_time(at)),
                        None => (lang.t("随系统提供", "comes with the program")),
                    } },
                ]).collect(),
                row_head: Some(0),
            }))
        }
    };
    desk(frame, &view.state.title(lang, title), side, body)
}
