//! From the domain to what the views show.

use entity::enums::{Channel, Outcome};
use entity::opinion::Model;
use web::consultation::{ClauseLine, LineKind, Span};
use web::link::Href;
use web::opinion::{QuotedClause, When};

use crate::calendar::civil;
use crate::opinion::store::Quote;

pub fn consultation(code: &str) -> Href {
    format!("/consultations/{code}").into()
}

pub fn quoted(consultation: &str, quote: &Quote) -> QuotedClause {
    QuotedClause {
        id: quote.id.to_string(),
        label: quote.label.clone(),
        lines: lines(quote),
        href: format!("/consultations/{consultation}#c-{}", quote.id).into(),
    }
}

pub fn lines(quote: &Quote) -> Vec<ClauseLine> {
    let line = |(kind, text): &(String, String)| ClauseLine {
        kind: match kind.as_str() {
            "item" => LineKind::Item,
            "subitem" | "point" => LineKind::Subitem,
            _ => LineKind::Paragraph,
        },
        text: text.clone(),
    };
    quote.lines.iter().map(line).collect()
}

pub fn when(opinion: &Model) -> When {
    let at = civil::local_time(opinion.received_at);
    if opinion.channel == Channel::Site { When::At(at) } else { When::On(at.date()) }
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
