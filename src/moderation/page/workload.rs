//! The page of the moderators' work.

use entity::enums::{ReviewAction, Role};
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::desk::review::workload as view;
use web::desk::review::workload::{ShareRow, WorkloadView};
use web::layout::Nav;

use super::words;
use crate::app::App;
use crate::http::visitor::Visitor;
use crate::http::{desk, render};
use crate::moderation::workload::workload;

pub const PATH: &str = "/desk/workload";

/// Times to look back, days.
const CHOICES: [u32; 4] = [7, 30, 90, 366];

const KINDS: [ReviewAction; 5] = [
    ReviewAction::Publish,
    ReviewAction::PublishRedacted,
    ReviewAction::Withhold,
    ReviewAction::Return,
    ReviewAction::Reject,
];

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    days: String,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let days = asked.days.parse().ok().filter(|d| CHOICES.contains(d)).unwrap_or(30);
    let found = workload(app, &visitor.actor, days).await?;
    let row = |(name, share): &(String, crate::moderation::workload::Share)| ShareRow {
        name: name.clone(),
        total: share.total(),
        kinds: KINDS.iter().map(|k| share.decided.get(k).copied().unwrap_or(0)).collect(),
        taken_back: share.taken_back,
        confirmed: share.confirmed,
        overruled: share.overruled,
        seconds: share.seconds,
        set_aside: share.set_aside,
    };
    let reviews = visitor.actor.require_staff()?.has(Role::Moderator);
    let current = if reviews { "/desk/review" } else { PATH };
    let view = WorkloadView {
        side: desk::side(app, &visitor, current).await?,
        reviews,
        days,
        choices: CHOICES.to_vec(),
        since: found.since,
        kinds: KINDS.iter().map(|k| words::action(visitor.lang, *k)).collect(),
        finished: found.finished,
        in_time: found.in_time,
        overdue: found.overdue,
        agreement: found.agreement(),
        rows: found.shares.iter().map(row).collect(),
    };
    Ok(render::page(view::workload(&visitor.frame(app, Nav::None), &view)))
}
