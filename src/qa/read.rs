//! What is read: by the public, and on the desk with what the public does not see.

use std::collections::HashMap;

use entity::duty::Model as Duty;
use entity::enums::{DutyState, QuestionState, Role};
use entity::id::{DepartmentId, QaSessionId};
use entity::qa_guest::Model as GuestRow;
use entity::qa_question::Model as Question;
use entity::qa_session::Model;
use sea_orm::ConnectionTrait;

use super::store::{self, question as rows};
use super::{Stage, policy, stage};
use crate::actor::{Actor, Staff};
use crate::app::App;
use crate::moderation::advice::{self, Finding};
use crate::moderation::lexicon;
use crate::problem::Problem;
use crate::{department, duty, text};

/// How many questions of a session are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub pending: u64,
    pub published: u64,
    pub answered: u64,
    pub rejected: u64,
}

impl Counts {
    pub fn received(&self) -> u64 {
        self.pending + self.published + self.answered + self.rejected
    }

    fn add(&mut self, state: QuestionState, n: u64) {
        match state {
            QuestionState::Pending => self.pending += n,
            QuestionState::Published => self.published += n,
            QuestionState::Answered => self.answered += n,
            QuestionState::Rejected => self.rejected += n,
        }
    }
}

/// A session in a list.
#[derive(Clone, Debug)]
pub struct Card {
    pub session: Model,
    pub stage: Stage,
    pub counts: Counts,
}

async fn cards(app: &App, sessions: Vec<Model>) -> Result<Vec<Card>, Problem> {
    let ids: Vec<QaSessionId> = sessions.iter().map(|s| s.id).collect();
    let mut counts: HashMap<QaSessionId, Counts> = HashMap::new();
    for (id, state, n) in rows::counts(app.db.read(), &ids).await? {
        counts.entry(id).or_default().add(state, n);
    }
    let card = |session: Model| Card {
        stage: stage(&session, app.now()),
        counts: counts.get(&session.id).copied().unwrap_or_default(),
        session,
    };
    Ok(sessions.into_iter().map(card).collect())
}

/// The session of an address, for who organises it.
///
/// # Errors
/// `unauthenticated`; `forbidden`; `not_found`, for a draft of others too; the database's own.
pub async fn organised(app: &App, actor: &Actor, code: &str) -> Result<Model, Problem> {
    actor.require_staff()?;
    let session = store::by_code(app.db.read(), code).await?;
    policy::may_organise(actor, &session)?;
    Ok(session)
}

/// Published sessions to come and under way.
///
/// # Errors
/// The database's own.
pub async fn to_come(app: &App) -> Result<Vec<Card>, Problem> {
    cards(app, store::to_come(app.db.read(), app.now()).await?).await
}

/// Published sessions that are over, the latest first.
///
/// # Errors
/// The database's own.
pub async fn over(app: &App, limit: u64, offset: u64) -> Result<Vec<Card>, Problem> {
    cards(app, store::over(app.db.read(), app.now(), limit, offset).await?).await
}

/// A session as everybody reads it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub session: Model,
    pub stage: Stage,
    pub guests: Vec<GuestRow>,
    /// What is public, in the order of arrival.
    pub questions: Vec<Question>,
    pub counts: Counts,
    pub names: HashMap<DepartmentId, String>,
}

/// One published session. Everything belongs to one moment, so that the figures agree.
///
/// # Errors
/// `not_found` for one that is not public; the database's own.
pub async fn shown(app: &App, code: &str) -> Result<Shown, Problem> {
    let db = app.db.moment().await?;
    let session = store::by_code(&db, code).await?;
    if session.published_at.is_none() {
        return Err(Problem::not_found());
    }
    let mut counts = Counts::default();
    for (_, state, n) in rows::counts(&db, &[session.id]).await? {
        counts.add(state, n);
    }
    Ok(Shown {
        stage: stage(&session, app.now()),
        guests: store::guests(&db, session.id).await?,
        questions: rows::public(&db, session.id).await?,
        names: department::names(&db).await?,
        counts,
        session,
    })
}

/// Whether somebody has a part in sessions at all.
pub fn takes_part(staff: &Staff) -> bool {
    let roles = [Role::Moderator, Role::Supervisor, Role::Owner];
    roles.iter().any(|role| staff.has(*role)) || !staff.heads.is_empty()
}

/// The departments that somebody runs.
fn run_by(staff: &Staff) -> Vec<DepartmentId> {
    let mut departments = staff.heads.clone();
    if staff.has(Role::Owner) {
        departments.push(staff.department_id);
    }
    departments
}

/// How many questions wait for somebody: for a moderator's review, and for answers.
///
/// # Errors
/// The database's own.
pub async fn waiting_for(app: &App, staff: &Staff) -> Result<u64, Problem> {
    let db = app.db.read();
    let mut n = 0;
    if staff.has(Role::Moderator) {
        n += rows::waiting(db, QuestionState::Pending, None).await?;
    }
    let mine = run_by(staff);
    if !mine.is_empty() {
        n += rows::waiting(db, QuestionState::Published, Some(&mine)).await?;
    }
    Ok(n)
}

/// The sessions on somebody's desk, and how many there are.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn on_desk(app: &App, actor: &Actor, limit: u64, offset: u64) -> Result<(Vec<Card>, u64), Problem> {
    let staff = actor.require_staff()?;
    if !takes_part(staff) {
        return Err(Problem::forbidden());
    }
    let all = staff.has(Role::Moderator) || staff.has(Role::Supervisor);
    let mine = run_by(staff);
    let scope = (!all).then_some(mine.as_slice());
    let (sessions, n) = store::of_departments(app.db.read(), scope, limit, offset).await?;
    Ok((cards(app, sessions).await?, n))
}

/// A session on the desk.
#[derive(Debug)]
pub struct Desk {
    pub session: Model,
    pub stage: Stage,
    pub guests: Vec<GuestRow>,
    pub counts: Counts,
    pub names: HashMap<DepartmentId, String>,
    /// Questions of the chosen states, with their words.
    pub questions: Vec<(Question, String)>,
}

/// Opens a session for staff, with the questions of some states.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; the database's own.
pub async fn desk(app: &App, actor: &Actor, code: &str, states: &[QuestionState]) -> Result<Desk, Problem> {
    actor.require_staff()?;
    let db = app.db.read();
    let (session, guests) = readable(db, actor, code).await?;
    let mut counts = Counts::default();
    for (_, state, n) in rows::counts(db, &[session.id]).await? {
        counts.add(state, n);
    }
    let questions = rows::of_states(db, session.id, states).await?;
    let open = |q: Question| {
        let words = app.keys.decrypt(&q.text_enc).unwrap_or_default();
        (q, words)
    };
    Ok(Desk {
        stage: stage(&session, app.now()),
        names: department::names(db).await?,
        questions: questions.into_iter().map(open).collect(),
        session,
        guests,
        counts,
    })
}

async fn readable(
    db: &impl ConnectionTrait,
    actor: &Actor,
    code: &str,
) -> Result<(Model, Vec<GuestRow>), Problem> {
    let session = store::by_code(db, code).await?;
    let guests = store::guests(db, session.id).await?;
    let departments: Vec<DepartmentId> = guests.iter().map(|g| g.department_id).collect();
    policy::may_read(actor, &session, &departments)?;
    Ok((session, guests))
}

/// A question on the desk, with advice.
#[derive(Debug)]
pub struct Case {
    pub session: Model,
    pub stage: Stage,
    pub guests: Vec<GuestRow>,
    pub question: Question,
    pub text: String,
    /// What the public would read for a name.
    pub name_masked: Option<String>,
    pub contact_masked: Option<String>,
    pub findings: Vec<Finding>,
    pub duty: Option<Duty>,
}

/// Opens one question for staff.
///
/// # Errors
/// As [`desk`].
pub async fn case(app: &App, actor: &Actor, code: &str, number: i32) -> Result<Case, Problem> {
    actor.require_staff()?;
    let db = app.db.read();
    let (session, guests) = readable(db, actor, code).await?;
    let question = rows::by_number(db, session.id, number).await?;
    let lexicon = lexicon::current(app).await?;
    let open = |sealed: &Option<Vec<u8>>| sealed.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    let text = app.keys.decrypt(&question.text_enc).unwrap_or_default();
    let duties = duty::of_subject(db, question.id.0).await?;
    Ok(Case {
        stage: stage(&session, app.now()),
        name_masked: open(&question.name_enc).map(|n| text::mask_name(&n).into_owned()),
        contact_masked: open(&question.contact_enc).map(|c| text::mask_contact(&c)),
        findings: advice::find(&text, &lexicon),
        duty: duties.into_iter().find(|d| d.state == DutyState::Open),
        session,
        guests,
        question,
        text,
    })
}
