//! The lexicon: words by kind, adding and removing, importing a list in two steps, trying a text.

use maud::{Markup, html};

use crate::{
    component::{Column, Pager, Tab, Table, alert, card, empty_state, page_head, pager, table, tabs},
    desk::review::{Piece, pieces},
    form::{
        Choice, Field, FormState, csrf, error_summary, file_field, hidden, select, submit, text_field,
        textarea,
    },
    icon::Icon,
    label::{Tone, badge},
    lang::Lang,
    layout::{Frame, SideItem, desk},
};

const PAGE: &str = "/desk/admin/lexicon";

/// A kind of words.
#[derive(Clone, Debug)]
pub struct KindTab {
    pub value: &'static str,
    pub label: String,
    pub count: u64,
    pub current: bool,
}

/// A word that comes with the program.
#[derive(Clone, Debug)]
pub struct OwnRow {
    pub word: &'static str,
    pub active: bool,
}

/// The word that was removed just now.
#[derive(Clone, Debug)]
pub struct Removed {
    pub word: String,
}

#[derive(Clone, Debug)]
pub struct LexiconView {
    pub tabs: Vec<KindTab>,
    /// The kind that is shown.
    pub kind: &'static str,
    pub search: String,
    pub words: Vec<String>,
    pub pager: Pager,
    pub own: Vec<OwnRow>,
    pub removed: Option<Removed>,
    pub kinds: Vec<Choice>,
    /// A text with what was noticed in it, and the kinds of that.
    pub tried: Option<(Vec<Piece>, Vec<String>)>,
    /// Fields `word`, `list`, `text`.
    pub state: FormState,
    pub csrf: String,
}

#[must_use]
pub fn lexicon(frame: &Frame<'_>, side: &[SideItem], view: &LexiconView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("敏感词库", "Lexicon");
    let all: Vec<Tab> = view
        .tabs
        .iter()
        .map(|t| {
            Tab::new(t.label.clone(), format!("{PAGE}?kind={}", t.value)).count(t.count).current_if(t.current)
        })
        .collect();
    let body = html! {
        (page_head(title, html! {
            span { (lang.t("词语只提示审核员留意，不会自动屏蔽任何意见；修改立即生效。", "Words only mark passages for the moderator; nothing is withheld by itself. Changes count at once.")) }
        }))
        (error_summary(lang, &view.state))
        @if let Some(removed) = &view.removed { (undo(lang, view, removed)) }
        (tabs(lang.t("类别", "Kinds"), &all))
        (add_form(lang, view))
        (words(lang, view))
        div.section { (own(lang, view)) }
        (try_form(lang, view))
        section.section { (import_form(lang, view)) }
    };
    desk(frame, &view.state.title(lang, title), side, body)
}

fn one_word(view: &LexiconView, act: &str, word: &str, button: Markup) -> Markup {
    html! {
        form.inline method="post" action={ (PAGE) "/" (act) } {
            (csrf(&view.csrf)) (hidden("kind", view.kind)) (hidden("word", word)) (button)
        }
    }
}

fn undo(lang: Lang, view: &LexiconView, removed: &Removed) -> Markup {
    alert(
        Tone::Info,
        "",
        html! {
            p { (lang.t("刚才移除：", "Just removed: ")) strong lang=[lang.content()] { (removed.word) } }
            (one_word(view, "add", &removed.word, html! { button.button type="submit" { (lang.t("撤销移除", "Put it back")) } }))
        },
    )
}

fn add_form(lang: Lang, view: &LexiconView) -> Markup {
    html! {
        div.section {
            div.card {
                form method="post" action={ (PAGE) "/add" } novalidate {
                    (csrf(&view.csrf)) (hidden("kind", view.kind))
                    (text_field(lang, &view.state, &Field::new("word", lang.t("加入一个词", "Add a word")).required().max(60).hint(lang.t("2 至 40 个字；夹在字间的空格和标点不影响识别。", "2 to 40 characters; spaces and punctuation between them do not hide a word."))))
                    div.actions { (submit(lang.t("加入", "Add"))) }
                }
            }
        }
    }
}

fn words(lang: Lang, view: &LexiconView) -> Markup {
    let cells = |word: &String| {
        vec![
            html! { span lang=[lang.content()] { (word) } },
            one_word(
                view,
                "remove",
                word,
                html! {
                    button.button type="submit" { (lang.t("移除", "Remove")) span.sr { " " (word) } }
                },
            ),
        ]
    };
    let rows: Vec<_> = view.words.iter().map(cells).collect();
    html! {
        section.section #words {
            div.section-head {
                h2 { (lang.t("本单位的词", "Words of this body")) }
                a href={ (PAGE) "/words.csv" } download { (lang.t("导出全部（CSV）", "Export all (CSV)")) }
            }
            form.filters method="get" action=(PAGE) role="search" {
                (hidden("kind", view.kind))
                (text_field(lang, &FormState::default().with("q", &view.search), &Field::new("q", lang.t("在此类别中查找", "Search this kind")).kind("search").short()))
                div.actions { button.button type="submit" { (lang.t("查找", "Search")) } }
            }
            @if rows.is_empty() {
                (empty_state(
                    &if view.search.is_empty() { lang.t("还没有词", "No words yet").to_owned() } else { lang.t("没有找到", "Nothing found").to_owned() },
                    lang.t("可以逐个加入，或在下方导入词表。", "Add them one by one, or import a list below."),
                    None,
                ))
            } @else {
                div.card { (table(&Table {
                    caption: lang.t("本单位的词", "Words of this body").to_owned(),
                    caption_hidden: true,
                    columns: vec![Column::text(lang.t("词", "Word")), Column::tight(lang.t("操作", "Act"))],
                    rows,
                    row_head: Some(0),
                })) }
                (pager(lang, &view.pager))
            }
        }
    }
}

fn own(lang: Lang, view: &LexiconView) -> Markup {
    html! {
        @if !view.own.is_empty() {
            details.card open[view.own.iter().any(|o| !o.active)] {
                summary { (lang.t("系统自带的词（可逐个停用）", "Words that come with the program (each may be switched off)")) }
                (table(&Table {
                    caption: lang.t("系统自带的词", "Words that come with the program").to_owned(),
                    caption_hidden: true,
                    columns: vec![Column::text(lang.t("词", "Word")), Column::tight(lang.t("状态", "State")), Column::tight(lang.t("操作", "Act"))],
                    rows: view.own.iter().map(|o| own_cells(lang, view, o)).collect(),
                    row_head: Some(0),
                }))
            }
        }
    }
}

fn own_cells(lang: Lang, view: &LexiconView, own: &OwnRow) -> Vec<Markup> {
    let (act, label) = if own.active {
        ("remove", lang.t("停用", "Switch off"))
    } else {
        ("add", lang.t("启用", "Switch on"))
    };
    vec![
        html! { span lang=[lang.content()] { (own.word) } },
        if own.active {
            badge(Tone::Good, Icon::Dot, lang.t("启用", "On"))
        } else {
            badge(Tone::Plain, Icon::Dash, lang.t("停用", "Off"))
        },
        one_word(
            view,
            act,
            own.word,
            html! { button.button type="submit" { (label) span.sr { " " (own.word) } } },
        ),
    ]
}

fn try_form(lang: Lang, view: &LexiconView) -> Markup {
    html! {
        section.section #try {
            (card(lang.t("试一试", "Try a text"), html! {
                p.hint { (lang.t("看看现在的初筛会标出什么。文字不会保存。", "See what screening marks now. The text is not kept.")) }
                form method="post" action={ (PAGE) "/try#try" } novalidate {
                    (csrf(&view.csrf)) (hidden("kind", view.kind))
                    (textarea(lang, &view.state, &Field::new("text", lang.t("文字", "Text")).rows(4).max(20_000)))
                    div.actions { (submit(lang.t("标出", "Mark"))) }
                }
                @if let Some((marked, kinds)) = &view.tried {
                    @if kinds.is_empty() {
                        (alert(Tone::Good, "", html! { p { (lang.t("没有标出任何内容。", "Nothing is marked.")) } }))
                    } @else {
                        p { strong { (kinds.join(lang.t("、", ", "))) } }
                    }
                    blockquote lang=[lang.content()] { (pieces(marked)) }
                }
            }))
        }
    }
}

fn import_form(lang: Lang, view: &LexiconView) -> Markup {
    let state = view.state.clone().with("kind", view.kind);
    card(
        lang.t("导入词表", "Import a list"),
        html! {
            p.hint { (lang.t("文本文件每行一个词，可用 [insult]、[advertising]、[banned] 分段；或 CSV，表头 word,kind。先预览，确认后生效；已有的词不重复加入。", "A text file with one word a line, in sections such as [insult]; or CSV with the columns word,kind. You see what it brings before it counts; words that are there stay as they are.")) }
            form method="post" action={ (PAGE) "/preview" } enctype="multipart/form-data" novalidate {
                (csrf(&view.csrf))
                (select(lang, &state, &Field::new("kind", lang.t("未注明类别的词归入", "Kind of words without one")).short(), &view.kinds))
                (file_field(lang, &state, &Field::new("file", lang.t("文件", "File")), ".txt,.csv,text/plain,text/csv", false))
                (textarea(lang, &state, &Field::new("list", lang.t("或粘贴", "Or paste")).rows(5)))
                div.actions { (submit(lang.t("预览", "Preview"))) }
            }
        },
    )
}

/// A line that is no word.
#[derive(Clone, Debug)]
pub struct WrongRow {
    pub line: u64,
    pub why: String,
}

#[derive(Clone, Debug)]
pub struct PreviewView {
    pub new: usize,
    /// The first of the new words.
    pub words: Vec<String>,
    pub known: usize,
    pub wrong_count: usize,
    /// The first of the bad lines.
    pub wrong: Vec<WrongRow>,
    pub kind: &'static str,
    /// Sent back on confirming.
    pub list: String,
    pub csrf: String,
}

#[must_use]
pub fn preview(frame: &Frame<'_>, side: &[SideItem], view: &PreviewView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("预览：导入词表", "Preview of the import");
    let counted = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let body = html! {
        p.back { a href=(PAGE) { (lang.t("← 放弃，返回词库", "← Back without importing")) } }
        (page_head(title, html! {
            span { (lang.t("新词 ", "new: ")) (view.new) }
            span { (lang.t("已有 ", "there already: ")) (view.known) }
            span { (lang.t("跳过的行 ", "lines left out: ")) (view.wrong_count) }
        }))
        @if view.new == 0 {
            (alert(Tone::Info, "", html! { p { (lang.t("没有新词，词库不会变化。", "Nothing is new; the lexicon would not change.")) } }))
        } @else {
            form method="post" action={ (PAGE) "/import" } enctype="multipart/form-data" {
                (csrf(&view.csrf)) (hidden("kind", view.kind)) (hidden("list", &view.list))
                div.actions {
                    (submit(&match lang {
                        Lang::Zh => format!("导入 {} 个新词", view.new),
                        Lang::En => format!("Import {}", lang.counted(counted(view.new), "个新词", "new word", "new words")),
                    }))
                    a.button href=(PAGE) { (lang.t("放弃", "Cancel")) }
                }
            }
        }
        div.section {
        @if view.wrong_count > 0 {
            (card(lang.t("跳过的行", "Lines left out"), html! {
                ul.plain { @for w in &view.wrong { li { (lang.t("第 ", "line ")) (w.line) (lang.t(" 行：", ": ")) (w.why) } } }
                @if view.wrong_count > view.wrong.len() { p.hint { (lang.t("另有 ", "and ")) (view.wrong_count - view.wrong.len()) (lang.t(" 行", " more")) } }
            }))
        }
        @if !view.words.is_empty() {
            (card(lang.t("新词", "New words"), html! {
                p lang=[lang.content()] { (view.words.join("、")) }
                @if view.new > view.words.len() { p.hint { (lang.t("另有 ", "and ")) (view.new - view.words.len()) (lang.t(" 个", " more")) } }
            }))
        }
        }
    };
    desk(frame, title, side, body)
}
