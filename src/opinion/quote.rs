//! The clause an opinion speaks on: quoted as it was when it was spoken about, and found again in the
//! present text when a correction came in between.

use std::collections::HashMap;

use entity::clause::Model;
use entity::id::{ClauseId, DocumentId};
use sea_orm::ConnectionTrait;

use crate::document::reader::{Block, blocks};
use crate::document::{self, label_of_clause};
use crate::problem::Problem;

/// More lines than anybody reads beside an opinion; a chapter is not quoted in full.
const LONGEST: usize = 40;
/// Characters of a clause's beginning in a list to choose from.
const BEGINNING: usize = 28;

/// A clause with what belongs to it.
#[derive(Clone, Debug)]
pub struct Quote {
    pub head: Model,
    /// The clause itself and the paragraphs and items under it.
    pub members: Vec<Model>,
}

impl Quote {
    /// `第八条第二款`
    pub fn label(&self) -> String {
        label_of_clause(&self.head)
    }

    /// Its words, a line each as they are read.
    pub fn text(&self) -> String {
        let lines = self.members.iter().flat_map(|m| m.text.lines().map(str::trim));
        lines.filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
    }

    fn says_the_same(&self, other: &Self) -> bool {
        self.members.iter().map(|m| &m.text).eq(other.members.iter().map(|m| &m.text))
    }
}

/// # Errors
/// `not_found`; the database's own.
pub async fn quote(db: &impl ConnectionTrait, id: ClauseId) -> Result<Quote, Problem> {
    let head = document::clause(db, id).await?;
    let rows = document::clauses(db, head.document_id).await?;
    Ok(with_members(head, rows))
}

pub(super) fn with_members(head: Model, rows: Vec<Model>) -> Quote {
    let below = format!("{}/", head.path);
    let own = |row: &Model| row.id == head.id || row.path.starts_with(&below);
    let members = rows.into_iter().filter(own).take(LONGEST).collect();
    Quote { head, members }
}

/// Where a chosen clause stands in the text that is asked about.
#[derive(Debug)]
pub enum Place {
    /// In it, or carried into it word for word: this is its id there.
    Here(ClauseId),
    /// A correction changed its words; the author has to read them again.
    Changed(ClauseId),
    /// In another text.
    Elsewhere,
}

/// Finds the place of a clause in a document.
///
/// # Errors
/// The database's own.
pub async fn place(db: &impl ConnectionTrait, document: DocumentId, id: ClauseId) -> Result<Place, Problem> {
    let chosen = match document::clause(db, id).await {
        Ok(chosen) if chosen.document_id == document => return Ok(Place::Here(id)),
        Ok(chosen) => chosen,
        Err(problem) if problem.status() == 404 => return Ok(Place::Elsewhere),
        Err(problem) => return Err(problem),
    };
    let rows = document::clauses(db, document).await?;
    let Some(now) = rows.iter().find(|row| row.lineage_id == chosen.lineage_id).cloned() else {
        return Ok(Place::Elsewhere);
    };
    let old = quote(db, id).await?;
    let new = with_members(now, rows);
    Ok(if new.says_the_same(&old) { Place::Here(new.head.id) } else { Place::Changed(new.head.id) })
}

/// The labels of clauses, for lists.
///
/// # Errors
/// The database's own.
pub async fn labels(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = ClauseId>,
) -> Result<HashMap<ClauseId, String>, Problem> {
    let found = document::clauses_at(db, ids).await?;
    Ok(found.into_iter().map(|(id, clause)| (id, label_of_clause(&clause))).collect())
}

/// What one can speak on in a document, as a list to choose from.
///
/// # Errors
/// The database's own.
pub async fn choices(
    db: &impl ConnectionTrait,
    document: DocumentId,
) -> Result<Vec<(ClauseId, String)>, Problem> {
    let rows = document::clauses(db, document).await?;
    let choice = |block: &Block<'_>| match block {
        Block::Unit(unit) => {
            let text: String = unit.head.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let begins: String = text.chars().take(BEGINNING).collect();
            Some((unit.head.id, format!("{}｜{begins}", label_of_clause(unit.head))))
        }
        _ => None,
    };
    Ok(blocks(&rows).iter().filter_map(choice).collect())
}
