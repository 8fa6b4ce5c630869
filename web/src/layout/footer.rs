//! The footer with the eight items that government sites must show (WS-05).

use maud::{Markup, html};

use super::Frame;
use crate::{link::Href, path};

pub(super) fn footer(frame: &Frame<'_>) -> Markup {
    let site = frame.site;
    html! {
        footer.foot {
            div.wrap {
                ul.foot-links {
                    li { a href=(path::SITE_MAP) { (frame.t("网站地图", "Site map")) } }
                    li { a href=(path::NOTICE) { (frame.t("留言须知与隐私", "Rules and privacy")) } }
                    li { a href=(path::MY_DATA) { (frame.t("我的数据", "My data")) } }
                    li { a href=(path::ACCESSIBILITY) { (frame.t("无障碍声明", "Accessibility")) } }
                    (outside(frame.t("党政机关网站标识", "Government site mark"), &site.party_mark_url))
                    (outside(frame.t("我为政府网站找错", "Report an error on this site"), &site.find_error_url))
                }
                p.foot-line { (contact(frame)) }
                p.foot-line {
                    (item(frame.t("网站标识码", "Site code"), &site.id_code))
                    (record(&site.icp, "https://beian.miit.gov.cn/"))
                    (record(&site.police_record, "https://beian.mps.gov.cn/"))
                    @if site.ipv6 { span.foot-item { (frame.t("本站支持 IPv6", "IPv6 supported")) } }
                    @if frame.signed_in.is_none() {
                        a.foot-item href=(path::SIGN_IN) rel="nofollow" { (frame.t("工作人员登录", "Staff sign-in")) }
                    }
                }
            }
        }
    }
}

fn contact(frame: &Frame<'_>) -> Markup {
    let site = frame.site;
    html! {
        (item(frame.t("主办单位", "Run by"), &site.sponsor))
        (item(frame.t("地址", "Address"), &site.address))
        (item(frame.t("邮编", "Postcode"), &site.postcode))
        (item(frame.t("联系电话", "Telephone"), &site.phone))
        (item(frame.t("电子邮箱", "E-mail"), &site.email))
    }
}

fn item(label: &str, value: &str) -> Markup {
    html! { @if !value.is_empty() { span.foot-item { (label) " " span { (value) } } } }
}

fn record(value: &str, address: &str) -> Markup {
    html! { @if !value.is_empty() { a.foot-item href=(address) rel="noopener" { (value) } } }
}

fn outside(label: &str, address: &str) -> Markup {
    html! { @if !address.is_empty() { li { a href=(Href::new(address)) rel="noopener" { (label) } } } }
}
