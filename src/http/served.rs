//! Attachments as they are served: to be saved, never to be run. A picture alone is shown, and only because it was
//! encoded anew here.

use poem::http::{HeaderValue, StatusCode, header};
use poem::{Request, Response};

use crate::app::App;
use crate::attachment::{self, words};
use crate::http::render;
use crate::problem::Problem;

/// The answer with an attachment; the caller has found out that its reader may have it. What everybody may have is
/// kept by browsers, and asked for again each time, so that what is withheld is gone at once.
///
/// # Errors
/// `unavailable` when the store does not answer; `internal` for a file that is gone.
pub async fn attachment(
    app: &App,
    request: &Request,
    row: &entity::attachment::Model,
    public: bool,
) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", row.content_hash.get(..32).unwrap_or_default());
    let known = request.header(header::IF_NONE_MATCH).is_some_and(|v| v.split(',').any(|t| t.trim() == tag));
    let mut response = if public && known {
        Response::builder().status(StatusCode::NOT_MODIFIED).finish()
    } else {
        let bytes = attachment::bytes(app, row).await?;
        render::download(&row.name, words::media_type(row.format), bytes)
    };
    let headers = response.headers_mut();
    if words::is_picture(row.format) {
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    }
    let keep = if public { "public, no-cache" } else { "private, no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if public && let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}
