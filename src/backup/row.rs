//! A row: out of a database, as a line of JSON, back into cells.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use data_encoding::{BASE64, HEXLOWER};
use sea_orm::{DbBackend, DbErr, QueryResult, Value};
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::fault::Fault;
use super::schema::{Column, Kind, Table};

/// Longer byte strings are files of their own in an archive; shorter ones stand in the line.
pub const INLINE: usize = 1024;

/// The cells of a row, in the order of the table's columns.
pub type Row = Vec<Value>;

/// The statement that reads a table in the order of its key, by bytes on both databases.
pub fn select(table: &Table, backend: DbBackend, filter: Option<&str>) -> String {
    let postgres = backend == DbBackend::Postgres;
    let columns = table.columns.iter().map(|c| match c.kind {
        Kind::Integer if postgres => format!("{}::bigint", quoted(&c.name)),
        _ => quoted(&c.name),
    });
    let key = table.key.iter().map(|name| {
        let is_text = table.columns.iter().any(|c| c.name == *name && c.kind == Kind::Text);
        if postgres && is_text { format!("{} COLLATE \"C\"", quoted(name)) } else { quoted(name) }
    });
    let (columns, key): (Vec<_>, Vec<_>) = (columns.collect(), key.collect());
    let filter = filter.map(|f| format!(" WHERE {f}")).unwrap_or_default();
    format!("SELECT {} FROM {}{filter} ORDER BY {}", columns.join(", "), quoted(&table.name), key.join(", "))
}

/// A name as SQL takes it, whatever is in it.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// # Errors
/// A value that is not of its column's type.
pub fn cells(table: &Table, row: &QueryResult) -> Result<Row, DbErr> {
    table.columns.iter().enumerate().map(|(i, c)| cell(c.kind, row, i)).collect()
}

fn cell(kind: Kind, row: &QueryResult, i: usize) -> Result<Value, DbErr> {
    Ok(match kind {
        Kind::Uuid => Value::Uuid(row.try_get_by_index::<Option<Uuid>>(i)?),
        Kind::Text => Value::String(row.try_get_by_index::<Option<String>>(i)?),
        Kind::Integer => Value::BigInt(row.try_get_by_index::<Option<i64>>(i)?),
        Kind::Boolean => Value::Bool(row.try_get_by_index::<Option<bool>>(i)?),
        Kind::Date => Value::ChronoDate(row.try_get_by_index::<Option<NaiveDate>>(i)?),
        Kind::Instant => Value::ChronoDateTimeUtc(row.try_get_by_index::<Option<DateTime<Utc>>>(i)?),
        Kind::Json => Value::Json(row.try_get_by_index::<Option<Json>>(i)?.map(Box::new)),
        Kind::Bytes => Value::Bytes(row.try_get_by_index::<Option<Vec<u8>>>(i)?),
    })
}

/// Writes the row as one line: an object, its members in the order of their names, without spaces.
pub fn write_line(table: &Table, row: &Row, line: &mut String) {
    line.clear();
    for (column, cell) in table.columns.iter().zip(row) {
        line.push(if line.is_empty() { '{' } else { ',' });
        text(line, &column.name);
        line.push(':');
        value(line, cell);
    }
    line.push_str("}\n");
}

fn value(line: &mut String, cell: &Value) {
    // Writing into a string never fails.
    let _ = match cell {
        Value::Uuid(Some(v)) => write!(line, "\"{v}\""),
        Value::String(Some(v)) => {
            text(line, v);
            Ok(())
        }
        Value::BigInt(Some(v)) => write!(line, "{v}"),
        Value::Bool(Some(v)) => write!(line, "{v}"),
        Value::ChronoDate(Some(v)) => write!(line, "\"{v}\""),
        Value::ChronoDateTimeUtc(Some(v)) => write!(line, "\"{}\"", v.format("%Y-%m-%dT%H:%M:%S%.6fZ")),
        Value::Json(Some(v)) => write!(line, "{v}"),
        Value::Bytes(Some(v)) if v.len() > INLINE => {
            write!(line, "{{\"file\":\"{}\",\"size\":{}}}", file_path(v), v.len())
        }
        Value::Bytes(Some(v)) => write!(line, "\"{}\"", BASE64.encode(v)),
        _ => write!(line, "null"),
    };
}

fn text(line: &mut String, text: &str) {
    // A string is always JSON.
    line.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// Where bytes lie in an archive: by their SHA-256, the same bytes once.
pub fn file_path(bytes: &[u8]) -> String {
    format!("files/{}", HEXLOWER.encode(&Sha256::digest(bytes)))
}

/// The cells of a line; `fetch` gives the bytes of a file of the archive by its path.
///
/// # Errors
/// A line that this table cannot have.
pub fn parse(
    table: &Table,
    line: &str,
    fetch: &mut dyn FnMut(&str) -> Result<Vec<u8>, Fault>,
) -> Result<Row, Fault> {
    let wrong = |why: &str| Fault::damaged(format!("a row of {}: {why}", table.name));
    let mut object: Map<String, Json> = serde_json::from_str(line).map_err(|e| wrong(&e.to_string()))?;
    let mut row = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let json = object.remove(&column.name).ok_or_else(|| wrong(&format!("no {:?}", column.name)))?;
        row.push(read(column, json, fetch)?.ok_or_else(|| wrong(&format!("{:?} is wrong", column.name)))?);
    }
    match object.keys().next() {
        None => Ok(row),
        Some(name) => Err(wrong(&format!("unknown {name:?}"))),
    }
}

fn read(
    column: &Column,
    json: Json,
    fetch: &mut dyn FnMut(&str) -> Result<Vec<u8>, Fault>,
) -> Result<Option<Value>, Fault> {
    Ok(match (column.kind, json) {
        // JSON's own null is a value; where a cell must have one, it is meant.
        (Kind::Json, Json::Null) if !column.nullable => Some(Value::Json(Some(Box::new(Json::Null)))),
        (kind, Json::Null) => column.nullable.then(|| null(kind)),
        (Kind::Json, json) => Some(Value::Json(Some(Box::new(json)))),
        (Kind::Boolean, Json::Bool(v)) => Some(Value::Bool(Some(v))),
        (Kind::Integer, Json::Number(n)) => n.as_i64().map(|v| Value::BigInt(Some(v))),
        (Kind::Text, Json::String(v)) => Some(Value::String(Some(v))),
        (Kind::Uuid, Json::String(v)) => v.parse().ok().map(|v| Value::Uuid(Some(v))),
        (Kind::Date, Json::String(v)) => v.parse().ok().map(|v| Value::ChronoDate(Some(v))),
        (Kind::Instant, Json::String(v)) => v.parse().ok().map(|v| Value::ChronoDateTimeUtc(Some(v))),
        (Kind::Bytes, Json::String(v)) => BASE64.decode(v.as_bytes()).ok().map(|v| Value::Bytes(Some(v))),
        (Kind::Bytes, Json::Object(file)) => match file.get("file") {
            Some(Json::String(path)) => Some(Value::Bytes(Some(fetch(path)?))),
            _ => None,
        },
        _ => None,
    })
}

fn null(kind: Kind) -> Value {
    match kind {
        Kind::Uuid => Value::Uuid(None),
        Kind::Text => Value::String(None),
        Kind::Integer => Value::BigInt(None),
        Kind::Boolean => Value::Bool(None),
        Kind::Date => Value::ChronoDate(None),
        Kind::Instant => Value::ChronoDateTimeUtc(None),
        Kind::Json => Value::Json(None),
        Kind::Bytes => Value::Bytes(None),
    }
}

/// How much a row weighs in memory, about.
pub fn weight(row: &Row) -> usize {
    row.iter()
        .map(|cell| match cell {
            Value::String(Some(v)) => v.len(),
            Value::Bytes(Some(v)) => v.len(),
            Value::Json(Some(v)) => v.to_string().len(),
            _ => 16,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let column = |name: &str, kind| Column { name: name.into(), kind, nullable: true };
        Table {
            name: "t".into(),
            columns: vec![
                column("at", Kind::Instant),
                column("day", Kind::Date),
                column("n", Kind::Integer),
                column("o", Kind::Json),
                column("raw", Kind::Bytes),
                column("text", Kind::Text),
                column("u", Kind::Uuid),
                column("yes", Kind::Boolean),
            ],
            key: vec!["u".into()],
        }
    }

    fn row(raw: Vec<u8>) -> Row {
        vec![
            Value::ChronoDateTimeUtc(DateTime::from_timestamp_micros(1_772_416_800_000_007)),
            Value::ChronoDate(NaiveDate::from_ymd_opt(2026, 3, 2)),
            Value::BigInt(Some(i64::MIN)),
            Value::Json(Some(Box::new(serde_json::json!({"b": [1, null], "a": "x"})))),
            Value::Bytes(Some(raw)),
            Value::String(Some("“引号”\"\\\n\u{1}".into())),
            Value::Uuid(Some(Uuid::from_u128(7))),
            Value::Bool(Some(false)),
        ]
    }

    #[test]
    fn a_row_survives_its_line() {
        let table = table();
        let mut line = String::new();
        write_line(&table, &row(b"\x00\xff".to_vec()), &mut line);
        assert_eq!(line.matches('\n').count(), 1);
        assert!(
            line.starts_with("{\"at\":\"2026-03-02T02:00:00.000007Z\",\"day\":\"2026-03-02\","),
            "{line}"
        );
        assert!(line.contains("{\"a\":\"x\",\"b\":[1,null]}"), "members in order: {line}");
        let back = parse(&table, &line, &mut |_| unreachable!()).unwrap();
        assert_eq!(back, row(b"\x00\xff".to_vec()));
    }

    #[test]
    fn nothing_is_told_from_empty() {
        let table = table();
        let nothing: Row = table.columns.iter().map(|c| null(c.kind)).collect();
        let mut line = String::new();
        write_line(&table, &nothing, &mut line);
        assert_eq!(parse(&table, &line, &mut |_| unreachable!()).unwrap(), nothing);
    }

    #[test]
    fn nothing_stands_only_where_it_may() {
        let mut table = table();
        let nothing: Row = table.columns.iter().map(|c| null(c.kind)).collect();
        let mut line = String::new();
        write_line(&table, &nothing, &mut line);
        table.columns[5].nullable = false;
        assert!(parse(&table, &line, &mut |_| unreachable!()).is_err());
        table.columns[5].nullable = true;
        table.columns[3].nullable = false;
        let row = parse(&table, &line, &mut |_| unreachable!()).unwrap();
        assert_eq!(row[3], Value::Json(Some(Box::new(Json::Null))), "JSON's own");
    }

    #[test]
    fn long_bytes_are_files() {
        let table = table();
        let long = vec![3; INLINE + 1];
        let mut line = String::new();
        write_line(&table, &row(long.clone()), &mut line);
        assert!(line.len() < INLINE, "{line}");
        let mut asked = Vec::new();
        let back = parse(&table, &line, &mut |path| {
            asked.push(path.to_owned());
            Ok(long.clone())
        });
        assert_eq!(back.unwrap(), row(long.clone()));
        assert_eq!(asked, [file_path(&long)]);
    }

    #[test]
    fn what_is_not_a_row_is_refused() {
        let table = table();
        let mut line = String::new();
        write_line(&table, &row(Vec::new()), &mut line);
        for (from, to) in [
            ("\"n\":", "\"m\":"),
            ("\"yes\":false", "\"yes\":0"),
            ("\"yes\":false", "\"yes\":false,\"z\":1"),
            ("02T02:00", "02T25:00"),
            ("}\n", ""),
        ] {
            assert!(line.contains(from), "{from}");
            let bent = line.replacen(from, to, 1);
            assert!(
                matches!(parse(&table, &bent, &mut |_| unreachable!()), Err(Fault::Damaged(_))),
                "{bent}"
            );
        }
    }
}
