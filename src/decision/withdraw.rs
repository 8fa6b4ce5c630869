//! Stopping a decision's procedure (终止), with a reason that is published. The dossier stays readable.

use entity::enums::{StepKind, SubjectKind};
use serde_json::json;
use validator::Validate;

use super::record::{NewStep, insert_step};
use super::{dossier, facts, may_run, policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::problem::Problem;
use crate::text;

/// Why it is stopped.
#[derive(Clone, Debug, Validate)]
pub struct Withdrawal {
    #[validate(length(min = 1, max = 1000), custom(function = text::several_lines))]
    pub reason: String,
}

/// Stops the procedure today. The answer to a consultation that was held stays due.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` once issued, and while the public is being asked.
pub async fn withdraw(app: &App, actor: &Actor, code: &str, why: &Withdrawal) -> Result<(), Problem> {
    why.validate()?;
    let write = app.write().await?;
    let row = store::lock(&write, code).await?;
    may_run(actor, &row)?;
    policy::may_withdraw(&facts::facts(app, &*write, &row).await?)?;
    let step = NewStep {
        kind: StepKind::Withdrawn,
        happened_on: app.today(),
        note: why.reason.clone(),
        document_id: None,
    };
    insert_step(app, &write, actor, row.id, step).await?;
    store::set(&write, &row, Default::default(), app.now()).await?;
    let subject = audit::subject(SubjectKind::Decision, row.id);
    audit::record(app, &write, actor, "decision.withdraw", subject, json!({})).await?;
    dossier::republish(app, &write, actor, row.id).await?;
    write.commit().await
}
