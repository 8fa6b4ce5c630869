//! The API of the moderators' work.

use chrono::NaiveDate;
use entity::enums::ReviewAction;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::workload::{Share, workload};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct Api;

/// Decisions of one kind.
#[derive(Object)]
struct DecidedOut {
    action: ReviewAction,
    n: u64,
}

/// One moderator's share.
#[derive(Object)]
struct ShareOut {
    name: String,
    total: u64,
    decided: Vec<DecidedOut>,
    /// Own rejections that a second moderator confirmed.
    confirmed: u64,
    overruled: u64,
    taken_back: u64,
    /// Second looks at others' rejections.
    seconds: u64,
    /// Reviews that an appeal set aside.
    set_aside: u64,
}

/// What the moderators did.
#[derive(Object)]
struct WorkloadOut {
    /// First day that is counted, in the bureau's time.
    since: NaiveDate,
    /// Reviews finished in the time.
    finished: u64,
    in_time: u64,
    /// Reviews past their day now.
    overdue: u64,
    /// Of a hundred proposed rejections, how many a second moderator confirmed.
    #[oai(skip_serializing_if_is_none)]
    agreement_percent: Option<u64>,
    moderators: Vec<ShareOut>,
}

#[OpenApi(tag = "Area::Review")]
impl Api {
    /// 审核工作量 The moderators' work, for moderators and supervisors
    #[oai(path = "/review-workload", method = "get", operation_id = "getReviewWorkload")]
    async fn workload(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        /// Days to look back, today included; 30 by default, 366 at most.
        days: Query<Option<u32>>,
    ) -> Result<Json<WorkloadOut>, Problem> {
        let found = workload(app, &token.0, days.0.unwrap_or(30)).await?;
        Ok(Json(WorkloadOut {
            since: found.since,
            finished: found.finished,
            in_time: found.in_time,
            overdue: found.overdue,
            agreement_percent: found.agreement(),
            moderators: found.shares.iter().map(|(name, share)| share_out(name, share)).collect(),
        }))
    }
}

fn share_out(name: &str, share: &Share) -> ShareOut {
    ShareOut {
        name: name.to_owned(),
        total: share.total(),
        decided: share.decided.iter().map(|(action, n)| DecidedOut { action: *action, n: *n }).collect(),
        confirmed: share.confirmed,
        overruled: share.overruled,
        taken_back: share.taken_back,
        seconds: share.seconds,
        set_aside: share.set_aside,
    }
}
