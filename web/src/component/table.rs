//! A table with a caption that becomes stacked rows on a phone: no sideways scrolling at 320 px.

use maud::{Markup, html};

/// A column: its head, and whether it holds numbers.
#[derive(Clone, Debug)]
pub struct Column {
    pub head: String,
    pub number: bool,
    /// Never broken over lines (dates, states).
    pub tight: bool,
}

impl Column {
    #[must_use]
    pub fn text(head: impl Into<String>) -> Self {
        Self { head: head.into(), number: false, tight: false }
    }

    #[must_use]
    pub fn number(head: impl Into<String>) -> Self {
        Self { number: true, ..Self::tight(head) }
    }

    #[must_use]
    pub fn tight(head: impl Into<String>) -> Self {
        Self { head: head.into(), number: false, tight: true }
    }

    fn class(&self) -> Option<&'static str> {
        match (self.number, self.tight) {
            (true, _) => Some("num"),
            (false, true) => Some("tight"),
            (false, false) => None,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Table {
    pub caption: String,
    /// Keeps the caption for the ear only, where a heading above already says it.
    pub caption_hidden: bool,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Markup>>,
    /// Which column names the row, for `scope="row"`.
    pub row_head: Option<usize>,
}

/// The roles are written out because a table that is restyled into blocks loses them in some browsers.
#[must_use]
pub fn table(table: &Table) -> Markup {
    html! {
        table.rows role="table" {
            caption class=[table.caption_hidden.then_some("sr")] { (table.caption) }
            thead role="rowgroup" {
                tr role="row" {
                    @for c in &table.columns { th scope="col" role="columnheader" class=[c.class()] { (c.head) } }
                }
            }
            tbody role="rowgroup" {
                @for row in &table.rows {
                    tr role="row" {
                        @for (i, cell) in row.iter().enumerate() { (one_cell(table, i, cell)) }
                    }
                }
            }
        }
    }
}

fn one_cell(table: &Table, i: usize, cell: &Markup) -> Markup {
    let column = table.columns.get(i);
    let (head, class) = column.map_or(("", None), |c| (c.head.as_str(), c.class()));
    html! {
        @if table.row_head == Some(i) {
            th scope="row" role="rowheader" class=[class] data-label=(head) { div.cell { (cell) } }
        } @else {
            td role="cell" class=[class] data-label=(head) { div.cell { (cell) } }
        }
    }
}
