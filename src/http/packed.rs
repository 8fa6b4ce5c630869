//! An answer as it goes over the wire: plain, gzip or brotli, each packed once and with a strong entity tag of
//! its own (RFC 9110, 8.8.3).

use std::io::Write as _;
use std::sync::OnceLock;

use brotli::enc::BrotliEncoderParams;
use bytes::Bytes;
use data_encoding::BASE64;
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use poem::web::{Compress, CompressionAlgo, CompressionLevel};
use poem::{IntoResponse as _, Request, Response};
use sha2::{Digest as _, Sha256};

use crate::http::headers;

/// The best of brotli costs half a second a page; this much costs a millisecond.
const BROTLI: u8 = 4;

/// How the bytes are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Plain,
    Gzip,
    Brotli,
}

impl Coding {
    /// What the reader likes best of what it takes; brotli where it does not care.
    pub fn asked(request: &Request) -> Self {
        let offers = request.headers().get_all(header::ACCEPT_ENCODING);
        let offers = offers.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
        let mut best = (0.0, Self::Plain);
        for offer in offers {
            let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
            let coding = match name.trim() {
                "br" => Self::Brotli,
                "gzip" | "x-gzip" => Self::Gzip,
                _ => continue,
            };
            let weight = weight.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if weight > best.0 || weight == best.0 && weight > 0.0 && coding == Self::Brotli {
                best = (weight, coding);
            }
        }
        best.1
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

/// Packs an answer on its way out that is not packed yet.
pub fn pack(mut response: Response, coding: Coding) -> Response {
    // What is told as it happens would wait in the packer until there is enough of it.
    let told = response.content_type().is_some_and(|t| t.starts_with("text/event-stream"));
    let done = told || response.headers().contains_key(header::CONTENT_ENCODING);
    let body = response.take_body();
    let empty = body.is_empty();
    response.set_body(body);
    let algorithm = match coding {
        Coding::Gzip if !done && !empty => CompressionAlgo::GZIP,
        Coding::Brotli if !done && !empty => CompressionAlgo::BR,
        _ => return response,
    };
    let level = CompressionLevel::Precise(i32::from(BROTLI));
    Compress::new(response, algorithm).with_quality(level).into_response()
}

/// What a reader asks of an answer that is ready.
#[derive(Clone, Debug)]
pub struct Asked {
    coding: Coding,
    /// `If-None-Match`
    known: Option<HeaderValue>,
}

impl Asked {
    pub fn of(request: &Request) -> Self {
        let known = request.headers().get(header::IF_NONE_MATCH).cloned();
        Self { coding: Coding::asked(request), known }
    }

    /// Whether the reader has these bytes already.
    fn knows(&self, tag: &HeaderValue) -> bool {
        let (Some(known), Ok(tag)) = (&self.known, tag.to_str()) else { return false };
        let mut known = known.to_str().unwrap_or_default().split(',').map(str::trim);
        known.any(|k| k == "*" || k.strip_prefix("W/").unwrap_or(k) == tag)
    }
}

/// One answer, ready to be given many times.
#[derive(Debug)]
pub struct Packed {
    headers: HeaderMap,
    plain: Bytes,
    tags: [HeaderValue; 3],
    gzip: OnceLock<Option<Bytes>>,
    brotli: OnceLock<Option<Bytes>>,
}

impl Packed {
    /// From an answer's own headers and its plain bytes.
    pub fn new(mut headers: HeaderMap, plain: Bytes) -> Self {
        let vary = headers::vary(&headers);
        headers.entry(header::VARY).or_insert(HeaderValue::from_static(vary));
        let hash = BASE64.encode(&Sha256::digest(&plain)[..12]);
        let tag = |end| HeaderValue::try_from(format!("\"{hash}{end}\""));
        let tags = ["", "-gzip", "-br"].map(|end| tag(end).unwrap_or(HeaderValue::from_static("\"\"")));
        Self { headers, plain, tags, gzip: OnceLock::new(), brotli: OnceLock::new() }
    }

    /// Whether an answer says the same.
    pub fn is(&self, headers: &HeaderMap, plain: &Bytes) -> bool {
        self.plain == *plain && headers.iter().all(|(name, value)| self.headers.get(name) == Some(value))
    }

    /// Memory that this takes at most, with everything that is packed later.
    pub fn weight(&self) -> usize {
        1024 + 2 * self.plain.len()
    }

    /// The answer to one reader.
    pub fn answer(&self, asked: &Asked) -> Response {
        let (coding, bytes) = self.bytes(asked.coding);
        let tag = &self.tags[coding as usize];
        let mut response = Response::default();
        if asked.knows(tag) {
            response.set_status(StatusCode::NOT_MODIFIED);
            for name in [header::VARY, header::CACHE_CONTROL] {
                if let Some(value) = self.headers.get(&name) {
                    response.headers_mut().insert(name, value.clone());
                }
            }
        } else {
            *response.headers_mut() = self.headers.clone();
            if let Some(name) = coding.name() {
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
            }
            response.set_body(bytes.clone());
        }
        response.headers_mut().insert(header::ETAG, tag.clone());
        response
    }

    fn bytes(&self, coding: Coding) -> (Coding, &Bytes) {
        let packed = match coding {
            Coding::Plain => None,
            Coding::Gzip => self.gzip.get_or_init(|| worth(gzip(&self.plain), &self.plain)).as_ref(),
            Coding::Brotli => self.brotli.get_or_init(|| worth(brotli(&self.plain), &self.plain)).as_ref(),
        };
        packed.map_or((Coding::Plain, &self.plain), |bytes| (coding, bytes))
    }
}

/// Packed bytes, if they are at most half as many: what [`Packed::weight`] counts on.
fn worth(packed: std::io::Result<Vec<u8>>, plain: &Bytes) -> Option<Bytes> {
    packed.ok().filter(|packed| packed.len() * 2 <= plain.len()).map(Bytes::from)
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(plain)?;
    let mut packed = writer.finish()?;
    packed.shrink_to_fit();
    Ok(packed)
}

fn brotli(mut plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let level = BrotliEncoderParams { quality: BROTLI.into(), size_hint: plain.len(), ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut plain, &mut packed, &level)?;
    packed.shrink_to_fit();
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(offer: &str) -> Coding {
        Coding::asked(&Request::builder().header(header::ACCEPT_ENCODING, offer).finish())
    }

    #[test]
    fn the_reader_chooses_the_coding() {
        assert_eq!(Coding::asked(&Request::builder().finish()), Coding::Plain);
        for (offer, coding) in [
            ("gzip, deflate, br, zstd", Coding::Brotli),
            ("br;q=0.5, gzip", Coding::Gzip),
            ("gzip;q=0.5, br;q=0.5", Coding::Brotli),
            ("gzip; q=0, br;q=0", Coding::Plain),
            ("br;q=0, gzip;q=0.1", Coding::Gzip),
            ("identity", Coding::Plain),
            ("gzip;q=nonsense", Coding::Plain),
        ] {
            assert_eq!(asked(offer), coding, "{offer}");
        }
    }

    #[test]
    fn what_does_not_shrink_stays_plain() {
        let packed = Packed::new(HeaderMap::new(), Bytes::from_static(b"short"));
        let response = packed.answer(&Asked { coding: Coding::Brotli, known: None });
        assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(response.headers()[header::ETAG], packed.tags[0]);
    }
}
