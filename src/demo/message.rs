//! The message board: what people ask, and what the offices answer.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::SubjectKind;
use entity::id::MessageId;

use super::content::{Content, Message};
use super::live::World;
use super::timeline::{Dates, Event};
use crate::actor::Actor;
use crate::calendar::civil;
use crate::decision;
use crate::message::answer::{Answer, answer};
use crate::message::decide::{Decision, Note, decide};
use crate::message::publish::Public;
use crate::message::submit::{Submit, submit};
use crate::message::{extend, follow_up, place};
use crate::problem::Problem;
use crate::receipt;

/// Who accepts what comes.
const CLERK: &str = "yexiaomeng";

/// What happens to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Write,
    Decide,
    Extend,
    Answer,
    /// The author rates the answer and may ask once more.
    Rate,
    AnswerFollowUp,
}

/// Everything that happens to the messages, in working days before today and after they came.
pub fn events(content: &Content, days: &Dates, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, Event)> {
    let mut events = Vec::new();
    for (i, m) in content.messages.iter().enumerate() {
        let before = |n| days.calendar.nth_working_day_before(days.today, n).map_or(days.today, |d| d.date);
        let came = if m.workdays_ago == 0 { days.today } else { before(m.workdays_ago) };
        let after = |n| days.calendar.nth_working_day_after(came, n).map_or(came, |d| d.date);
        let minute = u32::try_from(i).unwrap_or(0) * 7 % 40;
        let mut add = |at, act| events.push((at, Event::Message(i, act)));
        add(civil::at(came, 9, minute).min(now - TimeDelta::minutes(40)), Act::Write);
        if m.department.is_none() && m.reason.is_none() {
            continue;
        }
        add(civil::at(after(1), 10, minute), Act::Decide);
        if m.extension.is_some() {
            add(civil::at(after(4), 11, minute), Act::Extend);
        }
        let Some(n) = m.answer_after else { continue };
        // The clerk decides before the office answers, on the first day too.
        add(civil::at(after(n), 15, minute), Act::Answer);
        if m.satisfaction.is_some() || m.follow_up.is_some() {
            add(civil::at(after(n + 1), 20, minute), Act::Rate);
        }
        if m.follow_up_answer.is_some() {
            add(civil::at(after(n + 3), 10, minute), Act::AnswerFollowUp);
        }
    }
    events
}

/// Lets one thing happen to a message.
pub async fn happen(world: &mut World<'_>, i: usize, act: Act) -> Result<(), Problem> {
    let Some(m) = world.content.messages.get(i) else { return Ok(()) };
    if act == Act::Write {
        return write(world, m).await;
    }
    let app = world.app;
    let number = world.numbers.get(&m.key).ok_or_else(|| Problem::internal(m.key.clone()))?;
    let staff = m.answered_by.as_deref().unwrap_or_default();
    match act {
        Act::Write => Ok(()),
        Act::Decide => {
            let decision = match (&m.department, m.reason) {
                (Some(department), _) => Decision::Accept { department: department.clone() },
                (None, reason) => Decision::Reject { reason, note: Note { note: m.note.clone() } },
            };
            decide(app, &world.actor(CLERK).await?, number, &decision).await.map(|_| ())
        }
        Act::Extend => {
            let office = m.department.as_deref().unwrap_or_default();
            let head = world.content.staff.iter().find(|s| s.head_of.as_deref() == Some(office));
            let head = head.ok_or_else(|| Problem::internal("an office without its head"))?;
            let reason = m.extension.as_deref().unwrap_or_default();
            extend::extend(app, &world.actor(&head.login).await?, number, reason).await.map(|_| ())
        }
        Act::Answer => {
            let public = || Public {
                title: m.title.clone(),
                text: m.public_text.clone().unwrap_or_else(|| m.text.clone()),
            };
            let input =
                Answer { answer: m.answer.clone().unwrap_or_default(), publish: m.publish.then(public) };
            answer(app, &world.actor(staff).await?, number, &input).await
        }
        Act::Rate => rate(world, m).await,
        Act::AnswerFollowUp => {
            let text = m.follow_up_answer.as_deref().unwrap_or_default();
            follow_up::answer(app, &world.actor(staff).await?, number, text).await
        }
    }
}

async fn write(world: &mut World<'_>, m: &Message) -> Result<(), Problem> {
    let content = crate::message::Content {
        kind: Some(m.kind),
        title: m.title.clone(),
        text: m.text.clone(),
        department: String::new(),
        name: m.name.clone(),
        // Who gives no name gives no address.
        contact: if m.name.is_empty() { String::new() } else { format!("{}@example.invalid", m.key) },
        may_publish: !m.private,
    };
    let page = match &m.page {
        Some(key) => {
            let page = decision::path(world.code(key)?);
            // The clerk opened the page before anybody could write there.
            place::open(world.app, &world.actor(CLERK).await?, &page).await?.path
        }
        None => String::new(),
    };
    let input = Submit { content, page, consent: true, idempotency_key: None, lang: "zh" };
    let receipt = submit(world.app, &Actor::guest(), &input).await?;
    world.numbers.insert(m.key.clone(), receipt.number);
    world.codes.insert(m.key.clone(), receipt.code);
    Ok(())
}

async fn rate(world: &World<'_>, m: &Message) -> Result<(), Problem> {
    let (app, guest) = (world.app, Actor::guest());
    let code = world.codes.get(&m.key).ok_or_else(|| Problem::internal(m.key.clone()))?;
    let found = receipt::find(app.db.read(), code).await?;
    if found.subject_kind != SubjectKind::Message {
        return Err(Problem::internal(m.key.clone()));
    }
    let id = MessageId(found.subject_id);
    if let Some(word) = m.satisfaction {
        follow_up::vote(app, &guest, id, word).await?;
    }
    match &m.follow_up {
        Some(question) => follow_up::ask(app, &guest, id, question).await,
        None => Ok(()),
    }
}
