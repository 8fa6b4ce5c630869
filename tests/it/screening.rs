//! How much the machine notices, and how often it cries wolf.

use jianyan::screening::screen;

use crate::screening_corpus::{Case, ORDINARY, disguised, plain};
use crate::shared;

/// What share of the passages is marked as what it is, whole.
fn share(cases: &[Case]) -> f64 {
    let hits = cases.iter().filter(|c| is_found(c)).count();
    hits as f64 / cases.len() as f64
}

fn is_found(c: &Case) -> bool {
    let at = c.text.find(&c.passage).unwrap();
    // A mark that covers the passage but for a bracket around it hides it as well.
    let whole = |f: &jianyan::screening::Finding| f.start <= at && f.end >= at + c.passage.len();
    screen(&c.text).iter().any(|f| f.kind == c.kind && whole(f))
}

fn missed(cases: &[Case]) -> Vec<String> {
    let missed = cases.iter().filter(|c| !is_found(c));
    missed.map(|c| format!("{:?} {}: {}", c.kind, c.way, c.text)).take(10).collect()
}

#[test]
fn nearly_all_plain_personal_data_is_noticed() {
    let cases = plain(2026, 100);
    assert!(share(&cases) >= 0.99, "{}: {:#?}", share(&cases), missed(&cases));
}

#[test]
fn most_disguised_personal_data_is_noticed() {
    let cases = disguised(713, 60);
    assert!(share(&cases) >= 0.90, "{}: {:#?}", share(&cases), missed(&cases));
    // The corpus holds what cannot be found; a corpus of easy cases would prove nothing.
    assert!(share(&cases) < 1.0);
}

#[test]
fn the_numbers_of_the_law_and_of_every_day_are_nobodys() {
    for text in ORDINARY {
        let personal: Vec<_> = screen(text).into_iter().filter(|f| f.kind.is_personal()).collect();
        assert_eq!(personal, [], "{text}");
    }
}

/// The place names of the real messages are replaced and hardly any holds a number of somebody, so that what is
/// marked in them is a false alarm but for a few.
#[test]
fn real_messages_raise_hardly_an_alarm() {
    let Some(messages) = shared::messages() else { return };
    let flagged = messages.iter().filter(|m| screen(m).iter().any(|f| f.kind.is_personal())).count();
    assert!(flagged * 50 <= messages.len(), "{flagged} of {}", messages.len());
    assert!(messages.len() > 400);
}
