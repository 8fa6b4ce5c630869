//! Pictures of an event: on its desk, and as everybody gets them.

use entity::attachment::Model as Picture;
use entity::event::Model as Event;
use entity::id::AttachmentId;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use web::attachment::AttachedFile;
use web::desk::event::PicturesDesk;

use super::desk::{after, mine};
use crate::app::App;
use crate::attachment;
use crate::event::pictures::{AddPicture, LONGEST_ALT, MOST, add_picture, pictures, remove_picture};
use crate::event::{path, policy, store};
use crate::http::form::Form;
use crate::http::served;
use crate::http::visitor::Visitor;
use crate::opinion::attached;
use crate::problem::{Code, Problem};

#[handler]
pub async fn add(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let result = sent(app, &visitor, &event, &form).await;
    after(app, &visitor, &event, &form, result, "saved").await
}

/// What is wrong with the words is told before the file is taken: the browser has to send it again.
async fn sent(app: &App, visitor: &Visitor, event: &Event, form: &Form) -> Result<(), Problem> {
    let Some(file) = form.attachments.first() else {
        return Err(Problem::invalid(attachment::FIELD, "请选择照片", "Please choose a picture"));
    };
    let mut input = AddPicture {
        ticket: String::new(),
        alt: form.get("alt").to_owned(),
        faces_checked: form.is_checked("faces_checked"),
    };
    input.check()?;
    input.ticket = attachment::upload(app, &visitor.actor, file.clone()).await?.ticket;
    add_picture(app, &visitor.actor, event.id, &input).await
}

#[handler]
pub async fn remove(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let result = remove_picture(app, &visitor.actor, event.id, parse(&id)?).await;
    after(app, &visitor, &event, &form, result, "removed").await
}

/// A file of an event: a picture for everybody once the report is published, a document once the event is; before that,
/// for those who may read the event's desk.
#[handler]
pub async fn show(
    Data(app): Data<&App>,
    request: &Request,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
) -> poem::Result<Response> {
    let db = app.db.read();
    let event = store::by_code(db, &code).await?;
    let row = attachment::one_of(db, entity::enums::SubjectKind::Event, event.id.0, parse(&id)?).await?;
    let told = event.report_published_at.is_some() || !attachment::words::is_picture(row.format);
    let public = told && event.published_at.is_some();
    if !public && policy::may_read(&visitor.actor, &event).is_err() {
        return Err(Problem::new(Code::NotFound).into());
    }
    Ok(served::attachment(app, request, &row, public).await?)
}

/// The pictures as everybody sees them.
pub async fn shown(app: &App, event: &Event) -> Result<Vec<AttachedFile>, Problem> {
    let rows = pictures(app.db.read(), event.id).await?;
    Ok(rows.iter().map(|p| attached(&path(&event.code), p, false)).collect())
}

/// The card of the desk.
pub async fn desk(app: &App, event: &Event) -> Result<PicturesDesk, Problem> {
    let rows = pictures(app.db.read(), event.id).await?;
    let away = |p: &Picture| format!("/desk/events/{}/pictures/{}/remove", event.code, p.id).into();
    Ok(PicturesDesk {
        action: format!("/desk/events/{}/pictures", event.code).into(),
        pictures: rows.iter().map(|p| (attached(&path(&event.code), p, false), away(p))).collect(),
        most: MOST,
        longest_alt: LONGEST_ALT,
        file_mb: app.config.attachments.file_mb(),
    })
}

fn parse(id: &str) -> Result<AttachmentId, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}
