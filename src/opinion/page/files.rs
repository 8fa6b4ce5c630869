//! Attachments of opinions: taken from a form, shown again when it is not sent yet, and served to whoever may see
//! them.

use entity::attachment::Model;
use entity::enums::{AttachmentState, OpinionState, SubjectKind};
use entity::id::AttachmentId;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use web::attachment::{FIELD_KEPT, KeptFile};
use web::lang::Lang;

use crate::app::App;
use crate::attachment::{self, Upload, words};
use crate::http::form::Form;
use crate::http::render::secret;
use crate::http::served;
use crate::http::visitor::Visitor;
use crate::opinion::record::may_record;
use crate::opinion::{code, state, store};
use crate::problem::{Code, FieldProblem, Problem};

/// The files of a form: those that were taken, with what is wrong with the others.
pub struct Taken {
    files: Vec<(String, Model)>,
    wrong: Vec<FieldProblem>,
    code: Code,
}

impl Taken {
    pub fn tickets(&self) -> Vec<String> {
        self.files.iter().map(|(ticket, _)| ticket.clone()).collect()
    }

    /// What must be mended before the form can be sent.
    pub fn problem(&self) -> Option<Problem> {
        if self.wrong.is_empty() {
            return None;
        }
        let mut problem = Problem::new(self.code);
        problem.fields.clone_from(&self.wrong);
        Some(problem)
    }

    pub fn kept(&self) -> Vec<KeptFile> {
        let kept = |(ticket, row): &(String, Model)| KeptFile {
            ticket: ticket.clone(),
            name: row.name.clone(),
            size: words::size(row),
        };
        self.files.iter().map(kept).collect()
    }
}

/// Takes the files of a form. One that is refused does not lose the others, nor what was typed.
///
/// # Errors
/// `unavailable` when the store does not take them; the database's own.
pub async fn take(app: &App, visitor: &Visitor, form: &Form) -> Result<Taken, Problem> {
    let files = attachment::waiting(app, form.all(FIELD_KEPT)).await?;
    let mut taken = Taken { files, wrong: Vec::new(), code: Code::Invalid };
    let room = (app.config.attachments.most as usize).saturating_sub(taken.files.len());
    if form.attachments.len() > room {
        let most = app.config.attachments.most;
        let problem = Problem::invalid(
            attachment::FIELD,
            format!("最多 {most} 个附件"),
            format!("At most {most} files"),
        );
        taken.wrong.extend(problem.fields);
        return Ok(taken);
    }
    for sent in &form.attachments {
        let sent: Upload = sent.clone();
        match attachment::upload(app, &visitor.actor, sent).await {
            Ok(kept) => taken.files.push((kept.ticket, kept.row)),
            Err(problem) if problem.code == Code::TooMany => {
                let detail = problem.detail.unwrap_or_else(|| problem.code.title());
                taken.wrong.push(FieldProblem { field: attachment::FIELD.into(), message: detail });
                taken.code = Code::TooMany;
                return Ok(taken);
            }
            Err(problem) if !problem.fields.is_empty() => {
                taken.code = problem.code;
                taken.wrong.extend(problem.fields);
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(taken)
}

/// What may be attached, in words; none where the bureau takes no files.
pub fn rule(app: &App, lang: Lang) -> Option<String> {
    let limits = &app.config.attachments;
    let (most, mb) = (limits.most, limits.file_mb());
    if most == 0 {
        return None;
    }
    Some(match lang {
        Lang::Zh => format!(
            "最多 {most} 个，每个不超过 {mb} MB：图片、PDF、Word（.docx）、Excel（.xlsx）、文本。照片中的拍摄地点、文件中的作者等信息会自动去除；是否公开由审核决定。"
        ),
        Lang::En => format!(
            "At most {most}, {mb} MB each: pictures, PDF, Word (.docx), Excel (.xlsx), text. Places in photographs and names of authors in files are removed; the review decides whether they are shown."
        ),
    })
}

/// For everybody: what was published with a published opinion.
#[handler]
pub async fn of_everybody(
    Data(app): Data<&App>,
    request: &Request,
    Path((path, id)): Path<(String, String)>,
) -> poem::Result<Response> {
    let db = app.db.read();
    let row = attachment::find(db, parse(&id)?).await?;
    if row.state != AttachmentState::Published || row.subject_kind != Some(SubjectKind::Opinion) {
        return Err(Problem::not_found().into());
    }
    let opinion = store::find(db, row.subject_id.unwrap_or_default().into()).await?;
    let (target, _) = store::target(db, code(&path)?).await?;
    if opinion.state != OpinionState::Published || opinion.consultation_id != target.id {
        return Err(Problem::not_found().into());
    }
    Ok(served::attachment(app, request, &row, true).await?)
}

/// For the author, who holds the lookup code.
#[handler]
pub async fn of_author(
    Data(app): Data<&App>,
    request: &Request,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
) -> poem::Result<Response> {
    let opinion = state::find(app, &visitor.actor.address, &code).await?;
    let row = attachment::one_of(app.db.read(), SubjectKind::Opinion, opinion.0, parse(&id)?).await?;
    Ok(secret(served::attachment(app, request, &row, false).await?, false))
}

/// For staff: moderators, and those who deal with the opinion.
#[handler]
pub async fn of_staff(
    Data(app): Data<&App>,
    request: &Request,
    visitor: Visitor,
    Path((number, id)): Path<(String, String)>,
) -> poem::Result<Response> {
    visitor.actor.require_staff()?;
    let db = app.db.read();
    let opinion = store::by_number(db, &number).await?;
    let consultation = crate::consultation::find(db, opinion.consultation_id).await?;
    let (_, department) = store::target(db, &consultation.code).await?;
    may_record(&visitor.actor, department)?;
    let row = attachment::one_of(db, SubjectKind::Opinion, opinion.id.0, parse(&id)?).await?;
    Ok(served::attachment(app, request, &row, false).await?)
}

fn parse(id: &str) -> Result<AttachmentId, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}
