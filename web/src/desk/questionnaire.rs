//! The owner's desk of a questionnaire: its head, its questions, the switch, and what came in.

use maud::{Markup, html};

use crate::{
    component::{alert, card, page_head, paragraphs},
    form::{Field, FormState, checkbox, csrf, error_summary, hidden, submit, text_field, textarea},
    label::Tone,
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
    questionnaire::{FiguresView, QuestionView, desk_card, plots, questions},
};

/// A question in the list.
#[derive(Clone, Debug)]
pub struct QuestionRow {
    pub number: i32,
    pub text: String,
    /// `单选题，必填，4 个选项`
    pub note: String,
}

#[derive(Clone, Debug)]
pub struct QuestionnaireDeskView {
    pub consultation: String,
    /// The desk of the consultation.
    pub back: Href,
    /// Address of this page; forms post to it and below it.
    pub base: String,
    pub csrf: String,
    pub revision: i32,
    pub title: String,
    pub intro: String,
    pub rows: Vec<QuestionRow>,
    /// What can be added: value and name.
    pub kinds: Vec<(&'static str, String)>,
    pub most: usize,
    /// Shown with the consultation.
    pub ready: bool,
    /// The consultation is public.
    pub published: bool,
    /// Why nothing can be changed, where that is so; none for who only reads.
    pub locked: Option<String>,
    /// Whether this person runs it.
    pub runs: bool,
    pub open_results: bool,
    pub responses: u64,
    pub figures: Vec<FiguresView>,
    pub public: Href,
    pub state: FormState,
}

impl QuestionnaireDeskView {
    fn may_change(&self) -> bool {
        self.runs && self.locked.is_none()
    }
}

#[must_use]
pub fn questionnaire(frame: &Frame<'_>, side: &[SideItem], view: &QuestionnaireDeskView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("问卷调查", "Questionnaire");
    let body = html! {
        (page_head(title, html! { a href=(view.back) lang=[lang.content()] { (view.consultation) } (ready_word(lang, view)) }))
        (error_summary(lang, &view.state))
        @if let (Some(why), true) = (&view.locked, view.runs) { (alert(Tone::Info, "", html! { p { (why) } })) }
        div.side-by-side {
            div.stack {
                @if view.may_change() { (head_form(lang, view)) } @else if !view.title.is_empty() {
                    section.card lang=[lang.content()] { h2.card-title { (view.title) } (paragraphs(&view.intro)) }
                }
                @if view.revision == 0 && !view.runs { (card("", html! { p.soft { (lang.t("还没有问卷。", "There is no questionnaire.")) } })) }
                @if view.revision > 0 { (list(lang, view)) }
                @if view.responses > 0 { (plots(lang, &view.figures, 0)) }
            }
            aside { @if view.revision > 0 { (acts(lang, view)) } @else { (advice(lang)) } }
        }
    };
    desk(frame, &view.state.title(lang, title), side, body)
}

fn ready_word(lang: Lang, view: &QuestionnaireDeskView) -> Markup {
    html! {
        @if view.revision > 0 {
            span {
                @match (view.ready, view.published) {
                    (true, true) => (lang.t("随征求意见公开中", "public with the consultation")),
                    (true, false) => (lang.t("将随征求意见公开", "goes public with the consultation")),
                    (false, _) => (lang.t("未公开", "not public")),
                }
            }
        }
    }
}

fn advice(lang: Lang) -> Markup {
    card(
        lang.t("怎样设计问卷", "Good questionnaires"),
        html! {
            ul.beforehand {
                li { (lang.t("题目少而明确，一般不超过 10 题，三分钟内能答完。", "Few clear questions: ten at most, three minutes to answer.")) }
                li { (lang.t("不诱导，正反选项对等；不问姓名、电话、证件号等个人信息。", "Lead nobody, balance the choices, and ask for no names, numbers or papers.")) }
                li { (lang.t("第一份答卷提交后，题目不能再改。", "With the first answer the questions are fixed.")) }
            }
        },
    )
}

fn head_form(lang: Lang, view: &QuestionnaireDeskView) -> Markup {
    let state = &view.state;
    html! {
        form.card method="post" action=(view.base) novalidate {
            h2.card-title { (lang.t("标题和说明", "Head")) }
            (csrf(&view.csrf))
            (hidden("revision", &view.revision.to_string()))
            (text_field(lang, state, &Field::new("title", lang.t("标题", "Title")).required().max(80)))
            (textarea(lang, state, &Field::new("intro", lang.t("说明", "Introduction")).rows(4).max(2000)
                .hint(lang.t("写明调查的目的、大约需要的时间。", "What it is for and how long it takes."))))
            (checkbox(lang, state, &Field::new("open_results", "").hint(lang.t(
                "不勾选则在征集截止后公布。填写人数不多时随时公布，前后两次结果相减可能看出个别人的选择。",
                "Otherwise they are published after the end. With few answers, whoever looks twice can tell what was answered in between.",
            )), html! { (lang.t("统计结果随时公开", "Figures are public from the start")) }))
            div.form-acts { (submit(lang.t("保存", "Save"))) }
        }
    }
}

fn list(lang: Lang, view: &QuestionnaireDeskView) -> Markup {
    let full = view.rows.len() >= view.most;
    html! {
        section.card #f-questions tabindex="-1" {
            h2.card-title { (lang.t("题目", "Questions")) " " span.tab-count { (view.rows.len()) } }
            @if view.rows.is_empty() { p.soft { (lang.t("还没有题目，请从下面添加。", "None yet; add them below.")) } }
            ol.question-list {
                @for (i, row) in view.rows.iter().enumerate() {
                    li {
                        div { span lang=[lang.content()] { (row.text) } p.small { (row.note) } }
                        @if view.may_change() { (row_acts(lang, view, i, row)) }
                    }
                }
            }
            @if view.may_change() && !full {
                div.form-acts {
                    span { (lang.t("添加：", "Add: ")) }
                    @for (kind, name) in &view.kinds { a.button href={ (view.base) "/questions/" (kind) } { (name) } }
                }
            }
        }
    }
}

fn row_acts(lang: Lang, view: &QuestionnaireDeskView, i: usize, row: &QuestionRow) -> Markup {
    let button = |act: &str, word: &str, off: bool| {
        html! {
            button.button.small-button type="submit" name="act" value=(act) disabled[off] {
                (word) span.sr { (lang.t("：", ": ")) (row.text) }
            }
        }
    };
    html! {
        form.form-acts method="post" action={ (view.base) "/order" } {
            (csrf(&view.csrf))
            (hidden("revision", &view.revision.to_string()))
            (hidden("number", &row.number.to_string()))
            a.button.small-button href={ (view.base) "/questions/" (row.number) } { (lang.t("修改", "Edit")) span.sr { (lang.t("：", ": ")) (row.text) } }
            (button("up", lang.t("上移", "Up"), i == 0))
            (button("down", lang.t("下移", "Down"), i + 1 == view.rows.len()))
            (button("remove", lang.t("删除", "Remove"), false))
        }
    }
}

fn acts(lang: Lang, view: &QuestionnaireDeskView) -> Markup {
    let below = html! {
        div.stack-acts {
            @if !view.rows.is_empty() { a.button href={ (view.base) "/preview" } { (lang.t("预览", "Preview")) } }
            @if view.ready && view.published { a.button href=(view.public) { (lang.t("公开页面", "Public page")) } }
            @if view.responses > 0 {
                a.button href={ (view.base) "/results.csv" } { (lang.t("下载统计结果（CSV）", "Figures (CSV)")) }
                @if view.runs {
                    form method="post" action={ (view.base) "/responses.csv" } {
                        (csrf(&view.csrf))
                        button.button type="submit" { (lang.t("下载逐份答卷（CSV）", "Single answers (CSV)")) }
                    }
                    p.small { (lang.t("逐份答卷只有序号和日期，下载会记入审计日志；请只用于本事项。", "Single answers carry a running number and the day alone. Taking them is recorded; use them for this matter only.")) }
                }
            }
        }
    };
    html! {
        (desk_card(lang, view.responses, &below))
        @if view.may_change() { (switch(lang, view)) }
    }
}

fn switch(lang: Lang, view: &QuestionnaireDeskView) -> Markup {
    card(
        lang.t("公开", "Publication"),
        html! {
            p.small {
                @if view.ready { (lang.t("问卷与征求意见同时公开、同时截止。还没有人填写，可以收回修改。", "It opens and closes with the consultation. Nobody has answered: it can be taken back.")) }
                @else { (lang.t("题目齐备后公开：与征求意见同时公开、同时截止，延长期限时一并延长。", "Once complete: it opens and closes with the consultation, extensions included.")) }
            }
            form method="post" action={ (view.base) "/ready" } {
                (csrf(&view.csrf))
                (hidden("revision", &view.revision.to_string()))
                @if view.ready {
                    button.button type="submit" name="ready" value="off" { (lang.t("收回", "Take back")) }
                } @else {
                    button.button.primary type="submit" name="ready" value="on" { (lang.t("公开问卷", "Make it public")) }
                }
            }
        },
    )
}

/// Which fields the form of a question has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionFields {
    Single,
    Multiple,
    Scale,
    Text,
}

#[derive(Clone, Debug)]
pub struct QuestionFormView {
    pub kind: String,
    pub fields: QuestionFields,
    pub is_new: bool,
    pub action: Href,
    pub back: Href,
    pub csrf: String,
    pub state: FormState,
}

#[must_use]
pub fn question_form(frame: &Frame<'_>, side: &[SideItem], view: &QuestionFormView) -> Markup {
    let (lang, state) = (frame.lang, &view.state);
    let title = match (lang, view.is_new) {
        (Lang::Zh, true) => format!("添加{}", view.kind),
        (Lang::Zh, false) => format!("修改{}", view.kind),
        (Lang::En, true) => format!("New question: {}", view.kind),
        (Lang::En, false) => format!("Edit question: {}", view.kind),
    };
    let body = html! {
        (page_head(&title, html! { a href=(view.back) { (lang.t("返回问卷", "Back to the questionnaire")) } }))
        (error_summary(lang, state))
        form.card method="post" action=(view.action) novalidate {
            (csrf(&view.csrf))
            (hidden("revision", state.value("revision")))
            (text_field(lang, state, &Field::new("text", lang.t("题目", "Question")).required().max(200)))
            (text_field(lang, state, &Field::new("hint", lang.t("补充说明", "A line of help")).max(200)))
            @match view.fields {
                QuestionFields::Single => (choices(lang, state)),
                QuestionFields::Multiple => { (choices(lang, state)) (numbers(lang, state)) },
                QuestionFields::Scale => (scale(lang, state)),
                QuestionFields::Text => p.hint { (lang.t("文字回答只给承办人员看，不公开。", "What people write is for the staff alone, never published.")) },
            }
            (checkbox(lang, state, &Field::new("required", ""), html! { (lang.t("必须回答", "Must be answered")) }))
            div.actions { (submit(lang.t("保存", "Save"))) a.button href=(view.back) { (lang.t("返回", "Back")) } }
        }
    };
    desk(frame, &state.title(lang, &title), side, body)
}

fn choices(lang: Lang, state: &FormState) -> Markup {
    html! {
        (textarea(lang, state, &Field::new("choices", lang.t("选项", "Choices")).required().rows(6)
            .hint(lang.t("每行一个，2 至 20 个。", "One a line, 2 to 20."))))
        (checkbox(lang, state, &Field::new("other", ""), html! { (lang.t("加上“其他”，可以写说明", "Add “other”, with a few words")) }))
    }
}

fn numbers(lang: Lang, state: &FormState) -> Markup {
    let field = |name, label| Field::new(name, label).short().inputmode("numeric");
    html! {
        div.field-row {
            (text_field(lang, state, &field("least", lang.t("至少选几项", "At least")).hint(lang.t("留空为 1。", "Empty: 1."))))
            (text_field(lang, state, &field("most", lang.t("最多选几项", "At most")).hint(lang.t("留空为不限。", "Empty: all."))))
        }
    }
}

fn scale(lang: Lang, state: &FormState) -> Markup {
    let number = |name, label| Field::new(name, label).short().inputmode("numeric").required();
    let end = |name, label, hint| Field::new(name, label).required().max(20).hint(hint);
    html! {
        div.field-row {
            (text_field(lang, state, &number("from", lang.t("最低分（0 或 1）", "Lowest mark (0 or 1)"))))
            (text_field(lang, state, &number("to", lang.t("最高分（3 至 10）", "Highest mark (3 to 10)"))))
        }
        div.field-row {
            (text_field(lang, state, &end("low", lang.t("最低分的含义", "What the lowest means"), lang.t("例如：很不满意", "such as: very dissatisfied"))))
            (text_field(lang, state, &end("high", lang.t("最高分的含义", "What the highest means"), lang.t("例如：很满意", "such as: very satisfied"))))
        }
    }
}

#[derive(Clone, Debug)]
pub struct PreviewView {
    pub title: String,
    pub intro: String,
    pub questions: Vec<QuestionView>,
    pub back: Href,
}

/// The questionnaire as it will look; nothing can be sent from it.
#[must_use]
pub fn preview(frame: &Frame<'_>, side: &[SideItem], view: &PreviewView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("问卷预览", "Preview of the questionnaire");
    let body = html! {
        (page_head(title, html! { a href=(view.back) { (lang.t("返回问卷", "Back to the questionnaire")) } }))
        div.narrow {
            div.card.opinion-form {
                div lang=[lang.content()] { h2.card-title { (view.title) } (paragraphs(&view.intro)) }
                (questions(lang, &FormState::default(), &view.questions))
            }
        }
    };
    desk(frame, title, side, body)
}
