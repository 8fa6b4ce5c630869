//! What load balancers ask. Both answers are for machines: plain text, or a problem as JSON.

use poem::handler;
use poem::web::Data;

use crate::app::App;
use crate::health;

/// The process lives. Asks nobody: a database that is away is no reason to kill the process.
#[handler]
pub fn live() -> &'static str {
    "ok"
}

/// The process may be sent requests.
#[handler]
pub async fn ready(Data(app): Data<&App>) -> poem::Result<&'static str> {
    health::check(app).await?;
    Ok("ok")
}
