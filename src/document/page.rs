//! Staff pages of documents: the versions, writing one, seeing how it is cut.

use entity::enums::DocumentKind;
use entity::id::{DocumentId, FileId};
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::desk::document::{DecisionRef, DocumentFormView};
use web::form::FormState;
use web::layout::Nav;
use web::link::Href;

use super::{
    Edit, NewVersion, Upload, edit_version, label, public_page, publish_final, remove_version, show,
    staff_view, store,
};
use crate::app::App;
use crate::decision;
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page, see_other};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

/// The item of the side navigation that these pages belong to.
const DESK: &str = "/desk/decisions";

pub fn add(pages: Pages) -> Pages {
    let pages = pages
        .get("/desk/decisions/:code/documents", list)
        .get("/desk/decisions/:code/documents/new", show_new)
        .post("/desk/decisions/:code/documents/new", do_new)
        .get("/desk/decisions/:code/documents/:id", show_cut)
        .get("/desk/decisions/:code/documents/:id/edit", show_edit)
        .post("/desk/decisions/:code/documents/:id/edit", do_edit)
        .post("/desk/decisions/:code/documents/:id/remove", do_remove)
        .post("/desk/decisions/:code/documents/:id/publish", do_publish);
    public_page::add(pages)
}

/// The decision of an address, if this person may read its desk.
async fn readable(app: &App, visitor: &Visitor, code: &str) -> Result<entity::decision::Model, Problem> {
    visitor.actor.require_staff()?;
    let decision = decision::by_code(app.db.read(), code).await?;
    decision::may_read_desk(&visitor.actor, &decision)?;
    Ok(decision)
}

/// The same, if this person runs it: forms are for them alone.
async fn mine(app: &App, visitor: &Visitor, code: &str) -> Result<entity::decision::Model, Problem> {
    let decision = readable(app, visitor, code).await?;
    decision::may_run(&visitor.actor, &decision)?;
    Ok(decision)
}

/// The document of an address, if it belongs to the decision.
async fn document_of(
    app: &App,
    decision: &entity::decision::Model,
    id: &str,
) -> Result<entity::document::Model, Problem> {
    let id: DocumentId = id.parse().map_err(|_| Problem::not_found())?;
    let document = store::find(app.db.read(), id).await?;
    if document.decision_id == decision.id { Ok(document) } else { Err(Problem::not_found()) }
}

pub(super) fn reference(decision: &entity::decision::Model) -> DecisionRef {
    DecisionRef {
        code: decision.code.clone(),
        title: decision.title.clone(),
        href: Href::new(format!("/desk/decisions/{}", decision.code)),
    }
}

fn documents_path(code: &str) -> String {
    format!("/desk/decisions/{code}/documents")
}

#[handler]
async fn list(Data(app): Data<&App>, visitor: Visitor, Path(code): Path<String>) -> poem::Result<Response> {
    let decision = readable(app, &visitor, &code).await?;
    let view = staff_view::documents(app, &visitor, &decision).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::document::documents(&visitor.frame(app, Nav::None), &side, &view)))
}

#[derive(Deserialize)]
struct KindQuery {
    #[serde(default)]
    kind: String,
}

#[handler]
async fn show_new(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(query): Query<KindQuery>,
) -> poem::Result<Response> {
    let decision = mine(app, &visitor, &code).await?;
    let kind = DocumentKind::parse(&query.kind).ok_or_else(Problem::not_found)?;
    let state = FormState::default();
    let view = new_form(app, &visitor, &decision, kind, state).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::document::document_form(&visitor.frame(app, Nav::None), &side, &view)))
}

async fn new_form(
    app: &App,
    visitor: &Visitor,
    decision: &entity::decision::Model,
    kind: DocumentKind,
    state: FormState,
) -> Result<DocumentFormView, Problem> {
    let last = store::latest(app.db.read(), decision.id, kind).await?;
    Ok(DocumentFormView {
        decision: reference(decision),
        state,
        csrf: visitor.csrf().to_owned(),
        action: Href::new(format!("{}/new?kind={kind}", documents_path(&decision.code))),
        kind: visitor.say(&label::kind_words(kind)),
        version: last.as_ref().map_or(1, |l| l.version + 1),
        cut: super::is_cut(kind),
        corrects: last.is_some(),
        files: Vec::new(),
        upload_mib: app.config.limits.upload_bytes / (1024 * 1024),
    })
}

fn uploads(form: &mut Form) -> Vec<Upload> {
    let files = std::mem::take(&mut form.files).into_iter().filter(|f| f.field == "file");
    files.map(|f| Upload { name: f.name, bytes: f.bytes }).collect()
}

#[handler]
async fn do_new(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(query): Query<KindQuery>,
    mut form: Form,
) -> poem::Result<Response> {
    let decision = mine(app, &visitor, &code).await?;
    let kind = DocumentKind::parse(&query.kind).ok_or_else(Problem::not_found)?;
    let input = NewVersion {
        kind,
        title: form.get("title").to_owned(),
        body: form.get("body").to_owned(),
        uploads: uploads(&mut form),
        correction_notice: form.opt("correction_notice"),
    };
    match super::add_version(app, &visitor.actor, decision.id, input).await {
        Ok(row) => Ok(done(&format!("{}/{}", documents_path(&code), row.id), "saved")),
        Err(problem) => {
            let view = new_form(app, &visitor, &decision, kind, form.state(&problem, visitor.lang)).await?;
            let side = side(app, &visitor, DESK).await?;
            let frame = visitor.frame(app, Nav::None);
            form_again(problem, |_| web::desk::document::document_form(&frame, &side, &view))
        }
    }
}

#[handler]
async fn show_cut(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
) -> poem::Result<Response> {
    let decision = readable(app, &visitor, &code).await?;
    let document = document_of(app, &decision, &id).await?;
    let view = staff_view::cut(app, &visitor, &decision, document, FormState::default()).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::document::document_cut(&visitor.frame(app, Nav::None), &side, &view)))
}

#[handler]
async fn show_edit(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
) -> poem::Result<Response> {
    let decision = mine(app, &visitor, &code).await?;
    let document = document_of(app, &decision, &id).await?;
    if document.published_at.is_some() {
        return Ok(see_other(&format!("{}/{}", documents_path(&code), document.id)));
    }
    let state = FormState::default()
        .with("title", &document.title)
        .with("body", &document.body)
        .with("seen", &document.content_hash)
        .with("correction_notice", document.correction_notice.clone().unwrap_or_default());
    let view = edit_form(app, &visitor, &decision, &document, state).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::document::document_form(&visitor.frame(app, Nav::None), &side, &view)))
}

async fn edit_form(
    app: &App,
    visitor: &Visitor,
    decision: &entity::decision::Model,
    document: &entity::document::Model,
    state: FormState,
) -> Result<DocumentFormView, Problem> {
    let files = store::files(app.db.read(), document.id).await?;
    Ok(DocumentFormView {
        decision: reference(decision),
        state,
        csrf: visitor.csrf().to_owned(),
        action: Href::new(format!("{}/{}/edit", documents_path(&decision.code), document.id)),
        kind: visitor.say(&label::kind_words(document.kind)),
        version: document.version,
        cut: super::is_cut(document.kind),
        corrects: document.version > 1,
        files: files.iter().map(|f| (show::file_link(f), f.id.to_string())).collect(),
        upload_mib: app.config.limits.upload_bytes / (1024 * 1024),
    })
}

#[handler]
async fn do_edit(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
    mut form: Form,
) -> poem::Result<Response> {
    let decision = mine(app, &visitor, &code).await?;
    let document = document_of(app, &decision, &id).await?;
    let edit = Edit {
        title: form.get("title").to_owned(),
        body: form.get("body").to_owned(),
        uploads: uploads(&mut form),
        drop_files: form.all("drop").iter().filter_map(|v| v.parse::<FileId>().ok()).collect(),
        correction_notice: form.opt("correction_notice"),
        seen: form.opt("seen"),
    };
    match edit_version(app, &visitor.actor, document.id, edit).await {
        Ok(row) => Ok(done(&format!("{}/{}", documents_path(&code), row.id), "saved")),
        Err(problem) => {
            let state = form.state(&problem, visitor.lang);
            let view = edit_form(app, &visitor, &decision, &document, state).await?;
            let side = side(app, &visitor, DESK).await?;
            let frame = visitor.frame(app, Nav::None);
            form_again(problem, |_| web::desk::document::document_form(&frame, &side, &view))
        }
    }
}

#[handler]
async fn do_remove(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let decision = mine(app, &visitor, &code).await?;
    let document = document_of(app, &decision, &id).await?;
    match remove_version(app, &visitor.actor, document.id).await {
        Ok(()) => Ok(done(&documents_path(&code), "removed")),
        Err(problem) => cut_again(app, &visitor, &decision, document, &form, problem).await,
    }
}

#[handler]
async fn do_publish(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let decision = mine(app, &visitor, &code).await?;
    let document = document_of(app, &decision, &id).await?;
    match publish_final(app, &visitor.actor, document.id).await {
        Ok(row) => Ok(done(&format!("{}/{}", documents_path(&code), row.id), "published")),
        Err(problem) => cut_again(app, &visitor, &decision, document, &form, problem).await,
    }
}

async fn cut_again(
    app: &App,
    visitor: &Visitor,
    decision: &entity::decision::Model,
    document: entity::document::Model,
    form: &Form,
    problem: Problem,
) -> poem::Result<Response> {
    let view = staff_view::cut(app, visitor, decision, document, form.state(&problem, visitor.lang)).await?;
    let side = side(app, visitor, DESK).await?;
    let frame = visitor.frame(app, Nav::None);
    form_again(problem, |_| web::desk::document::document_cut(&frame, &side, &view))
}
