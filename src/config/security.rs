//! Settings of staff accounts.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// Whether people need more than their password (等保2.0 GB/T 22239-2019 8.1.4.1: 两种或两种以上鉴别技术).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactor {
    /// Nobody is offered one, and nobody is asked for the one that was set up.
    Off,
    /// Who set one up is asked for it.
    #[default]
    Optional,
    /// Who has none may only set one up.
    Required,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Security {
    /// A staff session ends after so many minutes without a request.
    pub staff_idle_minutes: u32,
    pub second_factor: SecondFactor,
    /// Whether granting the roles of administrator and moderator takes two administrators.
    pub two_person_roles: bool,
}

impl Default for Security {
    fn default() -> Self {
        Self { staff_idle_minutes: 15, second_factor: SecondFactor::Optional, two_person_roles: false }
    }
}

impl Security {
    pub fn staff_idle(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.staff_idle_minutes))
    }

    /// # Errors
    /// The setting that makes no sense.
    pub(super) fn check(&self) -> Result<(), String> {
        // Beyond ten hours a session ends anyhow.
        if (1..=600).contains(&self.staff_idle_minutes) {
            return Ok(());
        }
        Err(format!(
            "wrong setting: security.staff_idle_minutes must be between 1 and 600, not {}",
            self.staff_idle_minutes
        ))
    }
}
