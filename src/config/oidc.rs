//! Settings of providers (OpenID Connect, 统一身份认证): `[oidc.NAME]`, as many as there are.

use std::path::PathBuf;

use serde::Deserialize;

/// For whom a provider vouches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// 市民: who gives an opinion, and who looks after their data.
    Residents,
    /// 工作人员
    Staff,
}

/// What a provider knows of a resident that it has verified itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactClaim {
    /// `phone_number`, where `phone_number_verified` is true.
    #[default]
    PhoneNumber,
    /// `email`, where `email_verified` is true.
    Email,
}

/// How we prove to the provider that we are the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum ClientAuth {
    #[default]
    #[serde(rename = "client_secret_basic")]
    Basic,
    #[serde(rename = "client_secret_post")]
    Post,
}

/// One provider. Its name in the settings stays what it is: the accounts of staff are linked by it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// `https://…`, exactly as the provider calls itself.
    pub issuer: String,
    pub client_id: String,
    /// A file with the client's secret, which only its owner may read; without it we are a public client, and PKCE
    /// alone binds the answer to us.
    pub client_secret_file: Option<PathBuf>,
    #[serde(default)]
    pub client_auth: ClientAuth,
    /// What people know it by: "随申办统一身份认证".
    pub name: String,
    pub name_en: String,
    #[serde(rename = "for")]
    pub audiences: Vec<Audience>,
    /// Asked for beside `openid`; by default the one of the contact.
    pub scopes: Option<Vec<String>>,
    /// Which claim is the verified contact of a resident.
    #[serde(default)]
    pub contact: ContactClaim,
    /// Assurance: the classes (`acr`) one of which the answer has to be of; they are asked for as well. None accepts
    /// any.
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// Values of `acr` or `amr` that say that the provider itself asked for a second factor: staff are then not
    /// asked for ours.
    #[serde(default)]
    pub second_factor: Vec<String>,
    /// Hosts of the provider's endpoints beside that of the issuer; nothing is sent anywhere else.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Certificates (PEM) that are trusted in place of the public ones: for a provider inside the government's network.
    pub ca_file: Option<PathBuf>,
}

impl Oidc {
    pub fn is_for(&self, audience: Audience) -> bool {
        self.audiences.contains(&audience)
    }

    /// The scopes beside `openid`.
    pub fn scopes(&self) -> Vec<String> {
        let contact = match self.contact {
            ContactClaim::PhoneNumber => "phone",
            ContactClaim::Email => "email",
        };
        self.scopes.clone().unwrap_or_else(|| vec![contact.to_owned()])
    }

    /// # Errors
    /// The setting that makes no sense.
    pub(super) fn check(&self, name: &str) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("wrong setting: oidc.{name}{what}"));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 30 || !name.chars().all(plain) {
            return wrong(": the name of a provider takes lower-case letters, digits and -, 30 at most");
        }
        if self.issuer.contains(['?', '#', '@']) || !is_secure(&self.issuer) {
            return wrong(".issuer must be https://…, without user, query or fragment");
        }
        for (field, value) in
            [("client_id", &self.client_id), ("name", &self.name), ("name_en", &self.name_en)]
        {
            if value.trim().is_empty() || value.chars().count() > 200 {
                return wrong(&format!(".{field} must be given"));
            }
        }
        if self.audiences.is_empty() {
            return wrong(".for must name \"residents\", \"staff\", or both");
        }
        let scopes = self.scopes.iter().flatten();
        let token = |s: &String| !s.is_empty() && s.bytes().all(|b| b.is_ascii_graphic());
        if !scopes.chain(&self.acr_values).chain(&self.second_factor).all(token) {
            return wrong(": scopes, acr_values and second_factor take words without spaces");
        }
        Ok(())
    }
}

/// `https://`, or `http://` where nothing leaves the machine.
pub fn is_secure(url: &str) -> bool {
    let rest = url.strip_prefix("http://");
    let loopback = |host: &str| {
        rest.is_some_and(|r| {
            r == host || r.starts_with(&format!("{host}:")) || r.starts_with(&format!("{host}/"))
        })
    };
    url.starts_with("https://") || loopback("localhost") || loopback("127.0.0.1") || loopback("[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(change: &str) -> Result<(), String> {
        let mut lines: Vec<String> = [
            "issuer = \"https://id.example.gov.cn\"",
            "client_id = \"jianyan\"",
            "name = \"统一身份认证\"",
            "name_en = \"City ID\"",
            "for = [\"residents\"]",
        ]
        .map(String::from)
        .into();
        if let Some((key, _)) = change.split_once(" =") {
            lines.retain(|line| !line.starts_with(&format!("{key} =")));
            lines.push(change.to_owned());
        }
        use figment::providers::{Format as _, Toml};
        let found = figment::Figment::from(Toml::string(&lines.join("\n"))).extract::<Oidc>();
        found.map_err(|e| e.to_string())?.check("city")
    }

    #[test]
    fn settings_that_would_send_in_the_clear_or_to_nobody_are_refused() {
        assert_eq!(read(""), Ok(()));
        assert!(read("issuer = \"http://127.0.0.1:9/x\"").is_ok());
        for bad in [
            "issuer = \"http://id.example.gov.cn\"",
            "issuer = \"http://localhost.evil.example\"",
            "issuer = \"http://127.0.0.1@evil.example\"",
            "issuer = \"https://id.example.gov.cn/?a=b\"",
            "for = []",
            "for = [\"robots\"]",
            "client_id = \"\"",
            "scopes = [\"a b\"]",
            "secret = \"in the open\"",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
