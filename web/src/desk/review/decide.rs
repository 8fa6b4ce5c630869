//! The decisions: one form each, one key each. The usual act is one key; what takes something from the
//! author asks for its reason first.

use maud::{Markup, html};

use super::{FIELD_BACK, FIELD_CONFIRM, FIELD_PUBLIC_TEXT, FIELD_REVISION, form_head};
use crate::{
    form::{Choice, Field, FormState, csrf, hidden, radios, textarea},
    lang::Lang,
    link::Href,
};

#[derive(Clone, Debug)]
pub struct DecideView {
    pub action: Href,
    pub csrf: String,
    pub revision: i32,
    pub back: String,
    /// The author does not want it shown: to publish is to withhold by that wish.
    pub hidden: bool,
    /// The text with what was noticed already replaced.
    pub suggested: String,
    /// Something was noticed: the redaction form stands open.
    pub noticed: bool,
    pub withhold: Reasons,
    pub returns: Reasons,
    pub reject: Reasons,
    /// A machine has proved that the same person sent the same before.
    pub said_before: bool,
}

/// What a decision may say to the author.
#[derive(Clone, Debug)]
pub struct Reasons {
    pub choices: Vec<Choice>,
    pub templates: Vec<Template>,
    /// The author must always be told more than the reason.
    pub needs_note: bool,
    pub longest_note: usize,
}

/// Words that moderators use often.
#[derive(Clone, Debug)]
pub struct Template {
    pub id: String,
    pub name: String,
    pub text: String,
}

/// A proposed rejection, to be confirmed or not.
#[derive(Clone, Debug)]
pub struct SecondView {
    pub action: Href,
    pub csrf: String,
    pub revision: i32,
    pub back: String,
    pub reason: String,
    pub note: String,
    pub moderator: String,
    /// Why this moderator may not; the proposal is shown all the same.
    pub barred: bool,
}

pub(super) fn decide(lang: Lang, view: &DecideView, state: &FormState) -> Markup {
    html! {
        div.decide {
            (publish(lang, view))
            @if !view.hidden { (redact(lang, view, state)) }
            (with_reason(lang, view, state, &Act {
                name: "withhold", key: "w",
                title: lang.t("不公开（计入办理）", "Withhold (still counted)"),
                told: lang.t("告知作者的补充说明", "A note to the author"),
                after: "", reasons: &view.withhold, button: lang.t("不公开", "Withhold"),
            }))
            (with_reason(lang, view, state, &Act {
                name: "return", key: "b",
                title: lang.t("退回作者修改", "Return for revision"),
                told: lang.t("请作者怎样修改", "What the author should change"),
                after: "", reasons: &view.returns, button: lang.t("退回修改", "Return"),
            }))
            (with_reason(lang, view, state, &Act {
                name: "reject", key: "x",
                title: lang.t("不予受理（不计入）", "Reject (not counted)"),
                told: lang.t("告知作者的补充说明", "A note to the author"),
                after: reject_note(lang, view), reasons: &view.reject, button: lang.t("不予受理", "Reject"),
            }))
        }
    }
}

fn reject_note(lang: Lang, view: &DecideView) -> &'static str {
    if view.said_before {
        lang.t(
            "系统已核实：同一人此前提交过相同内容，以“重复提交”不予受理即时生效。",
            "A machine has proved it: the same person sent the same before. That reason takes effect at once.",
        )
    } else {
        lang.t(
            "须由另一位审核员复核后生效；复核前作者看到的仍是待审核。",
            "Takes effect when another moderator confirms it; until then the author sees no change.",
        )
    }
}

fn publish(lang: Lang, view: &DecideView) -> Markup {
    html! {
        form.act method="post" action=(view.action) {
            (form_head(&view.csrf, view.revision, &view.back, "publish"))
            // One key must not publish somebody's telephone number.
            button type="submit" class={ "button" @if !view.noticed { " primary" } } data-key="p" data-once
                data-confirm=[(view.noticed && !view.hidden).then(|| lang.t("文中疑似含有个人信息，仍然按原文公开？", "The text seems to hold personal data. Publish it as it is?"))] {
                @if view.hidden { (lang.t("按作者意愿不公开", "Withhold by the author's wish")) } @else { (lang.t("公开", "Publish")) }
                " " kbd { "p" }
            }
        }
    }
}

fn redact(lang: Lang, view: &DecideView, state: &FormState) -> Markup {
    let wrong = state.error(FIELD_PUBLIC_TEXT).is_some();
    let typed = !state.value(FIELD_PUBLIC_TEXT).is_empty();
    let filled;
    let state = if typed {
        state
    } else {
        filled = FormState { errors: state.errors.clone(), ..FormState::default() }
            .with(FIELD_PUBLIC_TEXT, view.suggested.as_str());
        &filled
    };
    let field = Field::new(FIELD_PUBLIC_TEXT, lang.t("公开的文字", "What everybody will read"))
        .required()
        .rows(6)
        .hint(lang.t(
            "把要隐去的文字换成【已隐去】，其余一字不改；原文保留。",
            "Put 【已隐去】 in place of what is removed; change nothing else. The original is kept.",
        ));
    html! {
        details.act open[wrong || typed || view.noticed] {
            summary data-key="r" { (lang.t("隐去个人信息后公开", "Publish with personal data removed")) " " kbd { "r" } }
            form method="post" action=(view.action) novalidate {
                (form_head(&view.csrf, view.revision, &view.back, "publish_redacted"))
                (textarea(lang, state, &field))
                div.actions { button type="submit" class={ "button" @if view.noticed { " primary" } } data-once { (lang.t("隐去后公开", "Publish this text")) } }
            }
        }
    }
}

struct Act<'a> {
    name: &'a str,
    key: &'a str,
    title: &'a str,
    told: &'a str,
    after: &'a str,
    reasons: &'a Reasons,
    button: &'a str,
}

fn with_reason(lang: Lang, view: &DecideView, state: &FormState, act: &Act<'_>) -> Markup {
    let (code, text) = (format!("{}_code", act.name), format!("{}_text", act.name));
    let touched = [&code, &text].iter().any(|f| state.error(f).is_some() || !state.value(f).is_empty());
    html! {
        details.act open[touched] {
            summary data-key=(act.key) { (act.title) " " kbd { (act.key) } }
            form method="post" action=(view.action) novalidate {
                (form_head(&view.csrf, view.revision, &view.back, act.name))
                (reason_fields(lang, state, &code, &text, act.told, act.reasons))
                @if !act.after.is_empty() { p.small { (act.after) } }
                div.actions { button.button type="submit" data-once { (act.button) } }
            }
        }
    }
}

/// The fields of a decision's reason; `code` and `text` are their names. A template fills the note: at once with
/// JavaScript, else on the server where the note was left empty.
pub(super) fn reason_fields(
    lang: Lang,
    state: &FormState,
    code: &str,
    text: &str,
    told: &str,
    reasons: &Reasons,
) -> Markup {
    let template = text.replace("_text", "_template");
    let note = Field::new(text, told).rows(3).max(reasons.longest_note);
    let note = if reasons.needs_note { note.required() } else { note };
    html! {
        div.choices-row { (radios(lang, state, &Field::new(code, lang.t("原因", "Reason")).required(), &reasons.choices)) }
        @if !reasons.templates.is_empty() {
            div.field {
                label for={ "f-" (template) } { (lang.t("理由模板", "Template")) }
                p.hint id={ "f-" (template) "-hint" } { (lang.t("说明留空时，作者看到的就是模板的文字。", "Where the note is left empty, the author reads the template's words.")) }
                select id={ "f-" (template) } name=(template) data-fills={ "f-" (text) } aria-describedby={ "f-" (template) "-hint" } {
                    option value="" { (lang.t("不用模板", "None")) }
                    @for t in &reasons.templates {
                        option value=(t.id) data-text=(t.text) selected[state.has(&template, &t.id)] { (t.name) }
                    }
                }
            }
        }
        (textarea(lang, state, &note))
    }
}

pub(super) fn second(lang: Lang, view: &SecondView) -> Markup {
    let answer = |confirm: &str, key: &str, primary: bool, label: &str| {
        html! {
            form method="post" action=(view.action) {
                (csrf(&view.csrf))
                (hidden(FIELD_REVISION, &view.revision.to_string()))
                (hidden(FIELD_BACK, &view.back))
                (hidden(FIELD_CONFIRM, confirm))
                button type="submit" class={ "button" @if primary { " primary" } } data-key=(key) data-once { (label) " " kbd { (key) } }
            }
        }
    };
    html! {
        section.card.proposal {
            h2.card-title { (lang.t("提议不予受理，待复核", "Proposed rejection, to be confirmed")) }
            p lang=[lang.content()] { strong { (view.reason) } @if !view.note.is_empty() { "。" (view.note) } }
            p.small { (view.moderator) }
            @if !view.barred {
                div.actions {
                    (answer("yes", "c", true, lang.t("同意，不予受理", "Confirm the rejection")))
                    (answer("no", "o", false, lang.t("不同意，退回待审核", "Overrule: back to the queue")))
                }
            }
        }
    }
}
