//! The administrator's list of people: adding, changing roles and department, disabling.

use entity::enums::{Role, StaffRequestKind, SubjectKind};
use entity::id::{DepartmentId, StaffId};
use entity::{staff, staff_role};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    QueryFilter as _,
};
use serde_json::json;
use validator::Validate;

use super::{own, request, session, set_up};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::{Write, is_duplicate};
use crate::department;
use crate::problem::{Code, Problem, Words, words};
use crate::text;

/// A person about to get an account.
#[derive(Clone, Debug, Validate)]
pub struct NewStaff {
    #[validate(length(min = 2, max = 40), custom(function = login))]
    pub login: String,
    #[validate(length(min = 1, max = 40), custom(function = text::one_line))]
    pub display_name: String,
    #[validate(email, length(max = 254))]
    pub email: String,
    pub department_id: DepartmentId,
    pub roles: Vec<Role>,
}

/// What may change about a person.
#[derive(Clone, Debug, Validate)]
pub struct ChangeStaff {
    #[validate(length(min = 1, max = 40), custom(function = text::one_line))]
    pub display_name: String,
    #[validate(email, length(max = 254))]
    pub email: String,
    pub department_id: DepartmentId,
    pub roles: Vec<Role>,
    pub disabled: bool,
}

/// What a role is called, and what it may do.
pub fn role_words(role: Role) -> (Words, Words) {
    match role {
        Role::Owner => (
            words("决策承办人", "Owner"),
            words(
                "办理本单位决策：材料、征求意见、答复、采纳情况",
                "Runs the decisions of the own department",
            ),
        ),
        Role::Moderator => (words("审核员", "Moderator"), words("审核公众意见", "Reviews opinions")),
        Role::Disclosure => {
            (words("公开专员", "Disclosure officer"), words("发布栏目内容", "Publishes the columns"))
        }
        Role::Supervisor => (
            words("监督员", "Supervisor"),
            words("查看各单位时限，接收逾期提醒，督办", "Sees every duty, is told of overdue ones, urges"),
        ),
        Role::Admin => (
            words("管理员", "Administrator"),
            words("管理单位、人员和节假日，查看操作日志", "Departments, staff, calendar, audit record"),
        ),
    }
}

fn login(login: &str) -> Result<(), validator::ValidationError> {
    if login.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_')) {
        return Ok(());
    }
    Err(validator::ValidationError::new(
        "只能用小写字母、数字和 . - _|Lower-case letters, digits and . - _ only",
    ))
}

/// Roles that, where the settings say so, take two administrators to grant.
const TAKES_TWO: [Role; 2] = [Role::Admin, Role::Moderator];

/// What is granted at once, and what waits for another administrator.
fn split(app: &App, held: &[Role], wanted: &[Role]) -> (Vec<Role>, Vec<Role>) {
    let waits = |role: &Role| {
        app.config.security.two_person_roles && TAKES_TWO.contains(role) && !held.contains(role)
    };
    wanted.iter().partition(|role| !waits(role))
}

/// Adds a person and gives the invitation link to hand over. Roles that take two administrators are asked for.
///
/// # Errors
/// `forbidden` without the administrator's role; `invalid`; `conflict` where nobody could confirm a role; the
/// database's own.
pub async fn add(app: &App, actor: &Actor, new: &NewStaff) -> Result<(StaffId, String), Problem> {
    let admin = actor.require(Role::Admin)?.id;
    let write = app.write().await?;
    let (now, later) = split(app, &[], &new.roles);
    let id = insert(app, &write, &NewStaff { roles: now.clone(), ..new.clone() }, None, Some(admin)).await?;
    let link = set_up::invite_link(app, &write, id).await?;
    let detail = json!({ "roles": now });
    audit::record(app, &write, actor, "staff.add", audit::subject(SubjectKind::Staff, id), detail).await?;
    if !later.is_empty() {
        request::ask(app, &write, actor, StaffRequestKind::Roles, id, &later).await?;
    }
    write.commit().await?;
    Ok((id, link))
}

/// Writes the rows of a person.
///
/// # Errors
/// `invalid`; the database's own.
pub async fn insert(
    app: &App,
    write: &Write,
    new: &NewStaff,
    password_hash: Option<String>,
    by: Option<StaffId>,
) -> Result<StaffId, Problem> {
    new.validate()?;
    check_department(write, new.department_id).await?;
    let id = app.id::<StaffId>();
    let row = staff::ActiveModel {
        id: Set(id),
        login: Set(new.login.clone()),
        display_name: Set(new.display_name.clone()),
        email: Set(new.email.clone()),
        department_id: Set(new.department_id),
        password_hash: Set(password_hash),
        failed_count: Set(0),
        locked_until: Set(None),
        disabled_at: Set(None),
        created_at: Set(app.now()),
    };
    row.insert(&**write).await.map_err(|e| {
        if is_duplicate(&e) {
            Problem::invalid("login", "该用户名已被使用", "This login is taken")
        } else {
            e.into()
        }
    })?;
    set_roles(app, write, id, &new.roles, by).await?;
    Ok(id)
}

async fn check_department(write: &Write, id: DepartmentId) -> Result<(), Problem> {
    match department::find(&**write, id).await {
        Err(problem) if problem.code == Code::NotFound => {
            Err(Problem::invalid("department_id", "没有这个单位", "There is no such department"))
        }
        found => found.map(drop),
    }
}

async fn set_roles(
    app: &App,
    write: &Write,
    id: StaffId,
    roles: &[Role],
    by: Option<StaffId>,
) -> Result<(), Problem> {
    staff_role::Entity::delete_many().filter(staff_role::Column::StaffId.eq(id)).exec(&**write).await?;
    let mut roles = roles.to_vec();
    roles.sort_unstable();
    roles.dedup();
    for role in roles {
        staff_role::ActiveModel {
            staff_id: Set(id),
            role: Set(role),
            granted_at: Set(app.now()),
            granted_by: Set(by),
        }
        .insert(&**write)
        .await?;
    }
    Ok(())
}

/// What came of something that may take two administrators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done<T> {
    Now(T),
    /// All of it, or a part, waits for another administrator.
    Asked,
}

/// Changes a person; sessions end when the roles or the department change or the account is disabled. Nobody can
/// take the administrator's role from oneself, so that one always remains. Roles that take two administrators are
/// asked for; the rest is done.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid`; `conflict`; the database's own.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: StaffId,
    change: &ChangeStaff,
) -> Result<Done<()>, Problem> {
    let admin = actor.require(Role::Admin)?.id;
    change.validate()?;
    if id == admin && (change.disabled || !change.roles.contains(&Role::Admin)) {
        return Err(Problem::conflict(
            "不能停用自己或取消自己的管理员角色，请由另一位管理员办理",
            "You cannot disable yourself or drop your own administrator role; ask another administrator",
        ));
    }
    let write = app.write().await?;
    let before = super::find_staff(&*write, id).await?;
    check_department(&write, change.department_id).await?;
    let mut roles = super::store::roles(&*write, id).await?;
    roles.sort_unstable();
    let (mut new_roles, later) = split(app, &roles, &change.roles);
    new_roles.sort_unstable();
    new_roles.dedup();
    let may_do_else = change.disabled || roles != new_roles || before.department_id != change.department_id;
    let disabled_at = if change.disabled { before.disabled_at.or(Some(app.now())) } else { None };
    staff::Entity::update_many()
        .col_expr(staff::Column::DisplayName, Expr::value(change.display_name.clone()))
        .col_expr(staff::Column::Email, Expr::value(change.email.clone()))
        .col_expr(staff::Column::DepartmentId, Expr::value(change.department_id))
        .col_expr(staff::Column::DisabledAt, Expr::value(disabled_at))
        .filter(staff::Column::Id.eq(id))
        .exec(&*write)
        .await?;
    set_roles(app, &write, id, &new_roles, Some(admin)).await?;
    if may_do_else {
        session::end_all(&write, id).await?;
    }
    if roles != new_roles {
        tell_roles(app, &write, id, &new_roles).await?;
    }
    if change.disabled {
        super::token::revoke_all(app, &write, id).await?;
    }
    let detail = json!({ "roles": new_roles, "disabled": change.disabled });
    audit::record(app, &write, actor, "staff.change", audit::subject(SubjectKind::Staff, id), detail).await?;
    if !later.is_empty() {
        request::ask(app, &write, actor, StaffRequestKind::Roles, id, &later).await?;
    }
    write.commit().await?;
    Ok(if later.is_empty() { Done::Now(()) } else { Done::Asked })
}

/// Grants roles beside those that are held; sessions end, and the person is told.
///
/// # Errors
/// The database's own.
pub(super) async fn grant(
    app: &App,
    write: &Write,
    id: StaffId,
    roles: &[Role],
    by: StaffId,
) -> Result<(), Problem> {
    let mut all = super::store::roles(&**write, id).await?;
    for role in roles {
        if all.contains(role) {
            continue;
        }
        let row = staff_role::ActiveModel {
            staff_id: Set(id),
            role: Set(*role),
            granted_at: Set(app.now()),
            granted_by: Set(Some(by)),
        };
        row.insert(&**write).await?;
        all.push(*role);
    }
    session::end_all(write, id).await?;
    tell_roles(app, write, id, &all).await
}

async fn tell_roles(app: &App, write: &Write, id: StaffId, roles: &[Role]) -> Result<(), Problem> {
    let (zh, en): (Vec<_>, Vec<_>) =
        roles.iter().map(|role| role_words(*role).0).map(|words| (words.zh, words.en)).unzip();
    let body = (
        format!("现在的角色：{}。", if zh.is_empty() { "无".to_owned() } else { zh.join("、") }),
        format!("Roles now: {}.", if en.is_empty() { "none".to_owned() } else { en.join(", ") }),
    );
    own::tell(app, write, id, "roles", ("您的角色已变更", "Your roles were changed"), (&body.0, &body.1))
        .await
}

/// A new invitation link, for a lost password; the old password works until it is used. For an administrator it
/// takes two: otherwise one could act under the other's name. For oneself there is the own page.
///
/// # Errors
/// `forbidden`; `not_found`; `conflict` for oneself, for what waits already, and where nobody could confirm; the
/// database's own.
pub async fn reset_link(app: &App, actor: &Actor, id: StaffId) -> Result<Done<String>, Problem> {
    if actor.require(Role::Admin)?.id == id {
        return Err(Problem::conflict(
            "请在“我的账号”修改自己的密码",
            "Change your own password on your account page",
        ));
    }
    let write = app.write().await?;
    if is_administrator(&*write, id).await? {
        request::ask(app, &write, actor, StaffRequestKind::ResetLink, id, &[]).await?;
        write.commit().await?;
        return Ok(Done::Asked);
    }
    let link = set_up::reset_link(app, &write, actor, id).await?;
    write.commit().await?;
    Ok(Done::Now(link))
}

/// Somebody whose account one administrator may not open anew: an invitation that waits is not an account yet.
///
/// # Errors
/// `not_found`; the database's own.
pub(super) async fn is_administrator(db: &impl ConnectionTrait, id: StaffId) -> Result<bool, Problem> {
    let person = super::find_staff(db, id).await?;
    Ok(person.password_hash.is_some() && super::store::roles(db, id).await?.contains(&Role::Admin))
}
