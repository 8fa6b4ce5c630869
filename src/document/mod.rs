//! Documents of a decision's dossier: draft (决策草案), explanation (起草说明), basis (决策依据) and final text
//! (正式文本), in numbered versions.
//!
//! The rule: what the public was asked about must stay what it was. A version may be written and rewritten
//! until it is published; then it never changes, and a correction is a new version with a notice
//! (重大行政决策程序暂行条例 Art. 15: the draft and its explanation are published together). Drafts and final
//! texts are cut into clauses that keep their identity (`lineage_id`) from version to version, so that an
//! opinion, an answer and a comparison speak of the same clause whatever its number became.

pub mod api;
pub mod page;
pub mod show;

mod add;
mod api_types;
mod body;
mod compare;
mod edit;
mod label;
mod public_page;
mod publish;
pub mod reader;
mod staff_view;
mod store;
mod upload;

pub use add::{NewVersion, add_version};
pub use body::is_cut;
pub use compare::{Comparison, Row, RowKind, Word, compare, words as word_changes};
pub use edit::{Edit, edit_version, remove_version};
pub use label::{kind_words, label_of_clause, label_of_path};
pub use public_page::{as_text, text_link};
pub use publish::{lock, publish_final};
pub use staff_view::compare_href;
pub use store::{
    FileHead, Head, TITLE, clause, clauses, clauses_at, cut_counts, file, files, files_of, find, head, heads,
    latest, latest_published, of_decision, published,
};
pub use upload::Upload;

use entity::document::Model;
use entity::id::DocumentId;
use sea_orm::ConnectionTrait;

use crate::actor::Actor;
use crate::app::App;
use crate::clauses as cutter;
use crate::decision;
use crate::problem::Problem;

/// What a caller may not see does not exist: unpublished versions are there only for those who run the
/// decision.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn may_read(
    db: &impl ConnectionTrait,
    actor: &Actor,
    published: bool,
    decision: entity::id::DecisionId,
) -> Result<(), Problem> {
    if published {
        return Ok(());
    }
    let decision = decision::find(db, decision).await?;
    decision::may_run(actor, &decision).map(drop).map_err(|_| Problem::not_found())
}

/// A document as a caller may see it.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn read(db: &impl ConnectionTrait, actor: &Actor, id: DocumentId) -> Result<Model, Problem> {
    let document = find(db, id).await?;
    may_read(db, actor, document.published_at.is_some(), document.decision_id).await?;
    Ok(document)
}

/// Two versions of one decision, compared clause by clause: of the same kind, or draft and final text.
///
/// # Errors
/// `not_found`; `invalid` for texts that have nothing to do with each other; the database's own.
pub async fn compare_versions(
    app: &App,
    actor: &Actor,
    from: DocumentId,
    to: DocumentId,
) -> Result<(Model, Model, Comparison), Problem> {
    let db = app.db.read();
    let (old, new) = (read(db, actor, from).await?, read(db, actor, to).await?);
    if old.decision_id != new.decision_id {
        return Err(Problem::not_found());
    }
    let both_cut = body::is_cut(old.kind) && body::is_cut(new.kind);
    if old.kind != new.kind && !both_cut {
        return Err(Problem::invalid("to", "只能比较同一种文本的版本", "Only versions of one kind compare"));
    }
    let stored = if both_cut {
        Some((store::clauses(db, old.id).await?, store::clauses(db, new.id).await?))
    } else {
        None
    };
    let maker = app.clone();
    add::off_thread(move || {
        let (before, after) = stored.unwrap_or_else(|| {
            let before = body::rows(&maker, old.id, &cutter::cut(&old.body), &[], &[]);
            let after = body::rows(&maker, new.id, &cutter::cut(&new.body), &before, &[]);
            (before, after)
        });
        let comparison = compare(&before, &after);
        Ok((old, new, comparison))
    })
    .await
}
