//! Taking down many opinions from a spreadsheet, in two steps: the file, then what it brings.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    component::{Column, Table, alert, card, page_head, table},
    form::{
        Choice, Field, FormState, csrf, date_field, error_summary, file_field, hidden, select, submit,
        textarea,
    },
    label::{Channel, Tone, matter},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct BatchView {
    pub side: Vec<SideItem>,
    pub consultation_title: String,
    pub consultation: Href,
    pub opens: NaiveDate,
    pub closes: NaiveDate,
    /// The page itself; its acts lie below it.
    pub base: String,
    pub csrf: String,
    pub channels: Vec<Choice>,
    /// What columns may be called.
    pub columns: Vec<&'static str>,
    pub most_rows: usize,
    /// Fields `channel`, `received_on`, `table`.
    pub state: FormState,
}

#[must_use]
pub fn batch(frame: &Frame<'_>, view: &BatchView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("批量录入线下意见", "Take down many opinions");
    let day =
        Field::new("received_on", lang.t("收到日期（未写明的行）", "Received on (rows that do not say)"));
    let channel =
        Field::new("channel", lang.t("意见来源（未写明的行）", "How they came (rows that do not say)"));
    let mut channels = vec![Choice::new("", lang.t("表中已逐行写明", "Each row says it"))];
    channels.extend(view.channels.iter().cloned());
    let body = html! {
        (page_head(title, html! {
            a href=(view.consultation) lang=[lang.content()] { (matter(&view.consultation_title)) }
            span { (lang.t("征集期 ", "open ")) (lang.period(view.opens, view.closes)) }
        }))
        (error_summary(lang, &view.state))
        form.card method="post" action={ (view.base) "/preview" } enctype="multipart/form-data" novalidate {
            (csrf(&view.csrf))
            p { (lang.t(
                "表格第一行为列名，以下每行一条意见，按原话录入。先预览，确认后才登记；已登记过的行会自动跳过，同一表格可以接着补充后再次上传。",
                "The first row names the columns, then one opinion a row, in the person's own words. You see what it brings before anything is registered; rows that were registered before are left out, so a table may be completed and sent again.",
            )) }
            p.small {
                (lang.t("可用的列：", "Columns: ")) span lang=[lang.content()] { (view.columns.join("、")) } (lang.t("；只有“意见内容”必须有。", "; only the text (意见内容) is needed."))
                " " a href={ (view.base) "/template.csv" } download { (lang.t("下载模板（CSV，可用 Excel 打开）", "Template (CSV, opens in Excel)")) }
            }
            (file_field(lang, &view.state, &Field::new("file", lang.t("文件", "File")).hint(&match lang {
                Lang::Zh => format!(".xlsx 或 .csv，最多 {} 行", view.most_rows),
                Lang::En => format!(".xlsx or .csv, at most {} rows", view.most_rows),
            }), ".xlsx,.csv,.txt,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false))
            (textarea(lang, &view.state, &Field::new("table", lang.t("或从表格复制后粘贴（含列名）", "Or paste cells, with the names of the columns")).rows(5)))
            div.form-row {
                (select(lang, &view.state, &channel, &channels))
                (date_field(lang, &view.state, &day))
            }
            div.actions {
                (submit(lang.t("预览", "Preview")))
                a.button href=(view.consultation) { (lang.t("返回", "Back")) }
            }
        }
    };
    desk(frame, &view.state.title(lang, title), &view.side, body)
}

/// A row that would be registered.
#[derive(Clone, Debug)]
pub struct NewRow {
    pub line: u32,
    pub channel: Channel,
    pub on: NaiveDate,
    pub name: String,
    pub clause: Option<String>,
    /// Its beginning.
    pub text: String,
}

/// A row that is left out.
#[derive(Clone, Debug)]
pub struct WrongRow {
    pub line: u32,
    pub why: String,
}

#[derive(Clone, Debug)]
pub struct BatchPreview {
    pub side: Vec<SideItem>,
    pub consultation_title: String,
    pub consultation: Href,
    pub base: String,
    pub csrf: String,
    pub new: usize,
    /// The first of the new rows.
    pub rows: Vec<NewRow>,
    pub known: usize,
    pub wrong_count: usize,
    /// The first of the rows that are left out.
    pub wrong: Vec<WrongRow>,
    /// Sent back on confirming.
    pub table: String,
    pub channel: String,
    pub received_on: String,
}

#[must_use]
pub fn batch_preview(frame: &Frame<'_>, view: &BatchPreview) -> Markup {
    let lang = frame.lang;
    let title = lang.t("预览：批量录入", "Preview: many opinions");
    let body = html! {
        p.back { a href=(view.base) { (lang.t("← 放弃，返回", "← Back without registering")) } }
        (page_head(title, html! {
            a href=(view.consultation) lang=[lang.content()] { (matter(&view.consultation_title)) }
            span { (lang.t("将登记 ", "new: ")) (view.new) }
            span { (lang.t("已登记过 ", "there already: ")) (view.known) }
            span { (lang.t("有误，跳过 ", "left out: ")) (view.wrong_count) }
        }))
        @if view.new == 0 {
            (alert(Tone::Info, "", html! { p { (lang.t("没有可以登记的新意见。", "There is nothing new to register.")) } }))
        } @else {
            form method="post" action={ (view.base) "/import" } enctype="multipart/form-data" {
                (csrf(&view.csrf))
                (hidden("table", &view.table)) (hidden("channel", &view.channel)) (hidden("received_on", &view.received_on))
                div.actions {
                    (submit(&match lang {
                        Lang::Zh => format!("登记 {} 条意见", view.new),
                        Lang::En => format!("Register {}", lang.counted(i64::try_from(view.new).unwrap_or(i64::MAX), "条意见", "opinion", "opinions")),
                    }))
                    a.button href=(view.base) { (lang.t("放弃", "Cancel")) }
                }
            }
        }
        div.section.stack {
            @if view.wrong_count > 0 { (left_out(lang, view)) }
            @if !view.rows.is_empty() { (card(lang.t("将登记的意见", "To be registered"), rows(lang, view))) }
        }
    };
    desk(frame, title, &view.side, body)
}

fn left_out(lang: Lang, view: &BatchPreview) -> Markup {
    card(
        lang.t("有误的行（改正后可再次上传）", "Rows left out (mend them and send the table again)"),
        html! {
            ul.plain { @for w in &view.wrong { li { (lang.t("第 ", "row ")) (w.line) (lang.t(" 行：", ": ")) (w.why) } } }
            @if view.wrong_count > view.wrong.len() { p.hint { (lang.t("另有 ", "and ")) (view.wrong_count - view.wrong.len()) (lang.t(" 行", " more")) } }
        },
    )
}

fn rows(lang: Lang, view: &BatchPreview) -> Markup {
    let cells = |r: &NewRow| {
        vec![
            html! { (r.line) },
            html! { (r.channel.word(lang)) },
            html! { (lang.date(r.on)) },
            html! { (r.name) },
            html! { @match &r.clause { Some(c) => span lang=[lang.content()] { (c) }, None => (lang.t("全文", "whole draft")) } },
            html! { span lang=[lang.content()] { (r.text) } },
        ]
    };
    html! {
        (table(&Table {
            caption: lang.t("将登记的意见", "To be registered").to_owned(),
            caption_hidden: true,
            columns: vec![
                Column::tight(lang.t("行", "Row")),
                Column::tight(lang.t("来源", "Came by")),
                Column::tight(lang.t("收到", "Received")),
                Column::text(lang.t("姓名或单位", "Name")),
                Column::text(lang.t("针对", "On")),
                Column::text(lang.t("意见", "Opinion")),
            ],
            rows: view.rows.iter().map(cells).collect(),
            row_head: Some(0),
        }))
        @if view.new > view.rows.len() { p.hint { (lang.t("另有 ", "and ")) (view.new - view.rows.len()) (lang.t(" 条", " more")) } }
    }
}
