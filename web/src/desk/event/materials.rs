//! Materials of an event on its desk.

use maud::{Markup, html};

use crate::{
    attachment::{AttachedFile, attached_files},
    form::{Field, FormState, csrf, file_field, submit, text_field},
    lang::Lang,
    link::Href,
};

#[derive(Clone, Debug)]
pub struct MaterialsDesk {
    pub action: Href,
    /// Each with where it is taken away.
    pub files: Vec<(AttachedFile, Href)>,
    pub most: usize,
    pub longest_title: usize,
    pub file_mb: usize,
}

pub(super) fn materials(lang: Lang, view: &MaterialsDesk, token: &str, state: &FormState) -> Markup {
    let hint = match lang {
        Lang::Zh => format!(
            "PDF、Word、Excel 或纯文本文件，不超过 {} MB；作者等信息会自动去除。最多 {} 份。",
            view.file_mb, view.most
        ),
        Lang::En => format!(
            "PDF, Word, Excel or plain text, {} MB at most; the author's name is removed. At most {} files.",
            view.file_mb, view.most
        ),
    };
    let typed = ["material", "material_title"];
    let open = typed.iter().any(|f| state.error(f).is_some() || !state.value(f).is_empty());
    html! {
        section.card #materials {
            h2.card-title { (lang.t("活动材料", "Materials")) span.soft.small { " " (view.files.len()) } }
            p.small { (lang.t("议程、讨论稿、场地平面图等，活动发布后任何人都可以下载。", "The programme, papers, a plan of the place; everybody may download them once the event is published.")) }
            @for (file, remove) in &view.files {
                (attached_files(lang, std::slice::from_ref(file)))
                form.attached-away method="post" action=(remove) { (csrf(token)) button.link type="submit" data-confirm=(lang.t("撤下这份材料？", "Take this file away?")) { (lang.t("撤下", "Take away")) span.sr { " " (file.name) } } }
            }
            @if view.files.len() < view.most {
                details.act open[open] {
                    summary { (lang.t("添加材料", "Add a file")) }
                    form method="post" action=(view.action) enctype="multipart/form-data" novalidate {
                        (csrf(token))
                        (file_field(lang, state, &Field::new("material", lang.t("文件", "File")).required().hint(&hint), ".pdf,.docx,.xlsx,.txt", false))
                        (text_field(lang, state, &Field::new("material_title", lang.t("材料名称", "What it is")).required().max(view.longest_title)
                            .hint(lang.t("例如：活动议程", "For instance: Programme"))))
                        div.form-acts { (submit(lang.t("添加材料", "Add the file"))) }
                    }
                }
            }
        }
    }
}
