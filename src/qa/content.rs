//! What a session says, checked once for the form and the program alike.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use entity::id::DepartmentId;
use validator::Validate;

use crate::problem::{Code, Problem};
use crate::text;

/// More departments than sit at one table.
pub const MOST_GUESTS: usize = 12;
/// The longest live part.
const LONGEST: TimeDelta = TimeDelta::hours(12);
/// No session is announced longer before.
const FARTHEST: TimeDelta = TimeDelta::days(366);

/// A department at the table, and who speaks for it.
#[derive(Clone, Debug, PartialEq, Eq, Validate)]
pub struct Guest {
    pub department_id: DepartmentId,
    /// Name and office; may be empty.
    #[validate(length(max = 60), custom(function = text::one_line))]
    pub person: String,
}

/// A session as its organiser writes it.
#[derive(Clone, Debug, Validate)]
pub struct Content {
    /// Who holds it; not changed once it is published.
    pub department_id: DepartmentId,
    #[validate(length(min = 1, max = 120), custom(function = text::one_line))]
    pub title: String,
    #[validate(length(min = 1, max = 10_000), custom(function = text::several_lines))]
    pub theme: String,
    #[validate(nested)]
    pub guests: Vec<Guest>,
    /// From when on people may ask; none: at once.
    pub opens_at: Option<DateTime<Utc>>,
    pub begins_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

impl Content {
    /// Everything that is wrong with it, at once. `now` bounds its times; a session that is public may have begun.
    ///
    /// # Errors
    /// `invalid`.
    pub fn check(&self, now: DateTime<Utc>) -> Result<(), Problem> {
        let mut problem = self.validate().err().map(Problem::from);
        let mut wrong = |field: &'static str, zh: &'static str, en: &'static str| {
            let so_far = problem.take().unwrap_or_else(|| Problem::new(Code::Invalid));
            problem = Some(so_far.field(field, zh, en));
        };
        if self.guests.is_empty() {
            wrong("guests", "请至少选择一个参加单位", "Choose at least one department");
        }
        if self.guests.len() > MOST_GUESTS {
            wrong("guests", "参加单位最多 12 个", "At most 12 departments");
        }
        let twice = self
            .guests
            .iter()
            .enumerate()
            .any(|(n, g)| self.guests[..n].iter().any(|other| other.department_id == g.department_id));
        if twice {
            wrong("guests", "同一单位只填一次", "Name a department once");
        }
        if self.ends_at <= self.begins_at {
            wrong("ends_at", "结束时间应当晚于开始时间", "The end must be after the beginning");
        } else if self.ends_at - self.begins_at > LONGEST {
            wrong("ends_at", "在线答复最长 12 小时", "The live part lasts at most 12 hours");
        }
        if self.opens_at.is_some_and(|at| at > self.begins_at) {
            wrong(
                "opens_at",
                "征集问题应当在在线答复之前开始",
                "Questions must be taken before the live part begins",
            );
        }
        let years = [Some(self.begins_at), Some(self.ends_at), self.opens_at];
        let odd = years.iter().flatten().any(|at| !(2000..=2200).contains(&at.year()));
        if odd || self.begins_at - now > FARTHEST {
            wrong("begins_at", "请核对日期的年份", "Check the year");
        }
        problem.map_or(Ok(()), Err)
    }
}

/// Adds what is wrong with the length of a text that must be there, characters as people count them.
pub(super) fn length(problem: Problem, field: &'static str, text: &str, most: usize) -> Problem {
    let n = text.chars().count();
    if n == 0 {
        return problem.field(field, "请填写", "Please fill this in");
    }
    if n <= most {
        return problem;
    }
    problem.field(
        field,
        format!("最多 {most} 字，现有 {n} 字"),
        format!("At most {most} characters, there are {n}"),
    )
}

#[derive(Validate)]
struct Lines<'a> {
    #[validate(custom(function = text::several_lines))]
    text: &'a str,
}

/// A text of several lines that must say something and not too much, tidied.
///
/// # Errors
/// `invalid` for `field`.
pub(super) fn several_lines(field: &'static str, typed: &str, most: usize) -> Result<String, Problem> {
    let text = text::tidy(typed);
    let mut problem = Problem::new(Code::Invalid);
    if let Err(errors) = (Lines { text: &text }).validate() {
        for found in Problem::from(errors).fields {
            problem = problem.field(field, found.message.zh, found.message.en);
        }
    }
    problem = length(problem, field, &text, most);
    if problem.fields.is_empty() { Ok(text) } else { Err(problem) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(hour: i64) -> DateTime<Utc> {
        // 2026-03-02 00:00 UTC and so many hours.
        DateTime::from_timestamp(1_772_409_600, 0).unwrap() + TimeDelta::hours(hour)
    }

    fn guest(n: u128) -> Guest {
        Guest { department_id: DepartmentId(Uuid::from_u128(n)), person: String::new() }
    }

    fn content() -> Content {
        Content {
            department_id: DepartmentId(Uuid::from_u128(1)),
            title: "体育场馆开放".into(),
            theme: "说明开放安排".into(),
            guests: vec![guest(1), guest(2)],
            opens_at: Some(at(1)),
            begins_at: at(48),
            ends_at: at(50),
        }
    }

    #[test]
    fn times_stand_in_their_order_and_departments_once() {
        assert!(content().check(at(0)).is_ok());
        let wrong = |change: fn(&mut Content), field: &str| {
            let mut c = content();
            change(&mut c);
            let problem = c.check(at(0)).unwrap_err();
            assert!(problem.fields.iter().any(|f| f.field == field), "{field}: {problem}");
        };
        wrong(|c| c.title = String::new(), "title");
        wrong(|c| c.title = "a\u{0}".into(), "title");
        wrong(|c| c.theme = String::new(), "theme");
        wrong(|c| c.guests.clear(), "guests");
        wrong(|c| c.guests.push(guest(1)), "guests");
        wrong(|c| c.guests = (0..13).map(guest).collect(), "guests");
        wrong(|c| c.ends_at = c.begins_at, "ends_at");
        wrong(|c| c.ends_at = at(61), "ends_at");
        wrong(|c| c.opens_at = Some(at(49)), "opens_at");
        wrong(|c| c.begins_at = DateTime::<Utc>::MIN_UTC, "begins_at");
        wrong(
            |c| {
                c.begins_at = at(400 * 24);
                c.ends_at = at(400 * 24 + 1);
            },
            "begins_at",
        );
    }

    #[test]
    fn texts_are_counted_as_people_do() {
        assert_eq!(several_lines("answer", " 好。 ", 2).unwrap(), "好。");
        assert!(several_lines("answer", "", 2).is_err());
        assert!(several_lines("answer", "好好。", 2).is_err());
    }
}
