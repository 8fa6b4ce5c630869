//! The questionnaire after an event: its form behind the lookup code, and its figures.

use maud::{Markup, html};

use crate::{
    component::{Fact, card, definition_list},
    form::{Choice, Field, FormState, csrf, error_summary, radios, submit, textarea},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
};

pub const FIELD_WORDS: &str = "words";

/// A question of the questionnaire: its field and its words.
#[derive(Clone, Debug)]
pub struct Question {
    pub field: &'static str,
    pub words: String,
}

#[derive(Clone, Debug)]
pub struct FeedbackView {
    pub title: String,
    pub when: String,
    pub questions: Vec<Question>,
    /// Marks, the best first.
    pub marks: Vec<Choice>,
    pub longest: usize,
    pub action: Href,
    pub back: Href,
    pub csrf: String,
    pub state: FormState,
    /// Something was said before and may be changed.
    pub given: bool,
    pub erase_days: u32,
}

#[must_use]
pub fn feedback(frame: &Frame<'_>, view: &FeedbackView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = lang.t("活动评价", "Tell us how it was");
    let state = &view.state;
    let body = html! {
        div.page-head {
            h1 { (title) }
            div.page-sub { span lang=[lang.content()] { (view.title) } span { (view.when) } }
        }
        (error_summary(lang, state))
        form.card method="post" action=(view.action) novalidate {
            (csrf(&view.csrf))
            p { (lang.t("谢谢您来参加。请用一分钟告诉我们怎么样，下次好改进。", "Thank you for coming. A minute of yours helps us to do better.")) }
            @if view.given { p.soft { (lang.t("您已评价过，可以修改。", "You told us already; you may change it.")) } }
            @for q in &view.questions {
                div.choices-row { (radios(lang, state, &Field::new(q.field, &q.words).required(), &view.marks)) }
            }
            (textarea(lang, state, &Field::new(FIELD_WORDS, lang.t("还想说的话", "Anything else")).rows(4).max(view.longest)
                .hint(lang.t("只给主办单位看，不公开。", "For the organisers only, not published."))))
            p.small { (match lang {
                Lang::Zh => format!("平均分随活动情况公布；文字加密保存，活动结束 {} 天后删除。", view.erase_days),
                Lang::En => format!("Averages are published with the report; words are stored encrypted and erased {} after the event.", lang.days(view.erase_days.into())),
            }) }
            div.actions { (submit(lang.t("提交", "Send"))) a.button href=(view.back) { (lang.t("返回", "Back")) } }
        }
    };
    page(&frame, &state.title(lang, title), &[Crumb::here(title)], body)
}

/// What visitors said, in figures.
#[derive(Clone, Debug)]
pub struct FeedbackFigures {
    pub parties: u64,
    /// Each question with its average.
    pub marks: Vec<(String, f64)>,
}

#[must_use]
pub fn figures(lang: Lang, f: &FeedbackFigures) -> Markup {
    let out_of = |mark: f64| match lang {
        Lang::Zh => format!("{mark:.1} 分（满分 5 分）"),
        Lang::En => format!("{mark:.1} of 5"),
    };
    let mut facts = vec![Fact::text(
        lang.t("评价", "Who rated it"),
        &lang.counted(i64::try_from(f.parties).unwrap_or(i64::MAX), "份", "party", "parties"),
    )];
    facts.extend(f.marks.iter().map(|(words, mark)| Fact::text(words, &out_of(*mark))));
    html! { div.marks { (definition_list(&facts)) } }
}

/// The same for the organiser's desk, with what was written.
#[must_use]
pub fn desk_card(lang: Lang, f: &FeedbackFigures, words: &[String]) -> Markup {
    card(
        lang.t("参加者评价", "What visitors say"),
        html! {
            (figures(lang, f))
            @if !words.is_empty() {
                details {
                    summary { (lang.t("文字意见", "In their words")) " (" (words.len()) ")" }
                    ul.text-list { @for w in words { li lang=[lang.content()] { (w) } } }
                }
            }
        },
    )
}
