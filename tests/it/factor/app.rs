//! An authenticator app of the tests' own, so that the site's arithmetic is not checked by itself.

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use crate::harness::Answer;

#[derive(Clone)]
pub struct Phone(Vec<u8>);

impl Phone {
    /// Takes the key that the page writes beside its square code.
    pub fn reading(page: &Answer) -> Self {
        let html = scraper::Html::parse_document(&page.text);
        let key = scraper::Selector::parse(".secret-link").unwrap();
        let text: String = html.select(&key).next().unwrap().text().collect();
        Self(BASE32_NOPAD.decode(text.replace(' ', "").as_bytes()).unwrap())
    }

    /// What it shows at a moment.
    pub fn code(&self, now: DateTime<Utc>) -> String {
        let counter = (now.timestamp() / 30) as u64;
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).unwrap();
        mac.update(&counter.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let offset = (hash[19] & 0xf) as usize;
        let mut number = 0u32;
        for byte in &hash[offset..offset + 4] {
            number = number << 8 | u32::from(*byte);
        }
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }

    /// What it does not show at that moment, nor a minute around it.
    pub fn wrong(&self, now: DateTime<Utc>) -> String {
        let near: Vec<String> =
            [-60, -30, 0, 30, 60].iter().map(|s| self.code(now + chrono::TimeDelta::seconds(*s))).collect();
        (0..).map(|n| format!("{n:06}")).find(|code| !near.contains(code)).unwrap()
    }
}
