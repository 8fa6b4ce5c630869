//! What documents and clauses are called.

use entity::clause::Model;
use entity::enums::DocumentKind;

use crate::problem::{Words, words};

pub fn kind_words(kind: DocumentKind) -> Words {
    match kind {
        DocumentKind::Draft => words("决策草案", "Draft"),
        DocumentKind::Explanation => words("起草说明", "Explanation"),
        DocumentKind::Basis => words("决策依据", "Basis"),
        DocumentKind::Final => words("正式文本", "Final text"),
    }
}

/// What people call a clause: 第八条, 第八条第二款第（三）项, 三、（二）, 附件第一段. Articles are numbered through a
/// whole text, so the chapters above them are left out.
pub fn label_of_clause(clause: &Model) -> String {
    label_of_path(&clause.path)
}

/// The same from its address alone.
pub fn label_of_path(path: &str) -> String {
    let steps: Vec<&str> = path.split('/').collect();
    let from = steps.iter().rposition(|s| is_article(s)).unwrap_or(0);
    let mut label = String::new();
    for (i, step) in steps.iter().enumerate().skip(from) {
        let (step, again) = step.split_once('~').map_or((*step, None), |(s, n)| (s, Some(n)));
        // Inside an article a bracketed number is an item: 第（三）项.
        let item = i > from && is_article(steps.get(from).copied().unwrap_or_default());
        match item.then(|| item_word(step)).flatten() {
            Some(unit) => label.push_str(&format!("第{step}{unit}")),
            None => label.push_str(step),
        }
        if let Some(n) = again {
            label.push_str(&format!("（第{n}处）"));
        }
    }
    label
}

fn is_article(step: &str) -> bool {
    step.starts_with('第') && step.split('~').next().is_some_and(|s| s.contains('条'))
}

/// 项 for （三）, 目 for 1.
fn item_word(step: &str) -> Option<&'static str> {
    if step.starts_with('（') {
        return Some("项");
    }
    step.starts_with(|c: char| c.is_ascii_digit()).then_some("目")
}

#[cfg(test)]
mod tests {
    use entity::id::{ClauseId, DocumentId, LineageId};
    use uuid::Uuid;

    use super::*;

    fn label(kind: &str, path: &str) -> String {
        label_of_clause(&Model {
            id: ClauseId(Uuid::nil()),
            document_id: DocumentId(Uuid::nil()),
            lineage_id: LineageId(Uuid::nil()),
            position: 0,
            parent_id: None,
            path: path.into(),
            kind: kind.into(),
            number: None,
            text: String::new(),
        })
    }

    #[test]
    fn clauses_are_called_as_people_call_them() {
        assert_eq!(label("article", "第一章/第八条"), "第八条");
        assert_eq!(label("article", "第一编/第二章/第三节/第十条之一"), "第十条之一");
        assert_eq!(label("item", "第一章/第八条/第二款/（三）"), "第八条第二款第（三）项");
        assert_eq!(label("subitem", "第八条/（三）/2."), "第八条第（三）项第2.目");
        assert_eq!(label("heading", "三、/（二）"), "三、（二）");
        assert_eq!(label("chapter", "第一编/第二章"), "第一编第二章");
        assert_eq!(label("text", "附件/第一段"), "附件第一段");
        assert_eq!(label("article", "第二章/第八条~2"), "第八条（第2处）");
        assert_eq!(label("title", "标题"), "标题");
    }
}
