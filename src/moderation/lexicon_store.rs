//! The table of the bureau's words.

use std::collections::HashSet;

use entity::enums::LexiconKind;
use entity::lexicon_word::{Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};

use crate::db::Write;
use crate::problem::Problem;

/// Rows of one INSERT.
const CHUNK: usize = 500;

/// Every row, those that were removed included.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, Problem> {
    Ok(Entity::find().order_by_asc(Column::Kind).order_by_asc(Column::Sought).all(db).await?)
}

pub async fn find(
    db: &impl ConnectionTrait,
    kind: LexiconKind,
    sought: &str,
) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().filter(Column::Kind.eq(kind)).filter(Column::Sought.eq(sought)).one(db).await?)
}

/// Adds rows, or puts them in the place of those with the same word.
pub async fn put(write: &Write, rows: &[Model]) -> Result<(), Problem> {
    let over = OnConflict::columns([Column::Kind, Column::Sought])
        .update_columns([Column::Word, Column::Active, Column::ChangedAt, Column::ChangedBy])
        .to_owned();
    for chunk in rows.chunks(CHUNK) {
        let rows = chunk.iter().cloned().map(sea_orm::IntoActiveModel::into_active_model);
        Entity::insert_many(rows.map(sea_orm::ActiveModelTrait::reset_all))
            .on_conflict(over.clone())
            .exec_without_returning(&**write)
            .await?;
    }
    Ok(())
}

fn of(kind: LexiconKind, sought: &str) -> Select<Entity> {
    let query = Entity::find().filter(Column::Kind.eq(kind)).filter(Column::Active.eq(true));
    // What is sought has letters and digits only, so there is nothing to escape.
    if sought.is_empty() { query } else { query.filter(Column::Sought.contains(sought)) }
}

/// Words of a kind that hold `sought`, in order, and how many there are.
pub async fn page(
    db: &impl ConnectionTrait,
    kind: LexiconKind,
    sought: &str,
    limit: u64,
    offset: u64,
) -> Result<(Vec<Model>, u64), Problem> {
    #[derive(FromQueryResult)]
    struct Count {
        n: i64,
    }
    let count = of(kind, sought).select_only().column_as(Column::Id.count(), "n");
    let total = count.into_model::<Count>().one(db).await?.map_or(0, |c| c.n);
    let rows = of(kind, sought).order_by_asc(Column::Sought).limit(limit).offset(offset).all(db).await?;
    Ok((rows, u64::try_from(total).unwrap_or(0)))
}

/// What is not looked for any more, of a kind.
pub async fn off(db: &impl ConnectionTrait, kind: LexiconKind) -> Result<HashSet<String>, Problem> {
    let query = Entity::find().select_only().column(Column::Sought).filter(Column::Kind.eq(kind));
    let rows: Vec<String> = query.filter(Column::Active.eq(false)).into_tuple().all(db).await?;
    Ok(rows.into_iter().collect())
}

/// How many words of each kind are looked for.
pub async fn counts(db: &impl ConnectionTrait) -> Result<Vec<(LexiconKind, u64)>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: LexiconKind,
        n: i64,
    }
    let rows = Entity::find()
        .select_only()
        .column(Column::Kind)
        .column_as(Column::Id.count(), "n")
        .filter(Column::Active.eq(true))
        .group_by(Column::Kind);
    let rows: Vec<Row> = rows.into_model().all(db).await?;
    Ok(rows.into_iter().map(|r| (r.kind, u64::try_from(r.n).unwrap_or(0))).collect())
}
