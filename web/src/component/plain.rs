//! Plain words as their writer typed them: paragraphs, and lines that begin with a dash as a list.

use maud::{Markup, html};

/// What begins a line of a list.
const DASHES: [char; 5] = ['-', '•', '·', '—', '*'];

/// A paragraph, or the lines of a list.
enum Block<'a> {
    Paragraph(&'a str),
    List(Vec<&'a str>),
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut all: Vec<Block<'_>> = Vec::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        match (line.strip_prefix(DASHES).map(|l| l.trim_start_matches(DASHES).trim()), all.last_mut()) {
            (Some(item), Some(Block::List(items))) => items.push(item),
            (Some(item), _) => all.push(Block::List(vec![item])),
            (None, _) => all.push(Block::Paragraph(line)),
        }
    }
    all
}

/// Plain words; nothing in them is read as markup.
#[must_use]
pub fn plain(text: &str) -> Markup {
    html! {
        @for block in blocks(text) {
            @match block {
                Block::Paragraph(line) => p { (line) },
                Block::List(items) => ul { @for item in items { li { (item) } } },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_make_a_list_and_nothing_is_markup() {
        let html = plain("晚上也开放。\n\n- 工作日到<b>九点</b>\n—— 周末全天\n\n欢迎提意见。").into_string();
        assert_eq!(
            html,
            "<p>晚上也开放。</p><ul><li>工作日到&lt;b&gt;九点&lt;/b&gt;</li><li>周末全天</li></ul><p>欢迎提意见。</p>"
        );
        assert_eq!(plain("").into_string(), "");
    }
}
