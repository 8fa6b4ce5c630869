//! The headers of every answer (`trust.md` section 7): nothing inline, nothing framed, nothing sniffed.

use poem::Response;
use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// Sets what is not set yet; the reference page and downloads bring their own policy.
pub fn set(response: &mut Response, https: bool, private: bool, request_id: &str) {
    let headers = response.headers_mut();
    default(headers, header::CONTENT_SECURITY_POLICY, CSP);
    default(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(headers, header::REFERRER_POLICY, "same-origin");
    default(
        headers,
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=()",
    );
    default(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if https {
        default(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    let vary = vary(headers);
    default(headers, header::VARY, vary);
    default(headers, header::CACHE_CONTROL, if private { "no-store" } else { "no-cache" });
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

/// Pages follow the cookies of language and type size; everything may be compressed.
pub fn vary(headers: &HeaderMap) -> &'static str {
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    if is_page { "Accept-Encoding, Cookie" } else { "Accept-Encoding" }
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
