//! The lane of floods in the queue.

use entity::id::FloodId;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::review::{FIELD_BACK, FloodCard, FloodNote, Lanes};

use super::words::Asked;
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::moderation::flood::{Flood, list, release as release_all, release_one as let_one_out};
use crate::moderation::store::Lane;
use crate::opinion::flood::reason;
use crate::problem::Problem;

#[handler]
pub async fn release(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = id.parse::<FloodId>().map_err(|_| Problem::not_found())?;
    release_all(app, &visitor.actor, id).await?;
    let back = Asked { lane: "floods".to_owned(), ..Asked::parse(form.get(FIELD_BACK)) };
    Ok(render::done(&back.on("/desk/review"), "left_flood"))
}

#[handler]
pub async fn release_one(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let_one_out(app, &visitor.actor, &number).await?;
    let asked = Asked::parse(form.get(FIELD_BACK));
    Ok(render::done(&asked.on(&format!("/desk/review/{number}")), "left_flood"))
}

/// The lanes, where there is more than one.
pub async fn lanes(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
    total: u64,
) -> Result<Option<Lanes>, Problem> {
    let all = list(app, &visitor.actor).await?;
    let lane = asked.lane();
    if all.is_empty() && lane == Lane::Usual {
        return Ok(None);
    }
    let to = |lane: &str| Asked { lane: lane.to_owned(), ..asked.clone() }.on("/desk/review");
    let card = |f: Flood| FloodCard {
        consultation: f.title,
        why: visitor.say(&reason(&f.found.flood)),
        began: civil::local_time(f.found.flood.began_at),
        ended: f.found.flood.ended_at.map(civil::local_time),
        released: f.found.flood.released_at.is_some(),
        received: u64::try_from(f.found.flood.received).unwrap_or(0),
        waiting: f.found.waiting,
        chosen: lane == Lane::Flood(f.found.flood.id),
        only: to(&f.found.flood.id.to_string()).into(),
        release: format!("/desk/floods/{}/release", f.found.flood.id).into(),
    };
    Ok(Some(Lanes {
        usual: to("").into(),
        floods: to("floods").into(),
        in_floods: all.iter().map(|f| f.found.waiting).sum(),
        is_usual: lane == Lane::Usual,
        shown: total,
        csrf: visitor.csrf().to_owned(),
        back: asked.query(),
        cards: if lane == Lane::Usual { Vec::new() } else { all.into_iter().map(card).collect() },
    }))
}

/// Why a case stands in the lane of floods.
pub fn note(visitor: &Visitor, asked: &Asked, flood: &entity::flood::Model, number: &str) -> FloodNote {
    FloodNote {
        why: visitor.say(&reason(flood)),
        only: Asked { lane: flood.id.to_string(), ..asked.clone() }.on("/desk/review").into(),
        release: format!("/desk/review/{number}/leave-flood").into(),
        csrf: visitor.csrf().to_owned(),
        back: asked.query(),
    }
}
