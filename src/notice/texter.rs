//! How text messages (短信) leave: by an HTTP gateway that the settings name, or as files in the data directory, so
//! that nothing goes outside unasked.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Request, Uri};
use secrecy::ExposeSecret as _;

use crate::config::{Config, is_secure};
use crate::outbound::{self, Client};
use crate::problem::{Code, Problem};

#[derive(Clone)]
pub struct Texter(Way);

#[derive(Clone)]
enum Way {
    Gateway(Box<Gateway>),
    Directory(PathBuf),
}

#[derive(Clone)]
struct Gateway {
    url: Uri,
    header: Option<(HeaderName, HeaderValue)>,
    template: String,
    timeout: Duration,
    client: Client,
}

impl Texter {
    /// # Errors
    /// Settings that make no sense, in words for the person at the terminal.
    pub fn from_config(config: &Config) -> Result<Self, String> {
        let Some(url) = &config.sms_url else { return Ok(Self(Way::Directory(config.data_dir.join("sms")))) };
        if !is_secure(url) {
            return Err("wrong setting: sms_url must start with https://".into());
        }
        let url: Uri = url.parse().map_err(|e| format!("wrong setting: sms_url: {e}"))?;
        let template = config.sms.template.clone();
        let sample = fill(&template, "13800000000", "“\"\\\n", "1");
        let is_json = serde_json::from_str::<serde_json::Value>(&sample).is_ok();
        if !is_json || !template.contains("{{phone}}") || !template.contains("{{text}}") {
            return Err(
                "wrong setting: sms.template must be JSON with {{phone}} and {{text}} in strings".into()
            );
        }
        let header = config.sms_header.as_ref().map(|h| header(h.expose_secret())).transpose()?;
        Ok(Self(Way::Gateway(Box::new(Gateway {
            url,
            header,
            template,
            timeout: Duration::from_secs(config.sms.timeout_seconds.clamp(1, 60)),
            client: outbound::client(None)?,
        }))))
    }

    /// Sends one text message; `id` is the same for a second copy.
    ///
    /// # Errors
    /// `unavailable` when the gateway refuses or cannot be reached: the job tries again. Its words are not kept, for
    /// they may repeat the number.
    pub async fn send(&self, id: &str, to: &str, body: &str) -> Result<(), Problem> {
        match &self.0 {
            Way::Gateway(gateway) => gateway.send(id, to, body).await,
            Way::Directory(dir) => {
                let name: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                let (part, whole) = (dir.join(format!("{name}.part")), dir.join(format!("{name}.txt")));
                tokio::fs::create_dir_all(dir).await.map_err(Problem::internal)?;
                // Renamed when it is whole: whoever collects the files never sees half a message.
                tokio::fs::write(&part, format!("{to}\n{body}\n")).await.map_err(Problem::internal)?;
                tokio::fs::rename(&part, &whole).await.map_err(Problem::internal)
            }
        }
    }
}

impl Gateway {
    async fn send(&self, id: &str, to: &str, body: &str) -> Result<(), Problem> {
        let mut request = Request::post(self.url.clone()).header(CONTENT_TYPE, "application/json");
        if let Some((name, value)) = &self.header {
            request = request.header(name, value);
        }
        let body = fill(&self.template, to, body, id);
        let request = request.body(Full::new(Bytes::from(body))).map_err(Problem::internal)?;
        // No redirect is followed, and no more of the answer is read than its head.
        let answer = tokio::time::timeout(self.timeout, self.client.request(request)).await;
        let why = match answer {
            Ok(Ok(answer)) if answer.status().is_success() => return Ok(()),
            Ok(Ok(answer)) => format!("the gateway for text messages answered {}", answer.status().as_u16()),
            Ok(Err(e)) if e.is_connect() => "the gateway for text messages cannot be reached".to_owned(),
            Ok(Err(_)) => "the gateway for text messages broke off".to_owned(),
            Err(_) => "the gateway for text messages did not answer in time".to_owned(),
        };
        Err(Problem { source: Some(why.into()), ..Problem::new(Code::Unavailable) })
    }
}

/// `Name: value`; the value is a secret and never shown.
fn header(line: &str) -> Result<(HeaderName, HeaderValue), String> {
    let wrong = || "wrong setting: sms_header must look like \"Name: value\"".to_owned();
    let (name, value) = line.split_once(':').ok_or_else(wrong)?;
    let name = name.trim().parse().map_err(|_| wrong())?;
    let mut value = HeaderValue::from_str(value.trim()).map_err(|_| wrong())?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// The template with its places filled, each as the inside of a JSON string.
fn fill(template: &str, phone: &str, text: &str, id: &str) -> String {
    let inside = |value: &str| {
        let quoted = serde_json::Value::from(value).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    // The text last: what somebody wrote is never read as a place.
    template
        .replace("{{phone}}", &inside(phone))
        .replace("{{id}}", &inside(id))
        .replace("{{text}}", &inside(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_stays_inside_its_string() {
        let filled =
            fill(r#"{"to":["{{phone}}"],"m":"{{text}}","id":"{{id}}"}"#, "138", "a\"},{{id}}\n", "x");
        let json: serde_json::Value = serde_json::from_str(&filled).unwrap();
        assert_eq!(json, serde_json::json!({ "to": ["138"], "m": "a\"},{{id}}\n", "id": "x" }));
    }

    #[test]
    fn settings_that_would_send_in_the_clear_or_nonsense_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let with = |change: &dyn Fn(&mut Config)| {
            let mut config = Config::in_dir(dir.path()).unwrap();
            config.sms_url = Some("https://sms.example.invalid/send".into());
            change(&mut config);
            Texter::from_config(&config).map(drop)
        };
        assert!(with(&|_| {}).is_ok());
        assert!(with(&|c| c.sms_url = Some("http://127.0.0.1:9/x".into())).is_ok());
        assert!(with(&|c| c.sms_url = Some("http://sms.example.invalid/".into())).is_err());
        assert!(with(&|c| c.sms.template = "{{phone}} {{text}}".into()).is_err());
        assert!(with(&|c| c.sms.template = r#"{"a":"{{phone}}"}"#.into()).is_err());
        assert!(with(&|c| c.sms_header = Some("no colon".to_owned().into())).is_err());
        assert!(with(&|c| c.sms_header = Some("Authorization: Bearer x".to_owned().into())).is_ok());
    }
}
