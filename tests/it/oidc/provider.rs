//! A provider of the tests' own, in the test's process, that can lie in every way: it signs with a library of its own,
//! so that the site's reading of tokens is not checked by itself.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use poem::http::StatusCode;
use poem::listener::{Acceptor as _, Listener as _, TcpListener};
use poem::web::{Data, Form};
use poem::{EndpointExt as _, Request, Response, Route, Server, get, handler, post};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

pub const CLIENT: &str = "jianyan";
pub const SECRET: &str = "a secret & nothing else";

/// A code that was given and what it is exchanged for.
struct Given {
    token: String,
    challenge: String,
    redirect_uri: String,
}

#[derive(Default)]
struct Inner {
    issuer: String,
    codes: HashMap<String, Given>,
    /// Keys by their id; the newest signs.
    keys: Vec<(String, Vec<u8>)>,
    userinfo: Value,
    /// Fields of the discovery document that are not as they should be.
    discovery: BTreeMap<String, Value>,
    /// The token endpoint sends everybody there.
    redirect: Option<String>,
    discoveries: u32,
    numbers: u32,
}

#[derive(Clone)]
pub struct Provider(Arc<Mutex<Inner>>);

/// Where a person was sent, as the provider reads it.
#[derive(Clone, Debug)]
pub struct Asked(BTreeMap<String, String>);

impl Asked {
    pub fn read(url: &str) -> Self {
        Self(Url::parse(url).unwrap().query_pairs().into_owned().collect())
    }

    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or_else(|| panic!("no {name} in {:?}", self.0), String::as_str)
    }
}

impl Provider {
    pub async fn start() -> Self {
        let inner = Arc::new(Mutex::new(Inner::default()));
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
        let address = acceptor.local_addr()[0].to_string();
        let port = address.rsplit(':').next().unwrap().trim_end_matches('/');
        inner.lock().unwrap().issuer = format!("http://127.0.0.1:{port}");
        let provider = Self(inner);
        provider.rotate();
        let routes = Route::new()
            .at("/.well-known/openid-configuration", get(discovery))
            .at("/jwks", get(jwks))
            .at("/token", post(exchange))
            .at("/userinfo", get(userinfo))
            .data(provider.clone());
        #[expect(clippy::disallowed_methods, reason = "a provider beside the site, for one test")]
        tokio::spawn(Server::new_with_acceptor(acceptor).run(routes));
        provider
    }

    pub fn issuer(&self) -> String {
        self.0.lock().unwrap().issuer.clone()
    }

    /// From now on another key signs; the old one is forgotten.
    pub fn rotate(&self) {
        let mut inner = self.0.lock().unwrap();
        let key =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        inner.numbers += 1;
        let id = format!("key-{}", inner.numbers);
        inner.keys = vec![(id, key.as_ref().to_vec())];
    }

    pub fn say_of_user(&self, claims: Value) {
        self.0.lock().unwrap().userinfo = claims;
    }

    pub fn discover(&self, field: &str, value: Value) {
        self.0.lock().unwrap().discovery.insert(field.into(), value);
    }

    pub fn send_on(&self, to: Option<&str>) {
        self.0.lock().unwrap().redirect = to.map(String::from);
    }

    /// How often somebody asked what this provider says of itself.
    pub fn discoveries(&self) -> u32 {
        self.0.lock().unwrap().discoveries
    }

    /// Claims as they should be, for whoever was sent.
    pub fn claims(&self, asked: &Asked, subject: &str, now: DateTime<Utc>) -> Value {
        json!({
            "iss": self.issuer(), "sub": subject, "aud": CLIENT, "nonce": asked.get("nonce"),
            "iat": now.timestamp(), "exp": now.timestamp() + 300, "preferred_username": subject,
            "email": format!("{subject}@example.invalid"), "email_verified": true,
        })
    }

    /// A code for a token with these claims, signed as it should be.
    pub fn code(&self, asked: &Asked, claims: &Value) -> String {
        let token = self.sign(&json!({}), claims);
        self.code_for(asked, token)
    }

    /// A code for any token.
    pub fn code_for(&self, asked: &Asked, token: String) -> String {
        let mut inner = self.0.lock().unwrap();
        inner.numbers += 1;
        let code = format!("code-{}", inner.numbers);
        let given = Given {
            token,
            challenge: asked.get("code_challenge").to_owned(),
            redirect_uri: asked.get("redirect_uri").to_owned(),
        };
        inner.codes.insert(code.clone(), given);
        code
    }

    /// A token; `header` changes its header.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let inner = self.0.lock().unwrap();
        let (id, key) = inner.keys.last().unwrap();
        let mut head = json!({ "alg": "ES256", "kid": id, "typ": "JWT" });
        for (name, value) in header.as_object().unwrap() {
            head[name] = value.clone();
        }
        let said = unsigned(&head, claims);
        let rng = SystemRandom::new();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key, &rng).unwrap();
        let signature = key.sign(&rng, said.as_bytes()).unwrap();
        format!("{said}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    }
}

/// Header and claims of a token.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

#[handler]
fn discovery(Data(provider): Data<&Provider>) -> Response {
    let mut inner = provider.0.lock().unwrap();
    inner.discoveries += 1;
    let issuer = inner.issuer.clone();
    let mut said = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks"), "end_session_endpoint": format!("{issuer}/end"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        "authorization_response_iss_parameter_supported": true,
    });
    for (name, value) in &inner.discovery {
        said[name] = value.clone();
    }
    answer(StatusCode::OK, &said)
}

#[handler]
fn jwks(Data(provider): Data<&Provider>) -> Response {
    let inner = provider.0.lock().unwrap();
    let key = |(id, key): &(String, Vec<u8>)| {
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key, &SystemRandom::new()).unwrap();
        // An uncompressed point: 4, x, y.
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": id,
            "x": BASE64URL_NOPAD.encode(x), "y": BASE64URL_NOPAD.encode(y) })
    };
    answer(StatusCode::OK, &json!({ "keys": inner.keys.iter().map(key).collect::<Vec<_>>() }))
}

#[handler]
fn exchange(
    Data(provider): Data<&Provider>,
    request: &Request,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let mut inner = provider.0.lock().unwrap();
    if let Some(to) = &inner.redirect {
        return Response::builder().status(StatusCode::TEMPORARY_REDIRECT).header("location", to).finish();
    }
    // RFC 6749 2.3.1: both are encoded as in a form before they are joined.
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let basic =
        format!("Basic {}", BASE64.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET)).as_bytes()));
    if request.header("authorization") != Some(basic.as_str()) {
        return answer(StatusCode::UNAUTHORIZED, &json!({ "error": "invalid_client" }));
    }
    // A code is good once, for whoever knows what its challenge was made of.
    let given = form.get("code").and_then(|code| inner.codes.remove(code)).filter(|given| {
        let made_of = form.get("code_verifier").map_or("", String::as_str);
        BASE64URL_NOPAD.encode(&Sha256::digest(made_of)) == given.challenge
            && form.get("redirect_uri") == Some(&given.redirect_uri)
            && form.get("grant_type").is_some_and(|g| g == "authorization_code")
    });
    match given {
        Some(given) => answer(
            StatusCode::OK,
            &json!({ "access_token": "access", "token_type": "Bearer", "id_token": given.token }),
        ),
        None => answer(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_grant" })),
    }
}

#[handler]
fn userinfo(Data(provider): Data<&Provider>, request: &Request) -> Response {
    if request.header("authorization") != Some("Bearer access") {
        return answer(StatusCode::UNAUTHORIZED, &json!({ "error": "invalid_token" }));
    }
    answer(StatusCode::OK, &provider.0.lock().unwrap().userinfo)
}

fn answer(status: StatusCode, body: &Value) -> Response {
    Response::builder().status(status).content_type("application/json").body(body.to_string())
}
