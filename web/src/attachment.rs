//! Attachments: those that a form took already, and lists of them.

use maud::{Markup, html};

use crate::{
    form::hidden,
    icon::Icon,
    label::{Tone, badge},
    lang::Lang,
    link::Href,
};

/// Endings that a field for attachments offers to choose from.
pub const ACCEPTED: &str = ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,.txt";
/// Tickets of files that were taken already.
pub const FIELD_KEPT: &str = "kept_files";

/// A file that was taken with a form that is not sent yet.
#[derive(Clone, Debug)]
pub struct KeptFile {
    pub ticket: String,
    pub name: String,
    /// `PDF, 1.2 MB`
    pub size: String,
}

/// Who may see an attachment, for those who may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    Waiting,
    Published,
    Withheld,
}

#[derive(Clone, Debug)]
pub struct AttachedFile {
    pub name: String,
    pub href: Href,
    /// `PDF, 1.2 MB`
    pub size: String,
    /// Width and height of a picture; `None` for a file to be saved.
    pub picture: Option<(i32, i32)>,
    /// What a picture shows; may be empty.
    pub alt: String,
    /// `None` on public pages.
    pub seen: Option<Seen>,
}

/// The files that a form took already, to be sent with it unless the box is emptied.
#[must_use]
pub fn kept_files(lang: Lang, kept: &[KeptFile]) -> Markup {
    html! {
        @if !kept.is_empty() {
            fieldset.field.kept-files {
                legend { (lang.t("已上传的附件", "Files taken already")) }
                p.hint { (lang.t("会随意见一起提交；不需要的请取消勾选。", "They are sent with the form; empty the box to leave one out.")) }
                @for (i, file) in kept.iter().enumerate() {
                    div.choice {
                        input id={ "kept-" (i) } type="checkbox" name=(FIELD_KEPT) value=(file.ticket) checked;
                        label for={ "kept-" (i) } { span lang=[lang.content()] { (file.name) } span.choice-note { (file.size) } }
                    }
                }
            }
        }
    }
}

/// Attachments: pictures are seen, other files are saved.
#[must_use]
pub fn attached_files(lang: Lang, files: &[AttachedFile]) -> Markup {
    html! {
        @if !files.is_empty() {
            ul.attached {
                @for file in files { li { (attached_file(lang, file)) } }
            }
        }
    }
}

fn attached_file(lang: Lang, file: &AttachedFile) -> Markup {
    html! {
        @if let Some((width, height)) = file.picture {
            a.attached-picture href=(file.href) {
                img src=(file.href) width=(width) height=(height) loading="lazy"
                    alt=(if file.alt.is_empty() { file.name.as_str() } else { file.alt.as_str() }) lang=[lang.content()];
            }
            @if !file.alt.is_empty() { p.small lang=[lang.content()] { (file.alt) } }
        }
        p.small {
            a href=(file.href) download[file.picture.is_none()] lang=[lang.content()] { (file.name) }
            span.soft { " " (file.size) }
            @if let Some(seen) = file.seen { " " (seen_badge(lang, seen)) }
        }
    }
}

fn seen_badge(lang: Lang, seen: Seen) -> Markup {
    match seen {
        Seen::Waiting => badge(Tone::Info, Icon::Clock, lang.t("待审核", "to be reviewed")),
        Seen::Published => badge(Tone::Good, Icon::Check, lang.t("公开", "published")),
        Seen::Withheld => badge(Tone::Plain, Icon::Dash, lang.t("不公开", "not shown")),
    }
}

/// A moderator's decision on the attachments of an opinion, apart from its text.
#[derive(Clone, Debug)]
pub struct DecideFiles {
    pub action: Href,
    pub csrf: String,
    /// Goes back with the form.
    pub back: String,
    /// Id and file; those that are published have their box ticked.
    pub files: Vec<(String, AttachedFile)>,
    /// Whether this moderator may decide.
    pub may_decide: bool,
    /// The author wants nothing shown.
    pub hidden: bool,
}

/// Ids of the attachments that everybody may see.
pub const FIELD_SHOWN: &str = "shown";
pub const FIELD_BACK: &str = "back";

#[must_use]
pub fn decide_files(lang: Lang, view: &DecideFiles) -> Markup {
    html! {
        section.card #files {
            h2.card-title { (lang.t("附件", "Attachments")) span.soft.small { " " (view.files.len()) } }
            @if view.hidden {
                p.small { (lang.t("作者选择不公开，附件一律不公开。", "The author wants nothing shown; no attachment is.")) }
            } @else {
                p.small { (lang.t(
                    "附件与文字分开决定：勾选并保存的才公开，且只在意见公开时可见。请看清图片和文件中是否有个人信息、人脸和签名。",
                    "Decided apart from the text: only what is ticked and saved is shown, and only while the opinion is. Look for personal data, faces and signatures.",
                )) }
            }
            @if view.may_decide && !view.hidden {
                form method="post" action=(view.action) {
                    (hidden("csrf", &view.csrf))
                    (hidden(FIELD_BACK, &view.back))
                    ul.attached {
                        @for (i, (id, file)) in view.files.iter().enumerate() {
                            li {
                                (attached_file(lang, file))
                                div.choice {
                                    input id={ "shown-" (i) } type="checkbox" name=(FIELD_SHOWN) value=(id) checked[file.seen == Some(Seen::Published)];
                                    label for={ "shown-" (i) } { (lang.t("公开这个附件", "Show this one")) span.sr { " " (file.name) } }
                                }
                            }
                        }
                    }
                    div.actions { button.button type="submit" data-once { (lang.t("保存附件的决定", "Save for the attachments")) } }
                }
            } @else {
                ul.attached { @for (_, file) in &view.files { li { (attached_file(lang, file)) } } }
            }
        }
    }
}
