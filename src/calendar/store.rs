//! Imported holidays: the only file here that touches the database.

use chrono::{DateTime, NaiveDate, Utc};
use entity::calendar_import;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::{Calendar, DayKind, Holiday, HolidayTable};
use crate::problem::Problem;

/// The embedded table with what was imported on top.
///
/// # Errors
/// The database's own.
pub async fn load(db: &impl ConnectionTrait) -> Result<Calendar, Problem> {
    let rows = entity::holiday::Entity::find().order_by_asc(entity::holiday::Column::Day).all(db).await?;
    Ok(Calendar::from_table(HolidayTable::embedded().merged(rows.into_iter().map(holiday))))
}

fn holiday(row: entity::holiday::Model) -> Holiday {
    Holiday {
        date: row.day,
        kind: match row.kind {
            entity::enums::DayKind::Off => DayKind::Off,
            entity::enums::DayKind::Work => DayKind::Work,
        },
        name: row.name,
        source: row.source,
    }
}

/// The imported days of a year.
///
/// # Errors
/// The database's own.
pub async fn imported(
    db: &impl ConnectionTrait,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Holiday>, Problem> {
    use entity::holiday::{Column, Entity};
    let rows = Entity::find().filter(Column::Day.between(from, to)).order_by_asc(Column::Day);
    Ok(rows.all(db).await?.into_iter().map(holiday).collect())
}

/// How many imports there were; it grows with each, so that other processes see that the table changed.
///
/// # Errors
/// The database's own.
pub async fn version(db: &impl ConnectionTrait) -> Result<u64, Problem> {
    Ok(calendar_import::Entity::find().count(db).await?)
}

/// The latest imports, newest first.
///
/// # Errors
/// The database's own.
pub async fn imports(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<calendar_import::Model>, Problem> {
    use calendar_import::{Column, Entity};
    let rows = Entity::find().order_by_desc(Column::ImportedAt).order_by_desc(Column::Id);
    Ok(rows.limit(limit).all(db).await?)
}

/// Records an import.
///
/// # Errors
/// The database's own.
pub async fn log(db: &impl ConnectionTrait, row: calendar_import::Model) -> Result<(), Problem> {
    row.into_active_model().insert(db).await?;
    Ok(())
}

/// Keeps imported rows; a day given before is replaced.
///
/// # Errors
/// The database's own.
pub async fn save(db: &impl ConnectionTrait, rows: &[Holiday], now: DateTime<Utc>) -> Result<(), Problem> {
    use entity::holiday::{ActiveModel, Column, Entity};
    for row in rows {
        let model = ActiveModel {
            day: Set(row.date),
            kind: Set(match row.kind {
                DayKind::Off => entity::enums::DayKind::Off,
                DayKind::Work => entity::enums::DayKind::Work,
            }),
            name: Set(row.name.clone()),
            source: Set(row.source.clone()),
            imported_at: Set(now),
        };
        Entity::insert(model)
            .on_conflict(
                OnConflict::column(Column::Day)
                    .update_columns([Column::Kind, Column::Name, Column::Source, Column::ImportedAt])
                    .to_owned(),
            )
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}
