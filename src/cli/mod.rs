//! The command line: what `jianyan` can be asked to do.

#![expect(clippy::print_stdout, reason = "a command line speaks on standard output")]

mod backup;
pub mod clauses;
mod draw;
mod recover;
pub mod screen;
pub mod workday;

use std::io::Write as _;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::account::{set_up, token};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::{self, Calendar};
use crate::config::{Config, Flags, LogFormat};
use crate::db::Db;
use crate::demo;
use crate::http;
use crate::job;
use crate::random::Rng;
use crate::time::Clock;

/// 建言 Jianyan: public consultation and decision participation for government bodies.
///
/// Settings come from defaults, then jianyan.toml, then the environment (JIANYAN_…), then flags.
#[derive(Parser)]
#[command(name = "jianyan", version, about, long_about)]
pub struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site (the default)
    Serve(ServeArgs),
    /// Serve a fresh example bureau, fully populated, from DATA_DIR/demo
    Demo(DemoArgs),
    /// Bring the database up to this version and stop
    Migrate,
    /// Do background work only: reminders, mail
    Worker,
    /// Print the OpenAPI document
    Openapi,
    /// Issue a bearer token for automation
    Token(TokenArgs),
    /// Open an account anew whose password, phone or codes are lost, where no administrator can
    Recover(recover::RecoverArgs),
    /// Write the whole site into one file, while it works on
    Backup(backup::BackupArgs),
    /// Bring a site back from a backup, into an empty place
    Restore(backup::RestoreArgs),
    /// Check the site, or a backup
    Verify(backup::VerifyArgs),
    /// Copy the whole site into another, empty database: from SQLite to PostgreSQL or back
    Move(backup::MoveArgs),
    /// Write what is public of one consultation into an open archive
    Export(backup::ExportArgs),
    /// Take over a closed consultation that another site exported
    Import(backup::ImportArgs),
    /// Cut a draft into clauses and print them
    Clauses(clauses::ClausesArgs),
    /// Check the draw of an event's seats
    Draw(draw::DrawArgs),
    /// Tell what screening notices in texts, one a line
    Screen(screen::ScreenArgs),
    /// Count working days of China
    Workday(workday::WorkdayArgs),
}

#[derive(Args, Default)]
struct ServeArgs {
    /// Leave reminders and mail to `jianyan worker`
    #[arg(long)]
    no_worker: bool,
}

#[derive(Args)]
struct DemoArgs {
    /// So many more opinions in one consultation, written straight into the database, to try the site at its
    /// limits
    #[arg(long, value_name = "N", default_value_t = 0)]
    opinions: u64,
    /// Build it and stop
    #[arg(long)]
    no_serve: bool,
}

#[derive(Args)]
struct TokenArgs {
    /// Whom the token speaks for
    login: String,
    /// How long it works
    #[arg(long, default_value_t = 24)]
    hours: u32,
    /// What it is for, kept beside it
    #[arg(long, default_value = "")]
    label: String,
}

const LONGEST_JOB_AFTER_STOP: Duration = Duration::from_secs(9);

/// What is logged when nobody chose.
const LOG: &str = "info,sqlx=warn,sea_orm_migration=warn";
/// Whatever is chosen: at its most talkative SeaORM tells the address of the database, and with it its password.
const NEVER: &str = "sea_orm=info,sea_orm::database=info,sea_orm::driver=info";

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// Words for the person at the terminal.
    pub async fn run(self) -> Result<(), Failure> {
        let mut out = std::io::stdout();
        match self.command.unwrap_or(Command::Serve(ServeArgs::default())) {
            Command::Serve(args) => serve(open(&self.flags).await?, !args.no_worker).await,
            Command::Demo(args) => demo(&self.flags, &args).await,
            Command::Migrate => open(&self.flags).await.map(drop),
            Command::Worker => worker(open(&self.flags).await?).await,
            Command::Openapi => Ok(writeln!(out, "{}", http::openapi().spec())?),
            Command::Token(args) => {
                let app = open(&self.flags).await?;
                let (secret, until) =
                    token::issue(&app, &Actor::system(), &args.login, args.hours, &args.label).await?;
                eprintln!("valid until {until}; it is shown only this once");
                Ok(writeln!(out, "{secret}")?)
            }
            Command::Recover(args) => recover::run(&open(&self.flags).await?, &args, &mut out).await,
            Command::Backup(args) => backup::backup(&self.flags, &args, &mut out).await,
            Command::Restore(args) => backup::restore(&self.flags, args, &mut out).await,
            Command::Verify(args) => backup::verify(&self.flags, &args, &mut out).await,
            Command::Move(args) => backup::transfer(&self.flags, &args, &mut out).await,
            Command::Export(args) => backup::export(&self.flags, &args, &mut out).await,
            Command::Import(args) => backup::import(&self.flags, &args, &mut out).await,
            Command::Clauses(args) => clauses::run(&args, &mut out),
            Command::Draw(args) => draw::run(&args, &mut out),
            Command::Screen(args) => screen::run(&args, &mut out),
            Command::Workday(args) => match args.import_file() {
                Some(file) => workday::import(&open(&self.flags).await?, file, &mut out).await,
                None => workday::run(args, &calendar(&self.flags).await?, &mut out),
            },
        }
    }
}

async fn open(flags: &Flags) -> Result<App, Failure> {
    let config = Config::load(flags)?;
    log(config.log_format);
    Ok(App::open(config, Clock::System, Rng::system()).await?)
}

/// The calendar of the site these settings lead to, with what was imported there; without a site, the
/// embedded one.
async fn calendar(flags: &Flags) -> Result<Calendar, Failure> {
    let config = Config::load(flags)?;
    if !config.has_database() {
        return Ok(Calendar::embedded());
    }
    let db = Db::connect(&config.database_url()).await?;
    let calendar = calendar::store::load(db.read()).await;
    db.close().await;
    calendar.map_err(|e| format!("cannot read the calendar of {}: {e}", config.data_dir.display()).into())
}

/// What is logged, as `JIANYAN_LOG` chooses; secrets never.
///
/// # Errors
/// Words that choose nothing.
pub fn log_filter(chosen: &str) -> Result<EnvFilter, ParseError> {
    EnvFilter::try_new(format!("{chosen},{NEVER}"))
}

/// Structured lines on standard error; `JIANYAN_LOG` chooses how much.
fn log(format: LogFormat) {
    let chosen = std::env::var("JIANYAN_LOG").unwrap_or_else(|_| LOG.to_owned());
    let filter = log_filter(&chosen).unwrap_or_else(|_| EnvFilter::new(LOG));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A line that cannot be written, because the disk with the log is full, is lost. The complaint about it
    // would go to standard error as well, and panic there in the middle of whatever was logged.
    let lines = lines.log_internal_errors(false);
    // A second subscriber is refused; the first one stays.
    let _ = match format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).try_init(),
    };
}

async fn serve(app: App, with_worker: bool) -> Result<(), Failure> {
    if let Some(link) = set_up::first_link(&app).await? {
        println!("\n  首次启动：请在 24 小时内打开以下一次性链接，创建第一位管理员。");
        println!(
            "  First start: open this one-time link within 24 hours to create the first administrator.\n\n  {link}\n"
        );
    }
    println!("  建言 Jianyan  {}  (listening on {})", app.config.base_url(), app.config.listen);
    http::serve(app, with_worker).await.map_err(|e| format!("cannot serve: {e}").into())
}

/// The example starts empty each time; its people's password is made for this start and printed.
async fn demo(flags: &Flags, args: &DemoArgs) -> Result<(), Failure> {
    let config = demo::settings(Config::load(flags)?);
    log(config.log_format);
    demo::clear(&config.data_dir)?;
    println!("\n  正在生成示例单位的一年……  Living the example bureau's year …");
    let progress = |n| eprintln!("  {n} / {} 条意见 opinions", args.opinions);
    let logins = demo::build_with(&config, Clock::System.now(), args.opinions, progress).await?;
    let app = App::open(config, Clock::System, Rng::system()).await?;
    println!("\n  示例工作人员（口令均为 {0}）  Example staff, all with the password {0}\n", logins.password);
    for (login, name, roles) in &logins.people {
        println!("    {login:<14} {roles:<40} {name}");
    }
    if let Some(code) = logins.code {
        let page = format!("{}{}/{}", app.config.base_url(), web::path::REGISTRATIONS, code.grouped());
        println!(
            "\n  听证会参加人查询码  A hearing participant's lookup code: {}\n    {page}",
            code.grouped()
        );
    }
    println!();
    if args.no_serve {
        app.db.close().await;
        return Ok(());
    }
    serve(app, true).await
}

/// Told to stop, it finishes its job, if that takes no longer than a service manager waits.
async fn worker(app: App) -> Result<(), Failure> {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let asked = http::shutdown();
    let told = async {
        asked.await;
        let _ = stop.send(true);
        tokio::time::sleep(LONGEST_JOB_AFTER_STOP).await;
    };
    tokio::select! {
        () = job::run_forever(app.clone(), stopped) => {}
        () = told => tracing::warn!("a job was cut off; it will run again"),
    }
    app.db.close().await;
    Ok(())
}
