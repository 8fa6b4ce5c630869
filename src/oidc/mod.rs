//! Signing in at a provider (OpenID Connect, 统一身份认证), for whichever feature sends somebody there.
//!
//! A feature sends a person on an errand ([`send`]) with what was typed so far; the page of the provider asks who they
//! are; they come back to one address of ours ([`come_back`]), which leads on to the feature's own page. That page reads
//! who arrived ([`look`], [`by_ticket`]) and uses the visit up ([`spend`]).
//!
//! Nothing of a visit is in the memory of a process. A row holds it, sealed; the browser that was sent carries a signed
//! cookie for as long, and no other browser can come back in its place. The answer is taken once. What the
//! provider's tokens said beyond a subject, a name and a verified contact is not kept, nor are the tokens.

mod browser;
mod exchange;
pub mod page;
mod provider;
mod refusal;
mod store;
mod visit;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use browser::Browser;
pub use exchange::redirect_uri;
pub use provider::{Provider, Seen};
pub use refusal::Refusal;
pub use visit::{
    Arrival, Callback, Departure, ERASE_JOB, Errand, Outcome, Visit, by_ticket, come_back, erase, look, name,
    send, spend,
};

use crate::app::App;
use crate::config::{Audience, Config};

/// The providers of the settings.
pub struct Providers(BTreeMap<String, Arc<Provider>>);

impl Providers {
    /// # Errors
    /// Settings that cannot be used, in words for the person at the terminal.
    pub fn open(config: &Config) -> Result<Self, String> {
        let open = |(key, settings)| Ok((String::clone(key), Arc::new(Provider::open(key, settings)?)));
        config.oidc.iter().map(open).collect::<Result<_, String>>().map(Self)
    }

    /// One of them; none for a name that the settings do not know.
    pub fn get(&self, key: &str) -> Option<&Arc<Provider>> {
        self.0.get(key)
    }

    pub fn all(&self) -> impl Iterator<Item = &Arc<Provider>> {
        self.0.values()
    }

    /// Those that vouch for somebody.
    pub fn of(&self, audience: Audience) -> impl Iterator<Item = &Arc<Provider>> {
        self.0.values().filter(move |p| p.settings.is_for(audience))
    }

    /// Whether anybody vouches for residents.
    pub fn knows_residents(&self) -> bool {
        self.of(Audience::Residents).next().is_some()
    }
}

/// Where somebody who leaves this site may sign out at the provider as well; `back` is a path of ours.
pub async fn sign_out_address(app: &App, key: &str, back: &str) -> Option<String> {
    exchange::logout(app, app.providers.get(key)?, back).await
}

/// How every provider stands; one that was not asked yet, or failed, is asked now.
pub async fn standing(app: &App) -> Vec<(Arc<Provider>, Seen)> {
    let ask = |provider: Arc<Provider>| async move {
        let seen = provider.seen();
        if seen.ok_at.is_none() || seen.failed.is_some() {
            // What comes of it stands in what was seen.
            let _ = provider.renewed(app.now()).await;
        }
        let seen = provider.seen();
        (provider, seen)
    };
    futures_util::future::join_all(app.providers.all().cloned().map(ask)).await
}
