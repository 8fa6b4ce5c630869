//! Every page with the content of an ordinary week. Also read by `tests/pages.rs`, which holds each of them
//! to the rules that all pages keep.

use chrono::{NaiveDate, NaiveDateTime};
use maud::Markup;
use web::{
    lang::Lang,
    layout::{Frame, Nav, Site},
};

mod parts;
mod public;
mod speak;

/// Name and markup of every page.
pub fn all() -> Vec<(&'static str, Markup)> {
    let site = site();
    [parts::all(&site), public::all(&site), speak::all(&site)].into_iter().flatten().collect()
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

fn frame<'a>(site: &'a Site, nav: Nav, path: &'a str) -> Frame<'a> {
    Frame { nav, ..Frame::new(site, path) }
}

fn english<'a>(frame: &Frame<'a>) -> Frame<'a> {
    Frame { lang: Lang::En, ..frame.clone() }
}

fn large<'a>(frame: &Frame<'a>) -> Frame<'a> {
    Frame { large: true, ..frame.clone() }
}

fn d(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
}

fn at(month: u32, day: u32, hour: u32, minute: u32) -> NaiveDateTime {
    d(month, day).and_hms_opt(hour, minute, 0).unwrap_or_default()
}
