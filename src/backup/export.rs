//! What the public may read of one consultation, as an open archive: for other portals, for researchers, for
//! whoever wants to count again. Nothing in it is not on the site's public pages.

use std::path::Path;

use entity::{consultation, decision};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::archive::{self, Sum, Writer};
use super::fault::Fault;
use super::make::{Made, write_files, write_table};
use super::manifest::{self, ExportManifest};
use super::schema::{self, Table};
use crate::config::Config;
use crate::db::Db;
use crate::time::Clock;

/// What is public of each table: its columns, and which rows. `$C` is the consultation's id, `$D` the
/// decision's, as SQL. A table or a column that is not here is not exported.
const PUBLIC: &[(&str, &[&str], &str)] = &[
    (
        "decision",
        &[
            "id",
            "code",
            "year",
            "title",
            "kind",
            "summary",
            "basis",
            "doc_number",
            "promulgated_on",
            "published_at",
        ],
        "id = $D AND published_at IS NOT NULL",
    ),
    (
        "consultation",
        &[
            "id",
            "code",
            "decision_id",
            "document_id",
            "title",
            "notice",
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
        "id = $C AND published_at IS NOT NULL",
    ),
    (
        "consultation_extension",
        &["id", "consultation_id", "old_closes_on", "new_closes_on", "reason", "published_at"],
        "consultation_id = $C",
    ),
    (
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
        "decision_id = $D AND published_at IS NOT NULL",
    ),
    (
        "clause",
        &["id", "document_id", "lineage_id", "position", "parent_id", "path", "kind", "number", "text"],
        "document_id IN (SELECT id FROM document WHERE decision_id = $D AND published_at IS NOT NULL)",
    ),
    (
        "file",
        &["id", "document_id", "name", "media_type", "size", "content_hash", "bytes"],
        "document_id IN (SELECT id FROM document WHERE decision_id = $D AND published_at IS NOT NULL)",
    ),
    (
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
        "consultation_id = $C AND state = 'published'",
    ),
    (
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
        "withdrawn_at IS NULL AND subject_id IN (SELECT id FROM consultation WHERE id = $C \
         UNION SELECT id FROM decision WHERE id = $D \
         UNION SELECT id FROM document WHERE decision_id = $D \
         UNION SELECT id FROM summary WHERE consultation_id = $C)",
    ),
];

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
    let (consultation, decision) = find(&snapshot, code).await?;
    let tables = public_tables(schema::tables(&*snapshot).await?)?;
    let mut writer = Writer::begin(place, ".jianyan-export-")?;
    let mut files = Vec::new();
    let filters: Vec<String> = PUBLIC
        .iter()
        .map(|(.., filter)| {
            filter.replace("$C", &literal(db, consultation)).replace("$D", &literal(db, decision))
        })
        .collect();
    for (table, filter) in tables.iter().zip(&filters) {
        write_files(&snapshot, table, Some(filter), &mut writer, &mut files).await?;
    }
    let mut entries = Vec::with_capacity(tables.len());
    for (table, filter) in tables.iter().zip(&filters) {
        entries.push(write_table(&snapshot, table, Some(filter), &mut writer).await?);
    }
    snapshot.close().await?;
    let rows = entries.iter().map(|t| t.rows).sum();
    let manifest = ExportManifest {
        format: manifest::EXPORT_FORMAT.to_owned(),
        format_version: manifest::VERSION,
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

async fn find(db: &DatabaseTransaction, code: &str) -> Result<(Uuid, Uuid), Fault> {
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
    Ok((row.id.0, decision.id.0))
}

/// The tables of the database cut down to what is public, in the order of [`PUBLIC`].
fn public_tables(all: Vec<Table>) -> Result<Vec<Table>, Fault> {
    let mut tables = Vec::with_capacity(PUBLIC.len());
    for (name, columns, _) in PUBLIC {
        let found = all.iter().find(|t| t.name == *name);
        let mut table = found.cloned().ok_or_else(|| Fault::refused(format!("no table {name}")))?;
        table.columns.retain(|c| columns.contains(&c.name.as_str()));
        if table.columns.len() != columns.len() {
            return Err(Fault::refused(format!("table {name} has not all the columns that are public")));
        }
        tables.push(table);
    }
    Ok(tables)
}

/// An id as each database writes it.
fn literal(db: &Db, id: Uuid) -> String {
    match db.backend() {
        sea_orm::DbBackend::Sqlite => format!("x'{}'", id.simple()),
        _ => format!("'{id}'"),
    }
}
