//! The events of the example: announced, registered for, held and told of, through the real operations.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use entity::enums::{EventKind, PersonKind, SeatGroup, SeatMethod, SubjectKind};

use super::file;
use super::hearing::{AGENDA, RECORD, RULES, RULES_HELD};
use super::live::World;
use super::timeline::Dates;
use crate::actor::Actor;
use crate::calendar::civil;
use crate::department;
use crate::event::lot::Quota;
use crate::event::materials::{AddMaterial, add_material};
use crate::event::pictures::{AddPicture, add_picture};
use crate::event::{
    self, CheckIn, Content, Delivery, Feedback, Register, Report, SessionContent, Voice, WalkIn,
};
use crate::problem::{Code, Problem};
use crate::receipt::LookupCode;

/// What happens to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Announce,
    /// The party with this number registers.
    Register(usize),
    /// This party cancels.
    GiveUp(usize),
    /// What was said at the event is entered in the consultation.
    Voice,
    /// The list of a hearing's participants is published.
    Participants,
    /// The materials reach the participants.
    Deliver,
    /// The record of a hearing is published.
    Record,
    /// Most participants confirm it.
    Confirm,
    Door,
    /// Whoever came says how it was.
    Rate,
    Report,
    Cancel,
}

struct Gathering {
    kind: EventKind,
    department: &'static str,
    owner: &'static str,
    /// Key of the decision.
    decision: Option<&'static str>,
    title: &'static str,
    summary: &'static str,
    conditions: &'static str,
    place: &'static str,
    /// Days from today; it is announced so many days before.
    day: i64,
    announced_before: i64,
    begins: (u32, u32),
    ends: (u32, u32),
    seats: i32,
    offer_hours: i32,
    /// Sizes of the parties that register, a few hours apart.
    parties: &'static [i32],
    gives_up: Option<usize>,
    report: Option<(&'static str, &'static str)>,
    cancelled: Option<&'static str>,
    /// Seats are given by lot; registration closes so many days before.
    draw_closes_before: Option<i64>,
    quotas: &'static [(SeatGroup, i32)],
}

const GATHERINGS: &[Gathering] = &[
    Gathering {
        kind: EventKind::OpenDay,
        department: "mass",
        owner: "xuhaotian",
        decision: None,
        title: "走进市民健身中心：政府开放日",
        summary: "参观健身中心运行后台和设备维护，了解公共体育场馆怎样开放、怎样收费，与管理人员面对面交流。",
        conditions: "",
        place: "示例市市民健身中心一楼大厅",
        day: -48,
        announced_before: 16,
        begins: (9, 30),
        ends: (11, 30),
        seats: 40,
        offer_hours: 0,
        parties: &[2, 1, 3, 4, 1, 2, 2, 1, 1, 3, 2, 4],
        gives_up: Some(4),
        report: Some((
            "市民参观了泳池水处理机房和器材维护间，场馆负责人介绍了全年开放时间和低收费时段安排。现场收集意见 9 条，主要是延长晚间开放时间、增加亲子更衣室和改进线上订场；已转承办处室研究。",
            "",
        )),
        cancelled: None,
        draw_closes_before: None,
        quotas: &[],
    },
    Gathering {
        kind: EventKind::Meeting,
        department: "office",
        owner: "shenruolan",
        decision: Some("school_venues"),
        title: "局长办公会列席：学校体育场地开放实施意见",
        summary: "邀请利益相关方、企业代表和市民代表列席局长办公会议，听取并讨论学校体育场地向社会开放的实施意见。",
        conditions: "年满 18 周岁；利益相关方、企业和市民各占三分之一左右。",
        place: "示例市体育局二楼会议室",
        day: -33,
        announced_before: 14,
        begins: (14, 30),
        ends: (16, 30),
        seats: 6,
        offer_hours: 24,
        parties: &[1, 1, 1, 1, 1, 1, 1],
        gives_up: Some(1),
        report: Some((
            "学校代表、周边居民和体育企业代表列席会议。列席人员就校园安全责任、保险和开放时段提出 5 条意见，会议逐条作了回应。",
            "会议原则同意，要求补充安全责任和保险条款后按程序印发。",
        )),
        cancelled: None,
        draw_closes_before: None,
        quotas: &[],
    },
    Gathering {
        kind: EventKind::Seminar,
        department: "mass",
        owner: "zhouwenjing",
        decision: Some("venue_opening"),
        title: "公共体育场馆开放管理办法座谈会",
        summary: "听取场馆运营单位、健身团队和老年人代表对开放时间、收费和安全管理的意见。",
        conditions: "场馆运营单位、健身团队成员和周边居民优先。",
        place: "示例市体育局一楼多功能厅",
        day: -9,
        announced_before: 12,
        begins: (14, 0),
        ends: (16, 0),
        seats: 12,
        offer_hours: 0,
        parties: &[1, 2, 1, 1, 3, 2],
        gives_up: None,
        report: None,
        cancelled: None,
        draw_closes_before: None,
        quotas: &[],
    },
    Gathering {
        kind: EventKind::FieldVisit,
        department: "finance",
        owner: "lujianming",
        decision: Some("fitness_trails"),
        title: "健身步道实地走访",
        summary: "沿滨河健身步道选线实地走访，边走边听沿线居民的意见。",
        conditions: "步行约 3 公里，请穿便于行走的鞋。",
        place: "滨河公园东门集合",
        day: 0,
        announced_before: 8,
        begins: (8, 30),
        ends: (18, 0),
        seats: 16,
        offer_hours: 0,
        parties: &[2, 1, 2, 1, 1, 3],
        gives_up: None,
        report: None,
        cancelled: None,
        draw_closes_before: None,
        quotas: &[],
    },
    Gathering {
        kind: EventKind::OpenDay,
        department: "mass",
        owner: "xuhaotian",
        decision: None,
        title: "体质监测进社区：政府开放日",
        summary: "免费体质监测体验，社会体育指导员现场讲解科学健身，介绍全民健身工作安排。",
        conditions: "60 岁以上请由家人陪同。",
        place: "示例市国民体质监测中心",
        day: 9,
        announced_before: 11,
        begins: (9, 0),
        ends: (11, 30),
        seats: 12,
        offer_hours: 24,
        parties: &[3, 2, 4, 1, 2, 3, 1],
        gives_up: Some(1),
        report: None,
        cancelled: None,
        draw_closes_before: None,
        quotas: &[],
    },
    Gathering {
        kind: EventKind::OpenDay,
        department: "mass",
        owner: "xuhaotian",
        decision: None,
        title: "走进马拉松赛事指挥部：政府开放日",
        summary: "参观马拉松赛事指挥部，了解安全保障、医疗救援和交通组织，与赛事保障人员座谈。名额少、报名多，由摇号决定。",
        conditions: "",
        place: "示例市体育中心赛事指挥部",
        day: 12,
        announced_before: 18,
        begins: (14, 0),
        ends: (16, 0),
        seats: 8,
        offer_hours: 24,
        parties: &[2, 1, 1, 3, 2, 1, 2, 1, 4],
        gives_up: None,
        report: None,
        cancelled: None,
        draw_closes_before: Some(14),
        quotas: &[(SeatGroup::Enterprise, 2)],
    },
    Gathering {
        kind: EventKind::Hearing,
        department: "competition",
        owner: "songyutong",
        decision: Some("trail_running_safety"),
        title: "山地越野跑等户外赛事活动安全管理听证会",
        summary: "就赛事审批、救援保障和参赛者责任等条款公开听取意见。草案和起草说明见关联的决策事项。",
        conditions: "赛事组织者、参赛者、救援队伍和赛事所在地居民均可报名。",
        place: "示例市体育局三楼听证室",
        day: 16,
        announced_before: 18,
        begins: (14, 0),
        ends: (17, 0),
        seats: 30,
        offer_hours: 48,
        parties: &[1, 1, 2, 1],
        gives_up: None,
        report: None,
        cancelled: None,
        draw_closes_before: None,
        quotas: &[(SeatGroup::Enterprise, 6), (SeatGroup::Expert, 4), (SeatGroup::Deputy, 4)],
    },
    Gathering {
        kind: EventKind::OpenDay,
        department: "youth",
        owner: "luojing",
        decision: None,
        title: "青少年训练基地开放日",
        summary: "参观青少年训练基地，观摩训练课。",
        conditions: "未成年人须由监护人陪同。",
        place: "示例市青少年训练基地",
        day: 5,
        announced_before: 10,
        begins: (9, 0),
        ends: (11, 0),
        seats: 20,
        offer_hours: 0,
        parties: &[2, 2],
        gives_up: None,
        report: None,
        cancelled: Some("训练基地临时检修，将另行安排"),
        draw_closes_before: None,
        quotas: &[],
    },
    Gathering {
        kind: EventKind::Hearing,
        department: "mass",
        owner: "xuhaotian",
        decision: Some("venue_opening"),
        title: "公共体育场馆开放管理办法听证会",
        summary: "围绕晚间开放比例、老年人免费时段、失约处理三个问题听取意见。草案和起草说明见关联的决策事项。",
        conditions: "市民、场馆运营单位、专家和人大代表、政协委员均可报名。",
        place: "示例市体育局三楼听证室",
        day: -6,
        announced_before: 18,
        begins: (14, 0),
        ends: (16, 30),
        seats: 15,
        offer_hours: 0,
        parties: &[1; 15],
        gives_up: None,
        report: Some((
            "听证参加人围绕晚间开放比例、老年人免费时段和失约处理发言，主要意见是：晚间六成场地的比例应当分场馆确定；老年人免费时段延长到十七时；失约三次以上再限制预约。听证会记录已经参加人确认，意见将在采纳情况中逐条答复。",
            "",
        )),
        cancelled: None,
        draw_closes_before: None,
        quotas: &[],
    },
];

/// Everything that happens to the events, with its moment.
pub fn acts(days: &Dates) -> Vec<(DateTime<Utc>, usize, Act)> {
    let mut all = Vec::new();
    for (i, g) in GATHERINGS.iter().enumerate() {
        let announced = civil::at(days.day(g.day - g.announced_before), 10, 0);
        all.push((announced, i, Act::Announce));
        for (n, _) in g.parties.iter().enumerate() {
            let hours = TimeDelta::hours(3 + 5 * i64::try_from(n).unwrap_or(0));
            all.push((announced + hours, i, Act::Register(n)));
        }
        if let Some(n) = g.gives_up {
            all.push((announced + TimeDelta::hours(60), i, Act::GiveUp(n)));
        }
        if g.cancelled.is_some() {
            all.push((announced + TimeDelta::hours(90), i, Act::Cancel));
        } else {
            all.push((civil::at(days.day(g.day), g.begins.0, g.begins.1), i, Act::Door));
        }
        if g.kind == EventKind::Hearing && g.day > 0 {
            all.push((announced + TimeDelta::hours(22), i, Act::Participants));
        } else if g.kind == EventKind::Hearing {
            all.push((announced + TimeDelta::hours(96), i, Act::Participants));
            all.push((civil::at(days.day(g.day - 8), 15, 0), i, Act::Deliver));
            all.push((civil::at(days.day(g.day + 2), 10, 0), i, Act::Record));
            all.push((civil::at(days.day(g.day + 3), 19, 0), i, Act::Confirm));
        }
        if g.kind == EventKind::Seminar {
            all.push((civil::at(days.day(g.day + 8), 16, 0), i, Act::Voice));
        }
        if g.report.is_some() {
            all.push((civil::at(days.day(g.day + 1), 20, 0), i, Act::Rate));
            all.push((civil::at(days.day(g.day + 4), 15, 0), i, Act::Report));
        }
    }
    all
}

/// Lets it happen.
pub async fn happen(world: &mut World<'_>, i: usize, act: Act) -> Result<(), Problem> {
    let g = GATHERINGS.get(i).ok_or_else(|| Problem::internal("no such event"))?;
    match act {
        Act::Announce => announce(world, i, g).await,
        Act::Register(n) => register(world, i, g, n).await,
        Act::GiveUp(n) => give_up(world, i, n).await,
        Act::Voice => voice(world, i, g).await,
        Act::Participants => {
            let actor = world.actor(g.owner).await?;
            let event = event::by_code(world.app.db.read(), code(world, i)?).await?;
            event::publish_participants(world.app, &actor, event.id).await
        }
        Act::Deliver => {
            let actor = world.actor(g.owner).await?;
            let event = event::by_code(world.app.db.read(), code(world, i)?).await?;
            let delivery = Delivery {
                on: world.app.today(),
                how: "电子邮件，附草案、起草说明和听证规则".into(),
            };
            event::record_delivery(world.app, &actor, event.id, &delivery).await
        }
        Act::Record => {
            let actor = world.actor(g.owner).await?;
            let event = event::by_code(world.app.db.read(), code(world, i)?).await?;
            event::publish_record(world.app, &actor, event.id, RECORD).await
        }
        Act::Confirm => confirm(world, i, g).await,
        Act::Door => door(world, i, g).await,
        Act::Rate => rate(world, i, g).await,
        Act::Report => tell(world, i, g).await,
        Act::Cancel => {
            let actor = world.actor(g.owner).await?;
            let event = event::by_code(world.app.db.read(), code(world, i)?).await?;
            event::cancel(world.app, &actor, event.id, g.cancelled.unwrap_or_default()).await?;
            Ok(())
        }
    }
}

fn code<'a>(world: &'a World<'_>, i: usize) -> Result<&'a str, Problem> {
    world.events.get(&i).map(String::as_str).ok_or_else(|| Problem::internal("an event without its code"))
}

async fn announce(world: &mut World<'_>, i: usize, g: &Gathering) -> Result<(), Problem> {
    let actor = world.actor(g.owner).await?;
    let department = department::by_key(world.app.db.read(), g.department).await?;
    let content = Content {
        kind: g.kind,
        department_id: department.id,
        decision: g.decision.map(|key| world.code(key)).transpose()?.unwrap_or_default().to_owned(),
        title: g.title.into(),
        summary: g.summary.into(),
        conditions: g.conditions.into(),
        accessibility: "入口有无障碍坡道，设轮椅席位；需要手语翻译的请提前三天来电。".into(),
        contact_name: department.name,
        phone: department.phone,
        email: department.email,
    };
    let draft = event::create(world.app, &actor, &content).await?;
    let time = |(h, m): (u32, u32)| NaiveTime::from_hms_opt(h, m, 0).unwrap_or_default();
    let session = SessionContent {
        place: g.place.into(),
        directions: "公交体育中心站步行 5 分钟".into(),
        held_on: world.dates.day(g.day),
        begins: time(g.begins),
        ends: time(g.ends),
        capacity: g.seats,
        registration_opens_at: None,
        registration_closes_at: g
            .draw_closes_before
            .map(|days| civil::at(world.dates.day(g.day - days), 18, 0)),
        party_max: Ord::min(g.seats, 4),
        offer_hours: g.offer_hours,
        method: if g.draw_closes_before.is_some() { SeatMethod::Draw } else { SeatMethod::FirstCome },
        quotas: g.quotas.iter().map(|(group, seats)| Quota { group: *group, seats: *seats }).collect(),
    };
    event::add_session(world.app, &actor, draft.id, &session).await?;
    if g.kind == EventKind::OpenDay && g.day > 0 && g.cancelled.is_none() && g.draw_closes_before.is_none() {
        let afternoon = SessionContent { begins: time((14, 0)), ends: time((16, 30)), ..session };
        event::add_session(world.app, &actor, draft.id, &afternoon).await?;
    }
    if g.kind == EventKind::Hearing {
        let selection =
            event::Selection { selects: true, rules: if g.day > 0 { RULES } else { RULES_HELD }.into() };
        event::set_selection(world.app, &actor, draft.id, &selection).await?;
        let agenda = AddMaterial {
            ticket: file::send(world.app, "听证会议程.txt", AGENDA.as_bytes()).await?,
            title: "听证会议程和听证规则".into(),
        };
        add_material(world.app, &actor, draft.id, &agenda).await?;
    }
    event::publish(world.app, &actor, draft.id).await?;
    world.events.insert(i, draft.code);
    Ok(())
}

const NAMES: [&str; 12] =
    ["王丽", "陈建国", "李想", "周倩", "吴敏", "郑浩", "孙悦", "马俊", "朱琳", "胡杨", "郭晓", "何静"];

fn contact(i: usize, n: usize) -> String {
    format!("visitor{i}-{n}@example.invalid")
}

async fn register(world: &mut World<'_>, i: usize, g: &Gathering, n: usize) -> Result<(), Problem> {
    let input = Register {
        event: code(world, i)?.to_owned(),
        session: 1,
        name: NAMES.get((i + n) % NAMES.len()).copied().unwrap_or_default().into(),
        contact: contact(i, n),
        seats: g.parties.get(n).copied().unwrap_or(1),
        group: Some(SeatGroup::ALL[(i + n) % SeatGroup::ALL.len()]),
        name_public: false,
        guardian: None,
        consent: true,
        idempotency_key: None,
        lang: "zh",
    };
    let receipt = event::register(world.app, &Actor::guest(), &input).await?;
    world.visitors.insert((i, n), receipt.id);
    Ok(())
}

async fn give_up(world: &World<'_>, i: usize, n: usize) -> Result<(), Problem> {
    let id = world.visitors.get(&(i, n)).ok_or_else(|| Problem::internal("nobody registered"))?;
    event::give_up(world.app, &Actor::guest(), *id).await
}

/// The participants confirm the record by their codes, all but every fourth.
async fn confirm(world: &World<'_>, i: usize, g: &Gathering) -> Result<(), Problem> {
    for n in (0..g.parties.len()).filter(|n| n % 4 != 0) {
        let Some(id) = world.visitors.get(&(i, n)) else { continue };
        match event::confirm_record(world.app, &Actor::guest(), *id).await {
            // Who did not come has nothing to confirm.
            Err(problem) if problem.code != Code::Conflict => return Err(problem),
            _ => {}
        }
    }
    Ok(())
}

/// A lookup code to try: of somebody who took part in a hearing and has its record to confirm.
pub fn to_confirm(world: &World<'_>) -> Option<LookupCode> {
    let i = GATHERINGS.iter().position(|g| g.kind == EventKind::Hearing && g.report.is_some())?;
    let id = world.visitors.get(&(i, 0))?;
    Some(LookupCode::of(&world.app.keys, SubjectKind::EventRegistration, id.0))
}

/// Marks and words, the same at every start.
const SAID: [([i32; 3], &str); 4] = [
    ([5, 5, 4], "讲解很清楚，孩子也听得懂。"),
    ([4, 5, 4], ""),
    ([5, 4, 3], "提问时间短了一点。"),
    ([4, 3, 4], "停车不方便，建议写明公交线路。"),
];

/// Two parties in three say how it was.
async fn rate(world: &World<'_>, i: usize, g: &Gathering) -> Result<(), Problem> {
    for n in (0..g.parties.len()).filter(|n| n % 3 != 2) {
        let (Some(id), Some((marks, words))) = (world.visitors.get(&(i, n)), SAID.get(n % SAID.len())) else {
            continue;
        };
        let input = Feedback { marks: *marks, words: (*words).into() };
        match event::give_feedback(world.app, &Actor::guest(), *id, &input).await {
            // Who did not come has nothing to say.
            Err(problem) if problem.code != Code::Conflict => return Err(problem),
            _ => {}
        }
    }
    Ok(())
}

/// Most come; one party in five does not, and somebody walks in.
async fn door(world: &World<'_>, i: usize, g: &Gathering) -> Result<(), Problem> {
    let actor = world.actor(g.owner).await?;
    let event = code(world, i)?;
    for n in (1..=g.parties.len()).filter(|n| n % 5 != 3) {
        let input = CheckIn { event: event.to_owned(), session: 1, typed: n.to_string(), people: None };
        match event::check_in(world.app, &actor, &input).await {
            // Who cancelled, or waited in vain, does not come.
            Err(problem) if problem.code != Code::Conflict => return Err(problem),
            _ => {}
        }
    }
    let passer_by = WalkIn { event: event.to_owned(), session: 1, name: String::new(), people: 1 };
    match event::walk_in(world.app, &actor, &passer_by).await {
        Err(problem) if problem.code != Code::Conflict => Err(problem),
        _ => Ok(()),
    }
}

async fn voice(world: &World<'_>, i: usize, g: &Gathering) -> Result<(), Problem> {
    let actor = world.actor(g.owner).await?;
    let event = event::by_code(world.app.db.read(), code(world, i)?).await?;
    for (text, kind) in [
        ("晚上八点以后场馆就关门了，上班的人用不上，希望工作日延长到十点。", PersonKind::Individual),
        ("低收费时段应当提前一周公布，老年团队好安排。", PersonKind::Organisation),
    ] {
        let input = Voice { text: text.into(), name: String::new(), person_kind: kind, on: None };
        event::voice(world.app, &actor, event.id, &input).await?;
    }
    Ok(())
}

async fn tell(world: &World<'_>, i: usize, g: &Gathering) -> Result<(), Problem> {
    let actor = world.actor(g.owner).await?;
    let event = event::by_code(world.app.db.read(), code(world, i)?).await?;
    let Some((text, outcome)) = g.report else { return Ok(()) };
    let said = if g.kind == EventKind::Meeting {
        "建议明确校园开放期间的安全责任和保险安排；会议答复将补充进实施意见。"
    } else {
        ""
    };
    let report = Report {
        text: text.into(),
        outcome: outcome.into(),
        said: said.into(),
        attendance: Vec::new(),
        attended: None,
    };
    event::report(world.app, &actor, event.id, &report).await?;
    if g.kind == EventKind::Hearing {
        return Ok(());
    }
    let picture = AddPicture {
        ticket: file::send(world.app, "训练馆平面.png", &file::hall()?).await?,
        alt: "开放的训练馆平面图：四条场地线，入口在下方中间".into(),
        faces_checked: true,
    };
    add_picture(world.app, &actor, event.id, &picture).await?;
    Ok(())
}
