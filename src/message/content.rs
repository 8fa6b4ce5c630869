//! What a message says, checked once for the form and the program alike.

use entity::enums::MessageKind;
use entity::message::Model;
use validator::Validate;

use crate::app::App;
use crate::config::Config;
use crate::problem::{Code, Problem};
use crate::text;

/// Characters of a title.
pub const LONGEST_TITLE: usize = 100;

/// What is encrypted in a message, opened for whoever may read it. What the key does not open is empty.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    pub title: String,
    pub text: String,
    pub answer: Option<String>,
    pub follow_up: Option<String>,
    pub follow_up_answer: Option<String>,
}

impl Opened {
    pub fn of(app: &App, m: &Model) -> Self {
        let open = |sealed: &Option<Vec<u8>>| sealed.as_deref().and_then(|s| app.keys.decrypt(s));
        Self {
            title: app.keys.decrypt(&m.title_enc).unwrap_or_default(),
            text: app.keys.decrypt(&m.text_enc).unwrap_or_default(),
            answer: open(&m.answer_enc),
            follow_up: open(&m.follow_up_enc),
            follow_up_answer: open(&m.follow_up_answer_enc),
        }
    }
}

/// As it was typed.
#[derive(Clone, Debug, Default, Validate)]
pub struct Content {
    pub kind: Option<MessageKind>,
    #[validate(custom(function = text::one_line))]
    pub title: String,
    #[validate(custom(function = text::several_lines))]
    pub text: String,
    /// Key of the department addressed; may be empty.
    pub department: String,
    /// May be empty.
    #[validate(length(max = 60), custom(function = text::one_line))]
    pub name: String,
    /// May be empty; without it nobody is told.
    #[validate(custom(function = email))]
    pub contact: String,
    /// The author agrees to publication, the name masked.
    pub may_publish: bool,
}

fn email(contact: &str) -> Result<(), validator::ValidationError> {
    if contact.is_empty() || text::is_email(contact) {
        return text::one_line(contact);
    }
    Err(validator::ValidationError::new("请填写正确的电子邮箱|Please give a valid e-mail address"))
}

impl Content {
    /// The same, tidied, or everything that is wrong with it.
    pub(super) fn check(&self, config: &Config) -> Result<Self, Problem> {
        let tidy = Self {
            title: text::tidy(&self.title),
            text: text::tidy(&self.text),
            department: text::tidy(&self.department),
            name: text::tidy(&self.name),
            contact: text::tidy(&self.contact),
            ..self.clone()
        };
        let mut problem = match tidy.validate() {
            Ok(()) => Problem::new(Code::Invalid),
            Err(errors) => Problem::from(errors),
        };
        if tidy.kind.is_none() {
            problem = problem.field("kind", "请选择留言类别", "Please choose a kind");
        }
        for (field, value, most) in [
            ("title", &tidy.title, LONGEST_TITLE),
            ("text", &tidy.text, config.limits.opinion_chars as usize),
        ] {
            problem = length(problem, field, value, most);
        }
        if problem.fields.is_empty() { Ok(tidy) } else { Err(problem) }
    }
}

/// Adds what is wrong with the length of a text that must be there, characters as people count them.
pub(super) fn length(problem: Problem, field: &'static str, text: &str, most: usize) -> Problem {
    let n = text.chars().count();
    if n == 0 {
        return problem.field(field, "请填写", "Please fill this in");
    }
    if n <= most {
        return problem;
    }
    problem.field(
        field,
        format!("最多 {most} 字，现有 {n} 字"),
        format!("At most {most} characters, there are {n}"),
    )
}
