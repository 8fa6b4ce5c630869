//! Cutting a draft into clauses that people can point at.
//!
//! The rule: a resident comments on a clause, a department answers for a clause,
//! and a comparison of two versions speaks of clauses. So every draft is cut
//! into addressable parts: 编, 分编, 章, 节, 条, 款, 项, 目 in legal texts
//! (立法法 art. 65 names them), the numbered headings 一、（一）1.（1） in policy
//! papers, and whatever stands around them (preamble, annexes, tables).
//!
//! Nothing is lost or reordered: the title followed by the clauses' own texts is
//! the source, white space between them aside. This module is pure: it knows no
//! clock, database or file system.

mod cut;
mod docx;
mod docx_numbering;
mod identity;
mod mark;
pub mod number;

use serde::{Deserialize, Serialize};

pub use cut::cut;
pub use docx::{DocxError, TextError, decode_text, text_of_docx};
pub use identity::{Change, match_versions, similarity};

/// A draft cut into its clauses, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// The first line of the text, unless that is already a clause.
    pub title: String,
    /// How many of each there are.
    pub counts: Counts,
    /// The clauses in the order of the text; a parent stands before its children.
    pub clauses: Vec<Clause>,
}

/// How many of each unit a draft has.
///
/// A 条 is its own first 款, so `paragraph` counts every article with text on
/// its line and every further line of running text from the first article on
/// (the lines of annexes and the headings 附则 and 附件 are such lines).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// 编
    pub part: u32,
    /// 分编
    pub subpart: u32,
    /// 章
    pub chapter: u32,
    /// 节
    pub section: u32,
    /// 条, including 第X条之一
    pub article: u32,
    /// 款
    pub paragraph: u32,
    /// 项
    pub item: u32,
    /// 目
    pub subitem: u32,
}

/// What a clause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClauseKind {
    /// 题注: a line in brackets under the title, such as （征求意见稿）
    TitleNote,
    /// 目录: the table of contents, as one clause
    Contents,
    /// 序言, or the text before the first numbered clause
    Preamble,
    /// 编, 篇, or 部分 of a plan
    Part,
    /// 分编
    Subpart,
    /// 章
    Chapter,
    /// 节
    Section,
    /// 条, with its first 款
    Article,
    /// 款 from the second on
    Paragraph,
    /// 项 （一）
    Item,
    /// 目 1.
    Subitem,
    /// （1） below a 目
    Point,
    /// a numbered heading of a policy paper: 一、（一）1.（1）
    Heading,
    /// 附则 without a chapter number
    Supplement,
    /// 附件, 附表, 附录, 附图
    Annex,
    /// rows of a table that follow each other
    Table,
    /// any other paragraph
    Text,
}

/// An addressable part of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// Address within the document, unique and readable: 第一章/第八条/第二款/（三）
    pub path: String,
    /// What it is.
    pub kind: ClauseKind,
    /// Its number in canonical form (no inner spaces, full-width brackets).
    pub number: Option<String>,
    /// Its own text as it stands in the source, number included, children not.
    pub text: String,
    /// Index of the clause it belongs to.
    pub parent: Option<usize>,
    /// Depth in the tree, 0 for the outermost.
    pub level: u8,
}
