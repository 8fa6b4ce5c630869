//! Near-equal texts made from real messages, as people make them: a template with another name, a greeting, other marks,
//! another order, a sentence more or less, other words for the same.

use crate::screening_corpus::Dice;

/// How a text is changed.
pub const WAYS: [&str; 8] = ["name", "greeting", "marks", "order", "shorter", "longer", "words", "typing"];

const NAMES: [&str; 8] = ["张三", "李四", "王小明", "赵雪梅", "陈建国", "欧阳静", "刘洋", "孙丽"];
const OWN: [&str; 3] =
    ["我每天下班都要走这条路，深有体会。", "我家孩子也遇到过同样的事。", "作为老居民我完全同意。"];
const OTHER: [(&str, &str); 12] = [
    ("我们", "大家"),
    ("希望", "盼望"),
    ("非常", "十分"),
    ("问题", "情况"),
    ("领导", "有关部门"),
    ("没有", "未曾"),
    ("现在", "目前"),
    ("可以", "能够"),
    ("因为", "由于"),
    ("但是", "然而"),
    ("请", "恳请"),
    ("解决", "处理"),
];

fn one<'a>(dice: &mut Dice, of: &[&'a str]) -> &'a str {
    of[usize::try_from(dice.below(of.len() as u64)).unwrap()]
}

fn sentences(text: &str) -> Vec<String> {
    text.split_inclusive(['。', '！', '？', '!', '?', '；']).map(str::to_owned).collect()
}

/// A text changed in one of the ways.
pub fn changed(dice: &mut Dice, way: &str, text: &str) -> String {
    match way {
        "name" => {
            format!("我是{}，{text}（{}，{}岁）", one(dice, &NAMES), one(dice, &NAMES), 20 + dice.below(60))
        }
        "greeting" => format!("尊敬的领导：您好！{text}谢谢！"),
        "marks" => {
            let mut out = String::new();
            for c in text.chars() {
                out.push(match c {
                    '，' => ',',
                    '。' => '.',
                    c => c,
                });
                if dice.below(10) == 0 {
                    out.push(' ');
                }
            }
            out
        }
        "order" => {
            let mut all = sentences(text);
            for i in (1..all.len()).rev() {
                all.swap(i, usize::try_from(dice.below(i as u64 + 1)).unwrap());
            }
            all.concat()
        }
        "shorter" => {
            let mut all = sentences(text);
            if all.len() > 2 {
                all.remove(usize::try_from(dice.below(all.len() as u64)).unwrap());
            }
            all.concat()
        }
        "longer" => format!("{text}{}", one(dice, &OWN)),
        "words" => OTHER.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to)),
        _ => {
            let wrong: Vec<char> = "的了是在有和人这中大为上个国我".chars().collect();
            let mistype = |c| match dice.below(20) {
                0 => wrong[usize::try_from(dice.below(wrong.len() as u64)).unwrap()],
                _ => c,
            };
            text.chars().map(mistype).collect()
        }
    }
}

/// As much of a text as an opinion of some length has, up to the end of a sentence.
pub fn beginning(text: &str, letters: usize) -> String {
    let mut out = String::new();
    for sentence in sentences(text) {
        out.push_str(&sentence);
        if out.chars().count() >= letters {
            break;
        }
    }
    out.chars().take(letters * 2).collect()
}
