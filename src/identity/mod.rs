//! Who speaks, and what they agreed to: the real name stays behind the scene, the shown name is the author's
//! choice (后台实名、前台自愿; 跟帖评论规定 2022 Art. 4).
//!
//! A consultation may ask that a contact is proved before an opinion is taken. The proof is a one-time code sent
//! to it ([`ask`]), bound to the form by a ticket that only the form holds, and spent with the opinion
//! ([`try_out`], [`admit`]); or the word of a provider that has verified it (OpenID Connect, [`prove`]). Whoever sends anything agrees to the consent text ([`consent`]); the version they
//! saw is kept with what they sent.

pub mod api;
pub mod consent;
pub mod page;

mod ask;
mod check;
mod erase;
mod name;
mod store;
mod vouched;

use std::fmt;

pub use ask::{Asked, ask, code};
pub use check::{Given, Proof, Tried, admit, spend, try_out};
pub use erase::{ERASE_JOB, erase};
pub use name::own_name;
pub use store::{agreed_versions, consented, forget_guardians, guardians};
pub use vouched::{Proved, prove};

use crate::problem::{Words, words};

/// What a code is good for; one that was asked for one thing opens no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use<'a> {
    /// An opinion on the consultation with this code.
    Opinion(&'a str),
    /// The questionnaire of the consultation with this code.
    Questionnaire(&'a str),
    /// Seeing to what was sent with the contact.
    MyData,
    /// Taking the place of the contact with this keyed hash.
    NewContact(&'a str),
}

impl fmt::Display for Use<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opinion(code) => write!(f, "opinion:{code}"),
            Self::Questionnaire(code) => write!(f, "questionnaire:{code}"),
            Self::MyData => f.write_str("my-data"),
            Self::NewContact(old) => write!(f, "contact:{old}"),
        }
    }
}

impl Use<'_> {
    /// What the person is doing, for the message with the code.
    fn words(self) -> Words {
        match self {
            Self::Opinion(_) => words("提交意见", "sending an opinion"),
            Self::Questionnaire(_) => words("填写问卷", "answering a questionnaire"),
            Self::MyData => words("查看我的数据", "opening your data"),
            Self::NewContact(_) => words("更正联系方式", "correcting your contact"),
        }
    }
}
