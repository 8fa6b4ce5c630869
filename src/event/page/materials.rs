//! Materials of an event: on its desk, and as everybody finds them.

use entity::event::Model as Event;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::attachment::AttachedFile;
use web::desk::event::MaterialsDesk;

use super::desk::{after, mine};
use crate::app::App;
use crate::attachment;
use crate::event::materials::{AddMaterial, LONGEST_TITLE, MOST, add_material, materials, remove_material};
use crate::event::path;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::opinion::attached;
use crate::problem::Problem;

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
        return Err(Problem::invalid("material", "请选择文件", "Please choose a file"));
    };
    let mut input = AddMaterial { ticket: String::new(), title: form.get("material_title").to_owned() };
    input.check()?;
    let taken = async {
        input.ticket = attachment::upload(app, &visitor.actor, file.clone()).await?.ticket;
        add_material(app, &visitor.actor, event.id, &input).await
    };
    taken.await.map_err(|mut problem: Problem| {
        for field in &mut problem.fields {
            if field.field == attachment::FIELD {
                field.field = "material".into();
            }
        }
        problem
    })
}

#[handler]
pub async fn remove(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let result = remove_material(app, &visitor.actor, event.id, id).await;
    after(app, &visitor, &event, &form, result, "removed").await
}

/// The materials as everybody finds them: by their title.
pub async fn shown(app: &App, event: &Event) -> Result<Vec<AttachedFile>, Problem> {
    let rows = materials(app.db.read(), event.id).await?;
    let by_title = |f: &entity::attachment::Model| {
        let file = attached(&path(&event.code), f, false);
        AttachedFile { name: f.alt.clone(), alt: String::new(), ..file }
    };
    Ok(rows.iter().map(by_title).collect())
}

/// The card of the desk.
pub async fn desk(app: &App, event: &Event) -> Result<MaterialsDesk, Problem> {
    let rows = materials(app.db.read(), event.id).await?;
    let away = |f: &entity::attachment::Model| {
        format!("/desk/events/{}/materials/{}/remove", event.code, f.id).into()
    };
    Ok(MaterialsDesk {
        action: format!("/desk/events/{}/materials", event.code).into(),
        files: shown(app, event).await?.into_iter().zip(rows.iter().map(away)).collect(),
        most: MOST,
        longest_title: LONGEST_TITLE,
        file_mb: app.config.attachments.file_mb(),
    })
}
