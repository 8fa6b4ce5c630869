//! What somebody answers, read against the questions. Pure.
//!
//! Free texts are for the staff who work on the matter and are never published: nobody reviews them as opinions are
//! reviewed, and a form that promises to publish everything would need that review for every line. Whoever wants to be
//! read and answered in public is led to the form for opinions. What looks like personal data (个保法 Art. 6: no more
//! than the purpose needs) is taken out before anything is stored, for the purpose needs none of it; the receipt shows
//! what was kept.

use std::collections::{BTreeMap, BTreeSet};

use super::question::{Ask, OTHER, Question};
use crate::problem::{Code, FieldProblem, Problem, words};
use crate::screening;
use crate::text;

/// Characters of a free text.
pub const LONGEST_TEXT: usize = 500;
/// Characters of the words beside 其他.
pub const LONGEST_OTHER: usize = 100;
/// In tallies: who answered the question at all; beyond every choice and mark.
pub const ANSWERED: i32 = 100;
/// Stands for what was taken out.
const REMOVED: &str = crate::opinion::REMOVED;

/// What is said to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The number of the question.
    pub question: i32,
    /// The choices taken, or the mark.
    pub choices: Vec<i32>,
    /// The free text, or what 其他 means; may be empty.
    pub text: String,
}

/// Answers that fit their questions, as they are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// By question; only those that were answered.
    pub choices: BTreeMap<i32, BTreeSet<i32>>,
    pub texts: BTreeMap<i32, String>,
    /// Something was taken out of a text.
    pub masked: bool,
}

impl Checked {
    /// What the tallies count.
    pub fn counted(&self) -> Vec<(i32, i32)> {
        let answered: BTreeSet<i32> = self.choices.keys().chain(self.texts.keys()).copied().collect();
        let chosen = self.choices.iter().flat_map(|(q, all)| all.iter().map(|c| (*q, *c)));
        answered.into_iter().map(|q| (q, ANSWERED)).chain(chosen).collect()
    }
}

/// The name of a question's field in problems and forms.
pub fn field(question: i32) -> String {
    format!("q{question}")
}

/// The name of the field beside 其他.
pub fn other_field(question: i32) -> String {
    format!("q{question}_other")
}

/// Answers that fit the questions, what looks like personal data removed from their texts.
///
/// # Errors
/// `invalid` with `q1`, `q1_other`, … for what does not fit; without a field when nothing was answered at all, or
/// something that was not asked.
pub fn check(questions: &[Question], answers: &[Answer]) -> Result<Checked, Problem> {
    let mut wrong = Problem::new(Code::Invalid);
    let mut by_question: BTreeMap<i32, &Answer> = BTreeMap::new();
    for answer in answers {
        let known = questions.iter().any(|q| q.number == answer.question);
        if !known || by_question.insert(answer.question, answer).is_some() {
            return Err(wrong.because(
                "有一题不在问卷中，或者回答了两次，请刷新页面后重新核对",
                "A question is not in the questionnaire, or was answered twice; please reload and check",
            ));
        }
    }
    let none = Answer::default();
    let mut checked = Checked::default();
    for q in questions {
        let answer = by_question.get(&q.number).copied().unwrap_or(&none);
        one(q, answer, &mut checked, &mut wrong);
    }
    if wrong.fields.is_empty() && checked.choices.is_empty() && checked.texts.is_empty() {
        return Err(wrong.because("请至少回答一题", "Please answer at least one question"));
    }
    if wrong.fields.is_empty() { Ok(checked) } else { Err(wrong) }
}

fn one(q: &Question, answer: &Answer, checked: &mut Checked, wrong: &mut Problem) {
    let mut add = |field: String, zh: String, en: String| {
        wrong.fields.push(FieldProblem { field: field.into(), message: words(zh, en) });
    };
    let typed = text::tidy(&answer.text);
    let chosen: BTreeSet<i32> = answer.choices.iter().copied().collect();
    let values = q.values();
    if chosen.iter().any(|c| !values.contains(c)) {
        return add(
            field(q.number),
            "请从给出的选项中选择".into(),
            "Please choose from what is offered".into(),
        );
    }
    let is_text = matches!(q.ask, Ask::Text);
    let takes_words = is_text || q.has_other() && chosen.contains(&OTHER);
    if !takes_words && !typed.is_empty() {
        return add(
            if q.has_other() { other_field(q.number) } else { field(q.number) },
            "您填写了“其他”的内容，请同时选中“其他”，或者删去这些内容".into(),
            "You wrote something beside “other”: please choose it too, or remove the words".into(),
        );
    }
    let (longest, place) =
        if is_text { (LONGEST_TEXT, field(q.number)) } else { (LONGEST_OTHER, other_field(q.number)) };
    let n = typed.chars().count();
    if n > longest {
        return add(
            place,
            format!("最多 {longest} 字，现有 {n} 字"),
            format!("At most {longest} characters, there are {n}"),
        );
    }
    if let Err(why) = if is_text { text::several_lines(&typed) } else { text::one_line(&typed) } {
        let (zh, en) = why.code.split_once('|').unwrap_or((&why.code, &why.code));
        return add(place, zh.to_owned(), en.to_owned());
    }
    if chosen.is_empty() && typed.is_empty() {
        if q.required {
            add(field(q.number), "请回答这一题".into(), "Please answer this question".into());
        }
        return;
    }
    if let Err((zh, en)) = how_many(&q.ask, i32::try_from(chosen.len()).unwrap_or(i32::MAX)) {
        return add(field(q.number), zh, en);
    }
    if !chosen.is_empty() {
        checked.choices.insert(q.number, chosen);
    }
    if !typed.is_empty() {
        let kept = mask(&typed);
        checked.masked |= kept != typed;
        checked.texts.insert(q.number, kept);
    }
}

fn how_many(ask: &Ask, n: i32) -> Result<(), (String, String)> {
    match ask {
        Ask::Single { .. } | Ask::Scale { .. } if n > 1 => {
            Err(("只能选一项".into(), "Only one can be chosen".into()))
        }
        Ask::Multiple { least, .. } if n < *least => Err((
            format!("请至少选 {least} 项，现选 {n} 项"),
            format!("Choose at least {least}; there are {n}"),
        )),
        Ask::Multiple { most, .. } if n > *most => {
            Err((format!("最多选 {most} 项，现选 {n} 项"), format!("Choose at most {most}; there are {n}")))
        }
        _ => Ok(()),
    }
}

/// The text without what looks like personal data.
fn mask(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for found in screening::screen(text).iter().filter(|f| f.kind.is_personal()) {
        kept.push_str(text.get(from..found.start).unwrap_or_default());
        kept.push_str(REMOVED);
        from = found.end;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn questions() -> Vec<Question> {
        let choices = || vec!["甲".to_owned(), "乙".to_owned(), "丙".to_owned()];
        let asks = [
            Ask::Single { choices: choices(), other: true },
            Ask::Multiple { choices: choices(), other: true, least: 2, most: 3 },
            Ask::Scale { from: 0, to: 5, low: "低".into(), high: "高".into() },
            Ask::Text,
        ];
        let of = |(number, ask)| Question {
            number,
            text: "问".into(),
            hint: String::new(),
            required: number == 1,
            ask,
        };
        (1..).zip(asks).map(of).collect()
    }

    fn answer(question: i32, choices: &[i32], text: &str) -> Answer {
        Answer { question, choices: choices.to_vec(), text: text.into() }
    }

    #[test]
    fn what_does_not_fit_is_told_by_its_field() {
        let first = || answer(1, &[1], "");
        for (answers, wrong) in [
            (vec![], "q1"),
            (vec![answer(1, &[4], "")], "q1"),
            (vec![answer(1, &[ANSWERED], "")], "q1"),
            (vec![answer(1, &[1, 2], "")], "q1"),
            (vec![answer(1, &[1], "别的")], "q1_other"),
            (vec![answer(1, &[0], &"长".repeat(101))], "q1_other"),
            (vec![first(), answer(2, &[1], "")], "q2"),
            (vec![first(), answer(2, &[0, 1, 2, 3], "")], "q2"),
            (vec![first(), answer(3, &[6], "")], "q3"),
            (vec![first(), answer(3, &[0], "说明")], "q3"),
            (vec![first(), answer(4, &[1], "")], "q4"),
            (vec![first(), answer(4, &[], &"长".repeat(501))], "q4"),
            (vec![first(), answer(4, &[], "a\u{202e}b")], "q4"),
        ] {
            let problem = check(&questions(), &answers).unwrap_err();
            let fields: Vec<_> = problem.fields.iter().map(|f| f.field.as_ref()).collect();
            assert_eq!(fields, [wrong], "{answers:?}");
        }
        for strange in [vec![first(), first()], vec![first(), answer(9, &[1], "")]] {
            let problem = check(&questions(), &strange).unwrap_err();
            assert!(problem.fields.is_empty() && problem.detail.is_some(), "{strange:?}");
        }
    }

    #[test]
    fn texts_are_kept_without_personal_data_and_choices_are_counted_once() {
        let given = [
            answer(1, &[0], "看情况"),
            answer(2, &[2, 1, 2], ""),
            answer(3, &[0], ""),
            answer(4, &[], "请打 13812345678 找我，谢谢"),
        ];
        let checked = check(&questions(), &given).unwrap();
        assert!(checked.masked);
        assert_eq!(checked.texts[&4], "请打 【已隐去】 找我，谢谢");
        assert_eq!(checked.texts[&1], "看情况");
        let counted = [(1, 100), (2, 100), (3, 100), (4, 100), (1, 0), (2, 1), (2, 2), (3, 0)];
        assert_eq!(checked.counted(), counted);
    }
}
