//! Working days as numbers: count them up to a day, find the day of a count.
//!
//! Weekdays alone follow a formula; each row of the table that goes against the weekend rule moves
//! the count by one from its date on. So a count is a formula plus the sum of the moves up to the
//! day, found by binary search among a few hundred dates, and it works for every year alike.

use chrono::{Datelike, NaiveDate};

/// Day 1 of the common era, 0001-01-01, is a Monday; every day number below is counted from it.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// The exceptions by day number, ascending: a weekday off or a weekend day that works.
    days: Vec<i32>,
    /// `moves[k]`: the sum of the first k exceptions, −1 for a day off and +1 for a make-up day.
    moves: Vec<i32>,
    /// `reach[k]`: the count at the end of exception k. Never falls.
    reach: Vec<i32>,
}

impl Index {
    /// From the dates that the notices name, ascending, and whether each is a working day.
    pub(super) fn new(named: impl Iterator<Item = (NaiveDate, bool)>) -> Self {
        let mut index = Self { days: Vec::new(), moves: vec![0], reach: Vec::new() };
        let mut sum = 0;
        for (date, works) in named {
            let day = date.num_days_from_ce();
            if works == is_weekday(day) {
                continue;
            }
            sum += if works { 1 } else { -1 };
            index.days.push(day);
            index.moves.push(sum);
            index.reach.push(weekdays_to(day) + sum);
        }
        index
    }

    /// Whether day number `day` is a working day.
    pub(super) fn works(&self, day: i32) -> bool {
        // An exception is, by definition, the opposite of what the weekday says.
        is_weekday(day) != self.days.binary_search(&day).is_ok()
    }

    /// The number of working days up to and including day number `day`, from an arbitrary zero.
    pub(super) fn count(&self, day: i32) -> i32 {
        let k = self.days.partition_point(|d| *d <= day);
        weekdays_to(day) + self.moves.get(k).copied().unwrap_or_default()
    }

    /// The working day with this count, the inverse of [`Self::count`]; `None` past the ends of
    /// time.
    pub(super) fn find(&self, count: i64) -> Option<NaiveDate> {
        let count = i32::try_from(count).ok()?;
        // The answer lies after exception k−1 and not after exception k.
        let k = self.reach.partition_point(|r| *r < count);
        let before = self.moves.get(k)?;
        let mut day = weekday_at(count.checked_sub(*before)?);
        if let (Some(next), Some(after)) = (self.days.get(k), self.moves.get(k + 1))
            && after > before
        {
            // A make-up day stands ahead: if the formula walks past it, it takes that count.
            day = day.min(i64::from(*next));
        }
        NaiveDate::from_num_days_from_ce_opt(i32::try_from(day).ok()?)
    }
}

fn is_weekday(day: i32) -> bool {
    matches!(day.rem_euclid(7), 1..=5)
}

/// Monday-to-Friday days in (0, day]; negative before the common era.
fn weekdays_to(day: i32) -> i32 {
    day.div_euclid(7) * 5 + day.rem_euclid(7).min(5)
}

/// The day number of the `count`-th weekday, the inverse of [`weekdays_to`].
fn weekday_at(count: i32) -> i64 {
    let zero_based = i64::from(count) - 1;
    zero_based.div_euclid(5) * 7 + zero_based.rem_euclid(5) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_and_its_inverse_agree() {
        let mut count = weekdays_to(-1000);
        for day in -999..1000 {
            if is_weekday(day) {
                count += 1;
                assert_eq!(weekday_at(count), i64::from(day));
            }
            assert_eq!(weekdays_to(day), count);
        }
    }

    #[test]
    fn counting_past_the_ends_gives_nothing() {
        let index = Index::new(std::iter::empty());
        assert_eq!(index.find(i64::MAX), None);
        assert_eq!(index.find(i64::MIN), None);
        assert_eq!(index.find(i64::from(i32::MAX)), None);
        assert_eq!(index.find(i64::from(i32::MIN)), None);
    }
}
