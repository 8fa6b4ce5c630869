//! Small marks drawn as SVG: a state is a shape and a word, never a colour alone. Font glyphs for these
//! differ between systems, so they are drawn.

use maud::{Markup, html};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Dot,
    Ring,
    Half,
    Check,
    Cross,
    Bang,
    Clock,
    Dash,
    Pause,
    Arrow,
    Chat,
    File,
    Search,
}

impl Icon {
    fn stroke(self) -> Option<&'static str> {
        Some(match self {
            Self::Check => "M2 6.5 4.8 9.2 10 3",
            Self::Cross => "M2.5 2.5 9.5 9.5M9.5 2.5 2.5 9.5",
            Self::Bang => "M6 1.5V7M6 9.6V10.4",
            Self::Clock => "M6 1.2A4.8 4.8 0 1 1 5.99 1.2ZM6 3.4V6.2L8 7.4",
            Self::Dash => "M2 6H10",
            Self::Pause => "M4 2.5V9.5M8 2.5V9.5",
            Self::Arrow => "M2 6H10M6.5 2.5 10 6 6.5 9.5",
            Self::Chat => "M1.5 2.2H10.5V8.2H6L3.5 10.4V8.2H1.5Z",
            Self::File => "M2.5 1.2H7L9.5 3.7V10.8H2.5ZM7 1.2V3.7H9.5",
            Self::Search => "M5 1.4A3.6 3.6 0 1 1 4.99 1.4ZM7.7 7.7 10.6 10.6",
            Self::Dot | Self::Ring | Self::Half => return None,
        })
    }
}

/// Draws the mark for the eye only; the word beside it carries the meaning.
#[must_use]
pub fn icon(which: Icon) -> Markup {
    html! {
        svg.icon viewBox="0 0 12 12" aria-hidden="true" focusable="false" {
            @if let Some(d) = which.stroke() {
                path.stroke d=(d) {}
            } @else if which == Icon::Dot {
                circle cx="6" cy="6" r="4" {}
            } @else {
                circle.stroke cx="6" cy="6" r="4" {}
                @if which == Icon::Half { path d="M6 2A4 4 0 0 1 6 10Z" {} }
            }
        }
    }
}

/// The sign of the site: 言, speech, in a seal's frame.
#[must_use]
pub fn seal() -> Markup {
    html! {
        svg.seal viewBox="0 0 40 40" aria-hidden="true" focusable="false" {
            rect.frame x="1.5" y="1.5" width="37" height="37" rx="4" {}
            path.mark d="M18.4 6.5h3.4v3.4h-3.4zM8 12h24v2.8H8zM12 17.3h16V20H12zM12 22.3h16V25H12zM12 27.6h16v7.4H12zM14.8 30.2v2.2h10.4v-2.2z" fill-rule="evenodd" {}
        }
    }
}
