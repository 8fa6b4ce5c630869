//! Asking a provider: the address a person is sent to, and who came back with a code. Authorization code flow with
//! PKCE (RFC 7636), `state` and `nonce`; the ID token's signature, issuer, audience, time and nonce are checked by the
//! crate `openidconnect`, here only what it leaves to its user.

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
    CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AuthType, AuthenticationContextClass, AuthorizationCode, ClaimsVerificationError, ClientId,
    ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, LanguageTag, LogoutRequest,
    Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, RedirectUrl,
    RequestTokenError, Scope, SignatureVerificationError, TokenResponse as _,
};
use secrecy::ExposeSecret as _;

use super::provider::{Metadata, Provider, Trouble};
use super::refusal::Refusal;
use crate::app::App;
use crate::config::{Audience, ClientAuth, ContactClaim};
use crate::keys::Purpose;
use crate::text;

/// So far may the clocks of provider and site differ.
const SKEW: TimeDelta = TimeDelta::seconds(60);
/// Longer ones no provider gives.
const LONGEST_CODE: usize = 4096;

/// Algorithms with a public key. Those with a shared one, and none at all, prove nothing about who signed.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What only this site knows of a visit.
pub(super) struct Secrets<'a> {
    pub state: &'a str,
    pub nonce: &'a str,
    pub verifier: &'a str,
}

/// Who came back.
#[derive(Debug)]
pub(super) struct Known {
    /// Keyed hash of issuer and subject.
    pub subject: String,
    /// What the provider calls the person, masked.
    pub label: String,
    /// A contact that the provider has verified.
    pub contact: Option<String>,
    /// The provider asked for a second factor.
    pub second_factor: bool,
}

/// Where every provider sends people back to.
pub fn redirect_uri(app: &App) -> String {
    format!("{}{}", app.config.base_url(), web::path::CALLBACK)
}

fn client(app: &App, provider: &Provider, metadata: Metadata) -> Result<Client, Trouble> {
    let settings = &provider.settings;
    let secret = provider.secret.as_ref().map(|s| ClientSecret::new(s.expose_secret().to_owned()));
    let redirect = RedirectUrl::new(redirect_uri(app))
        .map_err(|_| Trouble::Unusable("base_url is no address".into()))?;
    let auth = match settings.client_auth {
        ClientAuth::Basic => AuthType::BasicAuth,
        ClientAuth::Post => AuthType::RequestBody,
    };
    let client =
        CoreClient::from_provider_metadata(metadata, ClientId::new(settings.client_id.clone()), secret);
    Ok(client.set_redirect_uri(redirect).set_auth_type(auth))
}

/// The address at the provider that a person is sent to.
pub(super) async fn address(
    app: &App,
    provider: &Provider,
    secrets: &Secrets<'_>,
    lang: &str,
) -> Result<String, Trouble> {
    let client = client(app, provider, provider.metadata(app.now()).await?)?;
    let (state, nonce) = (secrets.state.to_owned(), secrets.nonce.to_owned());
    let verifier = PkceCodeVerifier::new(secrets.verifier.to_owned());
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            || CsrfToken::new(state),
            || Nonce::new(nonce),
        )
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .add_ui_locale(LanguageTag::new(if lang == "en" { "en" } else { "zh-CN" }.to_owned()));
    for scope in provider.settings.scopes() {
        request = request.add_scope(Scope::new(scope));
    }
    for class in &provider.settings.acr_values {
        request = request.add_auth_context_value(AuthenticationContextClass::new(class.clone()));
    }
    Ok(request.url().0.into())
}

/// Whether the provider names itself in its answers.
pub(super) async fn names_itself(app: &App, provider: &Provider) -> Result<bool, Refusal> {
    let metadata = provider.metadata(app.now()).await.map_err(|_| Refusal::Away)?;
    Ok(metadata.additional_metadata().authorization_response_iss_parameter_supported)
}

/// Exchanges the code for who it is.
pub(super) async fn exchange(
    app: &App,
    provider: &Provider,
    audience: Audience,
    code: &str,
    nonce: &str,
    verifier: &str,
) -> Result<Known, Refusal> {
    if code.is_empty() || code.len() > LONGEST_CODE {
        return Err(Refusal::Untrue);
    }
    let metadata = provider.metadata(app.now()).await.map_err(|_| Refusal::Away)?;
    let client = client(app, provider, metadata).map_err(|_| Refusal::Away)?;
    let answer = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .map_err(|_| Refusal::Away)?
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()))
        .request_async(provider)
        .await
        .map_err(|e| match e {
            RequestTokenError::Request(_) => Refusal::Away,
            // A code that was used, stolen or made up; or our secret is wrong, which the log tells.
            RequestTokenError::ServerResponse(said) => {
                tracing::warn!(provider = provider.key, error = %said.error(), "a provider refused a code");
                Refusal::Untrue
            }
            _ => Refusal::Provider,
        })?;
    let token = answer.id_token().ok_or(Refusal::Provider)?;
    let nonce = Nonce::new(nonce.to_owned());
    let claims = verified(app, provider, client.clone(), token, &nonce).await?;
    let mut known = read(app, provider, &claims)?;
    if audience == Audience::Residents && known.contact.is_none() {
        known.contact = told(provider, &client, answer.access_token(), &claims).await?;
    }
    Ok(known)
}

/// The claims of a token that is to be believed; for a signature by a key that nobody knows yet, the keys are read
/// again.
async fn verified(
    app: &App,
    provider: &Provider,
    first: Client,
    token: &CoreIdToken,
    nonce: &Nonce,
) -> Result<CoreIdTokenClaims, Refusal> {
    use ClaimsVerificationError as Wrong;
    let answer = check(app.now(), provider, &first, token, nonce);
    let answer = match answer {
        Err(Wrong::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
            let metadata = provider.renewed(app.now()).await.map_err(|_| Refusal::Away)?;
            let second = client(app, provider, metadata).map_err(|_| Refusal::Away)?;
            check(app.now(), provider, &second, token, nonce)
        }
        other => other,
    };
    answer.map_err(|e| {
        // The crate's words name what was expected and found, never a secret; nonces it does not repeat.
        tracing::warn!(provider = provider.key, error = %e, "the answer of a provider is not believed");
        match e {
            Wrong::Expired(_) => Refusal::Clock,
            Wrong::InvalidAuthContext(_) => Refusal::TooWeak,
            _ => Refusal::Untrue,
        }
    })
}

fn check(
    now: DateTime<Utc>,
    provider: &Provider,
    client: &Client,
    token: &CoreIdToken,
    nonce: &Nonce,
) -> Result<CoreIdTokenClaims, ClaimsVerificationError> {
    let wanted = &provider.settings.acr_values;
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || now - SKEW)
        .set_issue_time_verifier_fn(move |at| {
            if at > now + SKEW { Err("issued in the future".to_owned()) } else { Ok(()) }
        })
        .set_auth_context_verifier_fn(move |class| {
            let found = class.is_some_and(|class| wanted.iter().any(|w| w == class.as_str()));
            if wanted.is_empty() || found { Ok(()) } else { Err("not one of acr_values".to_owned()) }
        });
    let claims = token.claims(&verifier, nonce)?.clone();
    match claims.authorized_party() {
        Some(party) if party.as_str() != provider.settings.client_id => {
            Err(ClaimsVerificationError::InvalidAudience("it was issued to another client".into()))
        }
        _ => Ok(claims),
    }
}

fn read(app: &App, provider: &Provider, claims: &CoreIdTokenClaims) -> Result<Known, Refusal> {
    let subject = claims.subject().as_str();
    // 255 is the longest that the specification allows.
    if subject.is_empty() || subject.len() > 255 {
        return Err(Refusal::Untrue);
    }
    let class = claims.auth_context_ref().map(|class| class.as_str());
    let methods = claims.auth_method_refs().into_iter().flatten().map(|m| m.as_str());
    let covers = |said: &str| provider.settings.second_factor.iter().any(|s| s == said);
    let called = claims
        .preferred_username()
        .map(|n| n.as_str())
        .or_else(|| claims.email().map(|e| e.as_str()))
        .unwrap_or(subject);
    Ok(Known {
        subject: app.keys.mac_hex(Purpose::Visit, &format!("{}\n{subject}", claims.issuer().as_str())),
        label: masked(called),
        contact: contact(
            provider.settings.contact,
            (claims.email().map(|e| e.as_str()), claims.email_verified()),
            (claims.phone_number().map(|p| p.as_str()), claims.phone_number_verified()),
        ),
        second_factor: class.into_iter().chain(methods).any(covers),
    })
}

/// The contact that the provider tells only when it is asked for it; without such a place, none.
async fn told(
    provider: &Provider,
    client: &Client,
    access: &AccessToken,
    claims: &CoreIdTokenClaims,
) -> Result<Option<String>, Refusal> {
    // The subject must be the same, or somebody's token was swapped.
    let Ok(request) = client.user_info(access.clone(), Some(claims.subject().clone())) else {
        return Ok(None);
    };
    let info: CoreUserInfoClaims = request.request_async(provider).await.map_err(|e| match e {
        openidconnect::UserInfoError::Request(_) => Refusal::Away,
        openidconnect::UserInfoError::ClaimsVerification(_) => Refusal::Untrue,
        _ => Refusal::Provider,
    })?;
    Ok(contact(
        provider.settings.contact,
        (info.email().map(|e| e.as_str()), info.email_verified()),
        (info.phone_number().map(|p| p.as_str()), info.phone_number_verified()),
    ))
}

/// The contact of the kind that the settings name, if the provider says that it has verified it.
fn contact(
    kind: ContactClaim,
    email: (Option<&str>, Option<bool>),
    phone: (Option<&str>, Option<bool>),
) -> Option<String> {
    let (value, verified) = match kind {
        ContactClaim::Email => email,
        ContactClaim::PhoneNumber => phone,
    };
    let value = text::tidy(value.filter(|_| verified == Some(true))?);
    match kind {
        ContactClaim::Email => text::is_email(&value).then_some(value),
        // Written as people here write it, so that it is the same one that they would type.
        ContactClaim::PhoneNumber if text::is_mobile(&value) => Some(text::contact_key(&value)),
        ContactClaim::PhoneNumber => {
            (!value.contains('@') && text::contact(&value).is_ok() && !value.is_empty()).then_some(value)
        }
    }
}

fn masked(called: &str) -> String {
    let called = text::tidy(called);
    if called.contains('@') || called.chars().count() >= 8 {
        return text::mask_contact(&called).chars().take(60).collect();
    }
    called.chars().take(2).chain("***".chars()).collect()
}

/// Where somebody signs out at the provider; none where it offers no such place.
pub(super) async fn logout(app: &App, provider: &Provider, back: &str) -> Option<String> {
    let metadata = provider.metadata(app.now()).await.ok()?;
    let endpoint = metadata.additional_metadata().end_session_endpoint.clone()?;
    let back = PostLogoutRedirectUrl::new(format!("{}{back}", app.config.base_url())).ok()?;
    let request = LogoutRequest::from(endpoint)
        .set_client_id(ClientId::new(provider.settings.client_id.clone()))
        .set_post_logout_redirect_uri(back);
    Some(request.http_get_url().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_verified_contact_of_the_named_kind_counts() {
        let phone = (Some("+86 138-0000-1234"), Some(true));
        let email = (Some("zhang@example.invalid"), Some(true));
        let of = |kind, email, phone| contact(kind, email, phone);
        assert_eq!(of(ContactClaim::PhoneNumber, email, phone).as_deref(), Some("13800001234"));
        assert_eq!(of(ContactClaim::Email, email, phone).as_deref(), Some("zhang@example.invalid"));
        assert_eq!(of(ContactClaim::Email, (email.0, Some(false)), phone), None);
        assert_eq!(of(ContactClaim::Email, (email.0, None), phone), None);
        assert_eq!(of(ContactClaim::Email, (Some("no address"), Some(true)), phone), None);
        assert_eq!(of(ContactClaim::PhoneNumber, email, (email.0, Some(true))), None);
        assert_eq!(of(ContactClaim::PhoneNumber, email, (None, Some(true))), None);
    }
}
