//! Materials of an event: the programme, the papers to be discussed, a plan of the place. Documents, cleaned like every
//! attachment; put up at any time, seen by everybody once the event is announced.

use entity::attachment::Model as File;
use entity::enums::SubjectKind;
use entity::id::{AttachmentId, EventId};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::attachment::{self, words::is_picture};
use crate::problem::Problem;
use crate::{audit, text};

/// Materials of one event.
pub const MOST: usize = 20;
/// Characters of what a file is.
pub const LONGEST_TITLE: usize = 200;

#[derive(Clone, Debug, Default)]
pub struct AddMaterial {
    /// Ticket of an upload.
    pub ticket: String,
    /// What it is: 活动议程.
    pub title: String,
}

impl AddMaterial {
    /// What can be told without the file.
    ///
    /// # Errors
    /// `invalid`.
    pub fn check(&self) -> Result<(), Problem> {
        let title = text::tidy(&self.title);
        let fits = (1..=LONGEST_TITLE).contains(&title.chars().count()) && text::one_line(&title).is_ok();
        if fits {
            return Ok(());
        }
        Err(Problem::invalid(
            "material_title",
            format!("请用一行文字写明材料名称（不超过 {LONGEST_TITLE} 字）"),
            format!("Say in one line what it is ({LONGEST_TITLE} characters at most)"),
        ))
    }
}

/// The materials of an event, in their order.
///
/// # Errors
/// The database's own.
pub async fn materials(db: &impl ConnectionTrait, id: EventId) -> Result<Vec<File>, Problem> {
    let mut files = attachment::of(db, SubjectKind::Event, id.0).await?;
    files.retain(|f| !is_picture(f.format));
    Ok(files)
}

/// Adds a document.
///
/// # Errors
/// `forbidden`, `not_found`; `invalid`; `conflict` for a cancelled event or with too many; the database's own.
pub async fn add_material(app: &App, actor: &Actor, id: EventId, input: &AddMaterial) -> Result<(), Problem> {
    let title = text::tidy(&input.title);
    let write = app.write().await?;
    let event = store::lock(&write, id).await?;
    policy::may_organise(actor, &event)?;
    if event.cancelled_at.is_some() {
        return Err(Problem::conflict("活动已取消", "The event is cancelled"));
    }
    input.check()?;
    if materials(&*write, id).await?.len() >= MOST {
        return Err(Problem::conflict(
            format!("一次活动最多 {MOST} 份材料"),
            format!("An event has at most {MOST} files"),
        ));
    }
    let subject = (SubjectKind::Event, id.0);
    let row = attachment::publish_one(app, &write, actor, subject, &input.ticket, &title).await?;
    if is_picture(row.format) {
        return Err(Problem::invalid(
            attachment::FIELD,
            "这里只接受文档（PDF、Word、Excel 等），照片请在活动结束后添加",
            "Only documents are taken here; pictures go with the report",
        ));
    }
    let detail = json!({ "material": row.id, "hash": row.content_hash });
    audit::record(app, &write, actor, "event.material", audit::subject(SubjectKind::Event, id), detail)
        .await?;
    write.commit().await
}

/// Takes a document away, for good.
///
/// # Errors
/// `forbidden`, `not_found`; the database's own.
pub async fn remove_material(
    app: &App,
    actor: &Actor,
    id: EventId,
    material: AttachmentId,
) -> Result<(), Problem> {
    let write = app.write().await?;
    let event = store::lock(&write, id).await?;
    policy::may_organise(actor, &event)?;
    let row = attachment::one_of(&*write, SubjectKind::Event, id.0, material).await?;
    if is_picture(row.format) {
        return Err(Problem::not_found());
    }
    attachment::erase(&write, &[row.id]).await?;
    let detail = json!({ "material": row.id, "hash": row.content_hash });
    let subject = audit::subject(SubjectKind::Event, id);
    audit::record(app, &write, actor, "event.material_removed", subject, detail).await?;
    write.commit().await
}
