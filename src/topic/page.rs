//! The owner's page of opinions, topics and answers, and what its forms do.

use entity::consultation::Model as Consultation;
use entity::enums::Outcome;
use entity::id::{ClauseId, LineageId, TopicId};
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use web::desk::topic::{FIELD_NEW_TITLE, FIELD_PICK, FIELD_PLACE, PLACE_NEW, work};
use web::form::FormState;
use web::layout::Nav;

use super::arrange::NewTopic;
use super::gather::{Group, Place};
use super::respond::{Answer, Target};
use super::view::{self, Asked};
use super::{arrange, gather, respond, store};
use crate::app::App;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::{consultation, decision, opinion};

pub fn add(pages: Pages) -> Pages {
    pages
        .get("/desk/consultations/:code/opinions", show)
        .post("/desk/consultations/:code/opinions", group_picked)
        .post("/desk/consultations/:code/opinions/gather", group_suggested)
        .post("/desk/consultations/:code/opinions/:number/response", answer_opinion)
        .post("/desk/consultations/:code/topics", add_topic)
        .post("/desk/consultations/:code/topics/:id", change_topic)
        .post("/desk/consultations/:code/topics/:id/move", move_topic)
        .post("/desk/consultations/:code/topics/:id/delete", delete_topic)
        .post("/desk/consultations/:code/topics/:id/response", answer_topic)
}

/// A consultation that the visitor answers for.
async fn enter(
    app: &App,
    visitor: &Visitor,
    code: &str,
) -> Result<(Consultation, entity::decision::Model), Problem> {
    let (found, decision) = look(app, visitor, code).await?;
    decision::may_run(&visitor.actor, &decision)?;
    Ok((found, decision))
}

/// The same for those who only read: supervisors and disclosure officers.
async fn look(
    app: &App,
    visitor: &Visitor,
    code: &str,
) -> Result<(Consultation, entity::decision::Model), Problem> {
    visitor.actor.require_staff()?;
    let db = app.db.read();
    let found = consultation::by_code(db, code).await?;
    let decision = decision::find(db, found.decision_id).await?;
    decision::may_read_desk(&visitor.actor, &decision)?;
    Ok((found, decision))
}

fn base(code: &str) -> String {
    format!("/desk/consultations/{code}/opinions")
}

#[handler]
async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let (found, decision) = look(app, &visitor, &code).await?;
    let view = view::work(app, &visitor, &found, &decision, &asked, FormState::default()).await?;
    Ok(render::page(work(&visitor.frame(app, Nav::None), &view)))
}

/// Back to the list after an act, or the page again with what to mend.
async fn finish(
    app: &App,
    visitor: &Visitor,
    code: &str,
    form: &Form,
    asked: Asked,
    done: Result<&'static str, Problem>,
) -> poem::Result<Response> {
    let problem = match done {
        Ok(word) => {
            let calm = Asked::of_form(form);
            return Ok(render::done(&calm.href(&base(code), None), word));
        }
        Err(problem) => problem,
    };
    if !matches!(problem.status(), 409 | 412 | 413 | 422) {
        return Err(problem.into());
    }
    let (found, decision) = enter(app, visitor, code).await?;
    let mut state = form.state(&problem, visitor.lang);
    if form.get("form").is_empty() {
        // The name of a new topic is typed into another field where opinions are grouped.
        for error in state.errors.iter_mut().filter(|e| e.field == "title") {
            FIELD_NEW_TITLE.clone_into(&mut error.field);
        }
    }
    let view = view::work(app, visitor, &found, &decision, &asked, state).await?;
    render::form_again(problem, |_| work(&visitor.frame(app, Nav::None), &view))
}

fn place(form: &Form) -> Result<Place, Problem> {
    match form.get(FIELD_PLACE) {
        PLACE_NEW => {
            Ok(Place::New(NewTopic { title: form.get(FIELD_NEW_TITLE).to_owned(), gist: String::new() }))
        }
        id => id
            .parse()
            .map(Place::Topic)
            .map_err(|_| Problem::invalid(FIELD_PLACE, "请选择要归并到的主题", "Choose the topic")),
    }
}

#[handler]
async fn group_picked(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (found, _) = enter(app, &visitor, &code).await?;
    let numbers = form.all(FIELD_PICK);
    let done = if form.get("act") == "leave" {
        gather::leave(app, &visitor.actor, found.id, numbers).await.map(|()| "removed")
    } else {
        match place(&form) {
            Ok(place) => {
                gather::join(app, &visitor.actor, found.id, &place, numbers).await.map(|_| "grouped")
            }
            Err(problem) => Err(problem),
        }
    };
    finish(app, &visitor, &code, &form, Asked::of_form(&form), done).await
}

#[handler]
async fn group_suggested(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (found, _) = enter(app, &visitor, &code).await?;
    let group = match form.get("group") {
        "clause" => form.parse("value", |v| v.parse::<LineageId>().ok()).map(Group::Clause),
        _ => Ok(Group::Text(form.get("value").to_owned())),
    };
    let done = match (group, place(&form)) {
        (Ok(group), Ok(place)) => {
            gather::gather(app, &visitor.actor, found.id, &group, &place).await.map(|_| "grouped")
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    finish(app, &visitor, &code, &form, Asked::of_form(&form), done).await
}

fn new_topic(form: &Form) -> NewTopic {
    NewTopic { title: form.get("title").to_owned(), gist: form.get("gist").to_owned() }
}

#[handler]
async fn add_topic(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (found, _) = enter(app, &visitor, &code).await?;
    let done = arrange::create(app, &visitor.actor, found.id, &new_topic(&form)).await;
    finish(app, &visitor, &code, &form, Asked::of_form(&form), done.map(|_| "saved")).await
}

/// A topic of the consultation in the address.
async fn topic_of(
    app: &App,
    visitor: &Visitor,
    code: &str,
    id: &str,
) -> Result<(Consultation, entity::topic::Model), Problem> {
    let (found, _) = enter(app, visitor, code).await?;
    let id = id.parse::<TopicId>().map_err(|_| Problem::not_found())?;
    let topic = store::find(app.db.read(), id).await?;
    if topic.consultation_id == found.id { Ok((found, topic)) } else { Err(Problem::not_found()) }
}

#[handler]
async fn change_topic(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let (_, topic) = topic_of(app, &visitor, &code, &id).await?;
    let done = arrange::change(app, &visitor.actor, topic.id, &new_topic(&form)).await;
    let asked = Asked { edit: topic.id.to_string(), ..Asked::of_form(&form) };
    finish(app, &visitor, &code, &form, asked, done.map(|()| "saved")).await
}

#[handler]
async fn move_topic(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let (found, topic) = topic_of(app, &visitor, &code, &id).await?;
    let mut order: Vec<TopicId> =
        store::of_consultation(app.db.read(), found.id).await?.into_iter().map(|t| t.id).collect();
    let at = order.iter().position(|t| *t == topic.id).unwrap_or(0);
    let to = if form.get("to") == "up" { at.saturating_sub(1) } else { (at + 1).min(order.len() - 1) };
    order.swap(at, to);
    let done = arrange::order(app, &visitor.actor, found.id, &order).await;
    finish(app, &visitor, &code, &form, Asked::of_form(&form), done.map(|()| "saved")).await
}

#[handler]
async fn delete_topic(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let (_, topic) = topic_of(app, &visitor, &code, &id).await?;
    let done = arrange::delete(app, &visitor.actor, topic.id).await;
    finish(app, &visitor, &code, &form, Asked::of_form(&form), done.map(|()| "removed")).await
}

async fn act(app: &App, visitor: &Visitor, form: &Form, target: Target) -> Result<&'static str, Problem> {
    if form.get("act") == "retract" {
        return respond::retract(app, &visitor.actor, target).await.map(|()| "undone");
    }
    let answer = Answer {
        outcome: form.parse("outcome", Outcome::parse)?,
        reason: form.get("reason").to_owned(),
        final_clause_id: form.parse_opt("final_clause", |v| v.parse::<ClauseId>().ok())?,
    };
    respond::respond(app, &visitor.actor, target, &answer).await.map(|_| "saved")
}

#[handler]
async fn answer_topic(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let (_, topic) = topic_of(app, &visitor, &code, &id).await?;
    let done = act(app, &visitor, &form, Target::Topic(topic.id)).await;
    let asked = Asked { respond: topic.id.to_string(), ..Asked::of_form(&form) };
    finish(app, &visitor, &code, &form, asked, done).await
}

#[handler]
async fn answer_opinion(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let (found, _) = enter(app, &visitor, &code).await?;
    let opinion = opinion::by_number(app.db.read(), &number).await?;
    if opinion.consultation_id != found.id {
        return Err(Problem::not_found().into());
    }
    let done = act(app, &visitor, &form, Target::Opinion(opinion.id)).await;
    let asked = Asked { answer: number, ..Asked::of_form(&form) };
    finish(app, &visitor, &code, &form, asked, done).await
}
