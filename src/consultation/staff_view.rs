//! What the owner's pages of consultations show.

use chrono::NaiveDate;
use entity::consultation::Model;
use entity::decision;
use web::desk::consultation::{
    CheckItem, CheckWeight, ConsultationDeskView, ConsultationFormView, ConsultationRow,
};
use web::desk::document::{DecisionRef, version_word};
use web::form::FormState;
use web::link::Href;

use super::check::Weight;
use super::publish::{KINDS, missing};
use super::{Item, Listed, Stage, days_left, explain, release, show, stage, store};
use crate::app::App;
use crate::document as documents;
use crate::http::visitor::Visitor;
use crate::identity::page::asks;
use crate::problem::Problem;

pub fn reference(decision: &decision::Model) -> DecisionRef {
    DecisionRef {
        code: decision.code.clone(),
        title: decision.title.clone(),
        href: Href::new(format!("/desk/decisions/{}", decision.code)),
    }
}

pub fn row(app: &App, listed: &Listed) -> ConsultationRow {
    let c = &listed.consultation;
    ConsultationRow {
        code: c.code.clone(),
        title: c.title.clone(),
        href: Href::new(format!("/desk/consultations/{}", c.code)),
        state: c.published_at.map(|_| show::state(c, listed.answered, app.now())),
        opens: c.opens_on,
        closes: c.closes_on,
        days_left: days_left(c, app.today()),
    }
}

pub async fn desk(
    app: &App,
    visitor: &Visitor,
    decision: &decision::Model,
    c: &Model,
    state: FormState,
) -> Result<ConsultationDeskView, Problem> {
    let db = app.db.read();
    let is_draft = c.published_at.is_none();
    let checks = if is_draft { missing(app, db, c).await? } else { Vec::new() };
    let texts = release::materials(db, c).await?;
    let running = matches!(stage(c, app.now()), Stage::Announced | Stage::Open);
    let answered = store::answered(db, &[c.id]).await?.contains(&c.id);
    let base = format!("/desk/decisions/{}/documents", decision.code);
    let name = |d: &entity::document::Model| {
        (
            visitor.say(&documents::kind_words(d.kind)),
            format!("{} · {}", d.title, version_word(visitor.lang, d.version)),
            Href::new(format!("{base}/{}", d.id)),
        )
    };
    let texts: Vec<_> =
        [Some(texts.draft), texts.explanation, texts.basis].iter().flatten().map(name).collect();
    let corrections = if running { corrections(app, visitor, c).await? } else { Vec::new() };
    Ok(ConsultationDeskView {
        runs: crate::decision::may_run(&visitor.actor, decision).is_ok(),
        decision: reference(decision),
        code: c.code.clone(),
        title: c.title.clone(),
        state: (!is_draft).then(|| show::state(c, answered, app.now())),
        opens: c.opens_on,
        closes: c.closes_on,
        days_left: days_left(c, app.today()),
        counted: visitor.say(&explain(c.opens_on, c.closes_on)),
        notice: c.notice.clone(),
        plain: c.plain.clone(),
        short_reason: c.short_reason.clone(),
        channels: show::channels(c),
        asks: asks(c.identity),
        extensions: show::extensions(&store::extensions(db, c.id).await?),
        texts,
        may_publish: checks.iter().all(|i| i.weight != Weight::Missing),
        checks: checks.iter().map(|i| check_item(visitor, i, c, &base)).collect(),
        corrections,
        running,
        work: if is_draft { Vec::new() } else { work(visitor, decision, c) },
        questionnaire: Href::new(format!("/desk/consultations/{}/questionnaire", c.code)),
        public: show::href(c),
        csrf: visitor.csrf().to_owned(),
        state_of_form: state,
    })
}

/// Unpublished new versions of the texts, which may become corrections.
async fn corrections(app: &App, visitor: &Visitor, c: &Model) -> Result<Vec<(String, String)>, Problem> {
    let heads = documents::heads(app.db.read(), c.decision_id).await?;
    let open = heads.iter().filter(|h| h.published_at.is_none() && KINDS.contains(&h.kind));
    Ok(open
        .map(|h| {
            let kind = visitor.say(&documents::kind_words(h.kind));
            (h.id.to_string(), format!("{kind} · {}", version_word(visitor.lang, h.version)))
        })
        .collect())
}

fn work(visitor: &Visitor, decision: &decision::Model, c: &Model) -> Vec<(String, Href)> {
    let base = format!("/desk/consultations/{}", c.code);
    let t = |zh: &str, en: &str| visitor.lang.t(zh, en).to_owned();
    let mut links =
        vec![(t("意见、归并与答复", "Opinions, topics and answers"), Href::new(format!("{base}/opinions")))];
    // Those who only read take nothing down.
    if crate::decision::may_run(&visitor.actor, decision).is_ok() {
        links.push((t("录入线下意见", "Take down an opinion"), Href::new(format!("{base}/opinions/new"))));
        let batch = Href::new(format!("{base}/opinions/batch"));
        links.push((t("批量录入线下意见", "Take down many opinions"), batch));
    }
    links.push((t("意见采纳情况", "Adoption summary"), Href::new(format!("{base}/summary"))));
    links
}

fn check_item(visitor: &Visitor, item: &Item, c: &Model, base: &str) -> CheckItem {
    let href = match item.field {
        "decision" => None,
        "draft" => Some(format!("{base}/{}", c.document_id)),
        "explanation" => Some(format!("{base}/new?kind=explanation")),
        "basis" => Some(format!("{base}/new?kind=basis")),
        field => Some(format!("/desk/consultations/{}/edit#f-{field}", c.code)),
    };
    CheckItem {
        weight: match item.weight {
            Weight::Fine => CheckWeight::Fine,
            Weight::Note => CheckWeight::Note,
            Weight::Missing => CheckWeight::Missing,
        },
        text: visitor.say(&item.words),
        href: href.filter(|_| item.weight != Weight::Fine).map(Href::new),
    }
}

/// The form of a new consultation, filled with what is usual: open today for the days the rule asks for,
/// moved off a day off at the end, reached as the department is.
pub async fn fresh(app: &App, decision: &decision::Model) -> Result<FormState, Problem> {
    let department = crate::department::find(app.db.read(), decision.department_id).await?;
    let draft = draft(app, decision).await?;
    let today = app.today();
    let closes = app.calendar().calendar_days_after(today, app.config.rules.consultation_days)?.due;
    Ok(FormState::default()
        .with("title", super::draft::usual_title(&draft.title))
        .with("notice", super::draft::usual_notice(&draft.title))
        .with("opens_on", iso(today))
        .with("closes_on", iso(closes))
        .with("address", department.address)
        .with("postcode", department.postcode)
        .with("email", department.email)
        .with("phone", department.phone)
        .with("identity", app.config.rules.identity.as_str())
        .with("contact_name", department.name))
}

pub fn filled(c: &Model) -> FormState {
    FormState::default()
        .with("title", &c.title)
        .with("notice", &c.notice)
        .with("plain", &c.plain)
        .with("opens_on", iso(c.opens_on))
        .with("closes_on", iso(c.closes_on))
        .with("short_reason", c.short_reason.clone().unwrap_or_default())
        .with("address", &c.address)
        .with("postcode", &c.postcode)
        .with("email", &c.email)
        .with("phone", &c.phone)
        .with("identity", c.identity.as_str())
        .with("contact_name", &c.contact_name)
        .with("revision", c.revision.to_string())
}

fn iso(day: NaiveDate) -> String {
    web::lang::iso(day)
}

async fn draft(app: &App, decision: &decision::Model) -> Result<documents::Head, Problem> {
    let heads = documents::heads(app.db.read(), decision.id).await?;
    let found = heads.into_iter().find(|h| h.kind == entity::enums::DocumentKind::Draft);
    found.ok_or_else(|| Problem::conflict("请先录入决策草案", "Write the draft of the decision first"))
}

pub async fn form(
    app: &App,
    visitor: &Visitor,
    decision: &decision::Model,
    existing: Option<&Model>,
    state: FormState,
) -> Result<ConsultationFormView, Problem> {
    let draft = draft(app, decision).await?;
    let name = format!("{} · {}", draft.title, version_word(visitor.lang, draft.version));
    let page = format!("/desk/decisions/{}/documents/{}", decision.code, draft.id);
    let (action, back) = match existing {
        Some(c) => {
            let desk = format!("/desk/consultations/{}", c.code);
            (format!("{desk}/edit"), desk)
        }
        None => {
            let decision = format!("/desk/decisions/{}", decision.code);
            (format!("{decision}/consultations/new"), decision)
        }
    };
    Ok(ConsultationFormView {
        decision: reference(decision),
        state,
        csrf: visitor.csrf().to_owned(),
        action: Href::new(action),
        back: Href::new(back),
        draft: (name, Href::new(page)),
        least_days: app.config.rules.consultation_days,
        is_new: existing.is_none(),
    })
}
