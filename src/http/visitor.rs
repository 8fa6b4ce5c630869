//! Who asks, in which language, from where: found out once by the edge and handed to every handler.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use maud::Markup;
use poem::http::header;
use poem::{FromRequest, Request, RequestBody};
use web::lang::Lang;
use web::layout::{Frame, Meta, Nav, SignedIn};

use crate::account::session::Session;
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::http::challenge::{self, Sent};
use crate::http::flash;
use crate::problem::{Problem, Words};

#[derive(Clone, Debug)]
pub struct Visitor {
    pub actor: Actor,
    pub lang: Lang,
    /// 长者模式
    pub large: bool,
    /// Path and query as asked for.
    pub path: String,
    pub session: Option<Session>,
    /// A second factor is required and this person has none yet: no page but the one that sets it up.
    pub factor_missing: bool,
    /// The form that came, for the page before a closed gate.
    pub sent: Arc<OnceLock<Sent>>,
    /// What stands under a public page: the messages that were left there.
    pub below: Option<Markup>,
}

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let visitor = request.extensions().get::<Self>().cloned();
        visitor.ok_or_else(|| Problem::internal("the edge did not run").into())
    }
}

impl Visitor {
    /// The frame of a page.
    pub fn frame<'a>(&'a self, app: &'a App, nav: Nav) -> Frame<'a> {
        let signed_in = self.session.as_ref().zip(self.actor.staff()).map(|(session, staff)| SignedIn {
            name: staff.name.clone(),
            department: staff.department.clone(),
            csrf: session.csrf.clone(),
            unread: session.unread,
        });
        let path = self.path.split('?').next().unwrap_or_default();
        Frame {
            lang: self.lang,
            large: self.large,
            nav,
            signed_in,
            meta: Meta { canonical: format!("{}{path}", app.config.base_url()), ..Meta::default() },
            flash: flash::of(&self.path, self.lang),
            no_index: false,
            challenge: challenge::on_page(app, &self.actor, &self.path),
            below: self.below.clone(),
            ..Frame::new(&app.site, &self.path)
        }
    }

    /// A frame whose meta tags tell of one published thing (政府网站发展指引: 内容类标签).
    pub fn article<'a>(
        &'a self,
        app: &'a App,
        nav: Nav,
        publication: Option<&entity::publication::Model>,
    ) -> Frame<'a> {
        let mut frame = self.frame(app, nav);
        if let Some(p) = publication {
            frame.meta.column_name.clone_from(&p.column_name);
            frame.meta.article_title.clone_from(&p.title);
            frame.meta.pub_date = Some(civil::local_time(p.published_at));
            frame.meta.content_source = p.meta["source"].as_str().unwrap_or_default().to_owned();
        }
        frame
    }

    pub fn csrf(&self) -> &str {
        self.session.as_ref().map_or("", |s| s.csrf.as_str())
    }

    /// "zh" or "en".
    pub fn lang_code(&self) -> &'static str {
        self.lang.t("zh", "en")
    }

    pub fn say(&self, words: &Words) -> String {
        self.lang.t(&words.zh, &words.en).to_owned()
    }
}

/// The value of a cookie. Ours are plain tokens; poem's jar would need a middleware of its own.
pub fn cookie<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let jars = request.headers().get_all(header::COOKIE);
    let mut pairs = jars.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The address of the person behind trusted proxies: the last one in X-Forwarded-For that no trusted
/// proxy added. Anybody else's header is ignored.
pub fn client_address(request: &Request, trusted: &[IpAddr]) -> String {
    let peer = request.remote_addr().as_socket_addr().map(|a| a.ip().to_canonical());
    let chain = request.headers().get_all("x-forwarded-for");
    let chain: Vec<&str> = chain.iter().filter_map(|v| v.to_str().ok()).collect();
    peer.map_or_else(String::new, |peer| behind(peer, &chain, trusted).to_string())
}

fn behind(peer: IpAddr, chain: &[&str], trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let hops = chain.iter().flat_map(|v| v.split(',')).rev();
    // What cannot be read was not written by a proxy of ours; nothing before it can be believed.
    let hops = hops.map_while(|v| v.trim().parse::<IpAddr>().ok()).map(|ip| ip.to_canonical());
    hops.into_iter().find(|ip| !trusted.contains(ip)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let (proxy, inner, person, liar) =
            (ip("10.0.0.1"), ip("10.0.0.2"), ip("203.0.113.7"), ip("198.51.100.1"));
        let trusted = [proxy, inner];
        assert_eq!(behind(liar, &["203.0.113.7"], &trusted), liar);
        assert_eq!(behind(proxy, &["203.0.113.7"], &trusted), person);
        // What the person wrote in front is not believed.
        assert_eq!(behind(proxy, &["198.51.100.1, 203.0.113.7", "10.0.0.2"], &trusted), person);
        assert_eq!(behind(proxy, &["203.0.113.7, nonsense"], &trusted), proxy);
        assert_eq!(behind(proxy, &["::ffff:203.0.113.7"], &trusted), person);
        assert_eq!(behind(proxy, &[], &trusted), proxy);
        assert_eq!(behind(person, &["10.0.0.1"], &[]), person);
    }
}
