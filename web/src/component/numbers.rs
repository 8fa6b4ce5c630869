//! Numbers that add up: a plain bar and the same numbers as a table with their sum.

use maud::{Markup, html};

/// The fill of a part; the order in the bar is the order in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartTone {
    Strong,
    Middle,
    Light,
    Pale,
    Warn,
}

#[derive(Clone, Debug)]
pub struct Part {
    pub label: String,
    pub count: u64,
    pub tone: PartTone,
    /// A line of explanation under the label; may be empty.
    pub note: String,
}

impl Part {
    #[must_use]
    pub fn new(label: impl Into<String>, count: u64, tone: PartTone) -> Self {
        Self { label: label.into(), count, tone, note: String::new() }
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

const WIDTH: u64 = 1000;
/// Keeps neighbouring parts apart for eyes that do not tell the fills apart.
const GAP: u64 = 4;

/// The sum is made here from the parts, so the table always adds up.
#[must_use]
pub fn numbers(caption: &str, total_label: &str, parts: &[Part]) -> Markup {
    let total: u64 = parts.iter().map(|p| p.count).sum();
    html! {
        div.numbers {
            @if total > 0 { (bar(parts, total)) }
            table.sums {
                caption.sr { (caption) }
                tbody {
                    @for part in parts {
                        tr {
                            th scope="row" {
                                span class={ "swatch fill-" (class(part.tone)) } {}
                                (part.label)
                                @if !part.note.is_empty() { span.part-note { (part.note) } }
                            }
                            td.num { (part.count) }
                        }
                    }
                }
                tfoot { tr { th scope="row" { (total_label) } td.num { (total) } } }
            }
        }
    }
}

/// Drawn with width attributes, since the policy forbids inline style. Hidden from the ear: the table says it.
fn bar(parts: &[Part], total: u64) -> Markup {
    let mut from = 0;
    let drawn: Vec<(u64, u64, PartTone)> = parts
        .iter()
        .filter(|p| p.count > 0)
        .map(|p| {
            let start = from * WIDTH / total;
            from += p.count;
            (start, from * WIDTH / total - start, p.tone)
        })
        .collect();
    html! {
        svg.bar viewBox={ "0 0 " (WIDTH) " 12" } preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            @for (start, width, tone) in drawn {
                rect class={ "fill-" (class(tone)) } x=(start) y="0" height="12"
                    width=(if start + width >= WIDTH { width } else { width.saturating_sub(GAP).max(2) }) {}
            }
        }
    }
}

fn class(tone: PartTone) -> &'static str {
    match tone {
        PartTone::Strong => "strong",
        PartTone::Middle => "middle",
        PartTone::Light => "light",
        PartTone::Pale => "pale",
        PartTone::Warn => "warn",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_the_sum_of_the_parts() {
        let parts = [Part::new("已公开", 47, PartTone::Strong), Part::new("待审核", 10, PartTone::Middle)];
        let html = numbers("收到的意见", "共收到", &parts).into_string();
        assert!(html.contains(">57</td>"));
    }

    #[test]
    fn nothing_is_drawn_for_zero() {
        let html = numbers("收到的意见", "共收到", &[Part::new("已公开", 0, PartTone::Strong)]).into_string();
        assert!(!html.contains("<svg"));
        assert!(html.contains(">0</td>"));
    }
}
