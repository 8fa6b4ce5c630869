//! What the author is told, in the language the opinion came in: received, and each change of where it
//! stands. Never what was written (a form must not be a way to mail other people's words), and never who
//! decided. The lookup code is put in only when the mail leaves.

use chrono::NaiveDate;
use entity::consultation;
use entity::enums::{OpinionState, ReasonCode, SubjectKind};
use entity::id::SubmissionId;
use entity::opinion::Model;

use super::words;
use crate::app::App;
use crate::calendar::civil;
use crate::db::Write;
use crate::notice::{self, LOOKUP_CODE, Message, Recipient};
use crate::problem::Problem;
use crate::text;

/// Thanks, the number, the code, and what comes next.
pub(super) async fn received(
    app: &App,
    write: &Write,
    opinion: &Model,
    consultation: &consultation::Model,
    contact: Option<&str>,
    review_by: NaiveDate,
) -> Result<(), Problem> {
    let title = say(
        opinion,
        format!("意见回执：您的意见已登记（{}）", opinion.number),
        format!("Receipt: your opinion is registered ({})", opinion.number),
    );
    let at = civil::local_time(opinion.received_at);
    let body = say(
        opinion,
        format!(
            "您好！\n\n您对{}的意见已于 {} 登记。\n受理编号：{}\n查询码：{LOOKUP_CODE}\n\n我们将在 {} 前完成审核；公开与否都会告诉您原因，每条意见都会计入办理。凭查询码随时查看办理情况：",
            words::matter(&consultation.title),
            at.format("%Y-%m-%d %H:%M"),
            opinion.number,
            civil::zh_date(review_by),
        ),
        format!(
            "Thank you.\n\nYour opinion on {} was registered at {} (Beijing time).\nNumber: {}\nLookup code: {LOOKUP_CODE}\n\nIt will be reviewed by {}. Shown or not, you will be told why, and every opinion is dealt with. Follow it here:",
            words::matter(&consultation.title),
            at.format("%Y-%m-%d %H:%M"),
            opinion.number,
            civil::en_date(review_by),
        ),
    );
    send(app, write, opinion, contact, "received", title, body).await
}

/// The same for several at once: one letter.
pub(super) async fn received_several(
    app: &App,
    write: &Write,
    id: SubmissionId,
    consultation: &consultation::Model,
    contact: Option<&str>,
    (n, review_by): (usize, Option<NaiveDate>),
    lang: &str,
) -> Result<(), Problem> {
    let (Some(address), Some(review_by)) = (contact.filter(|c| text::is_email(c)), review_by) else {
        return Ok(());
    };
    let say = |zh: String, en: String| if lang == "en" { en } else { zh };
    let message = Message {
        subject_kind: SubjectKind::Submission,
        subject_id: id.0,
        stage: "received",
        title: say(
            format!("意见回执：您的 {n} 条意见已登记"),
            format!("Receipt: your {n} opinions are registered"),
        ),
        body: say(
            format!(
                "您好！\n\n您对{}的 {n} 条意见已登记。\n查询码：{LOOKUP_CODE}\n\n我们将在 {} 前逐条完成审核；公开与否都会告诉您原因，每条意见都会计入办理。凭查询码随时查看每一条的办理情况：",
                words::matter(&consultation.title),
                civil::zh_date(review_by),
            ),
            format!(
                "Thank you.\n\nYour {n} opinions on {} are registered.\nLookup code: {LOOKUP_CODE}\n\nEach is reviewed by {}. Shown or not, you will be told why, and every opinion is dealt with. Follow them here:",
                words::matter(&consultation.title),
                civil::en_date(review_by),
            ),
        ),
        path: format!("{}/{LOOKUP_CODE}", web::path::SUBMISSIONS),
    };
    notice::send(app, write, &Recipient::Contact(address.to_owned()), &message).await?;
    Ok(())
}

/// A change of where the opinion stands. `stage` makes the notice once only.
///
/// # Errors
/// The database's own.
pub async fn changed(
    app: &App,
    write: &Write,
    opinion: &Model,
    stage: &str,
    reason: Option<(ReasonCode, &str)>,
) -> Result<(), Problem> {
    let contact = opinion.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    let state = words::state_words(opinion.state);
    let title = say(
        opinion,
        format!("您的意见（{}）：{}", opinion.number, state.zh),
        format!("Your opinion ({}): {}", opinion.number, state.en),
    );
    let (mut zh, mut en) = meaning(opinion.state);
    if let Some((code, note)) = reason {
        let reason = words::reason_words(code);
        zh = format!("{zh}\n原因：{}", reason.zh);
        en = format!("{en}\nReason: {}", reason.en);
        if !note.is_empty() {
            zh = format!("{zh}。{note}");
            en = format!("{en}. {note}");
        }
    }
    let body = say(
        opinion,
        format!("您好！\n\n受理编号 {}：{zh}\n\n查看办理情况：", opinion.number),
        format!("Number {}: {en}\n\nSee its state:", opinion.number),
    );
    send(app, write, opinion, contact.as_deref(), stage, title, body).await
}

/// The decision on the author's appeal, in the moderator's words.
///
/// # Errors
/// The database's own.
pub async fn appeal_decided(
    app: &App,
    write: &Write,
    opinion: &Model,
    overturned: bool,
    answer: &str,
) -> Result<(), Problem> {
    let contact = opinion.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    let (zh, en) = if overturned {
        (
            "原审核决定已撤销，将由其他审核员重新审核",
            "the decision was set aside and your opinion is reviewed again",
        )
    } else {
        ("维持原审核决定", "the decision stands")
    };
    let title = say(
        opinion,
        format!("您的申诉（{}）：{zh}", opinion.number),
        format!("Your appeal ({}): {en}", opinion.number),
    );
    let body = say(
        opinion,
        format!("您好！\n\n受理编号 {}：{zh}。\n答复：{answer}\n\n查看办理情况：", opinion.number),
        format!("Number {}: {en}.\nAnswer: {answer}\n\nSee its state:", opinion.number),
    );
    send(app, write, opinion, contact.as_deref(), "appeal", title, body).await
}

fn meaning(state: OpinionState) -> (String, String) {
    let (zh, en) = match state {
        OpinionState::Published => {
            ("您的意见已通过审核并公开。", "Your opinion passed the review and is published.")
        }
        OpinionState::Withheld => (
            "您的意见不在页面上公开，但已计入并与其他意见同样办理。",
            "Your opinion is not shown, but it is counted and dealt with like the others.",
        ),
        OpinionState::Returned => {
            ("请修改后重新提交，查询码不变。", "Please revise it and send it again; the code stays the same.")
        }
        OpinionState::Rejected => ("您的意见没有受理。", "Your opinion was not accepted."),
        OpinionState::Withdrawn => (
            "您的意见已按您的要求撤回，不再公开，也不再计入办理。",
            "Your opinion was taken back as you asked; it is neither shown nor counted any more.",
        ),
        OpinionState::Pending | OpinionState::AwaitingSecond => (
            "先前的审核决定已经撤回，将重新审核。",
            "The earlier decision was taken back; your opinion will be reviewed again.",
        ),
    };
    (zh.to_owned(), en.to_owned())
}

async fn send(
    app: &App,
    write: &Write,
    opinion: &Model,
    contact: Option<&str>,
    stage: &str,
    title: String,
    body: String,
) -> Result<(), Problem> {
    let Some(address) = contact.filter(|c| text::is_email(c)) else { return Ok(()) };
    let message = Message {
        subject_kind: SubjectKind::Opinion,
        subject_id: opinion.id.0,
        stage,
        title,
        body,
        path: format!("/receipts/{LOOKUP_CODE}"),
    };
    notice::send(app, write, &Recipient::Contact(address.to_owned()), &message).await?;
    Ok(())
}

fn say(opinion: &Model, zh: String, en: String) -> String {
    if opinion.lang == "en" { en } else { zh }
}
