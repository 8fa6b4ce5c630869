//! The API of topics and responses, for staff of the undertaking department.

use chrono::{DateTime, Utc};
use entity::enums::{Channel, OpinionState, Outcome, PersonKind};
use entity::id::{ClauseId, LineageId, TopicId};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::arrange::NewTopic;
use super::gather::{self, Group, Place};
use super::list::{Filter, Show};
use super::respond::{Answer, Target};
use super::store::TopicStats;
use super::{arrange, list, policy, respond, store};
use crate::actor::Actor;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;
use crate::{consultation, decision, opinion, text};

pub struct Api;

/// A topic as it is written.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct TopicIn {
    #[oai(validator(min_length = 1, max_length = 80))]
    title: String,
    /// 意见建议: what the opinions say, in the words of the published table.
    #[oai(default, validator(max_length = 2000))]
    gist: String,
}

/// What may change about a topic.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct TopicPatch {
    #[oai(validator(min_length = 1, max_length = 80))]
    title: Option<String>,
    #[oai(validator(max_length = 2000))]
    gist: Option<String>,
}

/// A topic with its numbers.
#[derive(Object)]
struct TopicOut {
    id: TopicId,
    title: String,
    gist: String,
    /// Counted opinions in it.
    opinions: u64,
    /// Those for which the topic's response holds: they have none of their own.
    following: u64,
    /// Different people; opinions without a contact count each as one.
    people: u64,
    /// 较为集中
    concentrated: bool,
    #[oai(skip_serializing_if_is_none)]
    response: Option<TopicResponse>,
}

/// 处理结果
#[derive(Object)]
struct TopicResponse {
    outcome: Outcome,
    reason: String,
    /// The clause of the final text.
    #[oai(skip_serializing_if_is_none)]
    final_clause_id: Option<ClauseId>,
    updated_at: DateTime<Utc>,
}

/// An answer to a topic or an opinion.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct TopicAnswerIn {
    outcome: Outcome,
    /// Needed for every outcome but adopted; at least 10 characters for a concentrated topic not adopted.
    #[oai(default, validator(max_length = 4000))]
    reason: String,
    /// A clause of the decision's final text; for adopted and partly adopted only.
    final_clause_id: Option<ClauseId>,
}

/// Opinions by their acceptance numbers.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct TopicMembersIn {
    #[oai(validator(min_items = 1, max_items = 500))]
    opinions: Vec<String>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct TopicOrderIn {
    /// Every topic of the consultation, once.
    #[oai(validator(max_items = 500))]
    topics: Vec<TopicId>,
}

/// A group of opinions without a topic that belong together: give `clause` or `text_hash`.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct TopicGatherIn {
    /// Opinions on one clause, in whatever version of the draft.
    clause: Option<LineageId>,
    /// Opinions with the same words.
    text_hash: Option<String>,
}

/// A suggested group.
#[derive(Object)]
struct TopicSuggestion {
    #[oai(skip_serializing_if_is_none)]
    clause: Option<LineageId>,
    #[oai(skip_serializing_if_is_none)]
    text_hash: Option<String>,
    opinions: u64,
    label: String,
}

/// How many opinions were put into the topic.
#[derive(Object)]
struct TopicGathered {
    opinions: u64,
}

/// Which opinions to list.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
enum TopicShow {
    Ungrouped,
    Unanswered,
    All,
}

/// A page of opinions to work on.
#[derive(Object)]
struct TopicOpinionPage {
    total: u64,
    items: Vec<TopicOpinion>,
}

/// An opinion as its owner works on it; who can be reached where is not told.
#[derive(Object)]
struct TopicOpinion {
    number: String,
    state: OpinionState,
    channel: Channel,
    person_kind: PersonKind,
    /// The name as published, if it is.
    #[oai(skip_serializing_if_is_none)]
    public_name: Option<String>,
    text: String,
    received_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    clause: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    topic_id: Option<TopicId>,
    /// Its own outcome, or its topic's.
    #[oai(skip_serializing_if_is_none)]
    outcome: Option<Outcome>,
    /// Whether the outcome is the opinion's own.
    own_response: bool,
}

async fn enter(app: &App, actor: &Actor, code: &str) -> Result<entity::consultation::Model, Problem> {
    let db = app.db.read();
    let found = consultation::by_code(db, code).await?;
    decision::may_run(actor, &decision::find(db, found.decision_id).await?)?;
    Ok(found)
}

async fn topic_out(app: &App, actor: &Actor, id: TopicId) -> Result<Json<TopicOut>, Problem> {
    let db = app.db.read();
    let topic = store::find(db, id).await?;
    let found = consultation::find(db, topic.consultation_id).await?;
    decision::may_run(actor, &decision::find(db, found.decision_id).await?)?;
    let stats = store::stats(db, found.id).await?.into_iter().find(|s| s.topic.id == id);
    Ok(Json(out(app, stats.ok_or_else(Problem::not_found)?)))
}

fn out(app: &App, stats: TopicStats) -> TopicOut {
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

fn answer(body: TopicAnswerIn) -> Answer {
    Answer { outcome: body.outcome, reason: text::tidy(&body.reason), final_clause_id: body.final_clause_id }
}

#[OpenApi(tag = "Area::Summary")]
impl Api {
    /// 主题列表 The topics of a consultation with their numbers and responses
    #[oai(path = "/consultations/:code/topics", method = "get", operation_id = "listTopics")]
    async fn topics(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<Vec<TopicOut>>, Problem> {
        let found = enter(&app, &token.0, &code).await?;
        let topics = store::stats(app.db.read(), found.id).await?;
        Ok(Json(topics.into_iter().map(|s| out(&app, s)).collect()))
    }

    /// 新建主题 Add a topic
    #[oai(path = "/consultations/:code/topics", method = "post", operation_id = "createTopic")]
    async fn create(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<TopicIn>,
    ) -> Result<Json<TopicOut>, Problem> {
        let found = enter(&app, &token.0, &code).await?;
        let new = NewTopic { title: text::tidy(&body.title), gist: text::tidy(&body.gist) };
        let id = arrange::create(&app, &token.0, found.id, &new).await?;
        topic_out(&app, &token.0, id).await
    }

    /// 调整主题顺序 Put the topics into a new order
    #[oai(path = "/consultations/:code/topic-order", method = "put", operation_id = "orderTopics")]
    async fn order(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<TopicOrderIn>,
    ) -> Result<Json<Vec<TopicOut>>, Problem> {
        let found = enter(&app, &token.0, &code).await?;
        arrange::order(&app, &token.0, found.id, &body.topics).await?;
        self.topics(app, token, code).await
    }

    /// 修改主题 Change a topic
    #[oai(path = "/topics/:id", method = "patch", operation_id = "changeTopic")]
    async fn change(
        &self,
        app: Data<&App>,
        token: StaffToken,
        id: Path<TopicId>,
        body: Json<TopicPatch>,
    ) -> Result<Json<TopicOut>, Problem> {
        let now = topic_out(&app, &token.0, *id).await?;
        let new = NewTopic {
            title: body.title.as_deref().map_or_else(|| now.title.clone(), text::tidy),
            gist: body.gist.as_deref().map_or_else(|| now.gist.clone(), text::tidy),
        };
        arrange::change(&app, &token.0, *id, &new).await?;
        topic_out(&app, &token.0, *id).await
    }

    /// 删除主题（须无意见） Remove a topic without opinions
    #[oai(path = "/topics/:id", method = "delete", operation_id = "deleteTopic")]
    async fn delete(&self, app: Data<&App>, token: StaffToken, id: Path<TopicId>) -> Result<(), Problem> {
        arrange::delete(&app, &token.0, *id).await
    }

    /// 归并意见 Put opinions into a topic
    #[oai(path = "/topics/:id/opinions", method = "post", operation_id = "joinTopic")]
    async fn join(
        &self,
        app: Data<&App>,
        token: StaffToken,
        id: Path<TopicId>,
        body: Json<TopicMembersIn>,
    ) -> Result<Json<TopicOut>, Problem> {
        let topic = store::find(app.db.read(), *id).await?;
        let place = Place::Topic(*id);
        gather::join(&app, &token.0, topic.consultation_id, &place, &body.opinions).await?;
        topic_out(&app, &token.0, *id).await
    }

    /// 移出主题 Take opinions out of their topics
    #[oai(path = "/consultations/:code/ungroup", method = "post", operation_id = "leaveTopic")]
    async fn leave(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<TopicMembersIn>,
    ) -> Result<(), Problem> {
        let found = enter(&app, &token.0, &code).await?;
        gather::leave(&app, &token.0, found.id, &body.opinions).await
    }

    /// 归并建议 Groups of opinions without a topic: the same words, the same clause
    #[oai(path = "/consultations/:code/topic-suggestions", method = "get", operation_id = "suggestTopics")]
    async fn suggestions(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<Vec<TopicSuggestion>>, Problem> {
        let found = enter(&app, &token.0, &code).await?;
        let groups = gather::suggestions(app.db.read(), found.id).await?;
        let groups = groups.into_iter().map(|s| {
            let (clause, text_hash) = match s.group {
                Group::Clause(id) => (Some(id), None),
                Group::Text(hash) => (None, Some(hash)),
            };
            TopicSuggestion { clause, text_hash, opinions: s.opinions, label: s.label }
        });
        Ok(Json(groups.collect()))
    }

    /// 整组归并 Put a suggested group into a topic
    #[oai(path = "/topics/:id/gather", method = "post", operation_id = "gatherTopic")]
    async fn gather(
        &self,
        app: Data<&App>,
        token: StaffToken,
        id: Path<TopicId>,
        body: Json<TopicGatherIn>,
    ) -> Result<Json<TopicGathered>, Problem> {
        let group = match (body.clause, body.text_hash.clone()) {
            (Some(lineage), None) => Group::Clause(lineage),
            (None, Some(hash)) => Group::Text(hash),
            _ => {
                return Err(Problem::invalid(
                    "clause",
                    "clause 与 text_hash 二选一",
                    "Give either clause or text_hash",
                ));
            }
        };
        let topic = store::find(app.db.read(), *id).await?;
        let place = Place::Topic(*id);
        let (_, n) = gather::gather(&app, &token.0, topic.consultation_id, &group, &place).await?;
        Ok(Json(TopicGathered { opinions: n as u64 }))
    }

    /// 答复主题 Answer a topic
    #[oai(path = "/topics/:id/response", method = "put", operation_id = "respondToTopic")]
    async fn respond_topic(
        &self,
        app: Data<&App>,
        token: StaffToken,
        id: Path<TopicId>,
        body: Json<TopicAnswerIn>,
    ) -> Result<Json<TopicOut>, Problem> {
        respond::respond(&app, &token.0, Target::Topic(*id), &answer(body.0)).await?;
        topic_out(&app, &token.0, *id).await
    }

    /// 撤销对主题的答复 Take the answer to a topic back
    #[oai(path = "/topics/:id/response", method = "delete", operation_id = "retractTopicResponse")]
    async fn retract_topic(
        &self,
        app: Data<&App>,
        token: StaffToken,
        id: Path<TopicId>,
    ) -> Result<(), Problem> {
        respond::retract(&app, &token.0, Target::Topic(*id)).await
    }

    /// 单独答复一条意见 Answer one opinion; goes before its topic's answer
    #[oai(path = "/opinions/:number/response", method = "put", operation_id = "respondToOpinion")]
    async fn respond_opinion(
        &self,
        app: Data<&App>,
        token: StaffToken,
        number: Path<String>,
        body: Json<TopicAnswerIn>,
    ) -> Result<(), Problem> {
        token.0.require_staff()?;
        let found = opinion::by_number(app.db.read(), &number).await?;
        respond::respond(&app, &token.0, Target::Opinion(found.id), &answer(body.0)).await?;
        Ok(())
    }

    /// 撤销对一条意见的单独答复 Take the answer to one opinion back
    #[oai(path = "/opinions/:number/response", method = "delete", operation_id = "retractOpinionResponse")]
    async fn retract_opinion(
        &self,
        app: Data<&App>,
        token: StaffToken,
        number: Path<String>,
    ) -> Result<(), Problem> {
        token.0.require_staff()?;
        let found = opinion::by_number(app.db.read(), &number).await?;
        respond::retract(&app, &token.0, Target::Opinion(found.id)).await
    }

    /// 待归并、待答复的意见 Opinions to group and answer
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    #[oai(path = "/consultations/:code/answers", method = "get", operation_id = "listAnswers")]
    async fn answers(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        show: Query<Option<TopicShow>>,
        topic: Query<Option<TopicId>>,
        clause: Query<Option<LineageId>>,
        #[oai(validator(max_length = 100))] q: Query<Option<String>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))] limit: Query<Option<u64>>,
        #[oai(validator(maximum(value = "1000000")))] offset: Query<Option<u64>>,
    ) -> Result<Json<TopicOpinionPage>, Problem> {
        let found = enter(&app, &token.0, &code).await?;
        let filter = Filter {
            show: match show.0 {
                Some(TopicShow::Ungrouped) => Show::Ungrouped,
                Some(TopicShow::Unanswered) => Show::Unanswered,
                Some(TopicShow::All) | None => Show::All,
            },
            topic: topic.0,
            clause: clause.0,
            q: q.0.map(|q| text::tidy(&q)).unwrap_or_default(),
            limit: limit.0.unwrap_or(50),
            offset: offset.0.unwrap_or(0),
        };
        let (items, total) = list::list(app.db.read(), found.id, &filter).await?;
        let items = items.into_iter().map(item_out).collect();
        Ok(Json(TopicOpinionPage { total, items }))
    }
}

fn item_out(item: list::Item) -> TopicOpinion {
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
