//! What the API of topics takes and gives.

use chrono::{DateTime, Utc};
use entity::enums::{Channel, OpinionState, Outcome, PersonKind};
use entity::id::{ClauseId, LineageId, TopicId};
use poem_openapi::{Enum, Object};

use crate::app::App;
use crate::text;
use crate::topic::respond::Answer;
use crate::topic::store::TopicStats;
use crate::topic::{list, policy};

/// A topic as it is written.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct TopicIn {
    #[oai(validator(min_length = 1, max_length = 80))]
    pub title: String,
    /// 意见建议: what the opinions say, in the words of the published table.
    #[oai(default, validator(max_length = 2000))]
    pub gist: String,
}

/// What may change about a topic.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct TopicPatch {
    #[oai(validator(min_length = 1, max_length = 80))]
    pub title: Option<String>,
    #[oai(validator(max_length = 2000))]
    pub gist: Option<String>,
}

/// A topic with its numbers.
#[derive(Object)]
pub struct TopicOut {
    pub id: TopicId,
    pub title: String,
    pub gist: String,
    /// Counted opinions in it.
    pub opinions: u64,
    /// Those for which the topic's response holds: they have none of their own.
    pub following: u64,
    /// Different people; opinions without a contact count each as one.
    pub people: u64,
    /// 较为集中
    pub concentrated: bool,
    #[oai(skip_serializing_if_is_none)]
    pub response: Option<TopicResponse>,
}

/// 处理结果
#[derive(Object)]
pub struct TopicResponse {
    pub outcome: Outcome,
    pub reason: String,
    /// The clause of the final text.
    #[oai(skip_serializing_if_is_none)]
    pub final_clause_id: Option<ClauseId>,
    pub updated_at: DateTime<Utc>,
}

/// An answer to a topic or an opinion.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct TopicAnswerIn {
    pub outcome: Outcome,
    /// Needed for every outcome but adopted; at least 10 characters for a concentrated topic not adopted.
    #[oai(default, validator(max_length = 4000))]
    pub reason: String,
    /// A clause of the decision's final text; for adopted and partly adopted only.
    pub final_clause_id: Option<ClauseId>,
}

/// Opinions by their acceptance numbers.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct TopicMembersIn {
    #[oai(validator(min_items = 1, max_items = 500))]
    pub opinions: Vec<String>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct TopicOrderIn {
    /// Every topic of the consultation, once.
    #[oai(validator(max_items = 500))]
    pub topics: Vec<TopicId>,
}

/// A group of opinions without a topic that belong together: give `clause` or `text_hash`.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct TopicGatherIn {
    /// Opinions on one clause, in whatever version of the draft.
    pub clause: Option<LineageId>,
    /// Opinions with the same words.
    pub text_hash: Option<String>,
}

/// A suggested group.
#[derive(Object)]
pub struct TopicSuggestion {
    #[oai(skip_serializing_if_is_none)]
    pub clause: Option<LineageId>,
    #[oai(skip_serializing_if_is_none)]
    pub text_hash: Option<String>,
    pub opinions: u64,
    pub label: String,
}

/// How many opinions were put into the topic.
#[derive(Object)]
pub struct TopicGathered {
    pub opinions: u64,
}

/// Which opinions to list.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
pub enum TopicShow {
    Ungrouped,
    Unanswered,
    All,
}

/// A page of opinions to work on.
#[derive(Object)]
pub struct TopicOpinionPage {
    pub total: u64,
    pub items: Vec<TopicOpinion>,
}

/// An opinion as its owner works on it; who can be reached where is not told.
#[derive(Object)]
pub struct TopicOpinion {
    pub number: String,
    pub state: OpinionState,
    pub channel: Channel,
    pub person_kind: PersonKind,
    /// The name as published, if it is.
    #[oai(skip_serializing_if_is_none)]
    pub public_name: Option<String>,
    pub text: String,
    pub received_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    pub clause: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub topic_id: Option<TopicId>,
    /// Its own outcome, or its topic's.
    #[oai(skip_serializing_if_is_none)]
    pub outcome: Option<Outcome>,
    /// Whether the outcome is the opinion's own.
    pub own_response: bool,
}

pub fn out(app: &App, stats: TopicStats) -> TopicOut {
    TopicOut {
        concentrated: policy::is_concentrated(stats.people, app.config.rules.concentrated_people),
        id: stats.topic.id,
        title: stats.topic.title,
        gist: stats.topic.gist,
        opinions: stats.opinions,
        following: stats.following,
        people: stats.people,
        response: stats.response.map(|r| TopicResponse {
            outcome: r.outcome,
            reason: r.reason,
            final_clause_id: r.final_clause_id,
            updated_at: r.updated_at,
        }),
    }
}

pub fn answer(body: TopicAnswerIn) -> Answer {
    Answer { outcome: body.outcome, reason: text::tidy(&body.reason), final_clause_id: body.final_clause_id }
}

pub fn item_out(item: list::Item) -> TopicOpinion {
    TopicOpinion {
        outcome: item.outcome(),
        own_response: item.own.is_some(),
        number: item.number,
        state: item.state,
        channel: item.channel,
        person_kind: item.person_kind,
        public_name: item.public_name,
        text: item.text,
        received_at: item.received_at,
        clause: item.clause,
        topic_id: item.topic_id,
    }
}
