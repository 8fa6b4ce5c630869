//! Counters without gaps, moved inside the transaction that uses them: decision codes, acceptance numbers,
//! the audit chain. The row lock also makes its users wait for each other on PostgreSQL.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

use crate::db::Write;
use crate::problem::Problem;

#[derive(FromQueryResult)]
struct Value {
    value: i64,
}

/// The next number of the counter `name`, from 1.
///
/// # Errors
/// The database's own.
pub async fn next(write: &Write, name: &str) -> Result<i64, Problem> {
    take(&**write, name, 1).await
}

/// The first of the next `count` numbers of the counter `name`.
///
/// # Errors
/// The database's own.
pub async fn take(db: &impl ConnectionTrait, name: &str, count: i64) -> Result<i64, Problem> {
    let sql = "INSERT INTO sequence (name, value) VALUES ($1, $2) \
               ON CONFLICT (name) DO UPDATE SET value = sequence.value + $2 RETURNING value";
    let values = [name.into(), count.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let row = Value::find_by_statement(statement).one(db).await?;
    Ok(row.ok_or_else(|| DbErr::RecordNotFound("sequence".into()))?.value - count + 1)
}

/// Lets the counter `name` go on after `at_least`, if it has not come so far: numbers that came from elsewhere
/// are not given again.
///
/// # Errors
/// The database's own.
pub async fn raise(write: &Write, name: &str, at_least: i64) -> Result<(), Problem> {
    let sql = "INSERT INTO sequence (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = \
               CASE WHEN sequence.value < $2 THEN $2 ELSE sequence.value END";
    let values = [name.into(), at_least.into()];
    write.execute_raw(Statement::from_sql_and_values(write.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// The number the counter stands at; 0 before its first use.
///
/// # Errors
/// The database's own.
pub async fn value(db: &impl ConnectionTrait, name: &str) -> Result<i64, Problem> {
    let sql = "SELECT value FROM sequence WHERE name = $1";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()]);
    Ok(Value::find_by_statement(statement).one(db).await?.map_or(0, |row| row.value))
}
