//! What a stage says, and to whom.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::duty::Model;
use entity::enums::{DutyKind, Role, SubjectKind};
use entity::id::StaffId;
use entity::{department, staff, staff_role};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};
use uuid::Uuid;

use super::{plan, store, words};
use crate::app::App;
use crate::calendar::civil;
use crate::db::Write;
use crate::notice::{self, Message, Recipient};
use crate::problem::{Problem, Words};

/// From this many working days late the head of the department is told too.
const HEAD_FROM: i64 = 1;
/// From this many, the supervisors as well.
const SUPERVISORS_FROM: i64 = 3;

/// What a stage says, before it is known to whom.
struct Notice {
    subject_kind: SubjectKind,
    subject_id: Uuid,
    key: String,
    title: String,
    body: String,
}

/// Writes the notices of a stage; says to how many people.
pub async fn tell(
    app: &App,
    write: &Write,
    duty: &Model,
    stage: &str,
    today: NaiveDate,
) -> Result<usize, Problem> {
    let kind = words::kind_words(duty.kind);
    let notice = if duty.kind == DutyKind::OpinionReview {
        reviews(write, duty, today).await?
    } else {
        let says = says(app, duty, stage, today);
        Notice {
            subject_kind: SubjectKind::Duty,
            subject_id: duty.id.0,
            key: format!("{stage}:{}", duty.due_on),
            title: format!("【{}】{}：{}", says.zh, kind.zh, duty.title),
            body: body(duty, &says, stage),
        }
    };
    let message = Message {
        subject_kind: notice.subject_kind,
        subject_id: notice.subject_id,
        stage: &notice.key,
        title: notice.title,
        body: notice.body,
        path: duty.path.clone(),
    };
    let people = recipients(write, duty, stage).await?;
    let mut told = 0;
    for person in people {
        told += usize::from(notice::send(app, write, &Recipient::Staff(person), &message).await?);
    }
    Ok(told)
}

/// The stage in words. After a pause of the service fewer days are left than the stage was planned for, so
/// they are counted now.
fn says(app: &App, duty: &Model, stage: &str, today: NaiveDate) -> Words {
    if stage.starts_with("left_") {
        let left = app.calendar().working_days_between(today, duty.due_on).max(0);
        return words::stage_words(&format!("left_{left}"));
    }
    words::stage_words(stage)
}

/// Reviews are many: one notice for each queue, day and moderator is enough.
async fn reviews(write: &Write, duty: &Model, today: NaiveDate) -> Result<Notice, Problem> {
    let (all, due, late) = store::reviews(write, &duty.path, today).await?;
    let (mut zh, mut en) = (format!("{all} 条待审核"), format!("{all} waiting"));
    if due > 0 {
        zh.push_str(&format!("，{due} 条今天到期"));
        en.push_str(&format!(", {due} due today"));
    }
    if late > 0 {
        zh.push_str(&format!("，{late} 条已逾期"));
        en.push_str(&format!(", {late} overdue"));
    }
    let kind = words::kind_words(duty.kind);
    let (others_zh, others_en) = if all > 1 { (" 等", " and others") } else { ("", "") };
    Ok(Notice {
        subject_kind: SubjectKind::Department,
        subject_id: duty.department_id.0,
        key: format!("review:{}:{today}", duty.path),
        title: format!("【{zh}】{}：{}{others_zh}", kind.zh, duty.title),
        body: format!(
            "{}：{}{others_zh}\n{zh}\n\n{}: {}{others_en}\n{en}",
            kind.zh, duty.title, kind.en, duty.title
        ),
    })
}

fn body(duty: &Model, says: &Words, stage: &str) -> String {
    let kind = words::kind_words(duty.kind);
    let (title, due_zh, due_en) =
        (&duty.title, civil::zh_deadline(duty.due_on), civil::en_deadline(duty.due_on));
    let (mut zh, mut en) = (
        format!("{}：{title}\n状态：{}", kind.zh, says.zh),
        format!("{}: {title}\nStage: {}", kind.en, says.en),
    );
    zh.push_str(&format!("\n期限：{due_zh}"));
    en.push_str(&format!("\nDue: {due_en}"));
    if duty.provisional {
        zh.push_str("（暂按周末推算，节假日安排公布后可能调整）");
        en.push_str(" (provisional: only weekends are known)");
    }
    let late = plan::overdue_days(stage).unwrap_or(0);
    if late >= SUPERVISORS_FROM {
        zh.push_str("\n本提醒同时发送部门负责人和监督员。");
        en.push_str("\nThe head of the department and the supervisors are told as well.");
    } else if late >= HEAD_FROM {
        zh.push_str("\n本提醒同时发送部门负责人。");
        en.push_str("\nThe head of the department is told as well.");
    }
    format!("{zh}\n\n{en}")
}

/// Who is told: the owner; from the first overdue working day also the department's head; from the third
/// also the supervisors. Looked up now, so that a new owner gets the next stage, and somebody whose account
/// was closed gets nothing. A duty that is nobody's goes to the department's owners, else to its head, else
/// to the supervisors: it is never told to no one.
async fn recipients(write: &Write, duty: &Model, stage: &str) -> Result<BTreeSet<StaffId>, Problem> {
    let late = plan::overdue_days(stage).unwrap_or(0);
    let of_moderators = store::OF_MODERATORS.contains(&duty.kind);
    let mut people = if of_moderators {
        with_role(write, Role::Moderator, None).await?.into_iter().collect()
    } else {
        owners(write, duty).await?
    };
    if !of_moderators && (late >= HEAD_FROM || people.is_empty()) {
        people.extend(head(write, duty).await?);
    }
    if late >= SUPERVISORS_FROM || people.is_empty() {
        people.extend(with_role(write, Role::Supervisor, None).await?);
    }
    Ok(people)
}

/// The owner, or where there is none the department's owners.
async fn owners(write: &Write, duty: &Model) -> Result<BTreeSet<StaffId>, Problem> {
    match active(write, duty.owner_id).await? {
        Some(owner) => Ok([owner].into()),
        None => Ok(with_role(write, Role::Owner, Some(duty)).await?.into_iter().collect()),
    }
}

async fn head(write: &Write, duty: &Model) -> Result<Option<StaffId>, Problem> {
    let department = department::Entity::find_by_id(duty.department_id).one(&**write).await?;
    active(write, department.and_then(|d| d.head_id)).await
}

/// Whom a supervisor's order is for.
pub async fn owner_and_head(write: &Write, duty: &Model) -> Result<BTreeSet<StaffId>, Problem> {
    let mut people = owners(write, duty).await?;
    people.extend(head(write, duty).await?);
    Ok(people)
}

/// The person, unless the account was closed.
async fn active(write: &Write, id: Option<StaffId>) -> Result<Option<StaffId>, Problem> {
    let Some(id) = id else { return Ok(None) };
    let person = staff::Entity::find_by_id(id).filter(staff::Column::DisabledAt.is_null());
    Ok(person.one(&**write).await?.map(|p| p.id))
}

async fn with_role(write: &Write, role: Role, duty: Option<&Model>) -> Result<Vec<StaffId>, Problem> {
    let holders = staff_role::Entity::find()
        .select_only()
        .column(staff_role::Column::StaffId)
        .filter(staff_role::Column::Role.eq(role));
    let mut query = staff::Entity::find()
        .filter(staff::Column::Id.in_subquery(holders.into_query()))
        .filter(staff::Column::DisabledAt.is_null());
    if let Some(duty) = duty {
        query = query.filter(staff::Column::DepartmentId.eq(duty.department_id));
    }
    Ok(query.all(&**write).await?.into_iter().map(|s| s.id).collect())
}
