//! The API of catalogues: what the public reads, and what their departments write.

use entity::catalogue_entry::Model as Entry;
use entity::id::{CatalogueEntryId, CatalogueId};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::api_types::{
    CatalogueComparison, CatalogueEntryChange, CatalogueEntryIn, CatalogueEntryMove, CatalogueEntryOut,
    CatalogueFieldChange, CatalogueListed, CatalogueNew, CatalogueOut, CataloguePage, CataloguePublish,
    CatalogueStep, CatalogueVersionOut,
};
use super::store::{self, Filter};
use super::{
    EntryFields, Foreseen, NewCatalogue, Publish, add_entry, adjust, change_entry, compared, create, discard,
    foreseen, may_read, move_entry, publish, remove_entry, shown, title,
};
use crate::app::App;
use crate::decision;
use crate::decision::api::limit;
use crate::department;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;
use crate::text;

pub struct Api;

async fn entries_out(app: &App, entries: Vec<Entry>) -> Result<Vec<CatalogueEntryOut>, Problem> {
    let db = app.db.read();
    let ids: Vec<_> = entries.iter().map(|e| e.decision_id).collect();
    let decisions = decision::by_ids(db, &ids).await?;
    let names = department::names(db).await?;
    let out = |e: Entry| CatalogueEntryOut {
        id: e.id,
        decision_id: e.decision_id,
        decision_code: decisions
            .iter()
            .find(|d| d.id == e.decision_id)
            .map_or_else(String::new, |d| d.code.clone()),
        department: names.get(&e.department_id).cloned().unwrap_or_default(),
        steps: foreseen(&e)
            .into_iter()
            .map(|s| CatalogueStep { kind: s.kind, foreseen: s.foreseen, reason: s.reason })
            .collect(),
        title: e.title,
        kind: e.kind,
        department_id: e.department_id,
        basis: e.basis,
        planned_time: e.planned_time,
    };
    Ok(entries.into_iter().map(out).collect())
}

fn version_out(v: &entity::catalogue_version::Model) -> CatalogueVersionOut {
    CatalogueVersionOut {
        number: v.number,
        state: v.state,
        reason: v.reason.clone(),
        published_at: v.published_at,
    }
}

fn fields(input: CatalogueEntryIn) -> EntryFields {
    let steps = input.steps.into_iter();
    EntryFields {
        title: text::tidy(&input.title),
        kind: input.kind,
        department_id: input.department_id,
        basis: text::tidy(&input.basis),
        planned_time: text::tidy(&input.planned_time),
        steps: steps
            .map(|s| Foreseen { kind: s.kind, foreseen: s.foreseen, reason: text::tidy(&s.reason) })
            .collect(),
    }
}

/// The newest version as its desk sees it, draft or not.
async fn desk(app: &App, id: CatalogueId) -> Result<Json<CatalogueOut>, Problem> {
    let db = app.db.read();
    let catalogue = store::find(db, id).await?;
    let versions = store::versions(db, id).await?;
    let newest = versions.last().ok_or_else(Problem::not_found)?;
    let department = department::find(db, catalogue.department_id).await?;
    Ok(Json(CatalogueOut {
        id,
        title: title(&department.name, catalogue.year),
        department: department.name,
        year: catalogue.year,
        version: version_out(newest),
        versions: versions.iter().map(version_out).collect(),
        entries: entries_out(app, store::entries(db, newest.id).await?).await?,
    }))
}

#[OpenApi(tag = "Area::Catalogue")]
impl Api {
    /// 决策事项目录列表 Published catalogues
    #[oai(path = "/catalogues", method = "get", operation_id = "listCatalogues")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        /// 单位代号 Key of the department
        Query(department): Query<Option<String>>,
        Query(year): Query<Option<i32>>,
        Query(limit): Query<Option<u32>>,
        Query(offset): Query<Option<u32>>,
    ) -> Result<Json<CataloguePage>, Problem> {
        let db = app.db.read();
        let departments = match department {
            Some(key) => Some(vec![department::by_key(db, &key).await?.id]),
            None => None,
        };
        let filter = Filter {
            departments,
            year,
            published_only: true,
            limit: self::limit(limit)?,
            offset: offset.unwrap_or(0).into(),
        };
        let total = store::count(db, &filter).await?;
        let all = department::all(db).await?;
        let items = store::list(db, &filter).await?.into_iter().filter_map(|row| {
            let department = all.iter().find(|d| d.id == row.catalogue.department_id)?;
            Some(CatalogueListed {
                id: row.catalogue.id,
                title: title(&department.name, row.catalogue.year),
                department_key: department.key.clone(),
                department: department.name.clone(),
                year: row.catalogue.year,
                version: row.version.number,
                entries: row.entries,
                published_at: row.version.published_at,
            })
        });
        Ok(Json(CataloguePage { items: items.collect(), total }))
    }

    /// 决策事项目录 A catalogue in force, or an older version of it
    #[oai(path = "/catalogues/:department/:year", method = "get", operation_id = "getCatalogue")]
    async fn get(
        &self,
        Data(app): Data<&App>,
        Path(department): Path<String>,
        Path(year): Path<i32>,
        Query(version): Query<Option<i32>>,
    ) -> Result<Json<CatalogueOut>, Problem> {
        let s = shown(app, &department, year, version).await?;
        Ok(Json(CatalogueOut {
            id: s.catalogue.id,
            title: title(&s.department.name, year),
            department: s.department.name,
            year,
            version: version_out(&s.version),
            versions: s.versions.iter().map(version_out).collect(),
            entries: entries_out(app, s.entries).await?,
        }))
    }

    /// 版本比较 What differs between two versions; the last two by default
    #[oai(
        path = "/catalogues/:department/:year/comparison",
        method = "get",
        operation_id = "compareCatalogue"
    )]
    async fn compare(
        &self,
        Data(app): Data<&App>,
        Path(department): Path<String>,
        Path(year): Path<i32>,
        Query(from): Query<Option<i32>>,
        Query(to): Query<Option<i32>>,
    ) -> Result<Json<CatalogueComparison>, Problem> {
        let c = compared(app, &department, year, from, to).await?;
        let (entries, changes): (Vec<Entry>, Vec<_>) = c.comparison.changed.into_iter().unzip();
        let changed = entries_out(app, entries).await?.into_iter().zip(changes);
        let changed = changed.map(|(entry, fields)| CatalogueEntryChange {
            entry,
            fields: fields
                .into_iter()
                .map(|f| CatalogueFieldChange { field: f.field, old: f.old, new: f.new })
                .collect(),
        });
        Ok(Json(CatalogueComparison {
            from: c.from.number,
            to: c.to.number,
            changed: changed.collect(),
            added: entries_out(app, c.comparison.added).await?,
            removed: entries_out(app, c.comparison.removed).await?,
            kept: u64::try_from(c.comparison.kept).unwrap_or(0),
        }))
    }

    /// 新建目录 Begin the catalogue of a department and year
    #[oai(path = "/catalogues", method = "post", operation_id = "createCatalogue")]
    async fn create(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Json(new): Json<CatalogueNew>,
    ) -> Result<Json<CatalogueOut>, Problem> {
        let new = NewCatalogue { department_id: new.department_id, year: new.year };
        let row = create(app, &token.0, &new).await?;
        desk(app, row.id).await
    }

    /// 编制中的目录 The newest version, draft or not, as its desk sees it
    #[oai(path = "/desk/catalogues/:id", method = "get", operation_id = "getCatalogueDraft")]
    async fn draft(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(id): Path<CatalogueId>,
    ) -> Result<Json<CatalogueOut>, Problem> {
        may_read(&token.0, &store::find(app.db.read(), id).await?)?;
        desk(app, id).await
    }

    /// 添加事项 Add an entry to the draft
    #[oai(path = "/desk/catalogues/:id/entries", method = "post", operation_id = "addCatalogueEntry")]
    async fn add_entry(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(id): Path<CatalogueId>,
        Json(input): Json<CatalogueEntryIn>,
    ) -> Result<Json<CatalogueOut>, Problem> {
        let code = input.decision.clone();
        add_entry(app, &token.0, id, code.as_deref(), &fields(input)).await?;
        desk(app, id).await
    }

    /// 修改事项 Change an entry of the draft
    #[oai(
        path = "/desk/catalogues/:id/entries/:entry",
        method = "put",
        operation_id = "changeCatalogueEntry"
    )]
    async fn change_entry(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(id): Path<CatalogueId>,
        Path(entry): Path<CatalogueEntryId>,
        Json(input): Json<CatalogueEntryIn>,
    ) -> Result<Json<CatalogueOut>, Problem> {
        change_entry(app, &token.0, id, entry, &fields(input)).await?;
        desk(app, id).await
    }

    /// 移除事项 Take an entry out of the draft
    #[oai(
        path = "/desk/catalogues/:id/entries/:entry",
        method = "delete",
        operation_id = "removeCatalogueEntry"
    )]
    async fn remove_entry(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(id): Path<CatalogueId>,
        Path(entry): Path<CatalogueEntryId>,
    ) -> Result<Json<CatalogueOut>, Problem> {
        remove_entry(app, &token.0, id, entry).await?;
        desk(app, id).await
    }

    /// 调整顺序 Move an entry of the draft up or down
    #[oai(
        path = "/desk/catalogues/:id/entries/:entry/move",
        method = "post",
        operation_id = "moveCatalogueEntry"
    )]
    async fn move_entry(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(id): Path<CatalogueId>,
        Path(entry): Path<CatalogueEntryId>,
        Json(input): Json<CatalogueEntryMove>,
    ) -> Result<Json<CatalogueOut>, Problem> {
        move_entry(app, &token.0, id, entry, input.way).await?;
        desk(app, id).await
    }

    /// 公布目录 Publish the draft
    #[oai(path = "/desk/catalogues/:id/publication", method = "post", operation_id = "publishCatalogue")]
    async fn publish(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(id): Path<CatalogueId>,
        Json(input): Json<CataloguePublish>,
    ) -> Result<Json<CatalogueOut>, Problem> {
        publish(app, &token.0, id, &Publish { reason: text::tidy(&input.reason) }).await?;
        desk(app, id).await
    }

    /// 开始调整 Begin an adjustment of a published catalogue
    #[oai(path = "/desk/catalogues/:id/adjustment", method = "post", operation_id = "adjustCatalogue")]
    async fn adjust(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(id): Path<CatalogueId>,
    ) -> Result<Json<CatalogueOut>, Problem> {
        adjust(app, &token.0, id).await?;
        desk(app, id).await
    }

    /// 放弃调整 Give an adjustment up
    #[oai(
        path = "/desk/catalogues/:id/adjustment",
        method = "delete",
        operation_id = "discardCatalogueAdjustment"
    )]
    async fn discard(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Path(id): Path<CatalogueId>,
    ) -> Result<Json<CatalogueOut>, Problem> {
        discard(app, &token.0, id).await?;
        desk(app, id).await
    }
}
