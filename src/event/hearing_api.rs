//! The API of hearings, and of what was said at events.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::PersonKind;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::draw_types::HearingParticipant;
use super::hearing::{self, Delivery, Selection};
use super::store::{self, hearing as rows, registration};
use super::voice::{self, Voice};
use super::{list, record, state};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

pub struct HearingApi;

/// What is public of a hearing beside what every event tells.
#[derive(Object)]
pub struct HearingOut {
    /// How participants are selected (遴选办法); empty when whoever has a seat takes part.
    pub selection_rules: String,
    pub participants: Vec<HearingParticipant>,
    #[oai(skip_serializing_if_is_none)]
    pub participants_at: Option<DateTime<Utc>>,
    /// Last day for the materials, 7 calendar days before.
    #[oai(skip_serializing_if_is_none)]
    pub materials_due: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub delivered_on: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub record: Option<String>,
    /// Parties that took part.
    pub came: u64,
    /// Those of them that confirmed or signed the record.
    pub confirmed: u64,
}

/// How participants are found.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct SelectionIn {
    pub selects: bool,
    #[oai(default)]
    pub rules: String,
}

/// That the materials reached the participants.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct DeliveryIn {
    pub on: NaiveDate,
    pub how: String,
}

/// The record of a hearing.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct HearingRecordIn {
    pub record: String,
}

/// Who signed on paper.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct SignatureIn {
    /// Number of the session.
    pub session: i32,
    /// Place in the order of registration.
    pub place: i32,
}

/// What somebody said.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct VoiceIn {
    pub text: String,
    /// May be empty; masked where it is shown.
    #[oai(default)]
    pub name: String,
    pub person_kind: PersonKind,
    /// Without it, the day of the event.
    pub on: Option<NaiveDate>,
}

/// The receipt of what somebody said.
#[derive(Object)]
pub struct VoiceOut {
    /// Acceptance number (受理编号).
    pub number: String,
    /// Lookup code (查询码), to hand over.
    pub lookup_code: String,
}

async fn out(app: &App, code: &str) -> Result<Json<HearingOut>, Problem> {
    let db = app.db.read();
    let event = store::by_code(db, code).await?;
    if event.kind != entity::enums::EventKind::Hearing {
        return Err(Problem::not_found());
    }
    let sessions = store::sessions(db, event.id).await?;
    let row = rows::of(db, event.id).await?;
    let (came, confirmed) = registration::confirmations(db, event.id).await?;
    Ok(Json(HearingOut {
        participants: hearing::participants(&row)?.into_iter().map(HearingParticipant::from).collect(),
        participants_at: row.participants_at,
        materials_due: hearing::materials_due(&sessions),
        delivered_on: row.delivered_on,
        selection_rules: row.selection_rules,
        record: row.record,
        came,
        confirmed,
    }))
}

#[OpenApi(tag = "Area::Event")]
impl HearingApi {
    /// 听证会 What is public of a hearing
    #[oai(path = "/events/:code/hearing", method = "get", operation_id = "getHearing")]
    async fn show(&self, Data(app): Data<&App>, code: Path<String>) -> Result<Json<HearingOut>, Problem> {
        if store::by_code(app.db.read(), &code.0).await?.published_at.is_none() {
            return Err(Problem::not_found());
        }
        out(app, &code.0).await
    }

    /// 遴选办法 Say how participants are found
    #[oai(path = "/events/:code/hearing/selection", method = "put", operation_id = "setSelection")]
    async fn select(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SelectionIn>,
    ) -> Result<Json<HearingOut>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        let input = Selection { selects: body.0.selects, rules: body.0.rules };
        hearing::set_selection(app, &token.0, event.id, &input).await?;
        out(app, &code.0).await
    }

    /// 公布参加人名单 Publish the list of participants
    #[oai(path = "/events/:code/hearing/participants", method = "post", operation_id = "listParticipants")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<HearingOut>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        hearing::publish_participants(app, &token.0, event.id).await?;
        out(app, &code.0).await
    }

    /// 登记材料送达 Record that the materials were delivered
    #[oai(path = "/events/:code/hearing/materials", method = "post", operation_id = "deliverMaterials")]
    async fn deliver(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<DeliveryIn>,
    ) -> Result<Json<HearingOut>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        let input = Delivery { on: body.0.on, how: body.0.how };
        hearing::record_delivery(app, &token.0, event.id, &input).await?;
        out(app, &code.0).await
    }

    /// 公布听证会记录 Publish the record
    #[oai(path = "/events/:code/hearing/record", method = "post", operation_id = "recordHearing")]
    async fn record(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<HearingRecordIn>,
    ) -> Result<Json<HearingOut>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        record::publish_record(app, &token.0, event.id, &body.0.record).await?;
        out(app, &code.0).await
    }

    /// 登记签字 Note a signature under the record
    #[oai(path = "/events/:code/hearing/signatures", method = "post", operation_id = "noteSignature")]
    async fn sign(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<SignatureIn>,
    ) -> Result<Json<HearingOut>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        record::note_signature(app, &token.0, event.id, body.0.session, body.0.place).await?;
        out(app, &code.0).await
    }

    /// 录入会上意见 Enter what was said
    #[oai(path = "/events/:code/opinions", method = "post", operation_id = "enterVoice")]
    async fn voice(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<VoiceIn>,
    ) -> Result<Json<VoiceOut>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        let VoiceIn { text, name, person_kind, on } = body.0;
        let input = Voice { text, name, person_kind, on };
        let receipt = voice::voice(app, &token.0, event.id, &input).await?;
        Ok(Json(VoiceOut { number: receipt.number, lookup_code: receipt.code.grouped() }))
    }

    /// 确认听证会记录 Confirm the record of a hearing
    #[oai(path = "/registrations/:code/record", method = "post", operation_id = "confirmRecord")]
    async fn confirm(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<HearingOut>, Problem> {
        let id = state::find(app, &visitor.actor.address, &code.0).await?;
        record::confirm_record(app, &visitor.actor, id).await?;
        let event = state::load(app, id).await?.event;
        out(app, &event.code).await
    }
}
