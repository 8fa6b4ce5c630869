//! What the gates need to know of a decision's consultations and opinions.
//!
//! The one written-down exception to the order of features: consultations and opinions come later, yet a
//! decision may not be discussed over the public's head. So this file, and no other of the feature, reads
//! their tables, and never writes them.

use std::collections::HashMap;

use entity::decision::Model;
use entity::enums::OpinionState;
use entity::id::DecisionId;
use entity::{consultation, opinion, response, topic_opinion};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use super::policy::{Facts, Window};
use super::status::{Status, status};
use super::store;
use crate::app::App;
use crate::problem::Problem;

/// The facts of one decision, as they are in this transaction or snapshot.
///
/// # Errors
/// The database's own.
pub async fn facts(app: &App, db: &impl ConnectionTrait, decision: &Model) -> Result<Facts, Problem> {
    let consultations = windows(db, &[decision.id]).await?.remove(&decision.id).unwrap_or_default();
    let undecided = if consultations.is_empty() { 0 } else { undecided(db, decision.id).await? };
    Ok(Facts {
        today: app.today(),
        year: decision.year,
        steps: store::steps(db, decision.id).await?,
        consultations,
        undecided,
        not_disclosed: decision.not_disclosed_basis.is_some(),
        promulgated_on: decision.promulgated_on,
    })
}

/// The published consultations of some decisions, in the order they opened.
///
/// # Errors
/// The database's own.
pub async fn windows(
    db: &impl ConnectionTrait,
    decisions: &[DecisionId],
) -> Result<HashMap<DecisionId, Vec<Window>>, Problem> {
    use consultation::Column as C;
    let rows = consultation::Entity::find()
        .filter(C::DecisionId.is_in(decisions.iter().copied()))
        .filter(C::PublishedAt.is_not_null())
        .order_by_asc(C::OpensOn)
        .all(db)
        .await?;
    let mut windows: HashMap<DecisionId, Vec<Window>> = HashMap::new();
    for row in rows {
        let window = Window { id: row.id, code: row.code, opens_on: row.opens_on, closes_on: row.closes_on };
        windows.entry(row.decision_id).or_default().push(window);
    }
    Ok(windows)
}

/// Decisions with a consultation that is open on `today`, for the filter by status.
pub(super) fn open_on(today: chrono::NaiveDate) -> SelectStatement {
    use consultation::Column as C;
    Query::select()
        .column(C::DecisionId)
        .from(consultation::Entity)
        .and_where(Expr::col(C::PublishedAt).is_not_null())
        .and_where(Expr::col(C::OpensOn).lte(today))
        .and_where(Expr::col(C::ClosesOn).gte(today))
        .to_owned()
}

/// Opinions of a decision's consultations that must still be dealt with: counted, that is not rejected, and
/// waiting for review or without a response of their own or of their topic.
async fn undecided(db: &impl ConnectionTrait, decision: DecisionId) -> Result<u64, Problem> {
    use opinion::Column as O;
    use response::Column as R;
    let consultations = || {
        Query::select()
            .column(consultation::Column::Id)
            .from(consultation::Entity)
            .and_where(Expr::col(consultation::Column::DecisionId).eq(decision))
            .and_where(Expr::col(consultation::Column::PublishedAt).is_not_null())
            .to_owned()
    };
    // NOT IN over a set that holds a NULL is never true, hence the test in each of the two.
    let answered_alone = Query::select()
        .column(R::OpinionId)
        .from(response::Entity)
        .and_where(Expr::col(R::OpinionId).is_not_null())
        .and_where(Expr::col(R::ConsultationId).in_subquery(consultations()))
        .to_owned();
    let answered_topics = Query::select()
        .column(R::TopicId)
        .from(response::Entity)
        .and_where(Expr::col(R::TopicId).is_not_null())
        .and_where(Expr::col(R::ConsultationId).in_subquery(consultations()))
        .to_owned();
    let answered_together = Query::select()
        .column(topic_opinion::Column::OpinionId)
        .from(topic_opinion::Entity)
        .and_where(Expr::col(topic_opinion::Column::TopicId).in_subquery(answered_topics))
        .to_owned();
    let unanswered = Condition::all()
        .add(O::Id.not_in_subquery(answered_alone))
        .add(O::Id.not_in_subquery(answered_together));
    let waiting = O::State.is_in([OpinionState::Pending, OpinionState::AwaitingSecond]);
    let query = opinion::Entity::find()
        .filter(O::ConsultationId.in_subquery(consultations()))
        .filter(O::State.ne(OpinionState::Rejected))
        .filter(Condition::any().add(waiting).add(unanswered));
    Ok(query.count(db).await?)
}

/// Where some decisions stand today.
///
/// # Errors
/// The database's own.
pub async fn statuses(
    app: &App,
    db: &impl ConnectionTrait,
    ids: &[DecisionId],
) -> Result<HashMap<DecisionId, Status>, Problem> {
    let today = app.today();
    let (steps, windows) = (store::steps_of(db, ids).await?, windows(db, ids).await?);
    let status_of = |id: &DecisionId| {
        let open = windows.get(id).is_some_and(|all| all.iter().any(|w| w.is_open(today)));
        status(steps.get(id).map_or(&[], Vec::as_slice), open, today)
    };
    Ok(ids.iter().map(|id| (*id, status_of(id))).collect())
}
