//! What an event and its sessions say, and what is wrong with it.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::enums::{EventKind, SeatMethod};
use entity::id::DepartmentId;
use validator::{Validate, ValidationError};

use super::lot::Quota;
use super::{draw, share};
use crate::calendar::civil;
use crate::problem::{Code, Problem};
use crate::text;

/// Seats in one session; more is another kind of event.
pub const MOST_SEATS: i32 = 10_000;
/// People in one registration.
pub const MOST_PARTY: i32 = 50;
/// An offer that lasts longer keeps a seat empty.
const MOST_OFFER_HOURS: i32 = 240;
/// A session further away than this is a slip of the pen.
const FARTHEST: TimeDelta = TimeDelta::days(400);

/// What an event says.
#[derive(Clone, Debug, Validate)]
pub struct Content {
    pub kind: EventKind,
    /// Who holds it; not changed once the event is published.
    pub department_id: DepartmentId,
    /// Code of the decision it serves; may be empty.
    #[validate(length(max = 40), custom(function = text::one_line))]
    pub decision: String,
    #[validate(length(min = 1, max = 120), custom(function = text::one_line))]
    pub title: String,
    #[validate(length(min = 1, max = 10_000), custom(function = text::several_lines))]
    pub summary: String,
    /// Who may come; empty for everybody.
    #[validate(length(max = 2000), custom(function = text::several_lines))]
    pub conditions: String,
    #[validate(length(max = 2000), custom(function = text::several_lines))]
    pub accessibility: String,
    #[validate(length(min = 1, max = 60), custom(function = text::one_line))]
    pub contact_name: String,
    #[validate(length(max = 60), custom(function = text::one_line))]
    pub phone: String,
    #[validate(custom(function = email))]
    pub email: String,
}

fn email(text: &str) -> Result<(), ValidationError> {
    if text.is_empty() || text::is_email(text) {
        return Ok(());
    }
    Err(ValidationError::new("请填写正确的电子邮箱|Please give a valid e-mail address"))
}

impl Content {
    /// # Errors
    /// `invalid` with every field to mend.
    pub fn check(&self) -> Result<(), Problem> {
        let mut problem = self.validate().err().map(Problem::from);
        if self.phone.is_empty() && self.email.is_empty() {
            let so_far = problem.take().unwrap_or_else(|| Problem::new(Code::Invalid));
            problem = Some(so_far.field(
                "phone",
                "联系电话和电子邮箱至少填写一项",
                "Give a telephone number or an e-mail address",
            ));
        }
        problem.map_or(Ok(()), Err)
    }
}

/// What a session says; times are local, in Asia/Shanghai.
#[derive(Clone, Debug, Validate)]
pub struct SessionContent {
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    pub place: String,
    #[validate(length(max = 500), custom(function = text::one_line))]
    pub directions: String,
    pub held_on: NaiveDate,
    pub begins: NaiveTime,
    pub ends: NaiveTime,
    pub capacity: i32,
    /// None: at once.
    pub registration_opens_at: Option<DateTime<Utc>>,
    /// None: until the session begins.
    pub registration_closes_at: Option<DateTime<Utc>>,
    pub party_max: i32,
    pub offer_hours: i32,
    pub method: SeatMethod,
    /// Seats kept for groups; empty for seats open to all.
    pub quotas: Vec<Quota>,
}

/// The moments of a session, checked against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub begins_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub opens_at: DateTime<Utc>,
    pub closes_at: DateTime<Utc>,
}

impl SessionContent {
    /// Everything that is wrong with it, at once; and its moments. `since` is when registration may begin at the
    /// earliest.
    ///
    /// # Errors
    /// `invalid`.
    pub fn check(&self, now: DateTime<Utc>, since: DateTime<Utc>) -> Result<Times, Problem> {
        let mut problem = self.validate().err().map(Problem::from);
        let mut wrong = |field: &'static str, zh: String, en: String| {
            let so_far = problem.take().unwrap_or_else(|| Problem::new(Code::Invalid));
            problem = Some(so_far.field(field, zh, en));
        };
        for (field, value, least, most) in [
            ("capacity", self.capacity, 1, MOST_SEATS),
            ("party_max", self.party_max, 1, MOST_PARTY),
            ("offer_hours", self.offer_hours, 0, MOST_OFFER_HOURS),
        ] {
            if !(least..=most).contains(&value) {
                wrong(field, format!("应为 {least} 至 {most}"), format!("From {least} to {most}"));
            }
        }
        if self.party_max > self.capacity && self.capacity >= 1 {
            wrong("party_max", "不能多于名额总数".into(), "Not more than there are seats".into());
        }
        let times = self.times(since);
        if self.ends <= self.begins {
            wrong("ends", "结束时间应当晚于开始时间".into(), "The end must be after the beginning".into());
        }
        if times.begins_at <= now {
            wrong("held_on", "场次应当在将来".into(), "The session must be in the future".into());
        }
        if times.begins_at - now > FARTHEST || !(2000..=2200).contains(&self.held_on.year()) {
            wrong("held_on", "请核对日期的年份".into(), "Check the year".into());
        }
        if times.closes_at > times.begins_at {
            wrong(
                "registration_closes_at",
                "报名截止不能晚于场次开始".into(),
                "Registration must close before the session begins".into(),
            );
        }
        if times.opens_at >= times.closes_at {
            wrong(
                "registration_opens_at",
                "报名开始应当早于报名截止".into(),
                "Registration must open before it closes".into(),
            );
        }
        if self.method == SeatMethod::Draw && times.closes_at > times.begins_at - draw::NOTICE {
            wrong(
                "registration_closes_at",
                "摇号场次的报名应在开始前至少24小时截止，以便通知结果".into(),
                "Before a draw, registration closes at least 24 hours before the session".into(),
            );
        }
        match (problem, share::check(&self.quotas, self.capacity)) {
            (None, shares) => shares.map(|()| times),
            (Some(problem), Ok(())) => Err(problem),
            (Some(mut problem), Err(more)) => {
                problem.fields.extend(more.fields);
                Err(problem)
            }
        }
    }

    fn times(&self, since: DateTime<Utc>) -> Times {
        let at = |time: NaiveTime| {
            use chrono::Timelike as _;
            civil::at(self.held_on, time.hour(), time.minute())
        };
        let begins_at = at(self.begins);
        Times {
            begins_at,
            ends_at: at(self.ends),
            opens_at: self.registration_opens_at.unwrap_or(since),
            closes_at: self.registration_closes_at.unwrap_or(begins_at),
        }
    }
}

/// A time of day as a form writes it: `09:30`, with seconds where a browser adds them.
pub fn parse_time(text: &str) -> Option<NaiveTime> {
    ["%H:%M", "%H:%M:%S"].iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

/// A local moment as a form writes it: `2026-03-05T09:30`, or with a space, in Asia/Shanghai.
pub fn parse_moment(text: &str) -> Option<DateTime<Utc>> {
    use chrono::Timelike as _;
    let (day, time) = text.split_once('T').or_else(|| text.split_once(' '))?;
    let (day, time) = (civil::parse_date(day)?, parse_time(time.trim())?);
    Some(civil::at(day, time.hour(), time.minute()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, d).unwrap()
    }

    fn session() -> SessionContent {
        SessionContent {
            place: "示例市体育馆".into(),
            directions: String::new(),
            held_on: day(20),
            begins: NaiveTime::from_hms_opt(9, 30, 0).unwrap(),
            ends: NaiveTime::from_hms_opt(11, 30, 0).unwrap(),
            capacity: 30,
            registration_opens_at: None,
            registration_closes_at: None,
            party_max: 4,
            offer_hours: 24,
            method: SeatMethod::FirstCome,
            quotas: Vec::new(),
        }
    }

    fn quota(seats: i32) -> Quota {
        Quota { group: entity::enums::SeatGroup::Expert, seats }
    }

    #[test]
    fn times_are_local_and_in_order() {
        let now = civil::at(day(2), 10, 0);
        let times = session().check(now, now).unwrap();
        assert_eq!(times.begins_at, civil::at(day(20), 9, 30));
        assert_eq!((times.opens_at, times.closes_at), (now, times.begins_at));
        let wrong = |change: fn(&mut SessionContent), field: &str| {
            let mut s = session();
            change(&mut s);
            let problem = s.check(civil::at(day(2), 10, 0), civil::at(day(2), 10, 0)).unwrap_err();
            assert!(problem.fields.iter().any(|f| f.field == field), "{field}: {problem}");
        };
        wrong(|s| s.ends = s.begins, "ends");
        wrong(|s| s.held_on = day(1), "held_on");
        wrong(|s| s.held_on = NaiveDate::MAX, "held_on");
        wrong(|s| s.capacity = 0, "capacity");
        wrong(|s| s.capacity = 3, "party_max");
        wrong(|s| s.party_max = 0, "party_max");
        wrong(|s| s.offer_hours = -1, "offer_hours");
        wrong(|s| s.place = String::new(), "place");
        wrong(|s| s.registration_closes_at = Some(civil::at(day(20), 9, 31)), "registration_closes_at");
        wrong(|s| s.method = SeatMethod::Draw, "registration_closes_at");
        wrong(|s| s.quotas = vec![quota(0)], "quota_expert");
        wrong(|s| s.quotas = vec![quota(2), quota(3)], "quota_expert");
        wrong(|s| s.quotas = vec![quota(31)], "capacity");
        wrong(|s| s.registration_opens_at = Some(civil::at(day(20), 9, 30)), "registration_opens_at");
    }

    #[test]
    fn moments_are_read_as_browsers_write_them() {
        assert_eq!(parse_moment("2026-03-05T09:30"), Some(civil::at(day(5), 9, 30)));
        assert_eq!(parse_moment("2026-03-05 09:30:00"), Some(civil::at(day(5), 9, 30)));
        for bad in ["", "2026-03-05", "2026-3-5T09:30", "2026-03-05T25:00", "T"] {
            assert_eq!(parse_moment(bad), None, "{bad}");
        }
    }
}
