//! Thanks and a short questionnaire after an event: three marks from 1 to 5 and a few words, by the link of the
//! registration, once for each party that came. The figures are published with the report; the words are for the
//! organisers, encrypted, and erased with the rest of what visitors left.

use entity::enums::SubjectKind;
use entity::event_feedback::Model;
use entity::id::{EventId, EventRegistrationId};
use serde_json::json;
use validator::Validate;

use super::seats::Hall;
use super::state::State;
use super::store::{feedback as rows, registration};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::problem::{Code, Problem, Words, words};
use crate::text;

/// Characters of the words.
pub const LONGEST_WORDS: usize = 500;
/// The three questions in their order, as forms and the API name them.
pub const QUESTIONS: [&str; 3] = ["content", "hosting", "answers"];

/// A question of the questionnaire.
pub fn question_words(question: &str) -> Words {
    match question {
        "content" => words("活动内容对您有帮助吗？", "Was what you saw and heard of use to you?"),
        "hosting" => words("组织和服务怎么样？", "How was it organised?"),
        _ => words("您的问题和意见得到回应了吗？", "Were your questions and opinions answered?"),
    }
}

/// What a mark says.
pub fn mark_words(mark: i32) -> Words {
    match mark {
        5 => words("很好", "Very good"),
        4 => words("好", "Good"),
        3 => words("一般", "Fair"),
        2 => words("差", "Poor"),
        _ => words("很差", "Very poor"),
    }
}

/// What a visitor says.
#[derive(Clone, Debug, Default, Validate)]
pub struct Feedback {
    /// Marks from 1 to 5, in the order of [`QUESTIONS`].
    pub marks: [i32; 3],
    /// May be empty.
    #[validate(custom(function = text::several_lines))]
    pub words: String,
}

/// Whether the holder of a registration may say something now: after the session, if somebody came, until the data
/// of the visitors is erased.
pub fn may_give(state: &State, now: chrono::DateTime<chrono::Utc>) -> bool {
    now >= state.session.ends_at
        && state.registration.came > 0
        && state.event.cancelled_at.is_none()
        && state.event.erased_at.is_none()
}

/// Takes what a visitor says; said again, it replaces what was said before.
///
/// # Errors
/// `invalid`; `conflict` before the end, for who did not come, or when the data of visitors is erased; the database's
/// own.
pub async fn give_feedback(
    app: &App,
    actor: &Actor,
    id: EventRegistrationId,
    input: &Feedback,
) -> Result<(), Problem> {
    let input = Feedback { words: text::tidy(&input.words), ..input.clone() };
    check(&input)?;
    let write = app.write().await?;
    write.unseen();
    let known = registration::find(&*write, id).await?;
    let hall = Hall::lock(&write, known.session_id).await?;
    let found = registration::find(&*write, id).await?;
    if app.now() < hall.session.ends_at {
        return Err(Problem::conflict("活动结束后才能评价", "You can rate it once it is over"));
    }
    if found.came == 0 || hall.event.cancelled_at.is_some() {
        return Err(Problem::conflict("没有签到记录，不能评价", "Nobody of this registration came"));
    }
    if hall.event.erased_at.is_some() {
        return Err(Problem::conflict("评价已经截止", "The questionnaire is closed"));
    }
    let row = Model {
        registration_id: id,
        event_id: hall.event.id,
        content: input.marks[0],
        hosting: input.marks[1],
        answers: input.marks[2],
        words_enc: Some(&input.words).filter(|w| !w.is_empty()).map(|w| app.keys.encrypt(w, &app.rng)),
        given_at: app.now(),
    };
    rows::put(&write, &row).await?;
    let subject = audit::subject(SubjectKind::EventRegistration, id);
    audit::record(app, &write, actor, "event.feedback", subject, json!({ "marks": input.marks })).await?;
    write.commit().await
}

fn check(input: &Feedback) -> Result<(), Problem> {
    let mut problem = match input.validate() {
        Ok(()) => Problem::new(Code::Invalid),
        Err(errors) => Problem::from(errors),
    };
    for (question, mark) in QUESTIONS.iter().zip(input.marks) {
        if !(1..=5).contains(&mark) {
            problem = problem.field(*question, "请选择一项", "Please choose one");
        }
    }
    let n = input.words.chars().count();
    if n > LONGEST_WORDS {
        problem = problem.field(
            "words",
            format!("最多 {LONGEST_WORDS} 字，现有 {n} 字"),
            format!("At most {LONGEST_WORDS} characters, there are {n}"),
        );
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// How many said something, and how they marked each question.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    pub parties: u64,
    /// Averages in the order of [`QUESTIONS`].
    pub marks: [f64; 3],
}

/// The figures of an event; none while nobody said anything.
///
/// # Errors
/// The database's own.
pub async fn figures(app: &App, event: EventId) -> Result<Option<Figures>, Problem> {
    let all = rows::of_event(app.db.read(), event).await?;
    if all.is_empty() {
        return Ok(None);
    }
    let n = all.len() as f64;
    let average = |mark: fn(&Model) -> i32| all.iter().map(|f| f64::from(mark(f))).sum::<f64>() / n;
    let marks = [average(|f| f.content), average(|f| f.hosting), average(|f| f.answers)];
    Ok(Some(Figures { parties: all.len() as u64, marks }))
}

/// What visitors wrote, the latest first; for the organisers.
///
/// # Errors
/// The database's own.
pub(super) async fn words_of(app: &App, event: EventId) -> Result<Vec<String>, Problem> {
    let all = rows::of_event(app.db.read(), event).await?;
    Ok(all.iter().rev().filter_map(|f| app.keys.decrypt(f.words_enc.as_deref()?)).collect())
}

/// What this visitor said before.
pub(super) async fn given(app: &App, id: EventRegistrationId) -> Result<Option<Feedback>, Problem> {
    let row = rows::find(app.db.read(), id).await?;
    Ok(row.map(|f| Feedback {
        marks: [f.content, f.hosting, f.answers],
        words: f.words_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed)).unwrap_or_default(),
    }))
}
