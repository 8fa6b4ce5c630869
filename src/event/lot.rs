//! The draw itself (摇号), as `docs/draw.md` describes it: pure, so that whoever holds the published file can
//! repeat it.
//!
//! 1. Before anybody registers, a number is made and its SHA-256 published: the commitment (承诺值).
//! 2. When registration has closed, the list is published: seats, quotas, and of every registration its number,
//!    group and size. Its hash is that of the list as text ([`Protocol::list_text`]).
//! 3. The number is revealed, and the seed is SHA-256 of the list's hash and the number.
//! 4. Every registration has a ticket, SHA-256 of the seed and its number; the smallest ticket comes first.
//! 5. In this order each party takes its seats, all or nothing, if they are there in the share of its group; the
//!    rest are alternates (候补) in the same order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use entity::enums::SeatGroup;
use serde::{Deserialize, Serialize};

use crate::keys::sha256_hex;
use crate::problem::{Words, words};

/// First line of the list, and mark of the file.
pub const FORMAT: &str = "jianyan-draw-1";

/// Seats kept for a group, and never more for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    pub group: SeatGroup,
    pub seats: i32,
}

/// A registration in the list; no personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// In the order of registration, from 1 in each session.
    pub number: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<SeatGroup>,
    /// People.
    pub seats: i32,
}

/// What the draw gave a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// In the order drawn, from 1.
    pub place: i32,
    pub number: i32,
    /// Whether it has its seats; otherwise it is an alternate.
    pub seated: bool,
}

/// The published file of a draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// `jianyan-draw-1`
    pub format: String,
    /// Event and session: `E2026-003-1`.
    pub session: String,
    pub title: String,
    pub closed_at: DateTime<Utc>,
    pub drawn_at: DateTime<Utc>,
    pub seats: i32,
    pub quotas: Vec<Quota>,
    pub list: Vec<Entry>,
    /// SHA-256 of the list as text, hex.
    pub list_hash: String,
    /// SHA-256 of the number, hex; published before registration opened.
    pub commitment: String,
    /// The number: 64 hex digits.
    pub secret: String,
    /// SHA-256 of hash and number, hex.
    pub seed: String,
    pub result: Vec<Drawn>,
}

/// SHA-256 of a text, in lower-case hex.
pub fn hash(text: &str) -> String {
    sha256_hex(text.as_bytes())
}

/// The seed of a list and a number.
pub fn seed(list_hash: &str, secret: &str) -> String {
    hash(&format!("{list_hash} {secret}"))
}

impl Protocol {
    /// The list as its hash covers it: a line a fact, each ended by a line feed.
    pub fn list_text(&self) -> String {
        let mut text = format!("{FORMAT}\nsession {}\nseats {}\n", self.session, self.seats);
        for quota in &self.quotas {
            let _ = writeln!(text, "quota {} {}", quota.group, quota.seats);
        }
        for entry in &self.list {
            let group = entry.group.map_or("-", SeatGroup::as_str);
            let _ = writeln!(text, "{} {group} {}", entry.number, entry.seats);
        }
        text
    }

    /// What the draw gives with the seed of this protocol.
    pub fn drawn(&self) -> Vec<Drawn> {
        let mut order: Vec<(String, &Entry)> =
            self.list.iter().map(|e| (hash(&format!("{} {}", self.seed, e.number)), e)).collect();
        order.sort_by(|a, b| (&a.0, a.1.number).cmp(&(&b.0, b.1.number)));
        let mut room: BTreeMap<Option<SeatGroup>, i64> =
            self.quotas.iter().map(|q| (Some(q.group), i64::from(q.seats))).collect();
        let open = i64::from(self.seats) - room.values().sum::<i64>();
        room.insert(None, open);
        let mut drawn = Vec::with_capacity(order.len());
        for (place, (_, entry)) in (1..).zip(order) {
            // A group without a quota shares the seats open to all.
            let share = entry.group.filter(|g| room.contains_key(&Some(*g)));
            let left = room.entry(share).or_default();
            let seats = i64::from(entry.seats);
            let seated = seats <= *left;
            if seated {
                *left -= seats;
            }
            drawn.push(Drawn { place, number: entry.number, seated });
        }
        drawn
    }

    /// Fills in hash, seed and result from the rest.
    #[must_use]
    pub fn filled(mut self) -> Self {
        self.list_hash = hash(&self.list_text());
        self.seed = seed(&self.list_hash, &self.secret);
        self.result = self.drawn();
        self
    }
}

/// One thing that was checked, and whether it is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub what: Words,
    pub right: bool,
}

/// Repeats a draw from its file. `noted` is the commitment that somebody noted before registration closed.
pub fn verify(p: &Protocol, noted: Option<&str>) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut check = |right: bool, zh: &'static str, en: &'static str| {
        checks.push(Check { what: words(zh, en), right });
    };
    check(p.format == FORMAT, "文件格式为 jianyan-draw-1", "the file has the format jianyan-draw-1");
    check(is_sound(p), "名单编号递增、不重复，人数和名额合理", "the list is in order, its numbers are sound");
    if let Some(noted) = noted {
        check(
            noted.trim().eq_ignore_ascii_case(&p.commitment),
            "承诺值与事先记下的一致",
            "the commitment is the one noted beforehand",
        );
    }
    check(
        hash(&p.secret) == p.commitment,
        "公布的数与事先公布的承诺值相符",
        "the number matches the commitment",
    );
    check(hash(&p.list_text()) == p.list_hash, "名单与名单哈希相符", "the list matches its hash");
    check(
        seed(&p.list_hash, &p.secret) == p.seed,
        "种子由名单哈希和公布的数得出",
        "the seed follows from the list and the number",
    );
    check(p.drawn() == p.result, "按公布的方法重做，结果一致", "the draw gives the same result again");
    checks
}

/// Whether a list could have come from a session: the draw is defined for nothing else.
fn is_sound(p: &Protocol) -> bool {
    let rising = p.list.windows(2).all(|pair| pair[0].number < pair[1].number);
    let groups: BTreeSet<SeatGroup> = p.quotas.iter().map(|q| q.group).collect();
    let kept: i64 = p.quotas.iter().map(|q| i64::from(q.seats)).sum();
    rising
        && p.list.iter().all(|e| e.number >= 1 && e.seats >= 1)
        && groups.len() == p.quotas.len()
        && p.quotas.iter().all(|q| q.seats >= 0)
        && kept <= i64::from(p.seats)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: i32, group: Option<SeatGroup>, seats: i32) -> Entry {
        Entry { number, group, seats }
    }

    fn protocol(seats: i32, quotas: Vec<Quota>, list: Vec<Entry>) -> Protocol {
        let secret = "00".repeat(32);
        let protocol = Protocol {
            format: FORMAT.into(),
            session: "E2026-003-1".into(),
            title: "开放日".into(),
            closed_at: DateTime::UNIX_EPOCH,
            drawn_at: DateTime::UNIX_EPOCH,
            seats,
            quotas,
            list,
            list_hash: String::new(),
            commitment: hash(&secret),
            secret,
            seed: String::new(),
            result: Vec::new(),
        };
        protocol.filled()
    }

    #[test]
    fn parties_are_whole_and_shares_are_kept() {
        let expert = Some(SeatGroup::Expert);
        let quotas = vec![Quota { group: SeatGroup::Expert, seats: 2 }];
        let list: Vec<Entry> = (1..=40)
            .map(|n| entry(n, if n % 2 == 0 { expert } else { Some(SeatGroup::Citizen) }, 1 + n % 3))
            .collect();
        let p = protocol(12, quotas, list);
        let seats = |group: Option<SeatGroup>| -> i32 {
            let seated = p.result.iter().filter(|d| d.seated);
            let of = seated.filter_map(|d| p.list.iter().find(|e| e.number == d.number && e.group == group));
            of.map(|e| e.seats).sum()
        };
        assert_eq!((seats(expert), seats(Some(SeatGroup::Citizen))), (2, 10));
        let mut numbers: Vec<i32> = p.result.iter().map(|d| d.number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=40).collect::<Vec<_>>(), "everybody has one place");
        assert!(verify(&p, Some(&p.commitment)).iter().all(|c| c.right));
    }

    #[test]
    fn whatever_is_changed_is_noticed() {
        let list = (1..=9).map(|n| entry(n, None, 1)).collect();
        let right = protocol(3, Vec::new(), list);
        let wrong = |change: fn(&mut Protocol)| {
            let mut p = right.clone();
            change(&mut p);
            verify(&p, Some(&right.commitment)).into_iter().filter(|c| !c.right).count()
        };
        assert_eq!(wrong(|_| {}), 0);
        assert!(wrong(|p| p.secret = "11".repeat(32)) >= 1);
        assert!(wrong(|p| p.seats = 4) >= 1);
        assert!(wrong(|p| p.list[0].seats = 2) >= 1);
        assert!(wrong(|p| p.result.swap(0, 1)) >= 1);
        assert!(wrong(|p| p.result[8].seated = !p.result[8].seated) >= 1);
        // Another number, list and result that fit each other: only the noted commitment tells.
        assert_eq!(
            wrong(|p| {
                p.secret = "22".repeat(32);
                p.commitment = hash(&p.secret);
                *p = p.clone().filled();
            }),
            1
        );
    }

    #[test]
    fn absurd_files_are_refused_and_never_panic() {
        let mut p = protocol(3, Vec::new(), vec![entry(1, None, i32::MAX), entry(2, None, i32::MAX)]);
        p.list.push(entry(1, None, 1));
        p.quotas = vec![Quota { group: SeatGroup::Expert, seats: i32::MAX }; 3];
        assert!(!is_sound(&p));
        assert!(verify(&p, None).iter().any(|c| !c.right));
    }
}
