//! The bureau, its offices and people.

use std::collections::HashMap;

use entity::enums::{LexiconKind, Role};
use entity::id::{DepartmentId, StaffId};

use super::content::Content;
use super::{Logins, content};
use crate::account::people::NewStaff;
use crate::account::{password, people};
use crate::actor::{Actor, Staff, Who};
use crate::app::App;
use crate::department::{self, Details};
use crate::moderation::lexicon;
use crate::problem::Problem;
use crate::workplan;

/// Everybody gets an account; the heads of offices are set afterwards.
pub async fn settle(app: &App, content: &Content) -> Result<Logins, Problem> {
    let root = administrator();
    let mut offices = HashMap::new();
    for d in &content.departments {
        let id = department::add(app, &root, &details(content, &d.key, &offices, None)?).await?;
        offices.insert(d.key.clone(), id);
    }
    let password = readable(app);
    let hash = password::hash(app, &password).await?;
    let mut shown = Vec::new();
    for person in &content.staff {
        let write = app.write().await?;
        let new = NewStaff {
            login: person.login.clone(),
            display_name: person.display_name.clone(),
            email: format!("{}@example.invalid", person.login),
            department_id: office(&offices, &person.department)?,
            roles: person.roles.clone(),
        };
        let id = people::insert(app, &write, &new, Some(hash.clone()), None).await?;
        write.commit().await?;
        if let Some(key) = &person.head_of {
            let details = details(content, key, &offices, Some(id))?;
            department::change(app, &root, office(&offices, key)?, &details).await?;
        }
        let roles: Vec<&str> = person.roles.iter().map(|r| role(*r)).collect();
        let head = if person.head_of.is_some() { "，负责人 head" } else { "" };
        shown.push((
            person.login.clone(),
            format!("{}（{}）", person.display_name, person.title),
            format!("{}{head}", roles.join("、")),
        ));
    }
    let words = [
        (LexiconKind::Banned, "黄牛票"),
        (LexiconKind::Banned, "内部名额"),
        (LexiconKind::Advertising, "私教课优惠"),
    ];
    for (kind, word) in words {
        lexicon::set(app, &root, kind, word, true).await?;
    }
    let write = app.write().await?;
    workplan::import(app, &write, &content::text("work_plan_2020.csv")?).await?;
    write.commit().await?;
    Ok(Logins { password, people: shown, code: None })
}

/// What the office is, as an administrator would write it.
fn details(
    content: &Content,
    key: &str,
    offices: &HashMap<String, DepartmentId>,
    head: Option<StaffId>,
) -> Result<Details, Problem> {
    let d =
        content.departments.iter().find(|d| d.key == key).ok_or_else(|| Problem::internal(key.to_owned()))?;
    let parent_id = d.parent.as_ref().map(|p| office(offices, p)).transpose()?;
    Ok(Details {
        key: d.key.clone(),
        name: d.name.clone(),
        short_name: d.short_name.clone(),
        parent_id,
        head_id: head,
        address: d.contact.address.clone(),
        postcode: d.contact.postcode.clone(),
        email: d.contact.email.clone(),
        phone: d.contact.phone.clone(),
    })
}

fn office(offices: &HashMap<String, DepartmentId>, key: &str) -> Result<DepartmentId, Problem> {
    offices.get(key).copied().ok_or_else(|| Problem::internal(format!("demo content lacks office {key}")))
}

/// Stands for whoever set the site up; it has no account.
fn administrator() -> Actor {
    let staff = Staff {
        id: StaffId(uuid::Uuid::nil()),
        login: String::new(),
        name: String::new(),
        department_id: DepartmentId(uuid::Uuid::nil()),
        department: String::new(),
        roles: vec![Role::Admin],
        heads: Vec::new(),
    };
    Actor { who: Who::Staff(staff), ..Actor::system() }
}

/// A password for one start, easy to type from a terminal.
fn readable(app: &App) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let symbols = app.rng.bytes::<16>();
    let groups = symbols
        .chunks(4)
        .map(|g| g.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => "承办人 owner",
        Role::Moderator => "审核员 moderator",
        Role::Disclosure => "公开专员 disclosure",
        Role::Supervisor => "监督员 supervisor",
        Role::Admin => "管理员 admin",
    }
}
