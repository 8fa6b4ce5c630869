//! Every route of the site, and the OpenAPI service.

use std::sync::Arc;

use poem::endpoint::BoxEndpoint;
use poem::http::header;
use poem::{EndpointExt as _, IntoEndpoint as _, IntoResponse as _, Response, Route, get};
use poem_openapi::OpenApiService;

use crate::app::App;
use crate::http::address::Addresses;
use crate::http::assets::asset;
use crate::http::cache::PageCache;
use crate::http::edge::Gate;
use crate::http::health;
use crate::http::metrics::{self, Traffic};
use crate::http::pages::Pages;
use crate::{
    account, attachment, audit, calendar, catalogue, challenge, consultation, decision, department, desk,
    document, duty, event, identity, message, moderation, notice, oidc, opinion, person, qa, questionnaire,
    search, site, summary, system, topic, workplan,
};

fn pages() -> Pages {
    let features = [
        account::page::add,
        oidc::page::add,
        identity::page::add,
        department::page::add,
        audit::page::add,
        calendar::page::add,
        duty::page::add,
        notice::page::add,
        decision::page::add,
        catalogue::page::add,
        document::page::add,
        consultation::page::add,
        opinion::page::add,
        questionnaire::page::add,
        moderation::page::add,
        topic::page::add,
        summary::page::add,
        workplan::page::add,
        message::page::add,
        event::page::add,
        person::page::add,
        qa::page::add,
        search::page::add,
        site::page::add,
        desk::page::add,
        system::page::add,
    ];
    features.into_iter().fold(Pages::default(), |pages, add| add(pages))
}

/// Method and path of every page: the authorisation matrix must have a row for each.
pub fn page_list() -> Vec<(&'static str, &'static str)> {
    pages().list().to_vec()
}

/// The OpenAPI service; needs no database.
pub fn openapi() -> OpenApiService<impl poem_openapi::OpenApi, ()> {
    let accounts = (account::api::Api, account::request_api::Api, identity::api::Api);
    let people = (accounts, department::api::Api, audit::api::Api, system::api::Api);
    let inside = (people, calendar::api::Api, duty::api::Api, notice::api::Api);
    let decisions = (decision::api::Api, catalogue::api::Api, document::api::Api, consultation::api::Api);
    let desk = (moderation::template_api::Api, moderation::workload_api::Api, moderation::lexicon_api::Api);
    let files = (challenge::api::Api, attachment::api::Api, moderation::attachment_api::Api);
    let review = (moderation::api::Api, moderation::flood_api::Api, moderation::report_api::Api, desk, files);
    let given = (opinion::api::Api, questionnaire::api::Api);
    let voices = (given, review, topic::api::Api, summary::api::Api);
    let board = (
        message::api::Api,
        message::desk_api::DeskApi,
        message::place_api::PlaceApi,
        person::api::Api,
        person::desk_api::DeskApi,
    );
    let events = (
        event::api::Api,
        event::picture_api::Api,
        event::material_api::MaterialApi,
        event::draw_api::DrawApi,
    );
    let events = (events, event::hearing_api::HearingApi, event::visit_api::VisitApi);
    let meetings = (events, qa::api::Api, qa::desk_api::DeskApi);
    let reading = (board, workplan::api::Api, meetings, search::api::Api);
    OpenApiService::new((inside, decisions, voices, reading), "建言 Jianyan", env!("CARGO_PKG_VERSION"))
        .description("重大行政决策公众参与平台接口。Public consultation and decision participation.")
        .server("/api/v1")
}

/// The whole site.
pub fn endpoint(app: App) -> BoxEndpoint<'static, Response> {
    let service = openapi();
    let spec = service.spec();
    let reference = service.swagger_ui_html();
    let routes = Route::new()
        .nest("/api/v1", service)
        .at("/openapi.json", get(poem::endpoint::make_sync(move |_| spec_file(&spec))))
        .at("/api/docs", get(poem::endpoint::make_sync(move |_| reference_page(&reference))))
        .at("/static/:name", get(asset))
        .at("/livez", get(health::live))
        .at("/readyz", get(health::ready))
        .at("/metrics", get(metrics::show));
    guarded(app, pages().into_route(routes))
}

/// Any routes behind the edge.
pub fn guarded(app: App, routes: Route) -> BoxEndpoint<'static, Response> {
    let traffic = Arc::new(Traffic::new(app.config.limits.requests_at_once));
    let live = qa::Live::new(app.config.limits.live_connections);
    let routes = routes.data(app.clone()).data(traffic.clone()).data(live).map_to_response().into_endpoint();
    let cache = PageCache::new(app.config.limits.page_cache_bytes);
    let gate = Arc::new(Gate { app, traffic, addresses: addresses(), cache, routes });
    poem::endpoint::make(move |request| {
        let gate = gate.clone();
        async move { gate.pass(request).await }
    })
    .boxed()
}

/// Every address, from the lists that the routes are made of.
fn addresses() -> Addresses {
    let mut addresses = Addresses::default();
    for path in ["/openapi.json", "/api/docs", "/static/:name", "/livez", "/readyz", "/metrics"] {
        addresses.add("GET", path);
    }
    for (method, path) in pages().list() {
        addresses.add(method, path);
    }
    let spec: serde_json::Value = serde_json::from_str(&openapi().spec()).unwrap_or_default();
    for (path, operations) in spec["paths"].as_object().into_iter().flatten() {
        for method in operations.as_object().into_iter().flat_map(|o| o.keys()) {
            addresses.add(method, &format!("/api/v1{path}"));
        }
    }
    addresses
}

fn spec_file(spec: &str) -> Response {
    spec.to_owned().with_content_type("application/json; charset=utf-8").into_response()
}

/// The interactive reference brings its scripts inline, so it alone has a looser policy. It holds nothing
/// of anybody's: the API takes tokens, never cookies.
fn reference_page(html: &str) -> Response {
    html.to_owned()
        .with_content_type("text/html; charset=utf-8")
        .with_header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
        )
        .into_response()
}
