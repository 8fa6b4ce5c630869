//! What a questionnaire asks: its questions, and whether they are well made. Pure.

use std::collections::BTreeSet;

use entity::enums::QuestionKind;
use serde::{Deserialize, Serialize};
use validator::ValidationError;

use crate::problem::{Code, FieldProblem, Problem, Words, words};
use crate::text;

/// More than these nobody answers to the end.
pub const MOST_QUESTIONS: usize = 30;
pub const MOST_CHOICES: usize = 20;
const LONGEST_TITLE: usize = 80;
const LONGEST_INTRO: usize = 2000;
const LONGEST_QUESTION: usize = 200;
const LONGEST_CHOICE: usize = 100;
const LONGEST_END: usize = 20;
/// Marks of a scale lie between these, beginning with 0 or 1.
const HIGHEST_MARK: i32 = 10;
const FEWEST_MARKS: i32 = 3;

/// The choice 其他 in answers and tallies; the others count from 1.
pub const OTHER: i32 = 0;

/// What a question wants to hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Ask {
    /// 单选
    Single {
        choices: Vec<String>,
        /// 其他, with words of one's own.
        other: bool,
    },
    /// 多选
    Multiple {
        choices: Vec<String>,
        other: bool,
        /// Taken at least, by whoever answers.
        least: i32,
        most: i32,
    },
    /// 量表: one mark between two ends.
    Scale { from: i32, to: i32, low: String, high: String },
    /// 填空
    Text,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Names it in answers and tallies, wherever it stands; given once in a questionnaire.
    pub number: i32,
    pub text: String,
    /// A line of help; may be empty.
    pub hint: String,
    pub required: bool,
    #[serde(flatten)]
    pub ask: Ask,
}

impl Question {
    pub fn kind(&self) -> QuestionKind {
        match self.ask {
            Ask::Single { .. } => QuestionKind::Single,
            Ask::Multiple { .. } => QuestionKind::Multiple,
            Ask::Scale { .. } => QuestionKind::Scale,
            Ask::Text => QuestionKind::Text,
        }
    }

    /// Whether 其他 is among its choices.
    pub fn has_other(&self) -> bool {
        matches!(self.ask, Ask::Single { other: true, .. } | Ask::Multiple { other: true, .. })
    }

    /// What can be chosen, as answers and tallies write it; of a free text nothing.
    pub fn values(&self) -> Vec<i32> {
        match &self.ask {
            Ask::Single { choices, other } | Ask::Multiple { choices, other, .. } => {
                let own = (1..).take(choices.len());
                own.chain(other.then_some(OTHER)).collect()
            }
            Ask::Scale { from, to, .. } => (*from..=*to).collect(),
            Ask::Text => Vec::new(),
        }
    }

    /// What a choice says.
    pub fn label(&self, value: i32) -> Words {
        let at = usize::try_from(value - 1).ok();
        match &self.ask {
            Ask::Single { .. } | Ask::Multiple { .. } if value == OTHER => words("其他", "Other"),
            Ask::Single { choices, .. } | Ask::Multiple { choices, .. } => {
                let said = at.and_then(|at| choices.get(at)).cloned().unwrap_or_default();
                words(said.clone(), said)
            }
            Ask::Scale { from, to, low, high } => {
                let end = match value {
                    v if v == *from => format!("（{low}）"),
                    v if v == *to => format!("（{high}）"),
                    _ => String::new(),
                };
                words(format!("{value} 分{end}"), format!("{value}{end}"))
            }
            Ask::Text => words("", ""),
        }
    }

    /// The question tidied, if it is well made.
    ///
    /// # Errors
    /// `invalid` with the fields `text`, `hint`, `choices`, `least`, `most`, `from`, `to`, `low`, `high`.
    pub fn check(&self) -> Result<Self, Problem> {
        let mut wrong = Problem::new(Code::Invalid);
        let q = Self {
            text: text::tidy(&self.text),
            hint: text::tidy(&self.hint),
            ask: tidied(&self.ask),
            ..self.clone()
        };
        line(&mut wrong, "text", &q.text, 1, LONGEST_QUESTION);
        line(&mut wrong, "hint", &q.hint, 0, LONGEST_QUESTION);
        match &q.ask {
            Ask::Single { choices, .. } => check_choices(&mut wrong, choices),
            Ask::Multiple { choices, other, least, most } => {
                check_choices(&mut wrong, choices);
                let all = i32::try_from(choices.len()).unwrap_or(i32::MAX).saturating_add(i32::from(*other));
                check_numbers(&mut wrong, *least, *most, all);
            }
            Ask::Scale { from, to, low, high } => {
                if !(0..=1).contains(from) {
                    add(&mut wrong, "from", "量表从 0 或 1 开始", "A scale begins with 0 or 1");
                }
                if !(FEWEST_MARKS..=HIGHEST_MARK).contains(to) {
                    add(&mut wrong, "to", "量表最高为 3 至 10 分", "A scale ends with 3 to 10");
                }
                line(&mut wrong, "low", low, 1, LONGEST_END);
                line(&mut wrong, "high", high, 1, LONGEST_END);
            }
            Ask::Text => {}
        }
        if wrong.fields.is_empty() { Ok(q) } else { Err(wrong) }
    }
}

fn tidied(ask: &Ask) -> Ask {
    let all = |choices: &[String]| choices.iter().map(|c| text::tidy(c)).collect();
    match ask {
        Ask::Single { choices, other } => Ask::Single { choices: all(choices), other: *other },
        Ask::Multiple { choices, other, least, most } => {
            Ask::Multiple { choices: all(choices), other: *other, least: *least, most: *most }
        }
        Ask::Scale { from, to, low, high } => {
            Ask::Scale { from: *from, to: *to, low: text::tidy(low), high: text::tidy(high) }
        }
        Ask::Text => Ask::Text,
    }
}

fn add(problem: &mut Problem, field: &'static str, zh: impl Into<String>, en: impl Into<String>) {
    problem.fields.push(FieldProblem { field: field.into(), message: words(zh.into(), en.into()) });
}

fn line(problem: &mut Problem, field: &'static str, text: &str, least: usize, most: usize) {
    let n = text.chars().count();
    if n < least {
        add(problem, field, "请填写", "Please fill this in");
    } else if n > most {
        add(
            problem,
            field,
            format!("最多 {most} 字，现有 {n} 字"),
            format!("At most {most} characters, there are {n}"),
        );
    } else if let Err(why) = text::one_line(text) {
        refused(problem, field, &why);
    }
}

fn refused(problem: &mut Problem, field: &'static str, why: &ValidationError) {
    if let Some((zh, en)) = why.code.split_once('|') {
        add(problem, field, zh, en);
    }
}

fn check_choices(problem: &mut Problem, choices: &[String]) {
    let many = 2..=MOST_CHOICES;
    if !many.contains(&choices.len()) {
        add(
            problem,
            "choices",
            format!("请写 2 至 {MOST_CHOICES} 个选项，每行一个（“其他”不用写）"),
            format!("Give 2 to {MOST_CHOICES} choices, one a line (without “other”)"),
        );
        return;
    }
    if choices.iter().collect::<BTreeSet<_>>().len() < choices.len() {
        add(problem, "choices", "有相同的选项", "Two choices are the same");
        return;
    }
    for choice in choices {
        let before = problem.fields.len();
        line(problem, "choices", choice, 1, LONGEST_CHOICE);
        if problem.fields.len() > before {
            return;
        }
    }
}

fn check_numbers(problem: &mut Problem, least: i32, most: i32, all: i32) {
    if !(1..=all).contains(&least) {
        add(
            problem,
            "least",
            format!("至少选几项应为 1 至 {all}"),
            format!("The least number is between 1 and {all}"),
        );
    }
    if most < least || most > all {
        add(
            problem,
            "most",
            format!("最多选几项不能少于“至少”，也不能多于选项总数 {all}"),
            format!("The most is not below the least and not above {all}, the number of choices"),
        );
    }
}

/// A questionnaire as its owner writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    pub title: String,
    pub intro: String,
    /// Results are public from the start, not only after the end.
    pub open_results: bool,
    /// It is shown with the consultation.
    pub ready: bool,
    /// In their order.
    pub questions: Vec<Question>,
}

impl Content {
    /// The number of the next question, which none has.
    pub fn next_number(&self) -> i32 {
        self.questions.iter().map(|q| q.number).max().unwrap_or(0) + 1
    }

    /// The content tidied, if it is well made.
    ///
    /// # Errors
    /// `invalid` with the fields `title`, `intro`, `questions`, and `questions[i].…` as [`Question::check`].
    pub fn check(&self) -> Result<Self, Problem> {
        let mut wrong = Problem::new(Code::Invalid);
        let mut c = Self { title: text::tidy(&self.title), intro: text::tidy(&self.intro), ..self.clone() };
        line(&mut wrong, "title", &c.title, 1, LONGEST_TITLE);
        let n = c.intro.chars().count();
        if n > LONGEST_INTRO {
            add(
                &mut wrong,
                "intro",
                format!("最多 {LONGEST_INTRO} 字，现有 {n} 字"),
                format!("At most {LONGEST_INTRO} characters, there are {n}"),
            );
        } else if let Err(why) = text::several_lines(&c.intro) {
            refused(&mut wrong, "intro", &why);
        }
        if c.questions.len() > MOST_QUESTIONS {
            add(
                &mut wrong,
                "questions",
                format!("最多 {MOST_QUESTIONS} 题"),
                format!("At most {MOST_QUESTIONS} questions"),
            );
        }
        if c.ready && c.questions.is_empty() {
            add(&mut wrong, "questions", "请先添加题目，再公开问卷", "Add questions before it is shown");
        }
        let numbers: BTreeSet<i32> = c.questions.iter().map(|q| q.number).collect();
        if numbers.len() < c.questions.len() || numbers.first().is_some_and(|n| *n < 1) {
            add(
                &mut wrong,
                "questions",
                "题号重复或不正确",
                "A number of a question is wrong or there twice",
            );
        }
        for (i, q) in c.questions.iter_mut().enumerate() {
            match q.check() {
                Ok(tidied) => *q = tidied,
                Err(problem) => wrong.fields.extend(problem.fields.into_iter().map(|f| FieldProblem {
                    field: format!("questions[{i}].{}", f.field).into(),
                    message: f.message,
                })),
            }
        }
        if wrong.fields.is_empty() { Ok(c) } else { Err(wrong) }
    }
}

impl TryFrom<&entity::questionnaire::Model> for Content {
    type Error = Problem;

    fn try_from(row: &entity::questionnaire::Model) -> Result<Self, Problem> {
        Ok(Self {
            title: row.title.clone(),
            intro: row.intro.clone(),
            open_results: row.open_results,
            ready: row.ready_at.is_some(),
            questions: questions(row)?,
        })
    }
}

/// The questions of a questionnaire.
///
/// # Errors
/// `internal` for a row that nobody of ours wrote.
pub fn questions(row: &entity::questionnaire::Model) -> Result<Vec<Question>, Problem> {
    serde_json::from_value(row.questions.clone()).map_err(Problem::internal)
}

/// What a kind of question is called.
pub fn kind_words(kind: QuestionKind) -> Words {
    match kind {
        QuestionKind::Single => words("单选题", "Single choice"),
        QuestionKind::Multiple => words("多选题", "Multiple choice"),
        QuestionKind::Scale => words("量表题", "Scale"),
        QuestionKind::Text => words("填空题", "Free text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(ask: Ask) -> Question {
        Question { number: 1, text: "您多久去一次？".into(), hint: String::new(), required: true, ask }
    }

    fn fields(problem: &Problem) -> Vec<&str> {
        problem.fields.iter().map(|f| f.field.as_ref()).collect()
    }

    #[test]
    fn what_is_badly_made_is_named_by_its_field() {
        let choices = |all: &[&str]| all.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        let multiple =
            |least, most| Ask::Multiple { choices: choices(&["甲", "乙"]), other: true, least, most };
        let scale = |from, to| Ask::Scale { from, to, low: "低".into(), high: "高".into() };
        for (ask, wrong) in [
            (Ask::Single { choices: choices(&["甲"]), other: true }, vec!["choices"]),
            (Ask::Single { choices: choices(&["甲", " 甲 "]), other: false }, vec!["choices"]),
            (Ask::Single { choices: choices(&["甲", ""]), other: false }, vec!["choices"]),
            (Ask::Single { choices: choices(&["甲", "乙\n丙"]), other: false }, vec!["choices"]),
            (multiple(0, 2), vec!["least"]),
            (multiple(2, 1), vec!["most"]),
            (multiple(1, 4), vec!["most"]),
            (scale(2, 5), vec!["from"]),
            (scale(1, 11), vec!["to"]),
            (Ask::Scale { from: 1, to: 5, low: String::new(), high: "高".into() }, vec!["low"]),
        ] {
            let problem = question(ask.clone()).check().unwrap_err();
            assert_eq!(fields(&problem), wrong, "{ask:?}");
        }
        for good in [multiple(1, 3), multiple(3, 3), scale(0, 10), scale(1, 3), Ask::Text] {
            assert!(question(good.clone()).check().is_ok(), "{good:?}");
        }
        let twice = Content {
            title: "问卷".into(),
            questions: vec![question(Ask::Text), Question { text: String::new(), ..question(Ask::Text) }],
            ..Content::default()
        };
        assert_eq!(fields(&twice.check().unwrap_err()), ["questions", "questions[1].text"]);
        let none = Content { title: "问卷".into(), ready: true, ..Content::default() };
        assert_eq!(fields(&none.check().unwrap_err()), ["questions"]);
    }

    #[test]
    fn a_question_reads_back_as_it_was_written() {
        for ask in [
            Ask::Single { choices: vec!["甲".into(), "乙".into()], other: true },
            Ask::Scale { from: 1, to: 5, low: "低".into(), high: "高".into() },
            Ask::Text,
        ] {
            let q = question(ask);
            let json = serde_json::to_value(&q).unwrap();
            assert_eq!(serde_json::from_value::<Question>(json).unwrap(), q);
        }
    }
}
