//! One decision for opinions that say the same.

use entity::enums::{OpinionState, ReasonCode, ReviewAction, ShowAs};
use maud::Markup;
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use web::desk::review::{
    EqualItem, EqualView, FIELD_ACTION, FIELD_BACK, FIELD_OPINIONS, equal as equal_page,
};
use web::form::FormState;
use web::layout::Nav;

use super::case::{on_to_next, own_fields};
use super::words::{self, Asked};
use crate::app::App;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{desk, render};
use crate::moderation::case::{Case, case};
use crate::moderation::equal::{DecideEqual, Results, review_equal};
use crate::moderation::template;
use crate::opinion::page_words as opinion_words;
use crate::opinion::settle::public_name;
use crate::opinion::words::{channel_label, kind_label, showing_label};
use crate::problem::Problem;

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let case = case(app, &visitor.actor, &number).await?;
    Ok(render::page(page(app, &visitor, &asked, &case, FormState::default(), None).await?))
}

#[handler]
pub async fn decide(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let asked = Asked::parse(form.get(FIELD_BACK));
    let answer = match read(app, &number, &form).await {
        Ok(input) => review_equal(app, &visitor.actor, &input).await,
        Err(problem) => Err(problem),
    };
    match answer {
        Ok(results) if results.iter().all(|(_, r)| r.is_ok()) => {
            on_to_next(app, &visitor, &form, &number).await
        }
        Ok(results) => {
            let case = case(app, &visitor.actor, &number).await?;
            let page = page(app, &visitor, &asked, &case, FormState::default(), Some(results)).await?;
            Ok(render::page_with(StatusCode::CONFLICT, page))
        }
        Err(problem) => {
            let mut state = form.state(&problem, visitor.lang);
            own_fields(&mut state, form.get(FIELD_ACTION));
            let case = case(app, &visitor.actor, &number).await?;
            let page = page(app, &visitor, &asked, &case, state, None).await?;
            render::form_again(problem, |_| page)
        }
    }
}

async fn read(app: &App, number: &str, form: &Form) -> Result<DecideEqual, Problem> {
    let action = form.parse(FIELD_ACTION, ReviewAction::parse)?;
    let one = |value: &String| {
        let (number, revision) = value.rsplit_once(':')?;
        Some((number.to_owned(), revision.parse::<i32>().ok()?))
    };
    let opinions: Option<Vec<_>> = form.all(FIELD_OPINIONS).iter().map(one).collect();
    Ok(DecideEqual {
        number: number.to_owned(),
        opinions: opinions.ok_or_else(|| {
            Problem::invalid(FIELD_OPINIONS, "请重新选择意见", "Please choose the opinions again")
        })?,
        action,
        reason_code: ReasonCode::parse(form.get(&format!("{action}_code"))),
        reason_text: words::note(app, form, action).await?,
    })
}

async fn page(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
    c: &Case,
    form: FormState,
    results: Option<Results>,
) -> Result<Markup, Problem> {
    let lang = visitor.lang;
    let mine = visitor.actor.staff_id();
    let chosen = |value: &str| form.values.is_empty() || form.has(FIELD_OPINIONS, value);
    let item = |o: &entity::opinion::Model| {
        let value = format!("{}:{}", o.number, o.revision);
        EqualItem {
            number: o.number.clone(),
            href: format!("/desk/review/{}", o.number).into(),
            who: if o.show_as == ShowAs::Hidden { String::new() } else { public_name(app, o) },
            kind: kind_label(o.person_kind),
            channel: channel_label(o.channel),
            showing: showing_label(o.show_as),
            received: opinion_words::when(o),
            chosen: chosen(&value),
            value,
        }
    };
    // What the moderator took down is another moderator's to review.
    let waiting = c.equal.iter().filter(|o| o.received_by.is_none() || o.received_by != mine);
    let items = waiting.filter(|o| o.state == OpinionState::Pending).map(item).collect();
    let done = results.map(|results| {
        let done = results.iter().filter(|(_, r)| r.is_ok()).count();
        let why = |p: &Problem| visitor.say(&p.detail.clone().unwrap_or_else(|| p.code.title()));
        let failed = results.iter().filter_map(|(n, r)| Some((n.clone(), why(r.as_ref().err()?))));
        (done, failed.collect())
    });
    let here = format!("/desk/review/{}", c.opinion.number);
    let templates = template::list(app, &visitor.actor).await?;
    let view = EqualView {
        side: desk::side(app, visitor, "/desk/review").await?,
        number: c.opinion.number.clone(),
        case: asked.on(&here).into(),
        consultation_title: c.consultation.title.clone(),
        words: words::pieces(lang, &c.text, &c.findings, usize::MAX),
        items,
        action: format!("{here}/equal").into(),
        csrf: visitor.csrf().to_owned(),
        back: asked.query(),
        form,
        withhold: words::reasons(lang, ReviewAction::Withhold, &templates),
        reject: words::reasons(lang, ReviewAction::Reject, &templates),
        done,
    };
    Ok(equal_page(&visitor.frame(app, Nav::None), &view))
}
