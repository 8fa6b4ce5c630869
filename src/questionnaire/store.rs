//! The rows of questionnaires, answers and tallies.

use entity::id::{ConsultationId, QuestionnaireId, QuestionnaireResponseId};
use entity::questionnaire::{Column, Entity, Model};
use entity::{questionnaire_response as response, questionnaire_tally as tally};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;

/// The questionnaire of a consultation, ready or not.
///
/// # Errors
/// The database's own.
pub async fn of(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().filter(Column::ConsultationId.eq(id)).one(db).await?)
}

pub(super) async fn find(db: &impl ConnectionTrait, id: QuestionnaireId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// The same, held until the transaction ends.
pub(super) async fn lock_of(write: &Write, id: ConsultationId) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().filter(Column::ConsultationId.eq(id)).lock_exclusive().one(&**write).await?)
}

/// The first questionnaire of a consultation. Of two at once the second is refused by the key of the table.
pub(super) async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(&**write).await?;
    Ok(())
}

/// Writes everything that may change before the first answer; the row is held.
pub(super) async fn set_content(write: &Write, row: &Model) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::Title, Expr::value(row.title.clone()))
        .col_expr(Column::Intro, Expr::value(row.intro.clone()))
        .col_expr(Column::Questions, Expr::value(row.questions.clone()))
        .col_expr(Column::OpenResults, Expr::value(row.open_results))
        .col_expr(Column::ReadyAt, Expr::value(row.ready_at))
        .col_expr(Column::Revision, Expr::value(row.revision))
        .col_expr(Column::UpdatedAt, Expr::value(row.updated_at))
        .filter(Column::Id.eq(row.id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Counts one more answer to the questionnaire as it was seen, and holds it until the transaction ends, so that
/// answers come one after the other; false when it is another by now.
pub(super) async fn count_one(write: &Write, id: QuestionnaireId, revision: i32) -> Result<bool, Problem> {
    let counted = Entity::update_many()
        .col_expr(Column::Responses, Expr::col(Column::Responses).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::Revision.eq(revision))
        .filter(Column::ReadyAt.is_not_null())
        .exec(&**write)
        .await?;
    Ok(counted.rows_affected == 1)
}

/// How many answered from a network.
pub(super) async fn of_network(write: &Write, id: QuestionnaireId, network: &str) -> Result<u64, Problem> {
    let query = response::Entity::find()
        .filter(response::Column::QuestionnaireId.eq(id))
        .filter(response::Column::Network.eq(network));
    Ok(query.count(&**write).await?)
}

/// Whether somebody answered.
pub(super) async fn has_answered(
    db: &impl ConnectionTrait,
    id: QuestionnaireId,
    person: &str,
) -> Result<bool, Problem> {
    let query = response::Entity::find()
        .filter(response::Column::QuestionnaireId.eq(id))
        .filter(response::Column::Person.eq(person));
    Ok(query.count(db).await? > 0)
}

/// Writes an answer; false when this person's is there already.
pub(super) async fn add(write: &Write, row: &response::Model) -> Result<bool, Problem> {
    let once = OnConflict::columns([response::Column::QuestionnaireId, response::Column::Person])
        .do_nothing()
        .to_owned();
    let added = response::Entity::insert(row.clone().into_active_model())
        .on_conflict(once)
        .exec_without_returning(&**write)
        .await?;
    Ok(added == 1)
}

/// Counts what was answered, in one statement.
pub(super) async fn tally(
    app: &App,
    write: &Write,
    id: QuestionnaireId,
    counted: &[(i32, i32)],
) -> Result<(), Problem> {
    let rows = counted.iter().map(|(question, choice)| tally::ActiveModel {
        id: Set(app.id()),
        questionnaire_id: Set(id),
        question: Set(*question),
        choice: Set(*choice),
        n: Set(1),
    });
    let columns = [tally::Column::QuestionnaireId, tally::Column::Question, tally::Column::Choice];
    let more = Expr::col((tally::Entity, tally::Column::N)).add(1);
    let one_more = OnConflict::columns(columns).value(tally::Column::N, more).to_owned();
    tally::Entity::insert_many(rows).on_conflict(one_more).exec_without_returning(&**write).await?;
    Ok(())
}

pub(super) async fn tallies(
    db: &impl ConnectionTrait,
    id: QuestionnaireId,
) -> Result<Vec<tally::Model>, Problem> {
    Ok(tally::Entity::find().filter(tally::Column::QuestionnaireId.eq(id)).all(db).await?)
}

pub(super) async fn response(
    db: &impl ConnectionTrait,
    id: QuestionnaireResponseId,
) -> Result<response::Model, Problem> {
    response::Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// Answers in the order they came, after one of them.
pub(super) async fn responses(
    db: &impl ConnectionTrait,
    id: QuestionnaireId,
    after: Option<QuestionnaireResponseId>,
    limit: u64,
) -> Result<Vec<response::Model>, Problem> {
    let mut query = response::Entity::find().filter(response::Column::QuestionnaireId.eq(id));
    if let Some(after) = after {
        query = query.filter(response::Column::Id.gt(after));
    }
    Ok(query.order_by_asc(response::Column::Id).limit(limit).all(db).await?)
}
