//! The record of a request about personal data (个人信息权利请求), and its receipt.

use entity::data_request::Model;
use entity::enums::{DataRequestKind, SubjectKind};
use entity::id::DataRequestId;
use serde_json::Value;

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::db::{Inserts, Write};
use crate::problem::Problem;
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};
use crate::{audit, sequence};

/// A request that was carried out.
#[derive(Clone, Debug)]
pub struct Done {
    pub request: Model,
    /// 查询码
    pub code: LookupCode,
}

/// Records what was done, beside the doing.
pub(super) async fn record(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: DataRequestKind,
    outcome: Value,
) -> Result<Done, Problem> {
    let now = app.now();
    let year = civil::local_date(now).format("%Y").to_string();
    let seq = sequence::next(write, &format!("data_request:{year}")).await?;
    let request = Model {
        id: app.id(),
        number: format!("GX{year}-{seq:06}"),
        kind,
        received_at: now,
        done_at: now,
        outcome: outcome.clone(),
    };
    let mut rows = Inserts::default();
    rows.add(request.clone());
    let code = receipt::issue(app, &mut rows, SubjectKind::DataRequest, request.id.0);
    rows.run(write).await?;
    let action = match kind {
        DataRequestKind::Export => "my_data.export",
        DataRequestKind::Correct => "my_data.correct",
        DataRequestKind::Erase => "my_data.erase",
    };
    audit::record(app, write, actor, action, audit::subject(SubjectKind::DataRequest, request.id), outcome)
        .await?;
    Ok(Done { request, code })
}

/// The request that a lookup code stands for.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub async fn find(app: &App, address: &str, typed: &str) -> Result<Done, Problem> {
    rate::check(app, Act::Lookup, address).await?;
    let code = LookupCode::parse(typed).ok_or_else(Problem::not_found)?;
    let receipt = receipt::find(app.db.read(), &code).await?;
    if receipt.subject_kind != SubjectKind::DataRequest {
        return Err(Problem::not_found());
    }
    let request = store::request(app.db.read(), DataRequestId(receipt.subject_id)).await?;
    Ok(Done { request, code })
}
