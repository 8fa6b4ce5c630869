//! My data: proving a contact, what was sent with it, and what may be done about it.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use crate::{
    component::{Column, Table, alert, card, empty_state, page_head, paragraphs, table},
    form::{
        Choice, Field, FormState, checkbox, csrf, error_summary, hidden, radios, submit, text_field, textarea,
    },
    identity::{FIELD_CODE, FIELD_CONTACT, FIELD_SENT_TO, FIELD_STEP, FIELD_TICKET, Sent},
    label::Tone,
    lang::Lang,
    layout::{Crumb, Frame, page},
    link::Href,
    oidc::{ProviderChoice, sign_in_with},
    path,
    sign_in::sign_out_there,
};

pub const FIELD_CONFIRM: &str = "confirm";
pub const FIELD_TAKE_BACK: &str = "take_back_published";
/// What is asked about the data.
pub const FIELD_ASK_KIND: &str = "kind";
pub const FIELD_ASK: &str = "text";

fn title(lang: Lang) -> &'static str {
    lang.t("我的数据", "My data")
}

/// A contact and its code: to come in, or as the new contact.
#[derive(Clone, Debug)]
pub struct ProofForm {
    pub action: Href,
    pub csrf: String,
    pub state: FormState,
    pub ticket: String,
    pub sent: Option<Sent>,
}

/// Other ways in, and out.
#[derive(Clone, Debug, Default)]
pub struct EnterWith {
    /// Who vouches for residents.
    pub providers: Vec<ProviderChoice>,
    /// After leaving: the provider by which one had come, and where to sign out there.
    pub sign_out: Option<(String, Href)>,
}

fn proof_form(lang: Lang, form: &ProofForm, label: &str, done: &str) -> Markup {
    let contact = Field::new(FIELD_CONTACT, label).required().autocomplete("email");
    let code =
        Field::new(FIELD_CODE, lang.t("验证码", "Code"))
            .required()
            .short()
            .inputmode("numeric")
            .autocomplete("one-time-code")
            .hint(lang.t(
                "6 位数字，10 分钟内有效，可以试 5 次。",
                "Six digits, good for ten minutes and five tries.",
            ));
    html! {
        form.card.opinion-form method="post" action=(form.action) novalidate {
            (csrf(&form.csrf))
            @match &form.sent {
                Some(sent) => {
                    (hidden(FIELD_TICKET, &form.ticket)) (hidden(FIELD_SENT_TO, &sent.to))
                    p { (lang.t("验证码已发往 ", "A code was sent to ")) strong { (sent.to) } (lang.t("。", ".")) }
                    (text_field(lang, &form.state, &code))
                    div.actions { (submit(done)) }
                    (text_field(lang, &form.state, &contact))
                    div.actions { button.button type="submit" name=(FIELD_STEP) value="code" { (lang.t("重新发送验证码", "Send another code")) } }
                },
                None => {
                    (text_field(lang, &form.state, &contact))
                    div.actions { button.button.primary type="submit" name=(FIELD_STEP) value="code" { (lang.t("发送验证码", "Send the code")) } }
                },
            }
        }
    }
}

#[must_use]
pub fn enter(frame: &Frame<'_>, form: &ProofForm, with: &EnterWith) -> Markup {
    let lang = frame.lang;
    let frame = Frame { no_index: true, ..frame.clone() };
    let body = html! {
        (page_head(title(lang), html! {
            p { (lang.t("用手机号码或电子邮箱核验后，可以查看您用它提交的意见、留言和报名，下载副本，更正联系方式，或者要求删除。不用注册。", "Verify a mobile number or e-mail address to see what was sent with it: opinions, messages, registrations. You may take a copy, correct the contact or have it erased. No account is needed.")) }
        }))
        div.narrow {
            @if let Some((name, href)) = &with.sign_out { (sign_out_there(lang, name, href)) }
            (error_summary(lang, &form.state))
            @for provider in &with.providers {
                form.card method="post" action={ (path::MY_DATA) "/with/" (provider.key) } {
                    (csrf(&form.csrf))
                    p.small { (lang.t("按该平台核验的手机号码或电子邮箱查找您提交的内容。", "What you sent is found by the phone number or e-mail address that it has verified.")) }
                    div.actions { button.button type="submit" { (sign_in_with(lang, &provider.name)) } }
                }
            }
            (proof_form(lang, form, lang.t("手机号码或电子邮箱", "Mobile number or e-mail"), lang.t("查看我的数据", "Show my data")))
            p.small { (lang.t("没有留联系方式的，请凭查询码办理：", "Without a contact, use your lookup code: ")) a href=(path::LOOKUP) { (lang.t("查询回执", "look up a receipt")) } }
        }
    };
    page(&frame, &form.state.title(lang, title(lang)), &[Crumb::here(title(lang))], body)
}

/// One thing that was sent.
#[derive(Clone, Debug)]
pub struct Row {
    pub what: String,
    pub number: String,
    pub href: Href,
    pub about: String,
    pub state: String,
    pub at: NaiveDateTime,
}

#[derive(Clone, Debug)]
pub struct OwnView {
    /// Masked.
    pub contact: String,
    pub until: NaiveDateTime,
    pub rows: Vec<Row>,
    pub csrf: String,
    pub correct: ProofForm,
    /// Errors of the form that erases.
    pub erase: FormState,
    pub ask: AskView,
}

/// The form that asks what the site cannot do by itself.
#[derive(Clone, Debug)]
pub struct AskView {
    pub csrf: String,
    pub kinds: Vec<Choice>,
    pub longest: usize,
    /// Working days for the answer.
    pub days: i64,
    pub state: FormState,
}

#[must_use]
pub fn own(frame: &Frame<'_>, view: &OwnView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { no_index: true, ..frame.clone() };
    let states = [&view.erase, &view.ask.state];
    let state = states.into_iter().find(|s| s.has_errors()).unwrap_or(&view.correct.state);
    let body = html! {
        (page_head(title(lang), html! {
            span { (view.contact) }
            span { (lang.t("有效至 ", "open until ")) (lang.date_time(view.until)) }
        }))
        (error_summary(lang, state))
        div.side-by-side {
            div.stack {
                @if view.rows.is_empty() {
                    (empty_state(
                        lang.t("没有找到用这个联系方式提交的内容", "Nothing was sent with this contact"),
                        lang.t("没有留联系方式的意见，请凭查询码查看。", "What was sent without a contact is found by its lookup code."),
                        Some((lang.t("查询回执", "Look up a receipt"), Href::from(path::LOOKUP))),
                    ))
                } @else {
                    (card(lang.t("您提交的内容", "What you sent"), list(lang, &view.rows)))
                    (correct(lang, view))
                    (erase(lang, view))
                }
                (ask(lang, &view.ask))
            }
            aside { (acts(lang, view)) }
        }
    };
    page(&frame, &state.title(lang, title(lang)), &[Crumb::here(title(lang))], body)
}

fn list(lang: Lang, rows: &[Row]) -> Markup {
    table(&Table {
        caption: lang.t("您提交的内容", "What you sent").into(),
        caption_hidden: true,
        columns: vec![
            Column::tight(lang.t("类别", "Kind")),
            Column::tight(lang.t("编号", "Number")),
            Column::text(lang.t("内容", "About")),
            Column::tight(lang.t("状态", "State")),
            Column::tight(lang.t("时间", "Time")),
        ],
        rows: rows
            .iter()
            .map(|r| {
                vec![
                    html! { (r.what) },
                    html! { a href=(r.href) { (r.number) } },
                    html! { span lang=[lang.content()] { (r.about) } },
                    html! { (r.state) },
                    html! { (lang.date_time(r.at)) },
                ]
            })
            .collect(),
        row_head: Some(1),
    })
}

fn acts(lang: Lang, view: &OwnView) -> Markup {
    html! {
        @if !view.rows.is_empty() {
            (card(lang.t("副本", "A copy"), html! {
                form method="post" action={ (path::MY_DATA) "/export" } {
                    (csrf(&view.csrf))
                    p.small { (lang.t("JSON 文件，包括全文和办理状态。", "A JSON file with the texts and how they stand.")) }
                    div.form-acts { button.button type="submit" { (lang.t("下载副本", "Download")) } }
                }
            }))
        }
        (card("", html! {
            form method="post" action={ (path::MY_DATA) "/leave" } {
                (csrf(&view.csrf))
                p.small { (lang.t("在公用电脑上用完请退出。", "On a shared computer, leave when you are done.")) }
                div.form-acts { button.button type="submit" { (lang.t("退出", "Leave")) } }
            }
        }))
    }
}

fn correct(lang: Lang, view: &OwnView) -> Markup {
    html! {
        section #correct {
            h2 { (lang.t("更正联系方式", "Correct the contact")) }
            p.small { (lang.t("新的联系方式同样用验证码核验；之后用新的联系方式查看和接收通知。活动报名的联系方式不随之改变。", "The new contact is verified in the same way and takes the old one's place. Registrations for events keep theirs.")) }
            (proof_form(lang, &view.correct, lang.t("新的手机号码或电子邮箱", "New mobile number or e-mail"), lang.t("更正", "Correct")))
        }
    }
}

fn erase(lang: Lang, view: &OwnView) -> Markup {
    let points = [
        (
            "删除：姓名、联系方式，没有公开的意见和留言的文字，尚未发出的邮件。还在办理、没有公开的意见会一并撤回；尚未举行的活动报名会一并取消，名额让给别人。",
            "Erased: name, contact, the text of opinions and messages that are not published, mails not sent yet. Opinions that wait and are not published are taken back; registrations for events to come are cancelled and their seats given to others.",
        ),
        (
            "保留：已经公开的文字，去掉姓名，作为决策过程材料（《重大行政决策程序暂行条例》第三十三条）；您可以选择一并撤回，采纳情况已经公布的除外。别人已经转载的，我们无法收回。",
            "Kept: what is published, without your name, as a part of the record of the decision; you may take it back too, unless the answer is published. What others have copied cannot be called back.",
        ),
        (
            "保留：申诉复核中的意见、尚未办结的留言的文字，办结以后凭查询码与我们联系，再行删除。",
            "Kept: texts that an appeal or an answer still needs; once it is done, reach us with the lookup code.",
        ),
        (
            "保留：数量、受理编号和操作日志，其中没有您的姓名、联系方式和文字。听证会依法公布的参加人名单不变。",
            "Kept: numbers and the audit record, which hold neither name, contact nor text. The list of a hearing's participants, published by law, stays as it is.",
        ),
    ];
    html! {
        section #erase {
            h2 { (lang.t("删除我的数据", "Erase my data")) }
            form.card method="post" action={ (path::MY_DATA) "/erase" } novalidate {
                (csrf(&view.csrf))
                ul.text-list { @for (zh, en) in points { li { (lang.t(zh, en)) } } }
                (checkbox(lang, &view.erase, &Field::new(FIELD_TAKE_BACK, ""), html! { (lang.t("已经公开的意见也一并撤回", "Take back published opinions too")) }))
                (checkbox(lang, &view.erase, &Field::new(FIELD_CONFIRM, "").required(), html! { (lang.t("我明白删除后不能恢复，也不能再用这个联系方式查看", "I understand that this cannot be undone, and that nothing is found by this contact afterwards")) }))
                div.actions { (submit(lang.t("删除", "Erase"))) }
            }
        }
    }
}

fn ask(lang: Lang, view: &AskView) -> Markup {
    let state = &view.state;
    let until = match lang {
        Lang::Zh => format!(
            "以上不能解决的，可以在这里提出，{}内答复；拒绝的，会说明理由（《个人信息保护法》第五十条）。",
            lang.working_days(view.days)
        ),
        Lang::En => format!(
            "What the above does not settle is answered within {}; a refusal gives its reasons (Personal Information Protection Law, Art. 50).",
            lang.working_days(view.days)
        ),
    };
    html! {
        section #ask {
            h2 { (lang.t("其他个人信息请求", "Anything else about your data")) }
            form.card method="post" action={ (path::MY_DATA) "/ask" } novalidate {
                (csrf(&view.csrf))
                p.small { (until) }
                (radios(lang, state, &Field::new(FIELD_ASK_KIND, lang.t("请求", "You ask to")).required(), &view.kinds))
                (textarea(lang, state, &Field::new(FIELD_ASK, lang.t("具体内容", "In your words")).required().rows(5).max(view.longest)))
                div.actions { (submit(lang.t("提交请求", "Send"))) }
            }
        }
    }
}

/// A request that a person of the bureau answers, behind its lookup code.
#[derive(Clone, Debug)]
pub struct InquiryView {
    pub number: String,
    pub code: String,
    pub kind: String,
    pub received: NaiveDateTime,
    /// Last day for the answer, while it waits.
    pub due: Option<NaiveDate>,
    pub outcome: String,
    pub granted: Option<bool>,
    pub answered: Option<NaiveDateTime>,
    pub text: String,
    pub answer: Option<String>,
}

#[must_use]
pub fn inquiry(frame: &Frame<'_>, view: &InquiryView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { no_index: true, ..frame.clone() };
    let title = lang.t("个人信息请求", "Request about personal data");
    let tone = match view.granted {
        None => Tone::Info,
        Some(true) => Tone::Good,
        Some(false) => Tone::Warn,
    };
    let body = html! {
        div.narrow {
            (page_head(title, html! {
                span { (lang.t("查询码 ", "code ")) span.code { (view.code) } }
                span { (lang.t("编号 ", "number ")) (view.number) }
                span { (lang.t("收到于 ", "received ")) (lang.date_time(view.received)) }
            }))
            (alert(tone, &view.outcome, html! {
                @if let Some(at) = view.answered { p { (lang.t("答复于 ", "Answered ")) (lang.date_time(at)) } }
                @else if let Some(day) = view.due { p { (lang.t("最迟答复：", "Answered by: ")) (lang.deadline(day)) } }
            }))
            @if let Some(answer) = &view.answer {
                section.card.result { h2.card-title { (lang.t("答复", "The answer")) } div lang=[lang.content()] { (paragraphs(answer)) } }
            }
            section.card {
                h2.card-title { (lang.t("您的请求", "Your request")) }
                p.small { (view.kind) }
                @if view.text.is_empty() { p.soft { (lang.t("内容已按要求删除。", "Erased as asked.")) } }
                @else { div.own-words { p { (view.text) } } }
            }
            p { (lang.t("请保存查询码，凭它查看答复。", "Keep the code: it is the key to the answer.")) }
        }
    };
    page(&frame, title, &[Crumb::here(title)], body)
}

/// A request that was carried out, behind its lookup code.
#[derive(Clone, Debug)]
pub struct RequestView {
    pub number: String,
    pub code: String,
    pub kind: String,
    pub at: NaiveDateTime,
    /// What was done, a line each.
    pub outcome: Vec<String>,
}

#[must_use]
pub fn request(frame: &Frame<'_>, view: &RequestView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { no_index: true, ..frame.clone() };
    let title = lang.t("个人信息权利请求回执", "Receipt of a request about personal data");
    let body = html! {
        div.narrow {
            (page_head(title, html! {
                span { (lang.t("查询码 ", "code ")) span.code { (view.code) } }
                span { (lang.t("编号 ", "number ")) (view.number) }
                span { (lang.date_time(view.at)) }
            }))
            (alert(Tone::Good, &view.kind, html! { ul.text-list { @for line in &view.outcome { li { (line) } } } }))
            p { (lang.t("请保存查询码：它是本次请求已经办理的凭证，其中没有您的个人信息。", "Keep the code: it proves that your request was carried out, and holds nothing of yours.")) }
        }
    };
    page(&frame, title, &[Crumb::here(title)], body)
}
