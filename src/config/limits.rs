//! Settings of how much is taken: from one address, in one request, at the same time.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Longest opinion, characters.
    pub opinion_chars: u32,
    /// Opinions a minute from one address.
    pub opinions_per_minute: u32,
    /// Sign-in tries in five minutes from one address.
    pub sign_ins_per_five_minutes: u32,
    /// Ways to a provider (OpenID Connect) in five minutes from one address.
    pub visits_per_five_minutes: u32,
    /// Look-ups of receipts a minute from one address.
    pub lookups_per_minute: u32,
    /// Searches a minute from one address.
    pub searches_per_minute: u32,
    /// Registrations for events a minute from one address.
    pub registrations_per_minute: u32,
    /// Supports of opinions a minute from one address.
    pub supports_per_minute: u32,
    /// Supports that one network (IPv6 /64, IPv4 /24) may give an opinion.
    pub supports_per_network: u64,
    /// Questionnaires a minute from one address.
    pub responses_per_minute: u32,
    /// Answers to one questionnaire from one network (IPv6 /64, IPv4 /24), where no contact is verified.
    pub responses_per_network: u64,
    /// Files an hour from one address.
    pub uploads_per_hour: u32,
    /// One-time codes sent a day at the asking of one address.
    pub codes_per_day: u32,
    /// One-time codes sent a day to one contact; never more than one a minute.
    pub codes_per_contact_and_day: u32,
    /// Tickets an hour that let one address through a closed gate after a wait.
    pub waits_per_hour: u32,
    /// Largest upload, bytes.
    pub upload_bytes: usize,
    /// Requests worked on at the same time; beyond it they are refused, search first, opinions last.
    pub requests_at_once: u32,
    /// Connections open at the same time; beyond it they wait to be accepted.
    pub connections: u32,
    /// Live pages that are told of news at once (server-sent events) at the same time, in this process; beyond it they
    /// ask from time to time. A tenth of it for one address.
    pub live_connections: u32,
    /// Memory for public pages kept ready, bytes; 0 keeps none.
    pub page_cache_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            opinion_chars: 2000,
            opinions_per_minute: 10,
            sign_ins_per_five_minutes: 20,
            visits_per_five_minutes: 60,
            lookups_per_minute: 30,
            searches_per_minute: 60,
            registrations_per_minute: 10,
            supports_per_minute: 20,
            supports_per_network: 20,
            responses_per_minute: 10,
            responses_per_network: 200,
            uploads_per_hour: 20,
            codes_per_day: 20,
            codes_per_contact_and_day: 5,
            waits_per_hour: 20,
            upload_bytes: 20 * 1024 * 1024,
            requests_at_once: 256,
            connections: 4096,
            live_connections: 1000,
            page_cache_bytes: 16 * 1024 * 1024,
        }
    }
}
