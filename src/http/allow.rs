//! Which methods an address takes: for the `Allow` header that every 405 must carry (RFC 9110, 15.5.6).

use std::collections::{BTreeMap, BTreeSet};

/// Methods by the pattern of the address.
#[derive(Default)]
pub struct Allowed(BTreeMap<String, BTreeSet<String>>);

impl Allowed {
    /// Adds a method; `:name` and `{name}` stand for one segment of any text.
    pub fn add(&mut self, method: &str, pattern: &str) {
        let methods = self.0.entry(pattern.to_owned()).or_default();
        methods.insert(method.to_ascii_uppercase());
        if method.eq_ignore_ascii_case("get") {
            methods.insert("HEAD".into());
        }
    }

    /// The value of the header; none where no pattern fits.
    pub fn of(&self, path: &str) -> Option<String> {
        let fitting = self.0.iter().filter(|(pattern, _)| fits(pattern, path));
        let methods: BTreeSet<&str> =
            fitting.flat_map(|(_, methods)| methods.iter().map(String::as_str)).collect();
        (!methods.is_empty()).then(|| methods.into_iter().collect::<Vec<_>>().join(", "))
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(p), Some(segment)) if p == segment || p.starts_with([':', '{']) && !segment.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_its_methods() {
        let mut allowed = Allowed::default();
        allowed.add("GET", "/decisions/:code");
        allowed.add("post", "/api/v1/decisions/{code}/steps");
        allowed.add("delete", "/api/v1/decisions/{code}/steps");
        assert_eq!(allowed.of("/decisions/2026-001").as_deref(), Some("GET, HEAD"));
        assert_eq!(allowed.of("/api/v1/decisions/x/steps").as_deref(), Some("DELETE, POST"));
        for none in ["/decisions", "/decisions/", "/decisions/a/b", "/"] {
            assert_eq!(allowed.of(none), None, "{none}");
        }
    }
}
