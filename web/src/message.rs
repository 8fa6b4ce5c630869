//! The message board: the answered messages, the form, the receipt and state behind the lookup code, and the
//! figures. The names of the forms' fields are constants here, so that the handlers read what the pages send.

mod below;
mod board;
mod figures;
mod form;
mod one;
mod state;

pub use below::{BelowView, below};
pub use board::{BoardView, MessageCard, board};
pub use figures::{FigureRow, FiguresView, figures};
pub use form::{MessageFormView, PageLeft, message_form};
pub use one::{MessageView, one};
pub use state::{Ask, MessageReceiptView, MessageStateView, Vote, message_receipt, message_state};

/// `question`, `suggestion`, `complaint`, `site_error`
pub const FIELD_KIND: &str = "kind";
pub const FIELD_TITLE: &str = "title";
pub const FIELD_TEXT: &str = "text";
/// Key of a department; empty when the author does not know.
pub const FIELD_DEPARTMENT: &str = "department";
pub const FIELD_NAME: &str = "name";
pub const FIELD_CONTACT: &str = "contact";
/// Path of the published page under which it is left.
pub const FIELD_PAGE: &str = "page";
/// `yes`
pub const FIELD_PUBLISH: &str = "may_publish";
/// `yes`
pub const FIELD_AGREE: &str = "consent";
pub const FIELD_KEY: &str = "key";
/// People do not see it and leave it empty; programs that fill in every field do not.
pub const FIELD_TRAP: &str = "website";
pub const FIELD_SATISFACTION: &str = "satisfaction";
pub const FIELD_QUESTION: &str = "question";
