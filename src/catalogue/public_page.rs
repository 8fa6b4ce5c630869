//! The public pages of catalogues: all of them, one version, two compared, and a table to take away.

use chrono::NaiveDate;
use entity::catalogue_entry::Model as Entry;
use entity::catalogue_version::Model as Version;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::catalogue::{
    CatalogueCompareView, CatalogueEntry, CatalogueListView, CatalogueVersion, CatalogueView, CompareRow,
};
use web::column::CatalogueLink;
use web::component::{Change, DocumentHead};
use web::label::CatalogueChange;
use web::lang::Lang;
use web::layout::Nav;
use web::link::Href;
use web::path;

use super::compare::{Comparison, Field, FieldChange, steps_text};
use super::store::{self, Filter, Listed};
use super::{compared, read::Shown, shown, title};
use crate::app::App;
use crate::calendar::civil;
use crate::decision::{self, kind_words};
use crate::department;
use crate::http::lang_words;
use crate::http::pager::{number, pager};
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::publication;

/// Catalogues on one page of the list.
const PAGE: u64 = 20;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    page: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

#[handler]
pub(super) async fn index(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let here = number(&asked.page);
    let filter = Filter { published_only: true, limit: PAGE, offset: (here - 1) * PAGE, ..Filter::default() };
    let all = store::count(app.db.read(), &filter).await?;
    let view =
        CatalogueListView { catalogues: links(app, &filter).await?, pager: pager(&visitor, here, all, PAGE) };
    Ok(render::page(web::catalogue::catalogue_list(&visitor.frame(app, Nav::Decisions), &view)))
}

/// Published catalogues as the list and the column show them.
///
/// # Errors
/// The database's own.
pub async fn links(app: &App, filter: &Filter) -> Result<Vec<CatalogueLink>, Problem> {
    let departments = department::all(app.db.read()).await?;
    let link = |row: Listed| {
        let department = departments.iter().find(|d| d.id == row.catalogue.department_id)?;
        Some(CatalogueLink {
            title: title(&department.name, row.catalogue.year),
            href: Href::new(super::path(department, row.catalogue.year)),
            department: department.name.clone(),
            year: row.catalogue.year,
            version: u32::try_from(row.version.number).unwrap_or(1),
            entries: row.entries,
            published: day(&row.version),
        })
    };
    Ok(store::list(app.db.read(), filter).await?.into_iter().filter_map(link).collect())
}

fn day(version: &Version) -> NaiveDate {
    civil::local_date(version.published_at.unwrap_or(version.created_at))
}

fn no(version: &Version) -> u32 {
    u32::try_from(version.number).unwrap_or(0)
}

fn year(text: &str) -> Result<i32, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

fn version_number(text: &str) -> Result<Option<i32>, Problem> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| Problem::not_found()) }
}

#[handler]
pub(super) async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((key, of_year)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let shown = shown(app, &key, year(&of_year)?, version_number(&asked.version)?).await?;
    let publication =
        publication::latest(app.db.read(), entity::enums::SubjectKind::Catalogue, shown.catalogue.id.0)
            .await?;
    let view = view(app, &visitor, &shown).await?;
    let frame = visitor.article(app, Nav::Decisions, publication.as_ref());
    Ok(render::page(web::catalogue::catalogue(&frame, &view)))
}

async fn view(app: &App, visitor: &Visitor, s: &Shown) -> Result<CatalogueView, Problem> {
    let base = super::path(&s.department, s.catalogue.year);
    let in_force = s.versions.last().is_some_and(|v| v.id == s.version.id);
    let lang = visitor.lang;
    let versions = s.versions.iter().enumerate().rev().map(|(i, v)| CatalogueVersion {
        number: no(v),
        published: day(v),
        reason: v.reason.clone().unwrap_or_else(|| "首次公布。".to_owned()),
        href: Href::new(format!("{base}?version={}", v.number)),
        compare: i
            .checked_sub(1)
            .and_then(|b| s.versions.get(b))
            .map(|b| Href::new(format!("{base}/compare?from={}&to={}", b.number, v.number))),
    });
    Ok(CatalogueView {
        title: title(&s.department.name, s.catalogue.year),
        department: s.department.name.clone(),
        year: s.catalogue.year,
        version: no(&s.version),
        head: DocumentHead {
            publisher: s.department.name.clone(),
            published: Some(day(&s.version)),
            formed: s.versions.first().map(day),
            validity: if in_force { "现行有效" } else { "已被新版本替代" }.to_owned(),
            ..DocumentHead::default()
        },
        source: s.department.name.clone(),
        published: civil::local_time(s.version.published_at.unwrap_or(s.version.created_at)),
        entries: entries(app, s, lang).await?,
        versions: versions.collect(),
        csv: Href::new(format!("{base}/catalogue.csv?version={}", s.version.number)),
    })
}

async fn entries(app: &App, s: &Shown, lang: Lang) -> Result<Vec<CatalogueEntry>, Problem> {
    let removed = s.adjusted.as_ref().map_or(&[][..], |c| &c.removed);
    let ids: Vec<_> = s.entries.iter().chain(removed).map(|e| e.decision_id).collect();
    let statuses = decision::statuses(app, app.db.read(), &ids).await?;
    let codes: std::collections::HashMap<_, _> =
        decision::by_ids(app.db.read(), &ids).await?.into_iter().map(|d| (d.id, d.code)).collect();
    let row = |number: Option<usize>, e: &Entry| {
        let (change, reason) = adjustment(s.adjusted.as_ref(), e, number.is_none(), lang);
        CatalogueEntry {
            number: number.and_then(|n| u32::try_from(n + 1).ok()),
            title: e.title.clone(),
            href: codes.get(&e.decision_id).map(|code| Href::new(decision::path(code))),
            category: lang_words(lang, &kind_words(e.kind)),
            department: s.names.get(&e.department_id).cloned().unwrap_or_default(),
            basis: e.basis.clone(),
            planned: e.planned_time.clone(),
            participation: steps_text(e),
            stage: statuses
                .get(&e.decision_id)
                .map(|status| status.words())
                .map_or_else(String::new, |w| lang_words(lang, &w)),
            change,
            reason,
        }
    };
    let listed = s.entries.iter().enumerate().map(|(n, e)| row(Some(n), e));
    Ok(listed.chain(removed.iter().map(|e| row(None, e))).collect())
}

/// What this version did to an entry, and in words.
fn adjustment(
    adjusted: Option<&Comparison>,
    entry: &Entry,
    removed: bool,
    lang: Lang,
) -> (Option<CatalogueChange>, String) {
    let Some(adjusted) = adjusted else { return (None, String::new()) };
    if removed {
        return (Some(CatalogueChange::Removed), String::new());
    }
    if adjusted.added.iter().any(|e| e.decision_id == entry.decision_id) {
        return (Some(CatalogueChange::Added), String::new());
    }
    let Some((_, fields)) = adjusted.changed.iter().find(|(e, _)| e.decision_id == entry.decision_id) else {
        return (Some(CatalogueChange::Kept), String::new());
    };
    let short = |f: &FieldChange| match f.field {
        Field::PlannedTime | Field::Department | Field::Kind => {
            format!("{}：{} → {}", field_name(f.field, lang), f.old, f.new)
        }
        _ => field_name(f.field, lang).to_owned(),
    };
    (Some(CatalogueChange::Changed), fields.iter().map(short).collect::<Vec<_>>().join("；"))
}

fn field_name(field: Field, lang: Lang) -> &'static str {
    match field {
        Field::Title => lang.t("决策事项名称", "Decision"),
        Field::Kind => lang.t("决策类别", "Kind"),
        Field::Department => lang.t("承办部门", "Department"),
        Field::Basis => lang.t("决策依据", "Basis"),
        Field::PlannedTime => lang.t("计划完成时间", "Planned"),
        Field::Steps => lang.t("程序环节", "Steps"),
    }
}

#[handler]
pub(super) async fn compare_page(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((key, of_year)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let (from, to) = (version_number(&asked.from)?, version_number(&asked.to)?);
    let c = compared(app, &key, year(&of_year)?, from, to).await?;
    let lang = visitor.lang;
    let plain = |entry: &Entry, change| CompareRow {
        title: entry.title.clone(),
        change,
        reason: String::new(),
        fields: vec![],
    };
    let changed = c.comparison.changed.iter().map(|(entry, fields)| CompareRow {
        fields: fields.iter().map(|f| (field_name(f.field, lang).to_owned(), words_of(f))).collect(),
        ..plain(entry, CatalogueChange::Changed)
    });
    let added = c.comparison.added.iter().map(|e| plain(e, CatalogueChange::Added));
    let removed = c.comparison.removed.iter().map(|e| plain(e, CatalogueChange::Removed));
    let between = c.versions.iter().filter(|v| c.from.number < v.number && v.number <= c.to.number);
    let reasons = between.filter_map(|v| Some((v.number, v.reason.as_ref()?)));
    let many = c.to.number - c.from.number > 1;
    let reason: Vec<String> = reasons
        .map(|(n, reason)| if many { format!("第 {n} 版：{reason}") } else { reason.clone() })
        .collect();
    let view = CatalogueCompareView {
        title: title(&c.department.name, c.catalogue.year),
        catalogue: Href::new(super::path(&c.department, c.catalogue.year)),
        from: (no(&c.from), day(&c.from)),
        to: (no(&c.to), day(&c.to)),
        reason: reason.join("\n"),
        rows: added.chain(changed).chain(removed).collect(),
        kept: u64::try_from(c.comparison.kept).unwrap_or(0),
        versions: c.versions.iter().rev().map(|v| (no(v), day(v))).collect(),
    };
    Ok(render::page(web::catalogue::catalogue_compare(&visitor.frame(app, Nav::Decisions), &view)))
}

fn words_of(change: &FieldChange) -> Vec<Change> {
    let parts = [Change::Delete(change.old.clone()), Change::Insert(change.new.clone())];
    parts
        .into_iter()
        .filter(|c| !matches!(c, Change::Delete(t) | Change::Insert(t) if t.is_empty()))
        .collect()
}

#[handler]
pub(super) async fn csv(
    Data(app): Data<&App>,
    Path((key, of_year)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let s = shown(app, &key, year(&of_year)?, version_number(&asked.version)?).await?;
    let head = [
        "序号",
        "决策事项名称",
        "决策类别",
        "承办部门",
        "决策依据",
        "计划完成时间",
        "程序环节",
        "目前进展",
        "调整情况",
    ];
    let rows = entries(app, &s, Lang::Zh).await?.into_iter().map(|e| {
        let number = e.number.map(|n| n.to_string()).unwrap_or_default();
        let change = e.change.map_or("", |c| c.word(Lang::Zh)).to_owned();
        let change = if e.reason.is_empty() { change } else { format!("{change}（{}）", e.reason) };
        vec![number, e.title, e.category, e.department, e.basis, e.planned, e.participation, e.stage, change]
    });
    let name = format!("{}-第{}版.csv", title(&s.department.name, s.catalogue.year), s.version.number);
    Ok(render::csv(&name, &head, rows)?)
}

pub(super) const INDEX: &str = path::CATALOGUES;
pub(super) const SHOW: &str = "/catalogues/:department/:year";
pub(super) const COMPARE: &str = "/catalogues/:department/:year/compare";
pub(super) const CSV: &str = "/catalogues/:department/:year/catalogue.csv";
