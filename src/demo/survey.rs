//! Questionnaires beside two consultations: one that is open while the example is looked at, its figures public from
//! the start, and one that has closed and is named in the adoption summary.

use entity::id::ConsultationId;

use super::live::World;
use crate::actor::Actor;
use crate::identity::Given;
use crate::opinion::support::Device;
use crate::problem::Problem;
use crate::questionnaire::{Answer, Ask, Content, Question, Respond, respond, save};

struct Survey {
    decision: &'static str,
    title: &'static str,
    intro: &'static str,
    open_results: bool,
    people: usize,
    /// How often a choice of the first, the second and the third question is taken, in turn.
    first: &'static [i32],
    second: &'static [&'static [i32]],
    marks: &'static [i32],
    /// What some write at the end.
    words: &'static [&'static str],
    questions: fn() -> Vec<Question>,
}

const SURVEYS: [Survey; 2] = [
    Survey {
        decision: "venue_opening",
        title: "公共体育场馆开放情况问卷",
        intro: "了解大家去场馆锻炼的时间和困难，供完善《办法》草案参考。共 4 题，约需两分钟。",
        open_results: true,
        people: 38,
        first: &[1, 2, 1, 3, 2, 1, 1, 4, 2, 3, 1, 2],
        second: &[&[3], &[1, 3], &[3, 4], &[2], &[3, 1], &[4], &[3, 0], &[1]],
        marks: &[3, 4, 2, 3, 3, 4, 5, 2, 3, 1, 4],
        words: &[
            "更衣室和淋浴希望晚上也开。",
            "希望网上能看到还有没有空场地。",
            "停车太难，周末根本进不去。",
        ],
        questions: venue,
    },
    Survey {
        decision: "school_venues",
        title: "学校体育场地开放意愿问卷",
        intro: "请家长、学生和附近居民说说对学校体育场地开放的想法。共 4 题，约需两分钟。",
        open_results: false,
        people: 46,
        first: &[1, 1, 2, 3, 1, 2, 1, 3],
        second: &[&[1, 2], &[2], &[1], &[2, 3], &[1, 2], &[3], &[1, 0]],
        marks: &[4, 5, 3, 4, 2, 5, 4, 3, 4],
        words: &["安全责任要写清楚，出了事谁来管。", "希望寒暑假每天都开。"],
        questions: school,
    },
];

fn question(number: i32, text: &str, required: bool, ask: Ask) -> Question {
    Question { number, text: text.into(), hint: String::new(), required, ask }
}

fn all(choices: &[&str]) -> Vec<String> {
    choices.iter().map(|c| (*c).to_owned()).collect()
}

fn scale() -> Ask {
    Ask::Scale { from: 1, to: 5, low: "很不满意".into(), high: "很满意".into() }
}

fn venue() -> Vec<Question> {
    let often = Ask::Single {
        choices: all(&["每周一次以上", "每月一两次", "很少去", "从来不去"]),
        other: false,
    };
    let hours = Ask::Multiple {
        choices: all(&["工作日 8 时以前", "工作日中午", "工作日 21 时以后", "法定节假日"]),
        other: true,
        least: 1,
        most: 2,
    };
    vec![
        question(1, "您多久去一次公共体育场馆？", true, often),
        question(2, "您最希望增加哪些开放时段？", true, hours),
        question(3, "您对现在的开放服务满意吗？", false, scale()),
        question(4, "还有什么想告诉我们的？", false, Ask::Text),
    ]
}

fn school() -> Vec<Question> {
    let who =
        Ask::Single { choices: all(&["附近居民", "学生家长", "教师或学生"]), other: false };
    let what = Ask::Multiple {
        choices: all(&["室外操场、跑道", "室外球场", "室内场馆"]),
        other: true,
        least: 1,
        most: 4,
    };
    vec![
        question(1, "您是？", true, who),
        question(2, "您希望开放哪些场地？", true, what),
        question(3, "您支持课余和节假日开放吗？", false, {
            Ask::Scale { from: 1, to: 5, low: "很不支持".into(), high: "很支持".into() }
        }),
        question(4, "您最担心的是什么？", false, Ask::Text),
    ]
}

/// Composes the questionnaire of a decision's consultation, where it has one, as its owner.
pub async fn compose(
    world: &World<'_>,
    decision: &str,
    actor: &Actor,
    id: ConsultationId,
) -> Result<(), Problem> {
    let Some(survey) = SURVEYS.iter().find(|s| s.decision == decision) else { return Ok(()) };
    let content = Content {
        title: survey.title.into(),
        intro: survey.intro.into(),
        open_results: survey.open_results,
        ready: true,
        questions: (survey.questions)(),
    };
    save(world.app, actor, id, Some(0), &content).await.map(drop)
}

/// People answer it.
pub async fn answer(world: &World<'_>, decision: &str, consultation: &str) -> Result<(), Problem> {
    let Some(survey) = SURVEYS.iter().find(|s| s.decision == decision) else { return Ok(()) };
    for i in 0..survey.people {
        let input = Respond {
            consultation: consultation.to_owned(),
            revision: None,
            answers: answers(survey, i),
            consent: true,
            contact: String::new(),
            identity: Given::default(),
            device: Device::fresh(world.app),
            idempotency_key: None,
        };
        let reader = Actor { address: format!("198.51.{i}.9"), ..Actor::guest() };
        respond(world.app, &reader, &input).await?;
    }
    Ok(())
}

fn answers(survey: &Survey, i: usize) -> Vec<Answer> {
    let turn = |n: usize| i % n.max(1);
    let of = |question, choices: &[i32], text: &str| Answer {
        question,
        choices: choices.to_vec(),
        text: text.to_owned(),
    };
    let wanted = survey.second.get(turn(survey.second.len())).copied().unwrap_or_default();
    let other = if wanted.contains(&0) { "看天气和人多不多" } else { "" };
    let mut given = vec![
        of(1, &[survey.first.get(turn(survey.first.len())).copied().unwrap_or(1)], ""),
        of(2, wanted, other),
    ];
    // Some leave the scale out, and few write.
    if i % 6 != 5 {
        given.push(of(3, &[survey.marks.get(turn(survey.marks.len())).copied().unwrap_or(3)], ""));
    }
    if i % 9 == 4 {
        given.push(of(
            4,
            &[],
            survey.words.get((i / 9) % survey.words.len().max(1)).copied().unwrap_or_default(),
        ));
    }
    given
}
