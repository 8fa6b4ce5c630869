//! The audit record for administrators. Reading it is recorded as well: who looks may be asked why.

use std::collections::HashMap;

use entity::audit::Model;
use entity::enums::{ActorKind, Role, SubjectKind};
use entity::id::StaffId;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;
use serde_json::json;
use web::component::Pager;
use web::desk::admin::audit as view;
use web::desk::admin::audit::{AuditRow, AuditView, ChainCheck};
use web::form::{Choice, FormState};
use web::lang::Lang;
use web::layout::Nav;
use web::link::with_query;

use super::{Filter, Finding};
use crate::account;
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::page;
use crate::http::visitor::Visitor;
use crate::http::{desk, lang_words};

const PATH: &str = "/desk/admin/audit";
const PAGE: u64 = 50;

pub fn add(pages: Pages) -> Pages {
    pages.get(PATH, show).post("/desk/admin/audit/check", check_chain)
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct AuditQuery {
    action: String,
    kind: String,
    subject: String,
    actor: String,
    before: String,
}

impl AuditQuery {
    fn filter(&self) -> Filter {
        Filter {
            action: Some(self.action.trim().to_owned()).filter(|text| !text.is_empty()),
            subject_kind: SubjectKind::parse(&self.kind),
            subject_id: self.subject.parse().ok(),
            actor_id: self.actor.parse().ok(),
            before: self.before.parse().ok(),
            limit: PAGE + 1,
        }
    }
}

#[handler]
async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(query): Query<AuditQuery>,
) -> poem::Result<Response> {
    show_with(app, &visitor, &query, None).await
}

#[handler]
async fn check_chain(Data(app): Data<&App>, visitor: Visitor, _form: Form) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let finding = super::check(app, &visitor.actor).await?;
    let finding = match finding {
        Finding::Whole { records } => ChainCheck::Whole { records },
        Finding::Broken { at } => ChainCheck::Broken { at },
    };
    show_with(app, &visitor, &AuditQuery::default(), Some(finding)).await
}

async fn show_with(
    app: &App,
    visitor: &Visitor,
    query: &AuditQuery,
    check: Option<ChainCheck>,
) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let lang = visitor.lang;
    let mut rows = super::read(app, &visitor.actor, &query.filter()).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let names = account::names(app.db.read()).await?;
    let last = rows.last().map(|row| row.seq);
    // The check's own page is no address to page from.
    let here = if check.is_some() { PATH } else { visitor.path.as_str() };
    let view = AuditView {
        state: FormState::default()
            .with("action", &query.action)
            .with("kind", &query.kind)
            .with("subject", &query.subject)
            .with("actor", &query.actor),
        kinds: kinds(lang),
        actors: actors(&names, lang),
        rows: rows.into_iter().map(|r| row(r, &names, lang)).collect(),
        pager: Pager {
            previous: None,
            next: last.filter(|_| more).map(|seq| with_query(here, "before", &seq.to_string())),
            note: String::new(),
        },
        check,
        csrf: visitor.csrf().to_owned(),
    };
    let side = desk::side(app, visitor, PATH).await?;
    Ok(page(view::audit(&visitor.frame(app, Nav::None), &side, &view)))
}

fn row(r: Model, names: &HashMap<StaffId, String>, lang: Lang) -> AuditRow {
    let who = match (r.actor_kind, r.actor_id) {
        (ActorKind::Staff, Some(id)) => names.get(&StaffId(id)).cloned().unwrap_or_default(),
        (ActorKind::System, _) => lang.t("系统", "the system").to_owned(),
        _ => lang.t("公众", "the public").to_owned(),
    };
    let word = lang_words(lang, &super::subject_words(r.subject_kind));
    let short = r.subject_id.map(|id| id.simple().to_string().split_off(24)).unwrap_or_default();
    AuditRow {
        seq: r.seq,
        at: civil::local_time(r.at),
        who,
        address: super::shown_address(r.actor_kind, &r.address),
        action: r.action,
        subject: format!("{word} {short}").trim_end().to_owned(),
        subject_href: r.subject_id.map(|id| format!("{PATH}?subject={id}").into()),
        detail: if r.detail == json!({}) { String::new() } else { r.detail.to_string() },
    }
}

fn kinds(lang: Lang) -> Vec<Choice> {
    let first = Choice::new("", lang.t("全部", "All"));
    let kinds = SubjectKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.as_str(), lang_words(lang, &super::subject_words(*kind))));
    [first].into_iter().chain(kinds).collect()
}

fn actors(names: &HashMap<StaffId, String>, lang: Lang) -> Vec<Choice> {
    let mut people: Vec<_> = names.iter().collect();
    people.sort_by(|a, b| a.1.cmp(b.1));
    let first = Choice::new("", lang.t("全部", "All"));
    [first]
        .into_iter()
        .chain(people.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)))
        .collect()
}
