//! The list of consultations: those open first, the one that closes next on top.

use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::Pager;
use web::consultation::{ConsultationFilter, ConsultationListView};
use web::layout::Nav;
use web::link::Href;
use web::path;

use crate::app::App;
use crate::consultation::{self, Filter, show as consultation_show};
use crate::http::pages::Pages;
use crate::http::render::page;
use crate::http::visitor::Visitor;
use crate::opinion::tally;

const LIST: u64 = 20;

pub fn add(pages: Pages) -> Pages {
    pages.shared(path::CONSULTATIONS, show_list)
}

#[derive(Deserialize)]
struct ListQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: Option<u64>,
}

#[handler]
async fn show_list(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(query): Query<ListQuery>,
) -> poem::Result<Response> {
    let (db, today) = (app.db.read(), app.today());
    let (filter, shown) = match query.state.as_str() {
        "open" => (Filter::Open, ConsultationFilter::Open),
        "closed" => (Filter::Closed, ConsultationFilter::Closed),
        "answered" => (Filter::Answered, ConsultationFilter::Answered),
        _ => (Filter::All, ConsultationFilter::All),
    };
    let number = query.page.unwrap_or(1).clamp(1, 10_000);
    let totals = consultation::totals(db, today).await?;
    let listed = consultation::list(db, filter, today, LIST, (number - 1) * LIST).await?;
    let ids: Vec<_> = listed.iter().map(|l| l.consultation.id).collect();
    let voices = tally::voices(db, &ids).await?;
    let items = listed.iter().map(|l| {
        let v = voices.get(&l.consultation.id).copied().unwrap_or_default();
        consultation_show::card(l, v.received, v.people, app.now())
    });
    let counts =
        [totals.all, totals.open, totals.closed, totals.answered].map(|n| u64::try_from(n).unwrap_or(0));
    let total = match shown {
        ConsultationFilter::All => counts[0],
        ConsultationFilter::Open => counts[1],
        ConsultationFilter::Closed => counts[2],
        ConsultationFilter::Answered => counts[3],
    };
    let to = |n: u64| {
        let state = if filter == Filter::All { String::new() } else { format!("state={}&", query.state) };
        Href::new(format!("{}?{state}page={n}", path::CONSULTATIONS))
    };
    let view = ConsultationListView {
        filter: shown,
        counts,
        items: items.collect(),
        pager: Pager {
            previous: (number > 1).then(|| to(number - 1)),
            next: (number * LIST < total).then(|| to(number + 1)),
            note: String::new(),
        },
    };
    Ok(page(web::consultation::consultation_list(&visitor.frame(app, Nav::Consultations), &view)))
}
