//! The only composition root: everything an operation needs, cheap to clone.

use std::ops::Deref;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::attachment::Files;
use crate::calendar::{self, Calendar};
use crate::challenge::Crowd;
use crate::config::Config;
use crate::db::{Db, Write};
use crate::health::Health;
use crate::keys::{Keys, Purpose};
use crate::notice::mailer::Mailer;
use crate::notice::texter::Texter;
use crate::oidc::Providers;
use crate::problem::Problem;
use crate::random::Rng;
use crate::rate::Limiter;
use crate::screening::Lexicon;
use crate::surge::Levels;
use crate::time::Clock;

/// Passwords hashed at once: each takes a core and 19 MiB.
const HASHES: usize = 2;
/// People who may wait for theirs; a longer queue would be seconds long.
const WAITING_HASHES: usize = 50;

/// See the module.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub db: Db,
    pub clock: Clock,
    pub rng: Rng,
    pub config: Config,
    pub keys: Keys,
    pub mailer: Mailer,
    pub texter: Texter,
    /// Who vouches for residents and staff (OpenID Connect).
    pub providers: Providers,
    pub limiter: Limiter,
    /// When this process last looked for texts to sketch, seconds since 1970.
    pub sketched_at: AtomicI64,
    /// How fast things come.
    pub levels: Levels,
    /// How many come to each gate.
    pub crowd: Crowd,
    /// Where attachments lie.
    pub files: Files,
    /// What the frame of every page says.
    pub site: web::layout::Site,
    /// Who may hash a password now, and who may wait for it.
    pub hashing: Semaphore,
    pub hashing_queue: Semaphore,
    pub health: Health,
    pub started_at: DateTime<Utc>,
    calendar: RwLock<Known>,
    /// The version of the calendar by which this process last counted the open duties.
    settled: AtomicU64,
    /// The lexicon that this process last built, with its version.
    lexicon: RwLock<Option<(i64, Arc<Lexicon>)>>,
    /// The day whose backup this process last planned.
    backup_day: RwLock<Option<NaiveDate>>,
    /// The day whose sweep of attachments this process last planned.
    sweep_day: RwLock<Option<NaiveDate>>,
    /// The moment whose look at the year's counters this process last planned.
    year_hour: RwLock<Option<DateTime<Utc>>>,
}

/// The calendar in force and its version: the number of imports that made it.
struct Known {
    calendar: Arc<Calendar>,
    version: u64,
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Connects, migrates and loads what every request needs.
    ///
    /// # Errors
    /// Anything that makes serving impossible, in words for the person at the terminal.
    pub async fn open(config: Config, clock: Clock, rng: Rng) -> Result<Self, String> {
        std::fs::create_dir_all(&config.data_dir)
            .map_err(|e| format!("cannot create data directory {}: {e}", config.data_dir.display()))?;
        let keys = Keys::load_or_create(&config.key_file(), &rng)?;
        let mailer = Mailer::from_config(&config)?;
        let files = Files::open(&config)?;
        let texter = Texter::from_config(&config)?;
        let providers = Providers::open(&config)?;
        let db = Db::connect(&config.database_url())
            .await
            .map_err(|e| format!("cannot open the database: {e}"))?;
        db.migrate().await.map_err(|e| format!("cannot migrate the database: {e}"))?;
        let limiter = Limiter::new(&config.limits);
        let crowd = Crowd::new(&config.challenge);
        let site = site(&config.site);
        let app = Self(Arc::new(Inner {
            health: Health::default(),
            started_at: clock.now(),
            db,
            clock,
            rng,
            config,
            keys,
            mailer,
            texter,
            providers,
            limiter,
            crowd,
            levels: Levels::default(),
            sketched_at: AtomicI64::new(0),
            files,
            site,
            hashing: Semaphore::new(HASHES),
            hashing_queue: Semaphore::new(HASHES + WAITING_HASHES),
            calendar: RwLock::new(Known { calendar: Arc::new(Calendar::embedded()), version: 0 }),
            settled: AtomicU64::new(0),
            lexicon: RwLock::new(None),
            backup_day: RwLock::new(None),
            sweep_day: RwLock::new(None),
            year_hour: RwLock::new(None),
        }));
        app.check_key().await?;
        app.reload_calendar().await.map_err(|e| format!("cannot read the calendar: {e}"))?;
        app.settle_calendar(app.calendar_version());
        Ok(app)
    }

    /// Every process over one database must have the same key: what one sealed or hashed, the others must open
    /// and find again.
    async fn check_key(&self) -> Result<(), String> {
        let ours = self.keys.mac_hex(Purpose::Check, "jianyan");
        let known = self.db.key_check(&ours, self.now()).await;
        let known = known.map_err(|e| format!("cannot read the settings in the database: {e}"))?;
        if known == ours {
            return Ok(());
        }
        Err(format!(
            "the key in {} is not the one this database was begun with; every instance needs the same key file \
             (setting key_file)",
            self.config.key_file().display()
        ))
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Today's civil date in Asia/Shanghai.
    pub fn today(&self) -> NaiveDate {
        calendar::civil::local_date(self.now())
    }

    /// A fresh UUIDv7, wrapped into the id type that is asked for.
    pub fn id<T: From<Uuid>>(&self) -> T {
        T::from(self.rng.uuid(self.now()))
    }

    /// Opens a write transaction.
    ///
    /// # Errors
    /// The database's own.
    pub async fn write(&self) -> Result<Write, Problem> {
        self.db.begin().await
    }

    /// The calendar in force; hold the `Arc` for as long as one answer is computed.
    pub fn calendar(&self) -> Arc<Calendar> {
        self.calendar.read().unwrap_or_else(PoisonError::into_inner).calendar.clone()
    }

    /// How many imports the calendar in force is made of.
    pub fn calendar_version(&self) -> u64 {
        self.calendar.read().unwrap_or_else(PoisonError::into_inner).version
    }

    /// Reads the imported holidays again, after an import here or on another instance.
    ///
    /// # Errors
    /// The database's own.
    pub async fn reload_calendar(&self) -> Result<(), Problem> {
        // The version first: an import in between makes the table newer than it says, and it is read again.
        let version = calendar::store::version(self.db.read()).await?;
        let calendar = Arc::new(calendar::store::load(self.db.read()).await?);
        *self.calendar.write().unwrap_or_else(PoisonError::into_inner) = Known { calendar, version };
        Ok(())
    }

    /// The version by which this process last counted the open duties; see [`calendar::follow`].
    pub fn settled_calendar(&self) -> u64 {
        self.settled.load(Ordering::SeqCst)
    }

    /// The day whose backup this process last planned; see [`crate::backup::plan`].
    pub fn backup_planned(&self) -> Option<NaiveDate> {
        *self.backup_day.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The day whose sweep this process last planned; see [`crate::attachment::plan`].
    pub fn sweep_planned(&self) -> Option<NaiveDate> {
        *self.sweep_day.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn plan_sweep(&self, day: NaiveDate) {
        *self.sweep_day.write().unwrap_or_else(PoisonError::into_inner) = Some(day);
    }

    /// The hour whose look at the year's counters this process last planned.
    pub fn year_followed(&self) -> Option<DateTime<Utc>> {
        *self.year_hour.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn follow_year(&self, hour: DateTime<Utc>) {
        *self.year_hour.write().unwrap_or_else(PoisonError::into_inner) = Some(hour);
    }

    /// The lexicon of that version, if this process has built it.
    pub fn lexicon(&self, version: i64) -> Option<Arc<Lexicon>> {
        let kept = self.lexicon.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(of, _)| *of == version).map(|(_, lexicon)| lexicon.clone())
    }

    pub fn keep_lexicon(&self, version: i64, lexicon: Arc<Lexicon>) {
        *self.lexicon.write().unwrap_or_else(PoisonError::into_inner) = Some((version, lexicon));
    }

    pub fn plan_backup(&self, day: NaiveDate) {
        *self.backup_day.write().unwrap_or_else(PoisonError::into_inner) = Some(day);
    }

    pub fn settle_calendar(&self, version: u64) {
        self.settled.store(version, Ordering::SeqCst);
    }
}

fn site(s: &crate::config::Site) -> web::layout::Site {
    web::layout::Site {
        name: s.name.clone(),
        name_en: s.name_en.clone(),
        tagline: s.tagline.clone(),
        tagline_en: s.tagline_en.clone(),
        domain: s.domain.clone(),
        id_code: s.id_code.clone(),
        icp: s.icp.clone(),
        police_record: s.police_record.clone(),
        sponsor: s.sponsor.clone(),
        address: s.address.clone(),
        postcode: s.postcode.clone(),
        phone: s.phone.clone(),
        email: s.email.clone(),
        party_mark_url: s.party_mark_url.clone(),
        find_error_url: s.report_error_url.clone(),
        ipv6: true,
    }
}
