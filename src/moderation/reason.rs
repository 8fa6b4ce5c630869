//! Which reasons a decision may have, and what must be written with it.

use entity::enums::{ReasonCode, ReviewAction, ShowAs};

use crate::problem::{Code, Problem};
use crate::text;

/// Longest note to the author, characters.
pub const LONGEST_NOTE: usize = 500;

/// The reasons of a decision, the usual ones first. A rejection takes an opinion out of the count, so it has
/// the fewest.
pub fn allowed(action: ReviewAction) -> &'static [ReasonCode] {
    match action {
        ReviewAction::Publish | ReviewAction::PublishRedacted => &[],
        ReviewAction::Withhold => &[
            ReasonCode::PersonalData,
            ReasonCode::AuthorWish,
            ReasonCode::Insult,
            ReasonCode::OffTopic,
            ReasonCode::Advertising,
            ReasonCode::Secret,
            ReasonCode::Illegal,
            ReasonCode::Other,
        ],
        ReviewAction::Return => &[
            ReasonCode::Unclear,
            ReasonCode::PersonalData,
            ReasonCode::Insult,
            ReasonCode::OffTopic,
            ReasonCode::Other,
        ],
        ReviewAction::Reject => &[
            ReasonCode::ExactDuplicate,
            ReasonCode::Empty,
            ReasonCode::Advertising,
            ReasonCode::Illegal,
            ReasonCode::Insult,
            ReasonCode::OffTopic,
            ReasonCode::Other,
        ],
    }
}

/// Whether the author must be told more than the reason's own words.
fn needs_note(action: ReviewAction, code: ReasonCode, show_as: ShowAs) -> bool {
    action == ReviewAction::Return
        || code == ReasonCode::Other
        // The author chose to be shown: how the wish changed must be on record.
        || (code == ReasonCode::AuthorWish && show_as != ShowAs::Hidden)
}

/// The reason of a decision, checked.
///
/// # Errors
/// `invalid` for the fields `reason_code` and `reason_text`.
pub fn check(
    action: ReviewAction,
    code: Option<ReasonCode>,
    note: &str,
    show_as: ShowAs,
) -> Result<Option<ReasonCode>, Problem> {
    let allowed = allowed(action);
    if allowed.is_empty() {
        return Ok(None);
    }
    let Some(code) = code.filter(|c| allowed.contains(c)) else {
        return Err(Problem::invalid("reason_code", "请选择原因", "Please choose a reason"));
    };
    if note.chars().count() > LONGEST_NOTE {
        return Err(Problem::invalid(
            "reason_text",
            format!("不超过 {LONGEST_NOTE} 字"),
            format!("{LONGEST_NOTE} characters at most"),
        ));
    }
    if text::several_lines(note).is_err() {
        return Err(Problem::new(Code::Invalid).field(
            "reason_text",
            "含有看不见的控制字符",
            "Contains invisible control characters",
        ));
    }
    if note.is_empty() && needs_note(action, code, show_as) {
        return Err(Problem::invalid(
            "reason_text",
            "请写给作者看的说明：为什么、怎样修改",
            "Please tell the author why, and what to change",
        ));
    }
    Ok(Some(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decision_has_its_reasons() {
        use ReasonCode::{AuthorWish, ExactDuplicate, Other, PersonalData, Unclear};
        use ReviewAction::{Publish, Reject, Return, Withhold};
        let shown = ShowAs::Named;
        assert_eq!(check(Publish, Some(Other), "", shown).unwrap(), None);
        assert_eq!(check(Withhold, Some(PersonalData), "", shown).unwrap(), Some(PersonalData));
        assert_eq!(check(Withhold, Some(AuthorWish), "", ShowAs::Hidden).unwrap(), Some(AuthorWish));
        for (action, code, note) in [
            (Withhold, None, ""),
            (Withhold, Some(ExactDuplicate), ""),
            (Withhold, Some(Other), ""),
            (Withhold, Some(AuthorWish), ""),
            (Return, Some(Unclear), ""),
            (Reject, Some(Unclear), "x"),
            (Reject, Some(PersonalData), "x"),
            (Reject, Some(Other), ""),
        ] {
            assert!(check(action, code, note, shown).is_err(), "{action} {code:?} {note:?}");
        }
        assert!(check(Return, Some(Unclear), &"长".repeat(LONGEST_NOTE + 1), shown).is_err());
        assert!(check(Return, Some(Unclear), "请\u{0}改", shown).is_err());
    }
}
