//! The pages of catalogues.

use super::public_page::{COMPARE, CSV, INDEX, SHOW, compare_page, csv, index, show};
use crate::http::pages::Pages;

pub fn add(pages: Pages) -> Pages {
    super::desk_page::add(pages)
        .shared(INDEX, index)
        .shared(SHOW, show)
        .shared(COMPARE, compare_page)
        .shared(CSV, csv)
}
