//! What a redaction may do: replace passages by 【已隐去】, and nothing else. A public text that says
//! anything the author did not say is refused.

use crate::opinion::REMOVED;
use crate::problem::Problem;

/// Proves that `public` is `original` with one or more passages replaced.
///
/// # Errors
/// `invalid` for the field `public_text`.
pub fn verify(original: &str, public: &str) -> Result<(), Problem> {
    let wrong = |zh: &'static str, en: &'static str| Err(Problem::invalid("public_text", zh, en));
    if public == original {
        return wrong(
            "没有隐去任何内容；不需要隐去的，请直接公开",
            "Nothing was removed; publish it as it is instead",
        );
    }
    if !public.contains(REMOVED) {
        return wrong("请用【已隐去】代替要隐去的文字", "Put 【已隐去】 in place of what is removed");
    }
    if only_replaced(original, public) {
        return Ok(());
    }
    wrong(
        "除了用【已隐去】代替的部分，其余文字必须与原文一字不差",
        "Apart from what 【已隐去】 replaces, the text must be the author's, to the letter",
    )
}

/// The pieces between the marks stand in the original in this order, the first at its beginning, the last at
/// its end, with something left out between them. Taking each piece at its first place leaves the most room
/// for the rest, so no search is needed.
fn only_replaced(original: &str, public: &str) -> bool {
    let pieces: Vec<&str> = public.split(REMOVED).collect();
    let [first, middle @ .., last] = pieces.as_slice() else { return false };
    let Some(rest) = original.strip_prefix(*first) else { return false };
    let Some(mut between) = rest.strip_suffix(*last) else { return false };
    for piece in middle {
        let Some(after) = past_first(between).and_then(|b| Some(&b[b.find(piece)? + piece.len()..])) else {
            return false;
        };
        between = after;
    }
    !between.is_empty()
}

/// Every mark stands for at least one character.
fn past_first(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    chars.next()?;
    Some(chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "我是张三，电话13800001234，住体育路5号。";

    #[test]
    fn passages_may_be_replaced_and_nothing_else() {
        for good in [
            "我是【已隐去】，电话【已隐去】，住体育路5号。",
            "【已隐去】，电话13800001234，住体育路5号。",
            "我是张三，电话13800001234，住【已隐去】",
            "【已隐去】",
            "我是【已隐去】【已隐去】，电话13800001234，住体育路5号。",
        ] {
            assert!(verify(TEXT, good).is_ok(), "{good}");
        }
        for bad in [
            TEXT,
            "我是某某，电话【已隐去】，住体育路5号。",
            "我是【已隐去】，电话【已隐去】，住体育路6号。",
            "我是【已隐去】，住体育路5号。！",
            "我叫【已隐去】，住体育路5号。",
            "我是张三【已隐去】，电话13800001234，住体育路5号。",
            "我是张三，住体育路5号。",
            "我是***，电话***。",
            "【已隐去】我是张三，电话13800001234，住体育路5号。",
            "我是张三，电话13800001234，住体育路5号。【已隐去】",
            "住体育路5号。【已隐去】我是张三",
            "",
        ] {
            assert!(verify(TEXT, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_mark_the_author_wrote_is_like_any_text() {
        let text = "他们把电话【已隐去】了，真名李四也该隐去";
        assert!(verify(text, text).is_err());
        assert!(verify(text, "他们把电话【已隐去】了，真名【已隐去】也该隐去").is_ok());
        assert!(verify(text, "他们把电话【已隐去】了，真名王五也该隐去").is_err());
    }

    proptest! {
        /// Whatever non-empty passages are replaced, the result is accepted.
        #[test]
        fn every_real_redaction_is_accepted(text in "[甲乙丙1 ,]{2,40}", a in 0usize..40, b in 1usize..40) {
            let chars: Vec<char> = text.chars().collect();
            let from = a % chars.len();
            let to = (from + 1 + b % chars.len()).min(chars.len());
            let public: String =
                chars[..from].iter().collect::<String>() + REMOVED + &chars[to..].iter().collect::<String>();
            prop_assert!(verify(&text, &public).is_ok());
        }

        /// A changed character outside of the marks is refused, wherever it is.
        #[test]
        fn a_changed_character_is_found(text in "[甲乙丙]{4,20}", at in 0usize..20) {
            let mut chars: Vec<char> = text.chars().collect();
            let at = at % (chars.len() - 1);
            chars[at] = '丁';
            let public: String = chars[..chars.len() - 1].iter().collect::<String>() + REMOVED;
            prop_assert!(verify(&text, &public).is_err());
        }
    }
}
