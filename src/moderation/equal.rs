//! One decision for opinions that say the same, or nearly the same: many people send one text. Each is decided on its own,
//! in its own transaction, under the same rules; one that changed meanwhile is left and named.

use entity::enums::{OpinionState, ReasonCode, ReviewAction, Role};

use super::review::{Decide, review};
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::problem::{Code, Problem};

/// More at once would keep the moderator waiting.
pub const MOST: usize = 100;

/// The same decision for several opinions.
#[derive(Clone, Debug)]
pub struct DecideEqual {
    /// The opinion whose text the others share, or nearly.
    pub number: String,
    /// Number and revision read of each, the first included if it is to be decided too.
    pub opinions: Vec<(String, i32)>,
    pub action: ReviewAction,
    pub reason_code: Option<ReasonCode>,
    pub reason_text: String,
}

/// What became of each.
pub type Results = Vec<(String, Result<OpinionState, Problem>)>;

/// Decides on each; a failure of one does not touch the others.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid` for an empty or mixed selection; the database's own.
pub async fn review_equal(app: &App, actor: &Actor, input: &DecideEqual) -> Result<Results, Problem> {
    actor.require(Role::Moderator)?;
    let lead = crate::opinion::by_number(app.db.read(), &input.number).await?;
    if input.opinions.is_empty() || input.opinions.len() > MOST {
        return Err(Problem::invalid(
            "opinions",
            format!("请选择 1 至 {MOST} 条意见"),
            format!("Please choose 1 to {MOST} opinions"),
        ));
    }
    if input.action == ReviewAction::PublishRedacted {
        return Err(Problem::invalid("action", "隐去个人信息须逐条处理", "Redactions are made one by one"));
    }
    let numbers: Vec<String> = input.opinions.iter().map(|(number, _)| number.clone()).collect();
    let mut equal = store::equal_among(app.db.read(), &lead, &numbers).await?;
    if numbers.iter().any(|n| !equal.contains(n)) {
        equal.extend(store::near_among(app.db.read(), &lead, &numbers).await?);
    }
    if numbers.iter().any(|n| !equal.contains(n)) {
        return Err(Problem::invalid(
            "opinions",
            "所选意见的内容并不相同或相近，请逐条审核",
            "The chosen opinions do not say the same or nearly so; review them one by one",
        ));
    }
    let mut results = Results::new();
    for (number, revision) in &input.opinions {
        let one = Decide {
            number: number.clone(),
            revision: *revision,
            action: input.action,
            reason_code: input.reason_code,
            reason_text: input.reason_text.clone(),
            public_text: None,
        };
        match review(app, actor, &one).await {
            // What is wrong with the decision itself is wrong for all of them.
            Err(problem) if problem.code == Code::Invalid && results.is_empty() => return Err(problem),
            result => results.push((number.clone(), result)),
        }
    }
    Ok(results)
}
