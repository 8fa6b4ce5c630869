//! Settings of what a machine notices in opinions.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Screening {
    /// Whether opinions with nearly the same text are found and shown together.
    pub near: bool,
}

impl Default for Screening {
    fn default() -> Self {
        Self { near: true }
    }
}
