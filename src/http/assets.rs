//! Style sheet, script and icon, under names that carry their content's hash.

use poem::http::header;
use poem::web::Path;
use poem::{IntoResponse as _, Response, handler};

use crate::problem::Problem;

#[handler]
pub async fn asset(Path(name): Path<String>) -> poem::Result<Response> {
    let asset = web::asset::asset(&name).ok_or_else(Problem::not_found)?;
    Ok(asset
        .bytes
        .to_vec()
        .with_content_type(asset.content_type)
        .with_header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .into_response())
}
