//! The API of topics and responses, for staff of the undertaking department.

mod shapes;

use entity::id::{LineageId, TopicId};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::arrange::NewTopic;
use super::gather::{self, Group, Place};
use super::list::{Filter, Show};
use super::respond::Target;
use super::{arrange, list, respond, store};
use crate::actor::Actor;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;
use crate::{consultation, decision, opinion, text};

use shapes::{
    TopicAnswerIn, TopicGatherIn, TopicGathered, TopicIn, TopicMembersIn, TopicOpinionPage, TopicOrderIn,
    TopicOut, TopicPatch, TopicShow, TopicSuggestion, answer, item_out, out,
};

pub struct Api;

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
        let (items, total) = list::list(app.db.read(), found.id, &filter, None).await?;
        let items = items.into_iter().map(item_out).collect();
        Ok(Json(TopicOpinionPage { total, items }))
    }
}
