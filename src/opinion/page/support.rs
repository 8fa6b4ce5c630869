//! Supporting a published opinion. The button on a consultation's page leads here, so that the page is the same for
//! everybody and the browser gets its cookie only when something is pressed.

use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use web::consultation::PublishedOpinion;
use web::form::FormState;
use web::layout::Nav;
use web::opinion::{SupportView, support as support_page};

use super::words;
use crate::app::App;
use crate::calendar::civil;
use crate::http::device;
use crate::http::form::Form;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::opinion::quote;
use crate::opinion::support::{Device, Standing, standing, support};
use crate::opinion::words::{channel_label, kind_label};
use crate::problem::{Code, Problem};

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    request: &Request,
) -> poem::Result<Response> {
    let device = device::of(app, request);
    let found = standing(app, &number, device.as_ref()).await?;
    let view = view(app, &visitor, &found, FormState::default()).await?;
    Ok(render::page(support_page(&visitor.frame(app, Nav::Consultations), &view)))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    request: &Request,
    form: Form,
) -> poem::Result<Response> {
    let known = device::of(app, request);
    let device = known.clone().unwrap_or_else(|| Device::fresh(app));
    let wanted = form.get("act") != "take_back";
    let problem = match support(app, &visitor.actor, &number, &device, wanted).await {
        Ok(()) => {
            let word = if wanted { "supported" } else { "support_taken_back" };
            let mut response = render::done(&format!("/opinions/{number}/support"), word);
            if known.is_none() {
                device::remember(app, &mut response, &device)?;
            }
            return Ok(response);
        }
        Err(problem) => problem,
    };
    if !matches!(problem.code, Code::Conflict | Code::ConsultationClosed | Code::TooMany) {
        return Err(problem.into());
    }
    let found = standing(app, &number, known.as_ref()).await?;
    let view = view(app, &visitor, &found, form.state(&problem, visitor.lang)).await?;
    render::form_again(problem, |_| support_page(&visitor.frame(app, Nav::Consultations), &view))
}

async fn view(
    app: &App,
    visitor: &Visitor,
    found: &Standing,
    state: FormState,
) -> Result<SupportView, Problem> {
    let (o, c) = (&found.opinion, &found.consultation);
    let text = o.public_text.as_deref().unwrap_or_default();
    let clause = match o.clause_id {
        Some(id) => Some(quote(app.db.read(), id).await?),
        None => None,
    };
    let opinion = PublishedOpinion {
        id: format!("o-{}", o.number),
        report: format!("/opinions/{}/report", o.number).into(),
        who: o.public_name.clone().unwrap_or_else(|| "匿名".to_owned()),
        kind: kind_label(o.person_kind),
        on: civil::local_date(o.received_at),
        channel: channel_label(o.channel),
        text: words::spans(text),
        files: Vec::new(),
        proposal: words::proposal(text, clause.as_ref()),
        clause: None,
        outcome: None,
        supports: found.supports,
        support: None,
    };
    Ok(SupportView {
        action: format!("/opinions/{}/support", o.number).into(),
        csrf: visitor.csrf().to_owned(),
        consultation_title: c.title.clone(),
        back: format!("/consultations/{}#o-{}", c.code, o.number).into(),
        opinion,
        supports: found.supports,
        mine: found.mine,
        open: found.open && visitor.actor.staff().is_none(),
        state,
    })
}
