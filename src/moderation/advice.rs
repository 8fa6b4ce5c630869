//! What screening found, in words for the moderator, and the redaction that may be begun with.

use crate::opinion::REMOVED;
use crate::problem::{Words, words};

pub use crate::screening::{Finding, Kind};
use crate::screening::{Lexicon, screen_with};

/// Everything noticed in a text, with the words of that lexicon.
pub fn find(text: &str, lexicon: &Lexicon) -> Vec<Finding> {
    screen_with(text, Some(lexicon))
}

/// What a moderator reads beside a passage.
pub fn kind_words(kind: Kind) -> Words {
    match kind {
        Kind::Mobile => words("疑似手机号", "mobile number?"),
        Kind::Landline => words("疑似固定电话", "telephone number?"),
        Kind::IdNumber => words("疑似身份证号", "ID number?"),
        Kind::BankCard => words("疑似银行卡号", "bank card?"),
        Kind::Email => words("电子邮箱", "e-mail address"),
        Kind::Account => words("疑似QQ、微信号", "messenger account?"),
        Kind::Plate => words("疑似车牌号", "number plate?"),
        Kind::Address => words("疑似住址", "home address?"),
        Kind::Link => words("网址", "link"),
        Kind::Advertising => words("疑似广告", "advertising?"),
        Kind::Insult => words("疑似辱骂", "insult?"),
        Kind::Banned => words("本单位关注的词", "a word of your list"),
    }
}

/// The text with all personal data noticed replaced: where the moderator may begin. Links and words of the
/// lexicon are for the moderator to judge.
pub fn suggest(text: &str, findings: &[Finding]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for f in findings.iter().filter(|f| f.kind.is_personal()) {
        out.push_str(&text[done..f.start]);
        out.push_str(REMOVED);
        done = f.end;
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screening::screen as find;
    use proptest::prelude::*;

    #[test]
    fn the_suggestion_is_a_redaction_that_the_rules_accept() {
        let text = "我是张三，电话13800001234，邮箱a@b.cn，见www.example.com";
        let suggested = suggest(text, &find(text));
        assert_eq!(suggested, "我是张三，电话【已隐去】，邮箱【已隐去】，见www.example.com");
        assert!(super::super::redaction::verify(text, &suggested).is_ok());
    }

    proptest! {
        #[test]
        fn any_suggestion_is_a_redaction(text in "\\PC{0,60}|[0-9@. xX一-]{0,60}") {
            let suggested = suggest(&text, &find(&text));
            prop_assert!(suggested == text || suggested.contains(REMOVED));
        }
    }
}
