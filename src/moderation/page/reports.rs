//! Readers' reports: the public form, the list, and the decision on one opinion.

use entity::enums::{DutyKind, DutyState, OpinionState, ReasonCode, ReviewAction};
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::review::{
    FIELD_ACTION, FIELD_PUBLIC_TEXT, FIELD_REVISION, ReportItem, ReportLine, ReportedView, ReportsView,
    reported as reported_page, reports as reports_page,
};
use web::form::{Choice, FormState};
use web::lang::Lang;
use web::layout::Nav;
use web::opinion::{ReportView, report as report_page};

use super::case::{own_fields, state_label};
use super::words;
use crate::app::App;
use crate::calendar::civil;
use crate::duty::{self, standing};
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{desk, render};
use crate::moderation::report::{
    self, Decide, LONGEST, REASONS, Report, Reported, decide, reported, waiting,
};
use crate::moderation::{advice, lexicon, store, template};
use crate::opinion::page_words as opinion_words;
use crate::opinion::words::reason_words;
use crate::problem::{Code, Problem};

pub const LIST: &str = "/desk/reports";
/// Characters of an opinion in the list.
const WORDS: usize = 140;

#[handler]
pub async fn ask(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> poem::Result<Response> {
    let view = form_view(app, &visitor, &number, FormState::default()).await?;
    Ok(render::page(report_page(&visitor.frame(app, Nav::Consultations), &view)))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let input = Report {
        number: number.clone(),
        reason: ReasonCode::parse(form.get("reason")),
        note: form.get("note").to_owned(),
    };
    match report::report(app, &visitor.actor, &input).await {
        Ok(()) => Ok(render::done(&format!("/opinions/{number}/report"), "reported")),
        Err(problem) => {
            let view = form_view(app, &visitor, &number, form.state(&problem, visitor.lang)).await?;
            render::form_again(problem, |_| report_page(&visitor.frame(app, Nav::Consultations), &view))
        }
    }
}

async fn form_view(
    app: &App,
    visitor: &Visitor,
    number: &str,
    state: FormState,
) -> Result<ReportView, Problem> {
    let db = app.db.read();
    let opinion = crate::opinion::by_number(db, number).await?;
    if opinion.state != OpinionState::Published {
        return Err(Problem::not_found());
    }
    let consultation = crate::consultation::find(db, opinion.consultation_id).await?;
    let reason = |code: &ReasonCode| Choice::new(code.as_str(), why(visitor.lang, *code));
    Ok(ReportView {
        action: format!("/opinions/{number}/report").into(),
        csrf: visitor.csrf().to_owned(),
        back: format!("/consultations/{}#opinions", consultation.code).into(),
        consultation_title: consultation.title,
        who: opinion.public_name.unwrap_or_default(),
        text: opinion_words::spans(opinion.public_text.as_deref().unwrap_or_default()),
        reasons: REASONS.iter().map(reason).collect(),
        max_characters: usize::try_from(LONGEST).unwrap_or(usize::MAX),
        state,
    })
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let rows = waiting(app, &visitor.actor).await?;
    let db = app.db.read();
    let names = store::consultations(db, rows.iter().map(|r| r.opinion.consultation_id)).await?;
    let duties = duty::of_subjects(db, rows.iter().map(|r| r.opinion.id.0)).await?;
    let items = rows.iter().map(|r| {
        let o = &r.opinion;
        let mut reasons: Vec<String> = Vec::new();
        for report in &r.reports {
            let word = why(visitor.lang, report.reason);
            if !reasons.contains(&word) {
                reasons.push(word);
            }
        }
        let text = o.public_text.as_ref().unwrap_or(&o.text).replace('\n', " ");
        ReportItem {
            href: format!("{LIST}/{}", o.number).into(),
            number: o.number.clone(),
            state: state_label(o.state),
            due: due(app, visitor.lang, &duties, o.id.0),
            reports: r.reports.len(),
            reasons,
            words: text.chars().take(WORDS).collect(),
            consultation: names.get(&o.consultation_id).map(|(_, title)| title.clone()).unwrap_or_default(),
        }
    });
    let view = ReportsView { items: items.collect(), side: desk::side(app, &visitor, LIST).await? };
    Ok(render::page(reports_page(&visitor.frame(app, Nav::None), &view)))
}

/// A reason in a reader's mouth: whether something can be removed is the moderator's to say.
fn why(lang: Lang, code: ReasonCode) -> String {
    match code {
        ReasonCode::PersonalData => lang.t("含有个人信息", "Contains personal data").to_owned(),
        _ => {
            let words = reason_words(code);
            lang.t(&words.zh, &words.en).to_owned()
        }
    }
}

fn due(
    app: &App,
    lang: Lang,
    duties: &[entity::duty::Model],
    subject: uuid::Uuid,
) -> Option<web::desk::review::Due> {
    let waits = |d: &&entity::duty::Model| {
        d.subject_id == subject && d.kind == DutyKind::Report && d.state == DutyState::Open
    };
    let duty = duties.iter().find(waits)?;
    words::due(lang, duty, standing(&app.calendar(), duty, app.today()))
}

#[handler]
pub async fn open(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> poem::Result<Response> {
    let view = view(app, &visitor, &number, FormState::default()).await?;
    Ok(render::page(reported_page(&visitor.frame(app, Nav::None), &view)))
}

#[handler]
pub async fn act(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let answer = match read(app, &number, &form).await {
        Ok(input) => decide(app, &visitor.actor, &input).await,
        Err(problem) => Err(problem),
    };
    let problem = match answer {
        Ok(_) => return Ok(render::done(LIST, "report_decided")),
        Err(problem) if matches!(problem.code, Code::Stale | Code::Invalid) => problem,
        Err(problem) => return Err(problem.into()),
    };
    let mut state = form.state(&problem, visitor.lang);
    own_fields(&mut state, form.get(FIELD_ACTION));
    let view = match view(app, &visitor, &number, state).await {
        Ok(view) => view,
        // Somebody else decided meanwhile: there is no page to come back to.
        Err(gone) if gone.code == Code::NotFound => return Err(problem.into()),
        Err(other) => return Err(other.into()),
    };
    render::form_again(problem, |_| reported_page(&visitor.frame(app, Nav::None), &view))
}

async fn read(app: &App, number: &str, form: &Form) -> Result<Decide, Problem> {
    Ok(Decide {
        number: number.to_owned(),
        revision: form.parse(FIELD_REVISION, |v| v.parse().ok())?,
        action: form.parse(FIELD_ACTION, |v| match v {
            "keep" => Some(None),
            other => ReviewAction::parse(other).map(Some),
        })?,
        reason_code: ReasonCode::parse(form.get("withhold_code")),
        reason_text: words::note(app, form, ReviewAction::Withhold).await?,
        public_text: form.get(FIELD_PUBLIC_TEXT).to_owned(),
    })
}

async fn view(app: &App, visitor: &Visitor, number: &str, form: FormState) -> Result<ReportedView, Problem> {
    let (Reported { opinion: o, reports }, text) = reported(app, &visitor.actor, number).await?;
    let db = app.db.read();
    let lang = visitor.lang;
    let consultation = crate::consultation::find(db, o.consultation_id).await?;
    let duties = duty::of_subjects(db, [o.id.0]).await?;
    let findings = advice::find(&text, &*lexicon::current(app).await?);
    let denied = report::may_decide(app, &visitor.actor, &o).await?.err();
    let line = |r: &entity::report::Model| ReportLine {
        reason: why(lang, r.reason),
        note: r.note.clone(),
        at: civil::local_time(r.created_at),
    };
    let templates = template::list(app, &visitor.actor).await?;
    Ok(ReportedView {
        side: desk::side(app, visitor, LIST).await?,
        number: o.number.clone(),
        state: state_label(o.state),
        consultation: consultation.title,
        case: format!("/desk/review/{}", o.number).into(),
        due: due(app, lang, &duties, o.id.0),
        words: words::pieces(lang, &text, &findings, usize::MAX),
        public_text: o.public_text.clone().filter(|public| *public != text),
        reports: reports.iter().map(line).collect(),
        barred: denied.map(|denied| {
            let problem = Problem::from(denied);
            visitor.say(&problem.detail.unwrap_or_else(|| problem.code.title()))
        }),
        action: format!("{LIST}/{}", o.number).into(),
        csrf: visitor.csrf().to_owned(),
        revision: o.revision,
        suggested: o
            .public_text
            .clone()
            .filter(|public| *public != text)
            .unwrap_or_else(|| advice::suggest(&text, &findings)),
        withhold: words::reasons(lang, ReviewAction::Withhold, &templates),
        form,
    })
}
