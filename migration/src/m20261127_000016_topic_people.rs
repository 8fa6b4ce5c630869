//! How many different people a topic has, kept beside it: counting them anew takes seconds in a topic of a
//! hundred thousand opinions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const COUNT: &str = "UPDATE topic SET people = (SELECT COUNT(DISTINCT COALESCE(o.person_hash, o.number)) \
     FROM topic_opinion m JOIN opinion o ON o.id = m.opinion_id \
     WHERE m.topic_id = topic.id AND o.state <> 'rejected')";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer("people").default(0).to_owned();
        m.alter_table(Table::alter().table("topic").add_column(column).to_owned()).await?;
        m.get_connection().execute_unprepared(COUNT).await?;
        Ok(())
    }
}
