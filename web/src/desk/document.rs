//! Documents of a decision: their versions, writing one, and seeing how it is cut before anybody else does.

use maud::{Markup, html};

use crate::{
    component::{FileLink, alert, card, empty_state, file_list, page_head},
    consultation::{DraftView, reader},
    form::{Field, FormState, csrf, error_summary, file_field, hidden, submit, text_field, textarea},
    icon::Icon,
    label::{Tone, badge},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

/// The decision that everything on these pages belongs to.
#[derive(Clone, Debug)]
pub struct DecisionRef {
    pub code: String,
    pub title: String,
    pub href: Href,
}

#[derive(Clone, Debug)]
pub struct DocumentsView {
    pub decision: DecisionRef,
    pub groups: Vec<DocumentGroup>,
    /// What usually comes next, for instance the consultation, and whether it waits now.
    pub next: Option<(String, Href, bool)>,
}

/// The versions of one kind.
#[derive(Clone, Debug)]
pub struct DocumentGroup {
    pub title: String,
    pub hint: String,
    /// Newest first.
    pub versions: Vec<VersionRow>,
    /// Where a new version is written; none while one is unpublished.
    pub add: Option<Href>,
}

#[derive(Clone, Debug)]
pub struct VersionRow {
    pub version: i32,
    pub title: String,
    pub href: Href,
    /// When it was published, in words.
    pub published: Option<String>,
    /// `42 条，12 项，6,120 字`
    pub cut: String,
    pub notice: String,
    pub files: Vec<FileLink>,
    pub compare: Option<Href>,
    pub edit: Option<Href>,
}

#[must_use]
pub fn documents(frame: &Frame<'_>, side: &[SideItem], view: &DocumentsView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("草案、说明和依据", "Documents");
    let body = html! {
        (back(lang, &view.decision))
        (page_head(title, html! {
            @if let Some((label, href, now)) = &view.next {
                p { a class={ "button" @if *now { " primary" } } href=(href) { (label) } }
            }
        }))
        @for group in &view.groups { (document_group(lang, group)) }
    };
    desk(frame, title, side, body)
}

/// The way back to the decision, above the title of every page that belongs to it.
#[must_use]
pub fn back(lang: Lang, decision: &DecisionRef) -> Markup {
    html! {
        p.back {
            a href=(decision.href) { (decision.code) " " span lang=[lang.content()] { (decision.title) } }
        }
    }
}

fn document_group(lang: Lang, group: &DocumentGroup) -> Markup {
    html! {
        section.card {
            div.card-row {
                h2.card-title { (group.title) }
                @if let Some(href) = &group.add {
                    a.button href=(href) {
                        (if group.versions.is_empty() { lang.t("录入", "Write") } else { lang.t("新增版本", "New version") })
                        span.sr { (group.title) }
                    }
                }
            }
            @if group.versions.is_empty() { p.soft { (group.hint) } }
            @for v in &group.versions { (version(lang, v)) }
        }
    }
}

fn version(lang: Lang, v: &VersionRow) -> Markup {
    html! {
        div.version {
            p.version-line {
                strong { (version_word(lang, v.version)) }
                @match &v.published {
                    Some(when) => (badge(Tone::Good, Icon::Check, when)),
                    None => (badge(Tone::Info, Icon::Ring, lang.t("未公布", "Not published"))),
                }
                a href=(v.href) lang=[lang.content()] { (v.title) }
                span.soft { (v.cut) }
            }
            @if !v.notice.is_empty() {
                p.small { (lang.t("更正说明：", "Correction: ")) span lang=[lang.content()] { (v.notice) } }
            }
            p.version-acts {
                @if let Some(href) = &v.edit { a href=(href) { (lang.t("修改", "Change")) } }
                a href=(v.href) { (lang.t("查看切分", "See the cut")) }
                @if let Some(href) = &v.compare { a href=(href) { (lang.t("与前一版比较", "Compare with the version before")) } }
            }
            (file_list(lang, &v.files))
        }
    }
}

#[must_use]
pub fn version_word(lang: Lang, version: i32) -> String {
    match lang {
        Lang::Zh => format!("第 {version} 版"),
        Lang::En => format!("Version {version}"),
    }
}

#[derive(Clone, Debug)]
pub struct DocumentFormView {
    pub decision: DecisionRef,
    pub state: FormState,
    pub csrf: String,
    pub action: Href,
    /// `决策草案`
    pub kind: String,
    pub version: i32,
    /// This kind is cut into clauses.
    pub cut: bool,
    /// Another version stands before this one, so something may have to be said about what changed.
    pub corrects: bool,
    /// Originals already there, with the value that drops each.
    pub files: Vec<(FileLink, String)>,
    pub upload_mib: usize,
}

#[must_use]
pub fn document_form(frame: &Frame<'_>, side: &[SideItem], view: &DocumentFormView) -> Markup {
    let lang = frame.lang;
    let title = format!("{} · {}", view.kind, version_word(lang, view.version));
    let body = html! {
        (back(lang, &view.decision))
        (page_head(&title, html! {}))
        (error_summary(lang, &view.state))
        form.card method="post" action=(view.action) enctype="multipart/form-data" {
            (csrf(&view.csrf))
            (hidden("seen", view.state.value("seen")))
            (text_fields(lang, view))
            (file_fields(lang, view))
            div.form-acts {
                (submit(if view.cut { lang.t("保存并查看切分", "Save and see the cut") } else { lang.t("保存", "Save") }))
                a.button href={ (view.decision.href) "/documents" } { (lang.t("取消", "Cancel")) }
            }
        }
    };
    desk(frame, &view.state.title(lang, &title), side, body)
}

fn text_fields(lang: Lang, view: &DocumentFormView) -> Markup {
    let body_hint = if view.cut {
        lang.t(
            "粘贴全文，一段一行。“第×条”“一、”“（一）”开头的行会切分为可以逐条提意见的条款；原文一字不改。",
            "Paste the whole text, a paragraph a line. Lines that begin with 第×条, 一、 or （一） become clauses people can speak on; not a word is changed.",
        )
    } else {
        lang.t("一段一行。", "A paragraph a line.")
    };
    html! {
        (text_field(lang, &view.state, &Field::new("title", lang.t("标题", "Title")).hint(lang.t("不填则取正文第一行。", "Left empty, the first line of the text is taken."))))
        @if view.corrects {
            (textarea(lang, &view.state, &Field::new("correction_notice", lang.t("更正或修改说明", "What changed")).rows(2).max(1000)
                .hint(lang.t("与前一版相比改了什么；随文本一起公布。", "Against the version before; published with the text."))))
        }
        (textarea(lang, &view.state, &Field::new("body", lang.t("正文", "Text")).rows(24).hint(body_hint)))
    }
}

fn file_fields(lang: Lang, view: &DocumentFormView) -> Markup {
    let hint = match lang {
        Lang::Zh => format!(
            ".docx、.txt 或 .pdf，每个不超过 {} MB，最多 5 个。正文留空时从 .docx 或 .txt 读取；PDF 只供下载。",
            view.upload_mib
        ),
        Lang::En => format!(
            ".docx, .txt or .pdf, {} MB each, 5 at most. With no text above it is read from the .docx or .txt; a PDF is for download only.",
            view.upload_mib
        ),
    };
    html! {
        @if !view.files.is_empty() {
            fieldset.field {
                legend { (lang.t("已有文件", "Files")) }
                @for (file, value) in &view.files {
                    div.choice {
                        input type="checkbox" name="drop" value=(value) id={ "drop-" (value) } checked[view.state.has("drop", value)];
                        label for={ "drop-" (value) } {
                            (lang.t("删除 ", "Remove ")) span lang=[lang.content()] { (file.label) } " · " (file.size)
                        }
                    }
                }
            }
        }
        (file_field(lang, &view.state, &Field::new("file", lang.t("上传文件", "Files to send")).hint(&hint), ".docx,.txt,.pdf", true))
    }
}

/// How a version is cut, before and after it is published.
#[derive(Clone, Debug)]
pub struct CutView {
    pub decision: DecisionRef,
    pub kind: String,
    pub version: i32,
    pub title: String,
    pub published: Option<String>,
    pub notice: String,
    /// `条` with its number, and so on.
    pub counts: Vec<(String, i64)>,
    pub units: usize,
    pub draft: DraftView,
    /// The text as it is, where it is not cut.
    pub text: String,
    pub hash: String,
    pub csrf: String,
    pub edit: Option<Href>,
    pub remove: Option<Href>,
    /// Where a final text is published.
    pub publish: Option<Href>,
    pub compare: Option<Href>,
    pub public: Option<Href>,
    pub state: FormState,
}

#[must_use]
pub fn document_cut(frame: &Frame<'_>, side: &[SideItem], view: &CutView) -> Markup {
    let lang = frame.lang;
    let heading = format!("{} · {}", view.kind, version_word(lang, view.version));
    let body = html! {
        p.back { a href={ (view.decision.href) "/documents" } { (lang.t("草案、说明和依据", "Documents")) } " · " (view.decision.code) }
        (page_head(&heading, html! { p lang=[lang.content()] { (view.title) } }))
        (error_summary(lang, &view.state))
        @match &view.published {
            Some(when) => (alert(Tone::Good, when, html! { p { (lang.t("已公布的版本不能修改；需要更正的，新增版本。", "A published version cannot be changed; add a version to correct it.")) } })),
            None => (alert(Tone::Info, lang.t("尚未公布", "Not published"), html! { p { (lang.t("请核对下面的切分：公众将按这些条款提意见。公布后不能修改。", "Check the cut below: people will speak on these clauses. It cannot be changed once published.")) } })),
        }
        div.side-by-side {
            div.stack { (text_of(lang, view)) }
            aside { (facts(lang, view)) (acts(lang, view)) }
        }
    };
    desk(frame, &view.state.title(lang, &heading), side, body)
}

fn text_of(lang: Lang, view: &CutView) -> Markup {
    html! {
        @if !view.draft.parts.is_empty() {
            (reader(lang, &view.draft))
        } @else if view.text.is_empty() {
            (empty_state(lang.t("这个版本只有文件", "This version is a file only"), "", None))
        } @else {
            section.card { div.prose lang=[lang.content()] { (crate::component::paragraphs(&view.text)) } }
        }
    }
}

fn facts(lang: Lang, view: &CutView) -> Markup {
    html! {
        (card(lang.t("切分结果", "The cut"), html! {
            @if view.counts.is_empty() { p.soft { (lang.t("这类文本不切分。", "This kind is not cut.")) } }
            @else {
                table.sums {
                    caption.sr { (lang.t("各级条款数", "Clauses of each level")) }
                    tbody { @for (label, n) in &view.counts { tr { th scope="row" { (label) } td.num { (n) } } } }
                    tfoot { tr { th scope="row" { (lang.t("可逐条提意见", "Open to opinions")) } td.num { (view.units) } } }
                }
            }
        }))
        @if !view.draft.files.is_empty() { (card(lang.t("原始文件", "Originals"), file_list(lang, &view.draft.files))) }
        @if !view.notice.is_empty() { (card(lang.t("更正说明", "Correction"), html! { p lang=[lang.content()] { (view.notice) } })) }
    }
}

fn acts(lang: Lang, view: &CutView) -> Markup {
    html! {
        (card(lang.t("办理", "Next"), html! {
            div.stack-acts {
                @if let Some(href) = &view.edit { a.button href=(href) { (lang.t("修改", "Change")) } }
                @if let Some(href) = &view.compare { a.button href=(href) { (lang.t("与前一版比较", "Compare with the version before")) } }
                @if let Some(href) = &view.public { a.button href=(href) { (lang.t("公开页面", "Public page")) } }
                @if let Some(action) = &view.publish {
                    form method="post" action=(action) { (csrf(&view.csrf)) (submit(lang.t("公布正式文本", "Publish the final text"))) }
                }
                @if let Some(action) = &view.remove {
                    form method="post" action=(action) {
                        (csrf(&view.csrf))
                        button.button type="submit" { (lang.t("删除这个版本", "Remove this version")) }
                    }
                }
            }
            p.small.hash { "SHA-256 " (view.hash) }
        }))
    }
}
