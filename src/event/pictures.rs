//! Pictures beside the report of an event. Whoever puts one up has looked at the faces in it (个人信息保护法 Art. 27,
//! 民法典 Art. 1019: 肖像), and says in words what it shows, for those who cannot see it.

use entity::attachment::Model as Picture;
use entity::enums::SubjectKind;
use entity::event::Model;
use entity::id::{AttachmentId, EventId};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{Stage, policy, stage, store};
use crate::actor::Actor;
use crate::app::App;
use crate::attachment;
use crate::problem::{Code, Problem};
use crate::{audit, text};

/// Pictures of one event.
pub const MOST: usize = 20;
/// Characters of what a picture shows.
pub const LONGEST_ALT: usize = 200;

#[derive(Clone, Debug)]
pub struct AddPicture {
    /// Ticket of an upload.
    pub ticket: String,
    /// What it shows.
    pub alt: String,
    /// The faces in it may be shown.
    pub faces_checked: bool,
}

impl AddPicture {
    /// What can be told without the picture.
    ///
    /// # Errors
    /// `invalid`.
    pub fn check(&self) -> Result<(), Problem> {
        let alt = text::tidy(&self.alt);
        let faces_checked = self.faces_checked;
        let mut problem = Problem::new(Code::Invalid);
        let fits = (1..=LONGEST_ALT).contains(&alt.chars().count()) && text::one_line(&alt).is_ok();
        if !fits {
            problem = problem.field(
                "alt",
                format!("请用一行文字说明照片内容（不超过 {LONGEST_ALT} 字），供看不到图片的人了解"),
                format!("Say in one line what it shows ({LONGEST_ALT} characters at most), for those who cannot see it"),
            );
        }
        if !faces_checked {
            problem = problem.field(
                "faces_checked",
                "照片中的人脸请确认已征得同意，或看不清是谁",
                "Make sure that those whose faces are seen agreed, or cannot be recognised",
            );
        }
        if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
    }
}

/// The pictures of an event, in their order.
///
/// # Errors
/// The database's own.
pub async fn pictures(db: &impl ConnectionTrait, id: EventId) -> Result<Vec<Picture>, Problem> {
    let mut files = attachment::of(db, SubjectKind::Event, id.0).await?;
    files.retain(|f| attachment::words::is_picture(f.format));
    Ok(files)
}

/// Adds a picture to an event that is over; everybody sees it with the report.
///
/// # Errors
/// `forbidden`, `not_found`; `invalid`; `conflict` before the event is over or with too many; the database's own.
pub async fn add_picture(app: &App, actor: &Actor, id: EventId, input: &AddPicture) -> Result<(), Problem> {
    let alt = text::tidy(&input.alt);
    let write = app.write().await?;
    let event = store::lock(&write, id).await?;
    policy::may_organise(actor, &event)?;
    held(app, &*write, &event).await?;
    input.check()?;
    if pictures(&*write, id).await?.len() >= MOST {
        return Err(Problem::conflict(
            format!("一次活动最多 {MOST} 张照片"),
            format!("An event has at most {MOST} pictures"),
        ));
    }
    let row =
        attachment::publish_one(app, &write, actor, (SubjectKind::Event, id.0), &input.ticket, &alt).await?;
    if !attachment::words::is_picture(row.format) {
        return Err(Problem::invalid(attachment::FIELD, "这里只接受图片", "Only pictures are taken here"));
    }
    let detail = json!({ "picture": row.id, "hash": row.content_hash });
    audit::record(app, &write, actor, "event.picture", audit::subject(SubjectKind::Event, id), detail)
        .await?;
    write.commit().await
}

/// Takes a picture away, for good.
///
/// # Errors
/// `forbidden`, `not_found`; the database's own.
pub async fn remove_picture(
    app: &App,
    actor: &Actor,
    id: EventId,
    picture: AttachmentId,
) -> Result<(), Problem> {
    let write = app.write().await?;
    let event = store::lock(&write, id).await?;
    policy::may_organise(actor, &event)?;
    let row = attachment::one_of(&*write, SubjectKind::Event, id.0, picture).await?;
    if !attachment::words::is_picture(row.format) {
        return Err(Problem::not_found());
    }
    attachment::erase(&write, &[row.id]).await?;
    let detail = json!({ "picture": row.id, "hash": row.content_hash });
    audit::record(
        app,
        &write,
        actor,
        "event.picture_removed",
        audit::subject(SubjectKind::Event, id),
        detail,
    )
    .await?;
    write.commit().await
}

async fn held(app: &App, db: &impl ConnectionTrait, event: &Model) -> Result<(), Problem> {
    let sessions = store::sessions(db, event.id).await?;
    if stage(event, &sessions, app.now()) == Stage::Held {
        return Ok(());
    }
    Err(Problem::conflict("活动结束后才能添加照片", "Pictures can be added once the event is over"))
}
