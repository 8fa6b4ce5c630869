//! What is public of one consultation, table by table: what an export holds and an import takes.

use sea_orm::DbBackend;
use uuid::Uuid;

use super::fault::Fault;
use super::schema::Table;

/// What an import does with a row that is here already and reads otherwise in a later archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It was published and is not edited: what is here stays, and the difference is told.
    Keep,
    /// It tells how matters stand; what was published before stays among the publications.
    Follow,
}

/// What is public of a table. A table or a column that is not here is not exported.
pub struct Public {
    pub table: &'static str,
    pub columns: &'static [&'static str],
    /// The rows that belong to the consultation, as SQL: `$C` is its id, `$D` the decision's, `$CLOSED` whether it
    /// has closed.
    pub scope: &'static str,
    /// Which of them are public.
    pub shown: &'static str,
    pub rule: Rule,
}

const fn public(
    table: &'static str,
    columns: &'static [&'static str],
    scope: &'static str,
    shown: &'static str,
    rule: Rule,
) -> Public {
    Public { table, columns, scope, shown, rule }
}

/// Parents before their children.
pub const PUBLIC: &[Public] = &[
    public(
        "department",
        &["id", "key", "name", "short_name"],
        "id IN (SELECT department_id FROM decision WHERE id = $D)",
        "1 = 1",
        Rule::Keep,
    ),
    public(
        "decision",
        &[
            "id",
            "code",
            "year",
            "title",
            "kind",
            "department_id",
            "summary",
            "basis",
            "doc_number",
            "promulgated_on",
            "published_at",
        ],
        "id = $D",
        "published_at IS NOT NULL",
        Rule::Follow,
    ),
    public(
        "document",
        &[
            "id",
            "decision_id",
            "kind",
            "version",
            "title",
            "body",
            "content_hash",
            "correction_notice",
            "published_at",
        ],
        "decision_id = $D",
        "published_at IS NOT NULL",
        Rule::Keep,
    ),
    public(
        "clause",
        &["id", "document_id", "lineage_id", "position", "parent_id", "path", "kind", "number", "text"],
        "document_id IN (SELECT id FROM document WHERE decision_id = $D AND published_at IS NOT NULL)",
        "1 = 1",
        Rule::Keep,
    ),
    public(
        "file",
        &["id", "document_id", "name", "media_type", "size", "content_hash", "bytes"],
        "document_id IN (SELECT id FROM document WHERE decision_id = $D AND published_at IS NOT NULL)",
        "1 = 1",
        Rule::Keep,
    ),
    public(
        "consultation",
        &[
            "id",
            "code",
            "decision_id",
            "document_id",
            "title",
            "notice",
            "plain",
            "opens_on",
            "closes_on",
            "short_reason",
            "contact_name",
            "address",
            "postcode",
            "email",
            "phone",
            "published_at",
            "result_published_at",
        ],
        "id = $C",
        "published_at IS NOT NULL",
        Rule::Follow,
    ),
    public(
        "consultation_extension",
        &["id", "consultation_id", "old_closes_on", "new_closes_on", "reason", "published_at"],
        "consultation_id = $C",
        "1 = 1",
        Rule::Keep,
    ),
    public(
        "questionnaire",
        &["id", "consultation_id", "title", "intro", "questions", "open_results", "ready_at", "responses"],
        "consultation_id = $C",
        "ready_at IS NOT NULL",
        Rule::Keep,
    ),
    // As the page of results shows them: once they are public, and only for questions that enough people answered.
    public(
        "questionnaire_tally",
        &["id", "questionnaire_id", "question", "choice", "n"],
        "questionnaire_id IN (SELECT id FROM questionnaire WHERE consultation_id = $C)",
        "questionnaire_id IN (SELECT id FROM questionnaire WHERE consultation_id = $C \
         AND ready_at IS NOT NULL AND (open_results OR $CLOSED)) \
         AND question IN (SELECT t.question FROM questionnaire_tally t \
         JOIN questionnaire q ON q.id = t.questionnaire_id \
         WHERE q.consultation_id = $C AND t.choice = 100 AND t.n >= 3)",
        Rule::Keep,
    ),
    public(
        "step",
        &["id", "decision_id", "kind", "happened_on", "note", "skipped_reason", "document_id", "created_at"],
        "decision_id = $D",
        "1 = 1",
        Rule::Keep,
    ),
    public(
        "opinion",
        &[
            "id",
            "number",
            "consultation_id",
            "clause_id",
            "channel",
            "person_kind",
            "public_name",
            "public_text",
            "received_at",
            "published_at",
            "lang",
        ],
        "consultation_id = $C",
        "state = 'published'",
        Rule::Keep,
    ),
    public(
        "attachment",
        &[
            "id",
            "subject_kind",
            "subject_id",
            "position",
            "name",
            "format",
            "size",
            "width",
            "height",
            "alt",
            "content_hash",
        ],
        "subject_kind = 'opinion' AND subject_id IN (SELECT id FROM opinion WHERE consultation_id = $C)",
        "state = 'published' AND subject_id IN \
         (SELECT id FROM opinion WHERE consultation_id = $C AND state = 'published')",
        Rule::Keep,
    ),
    public(
        "topic",
        &["id", "consultation_id", "title", "position"],
        "consultation_id = $C",
        "id IN (SELECT topic_id FROM response WHERE public_version IS NOT NULL)",
        Rule::Follow,
    ),
    public(
        "topic_opinion",
        &["opinion_id", "topic_id"],
        "topic_id IN (SELECT id FROM topic WHERE consultation_id = $C)",
        "topic_id IN (SELECT topic_id FROM response WHERE public_version IS NOT NULL) \
         AND opinion_id IN (SELECT id FROM opinion WHERE consultation_id = $C AND state = 'published')",
        Rule::Follow,
    ),
    public(
        "response",
        &[
            "id",
            "consultation_id",
            "topic_id",
            "opinion_id",
            "public_outcome",
            "public_reason",
            "public_clause_id",
            "public_version",
        ],
        "consultation_id = $C",
        "public_version IS NOT NULL AND (opinion_id IS NULL OR opinion_id IN \
         (SELECT id FROM opinion WHERE consultation_id = $C AND state = 'published'))",
        Rule::Follow,
    ),
    public(
        "summary",
        &["id", "decision_id", "consultation_id", "snapshot", "published_at"],
        "consultation_id = $C",
        "snapshot IS NOT NULL AND published_at IS NOT NULL AND id IN (SELECT subject_id FROM publication \
         WHERE subject_kind = 'summary' AND withdrawn_at IS NULL AND current)",
        Rule::Follow,
    ),
    public(
        "publication",
        &[
            "id",
            "subject_kind",
            "subject_id",
            "version",
            "column_name",
            "title",
            "body",
            "path",
            "meta",
            "content_hash",
            "published_at",
            "current",
        ],
        "subject_id IN (SELECT id FROM consultation WHERE id = $C UNION SELECT id FROM decision WHERE id = $D \
         UNION SELECT id FROM document WHERE decision_id = $D \
         UNION SELECT id FROM summary WHERE consultation_id = $C)",
        "withdrawn_at IS NULL",
        Rule::Keep,
    ),
];

impl Public {
    /// The rows that are public, as SQL.
    pub fn filter(&self, backend: DbBackend, consultation: Uuid, decision: Uuid, closed: bool) -> String {
        let whole = format!("{} AND {}", self.scope, self.shown);
        let whole = whole.replace("$CLOSED", if closed { "1 = 1" } else { "1 = 0" });
        fill(&whole, backend, consultation, decision)
    }

    /// The rows there are, public or not, as SQL.
    pub fn all(&self, backend: DbBackend, consultation: Uuid, decision: Uuid) -> String {
        fill(self.scope, backend, consultation, decision)
    }
}

fn fill(sql: &str, backend: DbBackend, consultation: Uuid, decision: Uuid) -> String {
    sql.replace("$C", &literal(backend, consultation)).replace("$D", &literal(backend, decision))
}

/// An id as each database writes it.
fn literal(backend: DbBackend, id: Uuid) -> String {
    match backend {
        DbBackend::Sqlite => format!("x'{}'", id.simple()),
        _ => format!("'{id}'"),
    }
}

/// The tables of the database cut down to what is public, in the order of [`PUBLIC`].
pub fn tables(all: Vec<Table>) -> Result<Vec<Table>, Fault> {
    let mut tables = Vec::with_capacity(PUBLIC.len());
    for p in PUBLIC {
        let found = all.iter().find(|t| t.name == p.table);
        let mut table = found.cloned().ok_or_else(|| Fault::refused(format!("no table {}", p.table)))?;
        table.columns.retain(|c| p.columns.contains(&c.name.as_str()));
        if table.columns.len() != p.columns.len() {
            let name = p.table;
            return Err(Fault::refused(format!("table {name} has not all the columns that are public")));
        }
        tables.push(table);
    }
    Ok(tables)
}
