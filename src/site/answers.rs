//! The answers to consultations as rows of a table: published with their numbers, or still to come by a day.

use web::component::SummaryRow;
use web::label::PublicationState;
use web::lang::Lang;
use web::path;

use crate::app::App;
use crate::calendar::civil;
use crate::decision::Window;
use crate::duty::{self, Standing};
use crate::opinion::tally;
use crate::problem::Problem;
use crate::summary::list::{Public, Punctual, find};

/// The rows of one decision's consultations; one that nothing obliges yet has none.
pub(super) async fn rows(app: &App, lang: Lang, windows: &[Window]) -> Result<Vec<SummaryRow>, Problem> {
    let closed: Vec<&Window> = windows.iter().filter(|w| w.closes_on < app.today()).collect();
    let ids: Vec<_> = closed.iter().map(|w| w.id).collect();
    let voices = tally::voices(app.db.read(), &ids).await?;
    let mut rows = Vec::new();
    for w in closed {
        let received = voices.get(&w.id).map_or(0, |v| v.received);
        rows.extend(row(app, lang, &find(app, &w.code).await?, received));
    }
    Ok(rows)
}

fn row(app: &App, lang: Lang, p: &Public, received: u64) -> Option<SummaryRow> {
    let standing = p.duty.as_ref().map(|t| duty::standing(&app.calendar(), t, app.today()));
    let (state, working_days) = match (p.punctual, standing) {
        (Punctual::NotDue, _) => return None,
        (Punctual::InTime, _) => (PublicationState::InTime, 0),
        (Punctual::Late, _) => (PublicationState::Late, 0),
        (_, Some(Standing::Overdue { days })) => (PublicationState::Overdue, days),
        (_, Some(Standing::DueSoon { left })) => (PublicationState::DueSoon, left),
        (_, Some(Standing::OnTime { left })) => (PublicationState::Waiting, left),
        _ => (PublicationState::Waiting, 0),
    };
    let figures = p.snapshot.as_ref().map(|s| &s.content.figures);
    let published = p.consultation.result_published_at.map(civil::local_date);
    let title = match p.snapshot.as_ref() {
        Some(s) => s.title.clone(),
        None => format!("{}{}", lang.t("待公布：", "to come: "), p.consultation.title),
    };
    Some(SummaryRow {
        title,
        href: format!("{}/{}", path::SUMMARIES, p.consultation.code).into(),
        received: figures.map_or(received, |f| f.received),
        adopted: figures.map(|f| f.outcomes.adopted),
        partly: figures.map(|f| f.outcomes.partly_adopted),
        not_adopted: figures.map(|f| f.outcomes.not_adopted),
        explained: figures.map(|f| f.outcomes.explained),
        state,
        day: published.or_else(|| p.duty.as_ref().map(|t| t.due_on)),
        working_days,
    })
}
