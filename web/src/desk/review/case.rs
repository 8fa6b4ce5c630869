//! One opinion beside the clause it speaks on, with what the same person said, equal ones, and its history.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use super::{
    AppealCard, DecideView, Due, FloodNote, Piece, SecondView, Side, Undo, appeals, decide, due, flood, keys,
    pieces, undo,
};
use crate::{
    attachment::{DecideFiles, decide_files},
    component::{Fact, card, definition_list, page_head},
    consultation::clause_quote,
    form::{FormState, error_summary},
    icon::Icon,
    label::matter,
    label::{AuthorKind, Channel, OpinionState, Showing, Tone, badge},
    lang::Lang,
    layout::{Frame, desk},
    link::Href,
    opinion::{Proposal, QuotedClause, When, proposal},
};

#[derive(Clone, Debug)]
pub struct CaseView {
    pub side: Side,
    pub number: String,
    pub state: OpinionState,
    pub consultation_title: String,
    pub consultation: Href,
    pub clause: Option<QuotedClause>,
    pub words: Vec<Piece>,
    /// The words told apart, where they propose others for the clause.
    pub proposal: Option<Proposal>,
    /// As first received, where the author has revised it.
    pub first_words: Option<String>,
    pub characters: usize,
    pub received: When,
    pub channel: Channel,
    pub kind: AuthorKind,
    pub showing: Showing,
    pub public_name: String,
    pub contact_masked: Option<String>,
    /// The guardian who agreed for an author under fourteen.
    pub guardian_masked: Option<String>,
    pub due: Option<Due>,
    /// What was noticed, and how often.
    pub findings: Vec<String>,
    pub equal: Option<(u64, Href)>,
    pub flood: Option<FloodNote>,
    pub near: Option<NearNote>,
    pub others: Vec<Other>,
    pub reviews: Vec<Reviewed>,
    pub queue: Href,
    pub next: Option<Href>,
    pub undo: Option<Undo>,
    pub form: FormState,
    /// What was typed for a decision that can no longer be taken here.
    pub kept: Option<String>,
    /// Why this moderator may not decide.
    pub barred: Option<String>,
    pub decide: Option<DecideView>,
    pub second: Option<SecondView>,
    pub appeal: Option<AppealCard>,
    pub files: Option<DecideFiles>,
}

/// Opinions with nearly the same text.
#[derive(Clone, Debug)]
pub struct NearNote {
    pub total: u64,
    pub published: u64,
    /// The first of them, with how alike they are, in percent.
    pub first: Vec<(Other, i32)>,
    pub together: Href,
}

/// Another opinion of the same person.
#[derive(Clone, Debug)]
pub struct Other {
    pub number: String,
    pub href: Href,
    pub words: String,
    pub state: OpinionState,
    pub consultation: String,
}

/// A review that was made.
#[derive(Clone, Debug)]
pub struct Reviewed {
    pub at: NaiveDateTime,
    pub moderator: String,
    /// `不予受理（商业广告）`
    pub action: String,
    pub note: String,
    /// `待复核`, `已由王某复核`, `已撤回`
    pub standing: String,
}

#[must_use]
pub fn case(frame: &Frame<'_>, view: &CaseView) -> Markup {
    let lang = frame.lang;
    let title = format!("{} {}", lang.t("审核意见", "Review"), view.number);
    let body = html! {
        (page_head(&title, html! {
            @if view.second.is_some() { (badge(Tone::Warn, Icon::Half, lang.t("待复核", "Second review"))) } @else { (view.state.badge(lang)) }
            @if let Some(d) = &view.due { (due(lang, d)) }
            span { (lang.t("收到于 ", "received ")) (view.received.text(lang)) }
            span.head-links {
                a href=(view.queue) data-key="q" { (lang.t("返回队列", "Queue")) }
                @if let Some(href) = &view.next { a href=(href) data-key="n" { (lang.t("跳过，看下一条", "Skip to the next")) } }
            }
        }))
        (undo(lang, view.undo.as_ref()))
        (error_summary(lang, &view.form))
        @if let Some(text) = &view.kept { (kept(lang, text)) }
        // On a phone the clause stands between the words and the decision.
        div.case {
            div.case-words.stack {
                (words(lang, view))
                @if let Some(files) = &view.files { (decide_files(lang, files)) }
            }
            div.case-context.stack { (context(lang, view)) }
            div.case-act.stack {
                @if let Some(a) = &view.appeal { (appeals::card(lang, a, &view.form)) }
                @if let Some(why) = &view.barred { p.barred { (why) } }
                @if let Some(s) = &view.second { (decide::second(lang, s)) }
                @if let Some(d) = &view.decide { (decide::decide(lang, d, &view.form)) }
            }
        }
        (keys(lang, &[
            ("p", "公开", "publish"), ("r", "隐去后公开", "redact"), ("w", "不公开", "withhold"), ("b", "退回", "return"),
            ("x", "不予受理", "reject"), ("n", "下一条", "next"), ("q", "队列", "queue"), ("u", "撤回", "take back"),
        ]))
    };
    desk(frame, &view.form.title(lang, &title), &view.side, body)
}

fn kept(lang: Lang, text: &str) -> Markup {
    html! {
        section.card {
            h2.card-title { label for="kept" { (lang.t("您刚才写的内容", "What you wrote")) } }
            textarea #kept rows="5" readonly { "\n" (text) }
        }
    }
}

fn words(lang: Lang, view: &CaseView) -> Markup {
    let mut facts = vec![
        Fact::text(lang.t("身份", "Speaks as"), view.kind.word(lang)),
        Fact::text(lang.t("来源", "Channel"), view.channel.word(lang)),
        Fact::new(
            lang.t("公开方式", "To be shown"),
            html! { (view.showing.word(lang)) @if view.showing != Showing::Private { (lang.t("，显示为 ", ", as ")) strong lang=[lang.content()] { (view.public_name) } } },
        ),
    ];
    if let Some(contact) = &view.contact_masked {
        facts.push(Fact::text(lang.t("联系方式", "Contact"), contact));
    }
    if let Some(name) = &view.guardian_masked {
        let said = html! { span lang=[lang.content()] { (name) } (lang.t("（未满十四周岁，联系方式为监护人的）", " (under fourteen; the contact is the guardian's)")) };
        facts.push(Fact::new(lang.t("同意的监护人", "Guardian who agreed"), said));
    }
    if !view.findings.is_empty() {
        facts.push(Fact::text(lang.t("系统提示", "Noticed"), &view.findings.join(lang.t("、", ", "))));
    }
    html! {
        section.card {
            h2.card-title { (lang.t("意见", "The opinion")) span.soft.small { " " (view.characters) (lang.t(" 字", " characters")) } }
            div.own-words lang=[lang.content()] { p { (pieces(&view.words)) } }
            @if let Some(p) = &view.proposal {
                h3.block-title { (lang.t("与草案条文对照", "Against the draft")) }
                (proposal(lang, p))
            }
            @if let Some(first) = &view.first_words {
                details {
                    summary { (lang.t("最初提交的文字", "As first received")) }
                    div.own-words lang=[lang.content()] { p { (first) } }
                }
            }
            (definition_list(&facts))
        }
    }
}

fn context(lang: Lang, view: &CaseView) -> Markup {
    html! {
        (card(lang.t("针对", "It speaks on"), html! {
            p { a href=(view.consultation) lang=[lang.content()] { (matter(&view.consultation_title)) } }
            @if let Some(c) = &view.clause {
                (clause_quote(lang, &c.label, &c.lines))
                p.small { a href=(c.href) { (lang.t("在草案中查看上下文", "See it in the draft")) } }
            } @else {
                p.soft { (lang.t("全文", "The whole draft")) }
            }
        }))
        @if let Some(note) = &view.flood { (flood::note(lang, note)) }
        @if let Some((n, href)) = &view.equal {
            (card(lang.t("相同的意见", "Equal opinions"), html! {
                p { (match lang {
                    Lang::Zh => format!("还有 {} 条内容相同的意见在等待审核。", n - 1),
                    Lang::En => format!("{} more say the same and wait.", n - 1),
                }) }
                p { a.button href=(href) data-key="e" { (lang.t("一并审核", "Review them together")) } }
            }))
        }
        @if let Some(note) = &view.near { (near(lang, note)) }
        @if !view.others.is_empty() { (card(lang.t("同一人的其他意见", "By the same person"), others(lang, &view.others))) }
        @if !view.reviews.is_empty() { (card(lang.t("审核经过", "Reviews so far"), reviews(lang, &view.reviews))) }
    }
}

fn near(lang: Lang, note: &NearNote) -> Markup {
    let words = match lang {
        Lang::Zh => format!("另有 {} 条文字相近的意见，其中 {} 条已公开。", note.total, note.published),
        Lang::En => format!(
            "{} more have nearly the same text; {} of them are published.",
            note.total, note.published
        ),
    };
    card(
        lang.t("相近的意见", "Near-equal opinions"),
        html! {
            p { (words) }
            ul.plain-list {
                @for (o, alike) in &note.first {
                    li {
                        p.item-top { a href=(o.href) { (o.number) } (o.state.badge(lang)) span.soft { (lang.t("相似 ", "alike ")) (alike) "%" } }
                        p.item-words lang=[lang.content()] { (o.words) }
                    }
                }
            }
            p { a.button href=(note.together) { (lang.t("逐条对照，一并审核", "Compare and review together")) } }
            p.small.soft { (lang.t("由程序比对，仅供参考；每条意见照常登记、计数。", "Found by a program, as advice; each is registered and counted as usual.")) }
        },
    )
}

fn others(lang: Lang, others: &[Other]) -> Markup {
    html! {
        ul.plain-list {
            @for o in others {
                li {
                    p.item-top { a href=(o.href) { (o.number) } (o.state.badge(lang)) }
                    p.item-words lang=[lang.content()] { (o.words) }
                    p.item-facts lang=[lang.content()] { (o.consultation) }
                }
            }
        }
    }
}

fn reviews(lang: Lang, reviews: &[Reviewed]) -> Markup {
    html! {
        ul.plain-list {
            @for r in reviews {
                li {
                    p.item-top { strong { (r.action) } @if !r.standing.is_empty() { span.flag { (r.standing) } } }
                    @if !r.note.is_empty() { p.item-words lang=[lang.content()] { (r.note) } }
                    p.item-facts { span { (r.moderator) } span { (lang.date_time(r.at)) } }
                }
            }
        }
    }
}
