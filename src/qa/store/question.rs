//! The rows of questions.

use entity::enums::{QuestionState, SubjectKind};
use entity::id::{DepartmentId, QaQuestionId, QaSessionId};
use entity::qa_question::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use uuid::Uuid;

use crate::db::Write;
use crate::problem::Problem;

/// What a question is called in notices and receipts.
pub const SUBJECT: SubjectKind = SubjectKind::QaQuestion;

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: QaQuestionId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn by_number(
    db: &impl ConnectionTrait,
    session: QaSessionId,
    number: i32,
) -> Result<Model, Problem> {
    let of = Entity::find().filter(Column::SessionId.eq(session)).filter(Column::Number.eq(number));
    of.one(db).await?.ok_or_else(Problem::not_found)
}

/// Writes where a question stands now; its session is held.
pub async fn update(write: &Write, after: &Model) -> Result<(), Problem> {
    let row = after.clone().into_active_model().reset_all();
    Entity::update(row).exec(&**write).await?;
    Ok(())
}

/// What the public reads, in the order of arrival.
///
/// # Errors
/// The database's own.
pub async fn public(db: &impl ConnectionTrait, session: QaSessionId) -> Result<Vec<Model>, Problem> {
    of_states(db, session, &[QuestionState::Published, QuestionState::Answered]).await
}

/// What is not settled.
///
/// # Errors
/// The database's own.
pub async fn open(db: &impl ConnectionTrait, session: QaSessionId) -> Result<Vec<Model>, Problem> {
    of_states(db, session, &[QuestionState::Pending, QuestionState::Published]).await
}

/// Questions in some states, in the order of arrival.
///
/// # Errors
/// The database's own.
pub async fn of_states(
    db: &impl ConnectionTrait,
    session: QaSessionId,
    states: &[QuestionState],
) -> Result<Vec<Model>, Problem> {
    let of = Entity::find()
        .filter(Column::SessionId.eq(session))
        .filter(Column::State.is_in(states.iter().copied()));
    Ok(of.order_by_asc(Column::Number).all(db).await?)
}

#[derive(FromQueryResult)]
struct Group {
    session_id: QaSessionId,
    state: QuestionState,
    n: i64,
}

/// How many questions of each state some sessions have.
///
/// # Errors
/// The database's own.
pub async fn counts(
    db: &impl ConnectionTrait,
    sessions: &[QaSessionId],
) -> Result<Vec<(QaSessionId, QuestionState, u64)>, Problem> {
    let query = Entity::find()
        .select_only()
        .columns([Column::SessionId, Column::State])
        .column_as(Column::Id.count(), "n")
        .filter(Column::SessionId.is_in(sessions.iter().copied()))
        .group_by(Column::SessionId)
        .group_by(Column::State);
    let groups: Vec<Group> = query.into_model().all(db).await?;
    Ok(groups.into_iter().map(|g| (g.session_id, g.state, g.n.unsigned_abs())).collect())
}

/// How many wait in all sessions: in a state, and, where they are given, for some departments.
///
/// # Errors
/// The database's own.
pub async fn waiting(
    db: &impl ConnectionTrait,
    state: QuestionState,
    departments: Option<&[DepartmentId]>,
) -> Result<u64, Problem> {
    let mut query = Entity::find().filter(Column::State.eq(state));
    if let Some(departments) = departments {
        query = query.filter(Column::DepartmentId.is_in(departments.iter().copied()));
    }
    Ok(query.count(db).await?)
}

/// Forgets who asked the questions of some states; says which these are.
///
/// # Errors
/// The database's own.
pub async fn erase(
    write: &Write,
    session: QaSessionId,
    states: &[QuestionState],
) -> Result<Vec<Uuid>, Problem> {
    let ids: Vec<Uuid> = of_states(&**write, session, states).await?.into_iter().map(|q| q.id.0).collect();
    Entity::update_many()
        .col_expr(Column::NameEnc, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::ContactEnc, Expr::value(None::<Vec<u8>>))
        .filter(Column::SessionId.eq(session))
        .filter(Column::State.is_in(states.iter().copied()))
        .exec(&**write)
        .await?;
    Ok(ids)
}
