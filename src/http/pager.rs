//! Lists in numbered pages.

use web::component::Pager;
use web::lang::Lang;
use web::link::with_query;

use crate::http::visitor::Visitor;

/// The page of a number in an address: the first, unless it is a sensible one.
pub fn number(text: &str) -> u64 {
    text.parse().ok().filter(|n| (1..=100_000).contains(n)).unwrap_or(1)
}

/// Links to the neighbouring pages; nothing where one page holds all.
pub fn pager(visitor: &Visitor, here: u64, all: u64, size: u64) -> Pager {
    let to = |page: u64| with_query(&visitor.path, "page", &page.to_string());
    let pages = all.div_ceil(size).max(1);
    if pages == 1 && here == 1 {
        return Pager::default();
    }
    Pager {
        previous: (here > 1).then(|| to((here - 1).min(pages))),
        next: (here < pages).then(|| to(here + 1)),
        note: match visitor.lang {
            Lang::Zh => format!("第 {here} / {pages} 页，共 {all} 项"),
            Lang::En => format!("page {here} of {pages}, {all} in all"),
        },
    }
}
