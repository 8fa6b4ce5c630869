//! Which scheduled backups stay: the newest of each of the last days, and of each of the last weeks.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};

/// What was erased on the site must not live on in backups for longer (retention of personal data).
pub const LONGEST_DAYS: i64 = 35;

const PATTERN: &str = "jianyan-%Y%m%dT%H%M%S.zip";

/// What a scheduled backup is called; the time is local.
pub fn name(at: NaiveDateTime) -> String {
    at.format(PATTERN).to_string()
}

/// The time in the name of a scheduled backup; nothing for any other file.
pub fn time_of(name: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(name, PATTERN).ok()
}

/// Those of these names that may go. Files that are not scheduled backups are never among them.
pub fn superfluous(names: &[String], today: NaiveDate, daily: usize, weekly: usize) -> Vec<String> {
    let mut known: Vec<(NaiveDateTime, &String)> =
        names.iter().filter_map(|n| Some((time_of(n)?, n))).collect();
    known.sort_by(|a, b| b.cmp(a));
    let (mut days, mut weeks) = (BTreeSet::new(), BTreeSet::new());
    let mut gone = Vec::new();
    for (at, name) in known {
        let week = (at.iso_week().year(), at.iso_week().week());
        let of_day = days.len() < daily && days.insert(at.date());
        let of_week = weeks.len() < weekly && weeks.insert(week);
        let too_old = (today - at.date()).num_days() > LONGEST_DAYS;
        if too_old || !(of_day || of_week) {
            gone.push(name.clone());
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 1).unwrap() + TimeDelta::days(n)
    }

    /// Runs every night for so many days and gives what is there after the last.
    fn live(nights: i64, daily: usize, weekly: usize) -> Vec<String> {
        let mut there: Vec<String> = Vec::new();
        for n in 0..nights {
            there.push(name(day(n).and_hms_opt(3, 0, 0).unwrap()));
            let gone = superfluous(&there, day(n), daily, weekly);
            there.retain(|name| !gone.contains(name));
        }
        there
    }

    #[test]
    fn a_name_says_when() {
        let at = day(0).and_hms_opt(3, 0, 7).unwrap();
        assert_eq!(name(at), "jianyan-20260301T030007.zip");
        assert_eq!(time_of(&name(at)), Some(at));
        assert_eq!(time_of("jianyan-notes.zip"), None);
    }

    #[test]
    fn the_last_days_and_weeks_stay() {
        let there = live(60, 7, 4);
        let ages: Vec<i64> =
            there.iter().map(|n| (day(59) - time_of(n).unwrap().date()).num_days()).collect();
        assert_eq!(&ages[ages.len() - 7..], [6, 5, 4, 3, 2, 1, 0]);
        assert_eq!(ages.len(), 7 + 2, "of four weeks, two are older than the last seven days: {ages:?}");
        assert!(ages.iter().all(|age| *age <= 28), "{ages:?}");
    }

    #[test]
    fn nothing_is_kept_for_longer_than_the_law_of_the_house() {
        let there = live(100, 1, 52);
        assert!(there.iter().all(|n| (day(99) - time_of(n).unwrap().date()).num_days() <= LONGEST_DAYS));
        assert!(there.len() >= 5);
    }

    #[test]
    fn other_files_are_left_alone() {
        let names = ["mine.zip".to_owned(), "jianyan-20200101T030000.zip".to_owned()];
        assert_eq!(superfluous(&names, day(0), 7, 4), names[1..]);
    }

    #[test]
    fn of_several_on_one_day_the_newest_stays() {
        let names: Vec<String> = (1..4).map(|h| name(day(0).and_hms_opt(h, 0, 0).unwrap())).collect();
        assert_eq!(superfluous(&names, day(0), 7, 4), [names[1].clone(), names[0].clone()]);
    }
}
