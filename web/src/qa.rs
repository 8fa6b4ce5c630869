//! Online questions and answers (网络问政): the list, one session (which follows what happens when there is a
//! script), the form, the receipt and state behind the lookup code. The names of the forms' fields are constants
//! here, so that the handlers read what the pages send.

mod ask;
mod list;
mod show;
mod state;

pub use ask::{AskView, ask};
pub use list::{QaCard, QaListView, list};
pub use show::{GuestView, QaView, QuestionView, show};
pub use state::{QuestionReceiptView, QuestionStateView, question_receipt, question_state};

pub const FIELD_TEXT: &str = "text";
pub const FIELD_NAME: &str = "name";
pub const FIELD_CONTACT: &str = "contact";
/// `yes`
pub const FIELD_AGREE: &str = "consent";
pub const FIELD_KEY: &str = "key";
/// People do not see it and leave it empty; programs that fill in every field do not.
pub const FIELD_TRAP: &str = "website";
