//! The attachments of an opinion beside its case.

use entity::enums::ShowAs;
use entity::id::AttachmentId;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::attachment::{DecideFiles, FIELD_BACK, FIELD_SHOWN};

use super::case::again;
use super::words::Asked;
use crate::app::App;
use crate::http::form::Form;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::moderation::attachments;
use crate::moderation::case::Case;
use crate::opinion::attached;
use crate::problem::Problem;

#[handler]
pub async fn decide(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let shown: Result<Vec<AttachmentId>, _> = form.all(FIELD_SHOWN).iter().map(|id| id.parse()).collect();
    let done = match shown {
        Ok(shown) => attachments::decide(app, &visitor.actor, &number, &shown).await,
        Err(_) => {
            Err(Problem::invalid("attachments", "附件不属于这条意见", "The attachment is not one of these"))
        }
    };
    match done {
        Ok(()) => {
            let asked = Asked::parse(form.get(FIELD_BACK));
            Ok(render::done(&format!("{}#files", asked.on(&format!("/desk/review/{number}"))), "saved"))
        }
        Err(problem) => again(app, &visitor, &number, &form, problem).await,
    }
}

/// The card; none for an opinion without attachments.
pub fn card(visitor: &Visitor, asked: &Asked, c: &Case) -> Option<DecideFiles> {
    if c.files.is_empty() {
        return None;
    }
    let number = &c.opinion.number;
    let base = format!("/desk/opinions/{number}");
    Some(DecideFiles {
        action: format!("/desk/review/{number}/attachments").into(),
        csrf: visitor.csrf().to_owned(),
        back: asked.query(),
        files: c.files.iter().map(|f| (f.id.to_string(), attached(&base, f, true))).collect(),
        may_decide: c.may_decide_files,
        hidden: c.opinion.show_as == ShowAs::Hidden,
    })
}

/// `附件 2 个`
pub fn count(visitor: &Visitor, n: usize) -> Option<String> {
    (n > 0).then(|| match visitor.lang {
        web::lang::Lang::Zh => format!("附件 {n} 个"),
        web::lang::Lang::En => format!("attachments: {n}"),
    })
}
