//! What is being answered or changed, above the list.

use entity::consultation::Model as Consultation;
use web::desk::topic::{AnswerPanel, EditPanel, Panel};
use web::form::{Choice, FormState};
use web::lang::Lang;

use super::Asked;
use crate::app::App;
use crate::document::{self, label_of_clause};
use crate::opinion::words::{channel_label, kind_label};
use crate::opinion::{page_words, state_words};
use crate::problem::Problem;
use crate::topic::store::TopicStats;
use crate::topic::{policy, store};

/// The open panel, and the form's state filled with what is there unless something was typed.
pub(super) async fn open(
    app: &App,
    found: &Consultation,
    decision: &entity::decision::Model,
    asked: &Asked,
    stats: &[TopicStats],
    state: FormState,
    lang: Lang,
) -> Result<(Option<Panel>, FormState), Problem> {
    let base = format!("/desk/consultations/{}", found.code);
    let back = asked.href(&format!("{base}/opinions"), None);
    let of = |id: &str| stats.iter().find(|s| s.topic.id.to_string() == id).ok_or_else(Problem::not_found);
    if !asked.edit.is_empty() {
        let s = of(&asked.edit)?;
        let id = s.topic.id.to_string();
        let panel = EditPanel {
            action: format!("{base}/topics/{id}").into(),
            empty: s.opinions == 0,
            back: back.into(),
            id,
        };
        let state = if state.has_errors() {
            state
        } else {
            state.with("title", s.topic.title.as_str()).with("gist", s.topic.gist.as_str())
        };
        return Ok((Some(Panel::Edit(panel)), state));
    }
    let clauses = async || -> Result<Vec<Choice>, Problem> {
        let db = app.db.read();
        let Some(text) = store::final_text(db, decision.id).await? else { return Ok(Vec::new()) };
        let all = document::clauses(db, text).await?;
        let all = all.iter().filter(|c| c.kind != document::TITLE);
        Ok(all.map(|c| Choice::new(c.id.to_string(), label_of_clause(c))).collect())
    };
    if !asked.respond.is_empty() {
        let s = of(&asked.respond)?;
        let state = filled(state, s.response.as_ref());
        let panel = topic_panel(app, s, &base, back, clauses().await?, lang);
        return Ok((Some(Panel::Answer(panel)), state));
    }
    if asked.answer.is_empty() {
        return Ok((None, state));
    }
    let (panel, own) = opinion_panel(app, found, asked, &base, back, clauses().await?, lang).await?;
    Ok((Some(Panel::Answer(panel)), filled(state, own.as_ref())))
}

fn filled(state: FormState, response: Option<&entity::response::Model>) -> FormState {
    match response {
        Some(r) if !state.has_errors() => state
            .with("outcome", r.outcome.as_str())
            .with("reason", r.reason.as_str())
            .with("final_clause", r.final_clause_id.map(|id| id.to_string()).unwrap_or_default()),
        _ => state,
    }
}

fn topic_panel(
    app: &App,
    s: &TopicStats,
    base: &str,
    back: String,
    clauses: Vec<Choice>,
    lang: Lang,
) -> AnswerPanel {
    let concentrated = policy::is_concentrated(s.people, app.config.rules.concentrated_people);
    AnswerPanel {
        heading: match lang {
            Lang::Zh => format!("答复主题：{}", s.topic.title),
            Lang::En => format!("Answer the topic: {}", s.topic.title),
        },
        proposal: None,
        quote: if s.topic.gist.is_empty() { s.topic.title.clone() } else { s.topic.gist.clone() },
        facts: match lang {
            Lang::Zh => format!(
                "{} 条意见，{} 人提出；适用于其中没有单独答复的 {} 条",
                s.opinions, s.people, s.following
            ),
            Lang::En => format!(
                "{} opinions of {} people; holds for the {} without an own answer",
                s.opinions, s.people, s.following
            ),
        },
        action: format!("{base}/topics/{}/response", s.topic.id).into(),
        clauses,
        least_reason: concentrated.then_some(policy::CONCENTRATED_REASON),
        retract: s.response.as_ref().is_some_and(|r| r.public_version.is_none()),
        follows: None,
        back: back.into(),
    }
}

async fn opinion_panel(
    app: &App,
    found: &Consultation,
    asked: &Asked,
    base: &str,
    back: String,
    clauses: Vec<Choice>,
    lang: Lang,
) -> Result<(AnswerPanel, Option<entity::response::Model>), Problem> {
    let db = app.db.read();
    let opinion = crate::opinion::by_number(db, &asked.answer).await?;
    if opinion.consultation_id != found.id || !opinion.state.is_counted() {
        return Err(Problem::not_found());
    }
    let own = store::response_of_opinion(db, opinion.id).await?;
    let topic = store::topic_of(db, opinion.id).await?;
    let clause = match opinion.clause_id {
        Some(id) => Some(crate::opinion::quote(db, id).await?),
        None => None,
    };
    let state = state_words(opinion.state);
    let panel = AnswerPanel {
        heading: match lang {
            Lang::Zh => format!("单独答复意见 {}", opinion.number),
            Lang::En => format!("Answer opinion {}", opinion.number),
        },
        facts: format!(
            "{} · {} · {}",
            kind_label(opinion.person_kind).word(lang),
            channel_label(opinion.channel).word(lang),
            lang.t(&state.zh, &state.en)
        ),
        action: format!("{base}/opinions/{}/response", opinion.number).into(),
        clauses,
        least_reason: None,
        retract: own.as_ref().is_some_and(|r| r.public_version.is_none()),
        follows: topic.map(|t| match lang {
            Lang::Zh => format!("没有单独答复时，适用主题“{}”的答复。", t.title),
            Lang::En => format!("Without an own answer the one of the topic “{}” holds.", t.title),
        }),
        back: back.into(),
        proposal: page_words::proposal(&opinion.text, clause.as_ref()),
        quote: opinion.text,
    };
    Ok((panel, own))
}
