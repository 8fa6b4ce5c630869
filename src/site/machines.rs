//! Addresses for programs: which pages to leave alone, and whom to tell of a weakness.

use chrono::{Days, NaiveTime, SecondsFormat, TimeDelta};

use crate::app::App;

/// Pages of one person or of staff, and lists without end, are nothing for search engines.
pub fn robots(app: &App) -> String {
    let base = app.config.base_url();
    format!(
        "User-agent: *\nDisallow: /desk\nDisallow: /receipts\nDisallow: /search\nDisallow: /api/\n\n# Site map for people: {base}{}\n",
        web::path::SITE_MAP
    )
}

/// `security.txt` (RFC 9116). It ends within a year, as the RFC advises, at a midnight, so that it does not
/// change with every request.
pub fn security(app: &App) -> String {
    let base = app.config.base_url();
    let site = &app.config.site;
    let contact = if site.email.is_empty() {
        format!("{base}{}#contact", web::path::NOTICE)
    } else {
        format!("mailto:{}", site.email)
    };
    let midnight = app.now().date_naive().and_time(NaiveTime::MIN).and_utc();
    let expires = midnight.checked_add_days(Days::new(360)).unwrap_or(midnight + TimeDelta::days(1));
    let expires = expires.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: zh, en\nCanonical: {base}/.well-known/security.txt\n"
    )
}
