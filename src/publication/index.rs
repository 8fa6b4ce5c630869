//! The full-text index behind search: FTS5 on SQLite, `tsvector` on PostgreSQL, over the same tokens. A
//! passage is a line of the text, so positions stay small and a hit can be shown.

use entity::id::PublicationId;
use entity::passage::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, InsertStatement, Query};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Statement,
};

use super::tokens;
use crate::db::Write;
use crate::problem::Problem;

/// Longer lines are cut, with an overlap as long as the longest query, so that no phrase falls into the
/// gap. PostgreSQL keeps at most 256 positions of one token in a row.
const LONGEST: usize = 800;
const OVERLAP: usize = 100;

/// Rows a statement: the civil code has 2,265 lines, and a round trip for each would take seconds.
const BATCH: usize = 500;

pub async fn add(write: &Write, id: PublicationId, title: &str, body: &str) -> Result<(), Problem> {
    let lines = std::iter::once(title).chain(body.lines()).map(str::trim).filter(|l| !l.is_empty());
    let texts: Vec<String> = lines.flat_map(pieces).collect();
    for (batch, texts) in texts.chunks(BATCH).enumerate() {
        let rows = texts.iter().enumerate().map(|(i, text)| ActiveModel {
            id: NotSet,
            publication_id: Set(id),
            position: Set(i32::try_from(batch * BATCH + i).unwrap_or(i32::MAX)),
            text: Set(text.clone()),
        });
        Entity::insert_many(rows).exec_without_returning(&**write).await?;
    }
    let ids: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::PublicationId.eq(id))
        .order_by_asc(Column::Position)
        .into_tuple()
        .all(&**write)
        .await?;
    let rows: Vec<(i64, String)> = ids.into_iter().zip(texts.iter().map(|t| tokens::of_text(t))).collect();
    for rows in rows.chunks(BATCH) {
        write.execute(&index_rows(write.get_database_backend(), rows)).await?;
    }
    Ok(())
}

/// Builds the whole index anew from the passages.
pub async fn rebuild(write: &Write) -> Result<(), Problem> {
    write.execute_unprepared("DELETE FROM passage_index").await?;
    let mut after = i64::MIN;
    loop {
        let passages = Entity::find().filter(Column::Id.gt(after)).order_by_asc(Column::Id);
        let passages = passages.limit(BATCH as u64).all(&**write).await?;
        let Some(last) = passages.last() else { return Ok(()) };
        after = last.id;
        let rows: Vec<(i64, String)> = passages.iter().map(|p| (p.id, tokens::of_text(&p.text))).collect();
        write.execute(&index_rows(write.get_database_backend(), &rows)).await?;
    }
}

fn index_rows(backend: DbBackend, rows: &[(i64, String)]) -> InsertStatement {
    let sqlite = backend == DbBackend::Sqlite;
    let key = if sqlite { "rowid" } else { "passage_id" };
    let mut insert = Query::insert();
    insert.into_table("passage_index").columns([Alias::new(key), Alias::new("tokens")]);
    for (id, tokens) in rows {
        let tokens = if sqlite {
            Expr::value(tokens.as_str())
        } else {
            // Not `to_tsvector`: its parser would cut the tokens once more, differently in each locale.
            Expr::value(lexemes(tokens)).cast_as("tsvector")
        };
        insert.values_panic([Expr::value(*id), tokens]);
    }
    insert
}

/// The text form of a `tsvector`: every token with its position. Tokens are letters and digits only, so
/// nothing needs escaping.
fn lexemes(tokens: &str) -> String {
    let numbered = tokens.split(' ').filter(|t| !t.is_empty()).zip(1..);
    numbered.map(|(token, position)| format!("'{token}':{position} ")).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_with_an_overlap() {
        let line: String = (0..2000u32).filter_map(|n| char::from_u32(0x4E00 + n)).collect();
        let pieces = pieces(&line);
        assert!(pieces.iter().all(|p| p.chars().count() <= LONGEST));
        let chars: Vec<char> = line.chars().collect();
        for word in chars.windows(OVERLAP) {
            let word: String = word.iter().collect();
            assert!(pieces.iter().any(|p| p.contains(&word)));
        }
    }

    #[test]
    fn tokens_become_lexemes_with_positions() {
        assert_eq!(lexemes("体育 育场 体育"), "'体育':1 '育场':2 '体育':3 ");
        assert_eq!(lexemes(""), "");
    }
}
