//! Imported holidays: the only file here that touches the database.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _, QueryOrder as _};

use super::{Calendar, DayKind, Holiday, HolidayTable};
use crate::problem::Problem;

/// The embedded table with what was imported on top.
///
/// # Errors
/// The database's own.
pub async fn load(db: &impl ConnectionTrait) -> Result<Calendar, Problem> {
    let rows = entity::holiday::Entity::find().order_by_asc(entity::holiday::Column::Day).all(db).await?;
    let imported = rows.into_iter().map(|row| Holiday {
        date: row.day,
        kind: match row.kind {
            entity::enums::DayKind::Off => DayKind::Off,
            entity::enums::DayKind::Work => DayKind::Work,
        },
        name: row.name,
        source: row.source,
    });
    Ok(Calendar::from_table(HolidayTable::embedded().merged(imported)))
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
