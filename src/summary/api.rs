use poem_openapi::OpenApi;

use crate::http::api::Area;

pub struct Api;

#[OpenApi(tag = "Area::Summary")]
impl Api {}
