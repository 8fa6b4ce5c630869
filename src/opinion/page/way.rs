//! The whole way as a timeline: received, reviewed, shown or not, dealt with, answered.

use chrono::NaiveDate;
use entity::enums::OpinionState;
use web::component::TimelineStep;
use web::label::StepState;
use web::lang::Lang;

use super::words;
use crate::app::App;
use crate::calendar::civil;
use crate::opinion::state::State;
use crate::opinion::words::reason_words;

pub fn steps(app: &App, lang: Lang, s: &State) -> Vec<TimelineStep> {
    let received = TimelineStep::new(lang.t("已收到", "Received"), StepState::Done)
        .when(words::when(&s.opinion).text(lang));
    let mut steps = vec![received, review(app, lang, s)];
    if let Some(step) = shown(lang, s) {
        steps.push(step);
    }
    steps.extend(dealt_with(app, lang, s));
    steps
}

fn day(at: chrono::DateTime<chrono::Utc>) -> NaiveDate {
    civil::local_date(at)
}

fn review(app: &App, lang: Lang, s: &State) -> TimelineStep {
    let title = lang.t("审核", "Review");
    let days = app.config.rules.review_working_days.into();
    match s.opinion.state {
        OpinionState::Pending | OpinionState::AwaitingSecond => {
            let mut note = match lang {
                Lang::Zh => format!(
                    "最迟 {}（{}）。公开与否都会告诉您原因。",
                    lang.day_month(s.review_by),
                    lang.working_days(days)
                ),
                Lang::En => format!(
                    "By {} ({}). Shown or not, you will be told why.",
                    lang.day_month(s.review_by),
                    lang.working_days(days)
                ),
            };
            if app.today() > s.review_by {
                note.push_str(
                    lang.t("已超过期限，监督部门会收到提醒。", " It is late; the supervisors are told."),
                );
            }
            TimelineStep::new(title, StepState::Current).note(note)
        }
        OpinionState::Returned => TimelineStep::new(title, StepState::Current)
            .note(lang.t("已退回，等您修改后重新提交", "Returned; waits for your revision")),
        OpinionState::Withdrawn if s.opinion.reviewed_at.is_none() => {
            TimelineStep::new(title, StepState::Skipped)
        }
        OpinionState::Published
        | OpinionState::Withheld
        | OpinionState::Rejected
        | OpinionState::Withdrawn => {
            let step = TimelineStep::new(title, StepState::Done);
            match s.opinion.reviewed_at {
                Some(at) => step.on(day(at)),
                None => step,
            }
        }
    }
}

fn shown(lang: Lang, s: &State) -> Option<TimelineStep> {
    let title = lang.t("公开", "Publication");
    let reason = s.reason.as_ref().map(|r| reason_words(r.code));
    let reason = reason.map(|w| lang.t(&w.zh, &w.en).to_owned()).unwrap_or_default();
    Some(match s.opinion.state {
        OpinionState::Published => {
            let word = if s.is_redacted() {
                lang.t("隐去个人信息后公开", "Published, personal data removed")
            } else {
                lang.t("已公开", "Published")
            };
            let step = TimelineStep::new(word, StepState::Done)
                .link(format!("/consultations/{}#opinions", s.consultation.code));
            match s.opinion.published_at {
                Some(at) => step.on(day(at)),
                None => step,
            }
        }
        OpinionState::Withheld => TimelineStep::new(title, StepState::Skipped).note(format!(
            "{}{reason}",
            lang.t("不公开展示，已计入办理。原因：", "Not shown, but counted. Reason: ")
        )),
        OpinionState::Rejected => TimelineStep::new(title, StepState::Skipped)
            .note(format!("{}{reason}", lang.t("没有受理。原因：", "Not accepted. Reason: "))),
        OpinionState::Withdrawn => TimelineStep::new(lang.t("已撤回", "Withdrawn"), StepState::Done)
            .note(lang.t("由作者撤回，不再计入办理", "By its author; it is no longer counted")),
        OpinionState::Pending | OpinionState::AwaitingSecond | OpinionState::Returned => return None,
    })
}

fn dealt_with(app: &App, lang: Lang, s: &State) -> Vec<TimelineStep> {
    let (study, answer) = (lang.t("归并和研究", "Studied"), lang.t("采纳情况", "Answer"));
    if !s.opinion.state.is_counted() {
        return Vec::new();
    }
    if let Some(at) = s.answer.published_at {
        return vec![
            TimelineStep::new(study, StepState::Done),
            TimelineStep::new(answer, StepState::Done)
                .on(day(at))
                .link(format!("/summaries/{}", s.consultation.code)),
        ];
    }
    let study = if s.answer.taken_up {
        TimelineStep::new(study, StepState::Current)
            .note(lang.t("已归并，正在研究", "Grouped with others, being studied"))
    } else {
        TimelineStep::new(study, StepState::Upcoming).note(match lang {
            Lang::Zh => format!("征集结束（{}）后逐条研究", lang.day_month(s.consultation.closes_on)),
            Lang::En => {
                format!("After the consultation closes ({})", lang.day_month(s.consultation.closes_on))
            }
        })
    };
    let days = lang.working_days(app.config.rules.summary_working_days.into());
    let answer = TimelineStep::new(answer, StepState::Upcoming).note(match lang {
        Lang::Zh => format!("决策出台后 {days}内公布，说明采纳与否和理由"),
        Lang::En => format!("Published within {days} of the decision, with reasons"),
    });
    vec![study, answer]
}
