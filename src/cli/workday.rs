//! `jianyan workday`: due dates on the command line, one or a whole file.

use std::error::Error;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::actor::Actor;
use crate::app::App;
use crate::calendar::{self, Calendar, CountError, Lines, civil, parse_csv, render_en, render_zh, warnings};

/// Count working days and calendar days by the State Council's holiday notices.
#[derive(Debug, clap::Args)]
pub struct WorkdayArgs {
    #[command(subcommand)]
    command: WorkdayCommand,
}

#[derive(Debug, clap::Subcommand)]
enum WorkdayCommand {
    /// The last day of a period (the start day is not counted)
    Due(DueArgs),
    /// Import a holiday notice into the site's database; open duties are counted again
    Import(ImportArgs),
}

#[derive(Debug, clap::Args)]
struct ImportArgs {
    /// A CSV file with the columns date,kind,name,source
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl WorkdayArgs {
    /// The file of `workday import`, which alone needs the database.
    pub fn import_file(&self) -> Option<&Path> {
        match &self.command {
            WorkdayCommand::Import(args) => Some(&args.file),
            WorkdayCommand::Due(_) => None,
        }
    }
}

/// Imports a holiday table into the site's database and prints each duty that moved, old and new.
///
/// # Errors
/// A file that cannot be read or has bad lines; the database's own.
pub async fn import(app: &App, file: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    let text = read(file)?;
    // Read first, so that bad lines are named as this command names them.
    parse_csv(&text).map_err(|e| in_file(file, &e))?;
    let done = calendar::import(app, &Actor::system(), &text).await?;
    for warning in &done.warnings {
        writeln!(io::stderr(), "warning: {}: {warning}", file.display())?;
    }
    let years: Vec<String> = done.years.iter().map(ToString::to_string).collect();
    writeln!(out, "imported {} days of {}; {} duties moved", done.rows, years.join(", "), done.moves.len())?;
    for step in &done.moves {
        writeln!(out, "{} -> {}  {}", step.duty.due_on, step.due.date, step.duty.title)?;
    }
    Ok(())
}

#[derive(Debug, clap::Args)]
struct DueArgs {
    /// The day the period starts, not counted; may be a day off
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date_argument,
          requires = "days", required_unless_present = "csv")]
    start: Option<NaiveDate>,

    /// How many days
    #[arg(long, value_name = "N", requires = "start")]
    days: Option<u32>,

    /// Read many periods: a CSV file with the columns start_date and n (with --calendar-days:
    /// n_days), or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["start", "days"])]
    csv: Option<PathBuf>,

    /// Count calendar days; when the last one is a day off, move on to the next working day
    #[arg(long)]
    calendar_days: bool,

    /// Print the count day by day
    #[arg(long, conflicts_with = "csv")]
    explain: bool,

    /// The language of --explain
    #[arg(long, value_enum, default_value = "zh", requires = "explain")]
    lang: Lang,

    /// A holiday table (date,kind,name,source) to lay over the one in use
    #[arg(long, value_name = "FILE")]
    holidays: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Lang {
    Zh,
    En,
}

type Failure = Box<dyn Error + Send + Sync>;

/// Runs the command: answers go to `out`, warnings to standard error, `--csv -` reads standard
/// input.
///
/// # Errors
/// A file that cannot be read or has bad lines (each named by number), a count without an answer,
/// or a failed write. Nothing is written to `out` when a line of the input is bad.
pub fn run(args: WorkdayArgs, calendar: &Calendar, out: &mut dyn Write) -> Result<(), Failure> {
    let (mut input, mut errors) = (io::stdin(), io::stderr());
    run_with(args, calendar, &mut input, out, &mut errors)
}

fn run_with(
    args: WorkdayArgs,
    calendar: &Calendar,
    input: &mut dyn Read,
    out: &mut dyn Write,
    errors: &mut dyn Write,
) -> Result<(), Failure> {
    let WorkdayCommand::Due(args) = args.command else { return Err("give a period to count".into()) };
    let merged;
    let calendar = match &args.holidays {
        None => calendar,
        Some(path) => {
            let rows = parse_csv(&read(path)?).map_err(|e| in_file(path, &e))?;
            for warning in warnings(&rows) {
                writeln!(errors, "warning: {}: {warning}", path.display())?;
            }
            merged = Calendar::from_table(calendar.table().clone().merged(rows));
            &merged
        }
    };
    match (&args.csv, args.start, args.days) {
        (Some(path), ..) if path.as_os_str() == "-" => {
            let mut text = String::new();
            input.read_to_string(&mut text)?;
            many(&text, &args, calendar, out, errors)
        }
        (Some(path), ..) => {
            many(&read(path)?, &args, calendar, out, errors).map_err(|e| in_file(path, e.as_ref()).into())
        }
        (None, Some(start), Some(days)) => one(start, days, &args, calendar, out, errors),
        // clap already asks for these.
        _ => Err("give --start and --days, or --csv".into()),
    }
}

fn one(
    start: NaiveDate,
    days: u32,
    args: &DueArgs,
    calendar: &Calendar,
    out: &mut dyn Write,
    errors: &mut dyn Write,
) -> Result<(), Failure> {
    let answer = Answer::of(calendar, start, days, args.calendar_days)?;
    if args.explain {
        let lines = if args.calendar_days {
            calendar.explain_calendar_days(start, days)?
        } else {
            calendar.explain(start, days, &[])?
        };
        let text = match args.lang {
            Lang::Zh => render_zh(&lines),
            Lang::En => render_en(&lines),
        };
        writeln!(out, "{text}")?;
    }
    writeln!(out, "{}", answer.due)?;
    if answer.provisional {
        writeln!(
            errors,
            "warning: provisional (暂按周末推算): a year of this period has no holiday notice \
             loaded; only weekends were taken into account"
        )?;
    }
    Ok(())
}

fn many(
    text: &str,
    args: &DueArgs,
    calendar: &Calendar,
    out: &mut dyn Write,
    errors: &mut dyn Write,
) -> Result<(), Failure> {
    let number = if args.calendar_days { "n_days" } else { "n" };
    let periods = periods(text, number)?;
    let mut bad = Bad::default();
    let mut answers = Vec::with_capacity(periods.len());
    for (line, start, n) in periods {
        match Answer::of(calendar, start, n, args.calendar_days) {
            Ok(answer) => answers.push((start, n, answer)),
            Err(error) => bad.note(line, &error.to_string()),
        }
    }
    bad.check()?;

    let mut csv = csv::Writer::from_writer(out);
    if args.calendar_days {
        csv.write_record(["start_date", "n_days", "raw_last_day", "due_date"])?;
    } else {
        csv.write_record(["start_date", "n", "due_date", "provisional"])?;
    }
    let mut provisional = 0;
    for (start, n, answer) in answers {
        provisional += u64::from(answer.provisional);
        let (start, n, due) = (start.to_string(), n.to_string(), answer.due.to_string());
        if args.calendar_days {
            csv.write_record([start, n, answer.raw.to_string(), due])?;
        } else {
            csv.write_record([start, n, due, answer.provisional.to_string()])?;
        }
    }
    csv.flush()?;
    if provisional > 0 {
        writeln!(
            errors,
            "warning: {provisional} due dates are provisional (暂按周末推算): a year of the period \
             has no holiday notice loaded"
        )?;
    }
    Ok(())
}

struct Answer {
    raw: NaiveDate,
    due: NaiveDate,
    provisional: bool,
}

impl Answer {
    fn of(calendar: &Calendar, start: NaiveDate, n: u32, days: bool) -> Result<Self, CountError> {
        Ok(if days {
            let answer = calendar.calendar_days_after(start, n)?;
            Self { raw: answer.raw_last_day, due: answer.due, provisional: answer.provisional }
        } else {
            let answer = calendar.nth_working_day_after(start, n)?;
            Self { raw: answer.date, due: answer.date, provisional: answer.provisional }
        })
    }
}

/// The periods of a CSV: line in the file, start, number of days.
fn periods(text: &str, number: &str) -> Result<Vec<(u64, NaiveDate, u32)>, Failure> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers()?.clone();
    let column = |name: &str| {
        let found = header.iter().position(|h| h == name);
        found.ok_or_else(|| {
            // The two counts take different columns, so a mix-up of the option shows here.
            let hint = match name {
                "n" if header.iter().any(|h| h == "n_days") => " (meant --calendar-days?)",
                "n_days" if header.iter().any(|h| h == "n") => " (--calendar-days not meant?)",
                _ => "",
            };
            format!("line 1: the header has no column \"{name}\"{hint}")
        })
    };
    let (start_column, n_column) = (column("start_date")?, column(number)?);
    let mut bad = Bad::default();
    let mut rows = Vec::new();
    let mut lines = Lines::new(text);
    for record in reader.records() {
        let record = record?;
        let line = lines.of(record.position());
        let start = record.get(start_column).unwrap_or_default();
        let n = record.get(n_column).unwrap_or_default();
        match (civil::parse_date(start), n.parse()) {
            (Some(start), Ok(n)) => rows.push((line, start, n)),
            (None, _) => bad.note(line, &format!("start_date \"{start}\" is not YYYY-MM-DD")),
            (_, Err(_)) => {
                bad.note(line, &format!("{number} \"{n}\" is not a whole number from 0 to {}", u32::MAX))
            }
        }
    }
    bad.check()?;
    Ok(rows)
}

/// Bad lines, gathered so that a file is corrected in one go.
#[derive(Default)]
struct Bad {
    lines: Vec<String>,
    more: usize,
}

impl Bad {
    /// Past this many lines the file as a whole is wrong, and a longer list helps nobody.
    const SHOWN: usize = 20;

    fn note(&mut self, line: u64, what: &str) {
        if self.lines.len() < Self::SHOWN {
            self.lines.push(format!("line {line}: {what}"));
        } else {
            self.more += 1;
        }
    }

    fn check(mut self) -> Result<(), String> {
        if self.more > 0 {
            self.lines.push(format!("and {} more bad lines", self.more));
        }
        if self.lines.is_empty() { Ok(()) } else { Err(self.lines.join("\n")) }
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| in_file(path, &e))
}

fn in_file(path: &Path, error: &dyn Error) -> String {
    format!("{}: {error}", path.display())
}

fn date_argument(text: &str) -> Result<NaiveDate, String> {
    civil::parse_date(text).ok_or_else(|| "write the date as YYYY-MM-DD".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        workday: WorkdayArgs,
    }

    /// Standard output and standard error, or the error's text.
    fn due(args: &[&str], input: &str) -> Result<(String, String), String> {
        let line = ["workday", "due"].iter().chain(args);
        let cli = Cli::try_parse_from(line).map_err(|e| e.to_string())?;
        let (mut out, mut errors) = (Vec::new(), Vec::new());
        let calendar = Calendar::embedded();
        run_with(cli.workday, &calendar, &mut input.as_bytes(), &mut out, &mut errors)
            .map_err(|e| e.to_string())?;
        let text = |bytes| String::from_utf8(bytes).map_err(|e| e.to_string());
        Ok((text(out)?, text(errors)?))
    }

    fn answer(args: &[&str], input: &str) -> String {
        match due(args, input) {
            Ok((out, _)) => out,
            Err(error) => error,
        }
    }

    #[test]
    fn one_period() {
        let args = ["--start", "2026-02-13", "--days", "10"];
        assert_eq!(due(&args, ""), Ok(("2026-03-05\n".to_owned(), String::new())));
        let args = ["--start", "2026-09-02", "--days", "30", "--calendar-days"];
        assert_eq!(answer(&args, ""), "2026-10-08\n");
        let args = ["--start", "2026-02-13", "--days", "1", "--explain"];
        assert!(answer(&args, "").starts_with("2026年2月13日 周五：起算日"));
        assert!(answer(&args, "").ends_with("\n2026-02-14\n"));
    }

    #[test]
    fn a_provisional_answer_warns() -> Result<(), String> {
        let (out, errors) = due(&["--start", "2026-12-31", "--days", "1"], "")?;
        assert_eq!(out, "2027-01-01\n");
        assert!(errors.contains("暂按周末推算"), "{errors}");
        Ok(())
    }

    #[test]
    fn many_periods_with_columns_in_any_order() {
        let input = "\u{feff}id,n,start_date\r\n7,10,2026-02-10\r\n8,1,2026-12-31\r\n";
        assert_eq!(
            answer(&["--csv", "-"], input),
            "start_date,n,due_date,provisional\n\
             2026-02-10,10,2026-03-02,false\n2026-12-31,1,2027-01-01,true\n"
        );
        let input = "start_date,n_days\n2026-09-25,7\n";
        assert_eq!(
            answer(&["--csv", "-", "--calendar-days"], input),
            "start_date,n_days,raw_last_day,due_date\n2026-09-25,7,2026-10-02,2026-10-08\n"
        );
    }

    #[test]
    fn bad_lines_are_named_and_nothing_is_written() {
        let input = "start_date,n\n2026-02-10,10\n2026-02-30,1\n\n2026-02-10,-1\n2026-02-10\n";
        let error = answer(&["--csv", "-"], input);
        assert!(error.starts_with("line 3: start_date \"2026-02-30\""), "{error}");
        assert!(error.contains("\nline 5: n \"-1\" is not"), "{error}");
        assert!(error.contains("\nline 6: n \"\" is not"), "{error}");
        let error = answer(&["--csv", "-"], "start_date,n_days\n");
        assert!(error.contains("no column \"n\" (meant --calendar-days?)"), "{error}");
        assert!(answer(&["--csv", "/no/such/file"], "").starts_with("/no/such/file: "));
    }

    #[test]
    fn arguments_that_do_not_fit_are_refused() {
        for args in [
            &["--start", "2026-02-30", "--days", "1"][..],
            &["--start", "2026-02-13", "--days", "-1"],
            &["--start", "2026-02-13"],
            &["--days", "3"],
            &["--csv", "-", "--start", "2026-02-13", "--days", "1"],
            &[],
        ] {
            assert!(due(args, "").is_err(), "{args:?}");
        }
    }
}
