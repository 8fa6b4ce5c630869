//! A consultation that is open, straight in the tables: what the stories of opinions and reviews start from.

use entity::enums::{DecisionKind, DocumentKind, Role};
use entity::id::{ClauseId, ConsultationId, DecisionId, DepartmentId, DocumentId, StaffId};
use entity::{clause, consultation, decision, document};
use jianyan::clauses;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
};

use crate::harness::{Site, at, day};

pub const CODE: &str = "2026-001-1";
const DRAFT: &str = "示例市公共体育场馆开放管理办法\n第一章 总则\n第一条 为了规范公共体育场馆开放，制定本办法。\n第二章 开放\n第二条 公共体育场馆应当全年开放：\n（一）工作日开放至二十一时；\n（二）节假日全天开放。\n第三条 本办法自公布之日起施行。\n";

/// The people and the open consultation (2 March to 1 April 2026) of the department `mass`; its moderators
/// are `mod1` and `mod2`.
pub struct Open {
    pub department: DepartmentId,
    /// Login `owner`, who owns the decision.
    pub owner: StaffId,
    pub consultation: ConsultationId,
    /// 第一条, 第二条, 第三条
    pub articles: Vec<ClauseId>,
}

pub async fn open(site: &Site) -> Open {
    let department = site.department("mass", "群众体育处").await;
    let owner = site.staff("owner", department, &[Role::Owner]).await;
    site.staff("mod1", department, &[Role::Moderator]).await;
    site.staff("mod2", department, &[Role::Moderator]).await;
    let (consultation, articles) = consultation(site, "2026-001", department, owner).await;
    Open { department, owner, consultation, articles }
}

/// A decision `code` with an open consultation `code-1` and the ids of its articles.
pub async fn consultation(
    site: &Site,
    code: &str,
    department: DepartmentId,
    owner: StaffId,
) -> (ConsultationId, Vec<ClauseId>) {
    let write = site.app.write().await.unwrap();
    let now = at("2026-03-01", 9, 0);
    let decision_id: DecisionId = site.app.id();
    let decision = decision::Model {
        id: decision_id,
        code: code.into(),
        year: 2026,
        title: "示例市公共体育场馆开放管理办法".into(),
        kind: DecisionKind::PublicMeasure,
        department_id: department,
        owner_id: Some(owner),
        summary: String::new(),
        basis: String::new(),
        doc_number: None,
        promulgated_on: None,
        not_disclosed_basis: None,
        published_at: Some(now),
        created_at: now,
        updated_at: now,
        revision: 1,
    };
    decision.into_active_model().insert(&*write).await.unwrap();
    let document_id: DocumentId = site.app.id();
    let document = document::Model {
        id: document_id,
        decision_id,
        kind: DocumentKind::Draft,
        version: 1,
        title: "示例市公共体育场馆开放管理办法（征求意见稿）".into(),
        body: DRAFT.into(),
        content_hash: String::new(),
        correction_notice: None,
        published_at: Some(now),
        created_by: None,
        created_at: now,
    };
    document.into_active_model().insert(&*write).await.unwrap();
    let mut articles = Vec::new();
    for (position, c) in clauses::cut(DRAFT).clauses.into_iter().enumerate() {
        let id: ClauseId = site.app.id();
        if c.kind == clauses::ClauseKind::Article {
            articles.push(id);
        }
        let row = clause::Model {
            id,
            document_id,
            lineage_id: site.app.id(),
            position: i32::try_from(position).unwrap(),
            parent_id: None,
            path: c.path,
            kind: serde_json::to_value(c.kind).unwrap().as_str().unwrap().into(),
            number: c.number,
            text: c.text,
        };
        row.into_active_model().insert(&*write).await.unwrap();
    }
    let id: ConsultationId = site.app.id();
    let row = consultation::Model {
        id,
        code: format!("{code}-1"),
        decision_id,
        document_id,
        title: "示例市公共体育场馆开放管理办法（征求意见稿）".into(),
        plain: String::new(),
        notice: "欢迎提出意见。".into(),
        opens_on: day("2026-03-02"),
        closes_on: day("2026-04-01"),
        short_reason: None,
        contact_name: "群众体育处".into(),
        address: "示例市体育路1号".into(),
        postcode: "200000".into(),
        email: "mass@example.invalid".into(),
        phone: "000-12345678".into(),
        identity: entity::enums::IdentityLevel::Unverified,
        published_at: Some(now),
        published_by: None,
        result_published_at: None,
        created_at: now,
        revision: 1,
    };
    row.into_active_model().insert(&*write).await.unwrap();
    write.commit().await.unwrap();
    (id, articles)
}

/// A correction: a second version of the draft in which 第二条 says something else; gives its articles.
pub async fn correct(site: &Site, consultation: ConsultationId) -> Vec<ClauseId> {
    let before =
        consultation::Entity::find_by_id(consultation).one(site.app.db.read()).await.unwrap().unwrap();
    let old =
        document::Entity::find_by_id(before.document_id).one(site.app.db.read()).await.unwrap().unwrap();
    let rows = clause::Entity::find().filter(clause::Column::DocumentId.eq(old.id));
    let rows = rows.all(site.app.db.read()).await.unwrap();
    let write = site.app.write().await.unwrap();
    let id: DocumentId = site.app.id();
    let new = document::Model { id, version: 2, ..old };
    new.into_active_model().insert(&*write).await.unwrap();
    let mut articles = Vec::new();
    for row in rows {
        let row = clause::Model {
            id: site.app.id(),
            document_id: id,
            text: row.text.replace("二十一时", "二十二时"),
            ..row
        };
        if row.kind == "article" {
            articles.push(row.id);
        }
        row.into_active_model().insert(&*write).await.unwrap();
    }
    consultation::Entity::update_many()
        .col_expr(consultation::Column::DocumentId, Expr::value(id))
        .filter(consultation::Column::Id.eq(consultation))
        .exec(&*write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    articles
}

/// The open consultation verifies a contact from now on.
pub async fn verify_contacts(site: &Site, consultation: ConsultationId) {
    let write = site.app.write().await.unwrap();
    consultation::Entity::update_many()
        .col_expr(consultation::Column::Identity, Expr::value(entity::enums::IdentityLevel::Contact))
        .filter(consultation::Column::Id.eq(consultation))
        .exec(&*write)
        .await
        .unwrap();
    write.commit().await.unwrap();
}
