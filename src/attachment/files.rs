//! Where the bytes lie: a directory, or any store that speaks the protocol of S3.
//!
//! What is put there is sealed before (`keep`), so that neither the store nor a copy of it tells anything. An object
//! lies under the day of its upload and the SHA-256 of its bytes: the day lets the sweep find what no row names
//! without asking the store's clock, the hash lets anybody check it without the key.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt as _;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt as _, RetryConfig};
use secrecy::ExposeSecret as _;
use tokio::sync::Semaphore;

use super::bench::Bench;
use crate::config::{Config, S3};
use crate::keys::sha256_hex;
use crate::problem::{Code, Problem};

/// An answer of the store is waited for so long.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
const RETRIES: usize = 2;
const SPOOLS: usize = 32;

/// The store of files.
pub struct Files {
    store: Arc<dyn ObjectStore>,
    pub(super) bench: Bench,
    /// Large bodies that may lie on the disk at once while their requests are worked on.
    pub spools: Arc<Semaphore>,
}

/// The place of an object: the day it was put there, and the hash of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub day: NaiveDate,
    pub hash: String,
}

impl Place {
    pub fn new(at: DateTime<Utc>, hash: &str) -> Self {
        Self { day: at.date_naive(), hash: hash.to_owned() }
    }

    fn path(&self) -> Path {
        Path::from(format!("{}/{}", self.day, self.hash))
    }

    fn of(path: &Path) -> Option<Self> {
        let mut parts = path.parts();
        let (day, hash) = (parts.next()?, parts.next()?);
        let day = day.as_ref().parse().ok()?;
        parts.next().is_none().then(|| Self { day, hash: hash.as_ref().to_owned() })
    }
}

impl Files {
    /// # Errors
    /// A directory that cannot be made, or settings that name no store.
    pub fn open(config: &Config) -> Result<Self, String> {
        let store: Arc<dyn ObjectStore> = match &config.s3 {
            Some(s3) => open_s3(s3)?,
            None => {
                let dir = config.attachments.dir.clone();
                let dir = dir.unwrap_or_else(|| config.data_dir.join("attachments"));
                let cannot = |e: &dyn std::fmt::Display| format!("cannot open {}: {e}", dir.display());
                std::fs::create_dir_all(&dir).map_err(|e| cannot(&e))?;
                // The bytes are on the disk before the row that names them is written.
                let local = LocalFileSystem::new_with_prefix(&dir).map_err(|e| cannot(&e))?;
                Arc::new(local.with_fsync(true))
            }
        };
        Ok(Self { store, bench: Bench::default(), spools: Arc::new(Semaphore::new(SPOOLS)) })
    }

    /// Puts bytes where they stay, whatever happens next.
    ///
    /// # Errors
    /// `unavailable` when the store does not take them.
    pub async fn put(&self, place: &Place, bytes: Vec<u8>) -> Result<(), Problem> {
        self.store.put(&place.path(), bytes.into()).await.map_err(unavailable)?;
        Ok(())
    }

    /// The bytes of an object, which are those that its name says.
    ///
    /// # Errors
    /// `unavailable` when the store does not answer; `internal` when the object is gone or is another.
    pub async fn get(&self, place: &Place) -> Result<Vec<u8>, Problem> {
        let found = self.find(place).await?;
        found.ok_or_else(|| Problem::internal(format!("the file {} is gone from the store", place.hash)))
    }

    /// The same; none when it is not there or is another.
    ///
    /// # Errors
    /// `unavailable` when the store does not answer.
    pub async fn find(&self, place: &Place) -> Result<Option<Vec<u8>>, Problem> {
        let found = match self.store.get(&place.path()).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(e) => return Err(unavailable(e)),
        };
        let bytes = found.bytes().await.map_err(unavailable)?;
        Ok((sha256_hex(&bytes) == place.hash).then(|| bytes.into()))
    }

    /// Everything that was put before a day, a batch at a time.
    ///
    /// # Errors
    /// `unavailable` when the store does not answer.
    pub async fn before(&self, day: NaiveDate) -> Result<Vec<Place>, Problem> {
        let listed = self.store.list(None);
        listed
            .try_filter_map(|o| async move { Ok(Place::of(&o.location).filter(|p| p.day < day)) })
            .try_collect()
            .await
            .map_err(unavailable)
    }

    /// Whether nothing was ever put there.
    ///
    /// # Errors
    /// `unavailable` when the store does not answer.
    pub async fn is_empty(&self) -> Result<bool, Problem> {
        Ok(self.store.list(None).try_next().await.map_err(unavailable)?.is_none())
    }

    /// Takes an object away; one that is gone already is fine.
    ///
    /// # Errors
    /// `unavailable` when the store does not answer.
    pub async fn remove(&self, place: &Place) -> Result<(), Problem> {
        match self.store.delete(&place.path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(unavailable(e)),
        }
    }
}

fn open_s3(s3: &S3) -> Result<Arc<dyn ObjectStore>, String> {
    // The program installs it when it starts; whoever uses the library may not have.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let plain = s3.endpoint.as_deref().is_some_and(|e| e.starts_with("http://"));
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&s3.bucket)
        .with_region(&s3.region)
        // Not every store that speaks S3 knows it, and the sweep takes one at a time.
        .with_disable_bulk_delete(true)
        .with_access_key_id(s3.access_key.expose_secret())
        .with_secret_access_key(s3.secret_key.expose_secret())
        .with_client_options(
            ClientOptions::new()
                .with_allow_http(plain)
                .with_timeout(LONGEST_WAIT)
                .with_connect_timeout(LONGEST_WAIT),
        )
        .with_retry(RetryConfig {
            max_retries: RETRIES,
            retry_timeout: LONGEST_WAIT,
            ..RetryConfig::default()
        });
    if let Some(endpoint) = &s3.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    let store = builder.build().map_err(|e| format!("wrong setting: s3: {e}"))?;
    Ok(Arc::new(PrefixStore::new(store, s3.prefix.as_str())))
}

/// The trouble of a store passes; what went wrong is for the log.
fn unavailable(e: object_store::Error) -> Problem {
    Problem { source: Some(Box::new(e)), ..Problem::new(Code::Unavailable) }
}
