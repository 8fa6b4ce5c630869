//! What everybody reads: the list, one message, the figures.

use entity::enums::MessageKind;
use entity::message::Model;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::Pager;
use web::form::{Choice, FormState};
use web::layout::Nav;
use web::link::Href;
use web::message::{
    BoardView, FIELD_DEPARTMENT, FIELD_KIND, FIELD_PAGE, FigureRow, FiguresView, MessageCard, MessageView,
};
use web::path;

use crate::app::App;
use crate::calendar::civil;
use crate::http::visitor::Visitor;
use crate::http::{lang_words, render};
use crate::message::figures::{Counts, figures as count};
use crate::message::list::{self, Published};
use crate::message::place;
use crate::message::store::Filter;
use crate::message::words::{kind_words, satisfaction_words};
use crate::opinion::page_words::spans;
use crate::{department, publication};
use entity::enums::SubjectKind;

const PAGE: u64 = 20;
/// Characters of the question and of the answer in the list.
const WORDS: usize = 90;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    kind: String,
    department: String,
    after: String,
    page: String,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let lang = visitor.lang;
    let departments = department::all(app.db.read()).await?;
    let chosen = departments.iter().find(|d| d.key == asked.department);
    let kind = MessageKind::parse(&asked.kind);
    let path = place::path_of(app, &asked.page);
    let page = match path.filter(|_| !asked.page.is_empty()) {
        Some(path) => place::at(app, &path).await?,
        None => None,
    };
    let filter = Filter {
        page: page.as_ref().map(|p| p.id),
        kind,
        department: chosen.map(|d| d.id),
        after: Some(asked.after.clone()).filter(|a| !a.is_empty()),
    };
    let found = list::published(app, &filter, PAGE).await?;
    let f = count(app).await?;
    let all = || Choice::new("", lang.t("全部", "All"));
    let view = BoardView {
        items: found.items.iter().map(|m| card(&visitor, m, &found)).collect(),
        chosen: FormState::default()
            .with(FIELD_KIND, kind.map_or("", MessageKind::as_str))
            .with(FIELD_DEPARTMENT, chosen.map_or("", |d| d.key.as_str())),
        kinds: std::iter::once(all()).chain(super::kinds(lang)).collect(),
        departments: std::iter::once(all())
            .chain(departments.iter().map(|d| Choice::new(&d.key, &d.short_name)))
            .collect(),
        of_page: page.as_ref().map(|p| (p.title.clone(), Href::new(p.path.clone()))),
        filtered: kind.is_some() || chosen.is_some() || filter.after.is_some(),
        pager: pager(
            [
                (FIELD_KIND, kind.map_or("", MessageKind::as_str)),
                (FIELD_DEPARTMENT, chosen.map_or("", |d| d.key.as_str())),
                (FIELD_PAGE, page.as_ref().map_or("", |p| p.path.as_str())),
            ],
            &filter,
            found.next.as_deref(),
        ),
        received: f.all.received(),
        answered: f.all.answered,
        in_time: f.all.in_time,
    };
    Ok(render::page(web::message::board(&visitor.frame(app, Nav::Messages), &view)))
}

fn pager(pairs: [(&str, &str); 3], filter: &Filter, next: Option<&str>) -> Pager {
    let to = |after: &str| {
        let mut pairs: Vec<(&str, &str)> = pairs.into_iter().filter(|(_, v)| !v.is_empty()).collect();
        if !after.is_empty() {
            pairs.push(("after", after));
        }
        if pairs.is_empty() {
            Href::from(path::MESSAGES)
        } else {
            web::link::with_pairs(path::MESSAGES, &pairs)
        }
    };
    Pager { previous: filter.after.is_some().then(|| to("")), next: next.map(to), note: String::new() }
}

pub fn card(visitor: &Visitor, m: &Model, found: &Published) -> MessageCard {
    let department = m.department_id.and_then(|id| found.names.get(&id).cloned());
    MessageCard {
        title: m.public_title.clone().unwrap_or_default(),
        href: format!("{}/{}", path::MESSAGES, m.number).into(),
        kind: lang_words(visitor.lang, &kind_words(m.kind)),
        name: m.public_name.clone().unwrap_or_default(),
        text: beginning(m.public_text.as_deref().unwrap_or_default()),
        answer: beginning(m.public_answer.as_deref().unwrap_or_default()),
        accepted: m.decided_at.map(civil::local_date),
        answered: m.answered_at.map(civil::local_date),
        department: department.unwrap_or_default(),
        page: m.page_id.and_then(|id| found.places.get(&id)).map(|p| p.title.clone()),
    }
}

/// The first words, in one line.
pub fn beginning(text: &str) -> String {
    let line = text.replace('\n', " ");
    match line.char_indices().nth(WORDS) {
        Some((at, _)) => format!("{}……", &line[..at]),
        None => line,
    }
}

#[handler]
pub async fn one(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> poem::Result<Response> {
    let list::Shown { message: m, department, place } = list::public(app, &number).await?;
    let latest = publication::latest(app.db.read(), SubjectKind::Message, m.id.0).await?;
    let view = MessageView {
        title: m.public_title.unwrap_or_default(),
        kind: lang_words(visitor.lang, &kind_words(m.kind)),
        name: m.public_name.unwrap_or_default(),
        text: spans(m.public_text.as_deref().unwrap_or_default()),
        answer: m.public_answer.unwrap_or_default(),
        received: civil::local_date(m.received_at),
        accepted: m.decided_at.map(civil::local_date),
        answered: m.answered_at.map(civil::local_date),
        department,
        satisfaction: m.satisfaction.map(|s| lang_words(visitor.lang, &satisfaction_words(s))),
        page: place.map(|p| (p.title, p.path.into())),
        number: m.number,
    };
    let frame = visitor.article(app, Nav::Messages, latest.as_ref());
    Ok(render::page(web::message::one(&frame, &view)))
}

#[handler]
pub async fn figures(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let f = count(app).await?;
    let lang = visitor.lang;
    let row = |label: String, c: Counts| FigureRow {
        label,
        answered: c.answered,
        in_time: c.in_time,
        rejected: c.rejected,
        waiting: c.waiting,
    };
    let view = FiguresView {
        all: row(String::new(), f.all),
        kinds: f.kinds.into_iter().map(|(k, c)| row(lang_words(lang, &kind_words(k)), c)).collect(),
        months: f.months.into_iter().map(|(m, c)| row(month(&visitor, &m), c)).collect(),
        published: f.published,
        overdue: f.overdue,
        satisfaction: f
            .satisfaction
            .into_iter()
            .map(|(s, n)| (lang_words(lang, &satisfaction_words(s)), n))
            .collect(),
    };
    Ok(render::page(web::message::figures(&visitor.frame(app, Nav::Messages), &view)))
}

/// 2026年3月 for `2026-03`.
fn month(visitor: &Visitor, month: &str) -> String {
    match month.split_once('-') {
        Some((year, m)) if visitor.lang == web::lang::Lang::Zh => {
            format!("{year}年{}月", m.trim_start_matches('0'))
        }
        _ => month.to_owned(),
    }
}
