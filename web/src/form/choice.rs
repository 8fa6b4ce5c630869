//! Fields with given answers.

use maud::{Markup, html};

use super::{Field, FormState, error_line, frame, hint, invalid, mark};
use crate::lang::Lang;

/// One of the answers of a select, radio group or group of boxes.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// A second line that says what choosing this means.
    pub note: Option<String>,
}

impl Choice {
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), note: None }
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

#[must_use]
pub fn select(lang: Lang, state: &FormState, field: &Field<'_>, choices: &[Choice]) -> Markup {
    frame(
        lang,
        state,
        field,
        html! {
            select id={ "f-" (field.name) } name=(field.name) required[field.required] autocomplete=[field.autocomplete]
                aria-invalid=[invalid(state, field)] aria-describedby=[field.described_by(state)] {
                @for c in choices {
                    option value=(c.value) selected[state.has(field.name, &c.value)] { (c.label) }
                }
            }
        },
    )
}

/// A group in a fieldset. The first answer carries the field's id, so that the error summary leads to it.
#[must_use]
pub fn radios(lang: Lang, state: &FormState, field: &Field<'_>, choices: &[Choice]) -> Markup {
    group(lang, state, field, &Group { kind: "radio", choices, content: None, after: html! {} })
}

/// A group whose words come from the database, or where several can be taken.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// `radio` or `checkbox`
    pub kind: &'static str,
    pub choices: &'a [Choice],
    /// The language of legend, hint and choices, where it is not the page's: see [`Lang::content`].
    pub content: Option<&'static str>,
    /// Below the choices, within the fieldset.
    pub after: Markup,
}

#[must_use]
pub fn group(lang: Lang, state: &FormState, field: &Field<'_>, of: &Group<'_>) -> Markup {
    let required = field.required && of.kind == "radio";
    html! {
        fieldset class={ "field" @if state.error(field.name).is_some() { " field-wrong" } }
            aria-describedby=[field.described_by(state)] {
            legend {
                @if of.content.is_some() { span lang=[of.content] { (field.label) } } @else { (field.label) }
                (mark(lang, field.required))
            }
            (hint(field))
            (error_line(lang, state, field))
            div.choices lang=[of.content] {
                @for (i, c) in of.choices.iter().enumerate() {
                    @let id = if i == 0 { format!("f-{}", field.name) } else { format!("f-{}-{i}", field.name) };
                    div.choice {
                        input id=(id) type=(of.kind) name=(field.name) value=(c.value)
                            checked[state.has(field.name, &c.value)] required[required];
                        label for=(id) {
                            (c.label)
                            @if let Some(note) = &c.note { span.choice-note { (note) } }
                        }
                    }
                }
            }
            (of.after)
        }
    }
}

/// A single box with the value `yes`; `label` may hold links.
#[must_use]
pub fn checkbox(lang: Lang, state: &FormState, field: &Field<'_>, label: Markup) -> Markup {
    html! {
        div class={ "field" @if state.error(field.name).is_some() { " field-wrong" } } {
            (error_line(lang, state, field))
            div.choice {
                input id={ "f-" (field.name) } type="checkbox" name=(field.name) value="yes"
                    checked[state.has(field.name, "yes")] required[field.required]
                    aria-invalid=[invalid(state, field)] aria-describedby=[field.described_by(state)];
                label for={ "f-" (field.name) } { (label) }
            }
            (hint(field))
        }
    }
}
