//! Who may do what, as a table: every page and every operation of the API for every kind of caller, with
//! things the public may see and things it may not. The committed table (`matrix.csv`) is what is meant;
//! this test asks the running site and compares. A page or operation without a row fails, and so does a row
//! of something that is gone.
//!
//! `JIANYAN_MATRIX=write cargo test --test it authz` writes the table anew: read the difference before
//! committing it.
//!
//! The requests are sound, so that a refusal is about the person: path parameters from the fixture, a filled
//! form, the smallest body that the schema allows. Whoever gets as far as having something to mend was allowed in:
//! `allow` 2xx, 303, 400, 409, 412, 422 and so on; `deny` 403; `hide` 404; `sign-in` 401 or 303 to sign-in.

pub mod spec;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::harness::{Answer, Person};
use crate::matrix_fixture::{Template, Thing, World};
use spec::Operation;

const CALLERS: [&str; 10] = [
    "guest",
    "moderator",
    "owner",
    "other_owner",
    "head",
    "disclosure",
    "supervisor",
    "admin",
    "disabled",
    "expired",
];

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/matrix.csv");

const HEAD: &str =
    "method,path,thing,guest,moderator,owner,other_owner,head,disclosure,supervisor,admin,disabled,expired";

/// What is asked for.
enum Request {
    Page { method: &'static str, path: &'static str },
    Api(Operation),
}

impl Request {
    fn all() -> Vec<Self> {
        let mut all: Vec<Self> = jianyan::http::page_list()
            .into_iter()
            .map(|(method, path)| Self::Page { method, path })
            .collect();
        all.extend(spec::operations().into_iter().map(Self::Api));
        all
    }

    fn method(&self) -> &str {
        match self {
            Self::Page { method, .. } => method,
            Self::Api(operation) => &operation.method,
        }
    }

    fn path(&self) -> String {
        match self {
            Self::Page { path, .. } => (*path).to_owned(),
            Self::Api(operation) => operation.path.clone(),
        }
    }

    /// Without parameters there is no thing to show or to hide.
    fn things(&self) -> &'static [Thing] {
        if self.path().contains([':', '{']) { &[Thing::Shown, Thing::Hidden] } else { &[Thing::Shown] }
    }

    fn key(&self, thing: Thing) -> String {
        let thing = match thing {
            _ if self.things().len() == 1 => "-",
            Thing::Shown => "shown",
            Thing::Hidden => "hidden",
        };
        format!("{},{},{thing}", self.method(), self.path())
    }

    async fn ask(&self, world: &World, person: &Person, thing: Thing) -> Answer {
        let path = spec::fill(world, &self.path(), thing);
        match self {
            Self::Page { method: "POST", path: page } => {
                let fields = spec::form_fields(world, page, thing);
                let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
                person.post(&path, &fields).await
            }
            Self::Page { method, .. } => person.raw(method, &path, &[], vec![]).await,
            Self::Api(operation) => operation.ask(world, person, &path, thing).await,
        }
    }
}

fn class(request: &Request, caller: &str, answer: &Answer) -> &'static str {
    let to_sign_in =
        answer.location().starts_with("/desk/sign-in") && !request.path().starts_with("/desk/sign");
    match answer.status.as_u16() {
        401 => "sign-in",
        303 if to_sign_in => "sign-in",
        403 => "deny",
        404 => "hide",
        200..=499 => "allow",
        status => panic!("{} {} as {caller}: {status}\n{}", request.method(), request.path(), answer.text),
    }
}

/// The row of a request as the site answers it. What succeeds and changes something is followed by a fresh
/// world, so that no caller meets what another has done.
async fn row(template: &Template, world: &mut World, request: &Request, thing: Thing) -> Vec<&'static str> {
    let mut row = Vec::new();
    for caller in CALLERS {
        let is_api = matches!(request, Request::Api(_));
        let person = world.caller(caller, is_api);
        let answer = request.ask(world, &person, thing).await;
        row.push(class(request, caller, &answer));
        if caller == "moderator" && request.method() != "GET" && class(request, caller, &answer) == "allow" {
            eprintln!(
                "DBG {} {} {} {}",
                request.method(),
                request.path(),
                answer.status,
                answer.text.chars().take(if is_api { 300 } else { 0 }).collect::<String>()
            );
        }
        if request.method() != "GET" && answer.status.as_u16() < 400 {
            *world = template.world().await;
        }
    }
    row
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let template = Template::new().await;
    let mut world = template.world().await;
    let mut actual: BTreeMap<String, String> = BTreeMap::new();
    let mut order = Vec::new();
    for request in Request::all() {
        for thing in request.things() {
            let row = row(&template, &mut world, &request, *thing).await;
            let key = request.key(*thing);
            actual.insert(key.clone(), row.join(","));
            order.push(key);
        }
    }
    if std::env::var("JIANYAN_MATRIX").is_ok_and(|v| v == "write" || v == "print") {
        let mut table = format!("{HEAD}\n");
        for key in &order {
            let _ = writeln!(table, "{key},{}", actual[key]);
        }
        println!("{table}");
        if std::env::var("JIANYAN_MATRIX").is_ok_and(|v| v == "write") {
            std::fs::write(TABLE, table).unwrap();
        }
        return;
    }
    let committed = std::fs::read_to_string(TABLE).unwrap();
    let (head, rows) = committed.split_once('\n').unwrap();
    assert_eq!(head, HEAD);
    let meant: BTreeMap<String, String> = rows.lines().filter(|l| !l.is_empty()).map(split_row).collect();
    let mut wrong = String::new();
    for key in &order {
        match meant.get(key) {
            None => drop(writeln!(wrong, "add:     {key},{}", actual[key])),
            Some(row) if *row != actual[key] => {
                let _ = writeln!(wrong, "meant:   {key},{row}\nanswers: {key},{}", actual[key]);
            }
            Some(_) => {}
        }
    }
    for key in meant.keys().filter(|key| !actual.contains_key(*key)) {
        let _ = writeln!(wrong, "gone:    {key}");
    }
    assert!(wrong.is_empty(), "the table and the site differ (see the head of authz.rs):\n{wrong}");
}

/// The first three columns are the key.
fn split_row(line: &str) -> (String, String) {
    let (at, _) = line.match_indices(',').nth(2).unwrap_or_else(|| panic!("not a row: {line}"));
    (line[..at].to_owned(), line[at + 1..].to_owned())
}

/// What must hold in the table whatever anybody writes into it.
#[test]
fn the_table_makes_sense() {
    let committed = std::fs::read_to_string(TABLE).unwrap();
    for line in committed.lines().skip(1) {
        let (key, row) = split_row(line);
        let cells: BTreeMap<&str, &str> = CALLERS.iter().copied().zip(row.split(',')).collect();
        assert_eq!(cells.len(), row.split(',').count(), "{key}: a cell for every caller");
        let known = ["allow", "deny", "hide", "sign-in"];
        assert!(cells.values().all(|c| known.contains(c)), "{key}: {row}");
        // Who was disabled or came too late is nobody.
        assert_eq!(cells["disabled"], cells["guest"], "{key}");
        assert_eq!(cells["expired"], cells["guest"], "{key}");
        let desk = key.contains(",/desk") && !key.contains(",/desk/sign-") && !key.contains(",/desk/set-up");
        if desk {
            assert!(["sign-in", "hide"].contains(&cells["guest"]), "{key}: a guest at the desk");
        }
        // What is hidden is hidden from who has no part in it.
        if key.ends_with(",hidden") && key.starts_with("GET,") && !desk && !key.contains("/api/") {
            assert!(cells["guest"] != "deny", "{key}: 403 tells that it is there");
        }
    }
}
