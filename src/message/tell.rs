//! What the author is told, in the language the message came in: received, and each change of where it stands.
//! Never what was written, and never who decided. The lookup code is put in only when the mail leaves.

use chrono::NaiveDate;
use entity::enums::SubjectKind;
use entity::message::Model;

use super::words::{reason_words, state_words};
use crate::app::App;
use crate::calendar::civil;
use crate::db::Write;
use crate::notice::{self, LOOKUP_CODE, Message, Recipient};
use crate::problem::Problem;

/// Thanks, the number, the code, and what comes next.
pub(super) async fn received(
    app: &App,
    write: &Write,
    message: &Model,
    answer_by: NaiveDate,
) -> Result<(), Problem> {
    let title = say(
        message,
        format!("留言回执：您的留言已登记（{}）", message.number),
        format!("Receipt: your message is registered ({})", message.number),
    );
    let body = say(
        message,
        format!(
            "您好！\n\n您的留言已登记。\n受理编号：{}\n查询码：{LOOKUP_CODE}\n\n受理后将在 {} 前答复；不予受理的，会告诉您原因。凭查询码随时查看办理情况：",
            message.number,
            civil::zh_date(answer_by),
        ),
        format!(
            "Thank you.\n\nYour message is registered.\nNumber: {}\nLookup code: {LOOKUP_CODE}\n\nOnce accepted it is answered by {}; if it is not, you will be told why. Follow it here:",
            message.number,
            civil::en_date(answer_by),
        ),
    );
    send(app, write, message, "received", title, body).await
}

/// Accepted, with the day of the answer; or not, with the reason.
pub(super) async fn decided(
    app: &App,
    write: &Write,
    message: &Model,
    answer_by: Option<NaiveDate>,
) -> Result<(), Problem> {
    let (mut zh, mut en) = match answer_by {
        Some(day) => (
            format!("您的留言已受理，将在 {} 前答复。", civil::zh_date(day)),
            format!("Your message was accepted and is answered by {}.", civil::en_date(day)),
        ),
        None => ("您的留言没有受理。".to_owned(), "Your message was not accepted.".to_owned()),
    };
    if let Some(reason) = message.reason.map(reason_words) {
        zh = format!("{zh}\n原因：{}", reason.zh);
        en = format!("{en}\nReason: {}", reason.en);
        if !message.reason_note.is_empty() {
            zh = format!("{zh}。{}", message.reason_note);
            en = format!("{en}. {}", message.reason_note);
        }
    }
    changed(app, write, message, "decided", &zh, &en).await
}

/// Answered. The answer itself is read behind the code: it may hold what is between the bureau and the author.
pub(super) async fn answered(app: &App, write: &Write, message: &Model) -> Result<(), Problem> {
    let public = message.published_at.is_some();
    let zh = if public {
        "您的留言已答复，问答已公开（姓名已隐去）。"
    } else {
        "您的留言已答复。"
    };
    let en = if public {
        "Your message was answered; both are public, your name masked."
    } else {
        "Your message was answered."
    };
    changed(app, write, message, "answered", zh, en).await
}

/// More time is needed, with the reason and the new last day.
pub(super) async fn extended(
    app: &App,
    write: &Write,
    message: &Model,
    due: NaiveDate,
) -> Result<(), Problem> {
    let reason = &message.extension_reason;
    let (day_zh, day_en) = (civil::zh_date(due), civil::en_date(due));
    let zh = format!("您的留言情况复杂，答复期限延长至 {day_zh}。\n原因：{reason}");
    let en = format!("Your message needs more time: it is answered by {day_en}.\nReason: {reason}");
    changed(app, write, message, "extended", &zh, &en).await
}

/// Made public after the answer.
pub(super) async fn published(app: &App, write: &Write, message: &Model) -> Result<(), Problem> {
    let stage = format!("published_{}", message.revision);
    let en = "Question and answer are public now, your name masked.";
    changed(app, write, message, &stage, "问答已公开（姓名已隐去）。", en).await
}

/// Taken from the public, with the reason.
pub(super) async fn taken_down(
    app: &App,
    write: &Write,
    message: &Model,
    reason: &str,
) -> Result<(), Problem> {
    let stage = format!("taken_down_{}", message.revision);
    let zh = format!("问答不再公开。\n原因：{reason}");
    let en = format!("Question and answer are no longer public.\nReason: {reason}");
    changed(app, write, message, &stage, &zh, &en).await
}

/// The further question was answered.
pub(super) async fn followed_up(app: &App, write: &Write, message: &Model) -> Result<(), Problem> {
    changed(app, write, message, "follow_up", "您的追问已答复。", "Your further question was answered.").await
}

async fn changed(
    app: &App,
    write: &Write,
    message: &Model,
    stage: &str,
    zh: &str,
    en: &str,
) -> Result<(), Problem> {
    let state = state_words(message.state);
    let title = say(
        message,
        format!("您的留言（{}）：{}", message.number, state.zh),
        format!("Your message ({}): {}", message.number, state.en),
    );
    let body = say(
        message,
        format!("您好！\n\n受理编号 {}：{zh}\n\n查看办理情况：", message.number),
        format!("Number {}: {en}\n\nSee its state:", message.number),
    );
    send(app, write, message, stage, title, body).await
}

async fn send(
    app: &App,
    write: &Write,
    message: &Model,
    stage: &str,
    title: String,
    body: String,
) -> Result<(), Problem> {
    let contact = message.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    let Some(address) = contact else { return Ok(()) };
    let notice = Message {
        subject_kind: SubjectKind::Message,
        subject_id: message.id.0,
        stage,
        title,
        body,
        path: format!("{}/{LOOKUP_CODE}", web::path::MESSAGE_RECEIPTS),
    };
    notice::send(app, write, &Recipient::Contact(address), &notice).await?;
    Ok(())
}

fn say(message: &Model, zh: String, en: String) -> String {
    if message.lang == "en" { en } else { zh }
}
