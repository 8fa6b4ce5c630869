//! The owner's list of opinions, with where each stands in grouping and answering. Filters run in SQL.

use chrono::{DateTime, Utc};
use entity::enums::{Channel, OpinionState, Outcome, PersonKind};
use entity::id::{ClauseId, ConsultationId, LineageId, OpinionId, TopicId};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::store::{self, ANSWERS};
use crate::problem::Problem;

/// Which opinions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// 未归并
    #[default]
    Ungrouped,
    /// 未答复
    Unanswered,
    /// 全部
    All,
}

impl Show {
    pub const ALL: [Self; 3] = [Self::Ungrouped, Self::Unanswered, Self::All];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ungrouped => "ungrouped",
            Self::Unanswered => "unanswered",
            Self::All => "all",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub show: Show,
    pub clause: Option<LineageId>,
    pub topic: Option<TopicId>,
    /// Part of the text or of the acceptance number.
    pub q: String,
    pub limit: u64,
    pub offset: u64,
}

/// An opinion as its owner works on it: what was said, never who can be reached where.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Item {
    pub id: OpinionId,
    pub number: String,
    pub state: OpinionState,
    pub channel: Channel,
    pub person_kind: PersonKind,
    pub public_name: Option<String>,
    /// As received.
    pub text: String,
    pub received_at: DateTime<Utc>,
    pub clause: Option<String>,
    pub clause_id: Option<ClauseId>,
    pub topic_id: Option<TopicId>,
    pub topic: Option<String>,
    pub own: Option<Outcome>,
    pub own_reason: Option<String>,
    pub shared: Option<Outcome>,
}

impl Filter {
    /// Whether nothing but the tab narrows the list.
    pub fn is_whole(&self) -> bool {
        self.clause.is_none() && self.topic.is_none() && self.q.is_empty()
    }
}

impl Item {
    /// Its own answer, or its topic's.
    pub fn outcome(&self) -> Option<Outcome> {
        self.own.or(self.shared)
    }
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

/// A page of opinions in the order of their numbers, and how many there are in all. `known` is that number
/// where the caller has it: counting them takes its time in a long list.
///
/// # Errors
/// The database's own.
pub async fn list(
    db: &impl ConnectionTrait,
    id: ConsultationId,
    filter: &Filter,
    known: Option<u64>,
) -> Result<(Vec<Item>, u64), Problem> {
    let (which, values) = condition(id, filter);
    let from =
        format!("{ANSWERS} LEFT JOIN clause c ON c.id = o.clause_id LEFT JOIN topic t ON t.id = m.topic_id");
    let total = match known {
        Some(n) => n,
        None => {
            let sql = format!("SELECT COUNT(*) AS n {from} WHERE {which}");
            let count: Vec<Count> = store::rows(db, &sql, values.clone()).await?;
            count.first().map_or(0, |c| u64::try_from(c.n).unwrap_or(0))
        }
    };
    let sql = format!(
        "SELECT o.id, o.number, o.state, o.channel, o.person_kind, o.public_name, o.text, o.received_at, \
         c.path AS clause, o.clause_id, t.id AS topic_id, t.title AS topic, ro.outcome AS own, ro.reason AS own_reason, \
         rt.outcome AS shared {from} WHERE {which} ORDER BY o.number LIMIT {} OFFSET {}",
        filter.limit, filter.offset
    );
    let items = store::rows(db, &sql, values).await?;
    Ok((items, total))
}

fn condition(id: ConsultationId, filter: &Filter) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![id.0.into()];
    let mut which = vec!["o.consultation_id = $1".to_owned()];
    match filter.show {
        Show::All => {}
        Show::Ungrouped => {
            which.push("o.state NOT IN ('rejected', 'withdrawn') AND m.topic_id IS NULL".into())
        }
        Show::Unanswered => {
            which.push("o.state NOT IN ('rejected', 'withdrawn') AND ro.id IS NULL AND rt.id IS NULL".into());
        }
    }
    let mut bind = |sql: &str, value: Value| {
        values.push(value);
        which.push(sql.replace('?', &format!("${}", values.len())));
    };
    if let Some(clause) = filter.clause {
        bind("c.lineage_id = ?", clause.0.into());
    }
    if let Some(topic) = filter.topic {
        bind("m.topic_id = ?", topic.0.into());
    }
    if !filter.q.is_empty() {
        let like = like(&filter.q);
        bind("(o.text LIKE ? ESCAPE '!' OR o.number LIKE ? ESCAPE '!')", like.into());
    }
    (which.join(" AND "), values)
}

/// A pattern that finds the words anywhere; `%` and `_` stand for themselves.
fn like(q: &str) -> String {
    let mut pattern = String::from("%");
    // PostgreSQL takes no NUL; no text holds one.
    for c in q.chars().filter(|c| *c != '\0') {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// A clause that opinions speak on.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ClauseCount {
    pub lineage_id: LineageId,
    pub path: String,
    pub n: i64,
}

/// The clauses with counted opinions, in the order of the text.
///
/// # Errors
/// The database's own.
pub async fn clause_counts(
    db: &impl ConnectionTrait,
    id: ConsultationId,
) -> Result<Vec<ClauseCount>, Problem> {
    let sql = "SELECT c.lineage_id, MIN(c.path) AS path, CAST(SUM(t.n) AS bigint) AS n \
               FROM opinion_tally t JOIN clause c ON c.id = t.clause_id \
               WHERE t.consultation_id = $1 AND t.state NOT IN ('rejected', 'withdrawn') \
               GROUP BY c.lineage_id HAVING SUM(t.n) > 0 ORDER BY MIN(c.position), c.lineage_id";
    store::rows(db, sql, [id.0.into()]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_of_the_database_are_plain_characters() {
        assert_eq!(like("50%_!"), "%50!%!_!!%");
    }

    #[test]
    fn every_filter_binds_its_value() {
        let filter = Filter {
            show: Show::All,
            clause: Some(LineageId(uuid::Uuid::nil())),
            topic: Some(TopicId(uuid::Uuid::nil())),
            q: "停车".into(),
            ..Filter::default()
        };
        let (sql, values) = condition(ConsultationId(uuid::Uuid::nil()), &filter);
        assert_eq!(values.len(), 4);
        assert!(sql.contains("m.topic_id = $3") && sql.contains("o.number LIKE $4"), "{sql}");
    }
}
