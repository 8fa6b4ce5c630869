//! The API of the audit record, for administrators.

#![expect(clippy::too_many_arguments, reason = "a list takes one parameter a filter")]

use chrono::{DateTime, Utc};
use entity::enums::{ActorKind, SubjectKind};
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::{Filter, Finding};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

const PAGE: u64 = 50;
const MAX_PAGE: u64 = 100;

pub struct Api;

/// Who did what.
#[derive(Object)]
struct AuditRecord {
    seq: i64,
    at: DateTime<Utc>,
    actor_kind: ActorKind,
    #[oai(skip_serializing_if_is_none)]
    actor: Option<Uuid>,
    /// Network address; half of it for residents.
    address: String,
    action: String,
    subject_kind: SubjectKind,
    #[oai(skip_serializing_if_is_none)]
    subject: Option<Uuid>,
    /// Codes and numbers, never what a person wrote.
    detail: serde_json::Value,
    request_id: String,
    /// SHA-256 over this record and the hash of the one before.
    hash: String,
}

/// A page of the record, newest first.
#[derive(Object)]
struct AuditPage {
    items: Vec<AuditRecord>,
    /// Give it as `before` for the next page.
    #[oai(skip_serializing_if_is_none)]
    next: Option<i64>,
}

/// Whether the chain is whole.
#[derive(Object)]
struct AuditCheck {
    whole: bool,
    /// How many records fit.
    #[oai(skip_serializing_if_is_none)]
    records: Option<i64>,
    /// The first record that does not fit.
    #[oai(skip_serializing_if_is_none)]
    broken_at: Option<i64>,
}

#[OpenApi(tag = "Area::Administration")]
impl Api {
    /// 操作日志 The audit record, newest first; reading it is recorded
    #[oai(path = "/audit", method = "get", operation_id = "listAudit")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        /// 操作代码或其前缀 An action such as `staff.add`, or the part before its dot.
        action: Query<Option<String>>,
        subject_kind: Query<Option<SubjectKind>>,
        subject: Query<Option<Uuid>>,
        actor: Query<Option<Uuid>>,
        before: Query<Option<i64>>,
        /// 每页条数 At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<AuditPage>, Problem> {
        let limit = limit.0.unwrap_or(PAGE).clamp(1, MAX_PAGE);
        let filter = Filter {
            action: action.0.filter(|text| !text.is_empty()),
            subject_kind: subject_kind.0,
            subject_id: subject.0,
            actor_id: actor.0,
            before: before.0,
            limit: limit + 1,
        };
        let mut rows = super::read(app, &token.0, &filter).await?;
        let more = rows.len() as u64 > limit;
        rows.truncate(limit as usize);
        let next = rows.last().map(|row| row.seq).filter(|_| more);
        Ok(Json(AuditPage { items: rows.into_iter().map(out).collect(), next }))
    }

    /// 校验操作日志 Checks that no record was changed, removed or put in between
    #[oai(path = "/audit/check", method = "post", operation_id = "checkAudit")]
    async fn check(&self, Data(app): Data<&App>, token: StaffToken) -> Result<Json<AuditCheck>, Problem> {
        Ok(Json(match super::check(app, &token.0).await? {
            Finding::Whole { records } => AuditCheck { whole: true, records: Some(records), broken_at: None },
            Finding::Broken { at } => AuditCheck { whole: false, records: None, broken_at: Some(at) },
        }))
    }
}

fn out(row: entity::audit::Model) -> AuditRecord {
    AuditRecord {
        seq: row.seq,
        at: row.at,
        actor_kind: row.actor_kind,
        actor: row.actor_id,
        address: super::shown_address(row.actor_kind, &row.address),
        action: row.action,
        subject_kind: row.subject_kind,
        subject: row.subject_id,
        detail: row.detail,
        request_id: row.request_id,
        hash: row.hash,
    }
}
