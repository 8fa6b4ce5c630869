//! The numbers of a consultation, from one query over the tally, so that they belong to one moment and add up:
//! received = published + not shown + rejected + withdrawn + pending, and counted = the sum of the outcomes + unanswered.

use entity::enums::{Channel, OpinionState, Outcome, PersonKind};

/// So many opinions that agree in everything that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub state: OpinionState,
    pub channel: Channel,
    pub person_kind: PersonKind,
    /// Its own response, or its topic's.
    pub outcome: Option<Outcome>,
    /// Whether it has a topic.
    pub grouped: bool,
    pub n: u64,
}

/// How the counted opinions were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Outcomes {
    pub adopted: u64,
    pub partly_adopted: u64,
    pub not_adopted: u64,
    pub explained: u64,
}

impl Outcomes {
    pub fn total(&self) -> u64 {
        self.adopted + self.partly_adopted + self.not_adopted + self.explained
    }

    fn add(&mut self, outcome: Outcome, n: u64) {
        match outcome {
            Outcome::Adopted => self.adopted += n,
            Outcome::PartlyAdopted => self.partly_adopted += n,
            Outcome::NotAdopted => self.not_adopted += n,
            Outcome::Explained => self.explained += n,
        }
    }
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Figures {
    pub received: u64,
    pub published: u64,
    /// 不予公开（已计入办理）, and those sent back for changes.
    pub not_shown: u64,
    pub rejected: u64,
    /// 作者撤回
    #[serde(default)]
    pub withdrawn: u64,
    /// 待审核, second reviews included.
    pub pending: u64,
    /// Different people; opinions without a contact count each as one.
    pub people: u64,
    pub by_channel: Vec<(Channel, u64)>,
    pub by_kind: Vec<(PersonKind, u64)>,
    #[serde(flatten)]
    pub outcomes: Outcomes,
    /// Counted and without a response.
    pub unanswered: u64,
    /// Counted and without a topic.
    pub ungrouped: u64,
}

impl Figures {
    pub fn of(tallies: &[Tally], people: u64) -> Self {
        let mut f = Self { people, ..Self::default() };
        for t in tallies {
            f.received += t.n;
            match t.state {
                OpinionState::Published => f.published += t.n,
                OpinionState::Withheld | OpinionState::Returned => f.not_shown += t.n,
                OpinionState::Rejected => f.rejected += t.n,
                OpinionState::Withdrawn => f.withdrawn += t.n,
                OpinionState::Pending | OpinionState::AwaitingSecond => f.pending += t.n,
            }
            bump(&mut f.by_channel, t.channel, t.n);
            bump(&mut f.by_kind, t.person_kind, t.n);
            if !t.state.is_counted() {
                continue;
            }
            match t.outcome {
                Some(outcome) => f.outcomes.add(outcome, t.n),
                None => f.unanswered += t.n,
            }
            if !t.grouped {
                f.ungrouped += t.n;
            }
        }
        f.by_channel.sort_unstable();
        f.by_kind.sort_unstable();
        f
    }

    /// What must be dealt with: everything that is neither rejected nor withdrawn.
    pub fn counted(&self) -> u64 {
        self.published + self.not_shown + self.pending
    }

    /// The invariant that a published summary must satisfy.
    pub fn add_up(&self) -> bool {
        let sum = |n: u64, parts: &mut dyn Iterator<Item = u64>| n == parts.sum::<u64>();
        self.received == self.published + self.not_shown + self.rejected + self.withdrawn + self.pending
            && self.counted() == self.outcomes.total() + self.unanswered
            && sum(self.received, &mut self.by_channel.iter().map(|(_, n)| *n))
            && sum(self.received, &mut self.by_kind.iter().map(|(_, n)| *n))
    }
}

fn bump<K: PartialEq>(list: &mut Vec<(K, u64)>, key: K, n: u64) {
    match list.iter_mut().find(|(k, _)| *k == key) {
        Some((_, sum)) => *sum += n,
        None => list.push((key, n)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(state: OpinionState, outcome: Option<Outcome>, n: u64) -> Tally {
        let (channel, person_kind) = (Channel::Site, PersonKind::Individual);
        Tally { state, channel, person_kind, outcome, grouped: outcome.is_some(), n }
    }

    #[test]
    fn every_opinion_is_counted_once_and_the_sums_agree() {
        let tallies = [
            tally(OpinionState::Published, Some(Outcome::Adopted), 4),
            tally(OpinionState::Withheld, Some(Outcome::NotAdopted), 2),
            tally(OpinionState::Returned, None, 1),
            tally(OpinionState::Pending, Some(Outcome::Explained), 3),
            tally(OpinionState::AwaitingSecond, None, 1),
            // A response to an opinion that was rejected afterwards is not counted.
            tally(OpinionState::Rejected, Some(Outcome::Adopted), 5),
            tally(OpinionState::Withdrawn, Some(Outcome::Adopted), 2),
            Tally {
                channel: Channel::Letter,
                person_kind: PersonKind::Company,
                ..tally(OpinionState::Published, Some(Outcome::PartlyAdopted), 1)
            },
        ];
        let f = Figures::of(&tallies, 9);
        assert_eq!((f.received, f.published, f.not_shown, f.rejected, f.pending), (19, 5, 3, 5, 4));
        assert_eq!(f.withdrawn, 2);
        assert_eq!(f.counted(), 12);
        let outcomes = Outcomes { adopted: 4, partly_adopted: 1, not_adopted: 2, explained: 3 };
        assert_eq!((f.outcomes, f.unanswered, f.ungrouped), (outcomes, 2, 2));
        assert_eq!(f.by_channel, [(Channel::Site, 18), (Channel::Letter, 1)]);
        assert!(f.add_up());
    }

    #[test]
    fn nothing_received_adds_up() {
        let f = Figures::of(&[], 0);
        assert!(f.add_up());
        assert_eq!(f.received, 0);
    }

    #[test]
    fn a_missing_opinion_is_noticed() {
        let f = Figures::of(&[tally(OpinionState::Published, None, 2)], 2);
        assert!(!Figures { published: 1, ..f.clone() }.add_up());
        assert!(!Figures { unanswered: 1, ..f }.add_up());
    }
}
