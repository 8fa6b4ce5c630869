//! The public page of how opinions were handled.

use poem::web::{Data, Path};
use poem::{Response, handler};
use web::consultation::{ChannelRow, FairnessView, NotShownRow, fairness as fairness_page};
use web::layout::Nav;

use super::words;
use crate::app::App;
use crate::consultation::{Stage, stage};
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::opinion::fairness::{FEW, NotShown, fairness};
use crate::opinion::words::{channel_label, reason_words};

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let (consultation, f) = fairness(app, &code).await?;
    let lang = visitor.lang;
    let together = lang.t("其他原因", "other reasons");
    let reason = |r: &NotShown| NotShownRow {
        reason: match r.reason.map(reason_words) {
            Some(w) => lang.t(&w.zh, &w.en).to_owned(),
            None => together.to_owned(),
        },
        counted: r.counted,
        n: r.n,
    };
    let view = FairnessView {
        consultation: words::consultation(&consultation.code),
        published: f.counts.published,
        redacted: f.redacted,
        in_floods: f.in_floods,
        pending: f.counts.pending,
        withheld: f.counts.withheld,
        rejected: f.counts.rejected,
        withdrawn: f.counts.withdrawn,
        channels: f
            .channels
            .iter()
            .map(|(channel, c)| ChannelRow {
                channel: channel_label(*channel),
                received: c.received(),
                published: c.published,
                pending: c.pending,
                not_shown: c.withheld + c.rejected + c.withdrawn,
            })
            .collect(),
        not_shown: f.not_shown.iter().map(reason).collect(),
        few: (stage(&consultation, app.now()) == Stage::Open).then_some(FEW),
        appeals_open: f.appeals_open,
        appeals_upheld: f.appeals_upheld,
        appeals_overturned: f.appeals_overturned,
        questionnaire: f.questionnaire,
        consultation_title: consultation.title,
    };
    Ok(render::page(fairness_page(&visitor.frame(app, Nav::Consultations), &view)))
}
