//! Codes are forgotten once the limits of a day need them no more.

use entity::enums::SubjectKind;
use entity::id::ContactCodeId;
use serde_json::Value;

use super::store;
use crate::app::App;
use crate::notice;
use crate::problem::Problem;

/// The job that erases one code.
pub const ERASE_JOB: &str = "code.erase";

/// Removes the row of a code, and the address from the message that carried it.
///
/// # Errors
/// The database's own.
pub async fn erase(app: &App, payload: &Value) -> Result<(), Problem> {
    let id: ContactCodeId = serde_json::from_value(payload["code"].clone()).map_err(Problem::internal)?;
    let write = app.write().await?;
    write.unseen();
    store::remove(&write, id).await?;
    notice::erase(&write, SubjectKind::ContactCode, &[id.0]).await?;
    write.commit().await
}
