//! What came, what became of it and how fast, for everybody to see (国办发〔2017〕47号); it adds up: received is
//! answered, not accepted and waiting.

use std::collections::BTreeMap;

use entity::enums::{DutyKind, MessageKind, MessageState, Satisfaction};

use super::store::{self, Group};
use crate::app::App;
use crate::duty::{self, Filter};
use crate::problem::Problem;

/// Months that are shown.
const MONTHS: usize = 12;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub answered: u64,
    /// Of those answered, how many by their last day.
    pub in_time: u64,
    pub rejected: u64,
    /// Waiting for acceptance or for the answer.
    pub waiting: u64,
}

impl Counts {
    pub fn received(self) -> u64 {
        self.answered + self.rejected + self.waiting
    }

    fn add(&mut self, g: &Group) {
        let n = u64::try_from(g.n).unwrap_or(0);
        match g.state {
            MessageState::Answered => {
                self.answered += n;
                self.in_time += if g.in_time == Some(true) { n } else { 0 };
            }
            MessageState::Rejected => self.rejected += n,
            MessageState::Pending | MessageState::Accepted => self.waiting += n,
        }
    }
}

/// The figures of the board.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    pub all: Counts,
    pub kinds: Vec<(MessageKind, Counts)>,
    /// `2026-03`, newest first; months without a message are left out.
    pub months: Vec<(String, Counts)>,
    /// How many of the answered ones are public.
    pub published: u64,
    /// How many wait for an answer beyond their last day.
    pub overdue: u64,
    pub satisfaction: Vec<(Satisfaction, u64)>,
}

/// # Errors
/// The database's own.
pub async fn figures(app: &App) -> Result<Figures, Problem> {
    let db = app.db.read();
    let groups = store::groups(db).await?;
    let mut all = Counts::default();
    let mut months: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut kinds: Vec<(MessageKind, Counts)> =
        MessageKind::ALL.iter().map(|k| (*k, Counts::default())).collect();
    for g in &groups {
        all.add(g);
        months.entry(&g.month).or_default().add(g);
        if let Some((_, counts)) = kinds.iter_mut().find(|(k, _)| *k == g.kind) {
            counts.add(g);
        }
    }
    let late =
        Filter { kind: Some(DutyKind::MessageAnswer), overdue_on: Some(app.today()), ..Filter::default() };
    let words = store::satisfaction(db).await?;
    let count = |word: &Satisfaction| {
        let n = words.iter().find(|w| w.satisfaction == *word).map_or(0, |w| w.n);
        (*word, u64::try_from(n).unwrap_or(0))
    };
    Ok(Figures {
        all,
        kinds,
        months: months.into_iter().rev().take(MONTHS).map(|(m, c)| (m.to_owned(), c)).collect(),
        published: store::count_published(db, None).await?,
        overdue: duty::count(db, &late).await?,
        satisfaction: Satisfaction::ALL.iter().map(count).collect(),
    })
}
