//! The side navigation of staff pages: what the person's roles open, with what waits there.

use entity::enums::Role;
use web::layout::SideItem;
use web::path;

use crate::account;
use crate::app::App;
use crate::duty;
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::{message, moderation, opinion, person, qa};

/// The items for this person; `current` is the address of the item the page belongs to.
///
/// # Errors
/// `unauthenticated`; the database's own.
pub async fn side(app: &App, visitor: &Visitor, current: &str) -> Result<Vec<SideItem>, Problem> {
    let staff = visitor.actor.require_staff()?;
    let t = |zh: &'static str, en: &'static str| visitor.lang.t(zh, en);
    let db = app.db.read();
    let mut items = vec![
        SideItem {
            heading: Some(t("我的", "Mine").into()),
            ..SideItem::new(t("工作台", "Desk"), path::DESK)
        },
        SideItem {
            count: visitor.session.as_ref().map(|s| s.unread).filter(|n| *n > 0),
            ..SideItem::new(t("收件箱", "Inbox"), path::INBOX)
        },
    ];
    let overdue = duty::Filter {
        departments: duty::scope(staff),
        overdue_on: Some(app.today()),
        ..duty::Filter::default()
    };
    let late = count(duty::count(db, &overdue).await?);
    items.push(SideItem {
        count: late,
        alert: late.is_some(),
        ..SideItem::new(t("时限", "Duties"), "/desk/duties")
    });
    items.push(SideItem::new(t("我的账号", "My account"), path::ACCOUNT));
    let runs = staff.has(Role::Owner) || !staff.heads.is_empty();
    if runs || staff.has(Role::Disclosure) || staff.has(Role::Supervisor) {
        items.push(SideItem {
            heading: Some(t("承办", "Undertaking").into()),
            ..SideItem::new(t("决策事项", "Decisions"), "/desk/decisions")
        });
        if runs {
            items.push(SideItem::new(t("征求意见", "Consultations"), "/desk/consultations"));
        }
        items.push(SideItem::new(t("决策目录", "Catalogues"), "/desk/catalogues"));
    }
    if runs || staff.has(Role::Disclosure) || staff.has(Role::Supervisor) {
        items.push(SideItem::new(t("参与活动", "Events"), "/desk/events"));
    } else {
        items.push(SideItem {
            heading: Some(t("活动", "Events").into()),
            ..SideItem::new(t("参与活动", "Events"), "/desk/events")
        });
    }
    if staff.has(Role::Moderator) {
        let waiting = moderation::waiting(db).await?;
        items.push(SideItem {
            heading: Some(t("审核", "Review").into()),
            count: count(waiting),
            ..SideItem::new(t("意见审核", "Opinions"), "/desk/review")
        });
        items.push(SideItem {
            count: count(opinion::appeals::open(db).await?),
            ..SideItem::new(t("申诉复核", "Appeals"), "/desk/appeals")
        });
        items.push(SideItem {
            count: count(moderation::open_reports(db).await?),
            ..SideItem::new(t("举报处理", "Reports"), "/desk/reports")
        });
    }
    if staff.has(Role::Supervisor) && !staff.has(Role::Moderator) {
        items.push(SideItem {
            heading: Some(t("审核", "Review").into()),
            ..SideItem::new(t("审核工作量", "Moderators' work"), "/desk/workload")
        });
    }
    if message::list::takes_part(staff) {
        items.push(SideItem {
            heading: Some(t("留言", "Message board").into()),
            count: count(message::list::waiting_for(app, staff).await?),
            ..SideItem::new(t("留言办理", "Messages"), path::DESK_MESSAGES)
        });
    } else if staff.has(Role::Disclosure) {
        items.push(SideItem {
            heading: Some(t("留言", "Message board").into()),
            ..SideItem::new(t("页面留言", "Messages under pages"), path::DESK_MESSAGE_PAGES)
        });
    }
    if qa::takes_part(staff) {
        items.push(SideItem {
            count: count(qa::waiting_for(app, staff).await?),
            ..SideItem::new(t("网络问政", "Online Q&A"), path::DESK_QA)
        });
    }
    if staff.answers_for_data() {
        items.push(SideItem {
            count: count(person::inquiry::waiting(db).await?),
            ..SideItem::new(t("个人信息请求", "Personal data"), path::DESK_DATA_REQUESTS)
        });
    }
    if staff.has(Role::Admin) {
        let asked = account::request::waiting_for(app, staff.id).await?;
        let pages = [
            (t("单位", "Departments"), "/desk/admin/departments"),
            (t("人员", "Staff"), "/desk/admin/staff"),
            (t("节假日", "Calendar"), "/desk/admin/calendar"),
            (t("敏感词库", "Lexicon"), "/desk/admin/lexicon"),
            (t("同意书", "Consent text"), path::DESK_CONSENT),
            (t("操作日志", "Audit"), "/desk/admin/audit"),
            (t("系统", "System"), "/desk/admin/system"),
        ];
        for (i, (label, href)) in pages.into_iter().enumerate() {
            let heading = (i == 0).then(|| t("管理", "Administration").to_owned());
            let count = if href == "/desk/admin/staff" { count(asked) } else { None };
            items.push(SideItem { heading, count, ..SideItem::new(label, href) });
        }
    }
    for item in &mut items {
        item.current = item.href.as_str() == current;
    }
    Ok(items)
}

fn count(n: u64) -> Option<u32> {
    u32::try_from(n).ok().filter(|n| *n > 0)
}
