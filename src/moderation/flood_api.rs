//! The API of floods, for moderators; and how what is nearly the same is told.

use chrono::{DateTime, Utc};
use entity::enums::{FloodKind, OpinionState};
use entity::id::FloodId;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::flood::{Flood, list, release, release_one};
use super::store::Lane;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::opinion::flood::reason;
use crate::opinion::near::Member;
use crate::problem::Problem;

pub struct Api;

/// Lanes of the queue.
#[derive(poem_openapi::Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
pub enum ReviewLane {
    /// What came in no flood.
    Usual,
    Floods,
}

impl From<ReviewLane> for Lane {
    fn from(lane: ReviewLane) -> Self {
        match lane {
            ReviewLane::Usual => Self::Usual,
            ReviewLane::Floods => Self::Floods,
        }
    }
}

/// A time in which far more opinions than usual came (集中涌入). It says nothing against any of them.
#[derive(Object)]
struct ReviewFlood {
    id: FloodId,
    /// Code of the consultation.
    consultation: String,
    kind: FloodKind,
    reason: String,
    reason_en: String,
    began_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    ended_at: Option<DateTime<Utc>>,
    /// Let back into the usual queue as a whole.
    #[oai(skip_serializing_if_is_none)]
    released_at: Option<DateTime<Utc>>,
    /// How many came with it.
    received: u32,
    /// How many of them wait in its lane.
    waiting: u64,
}

/// An opinion with nearly the same text.
#[derive(Object)]
pub struct ReviewNear {
    number: String,
    state: OpinionState,
    /// How alike both are, in percent.
    alike: u32,
}

impl ReviewNear {
    pub fn of(m: &Member) -> Self {
        let alike = u32::try_from(m.alike).unwrap_or(0);
        Self { number: m.opinion.number.clone(), state: m.opinion.state, alike }
    }
}

/// What was let back into the usual queue.
#[derive(Object)]
struct ReviewFloodReleased {
    opinions: u64,
}

#[OpenApi(tag = "Area::Review")]
impl Api {
    /// 集中涌入 Floods that go on or of which something waits
    #[oai(path = "/review-floods", method = "get", operation_id = "listFloods")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
    ) -> Result<Json<Vec<ReviewFlood>>, Problem> {
        Ok(Json(list(app, &token.0).await?.into_iter().map(out).collect()))
    }

    /// 整体移回普通队列 Let all of a flood back into the usual queue
    #[oai(path = "/review-floods/:id/release", method = "post", operation_id = "releaseFlood")]
    async fn release(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<FloodId>,
    ) -> Result<Json<ReviewFloodReleased>, Problem> {
        Ok(Json(ReviewFloodReleased { opinions: release(app, &token.0, id.0).await? }))
    }

    /// 将一条意见移回普通队列 Let one opinion back into the usual queue
    #[oai(path = "/review/:number/leave-flood", method = "post", operation_id = "leaveFlood")]
    async fn release_one(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        number: Path<String>,
    ) -> Result<Json<ReviewFloodReleased>, Problem> {
        release_one(app, &token.0, &number.0).await?;
        Ok(Json(ReviewFloodReleased { opinions: 1 }))
    }
}

fn out(f: Flood) -> ReviewFlood {
    let (why, flood) = (reason(&f.found.flood), f.found.flood);
    ReviewFlood {
        id: flood.id,
        consultation: f.code,
        kind: flood.kind,
        reason: why.zh.into_owned(),
        reason_en: why.en.into_owned(),
        began_at: flood.began_at,
        ended_at: flood.ended_at,
        released_at: flood.released_at,
        received: u32::try_from(flood.received).unwrap_or(0),
        waiting: f.found.waiting,
    }
}
