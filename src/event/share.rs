//! The seats of a session divided among groups (分组名额): some groups have a share of their own, which is kept for
//! them and never more; whoever has none shares the seats that are left, open to all. Like the seats of the session
//! they are counters moved under the lock of its row, and the table refuses what does not fit.
//!
//! Who walks in at the door belongs to no share: by then seats that stayed empty are anybody's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::enums::SeatGroup;
use entity::event_registration::Model as Registration;
use entity::event_session::Model as Session;
use entity::event_share::Model as Share;
use entity::id::EventSessionId;

use super::lot::Quota;
use super::store::share as rows;
use crate::db::Write;
use crate::problem::{Code, Problem, Words, words};

/// The name of the share that is open to all.
const OPEN: &str = "open";

/// How the groups are called.
pub fn group_words(group: SeatGroup) -> Words {
    match group {
        SeatGroup::Citizen => words("市民", "Citizens"),
        SeatGroup::Enterprise => words("企业", "Companies"),
        SeatGroup::Stakeholder => words("利益相关方", "Affected parties"),
        SeatGroup::Expert => words("专家", "Experts"),
        SeatGroup::Deputy => words("人大代表、政协委员", "Deputies and CPPCC members"),
    }
}

/// The shares of a session; none when its seats are not divided.
#[derive(Clone, Debug, Default)]
pub struct Shares(Vec<Share>);

impl Shares {
    /// # Errors
    /// The database's own.
    pub async fn load(db: &impl sea_orm::ConnectionTrait, session: &Session) -> Result<Self, Problem> {
        if !session.by_group {
            return Ok(Self::default());
        }
        Ok(Self(rows::of(db, session.id).await?))
    }

    /// Those of several sessions; a session whose seats are open to all has none here.
    ///
    /// # Errors
    /// The database's own.
    pub async fn of_sessions(
        db: &impl sea_orm::ConnectionTrait,
        sessions: &[Session],
    ) -> Result<HashMap<EventSessionId, Self>, Problem> {
        let ids: Vec<EventSessionId> = sessions.iter().filter(|s| s.by_group).map(|s| s.id).collect();
        let mut found: HashMap<EventSessionId, Self> = HashMap::new();
        if !ids.is_empty() {
            for row in rows::of_all(db, &ids).await? {
                found.entry(row.session_id).or_default().0.push(row);
            }
        }
        Ok(found)
    }

    pub fn are_there(&self) -> bool {
        !self.0.is_empty()
    }

    /// The quotas, in the order of the groups.
    pub fn quotas(&self) -> Vec<Quota> {
        let one = |group: &SeatGroup| self.own(*group).map(|s| Quota { group: *group, seats: s.seats });
        SeatGroup::ALL.iter().filter_map(one).collect()
    }

    /// Seats open to all groups without a quota; none when seats are not divided.
    pub fn open_seats(&self) -> Option<i32> {
        self.0.iter().find(|s| s.share == OPEN).map(|s| s.seats)
    }

    fn own(&self, group: SeatGroup) -> Option<&Share> {
        self.0.iter().find(|s| s.share == group.as_str())
    }

    /// The share that somebody's seats come from.
    fn of(&self, group: Option<SeatGroup>) -> Option<&Share> {
        group.and_then(|g| self.own(g)).or_else(|| self.0.iter().find(|s| s.share == OPEN))
    }

    /// Seats that somebody of a group could have at most, were all of them free.
    pub fn most(&self, group: Option<SeatGroup>) -> i32 {
        self.of(group).map_or(i32::MAX, |s| s.seats)
    }

    /// Free seats for a group.
    pub fn room(&self, group: Option<SeatGroup>) -> i32 {
        self.of(group).map_or(i32::MAX, |s| s.seats - s.taken)
    }

    /// Which groups have room, and how much; the open share stands for all who have none of their own.
    pub fn with_room(&self) -> Vec<(Room, i32)> {
        let own: BTreeSet<SeatGroup> = self.quotas().iter().map(|q| q.group).collect();
        let room = |s: &Share| {
            let whose = match SeatGroup::parse(&s.share) {
                Some(group) => Room::Group(group),
                None => Room::Others(own.iter().copied().collect()),
            };
            (whose, s.seats - s.taken)
        };
        self.0.iter().map(room).filter(|(_, free)| *free > 0).collect()
    }

    /// Gives (or takes back) seats of the share of a group.
    ///
    /// # Errors
    /// The database's own, for more than there are.
    pub async fn give(&mut self, write: &Write, group: Option<SeatGroup>, seats: i32) -> Result<(), Problem> {
        let Some((session, name)) = self.of(group).map(|s| (s.session_id, s.share.clone())) else {
            return Ok(());
        };
        if seats == 0 {
            return Ok(());
        }
        rows::count(write, session, &name, seats).await?;
        for share in self.0.iter_mut().filter(|s| s.share == name) {
            share.taken += seats;
        }
        Ok(())
    }
}

/// Whose room a share is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Room {
    Group(SeatGroup),
    /// Everybody but these groups.
    Others(Vec<SeatGroup>),
}

/// What is wrong with quotas for so many seats; nothing when they are fine.
///
/// # Errors
/// `invalid`.
pub fn check(quotas: &[Quota], capacity: i32) -> Result<(), Problem> {
    let mut problem: Option<Problem> = None;
    let mut wrong = |field: String, zh: String, en: String| {
        let so_far = problem.take().unwrap_or_else(|| Problem::new(Code::Invalid));
        problem = Some(so_far.field(field, zh, en));
    };
    let mut seen = BTreeSet::new();
    for quota in quotas {
        let field = format!("quota_{}", quota.group);
        if !(1..=super::content::MOST_SEATS).contains(&quota.seats) {
            let most = super::content::MOST_SEATS;
            wrong(
                field.clone(),
                format!("应为 1 至 {most}，不设请留空"),
                format!("From 1 to {most}, or empty"),
            );
        }
        if !seen.insert(quota.group) {
            wrong(field, "同一组别只能设一个名额数".into(), "One quota a group".into());
        }
    }
    let kept: i64 = quotas.iter().map(|q| i64::from(q.seats)).sum();
    if problem.is_none() && kept > i64::from(capacity) {
        return Err(Problem::invalid(
            "capacity",
            format!("各组别名额共 {kept} 个，不能多于名额总数"),
            format!("The groups have {kept} seats, more than there are in all"),
        ));
    }
    problem.map_or(Ok(()), Err)
}

/// Divides the seats of a session anew, under its lock. Whoever holds a seat keeps it; a share cannot become smaller
/// than what it has given.
///
/// # Errors
/// `invalid` for a share that has given more; the database's own.
pub async fn divide(
    write: &Write,
    session: &Session,
    quotas: &[Quota],
    seated: &[Registration],
) -> Result<Shares, Problem> {
    rows::clear(write, session.id).await?;
    if quotas.is_empty() {
        return Ok(Shares::default());
    }
    let mut taken: BTreeMap<Option<SeatGroup>, i32> = BTreeMap::new();
    for r in seated.iter().filter(|r| !r.walk_in) {
        let own = r.seat_group.filter(|g| quotas.iter().any(|q| q.group == *g));
        *taken.entry(own).or_default() += r.seats;
    }
    let mut shares = Vec::new();
    let kept: i32 = quotas.iter().map(|q| q.seats).sum();
    let open = (None, session.capacity - kept);
    for (group, seats) in quotas.iter().map(|q| (Some(q.group), q.seats)).chain([open]) {
        let given = taken.get(&group).copied().unwrap_or(0);
        if given > seats {
            return Err(too_small(group, given, seats));
        }
        let share = group.map_or(OPEN, SeatGroup::as_str).to_owned();
        let row = Share { session_id: session.id, share, seats, taken: given };
        rows::insert(write, &row).await?;
        shares.push(row);
    }
    Ok(Shares(shares))
}

fn too_small(group: Option<SeatGroup>, given: i32, seats: i32) -> Problem {
    match group {
        Some(group) => Problem::invalid(
            format!("quota_{group}"),
            format!("该组别已有 {given} 人报名成功，不能少于 {given}"),
            format!("{given} seats of this group are given; there cannot be fewer"),
        ),
        None => Problem::invalid(
            "capacity",
            format!("其他组别已有 {given} 人报名成功，而不分组的名额只剩 {seats} 个"),
            format!("{given} seats are given to other groups, and only {seats} are left open to all"),
        ),
    }
}
