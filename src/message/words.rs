//! What kinds, states and reasons are called.

use entity::enums::{MessageKind, MessageReason, MessageState, Satisfaction};

use crate::problem::{Words, words};

pub fn kind_words(kind: MessageKind) -> Words {
    match kind {
        MessageKind::Question => words("咨询", "Question"),
        MessageKind::Suggestion => words("建议", "Suggestion"),
        MessageKind::Complaint => words("投诉", "Complaint"),
        MessageKind::SiteError => words("找错", "Error on the site"),
    }
}

pub fn state_words(state: MessageState) -> Words {
    match state {
        MessageState::Pending => words("待受理", "waiting for acceptance"),
        MessageState::Accepted => words("办理中", "being answered"),
        MessageState::Rejected => words("不予受理", "not accepted"),
        MessageState::Answered => words("已答复", "answered"),
    }
}

pub fn reason_words(reason: MessageReason) -> Words {
    match reason {
        MessageReason::NotOurs => words("不属于本机关职责", "is not a matter of this bureau"),
        MessageReason::Petition => {
            words("属于信访事项，请通过信访渠道提出", "is a petition, which has a way of its own")
        }
        MessageReason::Duplicate => words("与此前的留言重复", "repeats an earlier message"),
        MessageReason::Unclear => words("内容不够清楚，无法办理", "is not clear enough"),
        MessageReason::Insult => words("含有侮辱、诽谤他人的内容", "insults or slanders others"),
        MessageReason::Advertising => words("属于商业广告", "is advertising"),
        MessageReason::Illegal => {
            words("含有法律、行政法规禁止的内容", "contains what laws and administrative regulations forbid")
        }
        MessageReason::Secret => words("涉及国家秘密或者商业秘密", "touches state or business secrets"),
        MessageReason::Other => words("其他原因", "another reason"),
    }
}

pub fn satisfaction_words(word: Satisfaction) -> Words {
    match word {
        Satisfaction::Satisfied => words("满意", "Satisfied"),
        Satisfaction::Fair => words("基本满意", "Fairly satisfied"),
        Satisfaction::Dissatisfied => words("不满意", "Not satisfied"),
    }
}
