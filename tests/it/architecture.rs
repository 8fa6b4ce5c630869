//! Who may name whom, read from the source: engines never name features, a feature names only earlier ones
//! and only what their `mod.rs` shows, pages and the API know no database, operations know no web, policies
//! are pure. The order of features is the one written in `src/lib.rs`.
//!
//! An exception stands in `EXCEPTIONS` with its reason; one that nothing needs any more fails as well.

mod source;

use std::path::Path;

use source::{Named, Source};

/// A file, the name it may use against the rule, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/job/registry.rs", "crate::", "the one list of who listens to which job"),
    ("src/department/page.rs", "crate::account", "the page of a department tells who works there"),
    ("src/opinion/words.rs", "web::label", "the words of a state and its badge stand in one table"),
];

/// Names that operations may take from `web` although they know no pages: addresses for notices and
/// publications are constants there.
const ADDRESSES: &str = "web::path";

/// What of a feature no other may name, whatever its `mod.rs` shows. Faces may use the faces of earlier
/// features: a shape of the API, a part of a form. (What is private, the compiler guards.)
const INSIDE: [&str; 2] = ["store", "policy"];
const FACES: [&str; 2] = ["api", "page"];

/// The pages of engines show who and which department; these two alone they may name.
const SHOWN_EVERYWHERE: [&str; 2] = ["account", "department"];

/// Naming a type of an operation in the spec says nothing of HTTP.
const SPEC_NAMES: &str = "poem_openapi::Enum";

/// Modules of the house that are neither engine nor feature.
const GROUND: [&str; 17] = [
    "actor",
    "app",
    "clauses",
    "config",
    "db",
    "health",
    "keys",
    "outbound",
    "problem",
    "random",
    "rate",
    "screening",
    "sequence",
    "sheet",
    "surge",
    "text",
    "time",
];

/// What may name everything: the edge, the command line, the example content.
const TOP: [&str; 3] = ["http", "cli", "demo"];

/// The order of the house.
struct Order {
    engines: Vec<String>,
    features: Vec<String>,
}

impl Order {
    /// As `lib.rs` tells it: bracketed names after "Engines" and after "Features".
    fn read(lib: &str) -> Self {
        let doc: String = lib.lines().filter_map(|l| l.strip_prefix("//!")).collect::<Vec<_>>().join(" ");
        let between = |from: &str, to: &str| {
            let start = doc.find(from).unwrap_or_else(|| panic!("lib.rs says nothing of {from}"));
            let end = doc[start..].find(to).map_or(doc.len(), |e| start + e);
            let names = doc[start..end].split("[`").skip(1);
            names.map(|n| n.split("`]").next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        Self { engines: between("Engines", "Features"), features: between("Features", "Above them") }
    }

    fn place(&self, module: &str) -> Option<usize> {
        self.features.iter().position(|f| f == module)
    }
}

/// What kind of file it is, by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    /// api.rs, page.rs, what fills their views, and what lies below them
    Face,
    Store,
    Policy,
    Operation,
}

fn part(path: &[&str]) -> Part {
    let name = path.get(2).map_or("", |name| name.trim_end_matches(".rs"));
    // What a file is called after: `desk_form` is a form, `public_page` a page.
    match Some(name.rsplit('_').next().unwrap_or(name)) {
        Some("api" | "types" | "page" | "view" | "show" | "parts" | "form" | "feed") => Part::Face,
        // The feature `site` is pages and nothing else: it composes what the others offer.
        _ if path.get(1) == Some(&"site") && !matches!(name, "store" | "said") => Part::Face,
        Some("store") => Part::Store,
        Some("policy") => Part::Policy,
        _ => Part::Operation,
    }
}

/// What is wrong with a file, one line each.
fn violations(order: &Order, source: &Source) -> Vec<String> {
    let path: Vec<&str> = source.path.split('/').collect();
    let mut found = Vec::new();
    let mut wrong = |named: &Named, rule: &str| {
        found.push(format!("{}:{}: {} ({rule})", source.path, named.line, named.path.join("::")));
    };
    for named in &source.names {
        let first = named.path[0].as_str();
        match path[0] {
            "web" if ["entity", "sea_orm", "poem", "jianyan"].contains(&first) => {
                wrong(named, "views know no database and no framework");
            }
            "migration" if first == "entity" => wrong(named, "a migration must not change with the entities"),
            "src" => in_house(order, &path, named, &mut wrong),
            _ => {}
        }
    }
    if path[0] == "src" && path.len() > 2 && part(&path) == Part::Policy && source.has_async {
        found.push(format!("{}: async (a policy only looks at what it is given)", source.path));
    }
    found
}

fn in_house(order: &Order, path: &[&str], named: &Named, wrong: &mut impl FnMut(&Named, &str)) {
    let home = path[1].trim_end_matches(".rs");
    if TOP.contains(&home) || home == "main" || home == "lib" {
        return;
    }
    let text = named.path.join("::");
    let first = named.path[0].as_str();
    let is_engine = order.engines.iter().any(|e| e == home);
    let place = order.place(home);
    let kind = if path.len() > 2 { part(path) } else { Part::Operation };
    if first == "crate" && named.path.len() > 1 {
        let to = named.path[1].as_str();
        if let Some(to_place) = order.place(to).filter(|_| to != home) {
            match place {
                None if kind == Part::Face && SHOWN_EVERYWHERE.contains(&to) => {}
                None => wrong(named, "engines and the ground never name a feature"),
                Some(own) if own < to_place => wrong(named, "only earlier features may be named"),
                Some(_) => {}
            }
            let inner = named.path.get(2).map_or("", String::as_str);
            if INSIDE.contains(&inner) || FACES.contains(&inner) && kind != Part::Face {
                wrong(named, "a feature is used through its mod.rs only");
            }
        }
        if to == "http" && (place.is_some() || is_engine) && kind != Part::Face {
            wrong(named, "only api and page talk to the edge");
        }
    }
    match kind {
        Part::Face if first == "sea_orm" || text.starts_with("entity::prelude") => {
            wrong(named, "api and page know no database");
        }
        Part::Policy
            if first == "sea_orm"
                || ["crate::app", "crate::db", "crate::time"].iter().any(|m| text.starts_with(m)) =>
        {
            wrong(named, "a policy is pure: no database, no clock");
        }
        Part::Operation | Part::Store | Part::Policy if place.is_some() || is_engine => {
            let of_web = first == "web" && !text.starts_with(ADDRESSES);
            let of_http = first == "poem_openapi" && text != SPEC_NAMES;
            if of_web || of_http || ["poem", "maud"].contains(&first) {
                wrong(named, "operations know no pages and no HTTP");
            }
        }
        _ => {}
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    for folder in ["src", "web/src", "migration/src"] {
        source::read_folder(root(), &root().join(folder), &mut sources);
    }
    assert!(sources.len() > 100, "only {} files were read", sources.len());
    sources
}

fn order() -> Order {
    Order::read(&std::fs::read_to_string(root().join("src/lib.rs")).unwrap())
}

#[test]
fn nobody_names_whom_they_may_not() {
    let (order, sources) = (order(), sources());
    let all: Vec<String> = sources.iter().flat_map(|s| violations(&order, s)).collect();
    let excepted = |v: &str| {
        EXCEPTIONS.iter().any(|(file, name, _)| {
            v.starts_with(&format!("{file}:")) && v.split(": ").nth(1).is_some_and(|n| n.starts_with(name))
        })
    };
    for (file, name, _) in EXCEPTIONS {
        let needed =
            all.iter().any(|v| v.starts_with(&format!("{file}:")) && v.contains(&format!(": {name}")));
        assert!(needed, "{file} no longer names {name}: take the exception out");
    }
    let left: Vec<&String> = all.iter().filter(|v| !excepted(v)).collect();
    assert!(
        left.is_empty(),
        "{} violations:\n{}",
        left.len(),
        left.iter().map(|v| format!("  {v}\n")).collect::<String>()
    );
}

#[test]
fn every_module_of_the_house_has_its_place() {
    let order = order();
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for module in lib.lines().filter_map(|l| l.strip_prefix("pub mod ")).map(|l| l.trim_end_matches(';')) {
        let known = order.engines.iter().chain(&order.features).any(|m| m == module)
            || GROUND.contains(&module)
            || TOP.contains(&module);
        assert!(known, "src/{module}: say in lib.rs whether it is an engine or a feature");
    }
    for name in order.engines.iter().chain(&order.features) {
        assert!(
            root().join("src").join(name).join("mod.rs").is_file(),
            "lib.rs names {name}, which is not there"
        );
    }
}

#[test]
fn files_stay_short_and_say_what_they_hold() {
    for source in sources() {
        let name = source.path.rsplit('/').next().unwrap();
        assert!(source.lines <= 560, "{} has {} lines", source.path, source.lines);
        for vague in ["utils", "helpers", "common", "manager", "service"] {
            assert!(!name.starts_with(vague), "{}", source.path);
        }
    }
}

/// The test of the test: what it must catch, and what it must let pass.
#[test]
fn a_violation_is_caught() {
    let order = order();
    let count = |path: &str, text: &str| violations(&order, &Source::parse(path, text)).len();
    let caught = [
        ("src/duty/open.rs", "use crate::decision::find;"),
        ("src/app.rs", "use crate::{audit, opinion};"),
        ("src/decision/create.rs", "use crate::opinion;"),
        ("src/decision/create.rs", "fn f() { crate::summary::find() }"),
        ("src/opinion/submit.rs", "use crate::decision::store::find;"),
        ("src/opinion/submit.rs", "use crate::decision::{self, store};"),
        ("src/opinion/submit.rs", "use crate::decision;\nfn f() { decision::store::find() }"),
        ("src/opinion/submit.rs", "use crate::decision::page::row;"),
        ("src/opinion/submit.rs", "use poem_openapi::Object;"),
        ("src/duty/page.rs", "use crate::decision;"),
        ("src/opinion/api.rs", "use crate::decision::store;"),
        ("src/opinion/page.rs", "use sea_orm::EntityTrait as _;"),
        ("src/opinion/page/form.rs", "fn f() -> sea_orm::DbErr { todo!() }"),
        ("src/opinion/submit.rs", "use poem::Request;"),
        ("src/opinion/submit.rs", "use crate::http::visitor::Visitor;"),
        ("src/opinion/store.rs", "use web::layout::Frame;"),
        ("src/opinion/policy.rs", "use sea_orm::DbErr;"),
        ("src/opinion/policy.rs", "use crate::app::App;"),
        ("src/opinion/policy.rs", "pub async fn may() {}"),
        ("web/src/home.rs", "use entity::opinion;"),
        ("web/src/home.rs", "use ::entity::opinion;"),
        ("migration/src/m1.rs", "use entity::opinion::Column;"),
    ];
    for (path, text) in caught {
        assert_eq!(count(path, text), 1, "{path}: {text}");
    }
    let passes = [
        (
            "src/opinion/submit.rs",
            "use crate::consultation;\nuse crate::decision::{self, find};\nuse super::store;",
        ),
        ("src/opinion/submit.rs", "use crate::account::people::NewStaff;"),
        ("src/opinion/submit.rs", "// use poem::Request;\nconst A: &str = \"crate::summary::x\";"),
        ("src/opinion/submit.rs", "fn f() -> String { web::path::DESK.into() }"),
        ("src/opinion/submit.rs", "#[cfg(test)]\nmod tests { use poem::Request; }"),
        ("src/opinion/page.rs", "use poem::Response;\nuse crate::http::render;\nuse web::opinion::View;"),
        ("src/opinion/store.rs", "use sea_orm::EntityTrait as _;"),
        ("src/http/edge.rs", "use crate::opinion::store;"),
        ("src/duty/page.rs", "use crate::http::render;\nuse crate::account;"),
        ("src/opinion/api.rs", "use crate::decision::api::DecisionOut;"),
        ("src/opinion/submit.rs", "use poem_openapi::Enum;"),
        ("web/src/home.rs", "use crate::entity;"),
    ];
    for (path, text) in passes {
        let found = violations(&order, &Source::parse(path, text));
        assert!(found.is_empty(), "{path}: {text}: {found:?}");
    }
}
