//! What states, reasons, channels and kinds are called: for notices, pages, the API and tables.

use entity::enums::{Channel, OpinionState, PersonKind, ReasonCode, ShowAs};
use web::label::{AuthorKind, Showing};

use crate::problem::{Words, words};

/// The matter in 《》, unless its title brings them along (关于公开征求《…》意见的公告).
pub fn matter(title: &str) -> String {
    web::label::matter(title)
}

/// Where an opinion stands, as its author and the desks read it.
pub fn state_words(state: OpinionState) -> Words {
    match state {
        OpinionState::Pending => words("待审核", "waiting for review"),
        OpinionState::AwaitingSecond => words("待复核", "waiting for the second review"),
        OpinionState::Published => words("已公开", "published"),
        OpinionState::Withheld => words("不予公开（已计入办理）", "not shown, but counted"),
        OpinionState::Returned => words("退回修改", "returned for revision"),
        OpinionState::Rejected => words("不予受理", "not accepted"),
        OpinionState::Withdrawn => words("已撤回", "withdrawn"),
    }
}

/// Why an opinion is not shown, returned or rejected.
pub fn reason_words(code: ReasonCode) -> Words {
    match code {
        ReasonCode::PersonalData => {
            words("含有个人信息，无法隐去", "contains personal data that cannot be removed")
        }
        ReasonCode::AuthorWish => words("作者选择不公开", "the author does not want it shown"),
        ReasonCode::Insult => words("含有侮辱、诽谤他人的内容", "insults or slanders others"),
        ReasonCode::Advertising => words("属于商业广告", "is advertising"),
        ReasonCode::OffTopic => words("与本次征求意见的草案无关", "is not about this draft"),
        ReasonCode::ExactDuplicate => {
            words("与同一人此前提交的意见完全相同", "is the same as an earlier one by the same person")
        }
        ReasonCode::Empty => words("没有实质内容", "says nothing"),
        ReasonCode::Illegal => {
            words("含有法律、行政法规禁止的内容", "contains what laws and administrative regulations forbid")
        }
        ReasonCode::Secret => words("涉及国家秘密或者商业秘密", "touches state or business secrets"),
        ReasonCode::Unclear => words("内容不够清楚，需要补充", "is not clear enough"),
        ReasonCode::Other => words("其他原因", "another reason"),
    }
}

/// 意见来源
pub fn channel_label(channel: Channel) -> web::label::Channel {
    use web::label::Channel as Label;
    match channel {
        Channel::Site => Label::Online,
        Channel::Letter => Label::Letter,
        Channel::Email => Label::Email,
        Channel::Phone => Label::Phone,
        Channel::Seminar => Label::Seminar,
        Channel::Hearing => Label::Hearing,
        Channel::FieldVisit => Label::Visit,
    }
}

/// 身份类别
pub fn kind_label(kind: PersonKind) -> AuthorKind {
    match kind {
        PersonKind::Individual => AuthorKind::Person,
        PersonKind::Company => AuthorKind::Company,
        PersonKind::Organisation => AuthorKind::Organisation,
        PersonKind::Other => AuthorKind::Other,
    }
}

/// 公开方式
pub fn showing_label(show_as: ShowAs) -> Showing {
    match show_as {
        ShowAs::Named => Showing::Named,
        ShowAs::Masked => Showing::Masked,
        ShowAs::Anonymous => Showing::Anonymous,
        ShowAs::Hidden => Showing::Private,
    }
}

/// The channel that a clerk's word for it means.
pub fn channel_of(typed: &str) -> Option<Channel> {
    Channel::parse(typed).or(match typed {
        "本平台" | "网站" => Some(Channel::Site),
        "来信" | "信件" | "信函" => Some(Channel::Letter),
        "电子邮件" | "邮件" | "邮箱" => Some(Channel::Email),
        "来电" | "电话" => Some(Channel::Phone),
        "座谈会" | "座谈" => Some(Channel::Seminar),
        "听证会" | "听证" => Some(Channel::Hearing),
        "实地走访" | "走访" => Some(Channel::FieldVisit),
        _ => None,
    })
}

/// The kind of person that a clerk's word for it means.
pub fn kind_of(typed: &str) -> Option<PersonKind> {
    PersonKind::parse(typed).or(match typed {
        "个人" | "市民" | "居民" | "群众" => Some(PersonKind::Individual),
        "企业" | "公司" => Some(PersonKind::Company),
        "社会组织" | "组织" | "社会团体" => Some(PersonKind::Organisation),
        "其他" => Some(PersonKind::Other),
        _ => None,
    })
}

/// The way of showing that a clerk's word for it means. 公开 alone gives nobody's name away.
pub fn showing_of(typed: &str) -> Option<ShowAs> {
    ShowAs::parse(typed).or(match typed {
        "隐去姓名公开" | "隐去姓名" | "公开" | "是" => Some(ShowAs::Masked),
        "具名公开" | "实名公开" | "实名" => Some(ShowAs::Named),
        "匿名公开" | "匿名" => Some(ShowAs::Anonymous),
        "不公开" | "否" => Some(ShowAs::Hidden),
        _ => None,
    })
}
