//! A link target that is safe to put into `href`.

use maud::Render;

/// An address with a scheme from a short list. Escaping knows text only: `javascript:` from a form
/// field would pass it, so an address is checked where it is made and cannot be built otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Href(String);

impl Href {
    /// Keeps local addresses, fragments, queries, `https:`, `http:`, `mailto:` and `tel:`; anything else
    /// becomes `#`, a link that leads nowhere.
    #[must_use]
    pub fn new(target: impl Into<String>) -> Self {
        let target = target.into();
        if is_safe(&target) { Self(target) } else { Self("#".into()) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_safe(target: &str) -> bool {
    let lower = target.trim_start().to_ascii_lowercase();
    // "//host" and "/\host" leave the site while looking local.
    let local = lower.starts_with('/') && !lower.starts_with("//") && !lower.starts_with("/\\");
    local
        || lower.starts_with(['#', '?'])
        || ["https://", "http://", "mailto:", "tel:"].iter().any(|s| lower.starts_with(s))
}

impl From<&str> for Href {
    fn from(target: &str) -> Self {
        Self::new(target)
    }
}

impl From<String> for Href {
    fn from(target: String) -> Self {
        Self::new(target)
    }
}

impl Render for Href {
    fn render_to(&self, buffer: &mut String) {
        self.0.as_str().render_to(buffer);
    }
}

/// The path and query with one parameter set, so that a switch (language, large type, page) stays on
/// the same page and keeps every filter. What the last act did (`done`) is not told a second time.
#[must_use]
pub fn with_query(path: &str, key: &str, value: &str) -> Href {
    let (base, query) = path.split_once('?').unwrap_or((path, ""));
    let kept = query.split('&').filter(|pair| {
        !pair.is_empty() && !matches!(pair.split('=').next(), Some(name) if name == key || name == "done")
    });
    let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
    pairs.push(format!("{key}={value}"));
    Href::new(format!("{base}?{}", pairs.join("&")))
}

/// A path with a query of any values, percent-encoded.
#[must_use]
pub fn with_pairs(path: &str, pairs: &[(&str, &str)]) -> Href {
    let pairs: Vec<String> = pairs.iter().map(|(k, v)| format!("{}={}", encoded(k), encoded(v))).collect();
    Href::new(format!("{path}?{}", pairs.join("&")))
}

/// Percent-encodes all but letters, digits and `-._~`.
#[must_use]
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_value_fits_into_a_query() {
        assert_eq!(
            with_pairs("/search", &[("q", "a&b=是#"), ("page", "2")]).as_str(),
            "/search?q=a%26b%3D%E6%98%AF%23&page=2"
        );
    }

    #[test]
    fn only_harmless_schemes_pass() {
        for bad in
            ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "//evil.example", "/\\evil", ""]
        {
            assert_eq!(Href::new(bad).as_str(), "#", "{bad}");
        }
        for good in ["/a?b=c", "#x", "?page=2", "https://a.example/", "mailto:a@b.example", "tel:021"] {
            assert_eq!(Href::new(good).as_str(), good);
        }
    }

    #[test]
    fn a_switch_keeps_the_other_parameters() {
        assert_eq!(with_query("/s?q=a&lang=zh", "lang", "en").as_str(), "/s?q=a&lang=en");
        assert_eq!(with_query("/", "mode", "large").as_str(), "/?mode=large");
        assert_eq!(with_query("/a?done=saved", "lang", "en").as_str(), "/a?lang=en");
    }
}
