//! Writes every page and component in every state as files, to look at and to take pictures of:
//! `cargo run -p web --example gallery -- OUT_DIR`.

use std::{fs, io, path::PathBuf};

use chrono::{NaiveDate, NaiveDateTime};
use maud::Markup;
use web::{
    asset::{asset, asset_url},
    lang::Lang,
    layout::{Frame, Nav, Site},
    path,
};

mod parts;
mod public;
mod speak;

fn main() -> io::Result<()> {
    let out = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "gallery".into()));
    fs::create_dir_all(out.join("static"))?;
    for name in ["site.css", "site.js", "favicon.svg"] {
        let hashed = asset_url(name).trim_start_matches(path::STATIC);
        if let Some(file) = asset(hashed) {
            fs::write(out.join("static").join(hashed), file.bytes)?;
        }
    }
    let site = site();
    for (name, markup) in [parts::all(&site), public::all(&site), speak::all(&site)].into_iter().flatten() {
        write(&out, name, markup)?;
    }
    Ok(())
}

/// Pages name assets from the root; beside a file they are found by a relative name.
fn write(out: &std::path::Path, name: &str, markup: Markup) -> io::Result<()> {
    let html = markup.into_string().replace("\"/static/", "\"static/");
    fs::write(out.join(format!("{name}.html")), html)
}

fn site() -> Site {
    Site {
        name: "示例市体育局".into(),
        name_en: "Sample City Sports Bureau".into(),
        tagline: "重大行政决策公众参与平台".into(),
        tagline_en: "Public participation in major decisions".into(),
        domain: "canyu.tyj.example.gov.cn".into(),
        id_code: "3100000000".into(),
        icp: "沪ICP备00000000号-1".into(),
        police_record: "沪公网安备31010000000000号".into(),
        sponsor: "示例市体育局".into(),
        address: "示例市体育路 1 号".into(),
        postcode: "200000".into(),
        phone: "021-0000 1234".into(),
        email: "canyu@tyj.example.gov.cn".into(),
        party_mark_url: "https://bszs.conac.cn/sitename?method=show&id=000".into(),
        find_error_url: "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=3100000000".into(),
        ipv6: true,
    }
}

pub fn frame<'a>(site: &'a Site, nav: Nav, path: &'a str) -> Frame<'a> {
    Frame { nav, ..Frame::new(site, path) }
}

pub fn english<'a>(frame: &Frame<'a>) -> Frame<'a> {
    Frame { lang: Lang::En, ..frame.clone() }
}

pub fn large<'a>(frame: &Frame<'a>) -> Frame<'a> {
    Frame { large: true, ..frame.clone() }
}

pub fn d(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
}

pub fn at(month: u32, day: u32, hour: u32, minute: u32) -> NaiveDateTime {
    d(month, day).and_hms_opt(hour, minute, 0).unwrap_or_default()
}
