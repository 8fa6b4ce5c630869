//! Taking down many opinions at once, from a spreadsheet: letters and calls that a clerk keeps in a table, the
//! record of a seminar. Each row is registered as if it had been typed alone ([`super::record`]); a row that is
//! there already is left out, so that the same table, or a longer one, may be sent again.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::consultation::Model;
use entity::enums::{Channel, PersonKind, ShowAs, SubjectKind};
use entity::id::ClauseId;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::content::{Checked, Content, code};
use super::quote::choices;
use super::receive::receive;
use super::record::{incoming, may_record, received_on};
use super::{store, words};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::problem::{Problem, Words, words as say};
use crate::sheet::Line;
use crate::{audit, sequence, text};

/// Rows of one transaction: enough to be quick, few enough for others to come in between.
const AT_ONCE: usize = 100;

/// A table to take down.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Code of the consultation.
    pub consultation: String,
    /// Rows with their head in front.
    pub lines: Vec<Line>,
    /// How those came that do not say it themselves.
    pub channel: Option<Channel>,
    /// When those came that do not say it themselves.
    pub received_on: Option<NaiveDate>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Field {
    Text,
    Name,
    Contact,
    Kind,
    ShowAs,
    Channel,
    ReceivedOn,
    Clause,
}

/// What a column may be called; the first name is that of the template.
const NAMES: [(Field, &[&str]); 8] = [
    (Field::Text, &["意见内容", "意见", "内容", "意见建议", "text", "opinion"]),
    (Field::Name, &["姓名或单位", "姓名", "单位", "姓名/单位", "提出人", "name"]),
    (
        Field::Contact,
        &["联系方式", "手机号或电子邮箱", "电话", "手机", "手机号", "邮箱", "电子邮箱", "contact"],
    ),
    (Field::Kind, &["身份类别", "身份", "类别", "person_kind", "kind"]),
    (Field::ShowAs, &["公开方式", "是否公开", "show_as"]),
    (Field::Channel, &["意见来源", "来源", "渠道", "channel"]),
    (Field::ReceivedOn, &["收到日期", "日期", "来信日期", "received_on", "date"]),
    (Field::Clause, &["针对", "针对条款", "条款", "clause"]),
];

/// The columns of a template, in the order of [`NAMES`].
pub fn columns() -> impl Iterator<Item = &'static str> {
    NAMES.iter().filter_map(|(_, names)| names.first().copied())
}

/// A row that can be taken down.
#[derive(Debug)]
pub struct Row {
    pub line: u32,
    pub channel: Channel,
    pub received_on: NaiveDate,
    /// As people cite it; none speaks on the whole draft.
    pub clause: Option<String>,
    pub name: Option<String>,
    pub text: String,
    clause_id: Option<ClauseId>,
    checked: Checked,
}

/// A row that cannot, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub line: u32,
    pub why: Vec<Words>,
}

/// What a table brings.
#[derive(Debug, Default)]
pub struct Found {
    pub new: Vec<Row>,
    /// Rows that were taken down before.
    pub known: usize,
    pub wrong: Vec<Wrong>,
}

/// Reads a table and says what it would bring, changing nothing.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid` for a table without rows or without a column for the
/// text; `conflict` once the result is published; the database's own.
pub async fn preview(app: &App, actor: &Actor, input: &Batch) -> Result<Found, Problem> {
    actor.require_staff()?;
    let db = app.db.read();
    let (target, department) = store::target(db, code(&input.consultation)?).await?;
    may_record(actor, department)?;
    let (rows, wrong) = read(app, db, &target, input).await?;
    let mut known = Known::default();
    known.look(db, &target, &rows).await?;
    let all = rows.len();
    let new: Vec<Row> = rows.into_iter().filter(|row| known.is_new(row)).collect();
    Ok(Found { known: all - new.len(), new, wrong })
}

/// Takes down every row that can be and is not there yet, some at a time: what stopped halfway goes on when the
/// table is sent again.
///
/// # Errors
/// As [`preview`].
pub async fn import(app: &App, actor: &Actor, input: &Batch) -> Result<Found, Problem> {
    actor.require_staff()?;
    let (target, department) = store::target(app.db.read(), code(&input.consultation)?).await?;
    let staff = may_record(actor, department)?;
    let (rows, wrong) = read(app, app.db.read(), &target, input).await?;
    let mut found = Found { wrong, ..Found::default() };
    let mut known = Known::default();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<Row> = rows.by_ref().take(AT_ONCE).collect();
        let write = app.write().await?;
        write.unseen();
        // The same table, sent twice at once, is taken down once.
        sequence::next(&write, &format!("batch:{}", target.code)).await?;
        let (target, department) = store::target(&*write, &target.code).await?;
        known.look(&*write, &target, &some).await?;
        for row in some {
            // Published meanwhile, or taken down by somebody else.
            received_on(&target, Some(row.received_on), app)?;
            if !known.is_new(&row) {
                found.known += 1;
                continue;
            }
            let incoming = incoming(
                app,
                &target,
                department,
                row.clause_id,
                row.channel,
                &row.checked,
                row.received_on,
                staff.id,
            );
            receive(app, &write, actor, &incoming).await?;
            found.new.push(row);
        }
        write.commit().await?;
    }
    let write = app.write().await?;
    let detail = json!({ "new": found.new.len(), "known": found.known, "left_out": found.wrong.len() });
    let subject = audit::subject(SubjectKind::Consultation, target.id);
    audit::record(app, &write, actor, "opinion.record_batch", subject, detail).await?;
    write.commit().await?;
    Ok(found)
}

/// Two rows with the same key say the same; the second of a table is another person's.
type Key = (Channel, NaiveDate, String, Option<String>);

/// How often each key was taken down, and how often it was met in the table.
#[derive(Default)]
struct Known {
    there: HashMap<Key, usize>,
    met: HashMap<Key, usize>,
}

impl Known {
    fn key(row: &Row) -> Key {
        (row.channel, row.received_on, row.checked.text_hash.clone(), row.checked.person_hash.clone())
    }

    /// Counts what is there of these rows.
    async fn look(&mut self, db: &impl ConnectionTrait, target: &Model, rows: &[Row]) -> Result<(), Problem> {
        let hashes: Vec<&str> = rows.iter().map(|r| r.checked.text_hash.as_str()).collect();
        for row in rows {
            self.there.insert(Self::key(row), 0);
        }
        for taken in store::taken_down(db, target.id, &hashes).await? {
            let day = civil::local_date(taken.received_at);
            let key = (taken.channel, day, taken.text_hash, taken.person_hash);
            if let Some(n) = self.there.get_mut(&key) {
                *n += 1;
            }
        }
        Ok(())
    }

    fn is_new(&mut self, row: &Row) -> bool {
        let key = Self::key(row);
        let there = self.there.get(&key).copied().unwrap_or(0);
        let met = self.met.entry(key).or_default();
        *met += 1;
        *met > there
    }
}

async fn read(
    app: &App,
    db: &impl ConnectionTrait,
    target: &Model,
    input: &Batch,
) -> Result<(Vec<Row>, Vec<Wrong>), Problem> {
    // Whatever a row says, nothing can be taken down before the window opens or after the result.
    received_on(target, Some(target.opens_on), app)?;
    let Some((head, rows)) = input.lines.split_first().filter(|(_, rows)| !rows.is_empty()) else {
        return Err(Problem::invalid(
            "table",
            "请选择文件或粘贴表格：第一行为列名，以下每行一条意见",
            "Choose a file or paste a table: the names of the columns first, then one opinion a row",
        ));
    };
    let columns = find_columns(head)?;
    let clauses: HashMap<String, ClauseId> = choices(db, target.document_id)
        .await?
        .into_iter()
        .map(|(id, label)| (spaceless(label.split('｜').next().unwrap_or_default()), id))
        .collect();
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for line in rows {
        match row(app, target, input, line, &columns, &clauses) {
            Ok(row) => good.push(row),
            Err(why) => wrong.push(Wrong { line: line.number, why }),
        }
    }
    Ok((good, wrong))
}

fn find_columns(head: &Line) -> Result<HashMap<Field, usize>, Problem> {
    let mut columns = HashMap::new();
    for (at, cell) in head.cells.iter().enumerate() {
        // A template may explain itself: 收到日期（必填）.
        let name = cell.split(['（', '(', '*']).next().unwrap_or_default().trim().to_lowercase();
        let field = NAMES.iter().find(|(_, names)| names.contains(&name.as_str()));
        if let Some((field, _)) = field {
            columns.entry(*field).or_insert(at);
        }
    }
    if columns.contains_key(&Field::Text) {
        return Ok(columns);
    }
    Err(Problem::invalid(
        "table",
        "没有找到“意见内容”一列，请核对第一行的列名，或使用模板",
        "There is no column 意见内容 (text); check the names in the first row, or use the template",
    ))
}

fn spaceless(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn row(
    app: &App,
    target: &Model,
    input: &Batch,
    line: &Line,
    columns: &HashMap<Field, usize>,
    clauses: &HashMap<String, ClauseId>,
) -> Result<Row, Vec<Words>> {
    let cell = |field: Field| -> &str {
        columns.get(&field).and_then(|at| line.cells.get(*at)).map_or("", String::as_str)
    };
    let mut why = Vec::new();
    let mut unknown = |zh: &str, en: &str, typed: &str| {
        let typed: String = typed.chars().take(40).collect();
        why.push(say(format!("{zh}：{typed}"), format!("{en}: {typed}")));
    };
    let channel = match cell(Field::Channel) {
        "" => input.channel,
        typed => words::channel_of(typed).or_else(|| {
            unknown("不认识的意见来源", "Unknown way of coming", typed);
            None
        }),
    };
    let person_kind = match cell(Field::Kind) {
        "" => Some(PersonKind::Individual),
        typed => words::kind_of(typed).or_else(|| {
            unknown("不认识的身份类别", "Unknown kind of person", typed);
            None
        }),
    };
    let name = text::tidy(cell(Field::Name));
    let show_as = match cell(Field::ShowAs) {
        "" if name.is_empty() => Some(ShowAs::Anonymous),
        "" => Some(ShowAs::Masked),
        typed => words::showing_of(typed).or_else(|| {
            unknown("不认识的公开方式", "Unknown way of showing", typed);
            None
        }),
    };
    let day = match cell(Field::ReceivedOn) {
        "" => input.received_on,
        typed => day(typed).or_else(|| {
            unknown("不认识的日期", "Not a date", typed);
            None
        }),
    };
    let clause = spaceless(cell(Field::Clause));
    let clause_id = match clause.as_str() {
        "" | "全文" => None,
        typed => clauses.get(typed).copied().or_else(|| {
            unknown("草案中没有这一条", "The draft has no such clause", typed);
            None
        }),
    };
    let is_unread = !why.is_empty();
    let mut problems = Vec::new();
    let content = Content {
        text: cell(Field::Text).to_owned(),
        wording: String::new(),
        name: name.clone(),
        contact: cell(Field::Contact).to_owned(),
        // What could not be read is told already.
        person_kind: person_kind.or(Some(PersonKind::Other)),
        show_as: show_as.or(Some(ShowAs::Anonymous)),
    };
    let checked = content.check(&app.config, &app.keys, false).map_err(|p| problems.push(p)).ok();
    let online = (cell(Field::Channel).is_empty() && channel.is_none()) || channel == Some(Channel::Site);
    if online {
        problems.push(Problem::invalid("channel", "请写明意见来源", "Say how it came"));
    }
    let told = cell(Field::ReceivedOn).is_empty() || day.is_some();
    let received = if told { received_on(target, day, app).map_err(|p| problems.push(p)).ok() } else { None };
    why.extend(problems.into_iter().flat_map(|p| p.fields).map(|f| f.message));
    match (checked, channel, received) {
        (Some(checked), Some(channel), Some(received_on)) if why.is_empty() && !is_unread => Ok(Row {
            line: line.number,
            channel,
            received_on,
            clause: clause_id.map(|_| clause),
            name: checked.name.clone(),
            text: checked.text.clone(),
            clause_id,
            checked,
        }),
        _ => Err(why),
    }
}

/// `2026-03-05`, `2026/3/5`, `2026.3.5`, `2026年3月5日`, with or without an hour behind it.
fn day(typed: &str) -> Option<NaiveDate> {
    let date = typed.split([' ', 'T']).next().unwrap_or_default().trim_end_matches('日');
    let parts: Vec<&str> = date.split(['-', '/', '.', '年', '月']).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let year = year.parse().ok().filter(|y| (2000..=2100).contains(y))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_clerks_write_them() {
        let want = NaiveDate::from_ymd_opt(2026, 3, 5);
        for typed in ["2026-03-05", "2026/3/5", "2026.3.5", "2026年3月5日", "2026-03-05 09:30:00"] {
            assert_eq!(day(typed), want, "{typed}");
        }
        for typed in ["3月5日", "2026-13-01", "26-3-5", "", "二〇二六年三月五日"] {
            assert_eq!(day(typed), None, "{typed}");
        }
    }

    #[test]
    fn columns_are_found_by_their_names() {
        let line =
            |cells: &[&str]| Line { number: 1, cells: cells.iter().map(|c| (*c).to_owned()).collect() };
        let found = find_columns(&line(&["序号", "收到日期（必填）", "Text", "来源"])).unwrap();
        assert_eq!(found[&Field::ReceivedOn], 1);
        assert_eq!((found[&Field::Text], found[&Field::Channel], found.len()), (2, 3, 3));
        assert!(find_columns(&line(&["姓名"])).is_err());
    }
}
