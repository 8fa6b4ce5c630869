//! What a consultation publishes: one text of everything it says, so that search finds every word of it.

use chrono::{DateTime, Utc};
use entity::consultation::Model;
use entity::document;
use entity::enums::{DocumentKind, SubjectKind};
use sea_orm::ConnectionTrait;

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::db::Write;
use crate::problem::Problem;
use crate::publication::{self, Release};
use crate::{decision, department, document as documents};

/// The texts that a consultation is about.
#[derive(Clone, Debug)]
pub struct Materials {
    pub draft: document::Model,
    pub explanation: Option<document::Model>,
    pub basis: Option<document::Model>,
}

/// The newest published version of a kind that belongs to a consultation: published before the next one of
/// the same decision was.
pub fn pick(
    published: &[document::Model],
    kind: DocumentKind,
    until: Option<DateTime<Utc>>,
) -> Option<&document::Model> {
    let mine = published.iter().filter(|d| d.kind == kind);
    let mine = mine.filter(|d| d.published_at.is_some_and(|at| until.is_none_or(|until| at < until)));
    mine.max_by_key(|d| d.version)
}

/// The texts of a published consultation; those of a draft are the newest written.
///
/// # Errors
/// The database's own.
pub async fn materials(db: &impl ConnectionTrait, c: &Model) -> Result<Materials, Problem> {
    let draft = documents::find(db, c.document_id).await?;
    if c.published_at.is_none() {
        let explanation = documents::latest(db, c.decision_id, DocumentKind::Explanation).await?;
        let basis = documents::latest(db, c.decision_id, DocumentKind::Basis).await?;
        return Ok(Materials { draft, explanation, basis });
    }
    let until = store::next_published_at(db, c).await?;
    let published = documents::published(db, c.decision_id).await?;
    let of = |kind| pick(&published, kind, until).cloned();
    Ok(Materials { draft, explanation: of(DocumentKind::Explanation), basis: of(DocumentKind::Basis) })
}

/// Publishes the consultation as it now stands; an extension or a correction is a new version.
pub async fn release(app: &App, write: &Write, actor: &Actor, c: &Model) -> Result<(), Problem> {
    let decision = decision::find(&**write, c.decision_id).await?;
    let source = department::find(&**write, decision.department_id).await?.name;
    let body = body(write, c).await?;
    let release = Release {
        subject_kind: SubjectKind::Consultation,
        subject_id: c.id.0,
        column: publication::CONSULTATIONS,
        title: &c.title,
        body: &body,
        path: &format!("/consultations/{}", c.code),
        source: &source,
    };
    publication::publish(app, write, actor, &release).await?;
    Ok(())
}

async fn body(write: &Write, c: &Model) -> Result<String, Problem> {
    let texts = materials(&**write, c).await?;
    let mut parts = vec![
        c.notice.clone(),
        format!("征求意见时间：{} 至 {}", civil::zh_date(c.opens_on), civil::zh_deadline(c.closes_on)),
    ];
    if !c.plain.is_empty() {
        parts.push(format!("通俗解读：{}", c.plain));
    }
    if let Some(reason) = &c.short_reason {
        parts.push(format!("缩短期限的原因：{reason}"));
    }
    for e in store::extensions(&**write, c.id).await? {
        parts.push(format!(
            "期限由 {} 延长至 {}：{}",
            civil::zh_date(e.old_closes_on),
            civil::zh_deadline(e.new_closes_on),
            e.reason
        ));
    }
    let ways = [
        ("信函地址", &c.address),
        ("邮政编码", &c.postcode),
        ("电子邮箱", &c.email),
        ("联系电话", &c.phone),
        ("联系人", &c.contact_name),
    ];
    parts.extend(ways.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}：{v}")));
    for text in [Some(texts.draft), texts.explanation, texts.basis].into_iter().flatten() {
        if let Some(notice) = text.correction_notice.as_ref().filter(|_| text.version > 1) {
            parts.push(format!("更正说明：{notice}"));
        }
        parts.push(text.body);
    }
    Ok(parts.join("\n"))
}
