//! Which attachments of an opinion everybody may see: decided one by one, apart from the text, because what is in a
//! picture or a scan cannot be cut out here. Nothing is shown that no moderator has ticked.

use entity::enums::{Role, ShowAs, SubjectKind};
use entity::id::AttachmentId;
use serde_json::json;

use super::policy::may_decide_attachments;
use super::review::facts;
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::problem::Problem;
use crate::{attachment, audit};

/// Shows these attachments of an opinion, while it is published, and no others.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid` for one that is not the opinion's; `conflict` where the
/// author wants nothing shown; the database's own.
pub async fn decide(app: &App, actor: &Actor, number: &str, shown: &[AttachmentId]) -> Result<(), Problem> {
    let staff = actor.require(Role::Moderator)?;
    let write = app.write().await?;
    let opinion = store::lock(&write, number).await?;
    may_decide_attachments(&facts(&write, staff, &opinion, None).await?)?;
    if opinion.show_as == ShowAs::Hidden && !shown.is_empty() {
        return Err(Problem::conflict(
            "作者选择不公开，附件也不能公开",
            "The author wants nothing shown; an attachment cannot be published either",
        ));
    }
    let subject = (SubjectKind::Opinion, opinion.id.0);
    let of = attachment::decide(app, &write, actor, subject, shown).await?;
    let detail = json!({ "shown": shown, "of": of });
    audit::record(
        app,
        &write,
        actor,
        "opinion.attachments",
        audit::subject(SubjectKind::Opinion, opinion.id),
        detail,
    )
    .await?;
    write.commit().await
}
