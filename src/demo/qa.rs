//! The online questions and answers of the example: announced, asked, reviewed and answered, through the real
//! operations.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::MessageReason;

use super::live::World;
use super::timeline::Dates;
use crate::actor::Actor;
use crate::calendar::civil;
use crate::department;
use crate::problem::Problem;
use crate::qa::{self, Ask, Content, Decision, Guest, Rejection};

/// Who looks at what is asked.
const MODERATOR: &str = "yexiaomeng";

/// What happens to a session; questions by their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Announce,
    Ask(usize),
    Review(usize),
    Answer(usize),
}

struct Asked {
    text: &'static str,
    /// Where it differs from what was asked.
    public: Option<&'static str>,
    name: &'static str,
    /// Who answers, by the place of the guest; none when it is not taken up.
    guest: Option<usize>,
    reason: Option<(MessageReason, &'static str)>,
    /// Hours after the beginning at which it is asked, looked at, answered; none: not yet.
    asked: i64,
    reviewed: Option<i64>,
    answer: Option<(i64, &'static str)>,
}

struct Session {
    department: &'static str,
    organiser: &'static str,
    title: &'static str,
    theme: &'static str,
    /// Key, who speaks, who writes the answers.
    guests: &'static [(&'static str, &'static str, &'static str)],
    day: i64,
    announced_before: i64,
    begins: u32,
    ends: u32,
    questions: &'static [Asked],
}

const SESSIONS: &[Session] = &[
    Session {
        department: "mass",
        organiser: "xuhaotian",
        title: "公共体育场馆怎样开放得更好",
        theme: "就公共体育场馆的开放时间、收费和预约办法在线听取意见、回答提问。\n《公共体育场馆开放管理办法》正在公开征求意见，对条文的意见请在意见征集栏目提出。",
        guests: &[("mass", "处长出席", "xuhaotian"), ("finance", "副处长出席", "lujianming")],
        day: -20,
        announced_before: 10,
        begins: 14,
        ends: 16,
        questions: &[
            Asked {
                text: "游泳馆晚上八点就关门，上班族下班赶不上，能不能延长到十点？",
                public: None,
                name: "王丽",
                guest: Some(0),
                reason: None,
                asked: -72,
                reviewed: Some(-24),
                answer: Some((
                    0,
                    "您好。市级场馆从下月起工作日延长到 21:30，周末延长到 22:00；区级场馆正在逐个商定，结果会在本网站公布。",
                )),
            },
            Asked {
                text: "老人不会用手机预约，现场还能买票吗？我父亲电话13900002222，可以帮他登记吗？",
                public: Some("老人不会用手机预约，现场还能买票吗？我父亲电话【已隐去】，可以帮他登记吗？"),
                name: "陈建国",
                guest: Some(0),
                reason: None,
                asked: -30,
                reviewed: Some(-24),
                answer: Some((
                    0,
                    "可以。每个场馆都保留不少于两成的现场名额，凭身份证在服务台办理，不需要手机。",
                )),
            },
            Asked {
                text: "低收费时段的补助是怎样算的，会不会因为没钱就取消？",
                public: None,
                name: "",
                guest: Some(1),
                reason: None,
                asked: 0,
                reviewed: Some(0),
                answer: Some((1, "补助按实际开放时长和接待人次核算，列入年度预算，不会因为客流增加而取消。")),
            },
            Asked {
                text: "代办健身卡，八折优惠，加微信 fit-card-88。",
                public: None,
                name: "",
                guest: None,
                reason: Some((MessageReason::Advertising, "")),
                asked: 1,
                reviewed: Some(1),
                answer: None,
            },
            Asked {
                text: "学校操场周末向居民开放后，安全责任由谁承担？",
                public: None,
                name: "李想",
                guest: Some(0),
                reason: None,
                asked: 1,
                reviewed: Some(1),
                answer: Some((
                    70,
                    "由学校和所在街道签订开放协议，统一购买公众责任险；开放时段由街道聘请的管理员值守。当场未能答复，现补充答复如上。",
                )),
            },
        ],
    },
    Session {
        department: "youth",
        organiser: "luojing",
        title: "青少年体育培训和假期训练营",
        theme: "暑期训练营报名、校外体育培训机构管理、青少年赛事，在线回答家长提问。",
        guests: &[("youth", "处长出席", "luojing"), ("competition", "", "songyutong")],
        day: 3,
        announced_before: 6,
        begins: 19,
        ends: 21,
        questions: &[
            Asked {
                text: "训练营收费吗？外地户籍的孩子能报名吗？",
                public: None,
                name: "周倩",
                guest: Some(0),
                reason: None,
                asked: -130,
                reviewed: Some(-120),
                answer: None,
            },
            Asked {
                text: "校外培训机构跑路了，预付的学费怎么要回来？",
                public: None,
                name: "",
                guest: Some(0),
                reason: None,
                asked: -100,
                reviewed: None,
                answer: None,
            },
        ],
    },
];

/// Everything that happens to the sessions, with its moment.
pub fn acts(days: &Dates) -> Vec<(DateTime<Utc>, usize, Act)> {
    let mut all = Vec::new();
    for (i, s) in SESSIONS.iter().enumerate() {
        let begins = civil::at(days.day(s.day), s.begins, 0);
        all.push((civil::at(days.day(s.day - s.announced_before), 10, 0), i, Act::Announce));
        for (n, q) in s.questions.iter().enumerate() {
            // In their order within the hour.
            let minute = TimeDelta::minutes(3 + 2 * i64::try_from(n).unwrap_or(0));
            let mut add =
                |hours, more, act| all.push((begins + TimeDelta::hours(hours) + minute + more, i, act));
            add(q.asked, TimeDelta::zero(), Act::Ask(n));
            if let Some(hours) = q.reviewed {
                add(hours, TimeDelta::minutes(15), Act::Review(n));
            }
            if let Some((hours, _)) = q.answer {
                add(hours, TimeDelta::minutes(30), Act::Answer(n));
            }
        }
    }
    all
}

/// Lets it happen.
pub async fn happen(world: &mut World<'_>, i: usize, act: Act) -> Result<(), Problem> {
    let missing = || Problem::internal("no such session of questions");
    let s = SESSIONS.get(i).ok_or_else(missing)?;
    let (app, asked) = (world.app, |n: usize| s.questions.get(n).ok_or_else(missing));
    if act == Act::Announce {
        return announce(world, i, s).await;
    }
    let code = world.sessions.get(&i).cloned().ok_or_else(missing)?;
    let number = |n: usize| i32::try_from(n + 1).unwrap_or(0);
    match act {
        Act::Announce => Ok(()),
        Act::Ask(n) => {
            let q = asked(n)?;
            let input = Ask {
                session: code,
                text: q.text.into(),
                name: q.name.into(),
                contact: if q.name.is_empty() {
                    String::new()
                } else {
                    format!("asker{i}-{n}@example.invalid")
                },
                consent: true,
                idempotency_key: None,
                lang: "zh",
            };
            qa::ask(app, &Actor::guest(), &input).await.map(|_| ())
        }
        Act::Review(n) => {
            let q = asked(n)?;
            let decision = match q.guest.and_then(|g| s.guests.get(g)) {
                Some((department, ..)) => Decision::Publish {
                    department: (*department).into(),
                    text: q.public.unwrap_or(q.text).into(),
                },
                None => {
                    let (reason, note) = q.reason.ok_or_else(missing)?;
                    Decision::Reject(Rejection { reason: Some(reason), note: note.into() })
                }
            };
            let moderator = world.actor(MODERATOR).await?;
            qa::decide(app, &moderator, &code, number(n), &decision).await.map(|_| ())
        }
        Act::Answer(n) => {
            let q = asked(n)?;
            let guest = q.guest.and_then(|g| s.guests.get(g)).ok_or_else(missing)?;
            let (_, text) = q.answer.ok_or_else(missing)?;
            qa::answer(app, &world.actor(guest.2).await?, &code, number(n), text).await
        }
    }
}

async fn announce(world: &mut World<'_>, i: usize, s: &Session) -> Result<(), Problem> {
    let db = world.app.db.read();
    let mut guests = Vec::new();
    for (key, person, _) in s.guests {
        let department_id = department::by_key(db, key).await?.id;
        guests.push(Guest { department_id, person: (*person).into() });
    }
    let day = world.dates.day(s.day);
    let content = Content {
        department_id: department::by_key(db, s.department).await?.id,
        title: s.title.into(),
        theme: s.theme.into(),
        guests,
        opens_at: None,
        begins_at: civil::at(day, s.begins, 0),
        ends_at: civil::at(day, s.ends, 0),
    };
    let actor = world.actor(s.organiser).await?;
    let draft = qa::create(world.app, &actor, &content).await?;
    qa::publish(world.app, &actor, draft.id).await?;
    world.sessions.insert(i, draft.code);
    Ok(())
}
