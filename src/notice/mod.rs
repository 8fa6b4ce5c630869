//! Messages to people: the in-app inbox of staff, and mail. Written once per (subject, stage, recipient),
//! in the transaction of what they tell about; mail leaves later, by a job, with a stable Message-ID.

pub mod api;
pub mod mailer;
pub mod page;

use entity::enums::{MailState, SubjectKind};
use entity::id::{MailId, NoticeId, StaffId};
use entity::{mail, notice, staff};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::job;
use crate::keys::Purpose;
use crate::problem::Problem;
use crate::receipt::LookupCode;
use crate::text;
use mailer::Letter;

/// The job that sends one mail.
pub const MAIL_JOB: &str = "mail.send";

/// Stands in a body or path for the lookup code of the notice's subject. The code itself is a key and is not
/// kept in the database: it is put in when the mail leaves.
pub const LOOKUP_CODE: &str = "{{lookup-code}}";

/// Whom a notice is for.
#[derive(Clone, Debug)]
pub enum Recipient {
    Staff(StaffId),
    /// Somebody outside, by e-mail or phone. Only e-mail is sent so far; a phone number gets nothing.
    Contact(String),
}

/// What a notice says.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    /// What makes it different from other notices about the same subject.
    pub stage: &'a str,
    pub title: String,
    pub body: String,
    /// Where to read on; a path of this site.
    pub path: String,
}

/// Writes the notice and its mail, once; says whether it was new.
///
/// # Errors
/// The database's own.
pub async fn send(app: &App, write: &Write, to: &Recipient, message: &Message<'_>) -> Result<bool, Problem> {
    let (staff_id, recipient, contact_enc, address) = match to {
        Recipient::Staff(id) => {
            let person = staff::Entity::find_by_id(*id).one(&**write).await?;
            let address = person.filter(|p| p.disabled_at.is_none()).map(|p| p.email);
            (Some(*id), id.to_string(), None, address)
        }
        Recipient::Contact(contact) => {
            let hash = app.keys.mac_hex(Purpose::Contact, &text::contact_key(contact));
            (None, hash, Some(app.keys.encrypt(contact, &app.rng)), Some(contact.clone()))
        }
    };
    let id = app.id::<NoticeId>();
    let row = notice::ActiveModel {
        id: Set(id),
        staff_id: Set(staff_id),
        recipient: Set(recipient),
        contact_enc: Set(contact_enc),
        subject_kind: Set(message.subject_kind),
        subject_id: Set(message.subject_id),
        stage: Set(message.stage.to_owned()),
        title: Set(message.title.clone()),
        body: Set(message.body.clone()),
        path: Set(message.path.clone()),
        created_at: Set(app.now()),
        read_at: Set(None),
    };
    use notice::Column::{Recipient as To, Stage, SubjectId, SubjectKind as Kind};
    let inserted = notice::Entity::insert(row)
        .on_conflict(OnConflict::columns([Kind, SubjectId, Stage, To]).do_nothing().to_owned())
        .exec_without_returning(&**write)
        .await?;
    if inserted == 0 {
        return Ok(false);
    }
    if let Some(address) = address.filter(|a| text::is_email(a)) {
        let host = app.config.base_url();
        let host =
            host.split("://").nth(1).unwrap_or("localhost").split([':', '/']).next().unwrap_or("localhost");
        let mail_id = app.id::<MailId>();
        mail::ActiveModel {
            id: Set(mail_id),
            notice_id: Set(id),
            message_id: Set(format!("<{mail_id}@{host}>")),
            to_enc: Set(app.keys.encrypt(&address, &app.rng)),
            subject: Set(message.title.clone()),
            body: Set(format!("{}\n\n{}{}\n", message.body, app.config.base_url(), message.path)),
            state: Set(MailState::Waiting),
            sent_at: Set(None),
            created_at: Set(app.now()),
        }
        .insert(&**write)
        .await?;
        job::enqueue(app, write, MAIL_JOB, &format!("mail:{mail_id}"), json!({ "mail": mail_id }), app.now())
            .await?;
    }
    Ok(true)
}

/// Sends a waiting mail. No transaction is open while the network is used; a crash between the server's
/// answer and our commit sends a second copy with the same Message-ID.
///
/// # Errors
/// The mailer's and the database's own.
pub async fn deliver(app: &App, payload: &Value) -> Result<(), Problem> {
    let id: MailId = serde_json::from_value(payload["mail"].clone()).map_err(Problem::internal)?;
    let Some(row) = mail::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(()) };
    if row.state != MailState::Waiting {
        return Ok(());
    }
    let to = app
        .keys
        .decrypt(&row.to_enc)
        .ok_or_else(|| Problem::internal("mail address sealed with another key"))?;
    let body = with_code(app, &row).await?;
    let letter = Letter {
        message_id: &row.message_id,
        to: &to,
        subject: &row.subject,
        body: &body,
        date: app.now().into(),
    };
    app.mailer.send(&letter).await?;
    let write = app.write().await?;
    mail::Entity::update_many()
        .col_expr(mail::Column::State, Expr::value(MailState::Sent))
        .col_expr(mail::Column::SentAt, Expr::value(Some(app.now())))
        .filter(mail::Column::Id.eq(id))
        .exec(&*write)
        .await?;
    write.commit().await
}

async fn with_code(app: &App, row: &mail::Model) -> Result<String, Problem> {
    if !row.body.contains(LOOKUP_CODE) {
        return Ok(row.body.clone());
    }
    let notice = notice::Entity::find_by_id(row.notice_id).one(app.db.read()).await?;
    let notice = notice.ok_or_else(|| Problem::internal("a mail without its notice"))?;
    let code = LookupCode::of(&app.keys, notice.subject_kind, notice.subject_id);
    Ok(row.body.replace(LOOKUP_CODE, &code.grouped()))
}

/// A member of staff's inbox, newest first.
///
/// # Errors
/// The database's own.
pub async fn inbox(
    db: &impl ConnectionTrait,
    staff: StaffId,
    limit: u64,
) -> Result<Vec<notice::Model>, Problem> {
    let rows = notice::Entity::find().filter(notice::Column::StaffId.eq(staff));
    Ok(rows
        .order_by_desc(notice::Column::CreatedAt)
        .order_by_desc(notice::Column::Id)
        .limit(limit)
        .all(db)
        .await?)
}

/// # Errors
/// The database's own.
pub async fn unread(db: &impl ConnectionTrait, staff: StaffId) -> Result<u64, Problem> {
    let rows = notice::Entity::find().filter(notice::Column::StaffId.eq(staff));
    Ok(rows.filter(notice::Column::ReadAt.is_null()).count(db).await?)
}

/// Marks one's own notices as read: one, or all.
///
/// # Errors
/// `unauthenticated`; the database's own.
pub async fn mark_read(app: &App, actor: &Actor, id: Option<NoticeId>) -> Result<(), Problem> {
    let staff = actor.require_staff()?.id;
    let write = app.write().await?;
    let mut update = notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(Some(app.now())))
        .filter(notice::Column::StaffId.eq(staff))
        .filter(notice::Column::ReadAt.is_null());
    if let Some(id) = id {
        update = update.filter(notice::Column::Id.eq(id));
    }
    update.exec(&*write).await?;
    write.commit().await
}
