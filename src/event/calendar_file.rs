//! An event as a calendar file (RFC 5545): one entry for each session, in UTC, with the same identity whenever it
//! is fetched, so that a calendar that took it once follows its changes.

use entity::event::Model as Event;
use entity::event_session::Model as Session;
use icalendar::{Calendar, Component as _, EventLike as _, EventStatus};

use super::words::kind_words;

/// The file of an event's sessions. `host` names the site, `page` is the event's address.
pub(super) fn file(event: &Event, sessions: &[Session], host: &str, page: &str) -> String {
    let mut calendar = Calendar::new();
    calendar.name(&event.title);
    for session in sessions {
        let mut entry = icalendar::Event::new();
        entry
            .uid(&format!("{}-{}@{host}", event.code, session.number))
            .sequence(u32::try_from(event.revision).unwrap_or(0))
            .timestamp(event.published_at.unwrap_or(event.created_at))
            .summary(&format!("{}：{}", kind_words(event.kind).zh, event.title))
            .description(&format!("{}\n{page}", event.summary))
            .location(&session.place)
            .url(page)
            .starts(session.begins_at)
            .ends(session.ends_at);
        let status =
            if event.cancelled_at.is_some() { EventStatus::Cancelled } else { EventStatus::Confirmed };
        entry.status(status);
        calendar.push(entry.done());
    }
    calendar.to_string()
}
