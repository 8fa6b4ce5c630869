//! What kinds of events are called, and how their times are written.

use chrono::{DateTime, Utc};
use entity::enums::{EventKind, SeatMethod};
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

/// How seats are given, and what that means.
pub fn method_words(method: SeatMethod) -> (Words, Words) {
    match method {
        SeatMethod::FirstCome => (
            words("先到先得", "First come, first served"),
            words("名额满后按先后顺序候补。", "Who comes later waits in the order of arrival."),
        ),
        SeatMethod::Draw => (
            words("摇号", "By lot"),
            words(
                "报名截止后摇号，过程任何人都可以验证；报名应在场次开始前至少24小时截止。",
                "Drawn once registration has closed, 24 hours before the session at the latest; anybody can check it.",
            ),
        ),
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
