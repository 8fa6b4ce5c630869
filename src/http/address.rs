//! What is known of an address before its handler sees the request: the pattern it fits (for metrics), the
//! methods it takes (for the `Allow` header that every 405 must carry, RFC 9110, 15.5.6), and its rank when
//! there is more to do than can be done.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::http::load::Rank;

/// All addresses, as a tree of their segments.
#[derive(Default)]
pub struct Addresses(Node);

#[derive(Default)]
struct Node {
    fixed: HashMap<String, Node>,
    any: Option<Box<Node>>,
    address: Option<Address>,
}

/// One address.
pub struct Address {
    pub pattern: Arc<str>,
    /// Methods in their order.
    methods: BTreeSet<String>,
}

impl Address {
    /// The value of the header `Allow`.
    pub fn allow(&self) -> String {
        self.methods.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    pub fn rank(&self, method: &str) -> Rank {
        Rank::of(method, &self.pattern)
    }
}

impl Addresses {
    /// Adds a method; `:name` and `{name}` stand for one segment of any text.
    pub fn add(&mut self, method: &str, pattern: &str) {
        let node = pattern.split('/').fold(&mut self.0, |node, segment| {
            if segment.starts_with([':', '{']) {
                node.any.get_or_insert_default()
            } else {
                node.fixed.entry(segment.to_owned()).or_default()
            }
        });
        let address = node
            .address
            .get_or_insert_with(|| Address { pattern: pattern.into(), methods: BTreeSet::default() });
        address.methods.insert(method.to_ascii_uppercase());
        if method.eq_ignore_ascii_case("get") {
            address.methods.insert("HEAD".into());
        }
    }

    /// The address a path leads to; a written segment goes before any text, as in the routes.
    pub fn find(&self, path: &str) -> Option<&Address> {
        find(&self.0, path.split('/'))
    }
}

fn find<'a, 'p>(node: &'a Node, mut rest: impl Iterator<Item = &'p str> + Clone) -> Option<&'a Address> {
    let Some(segment) = rest.next() else { return node.address.as_ref() };
    let fixed = node.fixed.get(segment).and_then(|node| find(node, rest.clone()));
    fixed.or_else(|| {
        let any = node.any.as_deref().filter(|_| !segment.is_empty())?;
        find(any, rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_its_methods() {
        let mut addresses = Addresses::default();
        addresses.add("GET", "/decisions/:code");
        addresses.add("GET", "/decisions/new");
        addresses.add("post", "/api/v1/decisions/{code}/steps");
        addresses.add("delete", "/api/v1/decisions/{code}/steps");
        let of = |path: &str| addresses.find(path).map(|a| (&*a.pattern, a.allow()));
        assert_eq!(of("/decisions/2026-001"), Some(("/decisions/:code", "GET, HEAD".into())));
        assert_eq!(of("/decisions/new"), Some(("/decisions/new", "GET, HEAD".into())));
        assert_eq!(
            of("/api/v1/decisions/x/steps"),
            Some(("/api/v1/decisions/{code}/steps", "DELETE, POST".into()))
        );
        for none in ["/decisions", "/decisions/", "/decisions/a/b", "/"] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
