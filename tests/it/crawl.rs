//! Every page of the example bureau that can be reached by links, as a visitor and as each kind of staff:
//! nothing is broken, every page is well-made, no staff name is shown to the public.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jianyan::demo;
use scraper::{Html, Selector};

use crate::authz;
use crate::harness::{Answer, Person, Site, at};
use crate::tally;

/// More pages than the example has; a site without end would be a defect of its own.
const MOST: usize = 1500;

struct Demo {
    site: Site,
    logins: demo::Logins,
}

async fn example() -> Demo {
    let now = at("2026-11-24", 10, 0);
    let (site, logins) =
        Site::built(now, |config| Box::pin(async move { demo::build(&config, now).await.unwrap() })).await;
    Demo { site, logins }
}

/// Follows links from `start`; gives every page by its path.
async fn crawl(person: &Person, start: &[&str]) -> BTreeMap<String, Answer> {
    let mut seen: BTreeSet<String> = start.iter().map(|s| (*s).to_owned()).collect();
    let mut waiting: VecDeque<String> = seen.iter().cloned().collect();
    let mut pages = BTreeMap::new();
    while let Some(path) = waiting.pop_front() {
        let answer = person.get(&path).await;
        assert!(pages.len() < MOST, "no end of pages: {path}");
        if answer.status == 200
            && answer.headers["content-type"].to_str().unwrap().starts_with("text/html")
            && path != "/api/docs"
        {
            for link in links(&answer) {
                if seen.insert(link.clone()) {
                    waiting.push_back(link);
                }
            }
        }
        pages.insert(path, answer);
    }
    pages
}

/// Links inside the site, without fragments, language and mode switches.
fn links(answer: &Answer) -> Vec<String> {
    let html = Html::parse_document(&answer.text);
    let anchors = Selector::parse("a[href], link[href], script[src], img[src]").unwrap();
    html.select(&anchors)
        .filter_map(|a| a.attr("href").or(a.attr("src")))
        .filter(|h| h.starts_with('/') && !h.contains("lang=") && !h.contains("mode="))
        // It leads on to the desk once one is signed in.
        .filter(|h| *h != "/desk/sign-in")
        // The same page with one opinion unfolded.
        .filter(|h| !h.contains("answer="))
        .map(|h| h.split('#').next().unwrap_or_default().to_owned())
        .collect()
}

#[track_caller]
fn well_made(path: &str, page: &Answer) {
    assert_eq!(page.status, 200, "{path}: {}", page.text.chars().take(3000).collect::<String>());
    let kind = page.headers["content-type"].to_str().unwrap();
    if !kind.starts_with("text/html") || path == "/api/docs" {
        return;
    }
    let html = Html::parse_document(&page.text);
    let all = |css: &str| html.select(&Selector::parse(css).unwrap()).collect::<Vec<_>>();
    assert_eq!(all("h1").len(), 1, "{path}: one h1");
    assert_eq!(all("main").len(), 1, "{path}: one main");
    assert!(all("[style], style, script:not([src])").is_empty(), "{path}: inline style or script");
    let ids: Vec<&str> = all("[id]").iter().filter_map(|e| e.attr("id")).collect();
    let different: BTreeSet<&str> = ids.iter().copied().collect();
    let twice: Vec<_> = ids.iter().filter(|id| ids.iter().filter(|o| o == id).count() > 1).collect();
    assert_eq!(ids.len(), different.len(), "{path}: an id twice: {twice:?}");
    for label in all("label[for]") {
        assert!(different.contains(label.attr("for").unwrap()), "{path}: label for {:?}", label.attr("for"));
    }
    for described in all("[aria-describedby]") {
        for id in described.attr("aria-describedby").unwrap().split_whitespace() {
            assert!(different.contains(id), "{path}: described by {id}");
        }
    }
    for link in all("a[href^='#']") {
        let target = &link.attr("href").unwrap()[1..];
        assert!(target.is_empty() || different.contains(target), "{path}: leads to #{target}");
    }
    for field in all("input:not([type=hidden]):not([type=submit]), textarea, select") {
        let id = field.attr("id").unwrap_or_default();
        let labelled = field.attr("aria-label").is_some()
            || field.attr("aria-labelledby").is_some()
            || !all(&format!("label[for='{id}']")).is_empty()
            || field.ancestors().any(|a| a.value().as_element().is_some_and(|e| e.name() == "label"));
        assert!(labelled, "{path}: a field without a label: {}", field.html());
    }
    for form in all("form[method=post]") {
        let inside = form.select(&Selector::parse("input[name=csrf]").unwrap()).count();
        let signed_in = path.starts_with("/desk") && path != "/desk/sign-in";
        assert!(!signed_in || inside == 1, "{path}: a form without its token: {:?}", form.attr("action"));
    }
    if !path.starts_with("/desk") {
        for tag in [
            "SiteName",
            "SiteDomain",
            "SiteIDCode",
            "ColumnName",
            "ColumnType",
            "ArticleTitle",
            "ContentSource",
        ] {
            assert!(!all(&format!("meta[name={tag}][content]")).is_empty(), "{path}: no {tag}");
        }
    }
}

#[tokio::test]
async fn every_page_of_the_example_is_there_and_well_made() {
    let demo = example().await;
    tally::agrees(&demo.site).await;
    let guest = demo.site.guest();
    let pages = crawl(&guest, &["/"]).await;
    for wanted in [
        "/decisions",
        "/catalogues",
        "/consultations",
        "/summaries",
        "/work-plan",
        "/receipts",
        "/feeds/summaries.atom",
    ] {
        assert!(pages.contains_key(wanted), "no way leads to {wanted}");
    }
    for (path, page) in &pages {
        well_made(path, page);
        for login in demo.logins.people.iter().map(|(login, ..)| login).filter(|l| *l != "admin") {
            assert!(!page.text.contains(login.as_str()), "{path} shows the login {login}");
        }
        for (_, name, _) in &demo.logins.people {
            let name = name.split('（').next().unwrap();
            assert!(!page.text.contains(name), "{path} shows the name of {name}");
        }
    }
    let english = guest.get("/consultations?lang=en").await.expect(200);
    english.contains("<html lang=\"en\">");
    for path in
        pages.keys().filter(|p| !p.starts_with("/static") && !p.starts_with("/files") && *p != "/api/docs")
    {
        well_made(path, &guest.get(path).await);
    }
    for (login, role) in [
        ("xuhaotian", None),
        ("zhouwenjing", None),
        ("yexiaomeng", Some("moderator")),
        ("tangmin", Some("disclosure")),
        // Who heads an office as well.
        ("linzhiyuan", None),
        ("admin", Some("admin")),
    ] {
        let person = demo.site.sign_in_as(login, &demo.logins.password).await;
        let pages = crawl(&person, &["/desk"]).await;
        assert!(pages.len() > 10, "{login} reaches {} pages", pages.len());
        let refused: Vec<_> =
            pages.iter().filter(|(_, p)| p.status != 200).map(|(path, p)| (path, p.status)).collect();
        assert!(refused.is_empty(), "{login} is led to {refused:?}");
        for (path, page) in &pages {
            well_made(path, page);
            if let Some(role) = role {
                offers_what_is_allowed(path, page, role);
            }
        }
    }
}

/// A form that the server would refuse in any case is not shown.
#[track_caller]
fn offers_what_is_allowed(path: &str, page: &Answer, role: &str) {
    let html = Html::parse_document(&page.text);
    for form in html.select(&Selector::parse("form[method=post]").unwrap()) {
        let action = form.attr("action").filter(|a| !a.is_empty()).unwrap_or(path);
        assert!(!authz::never_allowed(action, role), "{path} offers {action} to a {role}");
    }
}
