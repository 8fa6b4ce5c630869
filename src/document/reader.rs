//! A text as it is read: headings, the units one can speak on (an article with its paragraphs and items, a
//! numbered heading with what stands under it), and what stands around them. Pure.

use std::collections::HashMap;

use entity::clause::Model;
use entity::id::ClauseId;

use super::store::TITLE;

/// A part of the text in reading order; every row of the text is in exactly one.
#[derive(Clone, Debug, PartialEq)]
pub enum Block<'a> {
    /// The first line of the text.
    Title(&'a Model),
    /// 编, 章, 节, or a numbered heading with further headings under it; level 1 is the highest.
    Heading(&'a Model, u8),
    /// Preamble, table of contents and other text that is no clause of its own.
    Text(&'a Model),
    Unit(Unit<'a>),
}

/// What one can speak on, with everything that belongs to it; the first member gives its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit<'a> {
    pub head: &'a Model,
    pub members: Vec<&'a Model>,
}

/// The blocks of a text from its rows in order.
pub fn blocks(rows: &[Model]) -> Vec<Block<'_>> {
    let tree = Tree::new(rows);
    // A text without articles and headings is spoken on paragraph by paragraph.
    let plain = !rows.iter().any(|r| matches!(r.kind.as_str(), "article" | "heading"));
    let mut out: Vec<Block<'_>> = Vec::new();
    let mut unit_of: HashMap<ClauseId, usize> = HashMap::new();
    for row in rows {
        // A member of a unit that is still open.
        if let Some(at) = row.parent_id.and_then(|p| unit_of.get(&p)).copied() {
            if let Some(Block::Unit(unit)) = out.get_mut(at) {
                unit.members.push(row);
            }
            unit_of.insert(row.id, at);
            continue;
        }
        let block = tree.block(row, plain);
        if matches!(block, Block::Unit(_)) {
            unit_of.insert(row.id, out.len());
        }
        out.push(block);
    }
    out
}

/// The unit that a clause belongs to, for quoting it beside a form or an opinion; none for a heading or
/// other text outside of units.
pub fn unit_of(rows: &[Model], clause: ClauseId) -> Option<Unit<'_>> {
    blocks(rows).into_iter().find_map(|block| match block {
        Block::Unit(unit) if unit.members.iter().any(|m| m.id == clause) => Some(unit),
        _ => None,
    })
}

struct Tree<'a> {
    children: HashMap<ClauseId, Vec<&'a Model>>,
    depth: HashMap<ClauseId, u8>,
}

impl<'a> Tree<'a> {
    fn new(rows: &'a [Model]) -> Self {
        let mut children: HashMap<ClauseId, Vec<&Model>> = HashMap::new();
        let mut depth: HashMap<ClauseId, u8> = HashMap::new();
        for row in rows {
            let above = row.parent_id.and_then(|p| depth.get(&p)).copied();
            depth.insert(row.id, above.map_or(1, |d| d.saturating_add(1)));
            if let Some(parent) = row.parent_id {
                children.entry(parent).or_default().push(row);
            }
        }
        Self { children, depth }
    }

    fn has_child(&self, row: &Model, kinds: &[&str]) -> bool {
        self.children.get(&row.id).is_some_and(|c| c.iter().any(|c| kinds.contains(&c.kind.as_str())))
    }

    fn block(&self, row: &'a Model, plain: bool) -> Block<'a> {
        let unit = || Block::Unit(Unit { head: row, members: vec![row] });
        let heading = || Block::Heading(row, self.depth.get(&row.id).copied().unwrap_or(1));
        match row.kind.as_str() {
            TITLE => Block::Title(row),
            "part" | "subpart" | "chapter" | "section" => heading(),
            "article" | "paragraph" | "item" | "subitem" | "point" => unit(),
            // 二、重点任务 over （一）…（二）… leads; （一）扩大参与。拓宽渠道。 says something itself, and its
            // 1. 2. 3. belong to it.
            "heading" if self.has_child(row, &["heading"]) && !row.text.contains('。') => heading(),
            "annex" | "supplement" if self.has_child(row, &["heading", "article", "chapter"]) => heading(),
            "heading" | "annex" | "supplement" => unit(),
            "text" | "table" if plain => unit(),
            _ => Block::Text(row),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clauses::cut;
    use entity::id::{DocumentId, LineageId};
    use uuid::Uuid;

    fn rows(text: &str) -> Vec<Model> {
        let outline = cut(text);
        let id = |n: usize| ClauseId(Uuid::from_u128(n as u128 + 1));
        let clauses = outline.clauses.iter().enumerate();
        clauses
            .map(|(i, c)| Model {
                id: id(i),
                document_id: DocumentId(Uuid::nil()),
                lineage_id: LineageId(Uuid::nil()),
                position: i as i32,
                parent_id: c.parent.map(id),
                path: c.path.clone(),
                kind: serde_json::to_value(c.kind).unwrap().as_str().unwrap().into(),
                number: c.number.clone(),
                text: c.text.clone(),
            })
            .collect()
    }

    fn told(rows: &[Model]) -> Vec<String> {
        blocks(rows)
            .iter()
            .map(|b| match b {
                Block::Title(r) => format!("T {}", r.path),
                Block::Heading(r, level) => format!("H{level} {}", r.path),
                Block::Text(r) => format!("- {}", r.path),
                Block::Unit(u) => format!("U {} +{}", u.head.path, u.members.len() - 1),
            })
            .collect()
    }

    #[test]
    fn an_article_takes_its_paragraphs_and_items_with_it() {
        let rows =
            rows("某办法\n第一章 总则\n第一条 甲：\n（一）乙\n（二）丙\n丁。\n第二条 戊。\n附件\n表。");
        assert_eq!(told(&rows), ["H1 第一章", "U 第一章/第一条 +3", "U 第一章/第二条 +0", "U 附件 +1"]);
        let item = rows.iter().find(|r| r.kind == "item").unwrap();
        assert_eq!(unit_of(&rows, item.id).unwrap().head.path, "第一章/第一条");
    }

    #[test]
    fn a_plan_is_spoken_on_heading_by_heading() {
        let rows = rows(
            "某计划\n为了加快发展，制定本计划。\n一、目标\n到2028年翻番。\n二、任务\n总的要求。\n（一）扩大参与。多办。\n1.甲\n2.乙\n（二）加强。",
        );
        assert_eq!(
            told(&rows),
            [
                "- 开头/第一段",
                "U 一、 +1",
                "H1 二、",
                "- 二、/第一段",
                "U 二、/（一） +2",
                "U 二、/（二） +0",
            ]
        );
    }

    #[test]
    fn a_text_without_numbers_is_spoken_on_paragraph_by_paragraph() {
        let rows = rows("通知\n各单位：\n请按时报送材料。");
        assert_eq!(told(&rows), ["U 第一段 +0", "U 第二段 +0"]);
        assert!(blocks(&[]).is_empty());
    }

    #[test]
    fn every_row_is_in_exactly_one_block() {
        let rows = rows(
            "序\n目录\n第一章 甲\n第二章 乙\n第一章 甲\n第一条 一\n（一）二\n1.三\n（1）四\n第二章 乙\n第二条 五\n附则\n本办法自公布之日起施行。\n附件1\n（一）六\n甲\t乙",
        );
        let mut seen = 0;
        for block in blocks(&rows) {
            seen += match block {
                Block::Unit(unit) => unit.members.len(),
                _ => 1,
            };
        }
        assert_eq!(seen, rows.len());
    }
}
