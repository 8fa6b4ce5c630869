//! The head of an official document as a quiet table: 索引号, 发文字号, 成文日期 …

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::lang::Lang;

/// What is not known is left out.
#[derive(Clone, Debug, Default)]
pub struct DocumentHead {
    /// 索引号
    pub index: String,
    /// 主题分类
    pub topic: String,
    /// 公开主体
    pub publisher: String,
    /// 发文字号
    pub issue_number: String,
    /// 成文日期
    pub formed: Option<NaiveDate>,
    /// 发布日期
    pub published: Option<NaiveDate>,
    /// 有效性: 征求意见中, 有效, 已废止 …
    pub validity: String,
}

#[must_use]
pub fn document_head(lang: Lang, head: &DocumentHead) -> Markup {
    let rows = [
        (lang.t("索引号", "Index number"), head.index.clone()),
        (lang.t("主题分类", "Subject"), head.topic.clone()),
        (lang.t("公开主体", "Published by"), head.publisher.clone()),
        (lang.t("发文字号", "Document number"), head.issue_number.clone()),
        (lang.t("成文日期", "Date of document"), head.formed.map(|d| lang.date(d)).unwrap_or_default()),
        (lang.t("发布日期", "Published on"), head.published.map(|d| lang.date(d)).unwrap_or_default()),
        (lang.t("有效性", "Validity"), head.validity.clone()),
    ];
    html! {
        dl.doc-head {
            @for (label, value) in rows {
                @if !value.is_empty() { div { dt { (label) } dd lang=[lang.content()] { (value) } } }
            }
        }
    }
}
