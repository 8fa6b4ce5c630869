//! Figures and single answers as CSV.

use std::io;

use entity::id::QuestionnaireResponseId;
use futures_util::stream::{self, Stream};
use poem::web::{Data, Path};
use poem::{Body, Response, handler};
use web::lang::Lang;

use crate::app::App;
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::questionnaire::question::{Ask, Question, kind_words, questions};
use crate::questionnaire::results::{FEW, Figures, Results, of_public, of_staff};
use crate::questionnaire::single::{Single, some, take};

/// Answers read at once.
const ROWS: u64 = 500;

#[handler]
pub async fn of_everybody(Data(app): Data<&App>, Path(code): Path<String>) -> poem::Result<Response> {
    Ok(figures(&of_public(app, &code).await?)?)
}

#[handler]
pub async fn of_desk(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    Ok(figures(&of_staff(app, &visitor.actor, &code).await?)?)
}

const HEAD: [&str; 8] = ["题号", "题型", "题目", "选项序号", "选项", "人数", "回答本题人数", "占比（%）"];

/// A line a choice; the figures of single choices and scales add up to who answered the question.
fn figures(r: &Results) -> Result<Response, Problem> {
    let all = r.figures.as_ref().ok_or_else(Problem::not_found)?;
    let rows = all.iter().enumerate().flat_map(|(i, f)| lines(i + 1, f));
    render::csv(&format!("问卷结果-{}.csv", r.consultation.code), &HEAD, rows)
}

fn lines(place: usize, f: &Figures) -> Vec<Vec<String>> {
    let q = &f.question;
    let kind = lang_words(Lang::Zh, &kind_words(q.kind()));
    let line = |choice: String, label: String, n: String, share: String| {
        vec![place.to_string(), kind.clone(), q.text.clone(), choice, label, n, f.base.to_string(), share]
    };
    let nothing = String::new;
    match &f.cells {
        None => vec![line(nothing(), format!("回答不足 {FEW} 人，不公布"), nothing(), nothing())],
        Some(cells) if cells.is_empty() => vec![line(nothing(), nothing(), nothing(), nothing())],
        Some(cells) => cells
            .iter()
            .map(|c| {
                let share = f.per_mille(c.n);
                let share = format!("{}.{}", share / 10, share % 10);
                line(c.choice.to_string(), lang_words(Lang::Zh, &q.label(c.choice)), c.n.to_string(), share)
            })
            .collect(),
    }
}

/// Single answers, streamed: for those who run the decision; that they are taken is recorded, so it is no GET.
#[handler]
pub async fn singles(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    // Read for the proof that it comes from a page of ours.
    _form: Form,
) -> poem::Result<Response> {
    let row = take(app, &visitor.actor, &code).await?;
    let all = questions(&row)?;
    let body = Body::from_bytes_stream(single_lines(app.clone(), row, all));
    Ok(render::download_body(&format!("问卷答卷-{code}.csv"), render::CSV, body))
}

enum At {
    Start,
    After(QuestionnaireResponseId, usize),
    End,
}

fn single_lines(
    app: App,
    row: entity::questionnaire::Model,
    all: Vec<Question>,
) -> impl Stream<Item = Result<Vec<u8>, io::Error>> + Send + 'static {
    stream::try_unfold(At::Start, move |at| {
        let (app, row, all) = (app.clone(), row.clone(), all.clone());
        async move {
            let (after, before, mut bytes) = match at {
                At::Start => (None, 0, render::csv_lines(true, [head(&all)])?),
                At::After(last, n) => (Some(last), n, Vec::new()),
                At::End => return Ok(None),
            };
            // What went wrong is logged where it happened; the reader sees a file that breaks off.
            let found = some(&app, &row, after, ROWS).await.map_err(|p| io::Error::other(p.to_string()))?;
            let next = found.last().filter(|_| found.len() as u64 == ROWS).map(|s| s.id);
            let n = before + found.len();
            let lines = found.iter().enumerate().map(|(i, s)| single(before + i + 1, s, &all));
            bytes.extend(render::csv_lines(false, lines)?);
            Ok(Some((bytes, next.map_or(At::End, |last| At::After(last, n)))))
        }
    })
}

fn head(all: &[Question]) -> Vec<String> {
    let mut head = vec!["序号".to_owned(), "日期".to_owned()];
    for (i, q) in all.iter().enumerate() {
        head.push(format!("{}. {}", i + 1, q.text));
        if q.has_other() {
            head.push(format!("{}. 其他", i + 1));
        }
    }
    head
}

fn single(number: usize, s: &Single, all: &[Question]) -> Vec<String> {
    let mut line = vec![number.to_string(), s.on.to_string()];
    for q in all {
        let chosen = s.answers.choices.get(&q.number).into_iter().flatten();
        let words = s.answers.texts.get(&q.number).cloned().unwrap_or_default();
        match q.ask {
            Ask::Text => line.push(words),
            Ask::Scale { .. } => line.push(chosen.map(i32::to_string).collect::<String>()),
            Ask::Single { .. } | Ask::Multiple { .. } => {
                let labels: Vec<String> = chosen.map(|c| lang_words(Lang::Zh, &q.label(*c))).collect();
                line.push(labels.join("；"));
                if q.has_other() {
                    line.push(words);
                }
            }
        }
    }
    line
}
