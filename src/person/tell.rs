//! What is told to who asked about their data, in the language they asked in. Never what was asked or answered.

use chrono::NaiveDate;
use entity::data_inquiry::Model;
use entity::enums::SubjectKind;

use crate::app::App;
use crate::calendar::civil;
use crate::db::Write;
use crate::notice::{self, LOOKUP_CODE, Message, Recipient};
use crate::problem::Problem;

/// The number, the code, and the last day for the answer.
pub(super) async fn received(
    app: &App,
    write: &Write,
    row: &Model,
    due: Option<NaiveDate>,
) -> Result<(), Problem> {
    let until_zh = due.map(|d| format!("将在 {} 前答复。", civil::zh_date(d))).unwrap_or_default();
    let until_en = due.map(|d| format!("It is answered by {}. ", civil::en_date(d))).unwrap_or_default();
    let title = (
        format!("您的个人信息请求已登记（{}）", row.number),
        format!("Your request about personal data is registered ({})", row.number),
    );
    let body = (
        format!(
            "您好！\n\n您的请求已登记，{until_zh}\n编号：{}\n查询码：{LOOKUP_CODE}\n\n凭查询码查看答复：",
            row.number
        ),
        format!(
            "Your request is registered. {until_en}\nNumber: {}\nLookup code: {LOOKUP_CODE}\n\nSee the answer here:",
            row.number
        ),
    );
    send(app, write, row, "received", title, body).await
}

/// Answered; the answer is read behind the code.
pub(super) async fn answered(app: &App, write: &Write, row: &Model) -> Result<(), Problem> {
    let title = (
        format!("您的个人信息请求已答复（{}）", row.number),
        format!("Your request about personal data was answered ({})", row.number),
    );
    let body = (
        format!("您好！\n\n编号 {} 的请求已经答复。\n\n查看答复：", row.number),
        format!("Request {} was answered.\n\nSee the answer here:", row.number),
    );
    send(app, write, row, "answered", title, body).await
}

async fn send(
    app: &App,
    write: &Write,
    row: &Model,
    stage: &str,
    title: (String, String),
    body: (String, String),
) -> Result<(), Problem> {
    let contact = row.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    let Some(address) = contact else { return Ok(()) };
    let say = |(zh, en): (String, String)| if row.lang == "en" { en } else { zh };
    let notice = Message {
        subject_kind: SubjectKind::DataRequest,
        subject_id: row.id.0,
        stage,
        title: say(title),
        body: say(body),
        path: format!("{}/{LOOKUP_CODE}", web::path::DATA_REQUESTS),
    };
    notice::send(app, write, &Recipient::Contact(address), &notice).await?;
    Ok(())
}
