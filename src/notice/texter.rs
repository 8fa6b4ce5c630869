//! How text messages (短信) leave: as files in the data directory until a gateway is named in the settings, so
//! that nothing goes outside unasked.

use std::path::PathBuf;

use crate::config::Config;
use crate::problem::Problem;

#[derive(Clone)]
pub struct Texter {
    dir: PathBuf,
}

impl Texter {
    /// # Errors
    /// Settings that make no sense, in words for the person at the terminal.
    pub fn from_config(config: &Config) -> Result<Self, String> {
        Ok(Self { dir: config.data_dir.join("sms") })
    }

    /// Sends one text message; `id` tells a copy from a second message.
    ///
    /// # Errors
    /// `internal` when the file cannot be written.
    pub async fn send(&self, id: &str, to: &str, body: &str) -> Result<(), Problem> {
        let name: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let (part, whole) = (self.dir.join(format!("{name}.part")), self.dir.join(format!("{name}.txt")));
        tokio::fs::create_dir_all(&self.dir).await.map_err(Problem::internal)?;
        // Renamed when it is whole: whoever collects the files never sees half a message.
        tokio::fs::write(&part, format!("{to}\n{body}\n")).await.map_err(Problem::internal)?;
        tokio::fs::rename(&part, &whole).await.map_err(Problem::internal)
    }
}
