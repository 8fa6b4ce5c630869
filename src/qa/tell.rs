//! What the author of a question is told, in the language it came in. Never what was written, and never who decided.
//! The lookup code is put in only when the mail leaves.

use entity::qa_question::Model;
use entity::qa_session::Model as Session;

use super::store::question::SUBJECT;
use super::words::{reason_words, state_words, when};
use crate::app::App;
use crate::db::Write;
use crate::notice::{self, LOOKUP_CODE, Message, Recipient};
use crate::problem::Problem;

/// Thanks, the number, the code, and what comes next.
pub(super) async fn received(
    app: &App,
    write: &Write,
    session: &Session,
    question: &Model,
) -> Result<(), Problem> {
    let (number, live) = (super::number(&session.code, question.number), when(session));
    let title = say(
        question,
        format!("网络问政：您的提问已登记（{number}）"),
        format!("Online Q&A: your question is registered ({number})"),
    );
    let body = say(
        question,
        format!(
            "您好！\n\n您的提问已登记。\n场次：{}\n在线答复：{}\n编号：{number}\n查询码：{LOOKUP_CODE}\n\n经审核后公开，由参加单位答复；未采用的，会告诉您原因。凭查询码随时查看：",
            session.title, live.zh,
        ),
        format!(
            "Thank you.\n\nYour question is registered.\nSession: {}\nLive: {}\nNumber: {number}\nLookup code: {LOOKUP_CODE}\n\nAfter review it is published and answered; if it is not, you will be told why. Follow it here:",
            session.title, live.en,
        ),
    );
    send(app, write, question, "received", title, body).await
}

/// Published, or not, with the reason.
pub(super) async fn decided(
    app: &App,
    write: &Write,
    session: &Session,
    question: &Model,
) -> Result<(), Problem> {
    let (mut zh, mut en) = match question.reason {
        None => (
            "您的提问已公开，等待参加单位答复。".to_owned(),
            "Your question is public and waits for its answer.".to_owned(),
        ),
        Some(_) => ("您的提问没有采用。".to_owned(), "Your question was not taken up.".to_owned()),
    };
    if let Some(reason) = question.reason.map(reason_words) {
        zh = format!("{zh}\n原因：{}", reason.zh);
        en = format!("{en}\nReason: it {}", reason.en);
        if !question.reason_note.is_empty() {
            zh = format!("{zh}。{}", question.reason_note);
            en = format!("{en}. {}", question.reason_note);
        }
    }
    changed(app, write, session, question, &format!("decided_{}", question.revision), &zh, &en).await
}

pub(super) async fn answered(
    app: &App,
    write: &Write,
    session: &Session,
    question: &Model,
) -> Result<(), Problem> {
    let en = "Your question was answered; question and answer are public, your name masked.";
    changed(app, write, session, question, "answered", "您的提问已答复，问答已公开（姓名已隐去）。", en).await
}

/// The session is off.
pub(super) async fn cancelled(
    app: &App,
    write: &Write,
    session: &Session,
    question: &Model,
) -> Result<(), Problem> {
    let reason = session.cancelled_reason.as_deref().unwrap_or_default();
    let zh = format!("本场网络问政已取消，您可以改在留言板提出。\n原因：{reason}");
    let en = format!("The session is cancelled; you may ask on the message board.\nReason: {reason}");
    changed(app, write, session, question, "cancelled", &zh, &en).await
}

async fn changed(
    app: &App,
    write: &Write,
    session: &Session,
    question: &Model,
    stage: &str,
    zh: &str,
    en: &str,
) -> Result<(), Problem> {
    let (number, state) = (super::number(&session.code, question.number), state_words(question.state));
    let title = say(
        question,
        format!("您的网络问政提问（{number}）：{}", state.zh),
        format!("Your question ({number}): {}", state.en),
    );
    let body = say(
        question,
        format!("您好！\n\n编号 {number}：{zh}\n\n查看：",),
        format!("Number {number}: {en}\n\nSee:"),
    );
    send(app, write, question, stage, title, body).await
}

async fn send(
    app: &App,
    write: &Write,
    question: &Model,
    stage: &str,
    title: String,
    body: String,
) -> Result<(), Problem> {
    let contact = question.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    let Some(address) = contact else { return Ok(()) };
    let notice = Message {
        subject_kind: SUBJECT,
        subject_id: question.id.0,
        stage,
        title,
        body,
        path: format!("{}/{LOOKUP_CODE}", web::path::QA_RECEIPTS),
    };
    notice::send(app, write, &Recipient::Contact(address), &notice).await?;
    Ok(())
}

fn say(question: &Model, zh: String, en: String) -> String {
    if question.lang == "en" { en } else { zh }
}
