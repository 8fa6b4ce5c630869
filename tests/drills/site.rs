//! A small site made through the product's own doors, and copies of it for every drill.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Value, json};

use crate::http::{Answer, Client};
use crate::server::{Launch, Server, command};
use crate::store::{Cluster, Store, free_port};

const DRAFT: &str = include_str!("../../src/demo/content/drafts/venue_opening.txt");
const PASSWORD: &str = "a drill is not a fire";

/// A data directory and its database.
#[derive(Clone, Debug)]
pub struct Site {
    pub dir: PathBuf,
    /// Where the server's output goes; elsewhere when the disk of `dir` is to be full.
    pub logs: PathBuf,
    pub store: Store,
    pub port: u16,
    /// Bearer tokens of its people.
    pub admin: String,
    pub owner: String,
    pub moderator: String,
    pub department: String,
    /// Codes of its consultations, all open.
    pub consultations: Vec<String>,
}

/// The civil day in Asia/Shanghai.
pub fn today() -> NaiveDate {
    #[expect(clippy::disallowed_methods, reason = "the drills run in real time")]
    let now: DateTime<Utc> = SystemTime::now().into();
    (now + chrono::TimeDelta::hours(8)).date_naive()
}

impl Site {
    /// An empty data directory on the disk of the build, which is not in memory.
    pub fn empty(name: &str, store: Option<Store>) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("drills")
            .join(format!("{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).expect("a directory");
        let store = store.unwrap_or_else(|| Store::sqlite(&dir));
        Self {
            logs: dir.clone(),
            dir,
            store,
            port: free_port(),
            admin: String::new(),
            owner: String::new(),
            moderator: String::new(),
            department: String::new(),
            consultations: Vec::new(),
        }
    }

    /// A site with an administrator, a department, its owner and moderator, and open consultations.
    pub fn build(mut self, consultations: usize) -> Self {
        let server = Server::start(&self, &Launch::default());
        let mut client = server.client();
        self.first_administrator(&mut client);
        self.admin = self.token("admin");
        let mass = json!({ "key": "mass", "name": "群众体育处", "short_name": "群体处", "email": "mass@example.invalid",
            "address": "示例市体育路1号", "postcode": "200000", "phone": "000-12345678" });
        let admin = self.admin.clone();
        let made = as_staff(&mut client, &admin, "/departments", &mass);
        self.department = made["id"].as_str().expect("an id").into();
        for role in ["owner", "moderator"] {
            let person = json!({ "login": role, "name": role, "email": format!("{role}@example.invalid"),
                "department": self.department, "roles": [role] });
            as_staff(&mut client, &admin, "/staff", &person);
        }
        self.owner = self.token("owner");
        self.moderator = self.token("moderator");
        for n in 0..consultations {
            let code = self.consultation(&mut client, n);
            self.consultations.push(code);
        }
        let (status, _) = server.stop();
        assert!(status.success(), "{status}\n{}", self.log());
        self
    }

    fn first_administrator(&self, client: &mut Client) {
        let out = fs::read_to_string(self.logs.join("out.txt")).expect("its output");
        let secret = out
            .split("token=")
            .nth(1)
            .and_then(|rest| rest.split_whitespace().next())
            .expect("the first link");
        let form = [
            ("token", secret),
            ("bureau", "示例市体育局"),
            ("login", "admin"),
            ("name", "管理员"),
            ("email", "admin@example.invalid"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let form: Vec<String> = form.iter().map(|(k, v)| format!("{k}={}", percent(v))).collect();
        let headers =
            [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
        let answer =
            client.send("POST", "/desk/set-up", &headers, form.join("&").as_bytes()).expect("an answer");
        assert_eq!(answer.status, 303, "{}", answer.text());
    }

    /// A session of the administrator; gives the cookie.
    pub fn sign_in(client: &mut Client) -> String {
        let form = format!("login=admin&password={}", percent(PASSWORD));
        let headers =
            [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
        let answer = client.send("POST", "/desk/sign-in", &headers, form.as_bytes()).expect("an answer");
        assert_eq!(answer.status, 303, "{}", answer.text());
        let cookie = answer.header("set-cookie").expect("a session");
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    /// `jianyan token LOGIN`, beside the running server.
    fn token(&self, login: &str) -> String {
        let out = command(self, &Launch::default(), &["token", login, "--hours", "48"])
            .output()
            .expect("the binary runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).trim().to_owned()
    }

    fn consultation(&self, client: &mut Client, n: usize) -> String {
        let owner = &self.owner;
        let day = today();
        let decision = json!({ "title": format!("示例市公共体育场馆开放管理办法之{n}"), "kind": "public_measure",
            "year": chrono::Datelike::year(&day), "department_id": self.department });
        let decision =
            as_staff(client, owner, "/decisions", &decision)["code"].as_str().expect("a code").to_owned();
        for (kind, text) in [
            ("draft", DRAFT),
            ("explanation", "起草说明\n居民反映健身场地不足。"),
            ("basis", "《中华人民共和国体育法》"),
        ] {
            let body = json!({ "kind": kind, "title": format!("办法（{kind}）"), "text": text });
            as_staff(client, owner, &format!("/decisions/{decision}/documents"), &body);
        }
        let window = json!({ "opens_on": day, "closes_on": day + Days::new(31) });
        let made = as_staff(client, owner, &format!("/decisions/{decision}/consultations"), &window);
        let code = made["code"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        as_staff(client, owner, &format!("/consultations/{code}/publish"), &json!({}));
        code
    }

    /// A copy with a database of its own.
    pub fn copy(&self, name: &str, cluster: Option<&Cluster>) -> Self {
        let mut copy = Self { port: free_port(), ..self.clone() };
        copy.dir = Self::empty(name, None).dir;
        copy.logs.clone_from(&copy.dir);
        copy_tree(&self.dir, &copy.dir);
        copy.store = match (&self.store, cluster) {
            (Store::Postgres { name: template, .. }, Some(cluster)) => {
                cluster.database(&name.replace('-', "_"), Some(template))
            }
            _ => Store::sqlite(&copy.dir),
        };
        copy
    }

    /// What the server wrote to standard error, its end.
    pub fn log(&self) -> String {
        let text = fs::read_to_string(self.logs.join("err.txt")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// A panic is a defect wherever it was caught.
    pub fn assert_no_panic(&self) {
        let text = fs::read_to_string(self.logs.join("err.txt")).unwrap_or_default();
        let found: Vec<&str> = text.lines().filter(|l| l.contains("panicked")).collect();
        assert!(found.is_empty(), "the server panicked: {found:?}");
    }

    /// `POST /audit/check`: whether the chain is whole.
    pub fn audit_is_whole(&self, client: &mut Client) -> bool {
        as_staff(client, &self.admin, "/audit/check", &json!({}))["whole"] == true
    }

    /// Nothing failed: nobody needs to look at it.
    pub fn remove(self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// A POST to the API that must succeed.
pub fn as_staff(client: &mut Client, token: &str, path: &str, body: &Value) -> Value {
    let answer = call(client, token, "POST", path, body);
    assert!((200..300).contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
    answer.json()
}

pub fn call(client: &mut Client, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let path = format!("/api/v1{path}");
    client.json(method, &path, &[("Authorization", &bearer)], body).expect("an answer")
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn copy_tree(from: &Path, to: &Path) {
    for entry in from.read_dir().expect("a directory").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).expect("a directory");
            copy_tree(&entry.path(), &target);
        } else if !matches!(entry.file_name().to_str(), Some("out.txt" | "err.txt")) {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
