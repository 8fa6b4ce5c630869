//! What states and reasons are called, and how times are written.

use chrono::{DateTime, Utc};
use entity::enums::{MessageReason, QuestionState};
use entity::qa_session::Model;

use crate::calendar::civil;
use crate::problem::{Words, words};

pub fn state_words(state: QuestionState) -> Words {
    match state {
        QuestionState::Pending => words("待审核", "waiting for review"),
        QuestionState::Published => words("已公开，待答复", "published, to be answered"),
        QuestionState::Answered => words("已答复", "answered"),
        QuestionState::Rejected => words("未采用", "not taken up"),
    }
}

pub fn reason_words(reason: MessageReason) -> Words {
    match reason {
        MessageReason::NotOurs => words("不属于本机关职责或者本次主题", "is not a matter of this session"),
        MessageReason::Petition => {
            words("属于信访事项，请通过信访渠道提出", "is a petition, which has a way of its own")
        }
        MessageReason::Duplicate => words("与已公开的问题重复", "repeats a question that is published"),
        MessageReason::Unclear => words("内容不够清楚", "is not clear enough"),
        MessageReason::Insult => words("含有侮辱、诽谤他人的内容", "insults or slanders others"),
        MessageReason::Advertising => words("属于商业广告", "is advertising"),
        MessageReason::Illegal => {
            words("含有法律、行政法规禁止的内容", "contains what laws and administrative regulations forbid")
        }
        MessageReason::Secret => words("涉及国家秘密或者商业秘密", "touches state or business secrets"),
        MessageReason::Other => words("其他原因", "another reason"),
    }
}

/// `2026年3月5日 14:00—16:00（北京时间）` in both languages.
pub fn when(session: &Model) -> Words {
    let (begin, end) = (civil::local_time(session.begins_at), civil::local_time(session.ends_at));
    if begin.date() != end.date() {
        let (from, to) = (moment(session.begins_at), moment(session.ends_at));
        return words(format!("{} 至 {}", from.zh, to.zh), format!("{} to {}", from.en, to.en));
    }
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
