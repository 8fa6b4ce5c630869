//! Clauses that opinions speak on.

use std::collections::HashMap;

use entity::clause;
use entity::id::{ClauseId, DocumentId};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::problem::Problem;

/// A clause, if it is part of the document.
///
/// # Errors
/// The database's own.
pub async fn clause_of(
    db: &impl ConnectionTrait,
    document: DocumentId,
    id: ClauseId,
) -> Result<Option<clause::Model>, Problem> {
    Ok(clause::Entity::find_by_id(id).filter(clause::Column::DocumentId.eq(document)).one(db).await?)
}

/// A clause with what belongs to it, to be shown beside an opinion.
#[derive(Clone, Debug)]
pub struct Quote {
    pub id: ClauseId,
    /// `第八条第二款`
    pub label: String,
    /// Kind and text of the clause's lines.
    pub lines: Vec<(String, String)>,
}

/// More lines than anybody reads beside an opinion; a chapter is not quoted in full.
const QUOTED_LINES: u64 = 40;
/// The longest draft has far fewer clauses.
const LONGEST_LIST: u64 = 2000;

/// # Errors
/// `not_found`; the database's own.
pub async fn quote(db: &impl ConnectionTrait, id: ClauseId) -> Result<Quote, Problem> {
    let head = clause::Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)?;
    let own = Condition::any()
        .add(clause::Column::Id.eq(id))
        .add(clause::Column::Path.starts_with(format!("{}/", head.path)));
    let lines = clause::Entity::find()
        .filter(clause::Column::DocumentId.eq(head.document_id))
        .filter(own)
        .order_by_asc(clause::Column::Position)
        .limit(QUOTED_LINES)
        .all(db)
        .await?;
    Ok(Quote { id, label: label(&head.path), lines: lines.into_iter().map(|c| (c.kind, c.text)).collect() })
}

/// The labels of clauses, for lists.
///
/// # Errors
/// The database's own.
pub async fn labels(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = ClauseId>,
) -> Result<HashMap<ClauseId, String>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        id: ClauseId,
        path: String,
    }
    let rows: Vec<Row> = clause::Entity::find()
        .select_only()
        .columns([clause::Column::Id, clause::Column::Path])
        .filter(clause::Column::Id.is_in(ids))
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| (r.id, label(&r.path))).collect())
}

/// The clauses of a document that one can speak on, as a list to choose from.
///
/// # Errors
/// The database's own.
pub async fn clause_choices(
    db: &impl ConnectionTrait,
    document: DocumentId,
) -> Result<Vec<(ClauseId, String)>, Problem> {
    let rows = clause::Entity::find()
        .filter(clause::Column::DocumentId.eq(document))
        .filter(clause::Column::Kind.is_not_in(["title", "title_note", "contents"]))
        .order_by_asc(clause::Column::Position)
        .limit(LONGEST_LIST)
        .all(db)
        .await?;
    let choice = |c: clause::Model| {
        let begins: String = c.text.chars().take(28).collect();
        (c.id, format!("{}｜{begins}", label(&c.path)))
    };
    Ok(rows.into_iter().map(choice).collect())
}

/// How people cite a clause: from the article on (第八条第二款), or the whole way where there is none.
fn label(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let above = |part: &&&str| part.starts_with('第') && part.ends_with(['编', '章', '节']);
    let skipped = parts.iter().take(parts.len() - 1).take_while(above).count();
    parts[skipped..].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_cited_as_people_do() {
        assert_eq!(label("第一章/第八条/第二款/（三）"), "第八条第二款（三）");
        assert_eq!(label("第一编/第二章/第三条"), "第三条");
        assert_eq!(label("第一章"), "第一章");
        assert_eq!(label("第一章/第二节"), "第二节");
        assert_eq!(label("二、/（一）"), "二、（一）");
        assert_eq!(label("附件1"), "附件1");
    }
}
