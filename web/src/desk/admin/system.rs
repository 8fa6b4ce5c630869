//! How the site stands: for those who run it.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{Column, Fact, Table, alert, card, definition_list, page_head, table},
    form::csrf,
    icon::Icon,
    label::{Tone, badge},
    lang::{Lang, stamp},
    layout::{Frame, SideItem, desk},
};

const PAGE: &str = "/desk/admin/system";
/// A job that is due and waits longer than this many seconds has no worker.
const LONG_WAIT: i64 = 300;
/// The last backup is older than two nights.
const OLD_BACKUP: i64 = 50;

#[derive(Clone, Debug)]
pub struct DatabaseView {
    /// "SQLite 3.50.2"
    pub kind: String,
    /// Bytes.
    pub size: i64,
    pub ping_ms: f64,
    /// How many migrations are in force, and the newest of them.
    pub migrations: usize,
    pub newest: String,
    pub pending: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
pub struct QueueView {
    pub waiting: i64,
    pub running: i64,
    pub parked: i64,
    /// Seconds for which the oldest job that is due has waited.
    pub oldest_wait: i64,
}

/// A job given up.
#[derive(Clone, Debug)]
pub struct ParkedRow {
    pub id: String,
    pub kind: String,
    pub created: NaiveDateTime,
    pub attempts: i32,
    /// Code of the last problem.
    pub error: String,
}

/// A backup that is whole.
#[derive(Clone, Debug)]
pub struct BackupView {
    pub made: NaiveDateTime,
    pub hours_ago: i64,
    /// Of the archive.
    pub bytes: i64,
    pub path: String,
}

/// A provider (统一身份认证) as it answered last.
#[derive(Clone, Debug)]
pub struct ProviderView {
    pub name: String,
    pub issuer: String,
    pub ok: Option<NaiveDateTime>,
    /// Since when it is of no use, and why (in English, as the log has it).
    pub failed: Option<(NaiveDateTime, String)>,
}

#[derive(Clone, Debug)]
pub struct SystemView {
    pub version: String,
    pub instance: String,
    pub started: NaiveDateTime,
    pub up_seconds: i64,
    pub database: DatabaseView,
    pub queue: QueueView,
    pub parked: Vec<ParkedRow>,
    pub open_duties: i64,
    pub overdue_duties: i64,
    pub provisional_duties: i64,
    pub waiting_mails: i64,
    pub parked_mails: i64,
    /// The last one; none was ever made otherwise.
    pub backup: Option<BackupView>,
    /// Whether one is made every night.
    pub backups_planned: bool,
    /// Those of the settings.
    pub providers: Vec<ProviderView>,
    /// Years with a holiday notice.
    pub years: Vec<i32>,
    /// This year or the next, as long as it has none.
    pub missing_years: Vec<i32>,
    pub csrf: String,
}

#[must_use]
pub fn system(frame: &Frame<'_>, side: &[SideItem], view: &SystemView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("系统", "System");
    let body = html! {
        (page_head(title, html! {
            span { (lang.t("本实例与数据库的当前状况；刷新页面即更新。", "How this instance and the database stand now; reload for a new look.")) }
        }))
        (troubles(lang, view))
        (card(lang.t("程序", "Program"), definition_list(&program(lang, view))))
        (card(lang.t("数据库", "Database"), definition_list(&database(lang, &view.database))))
        (card(lang.t("后台任务", "Background jobs"), definition_list(&queue(lang, view.queue))))
        @if !view.parked.is_empty() { (card(lang.t("已搁置的任务", "Parked jobs"), parked(lang, view))) }
        (card(lang.t("时限与邮件", "Duties and mails"), definition_list(&duties(lang, view))))
        (card(lang.t("备份", "Backups"), definition_list(&backup(lang, view))))
        (card(lang.t("节假日", "Calendar"), definition_list(&calendar(lang, view))))
        @if !view.providers.is_empty() {
            (card(lang.t("统一身份认证", "Identity providers"), definition_list(&providers(lang, view))))
        }
    };
    desk(frame, title, side, body)
}

fn providers(lang: Lang, view: &SystemView) -> Vec<Fact> {
    let fact = |p: &ProviderView| {
        let state = html! {
            @match &p.failed {
                Some((at, why)) => {
                    (badge(Tone::Warn, Icon::Bang, lang.t("无法使用", "Of no use"))) " "
                    (lang.date_time(*at)) " " span lang="en" { (why) }
                }
                None => {
                    (badge(Tone::Good, Icon::Check, lang.t("正常", "Well")))
                    @if let Some(at) = p.ok { " " (lang.t("读取于 ", "read ")) (lang.date_time(at)) }
                }
            }
            " " code { (p.issuer) }
        };
        Fact::new(p.name.clone(), state)
    };
    view.providers.iter().map(fact).collect()
}

/// What somebody must do something about.
fn troubles(lang: Lang, view: &SystemView) -> Markup {
    let warn = |title: &str, advice: &str| alert(Tone::Warn, title, html! { p { (advice) } });
    html! {
        @if !view.database.pending.is_empty() {
            (warn(
                lang.t("数据库结构尚未更新", "The database schema is not up to date"),
                lang.t("请运行 jianyan migrate。", "Run jianyan migrate."),
            ))
        }
        @if view.queue.oldest_wait > LONG_WAIT {
            (warn(
                lang.t("后台任务没有人做", "Nobody does the background jobs"),
                lang.t("到期的任务等待过久：提醒和邮件没有发出。请检查 jianyan worker 是否在运行。", "Jobs that are due have waited too long: reminders and mails do not leave. See whether jianyan worker runs."),
            ))
        }
        @if view.backup.as_ref().is_none_or(|b| b.hours_ago > OLD_BACKUP) {
            (warn(
                lang.t("没有近两天的备份", "No backup of the last two days"),
                if view.backups_planned {
                    lang.t("自动备份没有成功，请查看收件箱中的通知和日志。", "The nightly backup did not succeed; see your inbox and the log.")
                } else {
                    lang.t("请设置 backup.dir，每晚自动备份；或运行 jianyan backup。", "Set backup.dir for a backup every night, or run jianyan backup.")
                },
            ))
        }
        @if view.queue.parked > 0 {
            (warn(
                lang.t("有任务多次失败后被搁置", "Jobs were given up after many failures"),
                lang.t("请先排除原因，再在下方重试。", "Mend the cause, then try them again below."),
            ))
        }
    }
}

fn program(lang: Lang, view: &SystemView) -> Vec<Fact> {
    vec![
        Fact::text(lang.t("版本", "Version"), &view.version),
        Fact::text(lang.t("实例", "Instance"), &view.instance),
        Fact::text(lang.t("启动于", "Started"), &stamp(view.started)),
        Fact::text(lang.t("已运行", "Up for"), &span(lang, view.up_seconds)),
    ]
}

fn database(lang: Lang, db: &DatabaseView) -> Vec<Fact> {
    let schema = match lang {
        Lang::Zh => format!("{} 次变更，最新为 {}", db.migrations, db.newest),
        Lang::En => format!("{} migrations, the newest is {}", db.migrations, db.newest),
    };
    vec![
        Fact::text(lang.t("类型", "Kind"), &db.kind),
        Fact::text(lang.t("大小", "Size"), &size(db.size)),
        Fact::text(lang.t("应答用时", "Answers in"), &format!("{:.2} ms", db.ping_ms)),
        Fact::new(
            lang.t("结构", "Schema"),
            html! {
                @if db.pending.is_empty() {
                    (badge(Tone::Good, Icon::Check, lang.t("最新", "Current"))) " "
                } @else {
                    (badge(Tone::Warn, Icon::Bang, lang.t("待更新", "Behind"))) " "
                }
                (schema)
            },
        ),
    ]
}

fn queue(lang: Lang, q: QueueView) -> Vec<Fact> {
    let oldest = if q.oldest_wait > 0 {
        span(lang, q.oldest_wait)
    } else {
        lang.t("没有到期未做的任务", "Nothing that is due waits").to_owned()
    };
    vec![
        Fact::text(lang.t("等待", "Waiting"), &q.waiting.to_string()),
        Fact::text(lang.t("进行中", "Running"), &q.running.to_string()),
        counted(lang.t("已搁置", "Parked"), q.parked),
        Fact::text(lang.t("最久的等待", "Longest wait"), &oldest),
    ]
}

fn parked(lang: Lang, view: &SystemView) -> Markup {
    let cells = |job: &ParkedRow| {
        vec![
            html! { code { (job.kind) } },
            html! { (stamp(job.created)) },
            html! { (job.attempts) },
            html! { code { (job.error) } },
            html! {
                form method="post" action={ (PAGE) "/jobs/" (job.id) "/retry" } {
                    (csrf(&view.csrf))
                    button.button type="submit" { (lang.t("重试", "Try again")) }
                }
            },
        ]
    };
    table(&Table {
        caption: lang.t("已搁置的任务", "Parked jobs").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("任务", "Job")),
            Column::tight(lang.t("建立于", "Since")),
            Column::number(lang.t("次数", "Tries")),
            Column::text(lang.t("最后的错误", "Last problem")),
            Column::tight(lang.t("操作", "Action")),
        ],
        rows: view.parked.iter().map(cells).collect(),
        row_head: Some(0),
    })
}

fn duties(lang: Lang, view: &SystemView) -> Vec<Fact> {
    vec![
        Fact::text(lang.t("未完时限", "Open duties"), &view.open_duties.to_string()),
        counted(lang.t("已逾期", "Overdue"), view.overdue_duties),
        Fact::text(lang.t("待发邮件", "Mails waiting"), &view.waiting_mails.to_string()),
        counted(lang.t("未发邮件", "Mails failed"), view.parked_mails),
    ]
}

fn backup(lang: Lang, view: &SystemView) -> Vec<Fact> {
    let planned =
        if view.backups_planned { lang.t("每晚", "Every night") } else { lang.t("未设置", "Not set") };
    let mut facts = vec![Fact::text(lang.t("自动备份", "Automatic"), planned)];
    match &view.backup {
        Some(b) => facts.extend([
            Fact::text(lang.t("最近一次", "Last one"), &stamp(b.made)),
            Fact::text(lang.t("大小", "Size"), &size(b.bytes)),
            Fact::text(lang.t("位置", "Where"), &b.path),
        ]),
        None => facts.push(Fact::text(lang.t("最近一次", "Last one"), lang.t("还没有", "None yet"))),
    }
    facts
}

fn calendar(lang: Lang, view: &SystemView) -> Vec<Fact> {
    let missing: Vec<String> = view.missing_years.iter().map(i32::to_string).collect();
    let missing =
        if missing.is_empty() { lang.t("无", "None").to_owned() } else { missing.join(lang.t("、", ", ")) };
    vec![
        Fact::text(lang.t("已有通知", "Known years"), &ranges(&view.years)),
        Fact::text(lang.t("暂按周末", "By weekends"), &missing),
        Fact::text(lang.t("暂定时限", "Duties so"), &view.provisional_duties.to_string()),
    ]
}

/// A number that should be none.
fn counted(label: &str, n: i64) -> Fact {
    let value = html! {
        @if n > 0 { (badge(Tone::Warn, Icon::Bang, &n.to_string())) } @else { "0" }
    };
    Fact::new(label, value)
}

/// 2014–2026, 2028
fn ranges(years: &[i32]) -> String {
    let mut out: Vec<(i32, i32)> = Vec::new();
    for year in years {
        match out.last_mut() {
            Some((_, last)) if *last + 1 == *year => *last = *year,
            _ => out.push((*year, *year)),
        }
    }
    let words = out.into_iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}–{b}") });
    words.collect::<Vec<_>>().join(", ")
}

fn size(bytes: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a size for the eye")]
    let mebibytes = bytes as f64 / (1024.0 * 1024.0);
    if mebibytes >= 1024.0 { format!("{:.1} GiB", mebibytes / 1024.0) } else { format!("{mebibytes:.1} MiB") }
}

fn span(lang: Lang, seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds % 86_400 / 3600, seconds % 3600 / 60);
    match (lang, days, hours) {
        (Lang::Zh, 0, 0) => format!("{minutes} 分 {} 秒", seconds % 60),
        (Lang::Zh, 0, _) => format!("{hours} 小时 {minutes} 分"),
        (Lang::Zh, ..) => format!("{days} 天 {hours} 小时"),
        (Lang::En, 0, 0) => format!("{minutes} min {} s", seconds % 60),
        (Lang::En, 0, _) => format!("{hours} h {minutes} min"),
        (Lang::En, ..) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_told_in_ranges() {
        assert_eq!(ranges(&[2014, 2015, 2016, 2018]), "2014–2016, 2018");
        assert_eq!(ranges(&[]), "");
    }

    #[test]
    fn spans_and_sizes_are_for_the_eye() {
        assert_eq!(span(Lang::Zh, 59), "0 分 59 秒");
        assert_eq!(span(Lang::En, 3600), "1 h 0 min");
        assert_eq!(span(Lang::En, 90_000), "1 d 1 h");
        assert_eq!(size(1024 * 1024), "1.0 MiB");
        assert_eq!(size(3 * 1024 * 1024 * 1024), "3.0 GiB");
    }
}
