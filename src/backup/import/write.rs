//! Writing an archive's rows: what is new is added, what is here is compared.

use std::collections::HashMap;

use entity::{consultation, decision, department, publication as published};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, Statement,
    Value,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::check::{Cells, Heads, LONGEST_FILE};
use super::fill::{fill, filled};
use super::told::{Arrival, Brought};
use super::{Plan, place};
use crate::app::App;
use crate::backup::archive::Archive;
use crate::backup::attached;
use crate::backup::fault::Fault;
use crate::backup::load::Loader;
use crate::backup::manifest::ExportManifest;
use crate::backup::public::{PUBLIC, Public, Rule};
use crate::backup::row::{self, Row};
use crate::backup::schema::{Column, Table};
use crate::backup::table::{backend, each_row};
use crate::db::{Write, is_duplicate};
use crate::publication;
use crate::sequence;

/// A decision's code ends with such a number at most: a higher one would push this site's own counter away.
const HIGHEST: i64 = 99_999;

/// What of the archive is here already.
pub struct Own {
    /// The department that the decision belongs to here.
    pub decision: Option<Uuid>,
    pub consultation: bool,
}

pub async fn own(write: &Write, heads: &Heads) -> Result<Own, Fault> {
    let decision = decision::Entity::find_by_id(heads.decision).one(&**write).await?;
    let consultation = consultation::Entity::find_by_id(heads.consultation).one(&**write).await?;
    Ok(Own { decision: decision.map(|d| d.department_id.0), consultation: consultation.is_some() })
}

/// The department of this site with that key.
pub async fn department_of(write: &Write, key: &str) -> Result<Option<Uuid>, Fault> {
    let found = department::Entity::find().filter(department::Column::Key.eq(key)).one(&**write).await?;
    Ok(found.map(|d| d.id.0))
}

/// The archive's own department: here already, or to be made.
pub async fn arriving_department(write: &Write, heads: &Heads) -> Result<(Uuid, bool), Fault> {
    let (id, key, name) = &heads.department;
    let known = entity::id::DepartmentId(*id);
    if department::Entity::find_by_id(known).one(&**write).await?.is_some() {
        return Ok((*id, false));
    }
    if department_of(write, key).await?.is_some() {
        return Err(Fault::refused(format!(
            "this site has a department {key:?} of its own; --department KEY names the one that shall stand \
             for {name}"
        )));
    }
    Ok((*id, true))
}

/// Adds and compares everything.
pub async fn write(
    app: &App,
    write: &Write,
    archive: &mut Archive<ExportManifest>,
    tables: &[Table],
    heads: &Heads,
    plan: &Plan,
    told: &mut Arrival,
) -> Result<(), Fault> {
    codes_are_free(write, heads, plan).await?;
    let mut files = archive.again()?;
    for (table, public) in tables.iter().zip(PUBLIC) {
        let mut arriving = Arriving::of(app, write, table, public, heads, plan).await?;
        let mut lines = archive.lines(&format!("tables/{}.jsonl", table.name))?;
        let mut rows = Vec::new();
        while let Some(line) = lines.next()? {
            let row = row::parse(table, line, &mut |path| files.bytes(path, LONGEST_FILE))?;
            // Clauses are few, and must come with their parents first.
            if table.name == "clause" { rows.push(row) } else { arriving.take(row).await? }
        }
        let position = if rows.is_empty() { 0 } else { place(table, "position")? };
        rows.sort_by_key(|row: &Row| match row.get(position) {
            Some(Value::BigInt(Some(n))) => *n,
            _ => 0,
        });
        for row in rows {
            arriving.take(row).await?;
        }
        told.brought.push(arriving.finish().await?);
    }
    if told.is_news() {
        recount(write, heads).await?;
        raise(write, heads, plan).await?;
    }
    Ok(())
}

async fn codes_are_free(write: &Write, heads: &Heads, plan: &Plan) -> Result<(), Fault> {
    let (d, c) = (plan.code(&heads.decision_code), plan.code(&heads.code));
    let taken = decision::Entity::find().filter(decision::Column::Code.eq(&d));
    let taken = taken.filter(decision::Column::Id.ne(heads.decision)).one(&**write).await?.is_some();
    let used = consultation::Entity::find().filter(consultation::Column::Code.eq(&c));
    let used = used.filter(consultation::Column::Id.ne(heads.consultation)).one(&**write).await?.is_some();
    if taken || used {
        let code = if taken { d } else { c };
        return Err(Fault::refused(format!(
            "the code {code} belongs to another here; --prefix PREFIX puts letters of the other site before \
             its codes"
        )));
    }
    Ok(())
}

/// One table on its way in.
struct Arriving<'a> {
    app: &'a App,
    write: &'a Write,
    table: &'a Table,
    /// The table with the columns that an import fills itself.
    full: Table,
    public: &'a Public,
    heads: &'a Heads,
    plan: &'a Plan,
    /// Digests of the rows that are here, by key; those that were seen are taken out.
    here: HashMap<Uuid, [u8; 32]>,
    waiting: Vec<Row>,
    publications: Vec<Uuid>,
    brought: Brought,
    line: String,
}

impl<'a> Arriving<'a> {
    async fn of(
        app: &'a App,
        write: &'a Write,
        table: &'a Table,
        public: &'a Public,
        heads: &'a Heads,
        plan: &'a Plan,
    ) -> Result<Self, Fault> {
        let brought = Brought { table: public.table, ..Brought::default() };
        let mut full = table.clone();
        for (name, kind) in filled(public.table) {
            full.columns.push(Column { name: (*name).to_owned(), kind: *kind, nullable: true });
        }
        let scope = public.all(backend(write), heads.consultation.0, heads.decision.0);
        let (mut here, mut line) = (HashMap::new(), String::new());
        each_row(write, table, Some(&scope), |row| {
            let id = Cells { table, row: &row }.key()?;
            here.insert(id, digest(table, row, &mut line)?);
            Ok(())
        })
        .await?;
        let (waiting, publications) = (Vec::new(), Vec::new());
        Ok(Self { app, write, table, full, public, heads, plan, here, waiting, publications, brought, line })
    }

    async fn take(&mut self, mut row: Row) -> Result<(), Fault> {
        if self.public.table == "department" && !self.plan.new_department {
            self.brought.same += 1;
            return Ok(());
        }
        self.map(&mut row)?;
        let id = Cells { table: self.table, row: &row }.key()?;
        let Some(known) = self.here.remove(&id) else {
            self.brought.new += 1;
            if self.public.table == "publication" {
                self.publications.push(id);
            }
            let row = self.whole(row)?;
            self.waiting.push(row);
            if self.waiting.len() >= 500 || self.public.table == "file" {
                self.flush().await?;
            }
            return Ok(());
        };
        if digest(self.table, row.clone(), &mut self.line)? == known {
            self.brought.same += 1;
        } else if self.follows() {
            self.brought.changed += 1;
            self.change(id, row).await?;
        } else {
            self.brought.left += 1;
        }
        Ok(())
    }

    fn follows(&self) -> bool {
        self.public.rule == Rule::Follow && (self.public.table != "decision" || self.plan.follow_decision)
    }

    /// The row as it is on this site: with its codes, its department, and without what leads nowhere.
    fn map(&self, row: &mut Row) -> Result<(), Fault> {
        let plan = self.plan;
        let before = row.clone();
        let cells = Cells { table: self.table, row: &before };
        let mut set = |column: &str, value: Value| -> Result<(), Fault> {
            let at = place(self.table, column)?;
            if let Some(cell) = row.get_mut(at) {
                *cell = value;
            }
            Ok(())
        };
        match self.public.table {
            "decision" => {
                set("code", plan.code(cells.text("code")?).into())?;
                set("department_id", plan.department.into())?;
            }
            "consultation" => set("code", plan.code(cells.text("code")?).into())?,
            "opinion" => set("number", plan.code(cells.text("number")?).into())?,
            "step" if !cells.uuid("document_id")?.is_some_and(|id| self.heads.documents.contains(&id)) => {
                set("document_id", Value::Uuid(None))?;
            }
            "response"
                if !cells.uuid("public_clause_id")?.is_some_and(|id| self.heads.clauses.contains(&id)) =>
            {
                set("public_clause_id", Value::Uuid(None))?;
            }
            "publication" => {
                let path = cells.text("path")?;
                let code =
                    path.rsplit_once('/').filter(|_| cells.text("subject_kind").ok() != Some("document"));
                if let Some((column, code)) = code {
                    set("path", format!("{column}/{}", plan.code(code)).into())?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The row with the columns that an import fills itself.
    fn whole(&self, mut row: Row) -> Result<Row, Fault> {
        if self.public.table == attached::TABLE {
            let id = Cells { table: self.table, row: &row }.key()?;
            let made =
                self.plan.sealed.get(&id).ok_or_else(|| Fault::damaged("an attachment came from nowhere"))?;
            let hash = made.stored_hash.clone();
            row.extend([hash.into(), made.key_enc.clone().into(), "published".into(), made.at.into()]);
            return Ok(row);
        }
        let mut more = Vec::new();
        for (name, _) in filled(self.public.table) {
            more.push(fill(&Cells { table: self.table, row: &row }, name, self.app.now())?);
        }
        row.extend(more);
        Ok(row)
    }

    async fn change(&self, id: Uuid, row: Row) -> Result<(), Fault> {
        let row = self.whole(row)?;
        let key = self.table.key.first().map_or("id", String::as_str);
        let mut update = Query::update();
        update.table(Alias::new(self.public.table)).and_where(Expr::col(Alias::new(key)).eq(id));
        // What came with the row when it was new stays.
        let stays = ["created_at", "added_at", "created_by", "added_by", "revision", "gist"];
        for (column, cell) in self.full.columns.iter().zip(row) {
            if column.name != key && !stays.contains(&column.name.as_str()) {
                update.value(Alias::new(&column.name), cell);
            }
        }
        self.write.execute(&update).await?;
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Fault> {
        let mut loader = Loader::new(self.write, &self.full);
        let name = self.public.table;
        let mut done = async |rows: Vec<Row>| {
            for row in rows {
                loader.push(row).await?;
            }
            loader.flush().await
        };
        match done(std::mem::take(&mut self.waiting)).await {
            Err(Fault::Database(e)) if is_duplicate(&e) => Err(Fault::refused(format!(
                "a row of table {name} is here already, in another place or under the same number; nothing was \
                 imported"
            ))),
            other => other,
        }
    }

    async fn finish(mut self) -> Result<Brought, Fault> {
        self.flush().await?;
        self.brought.gone = self.here.len() as u64;
        if !self.publications.is_empty() {
            let ids = self.publications.iter().map(|id| entity::id::PublicationId(*id));
            let rows = published::Entity::find().filter(published::Column::Id.is_in(ids));
            for row in rows.order_by_asc(published::Column::Version).all(&**self.write).await? {
                publication::adopt(self.write, &row).await?;
            }
        }
        Ok(self.brought)
    }
}

/// What a row says, apart from whether it is the current version: that changes with the next one.
fn digest(table: &Table, mut row: Row, line: &mut String) -> Result<[u8; 32], Fault> {
    if table.name == "publication" {
        let at = place(table, "current")?;
        if let Some(cell) = row.get_mut(at) {
            *cell = Value::Bool(Some(false));
        }
    }
    row::write_line(table, &row, line);
    Ok(Sha256::digest(line.as_bytes()).into())
}

/// Counts the opinions of the consultation anew.
async fn recount(write: &Write, heads: &Heads) -> Result<(), Fault> {
    const COUNT: &str = "INSERT INTO opinion_tally \
         (consultation_id, topic_id, clause_id, state, channel, person_kind, n, people) \
         SELECT o.consultation_id, COALESCE(m.topic_id, $1), COALESCE(o.clause_id, $1), o.state, o.channel, \
         o.person_kind, COUNT(*), COUNT(*) FROM opinion o LEFT JOIN topic_opinion m ON m.opinion_id = o.id \
         WHERE o.consultation_id = $2 GROUP BY 1, 2, 3, 4, 5, 6";
    // An archive tells no persons: each opinion counts as another one's.
    const PEOPLE: &str = "UPDATE topic SET people = (SELECT COUNT(*) FROM topic_opinion m \
         WHERE m.topic_id = topic.id) WHERE consultation_id = $1";
    let of =
        [("DELETE FROM opinion_tally WHERE consultation_id = $1", false), (COUNT, true), (PEOPLE, false)];
    for (sql, with_nil) in of {
        let id = Value::from(heads.consultation.0);
        let values = if with_nil { vec![Uuid::nil().into(), id] } else { vec![id] };
        write.execute_raw(Statement::from_sql_and_values(backend(write), sql, values)).await?;
    }
    Ok(())
}

/// This site's own counters go on after the numbers that came.
async fn raise(write: &Write, heads: &Heads, plan: &Plan) -> Result<(), Fault> {
    let (decision, code) = (plan.code(&heads.decision_code), plan.code(&heads.code));
    let ends = |code: &str, start: &str| {
        let end = code.strip_prefix(start).and_then(|n| n.strip_prefix('-'));
        end.and_then(|n| n.parse::<i64>().ok())
    };
    let own = [
        (format!("decision-{}", heads.year), ends(&decision, &heads.year.to_string())),
        (format!("consultation:{decision}"), ends(&code, &decision)),
    ];
    for (counter, number) in own {
        match number {
            Some(n) if n > HIGHEST => {
                return Err(Fault::damaged(format!("the number of {code} is higher than any decision's")));
            }
            Some(n) => sequence::raise(write, &counter, n).await?,
            None => {}
        }
    }
    sequence::raise(write, &format!("opinion:{code}"), heads.last_number).await?;
    Ok(())
}
