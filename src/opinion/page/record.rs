//! Taking down an opinion that did not come over the site.

use entity::consultation::Model;
use entity::enums::{Channel, PersonKind, ShowAs};
use entity::id::ClauseId;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::desk::record::{RecordView, record as record_page};
use web::form::{Choice, FormState};
use web::layout::Nav;
use web::opinion::{FIELD_CLAUSE, FIELD_KIND, FIELD_SHOWING};

use super::files;
use super::form::content;
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{desk, render};
use crate::opinion::quote::choices;
use crate::opinion::record::{Record, may_record, record};
use crate::opinion::words::channel_label;
use crate::opinion::{code, store};
use crate::problem::Problem;

#[derive(Deserialize)]
pub struct Asked {
    channel: Option<String>,
    received_on: Option<String>,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(path): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    visitor.actor.require_staff()?;
    let (target, department) = store::target(app.db.read(), code(&path)?).await?;
    may_record(&visitor.actor, department)?;
    let channel = asked.channel.as_deref().and_then(Channel::parse).unwrap_or(Channel::Letter);
    let day = asked.received_on.as_deref().and_then(civil::parse_date).unwrap_or_else(|| app.today());
    let state = FormState::default()
        .with("channel", channel.as_str())
        .with("received_on", day.to_string())
        .with(FIELD_KIND, PersonKind::Individual.as_str())
        .with(FIELD_SHOWING, ShowAs::Masked.as_str());
    let view = view(app, &visitor, &target, state).await?;
    Ok(render::page(record_page(&visitor.frame(app, Nav::None), &view)))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(path): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    visitor.actor.require_staff()?;
    let sent = files::take(app, &visitor, &form).await?;
    let answer = match (read(&path, &form, &sent), sent.problem()) {
        (Ok(input), None) => record(app, &visitor.actor, &input).await,
        (_, Some(problem)) | (Err(problem), None) => Err(problem),
    };
    let problem = match answer {
        Ok(receipt) => {
            return Ok(render::see_other(&format!("/receipts/{}?new=1", receipt.code.grouped())));
        }
        Err(problem) => problem,
    };
    let (target, department) = store::target(app.db.read(), code(&path)?).await?;
    may_record(&visitor.actor, department)?;
    let mut state = form.state(&problem, visitor.lang);
    for error in &mut state.errors {
        if error.field == "clause_id" {
            FIELD_CLAUSE.clone_into(&mut error.field);
        }
    }
    let mut view = view(app, &visitor, &target, state).await?;
    view.kept = sent.kept();
    render::form_again(problem, |_| record_page(&visitor.frame(app, Nav::None), &view))
}

fn read(path: &str, form: &Form, sent: &files::Taken) -> Result<Record, Problem> {
    Ok(Record {
        consultation: path.to_owned(),
        clause_id: form.parse_opt(FIELD_CLAUSE, |v| v.parse::<ClauseId>().ok())?,
        content: content(form),
        files: sent.tickets(),
        channel: Channel::parse(form.get("channel")),
        received_on: form.parse_opt("received_on", civil::parse_date)?,
    })
}

async fn view(app: &App, visitor: &Visitor, target: &Model, state: FormState) -> Result<RecordView, Problem> {
    let clauses = choices(app.db.read(), target.document_id).await?;
    let channels = Channel::ALL.iter().filter(|c| **c != Channel::Site);
    Ok(RecordView {
        side: desk::side(app, visitor, "/desk/decisions").await?,
        consultation_title: target.title.clone(),
        consultation: format!("/desk/consultations/{}", target.code).into(),
        opens: target.opens_on,
        closes: target.closes_on,
        action: format!("/desk/consultations/{}/opinions/new", target.code).into(),
        csrf: visitor.csrf().to_owned(),
        channels: channels.map(|c| Choice::new(c.as_str(), channel_label(*c).word(visitor.lang))).collect(),
        clauses: clauses.into_iter().map(|(id, label)| Choice::new(id.to_string(), label)).collect(),
        max_characters: app.config.limits.opinion_chars as usize,
        review_days: app.config.rules.review_working_days.into(),
        files_rule: files::rule(app, visitor.lang),
        kept: Vec::new(),
        state,
    })
}
