//! Opening an account anew from the server's command line.

use crate::actor::Actor;
use crate::app::App;
use crate::problem::Problem;

use super::{factor, set_up, store};

/// A link for a new password; on demand the second factor goes as well.
///
/// # Errors
/// `not_found` for a login that is not there; `conflict` for a closed account and for a second factor that is not
/// there; the database's own.
pub async fn recover(app: &App, login: &str, second_factor: bool) -> Result<String, Problem> {
    let write = app.write().await?;
    let person = store::by_login(&*write, login).await?;
    let person =
        person.ok_or_else(|| Problem::not_found().because("没有这个用户名", "There is no such login"))?;
    if person.disabled_at.is_some() {
        return Err(Problem::conflict("此账号已停用", "This account is closed"));
    }
    let actor = Actor::system();
    if second_factor {
        factor::clear(app, &write, &actor, person.id).await?;
    }
    let link = set_up::reset_link(app, &write, &actor, person.id).await?;
    write.commit().await?;
    Ok(link)
}
