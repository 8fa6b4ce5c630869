//! The job that sends one mail.

use entity::enums::MailState;
use entity::id::MailId;
use entity::{mail, notice, staff};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::Value;

use super::mailer::Letter;
use super::{LOOKUP_CODE, ONE_TIME_CODE, stop};
use crate::app::App;
use crate::db::Write;
use crate::keys::Purpose;
use crate::problem::Problem;
use crate::receipt::LookupCode;
use crate::text;

/// Sends a waiting mail. No transaction is open while the network is used; a crash between the server's
/// answer and our commit sends a second copy with the same Message-ID.
///
/// # Errors
/// The mailer's and the database's own.
pub async fn deliver(app: &App, payload: &Value) -> Result<(), Problem> {
    let id = mail_of(payload)?;
    let Some(row) = mail::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(()) };
    if row.state != MailState::Waiting {
        return Ok(());
    }
    if !is_wanted(app, &row).await? {
        let write = app.write().await?;
        write.unseen();
        set_state(&write, id, MailState::Waiting, MailState::Parked).await?;
        return write.commit().await;
    }
    let to = app
        .keys
        .decrypt(&row.to_enc)
        .ok_or_else(|| Problem::internal("mail address sealed with another key"))?;
    let body = with_code(app, &row).await?;
    if text::is_email(&to) {
        let stop = stop_link(app, &row).await?;
        post(app, &row, &to, body, stop.as_deref()).await?;
    } else {
        app.texter.send(&row.message_id, &text::contact_key(&to), body.trim()).await?;
    }
    let write = app.write().await?;
    write.unseen();
    mail::Entity::update_many()
        .col_expr(mail::Column::State, Expr::value(MailState::Sent))
        .col_expr(mail::Column::SentAt, Expr::value(Some(app.now())))
        .filter(mail::Column::Id.eq(id))
        .exec(&*write)
        .await?;
    write.commit().await
}

/// Where somebody outside stops the mails about their thing by one click.
async fn stop_link(app: &App, row: &mail::Model) -> Result<Option<String>, Problem> {
    let notice = notice::Entity::find_by_id(row.notice_id).one(app.db.read()).await?;
    let news = notice.filter(|n| n.staff_id.is_none() && stop::is_news(n.subject_kind));
    Ok(news.map(|n| {
        let token = stop::token(&app.keys, n.subject_kind, n.subject_id);
        format!("{}/receipts/stop/{token}", app.config.base_url())
    }))
}

async fn post(
    app: &App,
    row: &mail::Model,
    to: &str,
    mut body: String,
    stop: Option<&str>,
) -> Result<(), Problem> {
    if let Some(link) = stop {
        body.push_str("\n不再接收关于此事的邮件 No more mails about this:\n");
        body.push_str(link);
        body.push('\n');
    }
    let letter = Letter {
        message_id: &row.message_id,
        to,
        subject: &row.subject,
        body: &body,
        date: row.created_at.into(),
        stop,
    };
    app.mailer.send(&letter).await
}

/// Puts the lookup code or the one-time code in where the mail says so; the database never holds them.
async fn with_code(app: &App, row: &mail::Model) -> Result<String, Problem> {
    if !row.body.contains(LOOKUP_CODE) && !row.body.contains(ONE_TIME_CODE) {
        return Ok(row.body.clone());
    }
    let notice = notice::Entity::find_by_id(row.notice_id).one(app.db.read()).await?;
    let notice = notice.ok_or_else(|| Problem::internal("a mail without its notice"))?;
    let code = LookupCode::of(&app.keys, notice.subject_kind, notice.subject_id);
    let digits = app.keys.digits(Purpose::ContactCode, notice.subject_id.as_bytes());
    Ok(row.body.replace(LOOKUP_CODE, &code.grouped()).replace(ONE_TIME_CODE, &digits))
}

/// Marks a mail that cannot be sent; its notice stays in the inbox.
///
/// # Errors
/// The database's own.
pub async fn give_up(_: &App, write: &Write, payload: &Value) -> Result<(), Problem> {
    set_state(write, mail_of(payload)?, MailState::Waiting, MailState::Parked).await
}

/// Lets a mail that was given up be sent once more.
///
/// # Errors
/// The database's own.
pub async fn take_up(_: &App, write: &Write, payload: &Value) -> Result<(), Problem> {
    set_state(write, mail_of(payload)?, MailState::Parked, MailState::Waiting).await
}

/// Mails that did not leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mails {
    pub waiting: i64,
    /// Given up, or nobody's any more.
    pub parked: i64,
}

/// # Errors
/// The database's own.
pub async fn mails(db: &impl ConnectionTrait) -> Result<Mails, Problem> {
    let count = async |state: MailState| {
        let n = mail::Entity::find().filter(mail::Column::State.eq(state)).count(db).await;
        n.map(|n| i64::try_from(n).unwrap_or(i64::MAX))
    };
    Ok(Mails { waiting: count(MailState::Waiting).await?, parked: count(MailState::Parked).await? })
}

/// Not to staff whose account was closed since the mail was written, nor to somebody who wants no more of them.
async fn is_wanted(app: &App, row: &mail::Model) -> Result<bool, Problem> {
    let notice = notice::Entity::find_by_id(row.notice_id).one(app.db.read()).await?;
    let Some(notice) = notice else { return Ok(true) };
    let Some(id) = notice.staff_id else {
        return Ok(stop::stopped(app.db.read(), notice.subject_kind, notice.subject_id).await?.is_none());
    };
    let person = staff::Entity::find_by_id(id).one(app.db.read()).await?;
    Ok(person.is_some_and(|p| p.disabled_at.is_none()))
}

async fn set_state(write: &Write, id: MailId, from: MailState, to: MailState) -> Result<(), Problem> {
    mail::Entity::update_many()
        .col_expr(mail::Column::State, Expr::value(to))
        .filter(mail::Column::Id.eq(id))
        .filter(mail::Column::State.eq(from))
        .exec(&**write)
        .await?;
    Ok(())
}

fn mail_of(payload: &Value) -> Result<MailId, Problem> {
    serde_json::from_value(payload["mail"].clone()).map_err(Problem::internal)
}
