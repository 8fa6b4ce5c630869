//! What the values that are counted are called in the published text, which is Chinese.

use entity::enums::{Channel, Outcome, PersonKind, StepKind};

pub fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Site => "本平台",
        Channel::Letter => "来信",
        Channel::Email => "电子邮件",
        Channel::Phone => "来电",
        Channel::Seminar => "座谈会",
        Channel::Hearing => "听证会",
        Channel::FieldVisit => "实地走访",
    }
}

pub fn person_kind(kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::Individual => "个人",
        PersonKind::Company => "企业",
        PersonKind::Organisation => "社会组织",
        PersonKind::Other => "其他",
    }
}

pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Adopted => "采纳",
        Outcome::PartlyAdopted => "部分采纳",
        Outcome::NotAdopted => "未采纳",
        Outcome::Explained => "已作说明",
    }
}

/// The steps by which the public or experts were heard, besides the open consultation.
pub fn way(kind: StepKind) -> Option<&'static str> {
    match kind {
        StepKind::Hearing => Some("听证、座谈"),
        StepKind::ExpertReview => Some("专家论证"),
        StepKind::RiskAssessment => Some("风险评估"),
        _ => None,
    }
}

/// `本平台 96 条、来信 7 条`.
pub fn list<K: Copy>(counts: &[(K, u64)], word: impl Fn(K) -> &'static str) -> String {
    let parts: Vec<String> =
        counts.iter().filter(|(_, n)| *n > 0).map(|(k, n)| format!("{} {n} 条", word(*k))).collect();
    parts.join("、")
}
