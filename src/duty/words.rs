//! What duties and their stages are called.

use entity::duty::Model;
use entity::enums::{DutyChangeKind, DutyKind};

use super::plan::{self, Skip};
use crate::calendar::civil;
use crate::problem::{Words, words};

pub fn kind_words(kind: DutyKind) -> Words {
    match kind {
        DutyKind::AdoptionSummary => words("公布意见采纳情况", "Publish the adoption summary"),
        DutyKind::ConsultationCloses => words("征求意见截止", "Consultation closes"),
        DutyKind::OpinionReview => words("审核意见", "Review an opinion"),
        DutyKind::Appeal => words("复核申诉", "Decide an appeal"),
        DutyKind::Report => words("处理举报", "Decide on a report"),
        DutyKind::ConsultationResult => words("公布征求意见结果", "Publish the result of the consultation"),
        DutyKind::EventReport => words("公布活动情况", "Publish the report of the event"),
        DutyKind::HearingMaterials => words("送达听证材料", "Deliver the hearing's materials"),
        DutyKind::OpenDays => words("举办政府开放日（开放周）", "Hold the year's open days or week"),
        DutyKind::OpenMeetings => words("会议开放（列席）", "Open the year's meetings"),
        DutyKind::MessageIntake => words("受理留言", "Accept a message"),
        DutyKind::MessageAnswer => words("答复留言", "Answer a message"),
        DutyKind::MessageFollowUp => words("答复追问", "Answer a further question"),
        DutyKind::QaAnswer => words("答复网络问政未答的问题", "Answer a question left open by an online Q&A"),
        DutyKind::DataInquiry => words("答复个人信息权利请求", "Answer a request about personal data"),
    }
}

/// Why the duty is due when it is: the rule in a sentence, with its source.
pub fn rule_words(duty: &Model) -> Words {
    let n = duty.days.unwrap_or_default();
    let (start_zh, start_en) = (civil::zh_date(duty.start_on), civil::en_date(duty.start_on));
    match duty.kind {
        DutyKind::AdoptionSummary => words(
            format!(
                "决策出台后 {n} 个工作日内公布意见采纳情况（政务公开工作要点表二第5项）。{start_zh}出台，\
                 当日不计入（民法典第201条），最后一日 24:00 截止（第203条）。"
            ),
            format!(
                "The adoption summary is due {n} working days after the decision was issued (annual plan of \
                 open government, table II-5). Issued on {start_en}; that day does not count (Civil Code, \
                 Art. 201) and the last one ends at 24:00 (Art. 203)."
            ),
        ),
        DutyKind::ConsultationCloses => words(
            "公开征求意见的期限一般不少于30日（重大行政决策程序暂行条例第15条），最后一日 24:00 截止\
             （民法典第203条）。",
            "A consultation normally lasts at least 30 days (State Council Order 713, Art. 15); its last day \
             ends at 24:00 (Civil Code, Art. 203).",
        ),
        DutyKind::OpinionReview => words(
            format!("收到意见后 {n} 个工作日内审核，收到当日不计入。法律未定期限，此为本机关的规定。"),
            format!(
                "An opinion is reviewed within {n} working days; the day it came does not count. The law \
                 gives no number, this is the bureau's own rule."
            ),
        ),
        DutyKind::Appeal => words(
            format!(
                "收到申诉后 {n} 个工作日内由另一位审核员复核并答复，收到当日不计入（跟帖评论服务管理规定第13条要求\
                 及时处理；未定期限，此为本机关的规定）。"
            ),
            format!(
                "An appeal is decided by another moderator within {n} working days; the day it came does not \
                 count (Provisions on Comment Services, Art. 13, ask for timely handling and give no number; \
                 this is the bureau's own rule)."
            ),
        ),
        DutyKind::Report => words(
            format!(
                "收到举报后 {n} 个工作日内处理，收到当日不计入（跟帖评论服务管理规定要求设置便捷的举报入口并及时受理；\
                 未定期限，此为本机关的规定）。"
            ),
            format!(
                "A report is decided within {n} working days; the day it came does not count (the Provisions on \
                 Comment Services ask for an easy way to report and timely handling and give no number; this is \
                 the bureau's own rule)."
            ),
        ),
        DutyKind::ConsultationResult => words(
            format!(
                "征求意见截止后 {n} 个工作日内公布结果，截止当日不计入。法律未定期限，此为本机关的规定。"
            ),
            format!(
                "The result is published within {n} working days after the consultation closed; that day \
                 does not count. The law gives no number, this is the bureau's own rule."
            ),
        ),
        DutyKind::EventReport => words(
            format!(
                "活动结束后 {n} 个工作日内公布活动情况，结束当日不计入（政务公开工作要点表二第6项、第8项要求公开，\
                 未定期限，此为本机关的规定）。"
            ),
            format!(
                "The report of an event is published within {n} working days after it; the last day of the \
                 event does not count (the annual plan, table II-6 and II-8, asks for it and gives no number; \
                 this is the bureau's own rule)."
            ),
        ),
        DutyKind::HearingMaterials => words(
            "听证会材料应当于召开听证会7日前送达听证会参加人（重大行政决策程序暂行条例第16条第3款）；按自然日计算，\
             最后一日为听证会日期之前第7日，24:00 截止（民法典第203条）。",
            "The materials reach the participants 7 days before the hearing (State Council Order 713, Art. \
             16(3)): calendar days, the last one being the seventh before the day of the hearing, until 24:00 \
             (Civil Code, Art. 203).",
        ),
        DutyKind::OpenDays => words(
            "政府开放日年内不少于3次，或者政府开放周年内不少于1次（政务公开工作要点表二第8项），当年12月31日 24:00 \
             截止；次数以本机关设置为准，达到后自动办结。",
            "At least three open days or one open week a year (annual plan of open government, table II-8), \
             until 31 December, 24:00; the numbers are those of the bureau's settings. Done by itself once they \
             are reached.",
        ),
        DutyKind::OpenMeetings => words(
            "邀请利益相关方、企业代表、市民代表列席局长（主任）办公会议，年内不少于2次，列席和审议情况向社会公开\
             （政务公开工作要点表二第6项），当年12月31日 24:00 截止；次数以本机关设置为准，达到后自动办结。",
            "At least two leadership meetings a year with affected parties, companies and citizens present, who \
             sat in and what was decided being published (annual plan of open government, table II-6), until 31 \
             December, 24:00; the number is that of the bureau's settings. Done by itself once it is reached.",
        ),
        DutyKind::MessageIntake => words(
            format!("收到留言后 {n} 个工作日内受理并转办，{start_zh}收到，当日不计入。此为本机关的规定。"),
            format!(
                "A message is accepted and passed on within {n} working days; it came on {start_en}, which \
                 does not count. This is the bureau's own rule."
            ),
        ),
        DutyKind::MessageAnswer => words(
            format!(
                "收到留言后 {n} 个工作日内答复，{start_zh}收到，当日不计入。国办发〔2014〕57号：一般 7 个工作日，\
                 复杂的不超过 15 个工作日；咨询、投诉和网站找错的天数是本机关按通行做法设定的。"
            ),
            format!(
                "A message is answered within {n} working days; it came on {start_en}, which does not count. \
                 The State Council Office (2014 No. 57) asks for 7 working days, 15 at most for complex \
                 matters; those for questions, complaints and errors of the site are settings of the bureau, \
                 after common practice."
            ),
        ),
        DutyKind::MessageFollowUp => words(
            format!("追问提出后 {n} 个工作日内答复，{start_zh}提出，当日不计入。此为本机关的规定。"),
            format!(
                "A further question is answered within {n} working days; it was asked on {start_en}, which \
                 does not count. This is the bureau's own rule."
            ),
        ),
        DutyKind::QaAnswer => words(
            format!(
                "网络问政结束后 {n} 个工作日内答复未答的问题，{start_zh}结束，当日不计入。国办秘函〔2019〕19号要求开展互动访谈，\
                 未定答复期限；本机关参照国办发〔2014〕57号对网站留言的 7 个工作日设定。"
            ),
            format!(
                "What an online Q&A left open is answered within {n} working days; it ended on {start_en}, which \
                 does not count. The State Council Office (2019 No. 19) asks for such sessions and gives no number; \
                 the bureau took the 7 working days for messages (2014 No. 57)."
            ),
        ),
        DutyKind::DataInquiry => words(
            format!(
                "收到个人信息权利请求后 {n} 个工作日内答复，{start_zh}收到，当日不计入。个人信息保护法第50条要求建立便捷的申请\
                 受理和处理机制，拒绝的说明理由；GB/T 35273—2020 第8.7条要求三十天内答复，天数是本机关在此之内的规定。"
            ),
            format!(
                "A request about personal data is answered within {n} working days; it came on {start_en}, which does \
                 not count. The Personal Information Protection Law, Art. 50, asks for an easy way and for reasons \
                 of a refusal, GB/T 35273—2020, 8.7, for an answer within thirty days; the number within is the \
                 bureau's own."
            ),
        ),
    }
}

pub fn stage_words(stage: &str) -> Words {
    if let Some(days) = plan::overdue_days(stage) {
        return words(format!("已逾期 {days} 个工作日"), format!("{} overdue", working_days(days)));
    }
    if let Some(days) = stage.strip_prefix("left_").and_then(|n| n.parse::<i64>().ok()) {
        return words(format!("还剩 {days} 个工作日"), format!("{} left", working_days(days)));
    }
    match stage {
        plan::ASSIGNED => words("新的时限任务", "A new duty"),
        plan::CHANGED => words("期限调整", "The due day moved"),
        plan::CLOSED => words("已截止，请研究办理收到的意见", "Closed; the opinions wait to be studied"),
        plan::DUE_TODAY => words("今天到期", "Due today"),
        other => words(other.to_owned(), other.to_owned()),
    }
}

pub fn change_words(kind: DutyChangeKind) -> Words {
    match kind {
        DutyChangeKind::Recalculated => words("按新日历重算", "Counted by a new calendar"),
        DutyChangeKind::Extended => words("调整期限", "New term"),
        DutyChangeKind::Paused => words("中止", "Paused"),
        DutyChangeKind::OwnerChanged => words("变更承办人", "New owner"),
    }
}

fn working_days(n: i64) -> String {
    if n == 1 { "1 working day".to_owned() } else { format!("{n} working days") }
}

/// Why a stage was not sent.
pub fn reason_words(code: &str) -> Words {
    let known = [Skip::PassedBefore, Skip::Downtime, Skip::Together, Skip::Ended];
    match known.into_iter().find(|skip| skip.code() == code) {
        Some(Skip::PassedBefore) => {
            words("任务建立或变更时该时点已过", "Its time had passed when it was planned")
        }
        Some(Skip::Downtime) => words(
            "服务中断期间错过，已由后一阶段代替",
            "Missed while the service was down; a later stage went instead",
        ),
        Some(Skip::Together) => {
            words("与后一阶段同时，合并提醒", "Due together with a later stage, which went instead")
        }
        Some(Skip::Ended) => words("时限已办结或取消", "The duty had ended"),
        None => words(code.to_owned(), code.to_owned()),
    }
}
