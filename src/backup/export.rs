//! What the public may read of one consultation, as an open archive: for other portals, for researchers, for
//! whoever wants to count again. Nothing in it is not on the site's public pages.

use std::path::Path;

use chrono::NaiveDate;
use entity::{consultation, decision};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::archive::{self, Sum, Writer};
use super::attached;
use super::fault::Fault;
use super::make::{Made, write_files, write_table};
use super::manifest::{self, ExportManifest};
use super::public::{self, PUBLIC};
use super::schema;
use crate::calendar::civil;
use crate::config::Config;
use crate::db::Db;
use crate::time::Clock;

/// Writes the public content of a consultation, by its code, while the site works on.
///
/// # Errors
/// `Refused` for a consultation that is not public, or a place that is taken; the database's own.
pub async fn export(
    db: &Db,
    config: &Config,
    clock: &Clock,
    code: &str,
    place: &Path,
    force: bool,
) -> Result<Made, Fault> {
    if place.exists() && !force {
        return Err(archive::already_there(place));
    }
    let snapshot = db.snapshot().await?;
    let (consultation, decision, closes_on) = find(&snapshot, code).await?;
    let closed = clock.now() >= civil::end_of_day(closes_on);
    let tables = public::tables(schema::tables(&*snapshot).await?)?;
    let mut writer = Writer::begin(place, ".jianyan-export-")?;
    let mut files = Vec::new();
    let filters: Vec<String> =
        PUBLIC.iter().map(|p| p.filter(db.backend(), consultation, decision, closed)).collect();
    for (table, filter) in tables.iter().zip(&filters) {
        write_files(&snapshot, table, Some(filter), &mut writer, &mut files).await?;
        if table.name == attached::TABLE {
            attached::write_open(&snapshot, config, filter, &mut writer, &mut files).await?;
        }
    }
    let mut entries = Vec::with_capacity(tables.len());
    for (table, filter) in tables.iter().zip(&filters) {
        entries.push(write_table(&snapshot, table, Some(filter), &mut writer).await?);
    }
    snapshot.close().await?;
    let rows = entries.iter().map(|t| t.rows).sum();
    let manifest = ExportManifest {
        format: manifest::EXPORT_FORMAT.to_owned(),
        format_version: manifest::EXPORT_VERSION,
        product_version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: clock.now(),
        site: config.site.name.clone(),
        url: format!("{}/consultations/{code}", config.base_url()),
        consultation: code.to_owned(),
        tables: entries,
        files,
    };
    let text = serde_json::to_vec_pretty(&manifest).map_err(|e| Fault::damaged(e.to_string()))?;
    writer.whole(manifest::PATH, &text)?;
    let Sum { bytes, sha256 } = writer.finish(force, |_| Ok(()))?;
    let (tables, files) = (manifest.tables.len(), manifest.files.len());
    Ok(Made { place: place.to_owned(), tables, rows, files, bytes, sha256 })
}

async fn find(db: &DatabaseTransaction, code: &str) -> Result<(Uuid, Uuid, NaiveDate), Fault> {
    let refused = || Fault::refused(format!("there is no public consultation {code:?}"));
    let row = consultation::Entity::find()
        .filter(consultation::Column::Code.eq(code))
        .filter(consultation::Column::PublishedAt.is_not_null())
        .one(db)
        .await?
        .ok_or_else(refused)?;
    let decision = decision::Entity::find_by_id(row.decision_id)
        .filter(decision::Column::PublishedAt.is_not_null())
        .one(db)
        .await?
        .ok_or_else(refused)?;
    Ok((row.id.0, decision.id.0, row.closes_on))
}
