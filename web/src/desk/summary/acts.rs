//! The buttons: only what this person may do in this state, the usual one first.

use maud::{Markup, html};

use super::{May, Phase, SummaryDeskView, reason};
use crate::{
    component::card,
    form::{csrf, hidden, submit},
    lang::Lang,
};

pub(super) fn acts(lang: Lang, view: &SummaryDeskView) -> Markup {
    let May { write, submit: may_submit, approve, send_back, publish, correct, withdraw } = view.may;
    let none = !(write || may_submit || approve || send_back || publish || correct || withdraw);
    let ready = view.checks.iter().all(|c| c.ok || c.publish_only);
    let all = view.checks.iter().all(|c| c.ok);
    let body = html! {
        @if none { p.soft { (waits(lang, view.phase)) } }
        @if publish { (simple(lang, view, "publish", lang.t("向社会公布", "Publish"), all)) }
        @if approve {
            (one(view, "approve", html! { (hidden("hash", &view.hash)) (submit(lang.t("审批通过", "Approve"))) }))
        }
        @if may_submit && view.phase == Phase::Draft { (simple(lang, view, "submit", lang.t("送负责人审批", "Submit for approval"), ready)) }
        @if send_back {
            (folded(lang.t("退回修改", "Send back"), one(view, "return", html! {
                (reason(lang, view, lang.t("退回原因", "Why")))
                div.actions { button.button type="submit" { (lang.t("退回", "Send back")) } }
            }), view.state.error("reason").is_some() && view.state.has("act", "return")))
        }
        @if write { (generate(lang, view)) }
        @if may_submit && matches!(view.phase, Phase::Submitted | Phase::Approved) {
            (one(view, "submit", html! { button.button type="submit" data-once { (lang.t("重新送审", "Submit again")) } }))
        }
        @if correct { (after(lang, view, "correct")) }
        @if withdraw { (after(lang, view, "withdraw")) }
    };
    card(lang.t("办理", "What to do"), body)
}

fn waits(lang: Lang, phase: Phase) -> &'static str {
    match phase {
        Phase::None | Phase::Draft => lang.t("承办人正在起草。", "The owner is writing it."),
        Phase::Submitted => lang.t("等待承办单位负责人审批。", "Waits for the head's approval."),
        Phase::Approved => lang.t("已审批，等待公布。", "Approved; waits to be published."),
        Phase::Published => lang.t("已公布。", "Published."),
    }
}

fn one(view: &SummaryDeskView, act: &str, inner: Markup) -> Markup {
    html! {
        form.act method="post" action={ (view.base) "/" (act) } novalidate {
            (csrf(&view.csrf))
            (hidden("act", act))
            (inner)
        }
    }
}

/// A button that says why it would be refused now; it stays pressable, and the refusal names everything.
fn simple(lang: Lang, view: &SummaryDeskView, act: &str, label: &str, ready: bool) -> Markup {
    one(
        view,
        act,
        html! {
            @if ready { (submit(label)) } @else { button.button type="submit" data-once { (label) } }
            @if !ready { p.small.soft { (lang.t("条件尚未具备，见左侧清单。", "Not all conditions are met; see the list.")) } }
        },
    )
}

fn folded(label: &str, inner: Markup, open: bool) -> Markup {
    html! { details.act open[open] { summary { (label) } (inner) } }
}

fn generate(lang: Lang, view: &SummaryDeskView) -> Markup {
    if view.phase == Phase::None {
        return one(view, "generate", html! { (submit(lang.t("生成采纳情况", "Generate the summary"))) });
    }
    let edited = view.participation_edited || view.overview_edited;
    html! {
        (one(view, "generate", html! { button.button type="submit" data-once { (lang.t("重新生成", "Generate again")) } }))
        @if edited {
            (one(view, "generate", html! {
                (hidden("overwrite", "yes"))
                button.link type="submit" data-confirm=(lang.t("手工修改的文字将被覆盖，确定吗？", "What was edited by hand will be lost. Go on?")) {
                    (lang.t("重新生成并覆盖手工修改", "Generate again over the edits"))
                }
            }))
        }
    }
}

/// Correcting and withdrawing what is public: both need a reason that everybody reads.
fn after(lang: Lang, view: &SummaryDeskView, act: &str) -> Markup {
    let correct = act == "correct";
    let (label, why) = if correct {
        (lang.t("发起更正", "Open a correction"), lang.t("更正原因（将公布）", "Why (published)"))
    } else {
        (lang.t("撤下", "Take it from the public"), lang.t("撤下原因（将公布）", "Why (published)"))
    };
    let field = if correct || !view.may.correct {
        reason(lang, view, why)
    } else {
        // The other form on the page has the field's id already.
        html! { label.small { (why) input name="reason" type="text"; } }
    };
    let inner = one(
        view,
        act,
        html! {
            (field)
            div.actions { button.button type="submit" { (label) } }
        },
    );
    folded(label, inner, view.state.error("reason").is_some() && view.state.has("act", act))
}
