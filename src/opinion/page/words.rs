//! From the domain to what the views show.

use entity::enums::{Channel, Outcome};
use entity::opinion::Model;
use web::consultation::{ClauseLine, Span};
use web::link::Href;
use web::opinion::{Proposal, QuotedClause, When};

use crate::calendar::civil;
use crate::document::reader::Unit;
use crate::document::show;
use crate::opinion::{Quote, wording};

pub fn consultation(code: &str) -> Href {
    format!("/consultations/{code}").into()
}

pub fn quoted(consultation: &str, quote: &Quote) -> QuotedClause {
    QuotedClause {
        id: quote.head.id.to_string(),
        label: quote.label(),
        lines: lines(quote),
        text: quote.text(),
        href: format!("/consultations/{consultation}#{}", show::anchor(&quote.head)).into(),
    }
}

fn lines(quote: &Quote) -> Vec<ClauseLine> {
    show::lines(&Unit { head: &quote.head, members: quote.members.iter().collect() })
}

pub fn when(opinion: &Model) -> When {
    let at = civil::local_time(opinion.received_at);
    if opinion.channel == Channel::Site { When::At(at) } else { When::On(at.date()) }
}

/// An opinion told apart, where it proposes other words for its clause.
pub fn proposal(text: &str, clause: Option<&Quote>) -> Option<Proposal> {
    let mut budget = wording::BUDGET;
    proposal_within(text, clause.map(Quote::text).as_deref(), &mut budget)
}

/// The same for one of many on a page.
pub fn proposal_within(text: &str, base: Option<&str>, budget: &mut usize) -> Option<Proposal> {
    let found = wording::proposal(text, base, budget)?;
    Some(Proposal { reason: spans(&found.reason), changes: show::changes(&found.changes) })
}

/// What was removed stands out from what is there.
pub fn spans(public_text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for (i, part) in public_text.split(crate::opinion::REMOVED).enumerate() {
        if i > 0 {
            spans.push(Span::Hidden);
        }
        if !part.is_empty() {
            spans.push(Span::Plain(part.to_owned()));
        }
    }
    spans
}

pub fn outcome(outcome: Outcome) -> web::label::Outcome {
    match outcome {
        Outcome::Adopted => web::label::Outcome::Adopted,
        Outcome::PartlyAdopted => web::label::Outcome::Partly,
        Outcome::NotAdopted => web::label::Outcome::NotAdopted,
        Outcome::Explained => web::label::Outcome::Explained,
    }
}
