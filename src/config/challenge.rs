//! Settings of the tasks that a visitor's computer solves before a form is taken (工作量证明).

use serde::{Deserialize, Serialize};

/// When a task is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    #[default]
    Off,
    /// While more of the kind arrive than `busy_per_minute`.
    Busy,
    Always,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Challenge {
    pub opinion: When,
    pub message: When,
    /// Questions of an online Q&A.
    pub question: When,
    /// Registration for an event.
    pub registration: When,
    pub support: When,
    /// Asking for a one-time code.
    pub code: When,
    /// The work of a task: 2 to this power hashes on average.
    pub bits: u32,
    /// How long a task, or a waiting ticket that has come due, is good.
    pub valid_minutes: u32,
    /// How long who has no script waits instead.
    pub wait_seconds: u32,
    /// What `busy` means: more of the kind in a minute than this, in one process.
    pub busy_per_minute: u32,
}

impl Default for Challenge {
    fn default() -> Self {
        Self {
            opinion: When::Off,
            message: When::Off,
            question: When::Off,
            registration: When::Off,
            support: When::Off,
            code: When::Off,
            bits: 18,
            valid_minutes: 60,
            wait_seconds: 30,
            busy_per_minute: 60,
        }
    }
}

impl Challenge {
    /// Whether any task is ever set.
    pub fn is_used(&self) -> bool {
        [self.opinion, self.message, self.question, self.registration, self.support, self.code]
            .iter()
            .any(|when| *when != When::Off)
    }

    /// # Errors
    /// The setting that makes no sense.
    pub(super) fn check(&self) -> Result<(), String> {
        for (name, n, least, most) in [
            // Fewer than 8 bits would be less than one a part; 26 keep a telephone busy for minutes.
            ("bits", self.bits, 8, 26),
            ("valid_minutes", self.valid_minutes, 1, 1440),
            ("wait_seconds", self.wait_seconds, 1, 600),
            ("busy_per_minute", self.busy_per_minute, 1, 60_000),
        ] {
            if !(least..=most).contains(&n) {
                return Err(format!(
                    "wrong setting: challenge.{name} must be between {least} and {most}, not {n}"
                ));
            }
        }
        Ok(())
    }
}
