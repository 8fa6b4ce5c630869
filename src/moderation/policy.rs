//! Who may decide on an opinion. Author, moderator and owner of the decision are three people: nobody
//! reviews what they took down themselves, or what is said about their own draft.

use entity::enums::OpinionState;

use crate::problem::{Code, Problem};

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub is_moderator: bool,
    /// The person took this opinion down from a letter or a call.
    pub took_it_down: bool,
    /// The person is the owner of the decision that is spoken about.
    pub owns_decision: bool,
    pub state: OpinionState,
    /// The person proposed the rejection that waits.
    pub proposed_it: bool,
    /// An appeal against a review that the person took part in was granted.
    pub overturned: bool,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    NotModerator,
    OwnRecord,
    OwnDecision,
    SameModerator,
    /// The person took part in the review that the author objects to, or objected to with success.
    AppealedAgainst,
    /// Reviewed already, or waiting for the other kind of review.
    NotWaiting,
}

/// A first review: by a moderator without a stake, of an opinion that waits for one.
///
/// # Errors
/// The first rule that stands against it.
pub fn may_review(f: &Facts) -> Result<(), Denied> {
    no_stake(f)?;
    if f.overturned {
        return Err(Denied::AppealedAgainst);
    }
    if f.state == OpinionState::Pending { Ok(()) } else { Err(Denied::NotWaiting) }
}

/// An appeal: by a moderator without a stake who took no part in the review.
///
/// # Errors
/// The first rule that stands against it.
pub fn may_decide_appeal(f: &Facts, took_part: bool) -> Result<(), Denied> {
    no_stake(f)?;
    if took_part { Err(Denied::AppealedAgainst) } else { Ok(()) }
}

/// Readers' reports: by a moderator without a stake. Who published it may decide as well: a report says what a
/// first look can have missed, and keeping it is on record.
///
/// # Errors
/// The first rule that stands against it.
pub fn may_decide_report(f: &Facts) -> Result<(), Denied> {
    no_stake(f)
}

/// Attachments: by a moderator without a stake, whatever became of the text; what was shown by mistake can be taken
/// away at any time.
///
/// # Errors
/// The first rule that stands against it.
pub fn may_decide_attachments(f: &Facts) -> Result<(), Denied> {
    no_stake(f)
}

/// A second review of a proposed rejection: by another moderator without a stake.
///
/// # Errors
/// The first rule that stands against it.
pub fn may_second(f: &Facts) -> Result<(), Denied> {
    no_stake(f)?;
    if f.overturned {
        return Err(Denied::AppealedAgainst);
    }
    if f.state != OpinionState::AwaitingSecond {
        return Err(Denied::NotWaiting);
    }
    if f.proposed_it { Err(Denied::SameModerator) } else { Ok(()) }
}

fn no_stake(f: &Facts) -> Result<(), Denied> {
    match (f.is_moderator, f.took_it_down, f.owns_decision) {
        (false, _, _) => Err(Denied::NotModerator),
        (_, true, _) => Err(Denied::OwnRecord),
        (_, _, true) => Err(Denied::OwnDecision),
        (true, false, false) => Ok(()),
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotModerator => Problem::forbidden(),
            Denied::OwnRecord => Problem::new(Code::Forbidden).because(
                "本人录入的意见须由其他审核员审核",
                "Somebody else must review what you took down yourself",
            ),
            Denied::OwnDecision => Problem::new(Code::Forbidden).because(
                "本人承办的决策，其意见须由其他审核员审核",
                "Somebody else must review opinions on your own decision",
            ),
            Denied::SameModerator => Problem::new(Code::Forbidden)
                .because("复核须由另一位审核员进行", "The second review is another moderator's"),
            Denied::AppealedAgainst => Problem::new(Code::Forbidden).because(
                "本人参与过原审核，申诉及其后的审核须由其他审核员进行",
                "You took part in the review; the appeal and what follows are another moderator's",
            ),
            Denied::NotWaiting => Problem::conflict(
                "这条意见现在不在待审核状态",
                "This opinion does not wait for this review now",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAR: Facts = Facts {
        is_moderator: true,
        took_it_down: false,
        owns_decision: false,
        state: OpinionState::Pending,
        proposed_it: false,
        overturned: false,
    };

    #[test]
    fn a_first_review() {
        let table = [
            (CLEAR, Ok(())),
            (Facts { is_moderator: false, ..CLEAR }, Err(Denied::NotModerator)),
            (Facts { took_it_down: true, ..CLEAR }, Err(Denied::OwnRecord)),
            (Facts { owns_decision: true, ..CLEAR }, Err(Denied::OwnDecision)),
            (Facts { overturned: true, ..CLEAR }, Err(Denied::AppealedAgainst)),
            // The first reason of several is the one that tells least.
            (Facts { is_moderator: false, took_it_down: true, ..CLEAR }, Err(Denied::NotModerator)),
        ];
        for (facts, expected) in table {
            assert_eq!(may_review(&facts), expected, "{facts:?}");
        }
        for state in OpinionState::ALL.iter().copied().filter(|s| *s != OpinionState::Pending) {
            assert_eq!(may_review(&Facts { state, ..CLEAR }), Err(Denied::NotWaiting), "{state}");
        }
    }

    #[test]
    fn an_appeal() {
        let decided = Facts { state: OpinionState::Rejected, ..CLEAR };
        assert_eq!(may_decide_appeal(&decided, false), Ok(()));
        assert_eq!(may_decide_appeal(&decided, true), Err(Denied::AppealedAgainst));
        let owner = Facts { owns_decision: true, ..decided };
        assert_eq!(may_decide_appeal(&owner, false), Err(Denied::OwnDecision));
    }

    #[test]
    fn a_second_review() {
        let waits = Facts { state: OpinionState::AwaitingSecond, ..CLEAR };
        let table = [
            (waits, Ok(())),
            (Facts { proposed_it: true, ..waits }, Err(Denied::SameModerator)),
            (Facts { overturned: true, ..waits }, Err(Denied::AppealedAgainst)),
            (Facts { is_moderator: false, ..waits }, Err(Denied::NotModerator)),
            (Facts { took_it_down: true, ..waits }, Err(Denied::OwnRecord)),
            (Facts { owns_decision: true, ..waits }, Err(Denied::OwnDecision)),
        ];
        for (facts, expected) in table {
            assert_eq!(may_second(&facts), expected, "{facts:?}");
        }
        for state in OpinionState::ALL.iter().copied().filter(|s| *s != OpinionState::AwaitingSecond) {
            assert_eq!(may_second(&Facts { state, ..CLEAR }), Err(Denied::NotWaiting), "{state}");
        }
    }
}
