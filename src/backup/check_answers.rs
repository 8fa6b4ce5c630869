//! Whether the figures of questionnaires are those of their answers. Free texts are sealed and stay so: what is
//! recounted are people and choices.

use std::collections::BTreeMap;

use entity::{consultation_import, questionnaire, questionnaire_response, questionnaire_tally};
use futures_util::TryStreamExt as _;
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _,
};

use super::fault::Fault;
use super::report::Report;

/// In tallies: who answered a question, with choices or in words.
const ANSWERED: i32 = 100;

/// # Errors
/// The database's own.
pub async fn answers(db: &DatabaseTransaction, report: &mut Report) -> Result<(), Fault> {
    // Another site's answers stay there; its figures came.
    let imported = consultation_import::Entity::find()
        .select_only()
        .column(consultation_import::Column::ConsultationId)
        .into_query();
    let own = questionnaire::Entity::find()
        .filter(questionnaire::Column::ConsultationId.not_in_subquery(imported))
        .all(db)
        .await?;
    let mut problems = Vec::new();
    let mut people = 0;
    for q in &own {
        let found = recount(db, q).await?;
        people += found.people;
        let mut kept: BTreeMap<(i32, i32), i64> = BTreeMap::new();
        let mut answered: BTreeMap<i32, i64> = BTreeMap::new();
        let rows = questionnaire_tally::Entity::find();
        for t in rows.filter(questionnaire_tally::Column::QuestionnaireId.eq(q.id)).all(db).await? {
            if t.choice == ANSWERED {
                answered.insert(t.question, t.n);
            } else {
                kept.insert((t.question, t.choice), t.n);
            }
        }
        // Who answered in words alone is sealed: their number lies between those who chose and all.
        let within =
            found.choosers.iter().all(|(question, n)| answered.get(question).is_some_and(|a| a >= n))
                && answered.values().all(|n| (1..=found.people).contains(n));
        if found.people != q.responses || found.choices != kept || !within {
            problems.push(format!("the questionnaire {} shows other figures than its answers give", q.id));
        }
    }
    report.line("answers", format!("{people} answers to questionnaires, each counted"), &problems);
    Ok(())
}

#[derive(Default)]
struct Counted {
    people: i64,
    choices: BTreeMap<(i32, i32), i64>,
    /// Who chose something, by question.
    choosers: BTreeMap<i32, i64>,
}

async fn recount(db: &DatabaseTransaction, q: &questionnaire::Model) -> Result<Counted, Fault> {
    let mut found = Counted::default();
    let rows = questionnaire_response::Entity::find()
        .filter(questionnaire_response::Column::QuestionnaireId.eq(q.id));
    let mut rows = rows.stream(db).await?;
    while let Some(row) = rows.try_next().await? {
        found.people += 1;
        let chosen: BTreeMap<i32, Vec<i32>> = serde_json::from_value(row.answers)
            .map_err(|e| Fault::damaged(format!("the answer {} cannot be read: {e}", row.id)))?;
        for (question, all) in chosen {
            *found.choosers.entry(question).or_default() += 1;
            for choice in all {
                *found.choices.entry((question, choice)).or_default() += 1;
            }
        }
    }
    Ok(found)
}
