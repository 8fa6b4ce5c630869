//! What the gates need to know of a decision's consultations and opinions.
//!
//! The one written-down exception to the order of features: consultations and opinions come later, yet a
//! decision may not be discussed over the public's head. So this file, and no other of the feature, reads
//! their tables, and never writes them.

use std::collections::HashMap;

use entity::consultation;
use entity::decision::Model;
use entity::id::DecisionId;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    Statement,
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

/// Everything that waits for review, and what follows a topic without a response or has no topic; less what
/// has a response of its own.
const UNDECIDED: &str = "SELECT CAST(COALESCE(SUM(t.n), 0) AS bigint) - (SELECT COUNT(*) FROM response ro \
     JOIN consultation c ON c.id = ro.consultation_id JOIN opinion o ON o.id = ro.opinion_id \
     LEFT JOIN topic_opinion m ON m.opinion_id = o.id LEFT JOIN response rt ON rt.topic_id = m.topic_id \
     WHERE c.decision_id = $1 AND c.published_at IS NOT NULL AND rt.id IS NULL \
     AND o.state NOT IN ('pending', 'awaiting_second', 'rejected', 'withdrawn')) AS n \
     FROM opinion_tally t JOIN consultation c ON c.id = t.consultation_id \
     LEFT JOIN response rt ON rt.topic_id = t.topic_id \
     WHERE c.decision_id = $1 AND c.published_at IS NOT NULL AND t.state NOT IN ('rejected', 'withdrawn') \
     AND (t.state IN ('pending', 'awaiting_second') OR rt.id IS NULL)";

/// Opinions of a decision's consultations that must still be dealt with: counted, that is not rejected, and
/// waiting for review or without a response of their own or of their topic.
async fn undecided(db: &impl ConnectionTrait, decision: DecisionId) -> Result<u64, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        n: i64,
    }
    let backend = db.get_database_backend();
    let query = Statement::from_sql_and_values(backend, UNDECIDED, [decision.0.into()]);
    let row = Row::find_by_statement(query).one(db).await?;
    Ok(row.map_or(0, |r| u64::try_from(r.n).unwrap_or(0)))
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
