//! Reading the whole archive once before anything is written: every row by its columns, every value within what
//! pages and databases can hold, every reference within the archive, every text with its hash.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use entity::enums::{
    AttachmentFormat, Channel, DecisionKind, DocumentKind, Outcome, PersonKind, StepKind, SubjectKind,
};
use entity::id::{ConsultationId, DecisionId};
use sea_orm::Value;
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Readable, place};
use crate::backup::archive::Archive;
use crate::backup::fault::Fault;
use crate::backup::make::text_of;
use crate::backup::manifest::ExportManifest;
use crate::backup::public::PUBLIC;
use crate::backup::row::{self, Row};
use crate::backup::schema::Table;
use crate::clauses::ClauseKind;
use crate::keys::sha256_hex;
use crate::publication;
use crate::text;

/// An uploaded file; the bureau's own limit for uploads is below.
pub const LONGEST_FILE: u64 = 128 << 20;
/// Years in which anything may have happened.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;
const LONGEST_CODE: usize = 40;
const LONGEST_LINE: usize = 2000;

/// What the rest of the import asks of the archive.
pub struct Heads {
    pub decision: DecisionId,
    pub decision_code: String,
    pub year: i64,
    pub consultation: ConsultationId,
    pub code: String,
    pub closes_on: NaiveDate,
    /// Id, key, name.
    pub department: (Uuid, String, String),
    pub clauses: HashSet<Uuid>,
    pub documents: HashSet<Uuid>,
    /// The highest acceptance number.
    pub last_number: i64,
}

/// Reads and checks everything.
///
/// # Errors
/// `Damaged` with the first thing that is wrong; `Refused` for tables of another shape than this program's.
pub fn check(
    archive: &mut Archive<ExportManifest>,
    tables: &[Table],
    readable: Readable,
) -> Result<Heads, Fault> {
    manifest(&archive.manifest, tables)?;
    let mut files = archive.again()?;
    let sizes = archive.manifest.files.iter().map(|f| (f.path.clone(), f.bytes)).collect();
    let mut seen = Seen { files: sizes, ..Seen::default() };
    for table in tables {
        let mut lines = archive.lines(&format!("tables/{}.jsonl", table.name))?;
        let mut last = None;
        while let Some(line) = lines.next()? {
            let row = row::parse(table, line, &mut |path| files.bytes(path, LONGEST_FILE))?;
            let cells = Cells { table, row: &row };
            let id = cells.key()?;
            if last.is_some_and(|last| id <= last) {
                return Err(cells.wrong("its rows are not in order, or one is there twice"));
            }
            last = Some(id);
            values(&cells)?;
            seen.row(&cells, id, readable)?;
        }
    }
    seen.heads(&archive.manifest)
}

fn manifest(manifest: &ExportManifest, tables: &[Table]) -> Result<(), Fault> {
    let line = |text: &str| !text.is_empty() && text.chars().count() <= 500 && text::one_line(text).is_ok();
    if !line(&manifest.site) {
        return Err(Fault::damaged("its manifest names no site"));
    }
    let is_web = ["https://", "http://"].iter().any(|s| manifest.url.starts_with(s));
    if !is_web || !line(&manifest.url) || manifest.url.contains(char::is_whitespace) {
        return Err(Fault::damaged("the address in its manifest is none of the web"));
    }
    if manifest.tables.len() != tables.len() {
        return Err(Fault::damaged("its tables are not those of a consultation"));
    }
    for (entry, table) in manifest.tables.iter().zip(tables) {
        if entry.name != table.name || entry.path != format!("tables/{}.jsonl", table.name) {
            return Err(Fault::damaged(format!(
                "it has {:?} in the place of table {}",
                entry.name, table.name
            )));
        }
        if entry.columns != table.columns || entry.key != table.key {
            return Err(Fault::damaged(format!("table {} has other columns", table.name)));
        }
    }
    Ok(())
}

/// A row with the names of its cells.
pub struct Cells<'a> {
    pub table: &'a Table,
    pub row: &'a Row,
}

impl Cells<'_> {
    fn wrong(&self, why: &str) -> Fault {
        Fault::damaged(format!("table {}: {why}", self.table.name))
    }

    pub fn get(&self, column: &str) -> Result<&Value, Fault> {
        let at = place(self.table, column)?;
        self.row.get(at).ok_or_else(|| self.wrong("a row is short"))
    }

    pub fn text(&self, column: &str) -> Result<&str, Fault> {
        Ok(text_of(Some(self.get(column)?)).unwrap_or_default())
    }

    pub fn uuid(&self, column: &str) -> Result<Option<Uuid>, Fault> {
        Ok(match self.get(column)? {
            Value::Uuid(id) => *id,
            _ => None,
        })
    }

    pub fn number(&self, column: &str) -> Result<i64, Fault> {
        Ok(match self.get(column)? {
            Value::BigInt(Some(n)) => *n,
            _ => 0,
        })
    }

    /// The primary key; every table here has one column of it.
    pub fn key(&self) -> Result<Uuid, Fault> {
        let name = self.table.key.first().map_or("id", String::as_str);
        self.uuid(name)?.ok_or_else(|| self.wrong("a row has no key"))
    }

    fn within(&self, column: &str, known: &HashSet<Uuid>) -> Result<(), Fault> {
        match self.uuid(column)? {
            Some(id) if !known.contains(&id) => {
                Err(self.wrong(&format!("{column} leads out of the archive")))
            }
            _ => Ok(()),
        }
    }

    fn is(&self, column: &str, wanted: Option<Uuid>) -> Result<(), Fault> {
        let found = self.uuid(column)?;
        if found.is_some() && found == wanted {
            return Ok(());
        }
        Err(self.wrong(&format!("{column} is another")))
    }

    fn has_hash(&self, column: &str, found: &str) -> Result<(), Fault> {
        if self.text(column)? == found {
            return Ok(());
        }
        Err(self.wrong(&format!("a row does not have the hash it was published with ({})", self.key()?)))
    }
}

/// What every value must be, whatever row it is in.
fn values(cells: &Cells<'_>) -> Result<(), Fault> {
    let years = |day: NaiveDate| YEARS.contains(&day.year());
    for (column, cell) in cells.table.columns.iter().zip(cells.row) {
        let good = match cell {
            Value::String(Some(text)) => {
                let long = [
                    "body", "notice", "plain", "intro", "text", "path", "note", "reason", "summary", "basis",
                ];
                let is_long = long.iter().any(|name| column.name.ends_with(name));
                !text.contains('\0')
                    && (is_long || text.chars().count() <= LONGEST_LINE)
                    && is_word(&cells.table.name, &column.name, text)
            }
            // The size of a file is compared with its bytes.
            Value::BigInt(Some(n)) => column.name == "size" || (0..=i64::from(i32::MAX)).contains(n),
            Value::ChronoDate(Some(day)) => years(*day),
            Value::ChronoDateTimeUtc(Some(at)) => instant(*at, years),
            Value::Json(Some(json)) => !json.to_string().contains("\\u0000"),
            _ => true,
        };
        if !good {
            return Err(cells.wrong(&format!("{} of row {} cannot be", column.name, cells.key()?)));
        }
    }
    Ok(())
}

fn instant(at: DateTime<Utc>, years: impl Fn(NaiveDate) -> bool) -> bool {
    years(at.date_naive())
}

/// Whether a text of a closed vocabulary is one of its words.
fn is_word(table: &str, column: &str, text: &str) -> bool {
    match (table, column) {
        ("decision", "kind") => DecisionKind::parse(text).is_some(),
        ("document", "kind") => DocumentKind::parse(text).is_some(),
        ("step", "kind") => StepKind::parse(text).is_some(),
        // The line above the first clause is kept as one; cutting does not know it.
        ("clause", "kind") => {
            text == "title" || serde_json::from_value::<ClauseKind>(Json::from(text)).is_ok()
        }
        ("opinion", "channel") => Channel::parse(text).is_some(),
        ("opinion", "person_kind") => PersonKind::parse(text).is_some(),
        ("attachment", "format") => AttachmentFormat::parse(text).is_some(),
        ("opinion", "lang") => ["zh", "en"].contains(&text),
        ("response", "public_outcome") => Outcome::parse(text).is_some(),
        ("publication", "column_name") => {
            [publication::DECISIONS, publication::CONSULTATIONS, publication::SUMMARIES].contains(&text)
        }
        (_, "code" | "number") if table != "clause" => is_code(text),
        ("department", "key") => is_code(text),
        _ => true,
    }
}

fn is_code(text: &str) -> bool {
    (1..=LONGEST_CODE).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// What of the archive was read so far.
#[derive(Default)]
struct Seen {
    department: Option<(Uuid, String, String)>,
    decision: Option<(Uuid, String, i64)>,
    consultation: Option<(Uuid, String, NaiveDate)>,
    questionnaire: Option<Uuid>,
    documents: HashSet<Uuid>,
    clauses: HashSet<Uuid>,
    opinions: HashSet<Uuid>,
    topics: HashSet<Uuid>,
    summaries: HashSet<Uuid>,
    last_number: i64,
    /// Files of the archive and their sizes.
    files: HashMap<String, u64>,
}

impl Seen {
    fn decision_id(&self) -> Option<Uuid> {
        self.decision.as_ref().map(|d| d.0)
    }

    fn consultation_id(&self) -> Option<Uuid> {
        self.consultation.as_ref().map(|c| c.0)
    }

    /// Tables come with parents before children, so that what a row names is known.
    fn row(&mut self, c: &Cells<'_>, id: Uuid, readable: Readable) -> Result<(), Fault> {
        match c.table.name.as_str() {
            "department" => {
                let row = (id, c.text("key")?.to_owned(), c.text("name")?.to_owned());
                once(c, &mut self.department, row)
            }
            "decision" => {
                c.is("department_id", self.department.as_ref().map(|d| d.0))?;
                once(c, &mut self.decision, (id, c.text("code")?.to_owned(), c.number("year")?))
            }
            "document" => {
                c.is("decision_id", self.decision_id())?;
                c.has_hash("content_hash", &sha256_hex(c.text("body")?.as_bytes()))?;
                self.documents.insert(id);
                Ok(())
            }
            "clause" => {
                c.within("document_id", &self.documents)?;
                self.clauses.insert(id);
                Ok(())
            }
            "file" => self.file(c),
            "consultation" => self.of_consultation(c, id),
            "questionnaire" => {
                c.is("consultation_id", self.consultation_id())?;
                once(c, &mut self.questionnaire, id)?;
                match c.get("questions")? {
                    Value::Json(Some(json)) if (readable.questions)(json) => Ok(()),
                    _ => Err(c.wrong("the questions cannot be asked")),
                }
            }
            "questionnaire_tally" => c.is("questionnaire_id", self.questionnaire),
            "consultation_extension" => c.is("consultation_id", self.consultation_id()),
            "step" => c.is("decision_id", self.decision_id()),
            "opinion" => self.opinion(c, id),
            "attachment" => self.attachment(c),
            "topic" => {
                c.is("consultation_id", self.consultation_id())?;
                self.topics.insert(id);
                Ok(())
            }
            "topic_opinion" => {
                c.within("opinion_id", &self.opinions)?;
                c.within("topic_id", &self.topics)
            }
            "response" => {
                c.is("consultation_id", self.consultation_id())?;
                c.within("topic_id", &self.topics)?;
                c.within("opinion_id", &self.opinions)
            }
            "summary" => {
                c.is("consultation_id", self.consultation_id())?;
                c.is("decision_id", self.decision_id())?;
                self.summaries.insert(id);
                match c.get("snapshot")? {
                    Value::Json(Some(json)) if (readable.snapshot)(json) => Ok(()),
                    _ => Err(c.wrong("what the summary published cannot be shown")),
                }
            }
            _ => self.publication(c),
        }
    }

    fn file(&self, c: &Cells<'_>) -> Result<(), Fault> {
        c.within("document_id", &self.documents)?;
        let Value::Bytes(Some(bytes)) = c.get("bytes")? else { return Err(c.wrong("a file has no bytes")) };
        if i64::try_from(bytes.len()).ok() != Some(c.number("size")?) {
            return Err(c.wrong("a file is not as long as it says"));
        }
        c.has_hash("content_hash", &sha256_hex(bytes))
    }

    fn of_consultation(&mut self, c: &Cells<'_>, id: Uuid) -> Result<(), Fault> {
        c.is("decision_id", self.decision_id())?;
        c.within("document_id", &self.documents)?;
        let day = |column| match c.get(column) {
            Ok(Value::ChronoDate(Some(day))) => Ok(*day),
            _ => Err(c.wrong("a day is missing")),
        };
        let (opens, closes) = (day("opens_on")?, day("closes_on")?);
        if opens > closes {
            return Err(c.wrong("it closes before it opens"));
        }
        once(c, &mut self.consultation, (id, c.text("code")?.to_owned(), closes))
    }

    fn opinion(&mut self, c: &Cells<'_>, id: Uuid) -> Result<(), Fault> {
        c.is("consultation_id", self.consultation_id())?;
        c.within("clause_id", &self.clauses)?;
        let code = self.consultation.as_ref().map(|c| c.1.as_str()).unwrap_or_default();
        let number = c.text("number")?;
        let counted = number.strip_prefix(code).and_then(|n| n.strip_prefix('-')).filter(|n| n.len() <= 8);
        let counted = counted.and_then(|n| n.parse::<u32>().ok());
        let counted = counted.ok_or_else(|| c.wrong(&format!("{number} is no number of {code}")))?;
        self.last_number = self.last_number.max(i64::from(counted));
        self.opinions.insert(id);
        Ok(())
    }

    fn attachment(&self, c: &Cells<'_>) -> Result<(), Fault> {
        c.within("subject_id", &self.opinions)?;
        let size = self.files.get(&format!("files/{}", c.text("content_hash")?));
        let sized = size.is_some_and(|n| i64::try_from(*n).ok() == c.number("size").ok());
        let name = c.text("name")?;
        let named = !name.is_empty() && name.chars().count() <= 200 && text::one_line(name).is_ok();
        if c.text("subject_kind")? != SubjectKind::Opinion.as_str() || !sized || !named {
            return Err(c.wrong("an attachment is not what it says"));
        }
        Ok(())
    }

    fn publication(&self, c: &Cells<'_>) -> Result<(), Fault> {
        let hash = sha256_hex(format!("{}\n{}", c.text("title")?, c.text("body")?).as_bytes());
        c.has_hash("content_hash", &hash)?;
        let subject = c.uuid("subject_id")?;
        let (decision, consultation) = (&self.decision, &self.consultation);
        let (Some(decision), Some(consultation), Some(id)) = (decision, consultation, subject) else {
            return Err(c.wrong("a publication is of nothing"));
        };
        // Another path would lead a search hit of this site to where its author pleases.
        let path = match SubjectKind::parse(c.text("subject_kind")?) {
            Some(SubjectKind::Decision) if id == decision.0 => {
                format!("{}/{}", web::path::DECISIONS, decision.1)
            }
            Some(SubjectKind::Consultation) if id == consultation.0 => {
                format!("{}/{}", web::path::CONSULTATIONS, consultation.1)
            }
            Some(SubjectKind::Document) if self.documents.contains(&id) => format!("/documents/{id}"),
            Some(SubjectKind::Summary) if self.summaries.contains(&id) => {
                format!("{}/{}", web::path::SUMMARIES, consultation.1)
            }
            _ => return Err(c.wrong("a publication is of something else")),
        };
        if c.text("path")? == path { Ok(()) } else { Err(c.wrong("a publication has another path")) }
    }

    fn heads(self, manifest: &ExportManifest) -> Result<Heads, Fault> {
        let missing = || Fault::damaged("it holds no decision with its consultation and department");
        let department = self.department.ok_or_else(missing)?;
        let (decision, decision_code, year) = self.decision.ok_or_else(missing)?;
        let (consultation, code, closes_on) = self.consultation.ok_or_else(missing)?;
        if code != manifest.consultation {
            return Err(Fault::damaged("its manifest names another consultation"));
        }
        Ok(Heads {
            decision: DecisionId(decision),
            decision_code,
            year,
            consultation: ConsultationId(consultation),
            code,
            closes_on,
            department,
            clauses: self.clauses,
            documents: self.documents,
            last_number: self.last_number,
        })
    }
}

fn once<T>(c: &Cells<'_>, place: &mut Option<T>, row: T) -> Result<(), Fault> {
    match place.replace(row) {
        None => Ok(()),
        Some(_) => Err(c.wrong("it has more than one row")),
    }
}

const _: () = assert!(PUBLIC.len() == 17, "a new table is checked in `Seen::row`");
