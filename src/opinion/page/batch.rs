//! Taking down many opinions from a spreadsheet: the file, what it brings, and the confirmation.

use entity::consultation::Model;
use entity::enums::Channel;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::batch::{BatchPreview, BatchView, NewRow, WrongRow, batch as batch_page, batch_preview};
use web::form::{Choice, FormState};
use web::layout::Nav;

use crate::app::App;
use crate::calendar::civil;
use crate::http::form::{Form, errors};
use crate::http::visitor::Visitor;
use crate::http::{desk, lang_words, render};
use crate::opinion::batch::{self, Batch, columns, import, preview};
use crate::opinion::record::may_record;
use crate::opinion::words::channel_label;
use crate::opinion::{code, store};
use crate::problem::Problem;
use crate::sheet::{self, Line};

/// Rows that a preview shows; the rest are counted.
const SHOWN: usize = 100;
/// Characters of a text in the preview.
const BEGINNING: usize = 80;

async fn enter(app: &App, visitor: &Visitor, path: &str) -> Result<Model, Problem> {
    visitor.actor.require_staff()?;
    let (target, department) = store::target(app.db.read(), code(path)?).await?;
    may_record(&visitor.actor, department)?;
    Ok(target)
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(path): Path<String>,
) -> poem::Result<Response> {
    let target = enter(app, &visitor, &path).await?;
    let view = view(app, &visitor, &target, FormState::default()).await?;
    Ok(render::page(batch_page(&visitor.frame(app, Nav::None), &view)))
}

/// The heads of the columns, with what may stand below them.
#[handler]
pub async fn template(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(path): Path<String>,
) -> poem::Result<Response> {
    enter(app, &visitor, &path).await?;
    let heads: Vec<String> = columns()
        .map(|name| {
            let note = match name {
                "意见内容" => "（必填）",
                "身份类别" => "（个人、企业、社会组织、其他）",
                "公开方式" => "（隐去姓名公开、具名公开、匿名公开、不公开）",
                "意见来源" => "（来信、电子邮件、来电、座谈会、听证会、实地走访）",
                "收到日期" => "（如 2026-03-05）",
                "针对" => "（如 第八条，不填为全文）",
                _ => "",
            };
            format!("{name}{note}")
        })
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    Ok(render::csv("opinions-template.csv", &heads, Vec::<Vec<String>>::new())?)
}

#[handler]
pub async fn look(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(path): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let target = enter(app, &visitor, &path).await?;
    let input = match read(&path, &form) {
        Ok(input) => input,
        Err(problem) => return again(app, &visitor, &target, &form, problem).await,
    };
    let found = match preview(app, &visitor.actor, &input).await {
        Ok(found) => found,
        Err(problem) => return again(app, &visitor, &target, &form, problem).await,
    };
    let why = |w: &batch::Wrong| {
        w.why
            .iter()
            .map(|words| lang_words(visitor.lang, words))
            .collect::<Vec<_>>()
            .join(visitor.lang.t("；", "; "))
    };
    let view = BatchPreview {
        side: desk::side(app, &visitor, "/desk/decisions").await?,
        consultation_title: target.title.clone(),
        consultation: format!("/desk/consultations/{}", target.code).into(),
        base: base(&target),
        csrf: visitor.csrf().to_owned(),
        new: found.new.len(),
        rows: found.new.iter().take(SHOWN).map(new_row).collect(),
        known: found.known,
        wrong_count: found.wrong.len(),
        wrong: found.wrong.iter().take(SHOWN).map(|w| WrongRow { line: w.line, why: why(w) }).collect(),
        table: sheet::write(&input.lines),
        channel: form.get("channel").to_owned(),
        received_on: form.get("received_on").to_owned(),
    };
    Ok(render::page(batch_preview(&visitor.frame(app, Nav::None), &view)))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(path): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let target = enter(app, &visitor, &path).await?;
    let done = match read(&path, &form) {
        Ok(input) => import(app, &visitor.actor, &input).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Ok(render::done(&base(&target), "opinions_recorded")),
        Err(problem) => again(app, &visitor, &target, &form, problem).await,
    }
}

/// The table of the file, or the one that was pasted.
fn lines(form: &Form) -> Result<Vec<Line>, Problem> {
    match form.files.iter().find(|f| f.field == "file") {
        Some(file) => sheet::read(&file.bytes).map_err(|w| Problem::invalid("file", w.zh, w.en)),
        None => sheet::parse(form.get("table")).map_err(|w| Problem::invalid("table", w.zh, w.en)),
    }
}

fn read(path: &str, form: &Form) -> Result<Batch, Problem> {
    Ok(Batch {
        consultation: path.to_owned(),
        lines: lines(form)?,
        channel: Channel::parse(form.get("channel")),
        received_on: form.parse_opt("received_on", civil::parse_date)?,
    })
}

fn new_row(row: &batch::Row) -> NewRow {
    let mut text: String = row.text.chars().take(BEGINNING).collect();
    if row.text.chars().count() > BEGINNING {
        text.push('…');
    }
    NewRow {
        line: row.line,
        channel: channel_label(row.channel),
        on: row.received_on,
        name: row.name.clone().unwrap_or_default(),
        clause: row.clause.clone(),
        text,
    }
}

fn base(target: &Model) -> String {
    format!("/desk/consultations/{}/opinions/batch", target.code)
}

async fn again(
    app: &App,
    visitor: &Visitor,
    target: &Model,
    form: &Form,
    problem: Problem,
) -> poem::Result<Response> {
    let mut state = FormState { errors: errors(&problem, visitor.lang), ..FormState::default() };
    for field in ["table", "channel", "received_on"] {
        state = state.with(field, form.get(field));
    }
    let view = view(app, visitor, target, state).await?;
    render::form_again(problem, |_| batch_page(&visitor.frame(app, Nav::None), &view))
}

async fn view(app: &App, visitor: &Visitor, target: &Model, state: FormState) -> Result<BatchView, Problem> {
    let channels = Channel::ALL.iter().filter(|c| **c != Channel::Site);
    Ok(BatchView {
        side: desk::side(app, visitor, "/desk/decisions").await?,
        consultation_title: target.title.clone(),
        consultation: format!("/desk/consultations/{}", target.code).into(),
        opens: target.opens_on,
        closes: target.closes_on,
        base: base(target),
        csrf: visitor.csrf().to_owned(),
        channels: channels.map(|c| Choice::new(c.as_str(), channel_label(*c).word(visitor.lang))).collect(),
        columns: columns().collect(),
        most_rows: sheet::MOST_ROWS,
        state,
    })
}
