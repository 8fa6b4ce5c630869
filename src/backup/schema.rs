//! The tables and columns as the database itself reports them.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use crate::db::Db;

/// Tables that are not copied, and why. Everything else is.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("seaql_migrations", "the steps of the schema stand in the manifest"),
    ("passage_index", "derived from `passage`, in each database's own way; built anew"),
];

/// What a column holds, whichever database it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Uuid,
    Text,
    Integer,
    Boolean,
    /// A civil date.
    Date,
    /// UTC, to the microsecond.
    Instant,
    Json,
    Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Whether a cell may be absent.
    pub nullable: bool,
}

/// A table; its columns in the order of their names, so that it is the same on both databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The primary key: the order of the rows.
    pub key: Vec<String>,
}

#[derive(FromQueryResult)]
struct Found {
    table_name: String,
    column_name: String,
    type_name: String,
    required: bool,
    /// Place in the primary key, from 1; 0 outside of it.
    place: i32,
}

const SQLITE: &str = "SELECT t.name AS table_name, c.name AS column_name, c.type AS type_name, \
     c.\"notnull\" AS required, c.pk AS place \
     FROM pragma_table_list t JOIN pragma_table_info(t.name) c \
     WHERE t.schema = 'main' AND t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_'";

const POSTGRES: &str = "SELECT c.relname::text AS table_name, a.attname::text AS column_name, \
     format_type(a.atttypid, NULL)::text AS type_name, a.attnotnull AS required, \
     COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0)::int AS place \
     FROM pg_class c \
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
     LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace";

/// Every table but those left out, by name.
///
/// # Errors
/// The database's own; a table without a primary key or with a column of an unknown type.
pub async fn tables(db: &impl ConnectionTrait) -> Result<Vec<Table>, Fault> {
    let mut tables: Vec<(Table, Vec<(i32, String)>)> = Vec::new();
    let mut found = found(db).await?;
    found.retain(|f| !LEFT_OUT.iter().any(|(name, _)| *name == f.table_name));
    found.sort_by(|a, b| (&a.table_name, &a.column_name).cmp(&(&b.table_name, &b.column_name)));
    for f in found {
        let kind = kind(&f.type_name).ok_or_else(|| {
            Fault::refused(format!(
                "column {}.{} has the type {:?}, which no backup knows",
                f.table_name, f.column_name, f.type_name
            ))
        })?;
        if tables.last().is_none_or(|(table, _)| table.name != f.table_name) {
            let table = Table { name: f.table_name, columns: Vec::new(), key: Vec::new() };
            tables.push((table, Vec::new()));
        }
        let Some((table, key)) = tables.last_mut() else { continue };
        if f.place > 0 {
            key.push((f.place, f.column_name.clone()));
        }
        table.columns.push(Column { name: f.column_name, kind, nullable: !f.required });
    }
    let mut done = Vec::with_capacity(tables.len());
    for (mut table, mut key) in tables {
        if key.is_empty() {
            return Err(Fault::refused(format!("table {} has no primary key", table.name)));
        }
        key.sort();
        table.key = key.into_iter().map(|(_, name)| name).collect();
        done.push(table);
    }
    Ok(done)
}

async fn found(db: &impl ConnectionTrait) -> Result<Vec<Found>, DbErr> {
    let backend = db.get_database_backend();
    let sql = if backend == DbBackend::Sqlite { SQLITE } else { POSTGRES };
    Found::find_by_statement(Statement::from_string(backend, sql)).all(db).await
}

/// The names SeaORM gives its types on SQLite, and PostgreSQL's own.
fn kind(declared: &str) -> Option<Kind> {
    let declared = declared.to_ascii_lowercase();
    Some(match declared.split('(').next().unwrap_or_default().trim() {
        "uuid" | "uuid_text" => Kind::Uuid,
        "text" | "varchar" | "character varying" => Kind::Text,
        "integer" | "bigint" | "smallint" | "tinyint" => Kind::Integer,
        "boolean" => Kind::Boolean,
        "date" | "date_text" => Kind::Date,
        "timestamp with time zone" | "timestamp_with_timezone_text" => Kind::Instant,
        "json" | "jsonb" | "json_text" | "jsonb_text" => Kind::Json,
        "blob" | "bytea" => Kind::Bytes,
        _ => return None,
    })
}

#[derive(FromQueryResult)]
struct Step {
    version: String,
}

/// The steps of the schema that this database has taken, by name; none in an empty one.
///
/// # Errors
/// The database's own.
pub async fn steps(db: &impl ConnectionTrait) -> Result<Vec<String>, Fault> {
    if !found(db).await?.iter().any(|f| f.table_name == "seaql_migrations") {
        return Ok(Vec::new());
    }
    let sql = "SELECT version FROM seaql_migrations";
    let steps =
        Step::find_by_statement(Statement::from_string(db.get_database_backend(), sql)).all(db).await?;
    Ok(in_order(steps.into_iter().map(|s| s.version).collect()))
}

/// Whether the database has taken exactly the steps that this program knows.
///
/// # Errors
/// The database's own.
pub async fn is_current(db: &Db) -> Result<bool, Fault> {
    Ok(steps(db.read()).await? == migration::names())
}

/// Known steps in the order of this program, unknown ones after them.
fn in_order(mut steps: Vec<String>) -> Vec<String> {
    let known = migration::names();
    steps.sort_by_key(|step| (known.iter().position(|k| k == step).unwrap_or(known.len()), step.clone()));
    steps
}
