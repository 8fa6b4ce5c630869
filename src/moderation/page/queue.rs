//! The queue.

use std::collections::HashMap;

use entity::enums::{Channel, OpinionState, ShowAs};
use entity::id::StaffId;
use poem::web::{Data, Query};
use poem::{Response, handler};
use web::component::Pager;
use web::desk::review::{Claims, FIELD_BACK, QueueItem, QueueView, queue as queue_page};
use web::form::{Choice, FormState};
use web::lang::Lang;
use web::layout::Nav;

use super::words::{self, Asked};
use super::{attachments, flood};
use crate::account;
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{desk, render};
use crate::moderation::claim;
use crate::moderation::queue::{Waiting, consultations, queue};
use crate::opinion::flood::reason;
use crate::opinion::words::{channel_label, kind_label};
use crate::problem::Problem;

const PAGE: u64 = 30;
/// Opinions that one press of the button claims.
const AT_ONCE: u64 = 20;
/// Characters of an opinion in the list.
const WORDS: usize = 140;

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, asked: Query<Asked>) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    let asked = asked.0;
    let filter = asked.filter(app, &visitor.actor).await?;
    let queue = queue(app, &visitor.actor, &filter, asked.place(), PAGE).await?;
    let next = queue.next.map(|place| {
        let query = asked.query();
        let sign = if query.is_empty() { "" } else { "&" };
        format!("/desk/review?{query}{sign}after={place}").into()
    });
    let names = if queue.items.iter().any(|w| w.claimed_by.is_some()) {
        account::names(app.db.read()).await?
    } else {
        HashMap::new()
    };
    let first = (!asked.after.is_empty()).then(|| asked.on("/desk/review").into());
    let view = QueueView {
        side: desk::side(app, &visitor, "/desk/review").await?,
        total: queue.total,
        lanes: flood::lanes(app, &visitor, &asked, queue.total).await?,
        filter: FormState::default()
            .with("consultation", asked.consultation.as_str())
            .with("state", asked.state.as_str())
            .with("channel", asked.channel.as_str())
            .with("whose", asked.whose_word())
            .with("lane", asked.lane_word()),
        claims: Claims {
            csrf: visitor.csrf().to_owned(),
            back: asked.query(),
            held: claim::held(app, staff).await?,
            at_once: AT_ONCE,
            minutes: app.config.rules.claim_minutes,
        },
        consultations: choices(app).await?,
        channels: Channel::ALL
            .iter()
            .map(|c| Choice::new(c.as_str(), channel_label(*c).word(visitor.lang)))
            .collect(),
        clause: clause(app, &asked).await?,
        items: queue.items.iter().map(|w| item(app, &visitor, &asked, w, &names)).collect(),
        pager: Pager { previous: first, next, note: String::new() },
        undo: words::undo(app, &visitor).await?,
    };
    Ok(render::page(queue_page(&visitor.frame(app, Nav::None), &view)))
}

async fn choices(app: &App) -> Result<Vec<Choice>, Problem> {
    let choice = |(code, title, n): (String, String, u64)| {
        let short: String = title.chars().take(24).collect();
        Choice::new(code, format!("{short}（{n}）"))
    };
    Ok(consultations(app).await?.into_iter().map(choice).collect())
}

async fn clause(app: &App, asked: &Asked) -> Result<Option<(String, web::link::Href)>, Problem> {
    let Some(id) = asked.clause() else { return Ok(None) };
    let labels = crate::opinion::labels(app.db.read(), [id]).await?;
    let all = Asked { clause: String::new(), ..asked.clone() }.on("/desk/review");
    Ok(labels.into_values().next().map(|label| (label, all.into())))
}

#[handler]
pub async fn take(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let asked = Asked::parse(form.get(FIELD_BACK));
    let filter = asked.filter(app, &visitor.actor).await?;
    claim::claim(app, &visitor.actor, &filter, AT_ONCE).await?;
    let mine = Asked { whose: "mine".to_owned(), ..asked };
    Ok(render::done(&mine.on("/desk/review"), "claimed"))
}

#[handler]
pub async fn give_back(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    claim::release(app, &visitor.actor).await?;
    let all = Asked { whose: String::new(), ..Asked::parse(form.get(FIELD_BACK)) };
    Ok(render::done(&all.on("/desk/review"), "released"))
}

fn item(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
    w: &Waiting,
    names: &HashMap<StaffId, String>,
) -> QueueItem {
    let lang = visitor.lang;
    let o = &w.opinion;
    let here = format!("/desk/review/{}", o.number);
    QueueItem {
        number: o.number.clone(),
        href: asked.on(&here).into(),
        words: words::pieces(lang, &w.text.replace('\n', " "), &w.findings, WORDS),
        consultation: w.consultation_title.clone(),
        clause: w.clause.clone().zip(o.clause_id).map(|(label, id)| {
            let only =
                Asked { clause: id.to_string(), consultation: w.consultation.clone(), ..asked.clone() };
            (label, only.on("/desk/review").into())
        }),
        channel: channel_label(o.channel),
        kind: kind_label(o.person_kind),
        age: age(app, lang, o),
        due: w.duty.as_ref().and_then(|(duty, standing)| words::due(lang, duty, *standing)),
        second: o.state == OpinionState::AwaitingSecond,
        findings: words::noticed(lang, &w.findings)
            .into_iter()
            .chain(attachments::count(visitor, w.attachments))
            .collect(),
        equal: (w.equal > 1 && o.state == OpinionState::Pending)
            .then(|| (w.equal, asked.on(&format!("{here}/equal")).into())),
        // Where all of them are equal, that is said already.
        near: (w.near > w.equal).then(|| (w.near, asked.on(&format!("{here}/near")).into())),
        flood: w.flood.as_ref().map(|f| visitor.say(&reason(f))),
        own: w.own,
        claimed: w.claimed_by.map(|id| {
            let mine = visitor.actor.staff_id() == Some(id);
            (!mine).then(|| names.get(&id).cloned().unwrap_or_default())
        }),
        hidden: o.show_as == ShowAs::Hidden,
    }
}

fn age(app: &App, lang: Lang, o: &entity::opinion::Model) -> String {
    let received = civil::local_time(o.received_at);
    let days = (app.today() - received.date()).num_days();
    match (days, lang) {
        (0, Lang::Zh) if o.channel == Channel::Site => format!("今天 {}", received.format("%H:%M")),
        (0, Lang::Zh) => "今天".to_owned(),
        (0, Lang::En) => "today".to_owned(),
        (n, Lang::Zh) => format!("{n} 天前收到"),
        (n, Lang::En) => format!("{} ago", lang.days(n)),
    }
}
