//! The full-text index behind search: FTS5 on SQLite, `tsvector` on PostgreSQL, over the same tokens. A
//! passage is a line of the text, so positions stay small and a hit can be shown.

use entity::id::PublicationId;
use entity::passage::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, Statement,
};

use super::tokens;
use crate::db::Write;
use crate::problem::Problem;

/// Longer lines are cut, with an overlap so that no word falls into the gap. PostgreSQL keeps at most 256
/// positions of one token in a row.
const LONGEST: usize = 600;
const OVERLAP: usize = 40;

pub async fn add(write: &Write, id: PublicationId, title: &str, body: &str) -> Result<(), Problem> {
    let lines = std::iter::once(title).chain(body.lines()).map(str::trim).filter(|l| !l.is_empty());
    for (position, text) in lines.flat_map(pieces).enumerate() {
        let row = ActiveModel {
            id: NotSet,
            publication_id: Set(id),
            position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
            text: Set(text.clone()),
        }
        .insert(&**write)
        .await?;
        let backend = write.get_database_backend();
        let sql = match backend {
            DbBackend::Sqlite => "INSERT INTO passage_index (rowid, tokens) VALUES ($1, $2)",
            _ => "INSERT INTO passage_index (passage_id, tokens) VALUES ($1, to_tsvector('simple', $2))",
        };
        let values = [row.id.into(), tokens::of_text(&text).into()];
        write.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    }
    Ok(())
}

pub async fn remove(write: &Write, id: PublicationId) -> Result<(), Problem> {
    let backend = write.get_database_backend();
    let sql = match backend {
        DbBackend::Sqlite => {
            "DELETE FROM passage_index WHERE rowid IN (SELECT id FROM passage WHERE publication_id = $1)"
        }
        _ => {
            "DELETE FROM passage_index WHERE passage_id IN (SELECT id FROM passage WHERE publication_id = $1)"
        }
    };
    write.execute_raw(Statement::from_sql_and_values(backend, sql, [id.0.into()])).await?;
    Entity::delete_many().filter(Column::PublicationId.eq(id)).exec(&**write).await?;
    Ok(())
}

fn pieces(line: &str) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    if chars.len() <= LONGEST {
        return vec![line.to_owned()];
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    while from < chars.len() {
        let to = (from + LONGEST).min(chars.len());
        pieces.push(chars[from..to].iter().collect());
        if to == chars.len() {
            break;
        }
        from = to - OVERLAP;
    }
    pieces
}
