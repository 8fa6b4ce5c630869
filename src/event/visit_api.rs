//! The API of a visit itself: scans that a phone kept at the door, and what visitors say afterwards.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::feedback::{Feedback, Figures, figures, give_feedback};
use super::{Scan, state, store};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

pub struct VisitApi;

/// A scan as it was kept.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct ScanIn {
    /// Lookup code, the address in a QR code, or the number on the list.
    code: String,
    /// How many of the party are here; without it, all.
    people: Option<i32>,
    /// When it was made; without it, now.
    at: Option<DateTime<Utc>>,
}

/// What a scan led to, and how it stands at the door.
#[derive(Object)]
struct ScanOut {
    let_in: bool,
    /// Who came in, or why not: twice, another session, cancelled.
    words: String,
    words_en: String,
    /// Place in the order of arrival, of who was let in.
    #[oai(skip_serializing_if_is_none)]
    place: Option<i32>,
    present: i32,
    missing: i32,
}

/// What a visitor says afterwards: marks from 1 (very poor) to 5 (very good).
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct FeedbackIn {
    /// Whether what was shown was of use.
    content: i32,
    /// How it was organised.
    hosting: i32,
    /// Whether questions and opinions were answered.
    answers: i32,
    /// For the organisers only; at most 500 characters.
    #[oai(default)]
    words: String,
}

/// What visitors said, in figures.
#[derive(Object)]
struct FeedbackFigures {
    /// Parties that said something.
    parties: u64,
    /// Averages from 1 to 5; missing while nobody said anything.
    #[oai(skip_serializing_if_is_none)]
    content: Option<f64>,
    #[oai(skip_serializing_if_is_none)]
    hosting: Option<f64>,
    #[oai(skip_serializing_if_is_none)]
    answers: Option<f64>,
}

fn figures_out(f: Option<Figures>) -> FeedbackFigures {
    let mark = |n: usize| f.map(|f| f.marks[n]);
    FeedbackFigures {
        parties: f.map_or(0, |f| f.parties),
        content: mark(0),
        hosting: mark(1),
        answers: mark(2),
    }
}

#[OpenApi(tag = "Area::Event")]
impl VisitApi {
    /// 补传扫码 A scan that was kept while the network was gone
    ///
    /// 同一编号重复发送只算一次，以扫码时间为准。Sent again with its key it counts once, for the time it was made.
    #[oai(path = "/events/:code/sessions/:number/scans", method = "post", operation_id = "scanAtDoor")]
    async fn scan(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
        /// Must be there: 16 to 200 visible ASCII characters, for instance a UUID; one for each scan.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Json<ScanIn>,
    ) -> Result<Json<ScanOut>, Problem> {
        let input = Scan {
            event: code.0,
            session: number.0,
            typed: body.0.code,
            people: body.0.people,
            at: body.0.at,
            key: key.0.unwrap_or_default(),
        };
        let (o, tally) = super::scan(app, &token.0, &input).await?;
        Ok(Json(ScanOut {
            let_in: o.let_in,
            words: o.zh,
            words_en: o.en,
            place: o.number,
            present: tally.present,
            missing: tally.missing,
        }))
    }

    /// 评价活动 Say how it was
    ///
    /// 活动结束后，签到的参加者评价，可以修改。After the end, by whoever came; said again it replaces the first.
    #[oai(path = "/registrations/:code/feedback", method = "post", operation_id = "giveFeedback")]
    async fn feedback(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        body: Json<FeedbackIn>,
    ) -> Result<(), Problem> {
        let id = state::find(app, &visitor.actor.address, &code.0).await?;
        let marks = [body.0.content, body.0.hosting, body.0.answers];
        give_feedback(app, &visitor.actor, id, &Feedback { marks, words: body.0.words }).await
    }

    /// 活动评价统计 What visitors said, in figures
    ///
    /// 随活动情况公布。Published with the report.
    #[oai(path = "/events/:code/feedback", method = "get", operation_id = "getFeedback")]
    async fn figures(
        &self,
        Data(app): Data<&App>,
        code: Path<String>,
    ) -> Result<Json<FeedbackFigures>, Problem> {
        let event = store::by_code(app.db.read(), &code.0).await?;
        if event.report_published_at.is_none() {
            return Err(Problem::not_found());
        }
        Ok(Json(figures_out(figures(app, event.id).await?)))
    }
}
