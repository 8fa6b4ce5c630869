//! Somebody for whom a provider vouches (OpenID Connect): the contact is the one that it has verified, whatever was
//! typed. A form names the visit by its ticket.

use super::{Given, Tried, Use, try_out};
use crate::app::App;
use crate::oidc;
use crate::problem::Problem;

/// The contact that counts, and how it is proved.
#[derive(Clone, Debug)]
pub struct Proved {
    /// In place of what was typed.
    pub contact: Option<String>,
    pub tried: Option<Tried>,
}

/// Looks at what a form brings: the ticket of a visit, or a code.
///
/// # Errors
/// The database's own.
pub async fn prove(app: &App, purpose: Use<'_>, typed: &str, given: &Given) -> Result<Proved, Problem> {
    let visit = match &given.visit {
        Some(ticket) => oidc::by_ticket(app, ticket, &purpose.to_string()).await?,
        None => None,
    };
    if let Some((id, arrival)) = visit {
        return Ok(Proved { contact: arrival.contact, tried: Some(Tried::Vouched(id)) });
    }
    let tried = try_out(app, purpose, typed, given.proof.as_ref()).await?;
    Ok(Proved { contact: None, tried })
}
