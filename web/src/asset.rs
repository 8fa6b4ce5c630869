//! Style sheet, script and icon, compiled in and served under names that carry their content's hash,
//! so that they may be cached for ever and still change with the next release.

use std::{borrow::Cow, sync::LazyLock};

use rust_embed::RustEmbed;

use crate::path;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// The parts of `site.css`, in the order of the cascade. One request is quicker than eight.
const STYLE_PARTS: [&str; 9] = [
    "base.css",
    "frame.css",
    "form.css",
    "component.css",
    "reader.css",
    "page.css",
    "desk.css",
    "print.css",
    "sheet.css",
];

/// A file to send. `etag` is quoted, ready for the header.
#[derive(Clone, Debug)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub content_type: &'static str,
    pub etag: String,
}

struct Entry {
    plain: &'static str,
    hashed: String,
    url: String,
    asset: Asset,
}

static TABLE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let mut table = vec![entry("site.css", "text/css; charset=utf-8", style().into())];
    let script = "text/javascript; charset=utf-8";
    for (name, content_type) in
        [("site.js", script), ("door.js", script), ("challenge.js", script), ("favicon.svg", "image/svg+xml")]
    {
        if let Some(file) = Files::get(name) {
            table.push(entry(name, content_type, file.data));
        }
    }
    table
});

/// The file of a hashed name such as `site-1a2b….css`. Unknown and outdated names give nothing: an old
/// name must not be answered with new content that caches keep for ever.
#[must_use]
pub fn asset(hashed_name: &str) -> Option<Asset> {
    TABLE.iter().find(|e| e.hashed == hashed_name).map(|e| e.asset.clone())
}

/// The address of `site.css`, `site.js`, `door.js`, `challenge.js` or `favicon.svg`; empty for a name that does not exist.
#[must_use]
pub fn asset_url(name: &str) -> &'static str {
    TABLE.iter().find(|e| e.plain == name).map_or("", |e| e.url.as_str())
}

fn style() -> Vec<u8> {
    let mut all = Vec::new();
    for part in STYLE_PARTS {
        if let Some(file) = Files::get(part) {
            all.extend_from_slice(&file.data);
        }
    }
    all
}

fn entry(plain: &'static str, content_type: &'static str, bytes: Cow<'static, [u8]>) -> Entry {
    let hash = fnv(&bytes);
    let (stem, end) = plain.split_once('.').unwrap_or((plain, "bin"));
    let hashed = format!("{stem}-{hash:016x}.{end}");
    let url = format!("{}{hashed}", path::STATIC);
    let asset = Asset { bytes, content_type, etag: format!("\"{hash:016x}\"") };
    Entry { plain, hashed, url, asset }
}

/// FNV-1a: names a version of our own file; nothing depends on it being hard to forge.
fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_leads_to_its_file() {
        for name in ["site.css", "site.js", "door.js", "challenge.js", "favicon.svg"] {
            let url = asset_url(name);
            let file = asset(url.strip_prefix(path::STATIC).unwrap()).unwrap();
            assert!(!file.bytes.is_empty(), "{name}");
        }
    }

    #[test]
    fn an_outdated_name_gives_nothing() {
        assert!(asset("site.css").is_none());
        assert!(asset("site-0000000000000000.css").is_none());
        assert_eq!(asset_url("other.css"), "");
    }

    #[test]
    fn every_part_of_the_style_sheet_exists() {
        for part in STYLE_PARTS {
            assert!(Files::get(part).is_some(), "{part}");
        }
    }

    /// Trusted types are required by the policy: one `innerHTML` would break the page in the browser.
    #[test]
    fn no_script_ever_writes_markup() {
        let scripts = ["site.js", "door.js", "challenge.js"].map(|name| Files::get(name).unwrap().data);
        let js = scripts.concat();
        let js = std::str::from_utf8(&js).unwrap();
        for word in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "localStorage",
            "sessionStorage",
        ] {
            assert!(!js.contains(word), "{word}");
        }
    }
}
