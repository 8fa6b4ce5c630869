//! Pictures of an event on its desk.

use maud::{Markup, html};

use crate::{
    attachment::{AttachedFile, attached_files},
    form::{Field, FormState, checkbox, csrf, file_field, submit, text_field},
    lang::Lang,
    link::Href,
};

#[derive(Clone, Debug)]
pub struct PicturesDesk {
    pub action: Href,
    /// Each with where it is taken away.
    pub pictures: Vec<(AttachedFile, Href)>,
    pub most: usize,
    pub longest_alt: usize,
    pub file_mb: usize,
}

pub(super) fn pictures(lang: Lang, view: &PicturesDesk, token: &str, state: &FormState) -> Markup {
    let hint = match lang {
        Lang::Zh => format!(
            "JPG、PNG 或 WebP，不超过 {} MB；拍摄地点、相机等信息会自动去除。最多 {} 张。",
            view.file_mb, view.most
        ),
        Lang::En => format!(
            "JPG, PNG or WebP, {} MB at most; place and camera are removed. At most {} pictures.",
            view.file_mb, view.most
        ),
    };
    html! {
        section.card #pictures {
            h2.card-title { (lang.t("活动照片", "Pictures")) span.soft.small { " " (view.pictures.len()) } }
            p.small { (lang.t("照片中的人脸请确认已征得同意；照片随活动情况一起公布。", "Make sure that those whose faces are seen agreed. Pictures are published with the report.")) }
            @for (picture, remove) in &view.pictures {
                (attached_files(lang, std::slice::from_ref(picture)))
                form.attached-away method="post" action=(remove) { (csrf(token)) button.link type="submit" data-confirm=(lang.t("撤下这张照片？", "Take this picture away?")) { (lang.t("撤下", "Take away")) span.sr { " " (picture.alt) } } }
            }
            @if view.pictures.len() < view.most {
                form method="post" action=(view.action) enctype="multipart/form-data" novalidate {
                    (csrf(token))
                    (file_field(lang, state, &Field::new("files", lang.t("照片", "Picture")).required().hint(&hint), ".jpg,.jpeg,.png,.webp", false))
                    (text_field(lang, state, &Field::new("alt", lang.t("照片说明", "What it shows")).required().max(view.longest_alt)
                        .hint(lang.t("一句话说明内容，供看不到图片的人了解，例如：市民代表在训练馆听讲解", "In one line, for those who cannot see it: Citizens are shown the training hall"))))
                    (checkbox(lang, state, &Field::new("faces_checked", "").required(), html! {
                        (lang.t("照片中能认出的人已同意公开（未成年人由监护人同意），或没有能认出的人", "Everybody who can be recognised agreed (guardians for minors), or nobody can be"))
                    }))
                    div.form-acts { (submit(lang.t("添加照片", "Add the picture"))) }
                }
            }
        }
    }
}
