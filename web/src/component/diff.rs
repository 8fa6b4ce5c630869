//! What changed between two versions of a text.

use maud::{Markup, html};

use crate::lang::Lang;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Equal(String),
    Insert(String),
    Delete(String),
}

/// Both tags are underlined or struck and carry words for the ear, since most readers do not announce them.
#[must_use]
pub fn diff(lang: Lang, changes: &[Change]) -> Markup {
    html! {
        div.diff {
            @for change in changes {
                @match change {
                    Change::Equal(text) => (text),
                    Change::Insert(text) => {
                        ins { span.sr { (lang.t("【新增】", "[added] ")) } (text) span.sr { (lang.t("【新增完】", " [end]")) } }
                    },
                    Change::Delete(text) => {
                        del { span.sr { (lang.t("【删去】", "[removed] ")) } (text) span.sr { (lang.t("【删去完】", " [end]")) } }
                    },
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_marked() {
        let html =
            diff(Lang::Zh, &[Change::Insert("<b>二十二时</b>".into()), Change::Delete("二十一时".into())])
                .into_string();
        assert!(html.contains("&lt;b&gt;二十二时"));
        assert!(html.contains("<ins>") && html.contains("<del>"));
    }
}
