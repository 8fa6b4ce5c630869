//! The browser that was sent: it carries a secret for an hour, signed, so that only this site can make one. Several
//! visits at once, in several tabs, share it.

use chrono::TimeDelta;

use crate::app::App;
use crate::keys::{Purpose, sha256_hex};

const LIFE: TimeDelta = TimeDelta::hours(1);

/// What the cookie says; nothing for one that is missing, foreign or too old.
#[derive(Clone, Debug, Default)]
pub struct Browser(Option<String>);

impl Browser {
    /// Reads what [`Browser::cookie`] set.
    pub fn parse(app: &App, value: &str) -> Self {
        let known = || {
            let (said, mac) = value.rsplit_once('.')?;
            let (secret, until) = said.split_once('.')?;
            let good = mac == app.keys.mac_hex(Purpose::Visit, said);
            (good && until.parse::<i64>().ok()? > app.now().timestamp()).then(|| secret.to_owned())
        };
        Self(known())
    }

    /// Hash of the secret; none for a browser without one.
    pub(super) fn hash(&self) -> Option<String> {
        self.0.as_ref().map(|secret| sha256_hex(secret.as_bytes()))
    }

    /// The same browser, or one that is known from now on.
    pub(super) fn or_new(&self, app: &App) -> (String, Self) {
        let secret = self.0.clone().unwrap_or_else(|| app.rng.secret());
        (sha256_hex(secret.as_bytes()), Self(Some(secret)))
    }

    pub fn cookie_name(app: &App) -> &'static str {
        if app.config.is_https() { "__Host-visit" } else { "visit" }
    }

    /// The Set-Cookie value. `Lax`: the way back is a link on another site.
    pub(super) fn cookie(&self, app: &App) -> String {
        let said = format!("{}.{}", self.0.as_deref().unwrap_or_default(), (app.now() + LIFE).timestamp());
        let mac = app.keys.mac_hex(Purpose::Visit, &said);
        let secure = if app.config.is_https() { "; Secure" } else { "" };
        format!(
            "{}={said}.{mac}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}",
            Self::cookie_name(app),
            LIFE.num_seconds()
        )
    }
}
