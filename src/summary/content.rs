//! What a summary says besides its two texts: figures and rows, read at one moment. It is built anew for the
//! draft and kept as a snapshot with what is published.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::consultation::Model as Consultation;
use entity::decision::Model as Decision;
use entity::enums::{Channel, OpinionState, Outcome, PersonKind, StepKind};
use entity::id::{ClauseId, ConsultationId, DocumentId, TopicId};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use super::figure_words as words;
use super::generate::{Concentrated, Ending, Facts, Way};
use super::store;
use crate::app::App;
use crate::calendar::civil::{self, zh_date};
use crate::opinion::wording;
use crate::problem::Problem;
use crate::topic::{self, Figures, TopicStats, is_concentrated};
use crate::{decision, department, document, questionnaire};

/// A line of the table: a topic, or an opinion answered on its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// 序号
    pub number: u32,
    /// 意见来源
    pub source: String,
    /// The topic's title; none for a single opinion.
    pub topic: Option<String>,
    /// 意见建议
    pub text: String,
    /// The words of the clause, where the text proposes others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    pub opinions: u64,
    pub people: u64,
    /// 较为集中
    pub concentrated: bool,
    /// None only in a draft.
    pub outcome: Option<Outcome>,
    pub reason: String,
    /// Where it is in the final text.
    pub clause: Option<String>,
    /// A path of this site, where the final text is published.
    pub clause_path: Option<String>,
}

/// A clause of the final text: what it is called, and where it is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    label: String,
    path: Option<String>,
}

/// The clauses that answers point at.
async fn places(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = ClauseId>,
) -> Result<HashMap<ClauseId, Place>, Problem> {
    let clauses = document::clauses_at(db, ids).await?;
    let mut public: HashMap<DocumentId, bool> = HashMap::new();
    for clause in clauses.values() {
        if !public.contains_key(&clause.document_id) {
            let text = document::head(db, clause.document_id).await?;
            public.insert(text.id, text.published_at.is_some());
        }
    }
    let place = |(id, clause): (ClauseId, entity::clause::Model)| {
        let shown = public.get(&clause.document_id).copied().unwrap_or_default();
        let path = format!("/documents/{}#{}", clause.document_id, document::show::anchor(&clause));
        (id, Place { label: document::label_of_clause(&clause), path: shown.then_some(path) })
    };
    Ok(clauses.into_iter().map(place).collect())
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub figures: Figures,
    pub rows: Vec<Row>,
    pub ways: Vec<Way>,
}

/// Why and when a published summary was corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub version: i32,
    pub at: DateTime<Utc>,
    pub reason: String,
}

/// What was published, kept in the row so that the page shows it whatever is being written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub version: i32,
    pub title: String,
    pub participation: String,
    pub overview: String,
    pub published_at: DateTime<Utc>,
    #[serde(flatten)]
    pub content: Content,
    pub corrections: Vec<Correction>,
}

impl Snapshot {
    /// What was published; none before.
    ///
    /// # Errors
    /// `internal` for a row that this program did not write.
    pub fn of(row: &entity::summary::Model) -> Result<Option<Self>, Problem> {
        row.snapshot.clone().map(serde_json::from_value).transpose().map_err(Problem::internal)
    }
}

/// Whether pages can show what another site's summary published: it reads as one, and its links stay within.
pub fn is_snapshot(json: &serde_json::Value) -> bool {
    Snapshot::deserialize(json).is_ok_and(|s| {
        let paths = s.content.rows.iter().filter_map(|row| row.clause_path.as_deref());
        paths.into_iter().all(|path| path.starts_with("/documents/"))
    })
}

/// A row of a single opinion: its words only where they are public.
fn single(
    row: store::Single,
    places: &HashMap<ClauseId, Place>,
    bases: &HashMap<ClauseId, String>,
    number: u32,
) -> Row {
    let shown = row.state == OpinionState::Published;
    let name = row.public_name.filter(|n| shown && !n.is_empty()).unwrap_or_else(|| "不具名".into());
    let text = row.public_text.filter(|_| shown);
    let place = row.final_clause_id.and_then(|id| places.get(&id));
    let base = row.clause_id.filter(|_| text.as_deref().is_some_and(|t| wording::split(t).1.is_some()));
    Row {
        base: base.and_then(|id| bases.get(&id).cloned()),
        number,
        source: format!("{name}（{}，{}）", words::person_kind(row.person_kind), words::channel(row.channel)),
        topic: None,
        text: text.unwrap_or_else(|| "（该意见不予公开，已计入办理）".into()),
        opinions: 1,
        people: 1,
        concentrated: false,
        outcome: row.outcome,
        reason: row.reason.unwrap_or_default(),
        clause: place.map(|p| p.label.clone()),
        clause_path: place.and_then(|p| p.path.clone()),
    }
}

/// `个人 41 条、企业 2 条`, and by channel where not all came through the site.
fn source(parts: &[(PersonKind, Channel, u64)]) -> String {
    let (mut kinds, mut channels) = (Vec::new(), Vec::new());
    for (kind, channel, n) in parts {
        add(&mut kinds, *kind, *n);
        add(&mut channels, *channel, *n);
    }
    kinds.sort_unstable();
    channels.sort_unstable();
    let by_kind = words::list(&kinds, words::person_kind);
    if channels.iter().all(|(c, _)| *c == Channel::Site) {
        return by_kind;
    }
    format!("{by_kind}（{}）", words::list(&channels, words::channel))
}

fn add<K: PartialEq + Copy>(list: &mut Vec<(K, u64)>, key: K, n: u64) {
    match list.iter_mut().find(|(k, _)| *k == key) {
        Some((_, sum)) => *sum += n,
        None => list.push((key, n)),
    }
}

fn grouped(
    stats: &TopicStats,
    least: u32,
    parts: &[(PersonKind, Channel, u64)],
    places: &HashMap<ClauseId, Place>,
    number: u32,
) -> Row {
    let response = stats.response.as_ref();
    let place = response.and_then(|r| places.get(&r.final_clause_id?));
    let text = if stats.topic.gist.is_empty() { &stats.topic.title } else { &stats.topic.gist };
    Row {
        number,
        source: source(parts),
        topic: Some(stats.topic.title.clone()),
        text: text.clone(),
        base: None,
        opinions: stats.following,
        people: stats.people,
        concentrated: is_concentrated(stats.people, least),
        outcome: response.map(|r| r.outcome),
        reason: response.map_or_else(String::new, |r| r.reason.clone()),
        clause: place.map(|p| p.label.clone()),
        clause_path: place.and_then(|p| p.path.clone()),
    }
}

/// Everything a summary is built from.
pub(super) struct Loaded {
    pub content: Content,
    pub stats: Vec<TopicStats>,
    pub facts: Facts,
    /// Opinions that the lines of the table answer.
    pub in_table: u64,
}

/// Reads figures, topics, the lines of the table if they are asked for, and steps. On PostgreSQL a review that is decided in between may make rows
/// and figures differ; the gate then refuses and the reader asks again.
pub(super) async fn load(
    app: &App,
    db: &impl ConnectionTrait,
    consultation: &Consultation,
    d: &Decision,
    lines: bool,
) -> Result<Loaded, Problem> {
    let least = app.config.rules.concentrated_people;
    let figures = topic::figures(db, consultation.id).await?;
    let stats = topic::stats(db, consultation.id).await?;
    let (rows, in_table) = if lines {
        let rows = table(db, consultation.id, &stats, least).await?;
        let sum = rows.iter().map(|r| r.opinions).sum();
        (rows, sum)
    } else {
        (Vec::new(), figures.ungrouped + stats.iter().map(|s| s.opinions).sum::<u64>())
    };
    let steps = decision::steps(db, d.id).await?;
    let ways = steps
        .iter()
        .filter(|s| words::way(s.kind).is_some())
        .filter_map(|s| Some(Way { kind: s.kind, on: s.happened_on?, note: s.note.clone() }));
    let ways: Vec<Way> = ways.collect();
    let facts = Facts {
        title: d.title.clone(),
        department: department::find(db, d.department_id).await?.name,
        announced_on: consultation.published_at.map(civil::local_date),
        opens_on: consultation.opens_on,
        closes_on: consultation.closes_on,
        short_reason: consultation.short_reason.clone(),
        address: consultation.address.clone(),
        email: consultation.email.clone(),
        phone: consultation.phone.clone(),
        ways: ways.clone(),
        questionnaire: questionnaire::brief(db, consultation, app.now()).await?.map(|q| q.responses),
        figures: figures.clone(),
        concentrated: concentrated(&stats, least),
        ending: ending(d, &steps),
    };
    Ok(Loaded { content: Content { figures, rows, ways }, stats, facts, in_table })
}

/// The lines of the table: the topics, then the opinions that no topic answers for.
async fn table(
    db: &impl ConnectionTrait,
    id: ConsultationId,
    stats: &[TopicStats],
    least: u32,
) -> Result<Vec<Row>, Problem> {
    let mut sources: HashMap<TopicId, Vec<(PersonKind, Channel, u64)>> = HashMap::new();
    for s in store::sources(db, id).await? {
        sources.entry(s.topic_id).or_default().push((s.person_kind, s.channel, s.count()));
    }
    let singles = store::singles(db, id).await?;
    let clauses = stats.iter().filter_map(|s| s.response.as_ref()?.final_clause_id);
    let places = places(db, clauses.chain(singles.iter().filter_map(|s| s.final_clause_id))).await?;
    let said = singles.iter().map(|s| (s.public_text.as_deref().unwrap_or_default(), s.clause_id));
    let bases = wording::bases(db, said).await?;
    let mut rows = Vec::new();
    for s in stats.iter().filter(|s| s.following > 0) {
        let parts = sources.get(&s.topic.id).map_or(&[][..], Vec::as_slice);
        rows.push(grouped(s, least, parts, &places, count(&rows)));
    }
    for row in singles {
        rows.push(single(row, &places, &bases, count(&rows)));
    }
    Ok(rows)
}

fn count(rows: &[Row]) -> u32 {
    u32::try_from(rows.len() + 1).unwrap_or(u32::MAX)
}

fn concentrated(stats: &[TopicStats], least: u32) -> Vec<Concentrated> {
    let found = stats.iter().filter(|s| is_concentrated(s.people, least)).filter_map(|s| {
        let response = s.response.as_ref().filter(|r| r.outcome == Outcome::NotAdopted)?;
        Some(Concentrated { title: s.topic.title.clone(), people: s.people, reason: response.reason.clone() })
    });
    found.collect()
}

/// A decision ends by being issued or withdrawn; a withdrawal is a step.
fn ending(d: &Decision, steps: &[entity::step::Model]) -> Ending {
    let withdrawn = steps.iter().find_map(|s| {
        (s.kind == StepKind::Withdrawn).then_some(())?;
        Some(Ending::Withdrawn { on: s.happened_on?, reason: s.note.clone() })
    });
    match (withdrawn, d.promulgated_on) {
        (Some(withdrawn), None) => withdrawn,
        (_, Some(on)) => Ending::Promulgated { on, doc_number: d.doc_number.clone() },
        (None, None) => Ending::Open,
    }
}

/// The whole text as it is hashed, published and indexed: plain text, a line a passage.
pub(super) fn body(
    participation: &str,
    overview: &str,
    content: &Content,
    correction: Option<&str>,
) -> String {
    let mut lines = Vec::new();
    if let Some(reason) = correction {
        lines.push(format!("更正说明：{}", reason.replace('\n', " ")));
    }
    lines.push("一、履行公众参与程序总体情况".to_owned());
    lines.push(participation.to_owned());
    for way in &content.ways {
        let name = words::way(way.kind).unwrap_or_default();
        lines.push(format!("{name}：{} {}", zh_date(way.on), way.note.replace('\n', " ")));
    }
    lines.push("二、意见建议收集和采纳情况".to_owned());
    lines.push(overview.to_owned());
    lines.push(numbers(&content.figures));
    lines.push("三、意见建议采纳情况汇总表".to_owned());
    if content.rows.is_empty() {
        lines.push("（无）".to_owned());
    }
    lines.extend(content.rows.iter().map(row_line));
    lines.join("\n")
}

fn numbers(f: &Figures) -> String {
    let o = &f.outcomes;
    format!(
        "收到 {} 条 = 公开 {} 条 + 不予公开 {} 条 + 不予受理 {} 条{} + 待审核 {} 条；计入办理 {} 条 = 采纳 {} 条 + 部分采纳 {} 条 + 未采纳 {} 条 + 已作说明 {} 条。",
        f.received,
        f.published,
        f.not_shown,
        f.rejected,
        if f.withdrawn > 0 { format!(" + 作者撤回 {} 条", f.withdrawn) } else { String::new() },
        f.pending,
        f.counted(),
        o.adopted,
        o.partly_adopted,
        o.not_adopted,
        o.explained
    )
}

fn row_line(row: &Row) -> String {
    let flat = |text: &str| text.replace('\n', " ");
    let topic = row.topic.as_ref().filter(|t| **t != row.text).map_or_else(String::new, |t| format!("{t}："));
    let outcome = row.outcome.map_or("未答复", words::outcome);
    let reason =
        if row.reason.is_empty() { String::new() } else { format!("理由：{}", flat(&row.reason)) };
    let clause = row.clause.as_ref().map_or_else(String::new, |c| format!("见正式文本{c}。"));
    format!(
        "{}．【{}】{topic}{}（{} 条）→ {outcome}。{reason}{clause}",
        row.number,
        row.source,
        flat(&row.text),
        row.opinions
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(state: OpinionState, text: Option<&str>) -> store::Single {
        store::Single {
            state,
            channel: Channel::Site,
            person_kind: PersonKind::Individual,
            public_name: Some("张*".into()),
            clause_id: None,
            public_text: text.map(Into::into),
            outcome: Some(Outcome::Adopted),
            reason: None,
            final_clause_id: Some(ClauseId(uuid::Uuid::nil())),
        }
    }

    #[test]
    fn what_is_not_public_is_not_told() {
        let place = Place { label: "第八条".into(), path: None };
        let places = HashMap::from([(ClauseId(uuid::Uuid::nil()), place)]);
        let shown = single(one(OpinionState::Published, Some("延长开放")), &places, &HashMap::new(), 1);
        assert_eq!((shown.source.as_str(), shown.text.as_str()), ("张*（个人，本平台）", "延长开放"));
        assert_eq!(shown.clause.as_deref(), Some("第八条"));
        for state in [OpinionState::Withheld, OpinionState::Returned, OpinionState::Pending] {
            let hidden = single(one(state, Some("延长开放")), &places, &HashMap::new(), 1);
            assert!(!hidden.source.contains('张') && !hidden.text.contains("延长"), "{hidden:?}");
        }
    }

    #[test]
    fn a_source_names_channels_only_where_they_differ() {
        let site = (PersonKind::Individual, Channel::Site, 2);
        assert_eq!(source(&[site]), "个人 2 条");
        assert_eq!(
            source(&[(PersonKind::Company, Channel::Letter, 1), site]),
            "个人 2 条、企业 1 条（本平台 2 条、来信 1 条）"
        );
    }
}
