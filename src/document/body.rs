//! The text of a version and its clauses, made ready before any transaction is opened: reading a Word file
//! and matching a long code with its last version take their time.

use std::collections::{HashMap, HashSet};

use entity::clause;
use entity::enums::DocumentKind;
use entity::id::{ClauseId, DocumentId, LineageId};

use super::store::TITLE;
use super::upload::{self, Format, Original, Upload};
use crate::app::App;
use crate::clauses::{self, Change, Clause, ClauseKind, Outline};
use crate::problem::Problem;
use crate::text;

/// Four times the Civil Code.
const LONGEST: usize = 500_000;
const MOST_CLAUSES: usize = 20_000;
/// Originals of one version.
pub const MOST_FILES: usize = 5;

/// What a version is made of.
#[derive(Debug)]
pub struct Prepared {
    pub title: String,
    pub body: String,
    pub outline: Outline,
    pub files: Vec<Original>,
}

/// Whether this kind is cut into clauses that people point at.
pub fn is_cut(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::Draft | DocumentKind::Final)
}

/// Reads files, cleans the text, cuts it. `kept_files` of an earlier writing stay beside the new ones.
pub fn prepare(
    kind: DocumentKind,
    title: &str,
    body: &str,
    uploads: Vec<Upload>,
    kept_files: usize,
    limit: usize,
) -> Result<Prepared, Problem> {
    if uploads.len() + kept_files > MOST_FILES {
        return Err(Problem::invalid(
            "file",
            format!("每个版本最多 {MOST_FILES} 个文件"),
            format!("{MOST_FILES} files a version at most"),
        ));
    }
    let files: Vec<Original> =
        uploads.into_iter().map(|u| upload::read(u, limit)).collect::<Result<_, _>>()?;
    let pasted = clean(body)?;
    let body = if pasted.is_empty() {
        files.iter().find_map(|f| f.text.as_deref()).map(clean).transpose()?.unwrap_or_default()
    } else {
        pasted
    };
    if body.is_empty() {
        let has_pdf = kept_files > 0 || files.iter().any(|f| f.format == Format::Pdf);
        if is_cut(kind) && has_pdf {
            return Err(Problem::invalid(
                "body",
                "PDF 只作为文件保存，不能逐条征求意见；请把全文粘贴到正文框，或者上传 .docx、.txt 文件",
                "A PDF is kept as a file only and cannot be commented clause by clause: paste the text, or send a .docx or .txt file",
            ));
        }
        if !has_pdf {
            return Err(Problem::invalid("body", "请粘贴正文或者上传文件", "Paste the text or send a file"));
        }
    }
    let outline = clauses::cut(&body);
    if outline.clauses.len() > MOST_CLAUSES {
        return Err(Problem::invalid(
            "body",
            format!("条款过多（{}），最多 {MOST_CLAUSES}", outline.clauses.len()),
            format!("Too many clauses ({}): {MOST_CLAUSES} at most", outline.clauses.len()),
        ));
    }
    let title = title_of(kind, title, &outline, &files)?;
    Ok(Prepared { title, body, outline, files })
}

/// The given title, else the first line of the text, else the name of the file; explanations and bases
/// may go by their kind.
fn title_of(
    kind: DocumentKind,
    given: &str,
    outline: &Outline,
    files: &[Original],
) -> Result<String, Problem> {
    let given = text::tidy(given);
    if !given.is_empty() {
        if given.chars().count() > 200 || text::one_line(&given).is_err() {
            return Err(Problem::invalid(
                "title",
                "标题应为一行，不超过 200 字",
                "A title is one line of at most 200 characters",
            ));
        }
        return Ok(given);
    }
    let first = outline.title.lines().next().unwrap_or_default();
    let named =
        || files.first().and_then(|f| f.name.rsplit_once('.')).map(|(stem, _)| stem).unwrap_or_default();
    let title = if first.is_empty() { named() } else { first };
    if title.is_empty() && !is_cut(kind) {
        return Ok(super::label::kind_words(kind).zh.into_owned());
    }
    if title.is_empty() {
        return Err(Problem::invalid("title", "请填写标题", "Please give a title"));
    }
    Ok(title.chars().take(200).collect())
}

/// The text tidied; page and line breaks of word processors are line ends. What no reader can see is
/// refused with its place, because nothing may be dropped silently.
fn clean(body: &str) -> Result<String, Problem> {
    let body = text::tidy(&body.replace(['\u{0b}', '\u{0c}', '\u{85}', '\u{2028}', '\u{2029}'], "\n"));
    let length = body.chars().count();
    if length > LONGEST {
        return Err(Problem::invalid(
            "body",
            format!("正文 {length} 字，最多 {LONGEST} 字"),
            format!("The text has {length} characters; {LONGEST} at most"),
        ));
    }
    for (i, line) in body.lines().enumerate() {
        if text::several_lines(line).is_err() {
            let bad = line.chars().find(|c| text::several_lines(c.encode_utf8(&mut [0; 4])).is_err());
            let code = bad.map_or(0, u32::from);
            return Err(Problem::invalid(
                "body",
                format!("第 {} 行含有看不见的控制字符（U+{code:04X}），请删除后重试", i + 1),
                format!("Line {} has an invisible control character (U+{code:04X}); please remove it", i + 1),
            ));
        }
    }
    Ok(body)
}

/// The clauses as rows, each with the identity of the clause it continues. `own` are the rows of an earlier
/// writing of the same version: a clause that is still there keeps its id, because answers may point at it.
pub fn rows(
    app: &App,
    document: DocumentId,
    outline: &Outline,
    previous: &[clause::Model],
    own: &[clause::Model],
) -> Vec<clause::Model> {
    let mut lineage: Vec<Option<LineageId>> = vec![None; outline.clauses.len()];
    let mut ids: Vec<Option<ClauseId>> = vec![None; outline.clauses.len()];
    let mut used: HashSet<LineageId> = HashSet::new();
    for (rows, is_own) in [(own, true), (previous, false)] {
        let (old, indexes) = as_clauses(rows);
        for (from, to) in pairs(&old, &outline.clauses) {
            let Some(row) = indexes.get(from).and_then(|i| rows.get(*i)) else { continue };
            if lineage.get(to).is_some_and(Option::is_none) && used.insert(row.lineage_id) {
                lineage[to] = Some(row.lineage_id);
                ids[to] = is_own.then_some(row.id);
            }
        }
    }
    let ids: Vec<ClauseId> = ids.into_iter().map(|id| id.unwrap_or_else(|| app.id())).collect();
    let mut out = Vec::with_capacity(ids.len() + 1);
    if !outline.title.is_empty() {
        out.push(title_row(app, document, &outline.title, previous, own));
    }
    let shift = out.len();
    for (i, (c, id)) in outline.clauses.iter().zip(&ids).enumerate() {
        out.push(clause::Model {
            id: *id,
            document_id: document,
            lineage_id: lineage.get(i).copied().flatten().unwrap_or_else(|| app.id()),
            position: i32::try_from(i + shift).unwrap_or(i32::MAX),
            parent_id: c.parent.and_then(|p| ids.get(p)).copied(),
            path: c.path.clone(),
            kind: name_of(c.kind),
            number: c.number.clone(),
            text: c.text.clone(),
        });
    }
    out
}

fn title_row(
    app: &App,
    document: DocumentId,
    title: &str,
    previous: &[clause::Model],
    own: &[clause::Model],
) -> clause::Model {
    let of = |rows: &[clause::Model]| rows.iter().find(|r| r.kind == TITLE).cloned();
    let (mine, before) = (of(own), of(previous));
    clause::Model {
        id: mine.as_ref().map_or_else(|| app.id(), |r| r.id),
        document_id: document,
        lineage_id: mine.or(before).map_or_else(|| app.id(), |r| r.lineage_id),
        position: 0,
        parent_id: None,
        path: "标题".to_owned(),
        kind: TITLE.to_owned(),
        number: None,
        text: title.to_owned(),
    }
}

fn pairs(old: &[Clause], new: &[Clause]) -> Vec<(usize, usize)> {
    if old.is_empty() {
        return Vec::new();
    }
    let changes = clauses::match_versions(old, new).into_iter();
    changes
        .filter_map(|change| match change {
            Change::Kept { old, new }
            | Change::Reworded { old, new }
            | Change::Renumbered { old, new, .. } => Some((old, new)),
            Change::Added { .. } | Change::Removed { .. } => None,
        })
        .collect()
}

/// Stored rows as the cutter's clauses again, with the row of each; the title is no clause.
pub fn as_clauses(rows: &[clause::Model]) -> (Vec<Clause>, Vec<usize>) {
    let mut clauses: Vec<Clause> = Vec::with_capacity(rows.len());
    let mut indexes = Vec::with_capacity(rows.len());
    let mut at: HashMap<ClauseId, usize> = HashMap::new();
    for (i, row) in rows.iter().enumerate() {
        let Some(kind) = kind_of(&row.kind) else { continue };
        let parent = row.parent_id.and_then(|p| at.get(&p)).copied();
        let level = parent.and_then(|p| clauses.get(p)).map_or(0, |c| c.level.saturating_add(1));
        at.insert(row.id, clauses.len());
        indexes.push(i);
        clauses.push(Clause {
            path: row.path.clone(),
            kind,
            number: row.number.clone(),
            text: row.text.clone(),
            parent,
            level,
        });
    }
    (clauses, indexes)
}

/// The stable text name of a kind, as it is stored.
fn name_of(kind: ClauseKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(name)) => name,
        _ => "text".to_owned(),
    }
}

fn kind_of(name: &str) -> Option<ClauseKind> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_of_word_processors_are_line_ends_and_hidden_characters_have_a_place() {
        assert_eq!(clean("第一条 甲\u{0b}乙\u{0c}丙\r\n").unwrap(), "第一条 甲\n乙\n丙");
        let problem = clean("甲\n乙\u{202e}丙").unwrap_err();
        assert!(
            problem.to_string().contains("Line 2") && problem.to_string().contains("U+202E"),
            "{problem}"
        );
    }

    #[test]
    fn a_draft_needs_text_an_explanation_may_be_a_file() {
        let pdf = || vec![Upload { name: "a.pdf".into(), bytes: b"%PDF-1.4".to_vec() }];
        assert!(prepare(DocumentKind::Draft, "草案", "", pdf(), 0, 100).is_err());
        assert_eq!(prepare(DocumentKind::Explanation, "", "", pdf(), 0, 100).unwrap().title, "a");
        assert!(prepare(DocumentKind::Basis, "依据", "", vec![], 0, 100).is_err());
        let both = prepare(DocumentKind::Draft, "", "某办法\n第一条 甲。", pdf(), 0, 100).unwrap();
        assert_eq!((both.title.as_str(), both.outline.counts.article), ("某办法", 1));
    }

    #[test]
    fn every_kind_has_a_name_that_reads_back() {
        for text in ["第一章 总则\n第一条 甲\n（一）乙\n1.丙\n附件\n甲\t乙", "题\n一、甲\n（一）乙"]
        {
            for c in clauses::cut(text).clauses {
                assert_eq!(kind_of(&name_of(c.kind)), Some(c.kind));
            }
        }
    }
}
