//! Where an opinion stands changes here and nowhere else, so that there is one place that publishes. Who
//! may decide what, and why, is the review's business.

use entity::enums::{OpinionState, ShowAs, SubjectKind};
use entity::opinion::Model;

use super::store;
use crate::app::App;
use crate::attachment;
use crate::db::Write;
use crate::problem::{Code, Problem};
use crate::text;

/// What a review decided, or the author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Shown to everybody in these words: the text, or its redaction.
    Publish(String),
    Withhold,
    Return,
    Reject,
    /// A rejection is proposed.
    AwaitSecond,
    /// Back to the queue: overruled, undone, or revised.
    Reopen,
    /// Taken back by its author.
    Withdraw,
}

/// Moves the opinion on from the revision that was read.
///
/// # Errors
/// `stale` when it was changed in between; `conflict` for publishing what its author does not want shown;
/// the database's own.
pub async fn settle(app: &App, write: &Write, opinion: &Model, verdict: Verdict) -> Result<Model, Problem> {
    let now = app.now();
    let (state, reviewed_at) = match verdict {
        Verdict::Publish(_) => (OpinionState::Published, Some(now)),
        Verdict::Withhold => (OpinionState::Withheld, Some(now)),
        Verdict::Return => (OpinionState::Returned, Some(now)),
        Verdict::Reject => (OpinionState::Rejected, Some(now)),
        Verdict::AwaitSecond => (OpinionState::AwaitingSecond, None),
        Verdict::Reopen => (OpinionState::Pending, None),
        Verdict::Withdraw => (OpinionState::Withdrawn, opinion.reviewed_at),
    };
    let (public_text, public_name) = match verdict {
        Verdict::Publish(_) if opinion.show_as == ShowAs::Hidden => {
            return Err(Problem::conflict(
                "作者选择不公开，不能公开",
                "The author does not want it shown; it cannot be published",
            ));
        }
        Verdict::Publish(words) => (Some(words), Some(public_name(app, opinion))),
        _ => (None, None),
    };
    let after = Model {
        state,
        reviewed_at,
        published_at: public_text.is_some().then_some(now),
        public_text,
        public_name,
        revision: opinion.revision + 1,
        ..opinion.clone()
    };
    if !store::move_on(write, opinion.revision, &after).await? {
        return Err(Problem::new(Code::Stale));
    }
    store::tally::moved(write, opinion, &after).await?;
    if state == OpinionState::Pending {
        // What was decided for the last review is decided anew with the next.
        attachment::reopen(write, (SubjectKind::Opinion, opinion.id.0)).await?;
    }
    Ok(after)
}

/// What the public reads for a name, by the author's choice.
pub fn public_name(app: &App, opinion: &Model) -> String {
    let name = opinion.name_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed)).unwrap_or_default();
    match opinion.show_as {
        ShowAs::Named if !name.is_empty() => name,
        ShowAs::Masked if !name.is_empty() => text::mask_name(&name).into_owned(),
        ShowAs::Named | ShowAs::Masked | ShowAs::Anonymous | ShowAs::Hidden => "匿名".to_owned(),
    }
}
