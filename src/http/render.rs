//! Answers: pages, redirects after POST, downloads, and problems.

use std::borrow::Cow;
use std::io;

use maud::Markup;
use poem::error::ResponseError;
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{Body, IntoResponse, Response};

use crate::problem::Problem;

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        StatusCode::from_u16(Problem::status(self)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// A page, 200.
pub fn page(markup: Markup) -> Response {
    page_with(StatusCode::OK, markup)
}

/// A page with another status, for instance a form with what to mend (422).
pub fn page_with(status: StatusCode, markup: Markup) -> Response {
    Response::builder().status(status).content_type("text/html; charset=utf-8").body(markup.into_string())
}

/// A form again after a problem that the person can mend; anything else stays an error.
///
/// # Errors
/// The problem itself when it is not about what was sent.
pub fn form_again(problem: Problem, again: impl FnOnce(&Problem) -> Markup) -> poem::Result<Response> {
    if !can_be_mended(&problem) {
        return Err(problem.into());
    }
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    let mut response = page_with(status, again(&problem));
    if let Some(seconds) = problem.wait() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(response)
}

/// Whether a form is shown again after it; for pages that must read more before they can show it.
pub fn can_be_mended(problem: &Problem) -> bool {
    matches!(problem.status(), 409 | 412 | 413 | 415 | 422 | 429)
}

/// A page behind a lookup code, which is a key: it is not indexed and tells nobody outside where the reader came
/// from. An older browser that sends no Fetch Metadata proves with its Referer that a form came from this site, so a
/// page with a form still tells our own pages.
pub fn secret(mut response: Response, has_form: bool) -> Response {
    let policy = if has_form { "same-origin" } else { "no-referrer" };
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(policy));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    response
}

/// 303 to a path of this site.
pub fn see_other(path: &str) -> Response {
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, path).finish()
}

/// 303 with the word of what was done.
pub fn done(path: &str, word: &str) -> Response {
    let (path, fragment) = path.split_once('#').map_or((path, String::new()), |(p, f)| (p, format!("#{f}")));
    let sign = if path.contains('?') { '&' } else { '?' };
    see_other(&format!("{path}{sign}done={word}{fragment}"))
}

/// A file to save, never to be run by the browser (RFC 6266 name).
pub fn download(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    download_body(name, media_type, bytes.into())
}

/// The same for a body that is still being made.
pub fn download_body(name: &str, media_type: &str, body: Body) -> Response {
    let encoded: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    body.with_content_type(media_type)
        .with_header(header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{encoded}"))
        .with_header(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'")
        .into_response()
}

/// Lines of plain text as a file to keep. The byte order mark and CRLF are for the text editors of old Windows
/// systems.
pub fn text_file(name: &str, lines: &[String]) -> Response {
    let text = format!("\u{feff}{}", lines.join("\n").replace('\n', "\r\n"));
    download(name, "text/plain; charset=utf-8", text.into_bytes())
}

/// The media type of [`csv`].
pub const CSV: &str = "text/csv; charset=utf-8";

/// CSV that Excel and WPS open as UTF-8, with cells that look like formulas made harmless.
///
/// # Errors
/// `internal`; writing to memory does not fail.
pub fn csv(
    name: &str,
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<Response, Problem> {
    let header = header.iter().map(|h| (*h).to_owned()).collect();
    let bytes = csv_lines(true, std::iter::once(header).chain(rows)).map_err(Problem::internal)?;
    Ok(download(name, CSV, bytes))
}

/// Lines of such a file; with its first ones goes the mark by which Excel knows UTF-8.
///
/// # Errors
/// Writing to memory does not fail.
pub fn csv_lines<R>(first: bool, rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, io::Error>
where
    R: AsRef<[String]>,
{
    let start = if first { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    let mut writer = csv::WriterBuilder::new().from_writer(start);
    for row in rows {
        for cell in row.as_ref() {
            writer.write_field(harmless(cell).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.into_inner().map_err(|e| io::Error::other(e.to_string()))
}

fn harmless(cell: &str) -> Cow<'_, str> {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if risky { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}
