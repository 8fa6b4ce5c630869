//! One decision for opinions that say the same, or nearly the same: then with what tells each from the one at hand.

use entity::enums::{OpinionState, ReasonCode, ReviewAction, ShowAs};
use entity::opinion::Model;
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
use crate::document::{self, Word, word_changes};
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{desk, render};
use crate::moderation::case::{Case, case};
use crate::moderation::equal::{DecideEqual, MOST, Results, review_equal};
use crate::moderation::template;
use crate::opinion::settle::public_name;
use crate::opinion::words::{channel_label, kind_label, showing_label};
use crate::opinion::{self, page_words as opinion_words, wording};
use crate::problem::Problem;

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let list = List::equal(case(app, &visitor.actor, &number).await?);
    Ok(render::page(page(app, &visitor, &asked, &list, FormState::default(), None).await?))
}

#[handler]
pub async fn show_near(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let list = List::near(app, case(app, &visitor.actor, &number).await?).await?;
    Ok(render::page(page(app, &visitor, &asked, &list, FormState::default(), None).await?))
}

/// What is decided on together.
struct List {
    case: Case,
    is_near: bool,
    /// Each with what tells it from the case, where its words are others.
    items: Vec<(Model, Vec<Word>)>,
}

impl List {
    fn equal(case: Case) -> Self {
        let items = case.equal.iter().map(|o| (o.clone(), Vec::new())).collect();
        Self { case, is_near: false, items }
    }

    async fn near(app: &App, case: Case) -> Result<Self, Problem> {
        let mut budget = wording::BUDGET;
        let found = opinion::near::waiting(app, case.opinion.id, MOST as u64).await?;
        let differs = |text: &str, budget: &mut usize| {
            if text == case.text { Vec::new() } else { word_changes(&case.text, text, budget) }
        };
        let items = found.into_iter().map(|(o, text)| (o, differs(&text, &mut budget))).collect();
        Ok(Self { case, is_near: true, items })
    }
}

#[handler]
pub async fn decide(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    act(app, &visitor, &number, &form, false).await
}

#[handler]
pub async fn decide_near(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    act(app, &visitor, &number, &form, true).await
}

async fn act(app: &App, visitor: &Visitor, number: &str, form: &Form, near: bool) -> poem::Result<Response> {
    let asked = Asked::parse(form.get(FIELD_BACK));
    let answer = match read(app, number, form).await {
        Ok(input) => review_equal(app, &visitor.actor, &input).await,
        Err(problem) => Err(problem),
    };
    let (state, results, problem) = match answer {
        Ok(results) if results.iter().all(|(_, r)| r.is_ok()) => {
            return on_to_next(app, visitor, form, number).await;
        }
        Ok(results) => (FormState::default(), Some(results), None),
        Err(problem) => {
            let mut state = form.state(&problem, visitor.lang);
            own_fields(&mut state, form.get(FIELD_ACTION));
            (state, None, Some(problem))
        }
    };
    let case = case(app, &visitor.actor, number).await?;
    let list = if near { List::near(app, case).await? } else { List::equal(case) };
    let page = page(app, visitor, &asked, &list, state, results).await?;
    match problem {
        Some(problem) => render::form_again(problem, |_| page),
        None => Ok(render::page_with(StatusCode::CONFLICT, page)),
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
    list: &List,
    form: FormState,
    results: Option<Results>,
) -> Result<Markup, Problem> {
    let (lang, c) = (visitor.lang, &list.case);
    let mine = visitor.actor.staff_id();
    let chosen = |value: &str| form.values.is_empty() || form.has(FIELD_OPINIONS, value);
    let item = |(o, differs): &(Model, Vec<Word>)| {
        let value = format!("{}:{}", o.number, o.revision);
        EqualItem {
            number: o.number.clone(),
            href: format!("/desk/review/{}", o.number).into(),
            who: if o.show_as == ShowAs::Hidden { String::new() } else { public_name(app, o) },
            kind: kind_label(o.person_kind),
            channel: channel_label(o.channel),
            showing: showing_label(o.show_as),
            received: opinion_words::when(o),
            // Other words are ticked by who has read them.
            chosen: chosen(&value) && (differs.is_empty() || !form.values.is_empty()),
            differs: document::show::changes(differs),
            value,
        }
    };
    // What the moderator took down is another moderator's to review.
    let waiting = list.items.iter().filter(|(o, _)| o.received_by.is_none() || o.received_by != mine);
    let items = waiting.filter(|(o, _)| o.state == OpinionState::Pending).map(item).collect();
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
        near: list.is_near,
        action: format!("{here}/{}", if list.is_near { "near" } else { "equal" }).into(),
        csrf: visitor.csrf().to_owned(),
        back: asked.query(),
        form,
        withhold: words::reasons(lang, ReviewAction::Withhold, &templates),
        reject: words::reasons(lang, ReviewAction::Reject, &templates),
        done,
    };
    Ok(equal_page(&visitor.frame(app, Nav::None), &view))
}
