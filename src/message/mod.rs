//! The message board (留言板, 网民留言): anybody asks, suggests, complains or reports an error of the site. A moderator
//! accepts a message and routes it to a department, or rejects it with a reason; the department answers within a
//! duty whose end the author sees (国办发〔2014〕57号; 国办发〔2017〕47号; the days are settings). An answer is public only where the author
//! agreed and the answering person decides so; the name is masked. A message may also be left under a published
//! page that takes them ([`place`]).

pub mod answer;
pub mod api;
pub mod content;
pub mod decide;
pub mod desk_api;
pub mod extend;
pub mod figures;
pub mod follow_up;
pub mod list;
pub mod own;
pub mod page;
pub mod place;
pub mod place_api;
pub mod policy;
pub mod publish;
pub mod state;
pub mod store;
pub mod submit;
pub mod tell;
pub mod words;

use entity::enums::MessageKind;
use entity::message::Model;

use crate::config::Rules;

pub use content::{Content, Opened};
pub use store::waiting;

/// Working days for the answer to a message of that kind.
pub fn answer_days(rules: &Rules, kind: MessageKind) -> u32 {
    match kind {
        MessageKind::Suggestion => rules.message_working_days,
        MessageKind::Question | MessageKind::Complaint => rules.inquiry_working_days,
        MessageKind::SiteError => rules.site_error_working_days,
    }
}

/// What its duties are called in lists and mails: never the author's words.
fn duty_title(message: &Model) -> String {
    format!("{} {}", message.number, words::kind_words(message.kind).zh)
}

/// Where staff go to deal with it.
fn desk_path(message: &Model) -> String {
    format!("{}/{}", web::path::DESK_MESSAGES, message.number)
}
