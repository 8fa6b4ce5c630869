//! Answering one thing, with what was said above the form.

use maud::{Markup, html};

use super::{AnswerPanel, EditPanel, WorkView, kept};
use crate::{
    component::paragraphs,
    form::{Choice, Field, csrf, hidden, radios, select, submit, text_field, textarea},
    label::Outcome,
    lang::Lang,
    opinion::proposal,
};

/// The values of the field `outcome`, as the API names them.
const OUTCOMES: [(&str, Outcome); 4] = [
    ("adopted", Outcome::Adopted),
    ("partly_adopted", Outcome::Partly),
    ("not_adopted", Outcome::NotAdopted),
    ("explained", Outcome::Explained),
];

pub(super) fn answer(lang: Lang, view: &WorkView, p: &AnswerPanel) -> Markup {
    let outcomes: Vec<Choice> =
        OUTCOMES.iter().map(|(value, outcome)| Choice::new(*value, outcome.word(lang))).collect();
    let hint = match p.least_reason {
        Some(n) if lang == Lang::Zh => {
            format!("较为集中的意见：未采纳的须说明原因，至少 {n} 个字，将向社会公布。")
        }
        Some(n) => {
            format!("Raised by many: not adopting it needs a published reason of at least {n} characters.")
        }
        None => lang
            .t("除采纳外须写明理由，将向社会公布。", "Needed unless adopted; it will be published.")
            .to_owned(),
    };
    let mut clauses = vec![Choice::new("", lang.t("（不指明）", "(none)"))];
    clauses.extend(p.clauses.iter().cloned());
    let clause_hint = lang.t(
        "采纳、部分采纳的，指明正式文本的条款；送审前须补齐。",
        "For (partly) adopted: where it is in the final text; needed before submission.",
    );
    html! {
        section.card.panel #panel {
            h2.card-title { (p.heading) }
            p.small { (p.facts) }
            div.own-words lang=[lang.content()] { @match &p.proposal { Some(p) => (proposal(lang, p)), None => (paragraphs(&p.quote)) } }
            @if let Some(follows) = &p.follows { p.small { (follows) } }
            form method="post" action=(p.action) novalidate {
                (csrf(&view.csrf))
                (kept(view))
                div.choices-row { (radios(lang, &view.state, &Field::new("outcome", lang.t("处理结果", "Outcome")).required(), &outcomes)) }
                (textarea(lang, &view.state, &Field::new("reason", lang.t("理由", "Reason")).rows(4).max(4000).hint(&hint)))
                @if !p.clauses.is_empty() {
                    (select(lang, &view.state, &Field::new("final_clause", lang.t("正式文本条款", "Clause of the final text")).hint(clause_hint), &clauses))
                }
                div.actions {
                    (submit(lang.t("保存答复", "Save the answer")))
                    @if p.retract {
                        button.button type="submit" name="act" value="retract" formnovalidate { (lang.t("撤销答复", "Take it back")) }
                    }
                    a.button href=(p.back) { (lang.t("取消", "Cancel")) }
                }
            }
        }
    }
}

pub(super) fn edit(lang: Lang, view: &WorkView, p: &EditPanel) -> Markup {
    let base = format!("{}/{}", view.topics_base, p.id);
    html! {
        section.card.panel #panel {
            h2.card-title { (lang.t("修改主题", "Change the topic")) }
            form method="post" action=(p.action) novalidate {
                (csrf(&view.csrf))
                (kept(view))
                (fields(lang, view))
                div.actions {
                    (submit(lang.t("保存", "Save")))
                    a.button href=(p.back) { (lang.t("取消", "Cancel")) }
                }
            }
            form.inline-form method="post" action={ (base) "/move" } {
                (csrf(&view.csrf))
                (kept(view))
                button.button type="submit" name="to" value="up" { "↑ " (lang.t("上移", "Up")) }
                button.button type="submit" name="to" value="down" { "↓ " (lang.t("下移", "Down")) }
            }
            @if p.empty {
                form.inline-form method="post" action={ (base) "/delete" } {
                    (csrf(&view.csrf))
                    (kept(view))
                    button.button type="submit" { (lang.t("删除主题", "Remove the topic")) }
                }
            } @else {
                p.small { (lang.t("主题中还有意见，移出后才能删除。", "A topic with opinions cannot be removed.")) }
            }
        }
    }
}

/// Title and gist of a topic.
pub(super) fn fields(lang: Lang, view: &WorkView) -> Markup {
    let title = Field::new("title", lang.t("主题名称", "Name")).required();
    let gist = Field::new("gist", lang.t("意见建议摘要", "What is said")).rows(3).max(2000).hint(lang.t(
        "将作为公布的汇总表中“意见建议”一栏；不填则用名称。",
        "Printed in the published table; the name if empty.",
    ));
    html! {
        (text_field(lang, &view.state, &title))
        (textarea(lang, &view.state, &gist))
        (hidden("form", "topic"))
    }
}
