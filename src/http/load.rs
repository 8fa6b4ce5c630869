//! A bound on the requests worked on at once, and what is given up first when there are more: search, then
//! exports and downloads, then the other public pages, then the desks; giving an opinion and reading a draft
//! go last. A refusal is fast and costs nothing: 503 with Retry-After, before anything was asked of the
//! database.
//!
//! Each rank may fill the house up to its share; what is left is kept for the ranks above it. So nothing has to
//! be measured or tuned while it is busy, and an opinion finds room as long as opinions alone do not fill it.

use std::sync::atomic::{AtomicU32, Ordering};

/// How long a request of a kind is kept up, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    Search,
    /// Exports, downloads, feeds.
    Download,
    /// Public pages, and the lists of the API.
    Page,
    /// The work of staff.
    Desk,
    /// Giving an opinion, its receipt, reading a draft; styles without which a page cannot be read.
    Vital,
}

impl Rank {
    /// The rank of an address by its pattern.
    pub fn of(method: &str, pattern: &str) -> Self {
        let is_read = matches!(method, "GET" | "HEAD");
        let path = pattern.strip_prefix("/api/v1").unwrap_or(pattern);
        if path == "/search" {
            return Self::Search;
        }
        if VITAL.contains(&path) || path.starts_with("/receipts") {
            return Self::Vital;
        }
        let takes = ["/consultations/{code}/opinions", "/consultations/{code}/submissions"];
        if takes.contains(&path) && !is_read {
            return Self::Vital;
        }
        if path.contains("/files/") || path.starts_with("/feeds/") || path.ends_with(".csv") {
            return Self::Download;
        }
        // A click of support is worth less than an opinion, or a desk's work.
        let click = path.ends_with("/support");
        if path.starts_with("/desk") || (!is_read && !click) { Self::Desk } else { Self::Page }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Download => "download",
            Self::Page => "page",
            Self::Desk => "desk",
            Self::Vital => "vital",
        }
    }

    /// The share of the house it may fill, in eighths.
    fn share(self) -> u32 {
        match self {
            Self::Search => 4,
            Self::Download => 5,
            Self::Page => 6,
            Self::Desk => 7,
            Self::Vital => 8,
        }
    }
}

/// Reading a draft and giving an opinion on it, as page and as data.
const VITAL: &[&str] = &[
    "/consultations/:code",
    "/consultations/{code}",
    "/consultations/:code/draft.txt",
    "/consultations/:code/explanation.txt",
    "/consultations/:code/opinion",
    "/challenges/{gate}",
    "/consultations/:code/opinion/arrived",
    "/oidc/callback",
    "/consultations/:code/opinion/several",
    "/documents/:id",
    "/documents/:id/text",
    "/documents/{id}",
    "/documents/{id}/clauses",
    "/notice",
    "/static/:name",
];

/// The house.
#[derive(Debug)]
pub struct Load {
    places: u32,
    taken: AtomicU32,
}

/// A place in the house; dropped, it is free again.
#[derive(Debug)]
pub struct Place<'a>(&'a Load);

impl Load {
    pub fn new(places: u32) -> Self {
        Self { places, taken: AtomicU32::new(0) }
    }

    /// A place, if the rank may still have one.
    pub fn enter(&self, rank: Rank) -> Option<Place<'_>> {
        // At least one place for everybody, however small the house.
        let share = (u64::from(self.places) * u64::from(rank.share())).div_ceil(8);
        let before = self.taken.fetch_add(1, Ordering::SeqCst);
        let place = Place(self);
        (u64::from(before) < share).then_some(place)
    }

    /// Places taken now.
    pub fn taken(&self) -> u32 {
        self.taken.load(Ordering::SeqCst)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_ranks_are_given_up_first() {
        let load = Load::new(8);
        let mut inside = Vec::new();
        for (rank, places) in
            [(Rank::Search, 4), (Rank::Download, 5), (Rank::Page, 6), (Rank::Desk, 7), (Rank::Vital, 8)]
        {
            while let Some(place) = load.enter(rank) {
                inside.push(place);
            }
            assert_eq!(inside.len(), places, "{rank:?}");
        }
        inside.pop();
        assert!(load.enter(Rank::Desk).is_none());
        assert!(load.enter(Rank::Vital).is_some());
        inside.clear();
        assert_eq!(load.taken(), 0);
        assert!(load.enter(Rank::Search).is_some());
    }

    #[test]
    fn what_residents_need_goes_last() {
        for (method, pattern, rank) in [
            ("GET", "/search", Rank::Search),
            ("GET", "/api/v1/search", Rank::Search),
            ("GET", "/files/:id", Rank::Download),
            ("GET", "/summaries/:code/table.csv", Rank::Download),
            ("GET", "/desk/duties.csv", Rank::Download),
            ("GET", "/", Rank::Page),
            ("GET", "/api/v1/consultations/{code}/opinions", Rank::Page),
            ("POST", "/opinions/:number/support", Rank::Page),
            ("GET", "/desk/review", Rank::Desk),
            ("POST", "/api/v1/duties/{id}/urgings", Rank::Desk),
            ("GET", "/consultations/:code", Rank::Vital),
            ("POST", "/consultations/:code/opinion", Rank::Vital),
            ("POST", "/api/v1/consultations/{code}/opinions", Rank::Vital),
            ("POST", "/consultations/:code/opinion/several", Rank::Vital),
            ("POST", "/api/v1/consultations/{code}/submissions", Rank::Vital),
            ("GET", "/receipts/:code", Rank::Vital),
            ("GET", "/static/:name", Rank::Vital),
        ] {
            assert_eq!(Rank::of(method, pattern), rank, "{method} {pattern}");
        }
    }
}
