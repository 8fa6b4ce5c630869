//! Checking a live site: what the database can tell about itself, and what only the program knows.

use std::collections::BTreeMap;

use entity::consultation_import::{self, Column as ImportColumn};
use entity::{document, file, opinion, publication, receipt};
use futures_util::StreamExt as _;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, DbBackend, EntityTrait as _,
    FromQueryResult, QueryFilter as _, QuerySelect as _, QueryTrait as _, Statement,
};

use super::check_answers::answers;
use super::fault::Fault;
use super::report::Report;
use super::row::quoted;
use super::schema;
use crate::audit::{self, Finding};
use crate::db::Db;
use crate::keys::{Keys, sha256_hex};
use crate::receipt::is_code_of;
use crate::text;

/// Problems named of each kind; the rest are counted.
const NAMED: usize = 100;

/// Checks the site at one moment, while it works on, and adds what was found to the report. Reads everything
/// once.
///
/// # Errors
/// A database that cannot be read.
pub async fn verify_site(db: &Db, keys: &Keys, report: &mut Report) -> Result<(), Fault> {
    let snapshot = db.snapshot().await?;
    integrity(&snapshot, report).await?;
    tables(&snapshot, report).await?;
    match audit::verify(&*snapshot).await? {
        Finding::Whole { records } => report.good("audit", format!("{records} records, chained")),
        Finding::Broken { at } => report.bad("audit", format!("the chain breaks at record {at}")),
    }
    files(&snapshot, report).await?;
    documents(&snapshot, report).await?;
    publications(&snapshot, report).await?;
    opinions(&snapshot, keys, report).await?;
    receipts(&snapshot, keys, report).await?;
    sequences(&snapshot, report).await?;
    tally(&snapshot, report).await?;
    seats(&snapshot, report).await?;
    supports(&snapshot, report).await?;
    answers(&snapshot, report).await?;
    search_index(&snapshot, report).await?;
    Ok(snapshot.close().await?)
}

#[derive(FromQueryResult)]
struct Said {
    said: String,
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

async fn count(db: &DatabaseTransaction, sql: &str) -> Result<i64, Fault> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    Ok(Count::find_by_statement(statement).one(db).await?.map_or(0, |row| row.n))
}

/// SQLite's own checks of its file and of what refers to what. PostgreSQL guards both by itself.
async fn integrity(db: &DatabaseTransaction, report: &mut Report) -> Result<(), Fault> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let sql = "SELECT integrity_check AS said FROM pragma_integrity_check";
    let said = Said::find_by_statement(Statement::from_string(DbBackend::Sqlite, sql)).all(db).await?;
    let problems: Vec<String> = said.into_iter().map(|s| s.said).filter(|s| s != "ok").collect();
    report.line("database file", "integrity_check ok", &problems);
    let sql = "SELECT \"table\" || ' names a missing ' || parent AS said FROM pragma_foreign_key_check";
    let said = Said::find_by_statement(Statement::from_string(DbBackend::Sqlite, sql)).all(db).await?;
    let problems: Vec<String> = said.into_iter().map(|s| s.said).collect();
    report.line("references", "every one leads somewhere", &problems);
    Ok(())
}

async fn tables(db: &DatabaseTransaction, report: &mut Report) -> Result<(), Fault> {
    let (mut rows, tables) = (0, schema::tables(db).await?);
    for table in &tables {
        rows += count(db, &format!("SELECT count(*) AS n FROM {}", quoted(&table.name))).await?;
    }
    report.good("tables", format!("{} with {rows} rows", tables.len()));
    Ok(())
}

/// The first problems found, and how many there are.
#[derive(Default)]
struct Problems(Vec<String>);

impl Problems {
    fn add(&mut self, is_wrong: bool, words: impl FnOnce() -> String) {
        if is_wrong && self.0.len() < NAMED {
            self.0.push(words());
        }
    }
}

async fn files(db: &DatabaseTransaction, report: &mut Report) -> Result<(), Fault> {
    let (mut n, mut problems) = (0, Problems::default());
    let mut rows = file::Entity::find().stream(db).await?;
    while let Some(row) = rows.next().await {
        let row = row?;
        n += 1;
        let whole = row.size == row.bytes.len() as i64 && row.content_hash == sha256_hex(&row.bytes);
        problems.add(!whole, || format!("file {} ({}) is not what was uploaded", row.id, row.name));
    }
    report.line("files", format!("{n}, each with the hash it came with"), &problems.0);
    Ok(())
}

async fn documents(db: &DatabaseTransaction, report: &mut Report) -> Result<(), Fault> {
    let (mut n, mut problems) = (0, Problems::default());
    let mut rows = document::Entity::find().stream(db).await?;
    while let Some(row) = rows.next().await {
        let row = row?;
        n += 1;
        let changed = row.content_hash != sha256_hex(row.body.as_bytes());
        problems.add(changed, || format!("document {} ({}) does not have its hash", row.id, row.title));
    }
    report.line("documents", format!("{n}, each with its hash"), &problems.0);
    Ok(())
}

async fn publications(db: &DatabaseTransaction, report: &mut Report) -> Result<(), Fault> {
    // Before the rows are read: a stream holds the connection for as long as it is there.
    let twice = count(
        db,
        "SELECT count(*) AS n FROM (SELECT subject_id FROM publication WHERE current \
         GROUP BY subject_kind, subject_id HAVING count(*) > 1) x",
    )
    .await?;
    let (mut n, mut problems) = (0, Problems::default());
    let mut rows = publication::Entity::find().stream(db).await?;
    while let Some(row) = rows.next().await {
        let row = row?;
        n += 1;
        let hash = sha256_hex(format!("{}\n{}", row.title, row.body).as_bytes());
        problems.add(hash != row.content_hash, || {
            format!("publication {} ({}) is not what was published", row.id, row.title)
        });
    }
    report.line("publications", format!("{n}, each with the hash it was published with"), &problems.0);
    let problems: Vec<String> =
        if twice > 0 { vec![format!("{twice} subjects have two current versions")] } else { Vec::new() };
    report.line("current versions", "one of each subject at most", &problems);
    Ok(())
}

/// Received texts never change; names and contacts open with the key of this site.
async fn opinions(db: &DatabaseTransaction, keys: &Keys, report: &mut Report) -> Result<(), Fault> {
    let (mut n, mut sealed) = (0, 0);
    let (mut texts, mut locked) = (Problems::default(), Problems::default());
    let mut rows = opinion::Entity::find().stream(db).await?;
    while let Some(row) = rows.next().await {
        let row = row?;
        n += 1;
        let changed = row.text_hash != sha256_hex(text::essence(&row.text).as_bytes());
        texts.add(changed, || format!("the text of opinion {} is not what was received", row.number));
        for bytes in [&row.name_enc, &row.contact_enc].into_iter().flatten() {
            sealed += 1;
            locked.add(keys.decrypt(bytes).is_none(), || {
                format!("name or contact of opinion {} does not open with the key of this site", row.number)
            });
        }
    }
    report.line("opinions", format!("{n}, each with the hash of the received text"), &texts.0);
    report.line("names and contacts", format!("{sealed}, each opens with the site's key"), &locked.0);
    Ok(())
}

async fn receipts(db: &DatabaseTransaction, keys: &Keys, report: &mut Report) -> Result<(), Fault> {
    let mut problems = Problems::default();
    let lost = count(
        db,
        "SELECT count(*) AS n FROM receipt r WHERE r.subject_kind = 'opinion' \
         AND NOT EXISTS (SELECT 1 FROM opinion o WHERE o.id = r.subject_id)",
    )
    .await?;
    problems.add(lost > 0, || format!("{lost} receipts without their opinion"));
    let lost = count(
        db,
        "SELECT count(*) AS n FROM receipt r WHERE r.subject_kind = 'submission' \
         AND NOT EXISTS (SELECT 1 FROM submission_part p WHERE p.submission_id = r.subject_id)",
    )
    .await?;
    problems.add(lost > 0, || format!("{lost} receipts without what was sent together"));
    let lost = count(
        db,
        "SELECT count(*) AS n FROM receipt r WHERE r.subject_kind = 'questionnaire_response' \
         AND NOT EXISTS (SELECT 1 FROM questionnaire_response a WHERE a.id = r.subject_id)",
    )
    .await?;
    problems.add(lost > 0, || format!("{lost} receipts without the answers to a questionnaire"));
    let bare = count(
        db,
        "SELECT count(*) AS n FROM questionnaire_response a WHERE NOT EXISTS \
         (SELECT 1 FROM receipt r WHERE r.subject_kind = 'questionnaire_response' AND r.subject_id = a.id)",
    )
    .await?;
    problems.add(bare > 0, || format!("{bare} answers to questionnaires without a receipt"));
    let bare = count(
        db,
        "SELECT count(*) AS n FROM opinion o WHERE NOT EXISTS \
         (SELECT 1 FROM receipt r WHERE r.subject_kind = 'opinion' AND r.subject_id = o.id) \
         AND o.consultation_id NOT IN (SELECT consultation_id FROM consultation_import)",
    )
    .await?;
    problems.add(bare > 0, || format!("{bare} opinions without a receipt"));
    let (mut n, mut foreign) = (0, Problems::default());
    let mut rows = receipt::Entity::find().stream(db).await?;
    while let Some(row) = rows.next().await {
        let row = row?;
        n += 1;
        foreign.add(!is_code_of(keys, &row), || {
            format!("receipt {} has another code than its key gives", row.id)
        });
    }
    report.line("receipts", format!("{n}, each with its subject, each subject with one"), &problems.0);
    report.line("lookup codes", format!("{n}, each as the site's key gives it"), &foreign.0);
    Ok(())
}

#[derive(FromQueryResult)]
struct Numbers {
    code: String,
    value: Option<i64>,
    n: i64,
    last: Option<String>,
}

/// Acceptance numbers of each consultation of this site, and the codes of decisions and consultations, go from 1 to their
/// counter without a gap.
async fn sequences(db: &DatabaseTransaction, report: &mut Report) -> Result<(), Fault> {
    let sql = "SELECT c.code AS code, s.value AS value, x.n AS n, x.last AS last FROM consultation c \
         JOIN (SELECT consultation_id, count(*) AS n, max(number) AS last FROM opinion \
               GROUP BY consultation_id) x ON x.consultation_id = c.id \
         LEFT JOIN sequence s ON s.name = 'opinion:' || c.code \
         WHERE c.id NOT IN (SELECT consultation_id FROM consultation_import)";
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let (mut opinions, mut problems) = (0, Problems::default());
    for row in Numbers::find_by_statement(statement).all(db).await? {
        opinions += row.n;
        let value = row.value.unwrap_or(0);
        // Numbers are unique: so many of them, and the last one is the counter's.
        let whole = row.n == value && row.last.is_some_and(|last| last == format!("{}-{value:06}", row.code));
        problems.add(!whole, || {
            format!("consultation {} has {} opinions, its counter stands at {value}", row.code, row.n)
        });
    }
    let counters = counters(db).await?;
    for (name, codes) in codes(db).await? {
        let value = counters.get(&name).copied().unwrap_or(0);
        let numbers: Vec<i64> = codes.iter().filter_map(|c| c.rsplit('-').next()?.parse().ok()).collect();
        let within = numbers.len() == codes.len() && numbers.iter().all(|n| (1..=value).contains(n));
        problems.add(!within, || format!("counter {name} stands at {value} but {codes:?} are there"));
    }
    report.line(
        "numbers",
        format!("{opinions} opinions without a gap, codes within their counters"),
        &problems.0,
    );
    Ok(())
}

async fn counters(db: &DatabaseTransaction) -> Result<BTreeMap<String, i64>, Fault> {
    let rows = entity::sequence::Entity::find().all(db).await?;
    Ok(rows.into_iter().map(|row| (row.name, row.value)).collect())
}

/// What came from other sites has their codes, or a prefix of its own.
fn imported(column: ImportColumn) -> SelectStatement {
    consultation_import::Entity::find().select_only().column(column).into_query()
}

/// The codes in use, by the name of their counter.
async fn codes(db: &DatabaseTransaction) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let mut codes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let decisions: Vec<(i32, String)> = entity::decision::Entity::find()
        .select_only()
        .columns([entity::decision::Column::Year, entity::decision::Column::Code])
        .filter(entity::decision::Column::Id.not_in_subquery(imported(ImportColumn::DecisionId)))
        .into_tuple()
        .all(db)
        .await?;
    for (year, code) in decisions {
        codes.entry(format!("decision-{year}")).or_default().push(code);
    }
    let consultations: Vec<String> = entity::consultation::Entity::find()
        .select_only()
        .column(entity::consultation::Column::Code)
        .filter(entity::consultation::Column::Code.contains("-"))
        .filter(entity::consultation::Column::Id.not_in_subquery(imported(ImportColumn::ConsultationId)))
        .into_tuple()
        .all(db)
        .await?;
    for code in consultations {
        let decision = code.rsplit_once('-').map_or("", |(decision, _)| decision);
        codes.entry(format!("consultation:{decision}")).or_default().push(code);
    }
    Ok(codes)
}

/// The numbers that pages show are the numbers there are.
async fn tally(db: &DatabaseTransaction, report: &mut Report) -> Result<(), Fault> {
    let wrong = count(
        db,
        "SELECT count(*) AS n FROM ( \
           SELECT consultation_id, state, sum(n) AS total FROM ( \
             SELECT consultation_id, state, n FROM opinion_tally \
             UNION ALL SELECT consultation_id, state, -1 FROM opinion) x \
           GROUP BY consultation_id, state HAVING sum(n) <> 0) y",
    )
    .await?;
    let problems = if wrong > 0 {
        vec![format!("{wrong} numbers of opinions are not those in the table")]
    } else {
        Vec::new()
    };
    report.line("tally", "the numbers shown are the numbers there are", &problems);
    Ok(())
}

/// The seats that a session has given are those of the registrations that hold one, and who came is counted.
async fn seats(db: &DatabaseTransaction, report: &mut Report) -> Result<(), Fault> {
    let sessions = count(db, "SELECT count(*) AS n FROM event_session").await?;
    let wrong = count(
        db,
        "SELECT count(*) AS n FROM event_session s \
         WHERE s.taken <> COALESCE((SELECT sum(r.seats) FROM event_registration r \
           WHERE r.session_id = s.id AND r.state IN ('confirmed', 'offered')), 0) \
         OR s.present <> COALESCE((SELECT sum(r.came) FROM event_registration r \
           WHERE r.session_id = s.id), 0)",
    )
    .await?;
    let shares = count(
        db,
        "SELECT count(*) AS n FROM event_share h \
         WHERE h.taken <> COALESCE((SELECT sum(r.seats) FROM event_registration r \
           WHERE r.session_id = h.session_id AND NOT r.walk_in AND r.state IN ('confirmed', 'offered') \
           AND COALESCE((SELECT own.share FROM event_share own \
             WHERE own.session_id = r.session_id AND own.share = r.seat_group), 'open') = h.share), 0)",
    )
    .await?;
    let mut problems = Vec::new();
    if wrong > 0 {
        problems.push(format!("{wrong} sessions of events count other seats than their registrations hold"));
    }
    if shares > 0 {
        problems.push(format!("{shares} shares of groups count other seats than their registrations hold"));
    }
    report.line("seats", format!("{sessions} sessions of events add up"), &problems);
    Ok(())
}

/// The number of supports beside each opinion is that of its rows.
async fn supports(db: &DatabaseTransaction, report: &mut Report) -> Result<(), Fault> {
    let there = count(db, "SELECT count(*) AS n FROM support").await?;
    let wrong = count(
        db,
        "SELECT count(*) AS n FROM ( \
           SELECT opinion_id FROM ( \
             SELECT opinion_id, n FROM support_tally UNION ALL SELECT opinion_id, -1 FROM support) x \
           GROUP BY opinion_id HAVING sum(n) <> 0) y",
    )
    .await?;
    let problems = if wrong > 0 {
        vec![format!("{wrong} opinions show another number of supports than they have")]
    } else {
        Vec::new()
    };
    report.line("supports", format!("{there} supports of opinions, each counted"), &problems);
    Ok(())
}

async fn search_index(db: &DatabaseTransaction, report: &mut Report) -> Result<(), Fault> {
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let key = if sqlite { "rowid" } else { "passage_id" };
    let passages = count(db, "SELECT count(*) AS n FROM passage").await?;
    let missing = count(
        db,
        &format!(
            "SELECT count(*) AS n FROM passage p WHERE NOT EXISTS \
             (SELECT 1 FROM passage_index i WHERE i.{key} = p.id)"
        ),
    )
    .await?;
    let problems =
        if missing > 0 { vec![format!("{missing} passages cannot be found by search")] } else { Vec::new() };
    report.line("search", format!("{passages} passages, each in the index"), &problems);
    Ok(())
}
