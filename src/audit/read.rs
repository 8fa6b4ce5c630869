//! Reading the record, which is recorded as well: who looks may be asked why.

use entity::audit::Model;
use entity::enums::{ActorKind, Role, SubjectKind};
use serde_json::json;

use super::{Filter, Finding, Subject, chain, list, record};
use crate::actor::Actor;
use crate::app::App;
use crate::problem::{Problem, Words, words};

/// The records of a filter, newest first.
///
/// # Errors
/// `forbidden` without the administrator's role; the database's own.
pub async fn read(app: &App, actor: &Actor, filter: &Filter) -> Result<Vec<Model>, Problem> {
    actor.require(Role::Admin)?;
    let rows = list::list(app.db.read(), filter).await?;
    let write = app.write().await?;
    write.unseen();
    let detail = json!({
        "action": filter.action.is_some(),
        "kind": filter.subject_kind,
        "subject": filter.subject_id,
        "actor": filter.actor_id,
    });
    record(app, &write, actor, "audit.read", RECORD, detail).await?;
    write.commit().await?;
    Ok(rows)
}

/// Checks the chain.
///
/// # Errors
/// `forbidden` without the administrator's role; the database's own.
pub async fn check(app: &App, actor: &Actor) -> Result<Finding, Problem> {
    actor.require(Role::Admin)?;
    let finding = chain::verify(app.db.read()).await?;
    let broken = match finding {
        Finding::Whole { .. } => None,
        Finding::Broken { at } => Some(at),
    };
    let write = app.write().await?;
    write.unseen();
    record(app, &write, actor, "audit.check", RECORD, json!({ "broken_at": broken })).await?;
    write.commit().await?;
    Ok(finding)
}

/// The record itself as a subject.
const RECORD: Subject = Subject { kind: SubjectKind::Setting, id: None };

/// A resident's network address is shown by half: the whole of it beside the number of an opinion would tell
/// administrators more than they need.
pub fn shown_address(kind: ActorKind, address: &str) -> String {
    if matches!(kind, ActorKind::Staff | ActorKind::System) {
        return address.to_owned();
    }
    let sign = if address.contains(':') { ":" } else { "." };
    let mut parts = address.split(sign);
    match (parts.next(), parts.next()) {
        (Some(first), Some(second)) => format!("{first}{sign}{second}{sign}*"),
        _ => String::new(),
    }
}

/// What a subject of a record is called.
pub fn subject_words(kind: SubjectKind) -> Words {
    let (zh, en) = match kind {
        SubjectKind::Department => ("单位", "Department"),
        SubjectKind::Staff => ("人员", "Staff"),
        SubjectKind::Catalogue => ("决策目录", "Catalogue"),
        SubjectKind::CatalogueVersion => ("目录版本", "Version of a catalogue"),
        SubjectKind::Decision => ("决策事项", "Decision"),
        SubjectKind::Step => ("决策环节", "Step"),
        SubjectKind::Document => ("文件", "Document"),
        SubjectKind::Consultation => ("征求意见", "Consultation"),
        SubjectKind::Opinion => ("意见", "Opinion"),
        SubjectKind::Review => ("审核", "Review"),
        SubjectKind::Topic => ("主题", "Topic"),
        SubjectKind::Response => ("答复", "Response"),
        SubjectKind::Summary => ("采纳情况", "Adoption summary"),
        SubjectKind::Duty => ("时限", "Duty"),
        SubjectKind::Job => ("后台任务", "Job"),
        SubjectKind::Calendar => ("节假日", "Calendar"),
        SubjectKind::Setting => ("系统", "System"),
        SubjectKind::Session => ("登录", "Session"),
        SubjectKind::Token => ("令牌", "Token"),
        SubjectKind::WorkPlan => ("工作计划", "Work plan"),
        SubjectKind::Event => ("公众参与活动", "Event"),
        SubjectKind::EventRegistration => ("活动报名", "Registration for an event"),
        SubjectKind::Message => ("留言", "Message"),
        SubjectKind::ContactCode => ("验证码", "One-time code"),
        SubjectKind::ProviderVisit => ("统一身份认证", "Sign-in at a provider"),
        SubjectKind::ConsentText => ("同意书", "Consent text"),
        SubjectKind::DataRequest => ("个人信息权利请求", "Request about personal data"),
        SubjectKind::QaSession => ("网络问政", "Online Q&A"),
        SubjectKind::QaQuestion => ("网络问政提问", "Question of an online Q&A"),
        SubjectKind::Flood => ("集中涌入", "Flood of opinions"),
        SubjectKind::Submission => ("一次提交的意见", "Opinions sent together"),
        SubjectKind::Questionnaire => ("问卷", "Questionnaire"),
        SubjectKind::QuestionnaireResponse => ("问卷答卷", "Answers to a questionnaire"),
    };
    words(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_residents_address_is_shown_by_half() {
        assert_eq!(shown_address(ActorKind::Guest, "203.0.113.7"), "203.0.*");
        assert_eq!(shown_address(ActorKind::Guest, "2001:db8::1"), "2001:db8:*");
        assert_eq!(shown_address(ActorKind::Guest, ""), "");
        assert_eq!(shown_address(ActorKind::Staff, "203.0.113.7"), "203.0.113.7");
    }
}
