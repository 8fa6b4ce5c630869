//! What may be asked about one's data, in words, with its source.

use entity::enums::{DataRequestKind, DataRight};

use crate::problem::Words;

fn words(zh: &'static str, en: &'static str) -> Words {
    Words { zh: zh.into(), en: en.into() }
}

/// `删除（第四十七条）`
pub fn right_words(right: DataRight) -> Words {
    match right {
        DataRight::Explain => words(
            "说明怎样处理我的个人信息（第四十四条、第四十八条）",
            "Explain how my data is processed (Art. 44, 48)",
        ),
        DataRight::Restrict => {
            words("限制或者拒绝处理我的个人信息（第四十四条）", "Process my data less, or no more (Art. 44)")
        }
        DataRight::Copy => {
            words("查阅、复制、转移我的个人信息（第四十五条）", "See, copy or move my data (Art. 45)")
        }
        DataRight::Correct => {
            words("更正、补充我的个人信息（第四十六条）", "Correct or complete my data (Art. 46)")
        }
        DataRight::Erase => words("删除我的个人信息（第四十七条）", "Erase my data (Art. 47)"),
    }
}

/// What the site carried out by itself.
pub fn request_words(kind: DataRequestKind) -> Words {
    match kind {
        DataRequestKind::Export => words("已提供副本", "A copy was given"),
        DataRequestKind::Correct => words("已更正联系方式", "The contact was corrected"),
        DataRequestKind::Erase => words("已按要求删除", "Erased as asked"),
    }
}

/// `已按请求办理`, or that it was not done.
pub fn outcome_words(granted: Option<bool>) -> Words {
    match granted {
        None => words("等待答复", "Waits for its answer"),
        Some(true) => words("已按请求办理", "Done as asked"),
        Some(false) => words("未予办理", "Not done"),
    }
}
