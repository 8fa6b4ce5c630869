//! Every state in words, with a badge of shape and word. Views carry these small enums; the handlers
//! translate from the domain's.

use maud::{Markup, html};

use crate::{
    icon::{Icon, icon},
    lang::Lang,
};

/// What a badge's colour may say. The word and the mark say it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Quiet: past or neutral.
    #[default]
    Plain,
    /// Going on, or an action waits.
    Info,
    /// Good, done, open.
    Good,
    /// Closing, overdue, sealed, refused.
    Warn,
}

impl Tone {
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
        }
    }
}

/// A badge with any word; the enums below have their own.
#[must_use]
pub fn badge(tone: Tone, mark: Icon, word: &str) -> Markup {
    html! { span class={ "badge badge-" (tone.class()) } { (icon(mark)) (word) } }
}

/// Gives an enum its words, its tone and its mark, all in one table.
macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $tone:ident $mark:ident $zh:literal $en:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            #[must_use]
            pub fn word(self, lang: Lang) -> &'static str {
                match self { $(Self::$variant => lang.t($zh, $en),)+ }
            }

            #[must_use]
            pub fn tone(self) -> Tone {
                match self { $(Self::$variant => Tone::$tone,)+ }
            }

            #[must_use]
            pub fn icon(self) -> Icon {
                match self { $(Self::$variant => Icon::$mark,)+ }
            }

            #[must_use]
            pub fn badge(self, lang: Lang) -> Markup {
                badge(self.tone(), self.icon(), self.word(lang))
            }
        }
    };
}

labels! {
    /// Where a consultation stands for the public.
    ConsultationState {
        Upcoming => Plain Ring "即将开始" "Opens soon",
        Open => Good Dot "征集中" "Open",
        ClosingSoon => Warn Clock "即将截止" "Closing soon",
        Closed => Plain Dash "已结束" "Closed",
        Answered => Info Check "已反馈" "Answered",
        Withdrawn => Plain Cross "已撤回" "Withdrawn",
    }
}

labels! {
    /// Where an opinion stands; its author is told every change.
    OpinionState {
        Received => Info Check "已提交" "Received",
        Pending => Info Half "待审核" "Waiting for review",
        Published => Good Check "审核通过" "Published",
        Redacted => Good Check "隐去个人信息后公开" "Published, personal data removed",
        Withheld => Plain Dash "不予公开（已计入办理）" "Not shown, but counted",
        Returned => Warn Bang "退回修改" "Returned for revision",
        Rejected => Warn Cross "不予受理" "Not accepted",
        Withdrawn => Plain Cross "已撤回" "Withdrawn",
        Merged => Info Half "已归并" "Grouped with others",
        Forwarded => Info Arrow "已转办" "Passed on",
        Answered => Good Check "已答复" "Answered",
    }
}

labels! {
    /// Where a message on the board stands.
    MessageState {
        Pending => Info Half "待受理" "Waiting for acceptance",
        Accepted => Info Arrow "办理中" "Being answered",
        Answered => Good Check "已答复" "Answered",
        Rejected => Warn Cross "不予受理" "Not accepted",
    }
}

labels! {
    /// Where an online session of questions and answers stands.
    QaState {
        Draft => Plain Ring "草稿" "Draft",
        Announced => Plain Ring "预告" "Announced",
        Collecting => Info Half "征集问题" "Questions taken",
        Live => Good Dot "正在进行" "Live",
        Ended => Plain Dash "已结束" "Ended",
        Cancelled => Warn Cross "已取消" "Cancelled",
    }
}

labels! {
    /// Where a question of an online session stands.
    QuestionState {
        Pending => Info Half "待审核" "Waiting for review",
        Published => Info Arrow "待答复" "To be answered",
        Answered => Good Check "已答复" "Answered",
        Rejected => Warn Cross "未采用" "Not taken up",
    }
}

labels! {
    /// What became of an opinion or a topic.
    Outcome {
        Adopted => Good Check "采纳" "Adopted",
        Partly => Info Half "部分采纳" "Partly adopted",
        NotAdopted => Plain Cross "未采纳" "Not adopted",
        Explained => Plain Dash "已作说明" "Explained",
    }
}

labels! {
    /// A duty's derived state.
    DutyState {
        OnTime => Info Ring "期限内" "On time",
        DueSoon => Warn Clock "即将到期" "Due soon",
        Overdue => Warn Bang "已逾期" "Overdue",
        Paused => Plain Pause "期限中止" "Paused",
        DoneInTime => Good Check "按期完成" "Done in time",
        DoneLate => Warn Bang "逾期完成" "Done late",
        Cancelled => Plain Dash "已取消" "Cancelled",
    }
}

labels! {
    /// Whether an adoption summary was published within ten working days.
    PublicationState {
        Waiting => Info Ring "待公布" "To be published",
        DueSoon => Warn Clock "即将到期" "Due soon",
        Overdue => Warn Bang "已逾期" "Overdue",
        InTime => Good Check "按期公布" "Published in time",
        Late => Warn Bang "逾期公布" "Published late",
    }
}

labels! {
    /// A step of a decision's or an opinion's way.
    StepState {
        Done => Info Check "已完成" "Done",
        Current => Good Half "进行中" "Going on",
        Upcoming => Plain Ring "待进行" "To come",
        Skipped => Plain Dash "不适用" "Not applicable",
    }
}

labels! {
    /// What an adjustment of the catalogue did to an entry.
    CatalogueChange {
        Kept => Plain Dash "保留" "Kept",
        Added => Good Check "新增" "Added",
        Changed => Info Half "调整" "Changed",
        Removed => Warn Cross "调出" "Removed",
    }
}

labels! {
    /// Who speaks.
    AuthorKind {
        Person => Plain Dot "个人" "Individual",
        Company => Plain Dot "企业" "Company",
        Organisation => Plain Dot "社会组织" "Organisation",
        Other => Plain Dot "其他" "Other",
    }
}

labels! {
    /// The way an opinion came in.
    Channel {
        Online => Plain Dot "本平台" "This site",
        Letter => Plain Dot "来信" "Letter",
        Email => Plain Dot "电子邮件" "E-mail",
        Phone => Plain Dot "来电" "Telephone",
        Seminar => Plain Dot "座谈会" "Seminar",
        Hearing => Plain Dot "听证会" "Hearing",
        Visit => Plain Dot "实地走访" "Field visit",
        Other => Plain Dot "其他途径" "Other",
    }
}

labels! {
    /// How the author wants to be shown beside the published text.
    Showing {
        Named => Plain Dot "具名公开" "With my name",
        Masked => Plain Dot "隐去姓名公开" "With my name masked",
        Anonymous => Plain Dot "匿名公开" "Anonymously",
        Private => Plain Dot "不公开" "Not shown",
    }
}

labels! {
    /// State of an entry of the work plan.
    TaskState {
        Planned => Plain Ring "未开始" "Not begun",
        Running => Info Half "推进中" "Going on",
        Done => Good Check "已完成" "Done",
        DoneLate => Warn Bang "逾期完成" "Done late",
        Overdue => Warn Bang "已逾期" "Overdue",
    }
}

labels! {
    /// Where an event, or one of its sessions, stands for the public.
    EventState {
        Draft => Plain Ring "未发布" "Not published",
        Soon => Plain Ring "报名未开始" "Registration opens later",
        Open => Good Dot "报名中" "Registration open",
        Full => Info Half "名额已满，可候补" "Full, waiting list open",
        Closed => Plain Dash "报名截止" "Registration closed",
        Running => Good Half "进行中" "Going on",
        Held => Plain Check "已举行" "Held",
        Cancelled => Warn Cross "已取消" "Cancelled",
    }
}

labels! {
    /// Where a registration for an event stands.
    RegistrationState {
        Confirmed => Good Check "报名成功" "Confirmed",
        Entered => Info Ring "待摇号" "In the draw",
        Waiting => Info Half "候补中" "Waiting list",
        Offered => Warn Clock "待您确认" "To be taken up",
        Cancelled => Plain Cross "已取消" "Cancelled",
        Expired => Plain Dash "逾期未确认" "Not taken up",
        Here => Good Check "已签到" "Here",
        Absent => Plain Dash "未到" "Did not come",
        EventCancelled => Warn Cross "活动已取消" "Event cancelled",
    }
}

/// The matter in 《》, unless its title brings them along (关于公开征求《…》意见的公告).
#[must_use]
pub fn matter(title: &str) -> String {
    if title.contains('《') { title.to_owned() } else { format!("《{title}》") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_word_in_both_languages_and_a_mark() {
        for state in OpinionState::ALL {
            assert_ne!(state.word(Lang::Zh), state.word(Lang::En));
            let html = state.badge(Lang::Zh).into_string();
            assert!(html.contains("<svg") && html.contains(state.word(Lang::Zh)));
        }
    }
}
