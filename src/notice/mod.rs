//! Messages to people: the in-app inbox of staff, and mail. Written once per (subject, stage, recipient),
//! in the transaction of what they tell about; mail leaves later, by a job, with a stable Message-ID.

pub mod api;
mod deliver;
mod inbox;
pub mod mailer;
pub mod page;
mod stop;
mod stop_page;
pub mod texter;

use entity::enums::{MailState, SubjectKind};
use entity::id::{MailId, NoticeId, StaffId};
use entity::{mail, notice, staff};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _,
};
use serde_json::json;
use uuid::Uuid;

pub use deliver::{Mails, deliver, give_up, mails, take_up};
pub use inbox::{find, inbox, mark_read, unread};
pub use stop::{set as want_mails, stopped, token as stop_token};

use crate::app::App;
use crate::db::Write;
use crate::job;
use crate::keys::Purpose;
use crate::problem::Problem;
use crate::text;

/// The job that sends one mail.
pub const MAIL_JOB: &str = "mail.send";

/// Stands in a body or path for the lookup code of the notice's subject. The code itself is a key and is not
/// kept in the database: it is put in when the mail leaves.
pub const LOOKUP_CODE: &str = "{{lookup-code}}";

/// Stands in a body for the one-time code of the notice's subject, for the same reason.
pub const ONE_TIME_CODE: &str = "{{one-time-code}}";

/// Whom a notice is for.
#[derive(Clone, Debug)]
pub enum Recipient {
    Staff(StaffId),
    /// Somebody outside, by e-mail or phone. News goes by e-mail only; a phone number gets what is asked for at
    /// the moment ([`send_now`]).
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
    /// Where to read on; a path of this site, or nothing.
    pub path: String,
}

/// Writes the notice and its mail, once; says whether it was new. Somebody whose account was closed gets
/// neither.
///
/// # Errors
/// The database's own.
pub async fn send(app: &App, write: &Write, to: &Recipient, message: &Message<'_>) -> Result<bool, Problem> {
    let Some((id, address)) = put_down(app, write, to, message).await? else { return Ok(false) };
    let Some(address) = address.filter(|a| text::is_email(a)) else { return Ok(true) };
    let is_outside = matches!(to, Recipient::Contact(_));
    if is_outside && stopped(&**write, message.subject_kind, message.subject_id).await?.is_some() {
        return Ok(true);
    }
    post(app, write, id, &address, message).await?;
    Ok(true)
}

/// The same for what somebody waits for at this moment: by mail or text message, whichever reaches the contact.
///
/// # Errors
/// The database's own.
pub async fn send_now(
    app: &App,
    write: &Write,
    to: &Recipient,
    message: &Message<'_>,
) -> Result<(), Problem> {
    if let Some((id, Some(address))) = put_down(app, write, to, message).await? {
        post(app, write, id, &address, message).await?;
    }
    Ok(())
}

/// Writes the notice; gives its id and where its mail goes, if the notice is new and somebody's.
async fn put_down(
    app: &App,
    write: &Write,
    to: &Recipient,
    message: &Message<'_>,
) -> Result<Option<(NoticeId, Option<String>)>, Problem> {
    let (staff_id, recipient, contact_enc, address) = match to {
        Recipient::Staff(id) => {
            let person = staff::Entity::find_by_id(*id).one(&**write).await?;
            let Some(person) = person.filter(|p| p.disabled_at.is_none()) else { return Ok(None) };
            (Some(*id), id.to_string(), None, Some(person.email))
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
    Ok((inserted > 0).then_some((id, address)))
}

/// Forgets whom notices about some subjects went to, in the notices and in their mails; one that waits still is
/// not sent any more.
///
/// # Errors
/// The database's own.
pub async fn erase(write: &Write, kind: SubjectKind, subjects: &[Uuid]) -> Result<(), Problem> {
    for subjects in subjects.chunks(500) {
        let about = || {
            Condition::all()
                .add(notice::Column::SubjectKind.eq(kind))
                .add(notice::Column::SubjectId.is_in(subjects.iter().copied()))
        };
        let notices =
            Query::select().column(notice::Column::Id).from(notice::Entity).cond_where(about()).to_owned();
        let of_them = || mail::Column::NoticeId.in_subquery(notices.clone());
        mail::Entity::update_many()
            .col_expr(mail::Column::State, Expr::value(MailState::Parked))
            .filter(of_them())
            .filter(mail::Column::State.eq(MailState::Waiting))
            .exec(&**write)
            .await?;
        mail::Entity::update_many()
            .col_expr(mail::Column::ToEnc, Expr::value(Vec::<u8>::new()))
            .filter(of_them())
            .exec(&**write)
            .await?;
        // One recipient for each subject and stage: the one word collides with nobody's.
        notice::Entity::update_many()
            .col_expr(notice::Column::ContactEnc, Expr::value(None::<Vec<u8>>))
            .col_expr(notice::Column::Recipient, Expr::value("erased"))
            .filter(about())
            .exec(&**write)
            .await?;
    }
    Ok(())
}

/// Writes the mail of a notice and the job that sends it.
async fn post(
    app: &App,
    write: &Write,
    notice: NoticeId,
    address: &str,
    message: &Message<'_>,
) -> Result<(), Problem> {
    let id = app.id::<MailId>();
    let base = app.config.base_url();
    let body = match message.path.as_str() {
        "" => format!("{}\n", message.body),
        path => format!("{}\n\n{base}{path}\n", message.body),
    };
    mail::ActiveModel {
        id: Set(id),
        notice_id: Set(notice),
        message_id: Set(format!("<{id}@{}>", host(&base))),
        to_enc: Set(app.keys.encrypt(address, &app.rng)),
        subject: Set(message.title.clone()),
        body: Set(body),
        state: Set(MailState::Waiting),
        sent_at: Set(None),
        created_at: Set(app.now()),
    }
    .insert(&**write)
    .await?;
    job::enqueue(app, write, MAIL_JOB, &format!("mail:{id}"), json!({ "mail": id }), app.now()).await
}

/// The host of the site's address, as a Message-ID can hold it.
fn host(base: &str) -> &str {
    let authority = base.split("://").nth(1).unwrap_or_default();
    let host = authority.split([':', '/']).next().unwrap_or_default();
    let is_name =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    if is_name { host } else { "localhost" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_names_the_host_alone() {
        assert_eq!(host("https://consult.example.cn:8443/x"), "consult.example.cn");
        assert_eq!(host("http://[::1]:8080"), "localhost");
    }
}
