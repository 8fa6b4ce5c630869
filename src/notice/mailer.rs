//! How mail leaves: by SMTP, or as .eml files in the data directory, so that nothing is lost silently.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::ExposeSecret as _;

use crate::config::Config;
use crate::problem::{Code, Problem};

/// How long the mail server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(15);

#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Directory(PathBuf),
}

/// A mail as it leaves.
pub struct Letter<'a> {
    pub message_id: &'a str,
    pub to: &'a str,
    pub subject: &'a str,
    pub body: &'a str,
    pub date: std::time::SystemTime,
    /// Where the mails about this are stopped by one click (RFC 8058).
    pub stop: Option<&'a str>,
}

impl Mailer {
    /// # Errors
    /// Settings that name no reachable way, in words for the person at the terminal.
    pub fn from_config(config: &Config) -> Result<Self, String> {
        let from = config.mail_from.parse().map_err(|e| format!("wrong setting: mail_from: {e}"))?;
        let way = match &config.smtp_url {
            Some(url) => Way::Smtp(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
                    .map_err(|e| format!("wrong setting: smtp_url: {e}"))?
                    .timeout(Some(TIMEOUT))
                    .build(),
            ),
            None => Way::Directory(config.data_dir.join("mail")),
        };
        Ok(Self { from, way })
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// `unavailable` when the server refuses or cannot be reached; the job tries again.
    pub async fn send(&self, letter: &Letter<'_>) -> Result<(), Problem> {
        let to: Mailbox = letter.to.parse().map_err(|_| Problem::internal("unusable mail address"))?;
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject)
            .message_id(Some(letter.message_id.to_owned()))
            .date(letter.date)
            .header(ContentType::TEXT_PLAIN)
            // Out-of-office answers to a machine help nobody (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
        if let Some(link) = letter.stop {
            message = message
                .raw_header(header("List-Unsubscribe", format!("<{link}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        let message = message.body(letter.body.to_owned()).map_err(Problem::internal)?;
        match &self.way {
            Way::Smtp(smtp) => {
                smtp.send(message).await.map_err(|e| Problem {
                    source: Some(why(&e).into()),
                    ..Problem::new(Code::Unavailable)
                })?;
            }
            Way::Directory(dir) => {
                // A mail sent twice overwrites itself.
                let name: String =
                    letter.message_id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                let (part, whole) = (dir.join(format!("{name}.part")), dir.join(format!("{name}.eml")));
                tokio::fs::create_dir_all(dir).await.map_err(Problem::internal)?;
                // Renamed when it is whole: whoever collects the files never sees half a mail.
                tokio::fs::write(&part, message.formatted()).await.map_err(Problem::internal)?;
                tokio::fs::rename(&part, &whole).await.map_err(Problem::internal)?;
            }
        }
        Ok(())
    }
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// For the log. The server's own words often repeat the address and stay out of it.
fn why(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_response() => "the mail server answered something unknown".to_owned(),
        None => format!("the mail server cannot be used: {error}"),
    }
}
