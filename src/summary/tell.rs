//! Telling the authors what became of their opinions: one message a person, in batches, each in a
//! transaction of its own, so that ten thousand authors hold nobody up. A batch may run twice: a message is
//! written once for each version and person, and the next batch has one key.

use std::collections::BTreeMap;

use entity::enums::SubjectKind;
use entity::id::SummaryId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::content::Snapshot;
use super::{figure_words as words, store};
use crate::app::App;
use crate::db::Write;
use crate::job;
use crate::notice::{self, Message, Recipient};
use crate::problem::Problem;
use crate::topic::{self, OutcomeView};
use crate::{consultation, text};

pub const JOB: &str = "summary.tell";

/// People told in one transaction.
const BATCH: u64 = 100;
/// Opinions of one person that are written out.
const WRITTEN: usize = 20;

#[derive(Deserialize)]
struct Payload {
    summary: SummaryId,
    version: i32,
    after: String,
}

/// The one key of a batch.
pub(super) fn key(summary: SummaryId, version: i32, after: &str) -> String {
    format!("{JOB}:{summary}:{version}:{after}")
}

/// Tells the next batch of authors and plans the one after it.
///
/// # Errors
/// The database's own.
pub async fn tell(app: &App, payload: &Value) -> Result<(), Problem> {
    let payload: Payload = serde_json::from_value(payload.clone()).map_err(Problem::internal)?;
    let db = app.db.read();
    let row = store::find(db, payload.summary).await?;
    let found = consultation::find(db, row.consultation_id).await?;
    // A later version tells its own changes; one taken from the public tells nothing more.
    let Some(snapshot) = Snapshot::of(&row)?.filter(|s| s.version == payload.version) else { return Ok(()) };
    if found.result_published_at.is_none() {
        return Ok(());
    }
    let people = store::people_to_tell(db, found.id, payload.version, &payload.after, BATCH).await?;
    let Some(last) = people.last().cloned() else { return Ok(()) };
    let letters = letters(app, &found, &snapshot, &people).await?;
    let write = app.write().await?;
    for (contact, letter) in letters {
        send(app, &write, &row, payload.version, contact, letter, &found.code).await?;
    }
    if people.len() as u64 == BATCH {
        let next = json!({ "summary": payload.summary, "version": payload.version, "after": last });
        job::enqueue(app, &write, JOB, &key(payload.summary, payload.version, &last), next, app.now())
            .await?;
    }
    write.commit().await
}

struct Letter {
    title: String,
    body: String,
}

/// One letter for each person with an e-mail address, in the language of the person's last opinion.
async fn letters(
    app: &App,
    found: &entity::consultation::Model,
    snapshot: &Snapshot,
    people: &[String],
) -> Result<Vec<(String, Letter)>, Problem> {
    let db = app.db.read();
    let opinions = store::opinions_of(db, found.id, people).await?;
    let ids: Vec<_> = opinions.iter().map(|o| o.id).collect();
    let mut outcomes = std::collections::HashMap::new();
    for chunk in ids.chunks(500) {
        outcomes.extend(topic::outcomes_of(db, chunk).await?);
    }
    let mut by_person: BTreeMap<&str, Vec<&store::Told>> = BTreeMap::new();
    for opinion in &opinions {
        if let Some(person) = &opinion.person_hash {
            by_person.entry(person).or_default().push(opinion);
        }
    }
    let letters = by_person.into_values().filter_map(|mine| {
        let sealed = mine.iter().rev().find_map(|o| o.contact_enc.as_deref())?;
        let contact = app.keys.decrypt(sealed).filter(|c| text::is_email(c))?;
        let english = mine.last().is_some_and(|o| o.lang == "en");
        let lines: Vec<String> =
            mine.iter().filter_map(|o| Some(line(&o.number, outcomes.get(&o.id)?, english))).collect();
        (!lines.is_empty()).then(|| (contact, letter(&snapshot.title, &lines, snapshot.version, english)))
    });
    Ok(letters.collect())
}

fn line(number: &str, view: &OutcomeView, english: bool) -> String {
    let clause = view.final_clause.as_deref();
    if english {
        let outcome = match view.outcome {
            entity::enums::Outcome::Adopted => "adopted",
            entity::enums::Outcome::PartlyAdopted => "partly adopted",
            entity::enums::Outcome::NotAdopted => "not adopted",
            entity::enums::Outcome::Explained => "explained",
        };
        let reason = if view.reason.is_empty() { String::new() } else { format!(" Reason: {}", view.reason) };
        let clause = clause.map_or_else(String::new, |c| format!(" See {c} of the final text."));
        return format!("{number}: {outcome}.{reason}{clause}");
    }
    let reason = if view.reason.is_empty() { String::new() } else { format!("理由：{}", view.reason) };
    let clause = clause.map_or_else(String::new, |c| format!(" 见正式文本{c}。"));
    format!("{number}：{}。{reason}{clause}", words::outcome(view.outcome))
}

fn letter(title: &str, lines: &[String], version: i32, english: bool) -> Letter {
    let more = lines.len().saturating_sub(WRITTEN);
    let list = lines.iter().take(WRITTEN).cloned().collect::<Vec<_>>().join("\n");
    let corrected = version > 1;
    if english {
        let more = if more > 0 { format!("\n… and {more} more") } else { String::new() };
        let what = if corrected { "corrected" } else { "published" };
        return Letter {
            title: "What became of your opinion".to_owned(),
            body: format!(
                "Thank you for taking part. The answer to your opinion was {what}:\n\n{list}{more}\n\nWith your lookup code you find it beside your own words at any time. All answers:"
            ),
        };
    }
    let more = if more > 0 { format!("\n……等共 {} 条", lines.len()) } else { String::new() };
    let what = if corrected { "作了更正" } else { "公布" };
    Letter {
        title: format!("您的意见有了结果：{title}"),
        body: format!(
            "感谢您参与公开征求意见。您的意见的采纳情况现已{what}：\n\n{list}{more}\n\n凭查询码可以随时查看您的意见及其办理结果。全部采纳情况见："
        ),
    }
}

async fn send(
    app: &App,
    write: &Write,
    row: &entity::summary::Model,
    version: i32,
    contact: String,
    letter: Letter,
    code: &str,
) -> Result<(), Problem> {
    let message = Message {
        subject_kind: SubjectKind::Summary,
        subject_id: row.id.0,
        stage: &format!("outcome:{version}"),
        title: letter.title,
        body: letter.body,
        path: format!("{}/{code}", web::path::SUMMARIES),
    };
    notice::send(app, write, &Recipient::Contact(contact), &message).await?;
    Ok(())
}
