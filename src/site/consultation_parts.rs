//! Parts of the consultation's page: an opinion as everybody reads it, and the way of the matter.

use std::collections::HashMap;

use entity::consultation::Model;
use entity::enums::{Outcome, StepKind};
use entity::id::{DocumentId, LineageId};
use entity::step;
use web::attachment::AttachedFile;
use web::component::TimelineStep;
use web::consultation::{PublishedOpinion, Span};
use web::label::{self, StepState};
use web::lang::Lang;
use web::link::Href;

use super::said::Said;
use crate::app::App;
use crate::calendar::civil;
use crate::consultation::{Stage, stage};
use crate::{decision, document, opinion};

/// An opinion on the page. One on a clause that a correction took away leads to the version it speaks of.
pub fn opinion(
    said: &Said,
    outcome: Option<&(Outcome, String)>,
    files: Vec<AttachedFile>,
    heads: &HashMap<LineageId, String>,
    draft: DocumentId,
) -> PublishedOpinion {
    let clause = said.path.as_deref().map(|path| {
        let here = said.lineage_id.and_then(|l| heads.get(&l));
        let href = match (here, said.document_id) {
            (Some(anchor), _) => format!("#{anchor}"),
            (None, Some(old)) if old != draft => format!("/documents/{old}"),
            _ => "#draft".to_owned(),
        };
        (document::label_of_path(path), Href::new(href))
    });
    PublishedOpinion {
        id: format!("o-{}", said.number),
        report: format!("/opinions/{}/report", said.number).into(),
        who: said.public_name.clone().unwrap_or_else(|| "匿名".to_owned()),
        kind: opinion::words::kind_label(said.person_kind),
        on: civil::local_date(said.received_at),
        channel: opinion::words::channel_label(said.channel),
        text: spans(said.public_text.as_deref().unwrap_or_default()),
        proposal: None,
        files,
        clause,
        supports: 0,
        support: None,
        outcome: outcome.map(|(outcome, reason)| (outcome_label(*outcome), reason.clone())),
    }
}

/// What was removed stands out from what is there.
fn spans(public_text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for (i, part) in public_text.split(opinion::REMOVED).enumerate() {
        if i > 0 {
            spans.push(Span::Hidden);
        }
        if !part.is_empty() {
            spans.push(Span::Plain(part.to_owned()));
        }
    }
    spans
}

pub(super) fn outcome_label(outcome: Outcome) -> label::Outcome {
    match outcome {
        Outcome::Adopted => label::Outcome::Adopted,
        Outcome::PartlyAdopted => label::Outcome::Partly,
        Outcome::NotAdopted => label::Outcome::NotAdopted,
        Outcome::Explained => label::Outcome::Explained,
    }
}

/// The way of the matter up to now, and what follows this consultation.
pub fn steps(app: &App, lang: Lang, c: &Model, all: &[step::Model], answered: bool) -> Vec<TimelineStep> {
    let running = stage(c, app.now()) == Stage::Open;
    let title = |kind: StepKind| {
        let words = decision::step_words(kind);
        lang.t(&words.zh, &words.en).to_owned()
    };
    let mut in_order: Vec<&step::Model> = all.iter().collect();
    // On one day in the order of the procedure.
    in_order.sort_by_key(|s| (s.happened_on, s.kind));
    let mut out: Vec<TimelineStep> = in_order
        .into_iter()
        .filter_map(|s| {
            let on = s.happened_on?;
            // Another version of the draft may be asked about by now; the day tells this consultation.
            let this = s.kind == StepKind::Consultation && on == c.opens_on;
            let state = match () {
                () if this && running => StepState::Current,
                () if on > app.today() => StepState::Upcoming,
                () => StepState::Done,
            };
            let step = TimelineStep::new(title(s.kind), state);
            Some(if this { step.when(lang.period(c.opens_on, c.closes_on)) } else { step.on(on) })
        })
        .collect();
    let told = all.iter().any(|s| s.kind == StepKind::Summary && s.happened_on.is_some());
    if !answered && !told {
        out.push(TimelineStep::new(title(StepKind::Summary), StepState::Upcoming));
    }
    out
}
