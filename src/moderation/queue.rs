//! The moderator's queue: what waits, oldest first, with what helps to decide.

use entity::enums::{Role, SubjectKind};
use entity::id::StaffId;
use entity::opinion::Model;
use entity::{duty, flood};

use super::advice::{self, Finding};
use super::store::{self, Filter, Place};
use super::{claim, lexicon};
use crate::actor::Actor;
use crate::app::App;
use crate::attachment;
use crate::duty::{Standing, standing};
use crate::opinion;
use crate::problem::Problem;

/// A row of the queue.
#[derive(Debug)]
pub struct Waiting {
    pub opinion: Model,
    /// The words that count now.
    pub text: String,
    pub consultation: String,
    pub consultation_title: String,
    pub clause: Option<String>,
    pub duty: Option<(duty::Model, Standing)>,
    pub findings: Vec<Finding>,
    /// How many that wait say the same, this one included.
    pub equal: u64,
    /// How many opinions have nearly the same text, whatever became of them, this one included; 0 for none but itself.
    pub near: u64,
    /// This moderator took it down.
    pub own: bool,
    /// How many attachments it has.
    pub attachments: usize,
    /// Who works on it for the moment.
    pub claimed_by: Option<StaffId>,
    /// The flood it came in.
    pub flood: Option<flood::Model>,
}

#[derive(Debug)]
pub struct Queue {
    pub items: Vec<Waiting>,
    pub next: Option<Place>,
    /// All that wait under the filter.
    pub total: u64,
}

/// A page of the queue.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn queue(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    after: Option<Place>,
    limit: u64,
) -> Result<Queue, Problem> {
    let staff = actor.require(Role::Moderator)?;
    let db = app.db.read();
    let mut rows = store::page(db, filter, after, limit + 1).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = if more { rows.last().map(Place::of) } else { None };
    let ids: Vec<_> = rows.iter().map(|o| o.id).collect();
    let mut duties = store::duties(db, &ids).await?;
    let mut revised = opinion::revised_texts(db, &ids).await?;
    let equal = store::equal_counts(db, &rows).await?;
    let names = store::consultations(db, rows.iter().map(|o| o.consultation_id)).await?;
    let labels = opinion::labels(db, rows.iter().filter_map(|o| o.clause_id)).await?;
    let subjects: Vec<_> = ids.iter().map(|id| id.0).collect();
    let files = attachment::of_many(db, SubjectKind::Opinion, &subjects).await?;
    let near = opinion::near::sizes(app, &ids).await?;
    let floods = opinion::flood::waiting_in(db, &rows).await?;
    let mut holders = claim::holders(app, &ids).await?;
    let (calendar, today) = (app.calendar(), app.today());
    let lexicon = lexicon::current(app).await?;
    let items = rows.into_iter().map(|o| {
        let text = revised.remove(&o.id).unwrap_or_else(|| o.text.clone());
        let (consultation, consultation_title) = names.get(&o.consultation_id).cloned().unwrap_or_default();
        Waiting {
            findings: advice::find(&text, &lexicon),
            equal: equal.get(&(o.consultation_id, o.text_hash.clone())).copied().unwrap_or(0),
            near: near.get(&o.id).copied().unwrap_or(0),
            clause: o.clause_id.and_then(|c| labels.get(&c).cloned()),
            duty: duties.remove(&o.id.0).map(|d| {
                let standing = standing(&calendar, &d, today);
                (d, standing)
            }),
            own: o.received_by == Some(staff.id),
            claimed_by: holders.remove(&o.id),
            flood: o.flood_id.and_then(|id| floods.get(&id).cloned()),
            attachments: files.get(&o.id.0).map_or(0, Vec::len),
            text,
            consultation,
            consultation_title,
            opinion: o,
        }
    });
    Ok(Queue { items: items.collect(), next, total: store::count_waiting(db, filter).await? })
}

/// The number of the opinion to review after one: the next in the queue, or else its first.
///
/// # Errors
/// The database's own.
pub async fn next(app: &App, filter: &Filter, after: &Model) -> Result<Option<String>, Problem> {
    let db = app.db.read();
    for place in [Some(Place::of(after)), None] {
        let row = store::page(db, filter, place, 1).await?.into_iter().find(|o| o.id != after.id);
        if let Some(o) = row {
            return Ok(Some(o.number));
        }
    }
    Ok(None)
}

/// Consultations with something that waits: code, title, how much.
///
/// # Errors
/// The database's own.
pub async fn consultations(app: &App) -> Result<Vec<(String, String, u64)>, Problem> {
    store::waiting_consultations(app.db.read()).await
}
