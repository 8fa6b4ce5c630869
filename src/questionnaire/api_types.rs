//! What the API of questionnaires takes and gives.

use chrono::{DateTime, Utc};
use entity::enums::QuestionKind;
use entity::questionnaire::Model;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object};

use super::answer::Answer;
use super::own::Own;
use super::question::{self, Ask, Content, OTHER, Question};
use super::results::{Figures, Results};
use crate::problem::Problem;

/// The marks of a scale and what its ends mean.
#[derive(Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct ScaleMarks {
    /// 0 or 1.
    pub from: i32,
    /// 3 to 10.
    pub to: i32,
    pub low: String,
    pub high: String,
}

/// A question to be asked. `choices`, `other`, `least` and `most` belong to questions with choices, `scale` to scales.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct QuestionIn {
    /// Names it in answers and results; its place in the list without one.
    pub number: Option<i32>,
    pub kind: QuestionKind,
    pub text: String,
    #[oai(default)]
    pub hint: String,
    #[oai(default)]
    pub required: bool,
    /// In their order; answered as 1, 2, 3 …
    #[oai(default)]
    pub choices: Vec<String>,
    /// Adds 其他 with words of one's own; answered as 0.
    #[oai(default)]
    pub other: bool,
    /// Multiple choice: 1 without it.
    pub least: Option<i32>,
    /// Multiple choice: all without it.
    pub most: Option<i32>,
    pub scale: Option<ScaleMarks>,
}

impl QuestionIn {
    fn question(self, at: usize) -> Result<Question, Problem> {
        let count = self.choices.len() + usize::from(self.other);
        let all = i32::try_from(count).unwrap_or(i32::MAX);
        let ask = match self.kind {
            QuestionKind::Single => Ask::Single { choices: self.choices, other: self.other },
            QuestionKind::Multiple => Ask::Multiple {
                choices: self.choices,
                other: self.other,
                least: self.least.unwrap_or(1),
                most: self.most.unwrap_or(all),
            },
            QuestionKind::Scale => {
                let s = self.scale.ok_or_else(|| {
                    let field = format!("questions[{at}].scale");
                    Problem::invalid(field, "请写明量表的分值", "A scale needs its marks")
                })?;
                Ask::Scale { from: s.from, to: s.to, low: s.low, high: s.high }
            }
            QuestionKind::Text => Ask::Text,
        };
        let place = i32::try_from(at + 1).unwrap_or(i32::MAX);
        let number = self.number.unwrap_or(place);
        Ok(Question { number, text: self.text, hint: self.hint, required: self.required, ask })
    }
}

/// The whole questionnaire; what it said before is replaced.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct QuestionnaireIn {
    pub title: String,
    #[oai(default)]
    pub intro: String,
    /// Results are public from the start, not only after the end.
    #[oai(default)]
    pub open_results: bool,
    /// It is shown with the consultation and takes answers while that is open.
    #[oai(default)]
    pub ready: bool,
    /// In their order, at most 30.
    pub questions: Vec<QuestionIn>,
    /// The revision it follows, 0 for none; without it the last one wins.
    pub revision: Option<i32>,
}

impl QuestionnaireIn {
    /// # Errors
    /// `invalid` for a scale without marks.
    pub fn content(self) -> Result<Content, Problem> {
        let questions = self.questions.into_iter().enumerate().map(|(i, q)| q.question(i));
        Ok(Content {
            title: self.title,
            intro: self.intro,
            open_results: self.open_results,
            ready: self.ready,
            questions: questions.collect::<Result<_, _>>()?,
        })
    }
}

/// A choice or a mark.
#[derive(Object)]
pub struct ChoiceOut {
    /// How it is answered.
    value: i32,
    label: String,
    /// It takes words of one's own.
    other: bool,
}

/// A question as it is asked.
#[derive(Object)]
pub struct QuestionOut {
    number: i32,
    kind: QuestionKind,
    text: String,
    hint: String,
    required: bool,
    /// Empty for a free text.
    choices: Vec<ChoiceOut>,
    #[oai(skip_serializing_if_is_none)]
    least: Option<i32>,
    #[oai(skip_serializing_if_is_none)]
    most: Option<i32>,
    #[oai(skip_serializing_if_is_none)]
    scale: Option<ScaleMarks>,
}

impl From<&Question> for QuestionOut {
    fn from(q: &Question) -> Self {
        let choice = |value: i32| ChoiceOut {
            value,
            label: q.label(value).zh.into_owned(),
            other: q.has_other() && value == OTHER,
        };
        let (least, most, scale) = match &q.ask {
            Ask::Multiple { least, most, .. } => (Some(*least), Some(*most), None),
            Ask::Scale { from, to, low, high } => {
                let marks = ScaleMarks { from: *from, to: *to, low: low.clone(), high: high.clone() };
                (None, None, Some(marks))
            }
            Ask::Single { .. } | Ask::Text => (None, None, None),
        };
        Self {
            number: q.number,
            kind: q.kind(),
            text: q.text.clone(),
            hint: q.hint.clone(),
            required: q.required,
            choices: q.values().into_iter().map(choice).collect(),
            least,
            most,
            scale,
        }
    }
}

/// A questionnaire.
#[derive(Object)]
pub struct QuestionnaireOut {
    title: String,
    intro: String,
    questions: Vec<QuestionOut>,
    /// Results are public from the start.
    open_results: bool,
    ready: bool,
    /// It takes answers now.
    open: bool,
    /// Who filled it in.
    responses: i64,
    revision: i32,
}

impl QuestionnaireOut {
    /// # Errors
    /// `internal` for a row that nobody of ours wrote.
    pub fn of(row: &Model, open: bool) -> Result<Self, Problem> {
        Ok(Self {
            title: row.title.clone(),
            intro: row.intro.clone(),
            questions: question::questions(row)?.iter().map(QuestionOut::from).collect(),
            open_results: row.open_results,
            ready: row.ready_at.is_some(),
            open: open && row.ready_at.is_some(),
            responses: row.responses,
            revision: row.revision,
        })
    }
}

/// What is answered to one question.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct AnswerIn {
    /// The number of the question.
    pub question: i32,
    /// Choices or the mark; 0 is 其他, where it is offered.
    #[oai(default)]
    pub choices: Vec<i32>,
    /// The free text (500 characters at most), or what 其他 means (100).
    #[oai(default)]
    pub text: String,
}

impl From<AnswerIn> for Answer {
    fn from(a: AnswerIn) -> Self {
        Self { question: a.question, choices: a.choices, text: a.text }
    }
}

/// Answers to a questionnaire. Errors name the question: `q3`, and `q3_other` for the words beside 其他.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct ResponseIn {
    pub answers: Vec<AnswerIn>,
    /// The rules and the privacy notice were read and accepted (留言须知).
    pub consent: bool,
    /// The version of the consent text that was shown; without one, the newest is meant.
    pub consent_version: Option<i32>,
    /// The revision of the questionnaire that was shown; without one, that in force is meant.
    pub revision: Option<i32>,
    /// As an earlier answer gave it; without one, a new device. Counts where nothing is verified.
    pub device: Option<String>,
    /// Where the consultation asks for a verified contact; not stored.
    #[oai(default)]
    pub contact: String,
    /// What asking for the code gave.
    pub contact_ticket: Option<String>,
    /// The six digits that were sent.
    pub contact_code: Option<String>,
}

/// Proof of receipt.
#[derive(Object)]
pub struct QuestionnaireReceipt {
    /// Lookup code (查询码): opens the receipt again.
    pub lookup_code: String,
    pub received_at: DateTime<Utc>,
    /// To be given with what this device sends next.
    pub device: String,
}

#[derive(ApiResponse)]
pub enum ResponseReceived {
    /// 已登记 Registered
    #[oai(status = 201)]
    Created(Json<QuestionnaireReceipt>),
    /// 同一请求此前已登记 The same request had been registered before
    #[oai(status = 200)]
    Repeated(Json<QuestionnaireReceipt>),
}

/// What was kept of an answer.
#[derive(Object)]
pub struct AnswerOut {
    question: i32,
    choices: Vec<i32>,
    /// 【已隐去】 stands for what looked like personal data.
    #[oai(skip_serializing_if_is_none)]
    text: Option<String>,
}

/// The receipt of an answer.
#[derive(Object)]
pub struct QuestionnaireAnswers {
    /// Code of the consultation.
    consultation: String,
    received_at: DateTime<Utc>,
    /// Only what was answered.
    answers: Vec<AnswerOut>,
}

impl From<Own> for QuestionnaireAnswers {
    fn from(own: Own) -> Self {
        let answer = |q: &Question| {
            let choices: Vec<i32> =
                own.answers.choices.get(&q.number).into_iter().flatten().copied().collect();
            let text = own.answers.texts.get(&q.number).cloned();
            (!choices.is_empty() || text.is_some()).then_some(AnswerOut { question: q.number, choices, text })
        };
        Self {
            consultation: own.consultation.code.clone(),
            received_at: own.response.received_at,
            answers: own.questions.iter().filter_map(answer).collect(),
        }
    }
}

/// How often a choice was taken.
#[derive(Object)]
pub struct ChoiceFigures {
    value: i32,
    label: String,
    n: u64,
    /// Of those who answered the question, rounded to a tenth.
    percent: f64,
}

/// The figures of a question.
#[derive(Object)]
pub struct QuestionFigures {
    number: i32,
    kind: QuestionKind,
    text: String,
    /// Who answered it.
    base: u64,
    /// Missing where too few answered to be told; empty for a free text.
    #[oai(skip_serializing_if_is_none)]
    choices: Option<Vec<ChoiceFigures>>,
    /// Of a scale.
    #[oai(skip_serializing_if_is_none)]
    mean: Option<f64>,
}

impl From<&Figures> for QuestionFigures {
    fn from(f: &Figures) -> Self {
        let q = &f.question;
        let choice = |c: &super::results::Cell| ChoiceFigures {
            value: c.choice,
            label: q.label(c.choice).zh.into_owned(),
            n: c.n,
            percent: f.per_mille(c.n) as f64 / 10.0,
        };
        Self {
            number: q.number,
            kind: q.kind(),
            text: q.text.clone(),
            base: f.base,
            choices: f.cells.as_ref().map(|all| all.iter().map(choice).collect()),
            mean: f.mean(),
        }
    }
}

/// The results of a questionnaire. Taking part is voluntary: no representative sample.
#[derive(Object)]
pub struct QuestionnaireResults {
    title: String,
    /// Who filled it in.
    responses: u64,
    /// Missing while the figures are not public: until the end, unless `open_results`.
    #[oai(skip_serializing_if_is_none)]
    questions: Option<Vec<QuestionFigures>>,
}

impl From<Results> for QuestionnaireResults {
    fn from(r: Results) -> Self {
        let questions = r.figures.map(|all| all.iter().map(QuestionFigures::from).collect());
        Self { title: r.questionnaire.title, responses: r.responses, questions }
    }
}
