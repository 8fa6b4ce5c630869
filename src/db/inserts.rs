//! Rows of several tables written in one step. Each statement costs a way to the database and back: on SQLite
//! to the thread of the connection, on PostgreSQL over the network.

use sea_orm::sea_query::{CommonTableExpression, InsertStatement, SqliteQueryBuilder, WithClause};
use sea_orm::{
    ConnectionTrait as _, DbBackend, EntityTrait, IntoActiveModel, ModelTrait, QueryTrait as _, Statement,
};

use crate::db::Write;
use crate::problem::Problem;

/// Rows to be written, in their order.
#[derive(Debug, Default)]
pub struct Inserts(Vec<InsertStatement>);

impl Inserts {
    pub fn add<M>(&mut self, row: M)
    where
        M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    {
        self.0.push(M::Entity::insert(row.into_active_model()).into_query());
    }

    /// A row that takes more than its values to write.
    pub(crate) fn push(&mut self, insert: InsertStatement) {
        self.0.push(insert);
    }

    /// Writes all of them.
    ///
    /// # Errors
    /// The database's own; the transaction is of no use then.
    pub async fn run(mut self, write: &Write) -> Result<(), Problem> {
        let backend = write.get_database_backend();
        if backend == DbBackend::Sqlite {
            let (mut sql, mut values) = (String::with_capacity(1024), Vec::with_capacity(64));
            for insert in self.0 {
                let (one, its) = insert.build(SqliteQueryBuilder);
                sql.push_str(&one);
                sql.push(';');
                values.extend(its.0);
            }
            write.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            return Ok(());
        }
        // A prepared statement is one statement there; it may hold others.
        let Some(last) = self.0.pop() else { return Ok(()) };
        if self.0.is_empty() {
            write.execute(&last).await?;
            return Ok(());
        }
        let mut with = WithClause::new();
        for (i, insert) in self.0.into_iter().enumerate() {
            with.cte(CommonTableExpression::new().table_name(format!("row_{i}")).query(insert).to_owned());
        }
        write.execute(&last.with(with)).await?;
        Ok(())
    }
}
