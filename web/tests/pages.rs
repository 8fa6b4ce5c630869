//! What every page of the gallery must keep: one title, meta tags, bound labels, no inline script or style.

#[path = "../examples/gallery/pages/mod.rs"]
mod pages;

/// The values of an attribute, in order.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn each(check: impl Fn(&str, &str)) {
    for (name, markup) in pages::all() {
        check(name, &markup.into_string());
    }
}

#[test]
fn every_page_has_one_title_one_main_and_the_tags_of_government_sites() {
    each(|name, html| {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert_eq!(html.matches("<main id=\"main\"").count(), 1, "{name}");
        for tag in [
            "SiteName",
            "SiteDomain",
            "SiteIDCode",
            "ColumnName",
            "ColumnType",
            "ArticleTitle",
            "ContentSource",
        ] {
            assert!(html.contains(&format!("<meta name=\"{tag}\" content=\"")), "{name} {tag}");
        }
    });
}

#[test]
fn no_page_carries_inline_script_style_or_handlers() {
    each(|name, html| {
        assert!(values(html, "style").is_empty(), "{name}");
        assert!(!html.contains("<style"), "{name}");
        assert_eq!(html.matches("<script").count(), html.matches("<script src=").count(), "{name}");
        for handler in ["onclick", "onload", "onsubmit", "onchange"] {
            assert!(values(html, handler).is_empty(), "{name} {handler}");
        }
        assert!(!html.contains("href=\"javascript:"), "{name}");
    });
}

#[test]
fn every_label_and_description_is_bound_to_something_there() {
    each(|name, html| {
        let ids = values(html, "id");
        for target in values(html, "for") {
            assert!(ids.contains(&target), "{name}: label for {target}");
        }
        for list in values(html, "aria-describedby") {
            for target in list.split(' ') {
                assert!(ids.contains(&target), "{name}: described by {target}");
            }
        }
        let mut seen = ids.clone();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), ids.len(), "{name}: an id twice");
    });
}

#[test]
fn what_people_type_is_escaped() {
    let all = pages::all();
    let (_, form) = all.into_iter().find(|(name, _)| *name == "opinion-form-errors").unwrap();
    let html = form.into_string();
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(html.contains("有错误："));
}

#[test]
fn the_frame_follows_the_language_and_content_keeps_its_own() {
    let all = pages::all();
    let (_, page) = all.into_iter().find(|(name, _)| *name == "consultation-en").unwrap();
    let html = page.into_string();
    assert!(html.contains("<html lang=\"en\">"));
    assert!(html.contains("Give your opinion"));
    assert!(html.contains("<h1 lang=\"zh-CN\">"));
    assert!(html.contains("lang=zh\""), "the switch back to Chinese");
}

#[test]
fn the_end_is_told_with_hour_and_place() {
    let all = pages::all();
    let (_, page) = all.into_iter().find(|(name, _)| *name == "consultation").unwrap();
    assert!(page.into_string().contains("2026年12月4日 24:00（北京时间）"));
}
