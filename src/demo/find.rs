//! Finding a clause by the number that the content prints.

use entity::clause::Model;
use entity::id::ClauseId;

/// The clause whose address ends in `hint` (`第八条`, `三、（二）`, `附件`), the shortest such address first.
pub fn clause(clauses: &[Model], hint: &str) -> Option<ClauseId> {
    let bare = |text: &str| text.chars().filter(|c| !matches!(c, '/' | ' ' | '、')).collect::<String>();
    let hint = bare(hint);
    let fits = clauses.iter().filter(|c| bare(&c.path).ends_with(&hint));
    fits.min_by_key(|c| c.path.chars().count()).map(|c| c.id)
}
