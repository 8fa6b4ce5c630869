//! The message board (留言板, 网民留言): anybody asks, suggests, complains or reports an error of the site. A moderator
//! accepts a message and routes it to a department, or rejects it with a reason; the department answers within a
//! duty whose end the author sees (国办发〔2014〕57号; 国办发〔2017〕47号). An answer is public only where the author
//! agreed and the answering person decides so; the name is masked.

pub mod answer;
pub mod api;
mod content;
pub mod decide;
pub mod list;
pub mod page;
pub mod policy;
pub mod state;
pub mod store;
pub mod submit;
pub mod tell;
pub mod words;

use entity::enums::MessageKind;

use crate::config::Rules;

pub use content::Content;
pub use store::waiting;

/// Working days for the answer to a message of that kind.
pub fn answer_days(rules: &Rules, kind: MessageKind) -> u32 {
    match kind {
        MessageKind::SiteError => rules.site_error_working_days,
        MessageKind::Question | MessageKind::Suggestion | MessageKind::Complaint => {
            rules.message_working_days
        }
    }
}
