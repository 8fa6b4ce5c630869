//! What kinds of events and states of registrations are called.

use chrono::{DateTime, Utc};
use entity::enums::{EventKind, RegistrationState};
use entity::event_session::Model as Session;

use crate::calendar::civil;
use crate::problem::{Words, words};

pub fn kind_words(kind: EventKind) -> Words {
    match kind {
        EventKind::OpenDay => words("政府开放日", "Open day"),
        EventKind::OpenWeek => words("政府开放周", "Open week"),
        EventKind::Hearing => words("听证会", "Hearing"),
        EventKind::Seminar => words("座谈会", "Seminar"),
        EventKind::FieldVisit => words("实地走访", "Field visit"),
        EventKind::Meeting => words("会议开放（列席会议）", "Meeting open to the public"),
    }
}

pub fn state_words(state: RegistrationState) -> Words {
    match state {
        RegistrationState::Confirmed => words("报名成功", "Confirmed"),
        RegistrationState::Waiting => words("候补中", "On the waiting list"),
        RegistrationState::Offered => words("候补转正，等待您确认", "A seat is kept for you: take it up"),
        RegistrationState::Cancelled => words("已取消", "Cancelled"),
        RegistrationState::Expired => words("未在期限内确认，名额已让出", "Not taken up in time; the seat went on"),
    }
}

/// `2026年3月5日 14:00—16:00` in both languages, in Asia/Shanghai.
pub fn when(session: &Session) -> Words {
    let (begin, end) = (civil::local_time(session.begins_at), civil::local_time(session.ends_at));
    let (from, to) = (begin.format("%H:%M"), end.format("%H:%M"));
    words(
        format!("{} {from}—{to}（北京时间）", civil::zh_date(begin.date())),
        format!("{}, {from}–{to} (Beijing time)", civil::en_date(begin.date())),
    )
}

/// An instant as people read it.
pub fn moment(at: DateTime<Utc>) -> Words {
    let local = civil::local_time(at);
    let time = local.format("%H:%M");
    words(
        format!("{} {time}（北京时间）", civil::zh_date(local.date())),
        format!("{}, {time} (Beijing time)", civil::en_date(local.date())),
    )
}
