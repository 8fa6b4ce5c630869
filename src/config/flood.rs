//! Settings of what counts as a flood (集中涌入).

use serde::{Deserialize, Serialize};

/// How many opinions on one consultation, within `window_minutes`, are a flood. 0 switches that kind off.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Flood {
    pub window_minutes: u32,
    /// From one network (IPv4 /24, IPv6 /64).
    pub network: u32,
    /// With nearly the same text.
    pub text: u32,
    /// On the consultation as a whole; never less than `times` its usual rate.
    pub consultation: u32,
    /// How many times its usual rate a consultation must see.
    pub times: u32,
}

impl Default for Flood {
    fn default() -> Self {
        Self { window_minutes: 10, network: 0, text: 0, consultation: 0, times: 10 }
    }
}

impl Flood {
    /// Whether anything is counted at all.
    pub fn is_used(&self) -> bool {
        self.network > 0 || self.text > 0 || self.consultation > 0
    }

    /// # Errors
    /// The setting that makes no sense.
    pub(super) fn check(&self) -> Result<(), String> {
        for (name, n, least, most) in [
            ("window_minutes", self.window_minutes, 1, 1440),
            ("network", self.network, 0, 1_000_000),
            ("text", self.text, 0, 1_000_000),
            ("consultation", self.consultation, 0, 1_000_000),
            ("times", self.times, 1, 1000),
        ] {
            if !(least..=most).contains(&n) {
                return Err(format!(
                    "wrong setting: flood.{name} must be between {least} and {most}, not {n}"
                ));
            }
        }
        Ok(())
    }
}
