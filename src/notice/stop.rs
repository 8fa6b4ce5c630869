//! Stopping the mails about one thing, by one click in any of them (RFC 8058), and having them again.
//!
//! The token in a mail is the thing's id under a keyed hash: it needs no row, opens nothing, and does nothing but
//! stop or start the mails about that thing. The state page stays; what was sent stays sent.

use chrono::{DateTime, Utc};
use entity::enums::SubjectKind;
use entity::notice_stop::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _};
use serde_json::json;
use uuid::Uuid;

use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::keys::{Keys, Purpose};
use crate::problem::Problem;

/// What somebody outside gets mails about.
const ABOUT: [SubjectKind; 3] = [SubjectKind::Opinion, SubjectKind::Message, SubjectKind::EventRegistration];

/// Whether mails about it may be stopped; a one-time code is asked for, not sent as news.
pub fn is_news(kind: SubjectKind) -> bool {
    ABOUT.contains(&kind)
}

/// The token that stops the mails about a thing.
pub fn token(keys: &Keys, kind: SubjectKind, id: Uuid) -> String {
    let seal = keys.mac_hex(Purpose::StopMails, &format!("{kind} {id}"));
    format!("{kind}-{}-{}", id.simple(), &seal[..32])
}

/// The thing that a token stands for.
///
/// # Errors
/// `not_found` for a token that was never given.
pub fn read(keys: &Keys, given: &str) -> Result<(SubjectKind, Uuid), Problem> {
    let mut parts = given.splitn(3, '-');
    let kind = parts.next().and_then(SubjectKind::parse).filter(|kind| is_news(*kind));
    let id = parts.next().and_then(|id| Uuid::try_parse(id).ok());
    match (kind, id) {
        (Some(kind), Some(id)) if token(keys, kind, id) == given => Ok((kind, id)),
        _ => Err(Problem::not_found()),
    }
}

/// Since when no mails about a thing are sent.
///
/// # Errors
/// The database's own.
pub async fn stopped(
    db: &impl ConnectionTrait,
    kind: SubjectKind,
    id: Uuid,
) -> Result<Option<DateTime<Utc>>, Problem> {
    Ok(Entity::find_by_id((kind, id)).one(db).await?.map(|row| row.stopped_at))
}

/// Sends mails about a thing, or no more of them. Twice is once.
///
/// # Errors
/// The database's own.
pub async fn set(app: &App, actor: &Actor, kind: SubjectKind, id: Uuid, wanted: bool) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    let changed = if wanted {
        Entity::delete_by_id((kind, id)).exec(&*write).await?.rows_affected
    } else {
        let row = ActiveModel { subject_kind: Set(kind), subject_id: Set(id), stopped_at: Set(app.now()) };
        let once = OnConflict::columns([Column::SubjectKind, Column::SubjectId]).do_nothing().to_owned();
        Entity::insert(row).on_conflict(once).exec_without_returning(&*write).await?
    };
    if changed > 0 {
        let action = if wanted { "mail.resume" } else { "mail.stop" };
        audit::record(app, &write, actor, action, audit::subject(kind, id), json!({})).await?;
    }
    write.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stands_for_one_thing_and_cannot_be_made_up() {
        let keys = Keys::from_master([3; 32]);
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let given = token(&keys, SubjectKind::EventRegistration, one);
        assert_eq!(read(&keys, &given).ok(), Some((SubjectKind::EventRegistration, one)));
        let seal = given.rsplit('-').next().unwrap();
        assert!(read(&keys, &format!("event_registration-{}-{seal}", two.simple())).is_err());
        assert!(read(&keys, &given.replace("event_registration", "opinion")).is_err());
        assert!(read(&Keys::from_master([4; 32]), &given).is_err());
        assert!(read(&keys, &token(&keys, SubjectKind::Staff, one)).is_err());
        for bad in ["", "-", "opinion", "opinion-x-y", "意见-1-2"] {
            assert!(read(&keys, bad).is_err(), "{bad}");
        }
    }
}
