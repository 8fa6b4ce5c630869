//! Events as a calendar file (RFC 5545): one entry for each session, in UTC, with the same identity whenever it is
//! fetched, so that a calendar that took it once, or follows it, takes over its changes.

use entity::event::Model as Event;
use entity::event_session::Model as Session;
use icalendar::{Calendar, Component as _, EventLike as _, EventStatus};

use super::words::kind_words;
use crate::app::App;

/// The file of some events, each with its sessions.
pub(super) fn file<'a>(
    app: &App,
    name: &str,
    events: impl IntoIterator<Item = (&'a Event, &'a [Session])>,
) -> String {
    let mut calendar = Calendar::new();
    calendar.name(name);
    for (event, sessions) in events {
        for session in sessions {
            calendar.push(entry(app, event, session));
        }
    }
    calendar.to_string()
}

fn entry(app: &App, event: &Event, session: &Session) -> icalendar::Event {
    let page = format!("{}{}", app.config.base_url(), super::path(&event.code));
    let status = if event.cancelled_at.is_some() { EventStatus::Cancelled } else { EventStatus::Confirmed };
    let mut entry = icalendar::Event::new();
    entry
        .uid(&format!("{}-{}@{}", event.code, session.number, app.config.site.domain))
        .sequence(u32::try_from(event.revision).unwrap_or(0))
        .timestamp(event.published_at.unwrap_or(event.created_at))
        .summary(&format!("{}：{}", kind_words(event.kind).zh, event.title))
        .description(&format!("{}\n{page}", event.summary))
        .location(&session.place)
        .url(&page)
        .starts(session.begins_at)
        .ends(session.ends_at)
        .status(status);
    entry.done()
}
