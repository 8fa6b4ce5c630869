//! The list of appeals, and the decision on one.

use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::review::{
    AppealCard, AppealForm, AppealItem, AppealsView, FIELD_ANSWER, FIELD_OVERTURN, appeals as appeals_page,
};
use web::layout::Nav;

use super::case::{again, state_label};
use super::words;
use crate::app::App;
use crate::calendar::civil;
use crate::duty::{self, standing};
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{desk, render};
use crate::moderation::appeal::{Decide, decide as decide_appeal, waiting};
use crate::moderation::case::Case;
use crate::moderation::store;
use crate::opinion::appeal::LONGEST;
use crate::problem::Problem;
use entity::enums::{AppealState, DutyKind, DutyState};

pub const LIST: &str = "/desk/appeals";

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let rows = waiting(app, &visitor.actor).await?;
    let db = app.db.read();
    let names = store::consultations(db, rows.iter().map(|(_, o)| o.consultation_id)).await?;
    let duties = duty::of_subjects(db, rows.iter().map(|(_, o)| o.id.0)).await?;
    let (calendar, today) = (app.calendar(), app.today());
    let items = rows.into_iter().map(|(a, o)| {
        let duty = duties
            .iter()
            .find(|d| d.subject_id == o.id.0 && d.kind == DutyKind::Appeal && d.state == DutyState::Open);
        AppealItem {
            href: format!("/desk/review/{}#appeal", o.number).into(),
            state: state_label(o.state),
            due: duty.and_then(|d| words::due(visitor.lang, d, standing(&calendar, d, today))),
            at: civil::local_time(a.created_at),
            reason: a.reason,
            consultation: names.get(&o.consultation_id).map(|(_, title)| title.clone()).unwrap_or_default(),
            number: o.number,
        }
    });
    let view = AppealsView { items: items.collect(), side: desk::side(app, &visitor, LIST).await? };
    Ok(render::page(appeals_page(&visitor.frame(app, Nav::None), &view)))
}

#[handler]
pub async fn decide(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    match act(app, &visitor, &number, &form).await {
        // Set aside, it waits for its next review at once.
        Ok(AppealState::Overturned) => Ok(render::done(&format!("/desk/review/{number}"), "appeal_decided")),
        Ok(_) => Ok(render::done(LIST, "appeal_decided")),
        Err(problem) => again(app, &visitor, &number, &form, problem).await,
    }
}

async fn act(app: &App, visitor: &Visitor, number: &str, form: &Form) -> Result<AppealState, Problem> {
    let overturn = form.parse(FIELD_OVERTURN, |v| match v {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    })?;
    let input = Decide { number: number.to_owned(), overturn, answer: form.get(FIELD_ANSWER).to_owned() };
    decide_appeal(app, &visitor.actor, &input).await
}

/// The appeal beside its case.
pub fn card(visitor: &Visitor, c: &Case) -> Option<AppealCard> {
    let a = c.appeal.as_ref()?;
    let may = c.may_appeal;
    let lang = visitor.lang;
    Some(AppealCard {
        at: civil::local_time(a.created_at),
        reason: a.reason.clone(),
        decided: match a.state {
            AppealState::Open => None,
            AppealState::Upheld => Some(lang.t("维持原审核决定", "The review stands").to_owned()),
            AppealState::Overturned => {
                Some(lang.t("申诉成立，重新审核", "Granted; to be reviewed again").to_owned())
            }
        },
        answer: a.answer.clone(),
        barred: may.and_then(Result::err).map(|denied| {
            let problem = Problem::from(denied);
            visitor.say(&problem.detail.unwrap_or_else(|| problem.code.title()))
        }),
        form: may.is_some_and(|m| m.is_ok()).then(|| AppealForm {
            action: format!("/desk/review/{}/appeal", c.opinion.number).into(),
            csrf: visitor.csrf().to_owned(),
            max_characters: LONGEST as usize,
        }),
    })
}
