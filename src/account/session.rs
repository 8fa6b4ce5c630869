//! Sessions of staff: 256 random bits in a cookie, their hash in the database, ended on the server.

use chrono::TimeDelta;
use entity::id::StaffId;
use entity::session::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::actor::Staff;
use crate::app::App;
use crate::db::Write;
use crate::keys::sha256_hex;
use crate::notice;
use crate::problem::Problem;

/// A session ends after the idle time of the settings, and in any case after so long.
const LONGEST: TimeDelta = TimeDelta::hours(10);
/// A third sign-in ends the oldest session.
const AT_ONCE: usize = 2;
/// How exact "last seen" is; a write for every page would be waste.
const GRAIN: TimeDelta = TimeDelta::minutes(1);

/// What handlers know of a session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Hash of the secret.
    pub id: String,
    pub csrf: String,
    pub unread: u32,
    /// By which provider of the settings it was begun.
    pub provider: Option<String>,
    /// The provider's second factor stands for ours.
    pub factor_covered: bool,
}

/// `__Host-` makes browsers refuse the cookie from anywhere else; it needs TLS.
pub fn cookie_name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-sid" } else { "sid" }
}

/// The Set-Cookie value that begins or, with an empty secret, ends a session. `Strict`: no other site can make a
/// browser send it; who follows a link from elsewhere to the desk is led on by a page of ours.
pub fn cookie(app: &App, secret: &str) -> String {
    cookie_of(app, cookie_name(app), secret)
}

/// The same by another name.
pub fn cookie_of(app: &App, name: &str, secret: &str) -> String {
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let end = if secret.is_empty() { "; Max-Age=0" } else { "" };
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict{secure}{end}")
}

/// Begins a session and gives its secret.
///
/// # Errors
/// The database's own.
pub async fn begin(
    app: &App,
    write: &Write,
    staff: StaffId,
    address: &str,
    user_agent: &str,
) -> Result<String, Problem> {
    let mine = Entity::find()
        .filter(Column::StaffId.eq(staff))
        .order_by_desc(Column::CreatedAt)
        .all(&**write)
        .await?;
    let ended: Vec<String> = mine
        .into_iter()
        .enumerate()
        .filter(|(i, s)| *i + 1 >= AT_ONCE || is_over(app, s))
        .map(|(_, s)| s.id)
        .collect();
    Entity::delete_many().filter(Column::Id.is_in(ended)).exec(&**write).await?;
    let secret = app.rng.secret();
    ActiveModel {
        id: Set(sha256_hex(secret.as_bytes())),
        staff_id: Set(staff),
        csrf: Set(app.rng.secret()),
        created_at: Set(app.now()),
        seen_at: Set(app.now()),
        user_agent: Set(user_agent.chars().take(200).collect()),
        address: Set(address.to_owned()),
        provider: Set(None),
        factor_covered: Set(false),
    }
    .insert(&**write)
    .await?;
    Ok(secret)
}

/// Ends every session of a person and begins one with a new id: after whatever changes what a session is worth.
///
/// # Errors
/// The database's own.
pub async fn renew(
    app: &App,
    write: &Write,
    staff: StaffId,
    address: &str,
    user_agent: &str,
) -> Result<String, Problem> {
    end_all(write, staff).await?;
    begin(app, write, staff, address, user_agent).await
}

/// Keeps by which provider a session that was just begun came about.
///
/// # Errors
/// The database's own.
pub async fn came_by(write: &Write, secret: &str, provider: &str, covered: bool) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::Provider, Expr::value(Some(provider)))
        .col_expr(Column::FactorCovered, Expr::value(covered))
        .filter(Column::Id.eq(sha256_hex(secret.as_bytes())))
        .exec(&**write)
        .await?;
    Ok(())
}

/// The living session of a secret and who holds it.
///
/// # Errors
/// The database's own.
pub async fn find(app: &App, secret: &str) -> Result<Option<(Session, Staff)>, Problem> {
    let id = sha256_hex(secret.as_bytes());
    let Some(row) = Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    if is_over(app, &row) {
        // Gone for good: a clock that is set back must not bring it to life. Whoever asks is a guest, even
        // where that cannot be written down.
        if let Err(problem) = remove(app, &row.id).await {
            tracing::warn!(%problem, "a session that is over could not be removed");
        }
        return Ok(None);
    }
    let Some(staff) = super::store::staff_of(app.db.read(), row.staff_id).await? else { return Ok(None) };
    // A full disk must not keep anybody from reading: the session then ends a little early.
    if app.now() - row.seen_at > GRAIN
        && let Err(problem) = touch(app, &row.id).await
    {
        tracing::warn!(%problem, "a session's last use is not kept");
    }
    let unread = u32::try_from(notice::unread(app.db.read(), staff.id).await?).unwrap_or(u32::MAX);
    let session = Session {
        id: row.id,
        csrf: row.csrf,
        unread,
        provider: row.provider,
        factor_covered: row.factor_covered,
    };
    Ok(Some((session, staff)))
}

fn is_over(app: &App, row: &Model) -> bool {
    let now = app.now();
    now - row.seen_at > app.config.security.staff_idle() || now - row.created_at > LONGEST
}

/// The living sessions of a person, the last used first.
///
/// # Errors
/// The database's own.
pub async fn of(app: &App, staff: StaffId) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::StaffId.eq(staff)).order_by_desc(Column::SeenAt);
    let mut rows = query.all(app.db.read()).await?;
    rows.retain(|row| !is_over(app, row));
    Ok(rows)
}

async fn remove(app: &App, id: &str) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    end(&write, id).await?;
    write.commit().await
}

async fn touch(app: &App, id: &str) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    Entity::update_many()
        .col_expr(Column::SeenAt, Expr::value(app.now()))
        .filter(Column::Id.eq(id))
        .exec(&*write)
        .await?;
    write.commit().await
}

/// Ends one session.
///
/// # Errors
/// The database's own.
pub async fn end(write: &Write, id: &str) -> Result<(), Problem> {
    Entity::delete_by_id(id.to_owned()).exec(&**write).await?;
    Ok(())
}

/// Ends the sessions of a person but one; says how many.
///
/// # Errors
/// The database's own.
pub async fn end_others(write: &Write, staff: StaffId, but: &str) -> Result<u64, Problem> {
    let others = Entity::delete_many().filter(Column::StaffId.eq(staff)).filter(Column::Id.ne(but));
    Ok(others.exec(&**write).await?.rows_affected)
}

/// Ends the sessions of a person that were begun by a provider, but one; and sign-ins halfway.
///
/// # Errors
/// The database's own.
pub async fn end_by(write: &Write, staff: StaffId, provider: &str, but: &str) -> Result<(), Problem> {
    let theirs =
        Entity::delete_many().filter(Column::StaffId.eq(staff)).filter(Column::Provider.eq(provider));
    theirs.filter(Column::Id.ne(but)).exec(&**write).await?;
    super::code_step::end_all(write, staff).await
}

/// Ends every session of a person, and sign-ins halfway: when disabled, or when the password, the second factor
/// or the roles change.
///
/// # Errors
/// The database's own.
pub async fn end_all(write: &Write, staff: StaffId) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::StaffId.eq(staff)).exec(&**write).await?;
    super::code_step::end_all(write, staff).await
}
