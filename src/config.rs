//! Typed settings, from lowest to highest: defaults, a TOML file, the environment (`JIANYAN_…`), flags.
//! The one place that reads the environment.

mod challenge;
mod files;
mod flood;
mod limits;
mod oidc;
mod screening;
mod security;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use chrono::NaiveTime;
use entity::enums::IdentityLevel;
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

pub use challenge::{Challenge, When};
pub use files::{Attachments, S3};
pub use flood::Flood;
pub use limits::Limits;
pub use oidc::{Audience, ClientAuth, ContactClaim, Oidc, is_secure};
pub use screening::Screening;
pub use security::{SecondFactor, Security};

/// Names under the prefix that are not settings.
const NOT_SETTINGS: &[&str] = &["config", "log", "move_to", "test_postgres", "shared_data"];

/// A shorter token could be guessed.
const SHORTEST_METRICS_TOKEN: usize = 20;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address and port; `[::]` answers IPv4 and IPv6.
    pub listen: SocketAddr,
    /// `sqlite:///path/file.db` or `postgres://user:password@host/name`; by default SQLite in the data directory.
    pub database_url: Option<SecretString>,
    /// Where the database, the key file and unsent mail live.
    pub data_dir: PathBuf,
    /// The master key, the same for every instance; by default `jianyan.key` in the data directory, made at the
    /// first start.
    pub key_file: Option<PathBuf>,
    /// How people reach the site; links in mails start with it.
    pub base_url: Option<String>,
    /// `smtps://user:password@host:465`; without it mails are written as .eml files into the data directory.
    pub smtp_url: Option<SecretString>,
    pub mail_from: String,
    /// Where text messages are posted, `https://…`; without it they are written as files into the data directory.
    pub sms_url: Option<String>,
    /// A header for the gateway, such as `Authorization: Bearer …`.
    pub sms_header: Option<SecretString>,
    pub sms: Sms,
    /// Addresses of reverse proxies whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// What this process is called in logs and on the page "system"; by default host name and port.
    pub instance: Option<String>,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// Who presents it as a bearer token may read `/metrics` from anywhere; without it only the loopback may.
    pub metrics_token: Option<SecretString>,
    /// Told to stop, the process takes new connections for so long, while `/readyz` already says 503: the time a
    /// load balancer needs to look elsewhere. At most 5.
    pub drain_seconds: u64,
    pub site: Site,
    pub rules: Rules,
    pub limits: Limits,
    pub security: Security,
    pub challenge: Challenge,
    pub flood: Flood,
    pub screening: Screening,
    pub backup: Backup,
    pub attachments: Attachments,
    /// Where attachments lie; without it, in the directory that `attachments` names.
    pub s3: Option<S3>,
    /// Providers (统一身份认证) that vouch for residents or staff, by name.
    #[serde(default)]
    pub oidc: BTreeMap<String, Oidc>,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What the frame of every page says (政府网站发展指引: 网站标识).
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Site {
    pub name: String,
    pub name_en: String,
    pub tagline: String,
    pub tagline_en: String,
    /// 网站域名
    pub domain: String,
    /// 网站标识码, 10 digits
    pub id_code: String,
    /// ICP备案号
    pub icp: String,
    /// 公安备案号
    pub police_record: String,
    /// 主办单位
    pub sponsor: String,
    pub address: String,
    pub postcode: String,
    pub phone: String,
    pub email: String,
    /// 党政机关网站标识
    pub party_mark_url: String,
    /// 我为政府网站找错
    pub report_error_url: String,
}

/// Numbers that the law or the founding plan gives; a bureau may have to change them.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Shortest consultation without a published reason, calendar days (国令713 Art. 15(1)).
    pub consultation_days: u32,
    /// Adoption summary after promulgation, working days (2020 plan, table 二-5).
    pub summary_working_days: u32,
    /// Review of an opinion, working days; the law gives no number.
    pub review_working_days: u32,
    /// After how many minutes a moderator's claim on an opinion lapses.
    pub claim_minutes: u32,
    /// Working days for deciding on readers' reports (举报) of an opinion.
    pub report_working_days: u32,
    /// How long an author may object to a review, calendar days; the law gives no number
    /// (跟帖评论规定 2022 Art. 13 asks for the way).
    pub appeal_days: u32,
    /// Deciding an appeal, working days; the law asks for timeliness and gives no number.
    pub appeal_working_days: u32,
    /// Publishing what became of a consultation after it closed, working days; the law gives no number.
    pub result_working_days: u32,
    /// Accepting a message of the board or not, working days after it came; the bureau's own rule.
    pub message_intake_working_days: u32,
    /// Answering a suggestion on the board, or the further question of an author, working days after it came
    /// (国办发〔2014〕57号: 7, and 15 for complex matters).
    pub message_working_days: u32,
    /// The same for questions and complaints; the provinces' practice is 15.
    pub inquiry_working_days: u32,
    /// The same for an error reported on the site; the practice under 国办发〔2017〕47号 is 3.
    pub site_error_working_days: u32,
    /// How many working days a complex message gets beyond its time, once: 7 and 8 make the 15 of 国办发〔2014〕57号.
    pub message_extension_working_days: u32,
    /// How long after the answer its author may ask once more, calendar days.
    pub message_follow_up_days: u32,
    /// Answering what an online Q&A (网络问政) left open, working days after its end; no rule gives a number, 7 is the
    /// one for messages (国办发〔2014〕57号).
    pub qa_answer_working_days: u32,
    /// Answering a request about personal data, working days after it came; 个保法 Art. 50 asks for timely answers, and
    /// GB/T 35273—2020, 8.7 for 30 days at most: 15 working days lie within.
    pub data_inquiry_working_days: u32,
    /// How many different people make a topic concentrated (较为集中).
    pub concentrated_people: u32,
    /// Whether an opinion needs a contact.
    pub contact_required: bool,
    /// Names that residents may not take beside those of the bureau: whoever reads them would think of its staff.
    pub reserved_names: Vec<String>,
    /// What a new consultation verifies of who speaks, unless its owner chooses otherwise.
    pub identity: IdentityLevel,
    /// Open days wanted in a year (annual plan of open government, table 二-8), or else open weeks.
    pub open_days_a_year: u32,
    pub open_weeks_a_year: u32,
    /// Meetings open to the public wanted in a year (table 二-6).
    pub open_meetings_a_year: u32,
    /// Report of an event after its last session, working days; the plan gives no number.
    pub event_report_working_days: u32,
    /// Names and contacts of visitors are erased so many days after the last session.
    pub event_erase_days: u32,
}

/// The backup of every night.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Backup {
    /// Where backups go, on another disk than the database; without it there is no schedule.
    pub dir: Option<PathBuf>,
    /// When, in the site's local time: HH:MM.
    pub at: String,
    /// Of how many days the newest backup is kept.
    pub keep_daily: u32,
    /// Of how many weeks the newest backup is kept; none for longer than 35 days.
    pub keep_weekly: u32,
}

impl Backup {
    /// The hour of the day.
    pub fn time(&self) -> NaiveTime {
        NaiveTime::parse_from_str(&self.at, "%H:%M").unwrap_or_default()
    }
}

/// How a text message is told to the gateway.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sms {
    /// The body of the request, JSON in which `{{phone}}`, `{{text}}` and `{{id}}` stand inside of strings. The id
    /// is the same when a message is sent again.
    pub template: String,
    /// How long the gateway may take to answer.
    pub timeout_seconds: u64,
}

impl Default for Sms {
    fn default() -> Self {
        Self { template: r#"{"phone":"{{phone}}","text":"{{text}}"}"#.into(), timeout_seconds: 5 }
    }
}

impl Default for Site {
    fn default() -> Self {
        Self {
            name: "示例市体育局".into(),
            name_en: "Shili Municipal Sports Bureau".into(),
            tagline: "重大行政决策公众参与平台".into(),
            tagline_en: "Public participation in major decisions".into(),
            domain: "localhost".into(),
            id_code: "0000000000".into(),
            icp: "示ICP备00000000号".into(),
            police_record: "示公网安备00000000000000号".into(),
            sponsor: "示例市体育局".into(),
            address: "示例市体育路1号".into(),
            postcode: String::new(),
            phone: "000-12345678".into(),
            email: String::new(),
            party_mark_url: String::new(),
            report_error_url: String::new(),
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            consultation_days: 30,
            summary_working_days: 10,
            review_working_days: 2,
            claim_minutes: 30,
            report_working_days: 2,
            appeal_days: 15,
            appeal_working_days: 5,
            result_working_days: 20,
            message_intake_working_days: 1,
            message_working_days: 7,
            inquiry_working_days: 15,
            site_error_working_days: 3,
            message_extension_working_days: 8,
            message_follow_up_days: 30,
            qa_answer_working_days: 7,
            data_inquiry_working_days: 15,
            concentrated_people: 3,
            contact_required: false,
            reserved_names: ["管理员", "审核员", "工作人员", "官方", "admin", "moderator"]
                .map(String::from)
                .into(),
            identity: IdentityLevel::Unverified,
            open_days_a_year: 3,
            open_weeks_a_year: 1,
            open_meetings_a_year: 2,
            event_report_working_days: 10,
            event_erase_days: 30,
        }
    }
}

impl Default for Backup {
    fn default() -> Self {
        Self { dir: None, at: "03:00".into(), keep_daily: 7, keep_weekly: 4 }
    }
}

#[derive(Serialize)]
struct Defaults {
    listen: SocketAddr,
    data_dir: PathBuf,
    mail_from: String,
    trusted_proxies: Vec<IpAddr>,
    log_format: LogFormat,
    drain_seconds: u64,
    sms: Sms,
    site: Site,
    rules: Rules,
    limits: Limits,
    security: Security,
    challenge: Challenge,
    flood: Flood,
    screening: Screening,
    backup: Backup,
    attachments: Attachments,
}

/// What the command line overrides.
#[derive(Clone, Debug, Default, Serialize, clap::Args)]
pub struct Flags {
    /// Settings file (TOML); by default jianyan.toml, if it is there [env: JIANYAN_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Address and port to serve on, by default [::]:8080 [env: JIANYAN_LISTEN]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// sqlite:///path/file.db or postgres://user:password@host/name [env: JIANYAN_DATABASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// Directory for the database, keys and unsent mail, by default ./data [env: JIANYAN_DATA_DIR]
    #[arg(long, global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// How people reach the site, by default http://localhost:PORT [env: JIANYAN_BASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
}

impl Config {
    /// # Errors
    /// A setting that cannot be read or makes no sense, with its name and where it came from.
    pub fn load(flags: &Flags) -> Result<Self, String> {
        let file = flags.config.clone().or_else(|| std::env::var_os("JIANYAN_CONFIG").map(PathBuf::from));
        if let Some(path) = &file
            && !path.is_file()
        {
            return Err(format!("settings file {} does not exist", path.display()));
        }
        let figment = Figment::from(Serialized::defaults(Defaults::default()))
            .merge(Toml::file(file.unwrap_or_else(|| "jianyan.toml".into())))
            .merge(Env::prefixed("JIANYAN_").ignore(NOT_SETTINGS).split("__"))
            .merge(Serialized::defaults(flags));
        let config: Self = figment.extract().map_err(|e| format!("wrong setting: {e}"))?;
        config.check()?;
        Ok(config)
    }

    /// The defaults, with everything in `data_dir`: for tests and the example site.
    ///
    /// # Errors
    /// Never in practice; the defaults are checked like any other settings.
    pub fn in_dir(data_dir: &Path) -> Result<Self, String> {
        let defaults = Defaults { data_dir: data_dir.to_owned(), ..Defaults::default() };
        Figment::from(Serialized::defaults(defaults)).extract().map_err(|e| e.to_string())
    }

    fn check(&self) -> Result<(), String> {
        let url = self.database_url();
        if !(url.starts_with("sqlite:") || url.starts_with("postgres://") || url.starts_with("postgresql://"))
        {
            return Err("wrong setting: database_url must start with sqlite: or postgres://".into());
        }
        if let Some(base) = &self.base_url
            && !(base.starts_with("http://") || base.starts_with("https://"))
        {
            return Err(format!("wrong setting: base_url {base:?} must start with https:// or http://"));
        }
        if self.mail_from.parse::<lettre::message::Mailbox>().is_err() {
            return Err(format!("wrong setting: mail_from {:?} is not a mail address", self.mail_from));
        }
        if self.drain_seconds > 5 {
            return Err(format!(
                "wrong setting: drain_seconds must be at most 5, not {}",
                self.drain_seconds
            ));
        }
        if self.metrics_token.as_ref().is_some_and(|t| t.expose_secret().len() < SHORTEST_METRICS_TOKEN) {
            return Err(format!(
                "wrong setting: metrics_token must have at least {SHORTEST_METRICS_TOKEN} characters"
            ));
        }
        for (name, n) in [
            ("rules.summary_working_days", self.rules.summary_working_days),
            ("rules.review_working_days", self.rules.review_working_days),
            ("rules.claim_minutes", self.rules.claim_minutes),
            ("rules.report_working_days", self.rules.report_working_days),
            ("rules.appeal_days", self.rules.appeal_days),
            ("rules.appeal_working_days", self.rules.appeal_working_days),
            ("rules.result_working_days", self.rules.result_working_days),
            ("rules.message_intake_working_days", self.rules.message_intake_working_days),
            ("rules.message_working_days", self.rules.message_working_days),
            ("rules.inquiry_working_days", self.rules.inquiry_working_days),
            ("rules.site_error_working_days", self.rules.site_error_working_days),
            ("rules.message_extension_working_days", self.rules.message_extension_working_days),
            ("rules.message_follow_up_days", self.rules.message_follow_up_days),
            ("rules.qa_answer_working_days", self.rules.qa_answer_working_days),
            ("rules.data_inquiry_working_days", self.rules.data_inquiry_working_days),
            ("rules.concentrated_people", self.rules.concentrated_people),
            ("rules.event_report_working_days", self.rules.event_report_working_days),
            ("rules.event_erase_days", self.rules.event_erase_days),
            ("limits.opinion_chars", self.limits.opinion_chars),
            ("limits.opinions_per_minute", self.limits.opinions_per_minute),
            ("limits.sign_ins_per_five_minutes", self.limits.sign_ins_per_five_minutes),
            ("limits.visits_per_five_minutes", self.limits.visits_per_five_minutes),
            ("limits.lookups_per_minute", self.limits.lookups_per_minute),
            ("limits.searches_per_minute", self.limits.searches_per_minute),
            ("limits.registrations_per_minute", self.limits.registrations_per_minute),
            ("limits.uploads_per_hour", self.limits.uploads_per_hour),
            ("limits.codes_per_day", self.limits.codes_per_day),
            ("limits.codes_per_contact_and_day", self.limits.codes_per_contact_and_day),
            ("limits.waits_per_hour", self.limits.waits_per_hour),
            ("limits.requests_at_once", self.limits.requests_at_once),
            ("limits.connections", self.limits.connections),
            ("limits.live_connections", self.limits.live_connections),
        ] {
            if n == 0 || n > 100_000 {
                return Err(format!("wrong setting: {name} must be between 1 and 100000, not {n}"));
            }
        }
        self.security.check()?;
        self.challenge.check()?;
        self.flood.check()?;
        self.attachments.check()?;
        for (name, provider) in &self.oidc {
            provider.check(name)?;
        }
        if NaiveTime::parse_from_str(&self.backup.at, "%H:%M").is_err() {
            return Err(format!(
                "wrong setting: backup.at must be a time like 03:00, not {:?}",
                self.backup.at
            ));
        }
        for (name, n) in
            [("backup.keep_daily", self.backup.keep_daily), ("backup.keep_weekly", self.backup.keep_weekly)]
        {
            if n > 35 || self.backup.keep_daily == 0 {
                return Err(format!("wrong setting: {name} must be at most 35, and keep_daily at least 1"));
            }
        }
        Ok(())
    }

    pub fn database_url(&self) -> String {
        match &self.database_url {
            Some(url) => url.expose_secret().to_owned(),
            None => format!("sqlite://{}", self.data_dir.join("jianyan.db").display()),
        }
    }

    /// Where the master key is.
    pub fn key_file(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data_dir.join("jianyan.key"))
    }

    /// What this process is called.
    pub fn instance(&self) -> String {
        self.instance.clone().unwrap_or_else(|| {
            let host = hostname::get().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            format!("{host}:{}", self.listen.port())
        })
    }

    /// Whether there is a site already: a database server is named, or the SQLite file is there.
    pub fn has_database(&self) -> bool {
        let url = self.database_url();
        let Some(file) = url.strip_prefix("sqlite:") else { return true };
        let file = file.strip_prefix("//").unwrap_or(file);
        Path::new(file.split('?').next().unwrap_or(file)).is_file()
    }

    /// Without a slash at the end.
    pub fn base_url(&self) -> String {
        match &self.base_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://localhost:{}", self.listen.port()),
        }
    }

    /// Whether people come over TLS, so that cookies may be marked Secure.
    pub fn is_https(&self) -> bool {
        self.base_url().starts_with("https://")
    }
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((std::net::Ipv6Addr::UNSPECIFIED, 8080)),
            data_dir: "data".into(),
            mail_from: "建言 <no-reply@localhost>".into(),
            trusted_proxies: Vec::new(),
            log_format: LogFormat::default(),
            drain_seconds: 1,
            sms: Sms::default(),
            site: Site::default(),
            rules: Rules::default(),
            limits: Limits::default(),
            security: Security::default(),
            challenge: Challenge::default(),
            flood: Flood::default(),
            screening: Screening::default(),
            backup: Backup::default(),
            attachments: Attachments::default(),
        }
    }
}
