//! The API of pages that take messages, for who opens and closes them.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::place::{self, Listed};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct PlaceApi;

/// A page that was opened for messages.
#[derive(Object)]
struct MessagePageOut {
    /// On this site.
    path: String,
    title: String,
    opened_at: DateTime<Utc>,
    /// Since when it takes no more.
    #[oai(skip_serializing_if_is_none)]
    closed_at: Option<DateTime<Utc>>,
    /// Messages that were left there, and those of them that are public.
    received: i64,
    published: i64,
    /// What was published there is not public any more; nobody can write there.
    withdrawn: bool,
}

#[derive(Object)]
struct MessagePages {
    items: Vec<MessagePageOut>,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct MessagePageIn {
    /// Address or path of a page of this site on which something is published.
    address: String,
}

async fn out(app: &App, token: &StaffToken) -> Result<Json<MessagePages>, Problem> {
    let item = |l: Listed| MessagePageOut {
        path: l.page.path,
        title: l.page.title,
        opened_at: l.page.opened_at,
        closed_at: l.page.closed_at,
        received: l.received,
        published: l.published,
        withdrawn: l.withdrawn,
    };
    let items = place::all(app, &token.0).await?.into_iter().map(item).collect();
    Ok(Json(MessagePages { items }))
}

#[OpenApi(tag = "Area::Message")]
impl PlaceApi {
    /// 开放留言的页面 Pages that take messages
    #[oai(path = "/message-pages", method = "get", operation_id = "listMessagePages")]
    async fn list(&self, Data(app): Data<&App>, token: StaffToken) -> Result<Json<MessagePages>, Problem> {
        out(app, &token).await
    }

    /// 开放页面留言 Open a published page for messages
    #[oai(path = "/message-pages", method = "post", operation_id = "openMessagePage")]
    async fn open(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        body: Json<MessagePageIn>,
    ) -> Result<Json<MessagePages>, Problem> {
        place::open(app, &token.0, &body.0.address).await?;
        out(app, &token).await
    }

    /// 关闭页面留言 Take no more messages under a page
    #[oai(path = "/message-pages/close", method = "post", operation_id = "closeMessagePage")]
    async fn close(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        body: Json<MessagePageIn>,
    ) -> Result<Json<MessagePages>, Problem> {
        place::close(app, &token.0, &body.0.address).await?;
        out(app, &token).await
    }
}
