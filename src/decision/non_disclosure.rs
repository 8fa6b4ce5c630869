//! Recording that a matter is not to be disclosed by law (依法不予公开, 国令713 Art. 14), with the legal basis, which
//! is published in place of a consultation.

use entity::decision::{ActiveModel, Model};
use entity::enums::SubjectKind;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use validator::Validate;

use super::{dossier, facts, may_run, policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::problem::Problem;
use crate::text;

/// The legal basis; empty takes the record back.
#[derive(Clone, Debug, Validate)]
pub struct NotDisclosed {
    #[validate(length(max = 500), custom(function = text::several_lines))]
    pub basis: String,
}

/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` once the public was asked or the decision issued.
pub async fn mark_not_disclosed(
    app: &App,
    actor: &Actor,
    code: &str,
    mark: &NotDisclosed,
) -> Result<Model, Problem> {
    mark.validate()?;
    let basis = Some(mark.basis.clone()).filter(|b| !b.is_empty());
    if basis.as_ref().is_some_and(|b| b.chars().count() < 6) {
        return Err(Problem::invalid(
            "basis",
            "请写明法律依据，例如“《政府信息公开条例》第十四条”",
            "Name the law and its article",
        ));
    }
    let write = app.write().await?;
    let row = store::lock(&write, code).await?;
    may_run(actor, &row)?;
    policy::may_mark_not_disclosed(&facts::facts(app, &*write, &row).await?)?;
    let detail = json!({ "not_disclosed": basis.is_some() });
    let change = ActiveModel { not_disclosed_basis: Set(basis), ..Default::default() };
    store::set(&write, &row, change, app.now()).await?;
    let subject = audit::subject(SubjectKind::Decision, row.id);
    audit::record(app, &write, actor, "decision.not_disclosed", subject, detail).await?;
    dossier::republish(app, &write, actor, row.id).await?;
    let row = store::find(&*write, row.id).await?;
    write.commit().await?;
    Ok(row)
}
