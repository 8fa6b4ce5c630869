//! A great many opinions (`jianyan demo --opinions N`), to see the site at its limits. They go straight into the
//! tables in batches: the operations are what is to be measured, not what makes the data. The rows are those
//! the operations would leave: numbers without gaps, receipts, reviews, duties, topics; only the audit chain
//! holds one record for all of them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{
    Channel, DutyKind, DutyState, OpinionState, PersonKind, ReasonCode, ReviewAction, ReviewState, ShowAs,
    StageState, SubjectKind,
};
use entity::id::{ClauseId, OpinionId, StaffId, TopicId};
use entity::{consultation, duty, duty_stage, opinion, receipt, review, staff, topic, topic_opinion};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel, QueryFilter as _,
    QueryOrder as _,
};

use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::civil;
use crate::db::Write;
use crate::keys::{Purpose, sha256_hex};
use crate::opinion::tally::{self, Cell};
use crate::problem::Problem;
use crate::receipt::receipt_row;
use crate::{consultation as consultations, decision, document, sequence, text};

/// Rows a statement: 21 columns of 1,000 rows stay below the 32,766 parameters of SQLite and the 65,535 of
/// PostgreSQL.
const ROWS: usize = 1000;
/// Opinions a transaction.
const BATCH: u64 = 20_000;
/// Of a thousand opinions.
const WITHHELD: u64 = 10;
const REJECTED: u64 = 5;
/// What came in during the last day waits for its review.
const WAITING: TimeDelta = TimeDelta::hours(20);

const TOPICS: [&str; 12] = [
    "延长晚间开放时间",
    "增加免费时段",
    "现场预约名额",
    "停车与公交",
    "更衣和淋浴",
    "收费标准公示",
    "团体包场限制",
    "无障碍设施",
    "青少年优惠",
    "场地维护",
    "安全与救护",
    "信息公开",
];
const WHO: [&str; 12] = [
    "我是附近的居民",
    "作为一名上班族",
    "我家孩子上小学",
    "我今年六十八岁",
    "我们单位有羽毛球队",
    "我经常带老人来",
    "我是一名教练",
    "我住在河西片区",
    "作为志愿者",
    "我是残疾人",
    "我们几个邻居商量过",
    "我每周来三次",
];
const WHAT: [&str; 12] = [
    "晚上最好开到二十二点",
    "希望周末上午多留几片场地",
    "预约系统常常打不开",
    "停车场到了周末根本进不去",
    "淋浴间的热水时有时无",
    "收费价目应当贴在门口",
    "团体包场不要占满晚上",
    "轮椅从东门进不来",
    "学生票能不能再便宜一点",
    "木地板有几处翘起来了",
    "希望配一台除颤仪",
    "开放时间变动应提前一周公告",
];
const WHY: [&str; 12] = [
    "下班赶过去只剩半个小时",
    "每次都要抢，老人不会用手机",
    "打了三次电话都没有人接",
    "来回要走二十多分钟",
    "冬天洗完容易感冒",
    "不然到了窗口才知道要加钱",
    "普通市民基本订不上",
    "绕一圈要走四百多米",
    "一家三口去一次要一百多",
    "上个月就有人崴了脚",
    "万一出事来得及",
    "白跑一趟实在可惜",
];
const HOW: [&str; 8] = [
    "。请在第八条里写清楚。",
    "，建议写进办法并公布责任单位。",
    "。别的区已经这样做了，可以参考。",
    "，请认真研究。",
    "。如果做不到，也请说明原因。",
    "，谢谢！",
    "。希望正式文本里有明确的数字。",
    "，我们愿意配合。",
];

/// Numbers that look random and are the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let i = usize::try_from(self.roll(from.len() as u64)).unwrap_or(0);
        from.get(i).copied().unwrap_or_default()
    }
}

/// The consultation that is filled, and who works on it.
struct Ground<'a> {
    app: &'a App,
    consultation: consultation::Model,
    decision: entity::decision::Model,
    clauses: Vec<ClauseId>,
    topics: Vec<TopicId>,
    moderator: StaffId,
    second: StaffId,
    opened: DateTime<Utc>,
}

/// Rows of one transaction.
#[derive(Default)]
struct Rows {
    opinions: Vec<opinion::Model>,
    receipts: Vec<receipt::Model>,
    reviews: Vec<review::Model>,
    duties: Vec<duty::Model>,
    stages: Vec<duty_stage::Model>,
    members: Vec<topic_opinion::Model>,
}

impl Rows {
    /// Every opinion here comes from a person of its own.
    fn tally(&self) -> tally::Changes {
        let topics: HashMap<OpinionId, TopicId> =
            self.members.iter().map(|m| (m.opinion_id, m.topic_id)).collect();
        let mut changes = tally::Changes::new();
        for o in &self.opinions {
            let (n, people) = changes.entry(Cell::of(o, topics.get(&o.id).copied())).or_default();
            (*n, *people) = (*n + 1, *people + 1);
        }
        changes
    }
}

/// Adds `count` opinions to the example's first open consultation; tells how many are there after each batch.
///
/// # Errors
/// `not_found` without an open consultation; the database's own.
pub async fn fill(app: &App, count: u64, mut progress: impl FnMut(u64)) -> Result<(), Problem> {
    let ground = ground(app).await?;
    let mut dice = Dice(7);
    let mut done = 0;
    while done < count {
        let batch = BATCH.min(count - done);
        let write = app.write().await?;
        let name = format!("opinion:{}", ground.consultation.code);
        let first = sequence::take(&*write, &name, i64::try_from(batch).unwrap_or(0)).await?;
        let mut rows = Rows::default();
        for i in 0..batch {
            let number = format!("{}-{:06}", ground.consultation.code, first + i64::try_from(i).unwrap_or(0));
            let share = TimeDelta::seconds(i64::try_from((done + i) * ground.seconds() / count).unwrap_or(0));
            ground.opinion(&mut rows, &mut dice, number, ground.opened + share);
        }
        tally::change(&write, ground.consultation.id, rows.tally()).await?;
        write_down(&write, rows).await?;
        write.commit().await?;
        done += batch;
        progress(done);
    }
    let write = app.write().await?;
    tally::recount(&write, ground.consultation.id).await?;
    let subject = audit::subject(SubjectKind::Consultation, ground.consultation.id);
    let detail = serde_json::json!({ "opinions": count });
    audit::record(app, &write, &Actor::system(), "demo.fill", subject, detail).await?;
    write.commit().await
}

async fn ground(app: &App) -> Result<Ground<'_>, Problem> {
    let db = app.db.read();
    let today = app.today();
    let row = consultation::Entity::find()
        .filter(consultation::Column::PublishedAt.is_not_null())
        .filter(consultation::Column::OpensOn.lt(today))
        .filter(consultation::Column::ClosesOn.gte(today))
        .order_by_asc(consultation::Column::Code)
        .one(db)
        .await?
        .ok_or_else(Problem::not_found)?;
    let decision = decision::find(db, row.decision_id).await?;
    let clauses = document::clauses(db, row.document_id).await?;
    let person = async |login: &str| {
        staff::Entity::find()
            .filter(staff::Column::Login.eq(login))
            .one(db)
            .await?
            .ok_or_else(Problem::not_found)
    };
    let (moderator, second) = (person("yexiaomeng").await?.id, person("duguohua").await?.id);
    let write = app.write().await?;
    let mut topics = Vec::new();
    for (position, title) in (1000..).zip(TOPICS) {
        let topic = topic::Model {
            id: app.id(),
            consultation_id: row.id,
            title: title.to_owned(),
            gist: String::new(),
            position,
            people: 0,
            created_by: decision.owner_id.unwrap_or(moderator),
            created_at: app.now(),
        };
        topics.push(topic.id);
        topic.into_active_model().insert(&*write).await?;
    }
    write.commit().await?;
    Ok(Ground {
        app,
        opened: civil::at(row.opens_on, 0, 0),
        clauses: clauses.into_iter().filter(|c| c.kind == "article").map(|c| c.id).collect(),
        consultation: consultations::find(db, row.id).await?,
        decision,
        topics,
        moderator,
        second,
    })
}

impl Ground<'_> {
    /// From the opening to now.
    fn seconds(&self) -> u64 {
        u64::try_from((self.app.now() - self.opened).num_seconds()).unwrap_or(1)
    }

    fn opinion(&self, rows: &mut Rows, dice: &mut Dice, number: String, at: DateTime<Utc>) {
        let app = self.app;
        let id = OpinionId::from(app.rng.uuid(at));
        let words =
            format!("{}，{}，{}{}", dice.pick(&WHO), dice.pick(&WHAT), dice.pick(&WHY), dice.pick(&HOW));
        let name =
            (dice.roll(2) == 0).then(|| format!("{}某", dice.pick(&["王", "李", "张", "赵", "陈", "欧阳"])));
        let contact = (dice.roll(3) == 0).then(|| format!("p{number}@example.invalid"));
        let clause = usize::try_from(dice.roll(2 * self.clauses.len() as u64)).unwrap_or(0);
        let state = match dice.roll(1000) {
            _ if app.now() - at < WAITING => OpinionState::Pending,
            n if n < WITHHELD => OpinionState::Withheld,
            n if n < WITHHELD + REJECTED => OpinionState::Rejected,
            _ => OpinionState::Published,
        };
        let published = state == OpinionState::Published;
        let reviewed = (state != OpinionState::Pending).then(|| at + TimeDelta::hours(3));
        rows.receipts.push(receipt_row(app, SubjectKind::Opinion, id.0, at));
        self.duty(rows, id, &number, at, reviewed);
        if let Some(reviewed) = reviewed {
            rows.reviews.push(self.review(id, state, reviewed));
        }
        if published && dice.roll(5) < 3 {
            let topic = usize::try_from(dice.roll(self.topics.len() as u64)).unwrap_or(0);
            rows.members.extend(self.topics.get(topic).map(|topic_id| topic_opinion::Model {
                opinion_id: id,
                topic_id: *topic_id,
                added_by: self.moderator,
                added_at: at,
            }));
        }
        rows.opinions.push(opinion::Model {
            id,
            number,
            consultation_id: self.consultation.id,
            clause_id: self.clauses.get(clause).copied(),
            channel: Channel::Site,
            person_kind: PersonKind::Individual,
            show_as: if name.is_some() { ShowAs::Masked } else { ShowAs::Anonymous },
            name_enc: name.as_deref().map(|n| app.keys.encrypt(n, &app.rng)),
            contact_enc: contact.as_deref().map(|c| app.keys.encrypt(c, &app.rng)),
            person_hash: contact
                .as_deref()
                .map(|c| app.keys.mac_hex(Purpose::Contact, &text::contact_key(c))),
            text_hash: sha256_hex(text::essence(&words).as_bytes()),
            public_text: published.then(|| words.clone()),
            public_name: published
                .then(|| name.as_deref().map_or("匿名".into(), |n| text::mask_name(n).into_owned())),
            text: words,
            state,
            received_at: at,
            received_by: None,
            reviewed_at: reviewed,
            published_at: reviewed.filter(|_| published),
            lang: "zh".into(),
            revision: 1,
            flood_id: None,
        });
    }

    fn review(&self, opinion_id: OpinionId, state: OpinionState, at: DateTime<Utc>) -> review::Model {
        let (action, reason_code) = match state {
            OpinionState::Withheld => (ReviewAction::Withhold, Some(ReasonCode::PersonalData)),
            OpinionState::Rejected => (ReviewAction::Reject, Some(ReasonCode::Advertising)),
            _ => (ReviewAction::Publish, None),
        };
        review::Model {
            id: entity::id::ReviewId::from(self.app.rng.uuid(at)),
            opinion_id,
            action,
            reason_code,
            reason_text: String::new(),
            public_text: None,
            moderator_id: self.moderator,
            second_id: (action == ReviewAction::Reject).then_some(self.second),
            state: ReviewState::Final,
            created_at: at,
            decided_at: Some(at),
        }
    }

    fn duty(
        &self,
        rows: &mut Rows,
        id: OpinionId,
        number: &str,
        at: DateTime<Utc>,
        done: Option<DateTime<Utc>>,
    ) {
        let start_on = civil::local_date(at);
        let days = self.app.config.rules.review_working_days;
        let Ok(due) = self.app.calendar().nth_working_day_after(start_on, days) else { return };
        let duty_id = entity::id::DutyId::from(self.app.rng.uuid(at));
        rows.duties.push(duty::Model {
            id: duty_id,
            kind: DutyKind::OpinionReview,
            subject_kind: SubjectKind::Opinion,
            subject_id: id.0,
            title: number.to_owned(),
            path: format!("/desk/review?consultation={}", self.consultation.code),
            department_id: self.decision.department_id,
            owner_id: None,
            start_on,
            days: i32::try_from(days).ok(),
            due_on: due.date,
            provisional: due.provisional,
            state: if done.is_some() { DutyState::Done } else { DutyState::Open },
            completed_on: done.map(civil::local_date),
            completed_at: done,
            created_at: at,
        });
        if done.is_none() {
            rows.stages.push(duty_stage::Model {
                id: entity::id::DutyStageId::from(self.app.rng.uuid(at)),
                duty_id,
                stage: "due_today".to_owned(),
                due_on: due.date,
                planned_at: civil::at(due.date, 9, 0),
                state: StageState::Planned,
                reason: None,
                handled_at: None,
            });
        }
    }
}

async fn write_down(write: &Write, rows: Rows) -> Result<(), Problem> {
    insert::<opinion::Entity, _>(write, rows.opinions).await?;
    insert::<receipt::Entity, _>(write, rows.receipts).await?;
    insert::<review::Entity, _>(write, rows.reviews).await?;
    insert::<duty::Entity, _>(write, rows.duties).await?;
    insert::<duty_stage::Entity, _>(write, rows.stages).await?;
    insert::<topic_opinion::Entity, _>(write, rows.members).await
}

async fn insert<E, M>(write: &Write, rows: Vec<M>) -> Result<(), Problem>
where
    E: sea_orm::EntityTrait<Model = M>,
    M: sea_orm::ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<E::ActiveModel> =
            rows.by_ref().take(ROWS).map(IntoActiveModel::into_active_model).collect();
        E::insert_many(some).exec_without_returning(&**write).await?;
    }
    Ok(())
}
