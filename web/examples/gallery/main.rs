//! Writes every page and component in every state as files, to look at and to take pictures of:
//! `cargo run -p web --example gallery -- OUT_DIR`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use maud::Markup;
use web::{
    asset::{asset, asset_url},
    path,
};

mod pages;

fn main() -> io::Result<()> {
    let out = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "gallery".into()));
    fs::create_dir_all(out.join("static"))?;
    for name in ["site.css", "site.js", "favicon.svg"] {
        let hashed = asset_url(name).trim_start_matches(path::STATIC);
        if let Some(file) = asset(hashed) {
            fs::write(out.join("static").join(hashed), file.bytes)?;
        }
    }
    pages::all().into_iter().try_for_each(|(name, markup)| write(&out, name, markup))
}

/// Pages name assets from the root; beside a file they are found by a relative name.
fn write(out: &Path, name: &str, markup: Markup) -> io::Result<()> {
    let html = markup.into_string().replace("\"/static/", "\"static/");
    fs::write(out.join(format!("{name}.html")), html)
}
