//! One provider: what it says of itself (discovery), and what is asked of it. What it says is read at the first use and
//! kept for half a day; keys that it changed in between are read again when a signature needs them.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Request, Response};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, AsyncHttpClient, EndSessionUrl, HttpRequest, HttpResponse, IssuerUrl,
    ProviderMetadata,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::sync::RwLock;
use url::Url;

use crate::config::{self, is_secure};
use crate::keys;
use crate::outbound::{self, Client};

/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// No answer of a provider is larger.
const LARGEST: usize = 512 * 1024;
/// How long what a provider says of itself is believed.
const FRESH: TimeDelta = TimeDelta::hours(12);
/// Keys are not looked for more often than that: a forged token must not make us ask each time.
const GRAIN: TimeDelta = TimeDelta::minutes(1);

/// What a provider may say of itself beyond the crate's own list.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct More {
    /// RP-initiated logout.
    pub end_session_endpoint: Option<EndSessionUrl>,
    /// It names itself in every answer (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for More {}

pub(super) type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// Why a provider could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("{0} is not a host of this provider in the settings")]
    Elsewhere(String),
    #[error("it did not answer in time")]
    TooSlow,
    #[error("it cannot be reached")]
    Unreachable,
    #[error("its answer broke off or was too large")]
    Broken,
    #[error("what it says of itself cannot be used: {0}")]
    Unusable(String),
}

/// How a provider answered last, for those who run the site.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub ok_at: Option<DateTime<Utc>>,
    /// Since the last time it was well.
    pub failed: Option<(DateTime<Utc>, String)>,
}

struct Known {
    metadata: Metadata,
    read_at: DateTime<Utc>,
}

pub struct Provider {
    /// In the settings.
    pub key: String,
    pub settings: config::Oidc,
    pub(super) secret: Option<SecretString>,
    issuer: IssuerUrl,
    hosts: BTreeSet<String>,
    client: Client,
    known: RwLock<Option<Known>>,
    seen: Mutex<Seen>,
}

impl Provider {
    /// # Errors
    /// Settings that cannot be used, in words for the person at the terminal.
    pub(super) fn open(key: &str, settings: &config::Oidc) -> Result<Self, String> {
        let wrong = |what: &str, why: String| format!("wrong setting: oidc.{key}.{what}: {why}");
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|e| wrong("issuer", e.to_string()))?;
        let host = host(issuer.url()).ok_or_else(|| wrong("issuer", "it names no host".into()))?;
        let hosts = settings.hosts.iter().map(|h| h.to_lowercase()).chain([host]).collect();
        let secret = match &settings.client_secret_file {
            None => None,
            Some(path) => {
                keys::check_private(path, "secret file").map_err(|e| wrong("client_secret_file", e))?;
                let text = std::fs::read_to_string(path)
                    .map_err(|e| wrong("client_secret_file", format!("{}: {e}", path.display())))?;
                Some(text.trim().to_owned()).filter(|t| !t.is_empty()).map(SecretString::from)
            }
        };
        if settings.client_secret_file.is_some() && secret.is_none() {
            return Err(wrong("client_secret_file", "it is empty".into()));
        }
        let client = outbound::client(settings.ca_file.as_deref()).map_err(|e| wrong("ca_file", e))?;
        Ok(Self {
            key: key.to_owned(),
            settings: settings.clone(),
            secret,
            issuer,
            hosts,
            client,
            known: RwLock::new(None),
            seen: Mutex::default(),
        })
    }

    pub fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn saw(&self, now: DateTime<Utc>, trouble: Option<&Trouble>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match trouble {
            None => *seen = Seen { ok_at: Some(now), failed: None },
            Some(trouble) => {
                tracing::warn!(provider = self.key, %trouble, "a provider of identities is of no use now");
                seen.failed = Some((now, trouble.to_string()));
            }
        }
    }

    /// What the provider says of itself, kept or asked for.
    pub(super) async fn metadata(&self, now: DateTime<Utc>) -> Result<Metadata, Trouble> {
        let kept = self.kept(|known| now - known.read_at < FRESH).await;
        match kept {
            Some(metadata) => Ok(metadata),
            None => match self.read(now).await {
                Ok(metadata) => Ok(metadata),
                // What it said before is better than nothing.
                Err(trouble) => self.kept(|_| true).await.ok_or(trouble),
            },
        }
    }

    /// The same with keys of now, unless they were read just before.
    pub(super) async fn renewed(&self, now: DateTime<Utc>) -> Result<Metadata, Trouble> {
        match self.kept(|known| now - known.read_at < GRAIN).await {
            Some(metadata) => Ok(metadata),
            None => self.read(now).await,
        }
    }

    async fn kept(&self, good: impl Fn(&Known) -> bool) -> Option<Metadata> {
        let known = self.known.read().await;
        known.as_ref().filter(|known| good(known)).map(|known| known.metadata.clone())
    }

    async fn read(&self, now: DateTime<Utc>) -> Result<Metadata, Trouble> {
        let found = self.discover().await;
        self.saw(now, found.as_ref().err());
        let metadata = found?;
        *self.known.write().await = Some(Known { metadata: metadata.clone(), read_at: now });
        Ok(metadata)
    }

    async fn discover(&self) -> Result<Metadata, Trouble> {
        use openidconnect::DiscoveryError;
        let metadata = Metadata::discover_async(self.issuer.clone(), self).await.map_err(|e| match e {
            DiscoveryError::Request(trouble) => trouble,
            DiscoveryError::Response(status, ..) => {
                Trouble::Unusable(format!("it answered {}", status.as_u16()))
            }
            DiscoveryError::Validation(_) => Trouble::Unusable("it calls itself by another name".into()),
            other => Trouble::Unusable(other.to_string()),
        })?;
        self.allow(metadata.authorization_endpoint().url())?;
        match metadata.token_endpoint() {
            Some(endpoint) => self.allow(endpoint.url())?,
            None => return Err(Trouble::Unusable("it has no token endpoint".into())),
        }
        if let Some(endpoint) = &metadata.additional_metadata().end_session_endpoint {
            self.allow(endpoint.url())?;
        }
        Ok(metadata)
    }

    /// Only over TLS, and only to a host that the settings name.
    fn allow(&self, url: &Url) -> Result<(), Trouble> {
        let host = host(url).filter(|host| self.hosts.contains(host) && is_secure(url.as_str()));
        host.map(drop).ok_or_else(|| Trouble::Elsewhere(url.host_str().unwrap_or_default().to_owned()))
    }

    /// One request to the provider; no redirect is followed.
    async fn fetch(&self, request: HttpRequest) -> Result<HttpResponse, Trouble> {
        let url = Url::parse(&request.uri().to_string()).map_err(|_| Trouble::Elsewhere(String::new()))?;
        self.allow(&url)?;
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts, Full::new(Bytes::from(body)));
        let answered = async {
            let answer = self.client.request(request).await.map_err(|_| Trouble::Unreachable)?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, LARGEST).collect().await.map_err(|_| Trouble::Broken)?;
            Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
        };
        tokio::time::timeout(PATIENCE, answered).await.unwrap_or(Err(Trouble::TooSlow))
    }
}

impl<'c> AsyncHttpClient<'c> for Provider {
    type Error = Trouble;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Trouble>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.fetch(request))
    }
}

/// `host`, or `host:port` where the port is not the usual one.
fn host(url: &Url) -> Option<String> {
    let host = url.host_str()?.to_lowercase();
    Some(url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}")))
}
