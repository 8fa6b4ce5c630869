//! The form. It says beforehand what belongs here and what does not, when the answer comes and what is shown.

use maud::{Markup, html};

use super::{
    FIELD_AGREE, FIELD_CONTACT, FIELD_DEPARTMENT, FIELD_KEY, FIELD_KIND, FIELD_NAME, FIELD_PAGE,
    FIELD_PUBLISH, FIELD_TEXT, FIELD_TITLE, FIELD_TRAP,
};
use crate::{
    component::{card, page_head},
    form::{
        Choice, Field, FormState, checkbox, csrf, error_summary, hidden, radios, select, submit, text_field,
        textarea,
    },
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct MessageFormView {
    pub csrf: String,
    pub idempotency_key: String,
    pub state: FormState,
    pub kinds: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub longest_title: usize,
    pub longest_text: usize,
    pub per_minute: u32,
    /// Working days for suggestions, for questions and complaints, for errors of the site.
    pub days: [i64; 3],
    /// The published page under which it is left.
    pub page: Option<PageLeft>,
}

/// A page that takes messages.
#[derive(Clone, Debug)]
pub struct PageLeft {
    pub title: String,
    pub path: String,
    /// A draft that is open for opinions, on which opinions are given another way.
    pub is_draft: bool,
}

#[must_use]
pub fn message_form(frame: &Frame<'_>, view: &MessageFormView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Messages, no_index: true, ..frame.clone() };
    let title = lang.t("我要留言", "Write a message");
    let body = html! {
        (page_head(title, html! { p { (lang.t("不用注册。提交后当场给出查询码，凭码查看受理和答复。", "No account needed. You get a code at once to follow it.")) } }))
        div.side-by-side.form-page {
            aside { (beforehand(lang, view)) }
            div {
                (error_summary(lang, &view.state))
                (the_form(lang, view))
            }
        }
    };
    let trail = [Crumb::link(lang.t("留言板", "Message board"), path::MESSAGES), Crumb::here(title)];
    page(&frame, &view.state.title(lang, title), &trail, body)
}

fn the_form(lang: Lang, view: &MessageFormView) -> Markup {
    let state = &view.state;
    html! {
        form.card method="post" action=(path::MESSAGES_NEW) novalidate {
            (csrf(&view.csrf))
            (hidden(FIELD_KEY, &view.idempotency_key))
            (trap(lang))
            @if let Some(p) = &view.page { (left_under(lang, p)) }
            div.choices-row { (radios(lang, state, &Field::new(FIELD_KIND, lang.t("留言类别", "Kind")).required(), &view.kinds)) }
            (text_field(lang, state, &Field::new(FIELD_TITLE, lang.t("标题", "Title")).required().max(view.longest_title)
                .hint(lang.t("一句话说明是什么事。", "What it is about, in a sentence."))))
            (textarea(lang, state, &Field::new(FIELD_TEXT, lang.t("留言内容", "Your message")).required().rows(8).max(view.longest_text)
                .hint(lang.t("一事一条。请勿填写身份证号、住址、他人姓名等个人信息。", "One matter a message. Please leave out ID numbers, addresses and other people's names."))))
            @if view.departments.len() > 1 {
                (select(lang, state, &Field::new(FIELD_DEPARTMENT, lang.t("留言单位", "To")).hint(lang.t("不清楚的可以不选，由我们转办。", "Leave it open if you do not know; we pass it on.")), &view.departments))
            }
            div.form-section {
                h2 { (lang.t("怎样答复您", "How we answer you")) }
                (text_field(lang, state, &Field::new(FIELD_NAME, lang.t("称呼", "Name")).autocomplete("name")
                    .hint(lang.t("可以不填；公开时只显示为 张*。", "Optional; shown as 张* at most."))))
                (text_field(lang, state, &Field::new(FIELD_CONTACT, lang.t("电子邮箱", "E-mail")).autocomplete("email").kind("email")
                    .hint(lang.t("可以不填；填写后每次进展都会通知您。加密保存，不公开。", "Optional; with it you are told of every step. Stored encrypted, never shown."))))
            }
            div.form-section {
                (checkbox(lang, state, &Field::new(FIELD_PUBLISH, "").hint(lang.t("不同意公开的，同样受理、同样答复，只有您凭查询码看到。", "Without it your message is dealt with all the same and only you see the answer.")),
                    html! { (lang.t("同意隐去姓名后公开留言和答复", "My message and the answer may be published, my name masked")) }))
                (checkbox(lang, state, &Field::new(FIELD_AGREE, "").required(), html! {
                    (lang.t("我已阅读", "I have read the ")) a href=(path::NOTICE) { (lang.t("《留言须知》", "rules and privacy notice")) }
                    (lang.t("，同意为办理本留言使用以上信息。", " and agree that the above is used to deal with this message."))
                }))
                div.actions {
                    (submit(lang.t("提交留言", "Send")))
                    a.button href=(path::MESSAGES) { (lang.t("返回留言板", "Back to the board")) }
                }
            }
        }
    }
}

fn left_under(lang: Lang, p: &PageLeft) -> Markup {
    html! {
        (hidden(FIELD_PAGE, &p.path))
        div.left-under {
            p { (lang.t("留言页面：", "On the page: ")) a href=(Href::new(p.path.as_str())) lang=[lang.content()] { (p.title) } }
            p.small { (lang.t("公开后显示在该页下方。", "Once published it stands under that page.")) }
            @if p.is_draft {
                p.small { (lang.t("对草案条文的意见请在该页提出，留言不计入意见采纳情况。", "Opinions on the draft are given on that page; a message does not count among them.")) }
            }
        }
    }
}

/// Out of sight and out of the order of the keyboard; who hears it is told to leave it alone.
fn trap(lang: Lang) -> Markup {
    html! {
        div.sr aria-hidden="true" {
            label for="f-website" { (lang.t("请不要填写此栏", "Leave this empty")) }
            input #f-website type="text" name=(FIELD_TRAP) value="" tabindex="-1" autocomplete="off";
        }
    }
}

fn beforehand(lang: Lang, view: &MessageFormView) -> Markup {
    let [suggestions, inquiries, errors] = view.days;
    card(
        lang.t("提交之前", "Before you send"),
        html! {
            ul.beforehand {
                li { (match lang {
                    Lang::Zh => format!("答复期限：建议 {suggestions} 个、咨询和投诉 {inquiries} 个、网站找错 {errors} 个工作日；情况复杂的可以延期一次，并告诉您原因。"),
                    Lang::En => format!("Answers come within {suggestions} working days for suggestions, {inquiries} for questions and complaints, {errors} for errors of the site; complex matters may take longer once, and you are told why."),
                }) }
                li { (lang.t("信访事项（对行政行为不服、要求解决具体纠纷等）不在这里办理，请到当地信访部门或者国家信访局网站提出：", "Petitions (信访: against acts of an authority, or to settle a dispute) are not dealt with here; please turn to the petition office of your place or the National Public Complaints and Proposals Administration: "))
                    a href="https://www.gjxfj.gov.cn/" rel="noopener" { "www.gjxfj.gov.cn" } (lang.t("。", ".")) }
                li { (lang.t("对正在征求意见的草案，请在", "On a draft that is open for opinions, speak at the ")) a href=(path::CONSULTATIONS) { (lang.t("意见征集", "consultations")) } (lang.t("页面对条文提出，办理方式不同。", ".")) }
                li { (lang.t("紧急情况请拨打 110、119、120；城市服务热线 12345。", "In an emergency call 110, 119 or 120; the city's hotline is 12345.")) }
                li { (match lang {
                    Lang::Zh => format!("同一网络地址每分钟最多提交 {} 条。", view.per_minute),
                    Lang::En => format!("At most {} messages a minute from one network address.", view.per_minute),
                }) }
            }
        },
    )
}
