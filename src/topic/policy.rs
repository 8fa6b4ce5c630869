//! What may be answered, by whom, and with which words. Pure.

use chrono::{DateTime, Utc};
use entity::consultation::Model as Consultation;
use entity::enums::Outcome;

use crate::consultation::{Stage, stage};
use crate::problem::Problem;

/// The least length of the reason for not adopting a concentrated topic, characters.
pub const CONCENTRATED_REASON: usize = 10;

/// Whether so many different people make a topic concentrated (较为集中).
pub fn is_concentrated(people: u64, least: u32) -> bool {
    people >= u64::from(least)
}

/// Whether topics and responses may still change. They may be prepared while the window is open, since
/// sorting begins with the first opinion.
///
/// # Errors
/// `not_found` before the consultation is published; `conflict` once its summary is published, unless a
/// correction of it is being written.
pub fn open_for_answers(c: &Consultation, correcting: bool, now: DateTime<Utc>) -> Result<(), Problem> {
    if stage(c, now) == Stage::Draft {
        return Err(Problem::not_found());
    }
    if c.result_published_at.is_some() && !correcting {
        return Err(Problem::conflict(
            "意见采纳情况已公布，不能再修改归并和答复；确需更正的，请在采纳情况页面发起更正",
            "The summary is published, so topics and responses no longer change; open a correction on the summary's page",
        ));
    }
    Ok(())
}

/// The rule for the words of a response.
///
/// # Errors
/// `invalid` for a missing reason; `against_rule` for a concentrated topic that is not adopted without one.
pub fn reason_suffices(outcome: Outcome, reason: &str, concentrated: bool) -> Result<(), Problem> {
    let length = reason.chars().count();
    if outcome == Outcome::NotAdopted && concentrated && length < CONCENTRATED_REASON {
        let zh = format!("较为集中的意见未予采纳，应当说明原因，至少 {CONCENTRATED_REASON} 个字");
        let en = format!(
            "Not adopting what many asked for needs a reason of at least {CONCENTRATED_REASON} characters"
        );
        return Err(Problem::against_rule(
            "较为集中的意见未予采纳的，应当向社会公布原因（政务公开工作要点计划表二第5项）",
            "The reasons for not adopting what many asked for must be published (annual plan of open government, table II-5)",
        )
        .field("reason", zh, en));
    }
    if outcome != Outcome::Adopted && length == 0 {
        return Err(Problem::invalid("reason", "请写明理由", "Please give the reason"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k_people_make_a_topic_concentrated() {
        assert!(!is_concentrated(2, 3));
        assert!(is_concentrated(3, 3));
    }

    #[test]
    fn which_outcomes_need_which_reasons() {
        use Outcome::{Adopted, Explained, NotAdopted, PartlyAdopted};
        let nine = "一二三四五六七八九";
        let ten = "一二三四五六七八九十";
        for (outcome, reason, concentrated, fits) in [
            (Adopted, "", false, true),
            (Adopted, "", true, true),
            (PartlyAdopted, "", false, false),
            (Explained, "", false, false),
            (NotAdopted, "", false, false),
            (NotAdopted, "不", false, true),
            (NotAdopted, nine, true, false),
            (NotAdopted, ten, true, true),
            (PartlyAdopted, "已", true, true),
        ] {
            let ok = reason_suffices(outcome, reason, concentrated).is_ok();
            assert_eq!(ok, fits, "{outcome} {reason:?} {concentrated}");
        }
    }
}
