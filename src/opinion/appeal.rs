//! The author's objection to a review (申诉, 跟帖评论服务管理规定 2022 Art. 13): once, from the state page, while
//! the answer of the consultation is not published. Another moderator decides it.

use chrono::NaiveDate;
use entity::appeal::Model;
use entity::consultation;
use entity::enums::{AppealState, DutyKind, OpinionState, ShowAs, SubjectKind};
use entity::id::{AppealId, OpinionId};
use entity::opinion;
use serde_json::json;
use validator::Validate;

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::duty::{self, Begin, Term};
use crate::problem::Problem;
use crate::{audit, text};

/// Characters of the author's reason, and of the answer to it.
pub const LONGEST: u32 = 1000;

#[derive(Validate)]
struct Reason {
    #[validate(custom(function = text::several_lines))]
    reason: String,
}

/// What an author does not have to accept: not shown against the own wish, shown in other words, or rejected.
pub fn is_against_the_author(o: &opinion::Model, current_text: &str) -> bool {
    match o.state {
        OpinionState::Withheld => o.show_as != ShowAs::Hidden,
        OpinionState::Rejected => true,
        OpinionState::Published => o.public_text.as_deref().is_some_and(|public| public != current_text),
        OpinionState::Pending
        | OpinionState::AwaitingSecond
        | OpinionState::Returned
        | OpinionState::Withdrawn => false,
    }
}

/// The last day on which an author may object, until 24:00 in Asia/Shanghai; none where there is nothing to
/// object to, or it is too late.
pub fn until(
    app: &App,
    o: &opinion::Model,
    current_text: &str,
    consultation: &consultation::Model,
) -> Option<NaiveDate> {
    if consultation.result_published_at.is_some() || !is_against_the_author(o, current_text) {
        return None;
    }
    let reviewed = civil::local_date(o.reviewed_at?);
    let last = reviewed.checked_add_days(chrono::Days::new(app.config.rules.appeal_days.into()))?;
    (app.today() <= last).then_some(last)
}

/// What either side writes: something, and not too much.
///
/// # Errors
/// `invalid`.
pub fn check_length(field: &'static str, words: &str) -> Result<(), Problem> {
    match words.chars().count() {
        0 => Err(Problem::invalid(field, "请写明理由", "Please say why")),
        n if n > LONGEST as usize => Err(Problem::invalid(
            field,
            format!("最多 {LONGEST} 字，现有 {n} 字"),
            format!("At most {LONGEST} characters; there are {n}"),
        )),
        _ => Ok(()),
    }
}

/// Takes the objection; its duty begins. The same one sent twice is taken once.
///
/// # Errors
/// `invalid`; `conflict` when there is nothing to object to, when it is too late, or after the one appeal; the
/// database's own.
pub async fn appeal(app: &App, actor: &Actor, id: OpinionId, typed: &str) -> Result<(), Problem> {
    let input = Reason { reason: text::tidy(typed) };
    input.validate()?;
    check_length("reason", &input.reason)?;
    let write = app.write().await?;
    let (opinion, consultation) = store::hold(&write, id).await?;
    if let Some(before) = store::appeal::of(&*write, id).await? {
        if before.state == AppealState::Open && before.reason == input.reason {
            return write.commit().await;
        }
        return Err(Problem::conflict(
            "每条意见可以申诉一次，您已经申诉过",
            "One appeal can be made for each opinion; yours was made",
        ));
    }
    let current = store::current_text(&*write, &opinion).await?;
    let review = store::last_review(&*write, id).await?;
    let (Some(_), Some(review)) = (until(app, &opinion, &current, &consultation), review) else {
        return Err(Problem::conflict(
            "这条意见现在不能申诉：没有可申诉的审核决定，或已过申诉期限，或采纳情况已经公布",
            "No appeal can be made now: there is no decision to object to, its time is over, or the result is published",
        ));
    };
    let row = Model {
        id: app.id::<AppealId>(),
        opinion_id: id,
        review_id: review.id,
        reason: input.reason,
        state: AppealState::Open,
        created_at: app.now(),
        decided_by: None,
        decided_at: None,
        answer: String::new(),
    };
    let detail = json!({ "review": review.id });
    store::appeal::insert(&write, row).await?;
    let (_, department_id) = store::target(&*write, &consultation.code).await?;
    let begin = Begin {
        kind: DutyKind::Appeal,
        subject_kind: SubjectKind::Opinion,
        subject_id: id.0,
        title: opinion.number.clone(),
        path: format!("/desk/review/{}", opinion.number),
        department_id,
        owner_id: None,
        start_on: app.today(),
        term: Term::WorkingDays(app.config.rules.appeal_working_days),
    };
    duty::open(app, &write, actor, begin).await?;
    audit::record(app, &write, actor, "opinion.appeal", audit::subject(SubjectKind::Opinion, id), detail)
        .await?;
    write.commit().await
}
