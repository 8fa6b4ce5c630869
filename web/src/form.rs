//! Forms: what was typed is kept, what is wrong is said beside the field and once at the top.
//!
//! Every field has the id `f-{name}`, its hint `f-{name}-hint`, its error `f-{name}-error`; the summary's
//! links lead to `#f-{name}`. Everything works without JavaScript.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::{
    icon::{Icon, icon},
    lang::Lang,
};

mod choice;

pub use choice::{Choice, Group, checkbox, group, radios, select};

/// One thing that is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// What was typed and what is wrong with it. Empty for a fresh form.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    pub values: BTreeMap<String, Vec<String>>,
    pub errors: Vec<FieldError>,
}

impl FormState {
    /// A fresh form with one value filled in; chain for more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.entry(name.to_owned()).or_default().push(value.into());
        self
    }

    #[must_use]
    pub fn with_error(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.push(FieldError { field: field.to_owned(), message: message.into() });
        self
    }

    /// The first value typed for a field, or the empty text.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|all| all.first()).map_or("", String::as_str)
    }

    /// Whether a choice of this field was taken.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values.get(name).is_some_and(|all| all.iter().any(|v| v == value))
    }

    #[must_use]
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|e| e.field == name).map(|e| e.message.as_str())
    }

    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Marks the page's title, so that a screen reader hears of the error first.
    #[must_use]
    pub fn title(&self, lang: Lang, title: &str) -> String {
        if self.has_errors() {
            format!("{}{title}", lang.t("有错误：", "Error: "))
        } else {
            title.to_owned()
        }
    }
}

/// The description of a field; the functions below draw it.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    pub name: &'a str,
    pub label: &'a str,
    pub hint: Option<&'a str>,
    pub required: bool,
    /// A token of the HTML standard such as `name`, `tel`, `email`, `current-password`.
    pub autocomplete: Option<&'a str>,
    /// `text`, `email`, `tel`, `password`, `search`, `url` …
    pub kind: &'a str,
    pub inputmode: Option<&'a str>,
    /// Characters allowed, counted for a textarea. Never enforced by cutting what is pasted.
    pub max: Option<usize>,
    pub rows: u8,
    /// A short box for codes, numbers and dates.
    pub short: bool,
    /// Takes the focus when the page opens: for a page whose one purpose it is, such as a scanner's.
    pub focus: bool,
}

impl<'a> Field<'a> {
    #[must_use]
    pub fn new(name: &'a str, label: &'a str) -> Self {
        Self {
            name,
            label,
            hint: None,
            required: false,
            autocomplete: None,
            kind: "text",
            inputmode: None,
            max: None,
            rows: 8,
            short: false,
            focus: false,
        }
    }

    #[must_use]
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// `required` by a setting.
    #[must_use]
    pub fn required_if(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

    #[must_use]
    pub fn autocomplete(mut self, token: &'a str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    #[must_use]
    pub fn kind(mut self, kind: &'a str) -> Self {
        self.kind = kind;
        self
    }

    #[must_use]
    pub fn inputmode(mut self, mode: &'a str) -> Self {
        self.inputmode = Some(mode);
        self
    }

    #[must_use]
    pub fn max(mut self, characters: usize) -> Self {
        self.max = Some(characters);
        self
    }

    #[must_use]
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    #[must_use]
    pub fn short(mut self) -> Self {
        self.short = true;
        self
    }

    #[must_use]
    pub fn focus_if(mut self, focus: bool) -> Self {
        self.focus = focus;
        self
    }

    fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    /// The ids that describe the field, the error first: it is what matters now.
    fn described_by(&self, state: &FormState) -> Option<String> {
        let mut ids = Vec::new();
        if state.error(self.name).is_some() {
            ids.push(format!("f-{}-error", self.name));
        }
        if self.hint.is_some() {
            ids.push(format!("f-{}-hint", self.name));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// Label, hint, error and then the control.
fn frame(lang: Lang, state: &FormState, field: &Field<'_>, control: Markup) -> Markup {
    html! {
        div class={ "field" @if state.error(field.name).is_some() { " field-wrong" } } {
            label for=(field.id()) { (field.label) (mark(lang, field.required)) }
            (hint(field))
            (error_line(lang, state, field))
            (control)
        }
    }
}

fn mark(lang: Lang, required: bool) -> Markup {
    html! {
        @if required {
            span.must { (lang.t("必填", "required")) }
        } @else {
            span.may { (lang.t("选填", "optional")) }
        }
    }
}

fn hint(field: &Field<'_>) -> Markup {
    html! { @if let Some(hint) = field.hint { p.hint id={ (field.id()) "-hint" } { (hint) } } }
}

fn error_line(lang: Lang, state: &FormState, field: &Field<'_>) -> Markup {
    html! {
        @if let Some(message) = state.error(field.name) {
            p.field-error id={ (field.id()) "-error" } {
                (icon(Icon::Bang)) span.sr { (lang.t("错误：", "Error: ")) } (message)
            }
        }
    }
}

fn invalid(state: &FormState, field: &Field<'_>) -> Option<&'static str> {
    state.error(field.name).map(|_| "true")
}

/// A line of text. A password is never sent back to the page.
#[must_use]
pub fn text_field(lang: Lang, state: &FormState, field: &Field<'_>) -> Markup {
    let value = if field.kind == "password" { "" } else { state.value(field.name) };
    frame(
        lang,
        state,
        field,
        html! {
            input id=(field.id()) name=(field.name) type=(field.kind) value=[(!value.is_empty()).then_some(value)]
                class=[field.short.then_some("short")] required[field.required] inputmode=[field.inputmode] autofocus[field.focus]
                autocomplete=[field.autocomplete] aria-invalid=[invalid(state, field)] aria-describedby=[field.described_by(state)];
        },
    )
}

/// A date, written `2026-03-05` where the browser has no picker.
#[must_use]
pub fn date_field(lang: Lang, state: &FormState, field: &Field<'_>) -> Markup {
    let dated = Field { kind: "date", short: true, ..field.clone() };
    text_field(lang, state, &dated)
}

/// Several lines with a counter. Text over the limit is kept and complained of, never cut.
#[must_use]
pub fn textarea(lang: Lang, state: &FormState, field: &Field<'_>) -> Markup {
    let value = state.value(field.name);
    let described = match (field.described_by(state), field.max) {
        (ids, Some(_)) => {
            Some(format!("{} f-{}-count", ids.unwrap_or_default(), field.name).trim().to_owned())
        }
        (ids, None) => ids,
    };
    frame(
        lang,
        state,
        field,
        html! {
            textarea id=(field.id()) name=(field.name) rows=(field.rows) required[field.required] data-max=[field.max]
                autocomplete=[field.autocomplete] aria-invalid=[invalid(state, field)] aria-describedby=[described] {
                // The parser drops one line break after the tag; ours is dropped instead of the author's.
                "\n" (value)
            }
            @if let Some(max) = field.max {
                p.counter id={ (field.id()) "-count" } {
                    (lang.t("字数 ", "Characters ")) span data-count=(field.id()) { (value.chars().count()) } "/" (max)
                }
            }
        },
    )
}

/// Files to send. `accept` is a list of endings such as `.pdf,.docx`; say the limits in the hint.
#[must_use]
pub fn file_field(lang: Lang, state: &FormState, field: &Field<'_>, accept: &str, many: bool) -> Markup {
    frame(
        lang,
        state,
        field,
        html! {
            input id=(field.id()) name=(field.name) type="file" accept=(accept) multiple[many] required[field.required]
                aria-invalid=[invalid(state, field)] aria-describedby=[field.described_by(state)];
        },
    )
}

#[must_use]
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// The session's token, in every form that posts.
#[must_use]
pub fn csrf(token: &str) -> Markup {
    hidden("csrf", token)
}

/// The main action of a form. `data-once` lets the script stop a second click.
#[must_use]
pub fn submit(label: &str) -> Markup {
    html! { button.button.primary type="submit" data-once { (label) } }
}

/// Everything that is wrong, with links to the fields; takes the focus when the page opens.
#[must_use]
pub fn error_summary(lang: Lang, state: &FormState) -> Markup {
    let title = lang.t("还不能提交，请先改正：", "Not sent yet. Please correct:");
    summary(state, title, lang.t("您填写的内容都已保留。", "Everything you typed was kept."))
}

/// The same for forms with a password, which is never kept.
#[must_use]
pub fn error_summary_sign_in(lang: Lang, state: &FormState) -> Markup {
    summary(state, lang.t("请检查：", "Please check:"), "")
}

fn summary(state: &FormState, title: &str, comfort: &str) -> Markup {
    html! {
        @if state.has_errors() {
            div.error-summary role="alert" tabindex="-1" autofocus aria-labelledby="errors-title" {
                h2 #errors-title { (icon(Icon::Bang)) (title) }
                ul { @for e in &state.errors { li { a href={ "#f-" (e.field) } { (e.message) } } } }
                @if !comfort.is_empty() { p { (comfort) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_belongs_to_its_field_and_the_text_is_kept_escaped() {
        let state = FormState::default().with("who", "<script>张三</script>");
        let html = text_field(Lang::Zh, &state, &Field::new("who", "姓名").required()).into_string();
        assert!(html.contains(r#"<label for="f-who">"#));
        assert!(html.contains(r#"id="f-who" name="who""#));
        assert!(html.contains("&lt;script&gt;张三"));
        assert!(!html.contains("<script>"));
    }

    #[test]
    fn an_error_is_bound_to_its_field_and_linked_from_the_top() {
        let state = FormState::default().with_error("body", "请填写意见内容");
        let field = Field::new("body", "意见").hint("一事一议").max(2000);
        let html = textarea(Lang::Zh, &state, &field).into_string();
        assert!(html.contains(r#"aria-invalid="true""#));
        assert!(html.contains(r#"aria-describedby="f-body-error f-body-hint f-body-count""#));
        let top = error_summary(Lang::Zh, &state).into_string();
        assert!(top.contains("href=\"#f-body\""));
        assert_eq!(state.title(Lang::Zh, "我要提意见"), "有错误：我要提意见");
    }

    #[test]
    fn a_password_is_never_sent_back() {
        let state = FormState::default().with("password", "secret");
        let html =
            text_field(Lang::Zh, &state, &Field::new("password", "密码").kind("password")).into_string();
        assert!(!html.contains("secret"));
    }

    #[test]
    fn a_taken_choice_stays_taken() {
        let state = FormState::default().with("kind", "company");
        let choices = [Choice::new("person", "个人"), Choice::new("company", "企业")];
        let html = radios(Lang::Zh, &state, &Field::new("kind", "身份"), &choices).into_string();
        assert!(html.contains(r#"value="company" checked"#));
        assert!(html.contains(r#"id="f-kind""#));
        let html = select(Lang::En, &state, &Field::new("kind", "Kind"), &choices).into_string();
        assert!(html.contains(r#"<option value="company" selected>"#));
    }

    #[test]
    fn the_words_follow_the_language() {
        let field = Field::new("a", "A");
        assert!(text_field(Lang::En, &FormState::default(), &field).into_string().contains("optional"));
        assert!(text_field(Lang::Zh, &FormState::default(), &field).into_string().contains("选填"));
    }
}
