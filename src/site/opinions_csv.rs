//! All published opinions of a consultation in one file, streamed: a page of rows at a time, so that a million
//! of them cost no memory and hold no transaction open.

use std::io;

use entity::id::{ConsultationId, OpinionId};
use futures_util::stream::{self, Stream};
use poem::web::{Data, Path};
use poem::{Body, Response, handler};
use web::lang::Lang;

use super::consultation_page::visible;
use super::consultation_parts::outcome_label;
use super::said::{self, Said};
use crate::app::App;
use crate::calendar::civil;
use crate::document;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::opinion;
use crate::opinion::words::{channel_label, kind_label};
use crate::problem::Problem;

/// Rows read at once.
const ROWS: u64 = 1000;

const HEAD: [&str; 11] = [
    "受理编号",
    "针对条款",
    "署名",
    "身份",
    "提交方式",
    "收到日期",
    "意见内容",
    "办理结果",
    "答复理由",
    "赞同次数",
    "附件",
];

#[handler]
pub(super) async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let c = visible(app, &visitor, &code).await?;
    if c.published_at.is_none() {
        return Err(Problem::not_found().into());
    }
    let answered = said::facts(app.db.read(), &c).await?.answered_at.is_some();
    let body = Body::from_bytes_stream(lines(app.clone(), c.id, c.code.clone(), answered));
    Ok(render::download_body(&format!("已公开意见-{}.csv", c.code), render::CSV, body))
}

enum At {
    Start,
    After(OpinionId),
    End,
}

fn lines(
    app: App,
    id: ConsultationId,
    code: String,
    answered: bool,
) -> impl Stream<Item = Result<Vec<u8>, io::Error>> + Send + 'static {
    stream::try_unfold(At::Start, move |at| {
        let (app, code) = (app.clone(), code.clone());
        async move {
            let (before, mut bytes) = match at {
                At::Start => (None, render::csv_lines(true, [HEAD.map(str::to_owned)])?),
                At::After(last) => (Some(last), Vec::new()),
                At::End => return Ok(None),
            };
            // What went wrong is logged where it happened; the reader sees a file that breaks off.
            let some = page(&app, (id, &code), answered, before)
                .await
                .map_err(|p| io::Error::other(p.to_string()))?;
            let (last, rows) = some;
            bytes.extend(render::csv_lines(false, rows)?);
            Ok(Some((bytes, last.map_or(At::End, At::After))))
        }
    })
}

/// The next rows, and the last of them unless it is the very last.
async fn page(
    app: &App,
    (id, code): (ConsultationId, &str),
    answered: bool,
    before: Option<OpinionId>,
) -> Result<(Option<OpinionId>, Vec<[String; 11]>), Problem> {
    let db = app.db.read();
    let rows = said::published(db, id, None, before, ROWS).await?;
    let mut outcomes = if answered {
        said::outcomes(db, &rows.iter().map(|r| r.id).collect::<Vec<_>>()).await?
    } else {
        Default::default()
    };
    let last = rows.last().filter(|_| rows.len() as u64 == ROWS).map(|r| r.id);
    let ids: Vec<OpinionId> = rows.iter().map(|r| r.id).collect();
    let supports = opinion::supports(db, &ids).await?;
    let mut files = said::files(db, &rows).await?;
    // The names of what is published with it, and where each is to be had.
    let mut attached = |id: OpinionId| {
        let files = files.remove(&id.0).unwrap_or_default();
        let file = |f: entity::attachment::Model| {
            format!("{} {}/consultations/{code}/files/{}", f.name, app.config.base_url(), f.id)
        };
        files.into_iter().map(file).collect::<Vec<_>>().join("\n")
    };
    let line = |said: Said| {
        let supported = supports.get(&said.id).copied().unwrap_or(0);
        let (outcome, reason) = match outcomes.remove(&said.id) {
            Some((outcome, reason)) => (outcome_label(outcome).word(Lang::Zh).to_owned(), reason),
            None => Default::default(),
        };
        [
            said.number,
            said.path.as_deref().map(document::label_of_path).unwrap_or_default(),
            said.public_name.unwrap_or_else(|| "匿名".to_owned()),
            kind_label(said.person_kind).word(Lang::Zh).to_owned(),
            channel_label(said.channel).word(Lang::Zh).to_owned(),
            civil::local_date(said.received_at).to_string(),
            said.public_text.unwrap_or_default(),
            outcome,
            reason,
            supported.to_string(),
            attached(said.id),
        ]
    };
    Ok((last, rows.into_iter().map(line).collect()))
}
