//! The API of decisions: what the public reads, and what their departments do.

use chrono::{DateTime, NaiveDate, Utc};
use entity::decision::Model;
use entity::enums::{DecisionKind, DocumentKind, DutyKind, DutyState, StepKind};
use entity::id::{DecisionId, DepartmentId, DocumentId, DutyId, StaffId, StepId};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};

use super::{
    Edit, Filter, NewDecision, NotDisclosed, Promulgation, Record, Skip, Status, Withdrawal, by_code, count,
    create, documents, edit, list, mark_not_disclosed, may_read_desk, may_see, promulgate, record_step,
    skip_step, statuses, steps, take_back, withdraw,
};
use crate::app::App;
use crate::department;
use crate::duty;
use crate::http::api::{Area, StaffToken};
use crate::http::visitor::Visitor;
use crate::problem::{Code, Problem};
use crate::text;

pub struct Api;

/// Page size: 20 by default, 100 at most.
pub(crate) fn limit(asked: Option<u32>) -> Result<u64, Problem> {
    match asked.unwrap_or(20) {
        n @ 1..=100 => Ok(n.into()),
        _ => Err(Problem::invalid("limit", "应为 1 至 100", "Between 1 and 100")),
    }
}

/// A decision in a list.
#[derive(Object)]
struct DecisionOut {
    id: DecisionId,
    code: String,
    year: i32,
    title: String,
    kind: DecisionKind,
    department_id: DepartmentId,
    department: String,
    status: Status,
    #[oai(skip_serializing_if_is_none)]
    doc_number: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    promulgated_on: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    published_at: Option<DateTime<Utc>>,
}

/// A page of decisions, the newest code first.
#[derive(Object)]
struct DecisionPage {
    items: Vec<DecisionOut>,
    total: u64,
}

/// A step that happened, or that was recorded as not applicable.
#[derive(Object)]
struct DecisionStepOut {
    id: StepId,
    kind: StepKind,
    #[oai(skip_serializing_if_is_none)]
    happened_on: Option<NaiveDate>,
    note: String,
    /// 不适用的理由 Why the step does not apply
    #[oai(skip_serializing_if_is_none)]
    skipped_reason: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    document_id: Option<DocumentId>,
}

/// A document of the dossier.
#[derive(Object)]
struct DecisionDocumentOut {
    id: DocumentId,
    kind: DocumentKind,
    title: String,
}

/// A time limit of the decision.
#[derive(Object)]
struct DecisionDutyOut {
    id: DutyId,
    kind: DutyKind,
    start_on: NaiveDate,
    due_on: NaiveDate,
    /// Working days of the period.
    #[oai(skip_serializing_if_is_none)]
    working_days: Option<i32>,
    provisional: bool,
    state: DutyState,
    #[oai(skip_serializing_if_is_none)]
    completed_on: Option<NaiveDate>,
}

/// A decision with its dossier.
#[derive(Object)]
struct DecisionDossier {
    #[oai(flatten)]
    decision: DecisionOut,
    summary: String,
    basis: String,
    #[oai(skip_serializing_if_is_none)]
    not_disclosed_basis: Option<String>,
    steps: Vec<DecisionStepOut>,
    documents: Vec<DecisionDocumentOut>,
    duties: Vec<DecisionDutyOut>,
    /// For If-Match.
    revision: i32,
}

/// A decision about to begin.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct DecisionNew {
    title: String,
    kind: DecisionKind,
    year: i32,
    department_id: DepartmentId,
    owner_id: Option<StaffId>,
    /// Plain words for residents.
    #[oai(default)]
    summary: String,
    #[oai(default)]
    basis: String,
}

/// Fields of the dossier to change; what is left out stays.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct DecisionPatch {
    title: Option<String>,
    kind: Option<DecisionKind>,
    department_id: Option<DepartmentId>,
    owner_id: MaybeUndefined<StaffId>,
    summary: Option<String>,
    basis: Option<String>,
}

/// A step to record.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct DecisionStepNew {
    kind: StepKind,
    happened_on: NaiveDate,
    #[oai(default)]
    note: String,
    document_id: Option<DocumentId>,
}

/// A step that does not apply, and why; the reason is published.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct DecisionSkipNew {
    kind: StepKind,
    reason: String,
}

/// How and when the decision was issued.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct DecisionPromulgation {
    /// 发文字号, such as 沪体规〔2020〕1号
    doc_number: String,
    promulgated_on: NaiveDate,
    final_document_id: Option<DocumentId>,
    #[oai(default)]
    note: String,
}

/// Why the procedure is stopped; the reason is published.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct DecisionWithdrawal {
    reason: String,
}

/// The legal basis for not disclosing the matter; empty takes the record back.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct DecisionNotDisclosed {
    basis: String,
}

/// The id of what was recorded.
#[derive(Object)]
struct DecisionStepId {
    id: StepId,
}

async fn page_of(app: &App, filter: &Filter) -> Result<DecisionPage, Problem> {
    let db = app.db.read();
    let rows = list(db, filter, app.today()).await?;
    let total = count(db, filter, app.today()).await?;
    let ids: Vec<_> = rows.iter().map(|d| d.id).collect();
    let statuses = statuses(app, db, &ids).await?;
    let names = department::names(db).await?;
    let items = rows
        .into_iter()
        .map(|d| {
            let status = statuses.get(&d.id).copied().unwrap_or(Status::Preparing);
            let department = names.get(&d.department_id).cloned().unwrap_or_default();
            out(d, status, department)
        })
        .collect();
    Ok(DecisionPage { items, total })
}

fn out(d: Model, status: Status, department: String) -> DecisionOut {
    DecisionOut {
        id: d.id,
        code: d.code,
        year: d.year,
        title: d.title,
        kind: d.kind,
        department_id: d.department_id,
        department,
        status,
        doc_number: d.doc_number,
        promulgated_on: d.promulgated_on,
        published_at: d.published_at,
    }
}

/// The dossier; the public sees published documents only.
async fn dossier(app: &App, d: Model, published_only: bool) -> Result<DecisionDossier, Problem> {
    let db = app.db.read();
    let status = statuses(app, db, &[d.id]).await?.get(&d.id).copied().unwrap_or(Status::Preparing);
    let department = department::find(db, d.department_id).await?.name;
    let steps = steps(db, d.id).await?.into_iter().map(|s| DecisionStepOut {
        id: s.id,
        kind: s.kind,
        happened_on: s.happened_on,
        note: s.note,
        skipped_reason: s.skipped_reason,
        document_id: s.document_id,
    });
    let documents = documents(db, d.id, published_only).await?;
    let documents = documents.into_iter().map(|(id, kind, title)| DecisionDocumentOut { id, kind, title });
    let duties = duty::of_subject(db, d.id.0).await?.into_iter().map(|t| DecisionDutyOut {
        id: t.id,
        kind: t.kind,
        start_on: t.start_on,
        due_on: t.due_on,
        working_days: t.days,
        provisional: t.provisional,
        state: t.state,
        completed_on: t.completed_on,
    });
    Ok(DecisionDossier {
        summary: d.summary.clone(),
        basis: d.basis.clone(),
        not_disclosed_basis: d.not_disclosed_basis.clone(),
        steps: steps.collect(),
        documents: documents.collect(),
        duties: duties.collect(),
        revision: d.revision,
        decision: out(d, status, department),
    })
}

async fn filter(
    app: &App,
    department: Option<String>,
    year: Option<i32>,
    status: Option<Status>,
) -> Result<Filter, Problem> {
    let departments = match department {
        Some(key) => Some(vec![department::by_key(app.db.read(), &key).await?.id]),
        None => None,
    };
    Ok(Filter { departments, year, status, ..Filter::default() })
}

/// `"3"` or `3` of an If-Match header.
fn revision(if_match: &str) -> Result<i32, Problem> {
    if_match.trim().trim_matches('"').parse().map_err(|_| Problem::new(Code::Stale))
}

async fn reread(app: &App, code: &str) -> Result<Json<DecisionDossier>, Problem> {
    let row = by_code(app.db.read(), code).await?;
    Ok(Json(dossier(app, row, false).await?))
}

#[OpenApi(tag = "Area::Decision")]
impl Api {
    /// 决策事项列表 Published decisions
    #[oai(path = "/decisions", method = "get", operation_id = "listDecisions")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        /// 承办单位代号 Key of the undertaking department
        Query(department): Query<Option<String>>,
        Query(year): Query<Option<i32>>,
        Query(status): Query<Option<Status>>,
        Query(limit): Query<Option<u32>>,
        Query(offset): Query<Option<u32>>,
    ) -> Result<Json<DecisionPage>, Problem> {
        let filter = Filter {
            published_only: true,
            limit: self::limit(limit)?,
            offset: offset.unwrap_or(0).into(),
            ..filter(app, department, year, status).await?
        };
        Ok(Json(page_of(app, &filter).await?))
    }

    /// 决策事项档案 One decision with its steps, documents and time limits
    #[oai(path = "/decisions/:code", method = "get", operation_id = "getDecision")]
    async fn get(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        Path(code): Path<String>,
    ) -> Result<Json<DecisionDossier>, Problem> {
        let row = by_code(app.db.read(), &code).await?;
        if !may_see(&visitor.actor, &row) {
            return Err(Problem::not_found());
        }
        Ok(Json(dossier(app, row, true).await?))
    }

    /// 本单位决策事项 Decisions of the own departments, unpublished ones too
    #[oai(path = "/desk/decisions", method = "get", operation_id = "listOwnDecisions")]
    async fn list_own(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Query(year): Query<Option<i32>>,
        Query(status): Query<Option<Status>>,
        Query(limit): Query<Option<u32>>,
        Query(offset): Query<Option<u32>>,
    ) -> Result<Json<DecisionPage>, Problem> {
        let filter = Filter {
            departments: super::own_departments(&token.0)?,
            limit: self::limit(limit)?,
            offset: offset.unwrap_or(0).into(),
            ..filter(app, None, year, status).await?
        };
        Ok(Json(page_of(app, &filter).await?))
    }

    /// 本单位决策事项档案 One decision as its department sees it
    #[oai(path = "/desk/decisions/:code", method = "get", operation_id = "getOwnDecision")]
    async fn get_own(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(code): Path<String>,
    ) -> Result<Json<DecisionDossier>, Problem> {
        let row = by_code(app.db.read(), &code).await?;
        may_read_desk(&token.0, &row)?;
        Ok(Json(dossier(app, row, false).await?))
    }

    /// 新建决策事项 Begin a decision
    #[oai(path = "/decisions", method = "post", operation_id = "createDecision")]
    async fn create(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Json(new): Json<DecisionNew>,
    ) -> Result<Json<DecisionDossier>, Problem> {
        let new = NewDecision {
            title: text::tidy(&new.title),
            kind: new.kind,
            year: new.year,
            department_id: new.department_id,
            owner_id: new.owner_id,
            summary: text::tidy(&new.summary),
            basis: text::tidy(&new.basis),
        };
        let row = create(app, &token.0, &new).await?;
        Ok(Json(dossier(app, row, false).await?))
    }

    /// 修改决策档案 Change the dossier; If-Match carries the revision it was read with
    #[oai(path = "/decisions/:code", method = "patch", operation_id = "changeDecision")]
    async fn change(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(code): Path<String>,
        /// 读取时的修订号 The revision that was read
        #[oai(name = "If-Match")]
        Header(if_match): Header<String>,
        Json(patch): Json<DecisionPatch>,
    ) -> Result<Json<DecisionDossier>, Problem> {
        let now = by_code(app.db.read(), &code).await?;
        let change = patched(patch, now, revision(&if_match)?);
        edit(app, &token.0, &code, &change).await?;
        reread(app, &code).await
    }

    /// 登记环节 Record a step
    #[oai(path = "/decisions/:code/steps", method = "post", operation_id = "recordDecisionStep")]
    async fn record(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(code): Path<String>,
        Json(new): Json<DecisionStepNew>,
    ) -> Result<Json<DecisionStepId>, Problem> {
        let record = Record {
            kind: new.kind,
            happened_on: new.happened_on,
            note: text::tidy(&new.note),
            document_id: new.document_id,
        };
        Ok(Json(DecisionStepId { id: record_step(app, &token.0, &code, &record).await? }))
    }

    /// 登记环节不适用 Record a step as not applicable
    #[oai(path = "/decisions/:code/skips", method = "post", operation_id = "skipDecisionStep")]
    async fn skip(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(code): Path<String>,
        Json(new): Json<DecisionSkipNew>,
    ) -> Result<Json<DecisionStepId>, Problem> {
        let skip = Skip { kind: new.kind, reason: text::tidy(&new.reason) };
        Ok(Json(DecisionStepId { id: skip_step(app, &token.0, &code, &skip).await? }))
    }

    /// 撤销环节登记 Take a recorded step back
    #[oai(path = "/decisions/:code/steps/:id", method = "delete", operation_id = "takeBackDecisionStep")]
    async fn take_back(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(code): Path<String>,
        Path(id): Path<StepId>,
    ) -> Result<Json<DecisionDossier>, Problem> {
        take_back(app, &token.0, &code, id).await?;
        reread(app, &code).await
    }

    /// 决策出台 Issue the decision; the adoption summary is due from that day
    #[oai(path = "/decisions/:code/promulgation", method = "post", operation_id = "promulgateDecision")]
    async fn promulgate(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(code): Path<String>,
        Json(input): Json<DecisionPromulgation>,
    ) -> Result<Json<DecisionDossier>, Problem> {
        let input = Promulgation {
            doc_number: text::tidy(&input.doc_number),
            promulgated_on: input.promulgated_on,
            final_document_id: input.final_document_id,
            note: text::tidy(&input.note),
        };
        promulgate(app, &token.0, &code, &input).await?;
        reread(app, &code).await
    }

    /// 终止决策程序 Stop the procedure
    #[oai(path = "/decisions/:code/withdrawal", method = "post", operation_id = "withdrawDecision")]
    async fn withdraw(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(code): Path<String>,
        Json(input): Json<DecisionWithdrawal>,
    ) -> Result<Json<DecisionDossier>, Problem> {
        withdraw(app, &token.0, &code, &Withdrawal { reason: text::tidy(&input.reason) }).await?;
        reread(app, &code).await
    }

    /// 登记依法不予公开 Record that the matter is not to be disclosed by law
    #[oai(
        path = "/decisions/:code/non-disclosure",
        method = "put",
        operation_id = "markDecisionNotDisclosed"
    )]
    async fn not_disclosed(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(code): Path<String>,
        Json(input): Json<DecisionNotDisclosed>,
    ) -> Result<Json<DecisionDossier>, Problem> {
        mark_not_disclosed(app, &token.0, &code, &NotDisclosed { basis: text::tidy(&input.basis) }).await?;
        reread(app, &code).await
    }
}

/// The dossier with the patch laid over it.
fn patched(patch: DecisionPatch, now: Model, revision: i32) -> Edit {
    let tidied = |text: Option<String>, old: String| text.map_or(old, |t| text::tidy(&t));
    Edit {
        revision,
        title: tidied(patch.title, now.title),
        kind: patch.kind.unwrap_or(now.kind),
        department_id: patch.department_id.unwrap_or(now.department_id),
        owner_id: match patch.owner_id {
            MaybeUndefined::Undefined => now.owner_id,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(id) => Some(id),
        },
        summary: tidied(patch.summary, now.summary),
        basis: tidied(patch.basis, now.basis),
    }
}
