//! The holidays: covered years, the days of one, and importing a new notice in two steps.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use crate::{
    component::{Column, Tab, Table, alert, card, page_head, table, tabs},
    form::{Field, FormState, csrf, error_summary, file_field, hidden, submit, textarea},
    icon::Icon,
    label::{Tone, badge},
    lang::{Lang, iso, stamp},
    layout::{Frame, SideItem, desk},
    link::Href,
};

const PAGE: &str = "/desk/admin/calendar";

/// A day that a notice names.
#[derive(Clone, Debug)]
pub struct HolidayRow {
    pub date: NaiveDate,
    /// A working day rather than a day off.
    pub works: bool,
    pub name: String,
    pub source: String,
}

#[derive(Clone, Debug)]
pub struct ImportRow {
    pub at: NaiveDateTime,
    pub who: String,
    pub years: String,
    pub rows: i32,
    pub moved: i32,
}

#[derive(Clone, Debug)]
pub struct CalendarView {
    pub years: Vec<i32>,
    /// The next year, when its notice is missing.
    pub missing: Option<i32>,
    /// The year whose days are shown.
    pub year: i32,
    pub days: Vec<HolidayRow>,
    pub imports: Vec<ImportRow>,
    /// Field `csv`.
    pub state: FormState,
    pub csrf: String,
}

#[must_use]
pub fn calendar(frame: &Frame<'_>, side: &[SideItem], view: &CalendarView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("节假日", "Calendar");
    let body = html! {
        (page_head(title, html! {
            span { (lang.t("工作日按国务院办公厅放假通知计算。", "Working days follow the State Council's yearly notice.")) }
        }))
        (error_summary(lang, &view.state))
        @if let Some(year) = view.missing {
            (alert(Tone::Warn, &match lang {
                Lang::Zh => format!("{year} 年放假安排尚未导入"),
                Lang::En => format!("The notice of {year} is not imported"),
            }, html! { p { (lang.t("跨入该年的期限暂按周末推算，并标为“暂定”。通知公布后请在下方导入。", "Periods that reach into it are counted by weekends and marked provisional. Import the notice below when it is out.")) } }))
        }
        (import_form(lang, view))
        (year(lang, view))
        (imports(lang, &view.imports))
    };
    desk(frame, &view.state.title(lang, title), side, body)
}

fn import_form(lang: Lang, view: &CalendarView) -> Markup {
    html! {
        (card(lang.t("导入放假安排", "Import a notice"), html! {
            p.hint { (lang.t("CSV 文件或粘贴文本，表头 date,kind,name,source；kind 为 off（放假）或 work（调休上班）。先预览，确认后才生效。", "A CSV file or pasted text with the columns date,kind,name,source; kind is off or work. You see what changes before it does.")) }
            form method="post" action={ (PAGE) "/preview" } enctype="multipart/form-data" novalidate {
                (csrf(&view.csrf))
                (file_field(lang, &view.state, &Field::new("file", lang.t("文件", "File")), ".csv,text/csv", false))
                (textarea(lang, &view.state, &Field::new("csv", lang.t("或粘贴", "Or paste")).rows(6)))
                div.actions { (submit(lang.t("预览", "Preview"))) }
            }
        }))
    }
}

fn year(lang: Lang, view: &CalendarView) -> Markup {
    let to = |year: i32| {
        Tab::new(year.to_string(), format!("{PAGE}?year={year}#days")).current_if(year == view.year)
    };
    let all: Vec<Tab> = view.years.iter().rev().map(|year| to(*year)).collect();
    let title = lang.t("各年安排", "By year");
    html! {
        section.section #days {
            div.section-head {
                h2 { (title) }
                a href={ (PAGE) "/days.csv?year=" (view.year) } download { (lang.t("导出（CSV）", "Export (CSV)")) }
            }
            (tabs(title, &all))
            div.card { (days(lang, &view.days)) }
        }
    }
}

fn days(lang: Lang, rows: &[HolidayRow]) -> Markup {
    let cells = |d: &HolidayRow| {
        let (words, address) =
            d.source.find("https://").map_or((d.source.as_str(), ""), |i| d.source.split_at(i));
        let words = words.trim_end_matches([';', ' ']);
        vec![
            html! { time datetime=(iso(d.date)) { (iso(d.date)) } " " (lang.weekday(d.date)) },
            if d.works {
                badge(Tone::Info, Icon::Dot, lang.t("调休上班", "Working"))
            } else {
                badge(Tone::Plain, Icon::Dash, lang.t("放假", "Off"))
            },
            html! { span lang=[lang.content()] { (d.name) } },
            html! {
                @if !address.is_empty() { a href=(Href::new(address)) { (lang.t("通知原文", "The notice")) } " " }
                @if !words.is_empty() { span.small { (words) } }
            },
        ]
    };
    table(&Table {
        caption: lang.t("放假与调休上班日", "Days off and make-up working days").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::tight(lang.t("日期", "Date")),
            Column::tight(lang.t("类型", "Kind")),
            Column::tight(lang.t("节日", "Holiday")),
            Column::text(lang.t("来源", "Source")),
        ],
        rows: rows.iter().map(cells).collect(),
        row_head: Some(0),
    })
}

fn imports(lang: Lang, rows: &[ImportRow]) -> Markup {
    let cells = |i: &ImportRow| {
        vec![
            html! { (stamp(i.at)) },
            html! { span lang=[lang.content()] { (i.who) } },
            html! { (i.years) },
            html! { (i.rows) },
            html! { (i.moved) },
        ]
    };
    html! {
        @if !rows.is_empty() {
            (card(lang.t("导入记录", "Imports"), table(&Table {
                caption: lang.t("导入记录", "Imports").to_owned(),
                caption_hidden: true,
                columns: vec![
                    Column::tight(lang.t("时间", "When")),
                    Column::text(lang.t("办理人", "Who")),
                    Column::text(lang.t("年份", "Years")),
                    Column::number(lang.t("天数", "Days")),
                    Column::number(lang.t("变动的时限", "Duties moved")),
                ],
                rows: rows.iter().map(cells).collect(),
                row_head: None,
            })))
        }
    }
}

/// A duty whose due day would move.
#[derive(Clone, Debug)]
pub struct MoveRow {
    pub kind: String,
    pub subject: String,
    pub department: String,
    pub old: NaiveDate,
    pub new: NaiveDate,
}

#[derive(Clone, Debug)]
pub struct PreviewView {
    pub days: Vec<HolidayRow>,
    pub years: Vec<i32>,
    pub warnings: Vec<String>,
    /// The first of them; `moved` counts all.
    pub moves: Vec<MoveRow>,
    pub moved: usize,
    /// Sent back on confirming.
    pub csv: String,
    pub csrf: String,
}

#[must_use]
pub fn preview(frame: &Frame<'_>, side: &[SideItem], view: &PreviewView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("预览：导入放假安排", "Preview of the import");
    let years: Vec<String> = view.years.iter().map(i32::to_string).collect();
    let body = html! {
        p.back { a href=(PAGE) { (lang.t("← 放弃，返回节假日", "← Back without importing")) } }
        (page_head(title, html! {
            span { (lang.counted(i64::try_from(view.days.len()).unwrap_or(0), "天", "day", "days")) }
            span { (years.join("、")) }
        }))
        @for warning in &view.warnings { (alert(Tone::Warn, "", html! { p { (warning) } })) }
        (moves(lang, view))
        form method="post" action={ (PAGE) "/import" } {
            (csrf(&view.csrf))
            (hidden("csv", &view.csv))
            div.actions { (submit(lang.t("确认导入", "Import"))) a.button href=(PAGE) { (lang.t("放弃", "Cancel")) } }
        }
        (card(lang.t("将导入的日期", "Days to import"), days(lang, &view.days)))
    };
    desk(frame, title, side, body)
}

fn moves(lang: Lang, view: &PreviewView) -> Markup {
    let cells = |m: &MoveRow| {
        vec![
            html! { (m.kind) p.small lang=[lang.content()] { (m.subject) } },
            html! { span lang=[lang.content()] { (m.department) } },
            html! { (iso(m.old)) },
            html! { strong { (iso(m.new)) } },
        ]
    };
    html! {
        @if view.moved == 0 {
            (alert(Tone::Good, "", html! { p { (lang.t("没有时限会变动。", "No duty would move.")) } }))
        } @else {
            (card(&lang.counted(i64::try_from(view.moved).unwrap_or(i64::MAX), "项时限将变动", "duty would move", "duties would move"), html! {
                (table(&Table {
                    caption: lang.t("将变动的时限", "Duties that would move").to_owned(),
                    caption_hidden: true,
                    columns: vec![
                        Column::text(lang.t("时限", "Duty")),
                        Column::text(lang.t("单位", "Department")),
                        Column::tight(lang.t("原期限", "Now due")),
                        Column::tight(lang.t("新期限", "Then due")),
                    ],
                    rows: view.moves.iter().map(cells).collect(),
                    row_head: Some(0),
                }))
                @if view.moved > view.moves.len() { p.small { (lang.t("仅列出前若干项。", "Only the first ones are listed.")) } }
            }))
        }
    }
}
