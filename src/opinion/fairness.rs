//! How the opinions of a consultation were handled, for everybody to see (公开透明): where each stands, by channel,
//! and why some are not shown. It always adds up.

use std::collections::BTreeMap;

use entity::consultation::Model as Consultation;
use entity::enums::{AppealState, Channel, OpinionState, ReasonCode};
use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement};

use super::store::{self, Counts};
use crate::app::App;
use crate::consultation::{Stage, stage};
use crate::problem::Problem;

/// With fewer cases than this, a reason could point at one person while the consultation is open.
pub const FEW: u64 = 3;

/// A reason and how many opinions it kept from the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotShown {
    /// None for the reasons with few cases, taken together.
    pub reason: Option<ReasonCode>,
    /// Counted and dealt with all the same; otherwise not accepted.
    pub counted: bool,
    pub n: u64,
}

#[derive(Clone, Debug)]
pub struct Fairness {
    pub counts: Counts,
    /// Those of `counts.published` whose personal data was removed first (隐去个人信息).
    pub redacted: u64,
    /// Of all, how many came in floods (集中涌入) and were queued apart.
    pub in_floods: u64,
    /// Received by each way, with how many of them are shown.
    pub channels: Vec<(Channel, Counts)>,
    /// Their sum is `counts.withheld + counts.rejected`.
    pub not_shown: Vec<NotShown>,
    pub appeals_open: u64,
    pub appeals_upheld: u64,
    pub appeals_overturned: u64,
    /// Who filled in the questionnaire beside it (问卷调查), where there is one. They are no opinions and in no other
    /// figure here.
    pub questionnaire: Option<u64>,
}

#[derive(FromQueryResult)]
struct Row {
    state: OpinionState,
    reason_code: Option<ReasonCode>,
    n: i64,
}

/// The last review in force of each opinion that is not shown, or not as it was written. The former are found by
/// their state, the latter by their reviews: both are few among all that were published.
const REASONS: &str = "SELECT o.state, r.reason_code, COUNT(*) AS n FROM opinion o \
     JOIN review r ON r.id = (SELECT l.id FROM review l WHERE l.opinion_id = o.id AND l.state = 'final' \
     ORDER BY l.created_at DESC, l.id DESC LIMIT 1) \
     WHERE o.consultation_id = $1 AND o.state IN ('withheld', 'returned', 'rejected') \
     GROUP BY o.state, r.reason_code \
     UNION ALL SELECT 'published', NULL, COUNT(*) FROM review r \
     WHERE r.action = 'publish_redacted' AND r.state = 'final' \
     AND (SELECT o.state FROM opinion o WHERE o.id = r.opinion_id AND o.consultation_id = $1) = 'published' \
     AND NOT EXISTS (SELECT 1 FROM review l WHERE l.opinion_id = r.opinion_id AND l.state = 'final' \
     AND (l.created_at > r.created_at OR (l.created_at = r.created_at AND l.id > r.id)))";

/// The figures of a published consultation.
///
/// # Errors
/// `not_found` for one that is not public; the database's own.
pub async fn fairness(app: &App, code: &str) -> Result<(Consultation, Fairness), Problem> {
    let code = super::code(code)?;
    let moment = app.db.moment().await?;
    let db = &moment;
    let (consultation, _) = store::target(db, code).await?;
    let stage = stage(&consultation, app.now());
    if stage == Stage::Draft {
        return Err(Problem::not_found());
    }
    let statement =
        Statement::from_sql_and_values(db.get_database_backend(), REASONS, [consultation.id.0.into()]);
    let rows = Row::find_by_statement(statement).all(db).await?;
    let channels = store::by_channel(db, consultation.id).await?;
    let counts = channels.iter().fold(Counts::default(), |sum, (_, c)| sum.plus(c));
    let appeals: BTreeMap<AppealState, u64> = store::appeal::counts(db, consultation.id).await?;
    let appeals = |state| appeals.get(&state).copied().unwrap_or(0);
    let redacted = rows.iter().filter(|r| r.state == OpinionState::Published).map(|r| r.n).sum::<i64>();
    let figures = Fairness {
        redacted: u64::try_from(redacted).unwrap_or(0),
        in_floods: super::flood::of_consultation(db, consultation.id).await?,
        channels,
        not_shown: not_shown(&rows, counts, stage == Stage::Open),
        appeals_open: appeals(AppealState::Open),
        appeals_upheld: appeals(AppealState::Upheld),
        appeals_overturned: appeals(AppealState::Overturned),
        questionnaire: store::questionnaire_responses(db, consultation.id).await?,
        counts,
    };
    Ok((consultation, figures))
}

fn not_shown(rows: &[Row], counts: Counts, is_open: bool) -> Vec<NotShown> {
    let mut by_reason: BTreeMap<(bool, ReasonCode), u64> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.state != OpinionState::Published) {
        if let Some(reason) = row.reason_code {
            let counted = row.state != OpinionState::Rejected;
            *by_reason.entry((counted, reason)).or_default() += u64::try_from(row.n).unwrap_or(0);
        }
    }
    let mut all = Vec::new();
    for (counted, total) in [(true, counts.withheld), (false, counts.rejected)] {
        let named = by_reason.iter().filter(|((c, _), n)| *c == counted && !(is_open && **n < FEW));
        let named: Vec<_> =
            named.map(|((_, reason), n)| NotShown { reason: Some(*reason), counted, n: *n }).collect();
        let rest = total.saturating_sub(named.iter().map(|r| r.n).sum());
        all.extend(named);
        if rest > 0 {
            all.push(NotShown { reason: None, counted, n: rest });
        }
    }
    all
}
