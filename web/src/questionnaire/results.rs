//! Results: each question as bars with the same figures as a table. The bar repeats what the numbers say and is hidden
//! from the ear; nothing is told by colour alone.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{filled_in, no_sample};
use crate::{
    component::{FileLink, alert, card, file_list, page_head},
    label::{Tone, matter},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct ResultRow {
    pub label: String,
    pub n: u64,
    /// Share of those who answered the question, in tenths of a percent.
    pub per_mille: u64,
}

#[derive(Clone, Debug)]
pub struct FiguresView {
    pub place: usize,
    pub text: String,
    pub kind: String,
    /// Who answered it.
    pub base: u64,
    /// None where too few answered; empty for a free text.
    pub rows: Option<Vec<ResultRow>>,
    /// Several could be chosen.
    pub many: bool,
    /// Of a scale, with its highest mark.
    pub mean: Option<(f64, i32)>,
}

#[derive(Clone, Debug)]
pub struct ResultsView {
    pub consultation_title: String,
    pub consultation: Href,
    pub title: String,
    pub responses: u64,
    /// None while they are not public.
    pub figures: Option<Vec<FiguresView>>,
    /// Fewer than these are not told.
    pub few: u64,
    pub closes: NaiveDate,
    pub is_open: bool,
    pub file: Option<FileLink>,
}

#[must_use]
pub fn results(frame: &Frame<'_>, view: &ResultsView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Consultations, ..frame.clone() };
    let title = lang.t("问卷结果", "Results of the questionnaire");
    let body = html! {
        (page_head(title, html! { a href=(view.consultation) lang=[lang.content()] { (matter(&view.consultation_title)) } }))
        div.narrow.stack {
            section.card {
                h2.card-title lang=[lang.content()] { (view.title) }
                p { strong { (filled_in(lang, view.responses)) } (lang.t("。", ".")) @if view.is_open && view.figures.is_some() { " " (lang.t("征集还在进行，结果会变化。", "The consultation is open; the figures will change.")) } }
                p { (no_sample(lang)) }
                @if let Some(file) = &view.file { (file_list(lang, std::slice::from_ref(file))) }
            }
            @match &view.figures {
                Some(all) => (plots(lang, all, view.few)),
                None => (alert(Tone::Info, lang.t("结果还没有公布", "Not published yet"), html! {
                    p { (match lang {
                        Lang::Zh => format!("统计结果在 {} 征集截止后公布。", lang.deadline(view.closes)),
                        Lang::En => format!("The figures are published when the consultation has closed ({}).", lang.deadline(view.closes)),
                    }) }
                })),
            }
        }
    };
    let trail = [
        Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS),
        Crumb { label: view.consultation_title.clone(), href: Some(view.consultation.clone()) },
        Crumb::here(title),
    ];
    page(&frame, title, &trail, body)
}

/// Every question with its figures.
#[must_use]
pub fn plots(lang: Lang, all: &[FiguresView], few: u64) -> Markup {
    html! { @for f in all { (plot(lang, f, few)) } }
}

fn plot(lang: Lang, f: &FiguresView, few: u64) -> Markup {
    let title = format!("{}. {}", f.place, f.text);
    let id = format!("question-{}", f.place);
    html! {
        section.card aria-labelledby=(id) {
            h3.card-title id=(id) lang=[lang.content()] { (title) }
            p.small {
                (f.kind) (lang.t("，", ", "))
                (match lang {
                    Lang::Zh => format!("{} 人回答", f.base),
                    Lang::En => format!("answered by {}", f.base),
                })
                @if f.many { (lang.t("；可多选，占比之和可以超过 100%", "; several could be chosen, so shares may add up to more than 100%")) }
                @if let Some((mean, most)) = f.mean {
                    (match lang {
                        Lang::Zh => format!("；平均 {mean:.2} 分（最高 {most} 分）"),
                        Lang::En => format!("; mean {mean:.2} (highest mark {most})"),
                    })
                }
            }
            @match &f.rows {
                None => p { (too_few(lang, few)) },
                Some(rows) if rows.is_empty() => p.soft { (lang.t("文字回答只供承办人员参考，不公开。", "What people wrote is for the staff alone and is not published.")) },
                Some(rows) => (bars(lang, &title, rows, f)),
            }
        }
    }
}

fn too_few(lang: Lang, few: u64) -> String {
    match lang {
        Lang::Zh => format!("回答不足 {few} 人，为避免透露个人的选择，不公布统计结果。"),
        Lang::En => format!(
            "Fewer than {few} people answered; the figures are not published, because they could point at one of them."
        ),
    }
}

fn bars(lang: Lang, title: &str, rows: &[ResultRow], f: &FiguresView) -> Markup {
    html! {
        table.plot {
            caption.sr lang=[lang.content()] { (title) }
            thead { tr {
                th scope="col" { (lang.t("选项", "Choice")) }
                th.num scope="col" { (lang.t("人数", "People")) }
                th.num scope="col" { (lang.t("占比", "Share")) }
            } }
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" lang=[lang.content()] {
                            (row.label)
                            svg.bar.plot-bar viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                                rect.plot-track x="0" y="0" width="1000" height="12" {}
                                @if row.per_mille > 0 { rect.fill-strong x="0" y="0" width=(row.per_mille.min(1000)) height="12" {} }
                            }
                        }
                        td.num { (row.n) }
                        td.num { (percent(row.per_mille)) }
                    }
                }
            }
            tfoot { tr {
                th scope="row" { (if f.many { lang.t("回答本题的人数", "People who answered") } else { lang.t("合计", "Sum") }) }
                td.num { (f.base) }
                td.num { @if !f.many { "100%" } }
            } }
        }
    }
}

fn percent(per_mille: u64) -> String {
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

/// The results for the desk, with what leads on.
#[must_use]
pub fn desk_card(lang: Lang, responses: u64, acts: &Markup) -> Markup {
    card(
        lang.t("填写情况", "Answers"),
        html! {
            p { strong { (filled_in(lang, responses)) } (lang.t("。", ".")) }
            p.small { (no_sample(lang)) }
            (acts)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(rows: Option<Vec<ResultRow>>) -> FiguresView {
        FiguresView {
            place: 1,
            text: "多久去一次？".into(),
            kind: "单选题".into(),
            base: 4,
            rows,
            many: false,
            mean: None,
        }
    }

    #[test]
    fn a_bar_repeats_what_the_table_says() {
        let rows = vec![
            ResultRow { label: "每周".into(), n: 3, per_mille: 750 },
            ResultRow { label: "从不".into(), n: 0, per_mille: 0 },
        ];
        let html = plots(Lang::Zh, &[figures(Some(rows))], 3).into_string();
        assert!(html.contains(r#"class="fill-strong" x="0" y="0" width="750""#), "{html}");
        assert!(html.contains("75.0%") && html.contains("0.0%"));
        assert_eq!(html.matches("fill-strong").count(), 1, "nothing is drawn for zero");
        assert!(html.contains(r#"aria-hidden="true""#) && html.contains(r#"scope="row""#));
    }

    #[test]
    fn too_few_answers_are_not_told() {
        let html = plots(Lang::Zh, &[figures(None)], 3).into_string();
        assert!(html.contains("回答不足 3 人") && !html.contains("<table"));
    }
}
