//! The pages and their handlers, with a list of them for the authorisation matrix.

use std::collections::BTreeMap;

use poem::{Endpoint, IntoResponse, Route, RouteMethod};

use crate::http::below::WithMessages;
use crate::http::cache::Shared;

/// Collects handlers a page at a time; each feature adds its own.
#[derive(Default)]
pub struct Pages {
    methods: BTreeMap<&'static str, RouteMethod>,
    list: Vec<(&'static str, &'static str)>,
}

impl Pages {
    #[must_use]
    pub fn get<E>(mut self, path: &'static str, handler: E) -> Self
    where
        E: poem::IntoEndpoint,
        E::Endpoint: Endpoint + 'static,
        <E::Endpoint as Endpoint>::Output: IntoResponse,
    {
        self.list.push(("GET", path));
        let method = self.methods.remove(path).unwrap_or_default().get(handler);
        self.methods.insert(path, method);
        self
    }

    /// A page that is the same for every guest, kept ready for a moment; see [`super::cache`]; the messages that were left
    /// under it stand below ([`super::below`]). Never one with a
    /// form that carries a key of its own.
    #[must_use]
    pub fn shared<E>(self, path: &'static str, handler: E) -> Self
    where
        E: poem::IntoEndpoint,
        E::Endpoint: Endpoint + 'static,
        <E::Endpoint as Endpoint>::Output: IntoResponse,
    {
        self.get(path, Shared(WithMessages(handler.into_endpoint())))
    }

    #[must_use]
    pub fn post<E>(mut self, path: &'static str, handler: E) -> Self
    where
        E: poem::IntoEndpoint,
        E::Endpoint: Endpoint + 'static,
        <E::Endpoint as Endpoint>::Output: IntoResponse,
    {
        self.list.push(("POST", path));
        let method = self.methods.remove(path).unwrap_or_default().post(handler);
        self.methods.insert(path, method);
        self
    }

    /// Method and path of every page.
    pub fn list(&self) -> &[(&'static str, &'static str)] {
        &self.list
    }

    pub fn into_route(self, route: Route) -> Route {
        self.methods.into_iter().fold(route, |route, (path, method)| route.at(path, method))
    }
}
