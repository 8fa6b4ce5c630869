//! Single answers for those who run the decision: under a running number in the order they came, with the day and
//! nothing else of who answered. Taking them is recorded (个保法 Art. 51), because free texts may still tell of people.

use chrono::NaiveDate;
use entity::enums::SubjectKind;
use entity::id::QuestionnaireResponseId;
use entity::questionnaire::Model;
use serde_json::json;

use super::answer::Checked;
use super::{respond, store};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::problem::Problem;
use crate::{audit, consultation, decision};

/// One answer.
#[derive(Clone, Debug)]
pub struct Single {
    pub id: QuestionnaireResponseId,
    pub on: NaiveDate,
    pub answers: Checked,
}

/// The questionnaire whose single answers are wanted; that they are taken is recorded.
///
/// # Errors
/// `unauthenticated`, `not_found`, `forbidden`; the database's own.
pub async fn take(app: &App, actor: &Actor, code: &str) -> Result<Model, Problem> {
    let write = app.write().await?;
    write.unseen();
    let target = consultation::by_code(&*write, crate::opinion::code(code)?).await?;
    decision::may_run(actor, &decision::find(&*write, target.decision_id).await?)?;
    let row = store::of(&*write, target.id).await?.ok_or_else(Problem::not_found)?;
    let subject = audit::subject(SubjectKind::Questionnaire, row.id);
    let detail = json!({ "consultation": target.code, "responses": row.responses });
    audit::record(app, &write, actor, "questionnaire.export", subject, detail).await?;
    write.commit().await?;
    Ok(row)
}

/// The next answers after one of them, in the order they came.
///
/// # Errors
/// The database's own.
pub async fn some(
    app: &App,
    row: &Model,
    after: Option<QuestionnaireResponseId>,
    limit: u64,
) -> Result<Vec<Single>, Problem> {
    let rows = store::responses(app.db.read(), row.id, after, limit).await?;
    let of = |r: entity::questionnaire_response::Model| {
        Ok(Single { id: r.id, on: civil::local_date(r.received_at), answers: respond::read(app, &r)? })
    };
    rows.into_iter().map(of).collect()
}
